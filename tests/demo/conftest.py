"""The demonstration, loaded once for each of three days into SQLite files that the tests only read."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config import Settings
from tracker import demo
from tracker.db import Database

PASSWORD = "a demonstration of four words"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 20, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 2, 0, 30, tzinfo=UTC)
DAYS = {"monday": MONDAY, "sunday": SUNDAY, "new year": NEW_YEAR}

Loaded = Callable[[str], Database]


def settings(**more: object) -> Settings:
    return Settings(demo_password=PASSWORD, **more)


@pytest.fixture(scope="session")
def loaded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """The demonstration as at one of :data:`DAYS`, for reading only."""
    made: dict[str, Database] = {}

    def database(day: str) -> Database:
        if day not in made:
            path = tmp_path_factory.mktemp("demo") / "tracker.db"
            shutil.copy(sqlite_template, path)
            made[day] = Database(f"sqlite:///{path}")
            demo.load(made[day], settings(), DAYS[day])
        return made[day]

    yield database
    for one in made.values():
        one.dispose()


@pytest.fixture
def fresh(loaded: Loaded, tmp_path: Path) -> Iterator[Loaded]:
    """A copy of the demonstration as at one of :data:`DAYS`, for changing."""
    made: list[Database] = []

    def database(day: str) -> Database:
        path = tmp_path / "copy.db"
        with sqlite3.connect(loaded(day).engine.url.database or "") as source, sqlite3.connect(path) as copy:
            source.backup(copy)
        source.close()
        copy.close()
        made.append(Database(f"sqlite:///{path}"))
        return made[-1]

    yield database
    for one in made:
        one.dispose()


def day_of(name: str) -> date:
    return DAYS[name].date()
