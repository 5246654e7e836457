"""One demonstration with canaries in it, for all tests here to look at."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from flask import Flask

from config import Settings
from tests.canaries.planting import Aviary, name_everybody, planting
from tracker import create_app, demo, errorpages, logs, outbox, scheduler
from tracker.db import Database
from tracker.services import reminders

AS_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class House:
    """A database full of canaries, and the application in front of it."""

    database: Database
    aviary: Aviary
    app: Flask
    settings: Settings


@pytest.fixture(scope="package")
def house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("canaries")
    shutil.copy(sqlite_template, folder / "tracker.db")
    database, aviary = Database(f"sqlite:///{folder / 'tracker.db'}"), Aviary()
    settings = Settings(
        secret_key="a key for tests, long enough to pass for one", scheduler="off", mail_dir=folder / "mail",
        demo_password="a demonstration of four words", base_url="http://127.0.0.1:8000",
    )  # fmt: skip
    with planting(aviary):
        demo.load(database, settings, AS_AT)
    with database.transaction() as session:
        name_everybody(session, aviary)
    with database.reading() as session:
        aviary.settle(session)
    app = create_app(settings, now=lambda: AS_AT, database=database)
    app.testing = False  # errors are answered and logged as they are in the office
    yield House(database, aviary, app, settings)
    database.dispose()


@pytest.fixture
def write_logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Begins to write logs as a server does. To be called in the test: what ``capfd`` reads is new by then."""
    before = structlog.get_config()
    for module in (errorpages, outbox, scheduler, reminders):
        # A logger keeps the output that it first knew, so each test gets new ones.
        monkeypatch.setattr(module, "log", structlog.get_logger())
    yield logs.configure
    structlog.configure(**before)
