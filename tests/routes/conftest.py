"""The application in front of a fresh database with the cast in it."""

import pytest
from flask import Flask

from config import Settings
from tests import asb
from tests.cast import Cast, settle
from tests.routes.asb_walk import Walk
from tests.routes.browse import Browser, Clock
from tracker import create_app
from tracker.db import Database

KEY = "a key for tests, long enough to pass for one"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settled(sqlite_database: Database) -> Cast:
    return settle(sqlite_database)


@pytest.fixture
def app(sqlite_database: Database, settled: Cast, clock: Clock) -> Flask:
    """The application. Views may be added to it until its first request."""
    app = create_app(Settings(secret_key=KEY, scheduler="off"), now=clock, database=sqlite_database)
    app.testing = True
    return app


@pytest.fixture
def browse(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def walk(browse: Browser, clock: Clock, sqlite_database: Database, settled: Cast) -> Walk:
    """An ASB case review about to be logged in an area with its bodies and its rules."""
    with sqlite_database.transaction() as session:
        asb.settle_area(session, settled)
    return Walk(browse, clock)
