"""The application in front of a demonstration, on the day that it was loaded for."""

from flask import Flask

from tests.demo.conftest import MONDAY, settings
from tracker import create_app
from tracker.db import Database

ROLES = ("officer", "manager", "chair", "decision-maker", "lead", "panel", "auditor", "admin")


def office(database: Database) -> Flask:
    """Errors are answered as they are in the office."""
    given = settings(secret_key="a key for tests, long enough to pass for one", scheduler="off")
    app = create_app(given, now=lambda: MONDAY, database=database)
    app.testing = False
    return app
