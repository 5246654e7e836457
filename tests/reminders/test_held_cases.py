"""A case that somebody is saving at 08:00 is in the morning's digest too: a digest goes once a working day."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.cast import settle
from tests.reminders.conftest import EIGHT, Office, words
from tracker import db, migrating
from tracker.db import Database
from tracker.models import Case
from tracker.services import reminders

MORNING = EIGHT(date(2026, 11, 9))
MONDAY = date(2026, 11, 23)


@pytest.fixture
def office(postgres_url: str) -> Iterator[Office]:
    """On PostgreSQL only: on SQLite whoever saves has the whole database, and a tick waits for it."""
    database = Database(postgres_url)
    migrating.upgrade(database)
    yield Office(database, settle(database))
    database.dispose()


@contextmanager
def saving(office: Office, case: int) -> Iterator[None]:
    """Somebody holds this case, as every write unit about it does."""
    with office.database.transaction() as session:
        session.exec(db.for_update(session, select(Case).where(Case.id == case))).one()
        yield


def two_dates(office: Office) -> tuple[int, int]:
    free, held = office.case(officer="officer"), office.case(officer="officer")
    for case in (free, held):
        office.deadline(case, MONDAY, owner="bu_officer")
    return free, held


def test_the_tick_waits_until_it_is_saved_and_the_digest_has_it(office: Office) -> None:
    _, held = two_dates(office)
    entered, leave = threading.Event(), threading.Event()

    def save() -> None:
        with saving(office, held):
            entered.set()
            leave.wait(10)

    saver = threading.Thread(target=save)
    saver.start()
    entered.wait(10)
    threading.Timer(0.3, leave.set).start()
    result = office.round(MORNING)
    saver.join(10)
    assert (result.mails, result.notices) == (1, 2)
    [digest] = office.post.take()
    assert "HCSP-ACT-2026-001" in words(digest)
    assert "HCSP-ACT-2026-002" in words(digest)


def test_nobody_waits_for_long_for_somebody_who_does_not_let_go(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reminders, "WHILE_HELD", (0.01, 0.01))
    _, held = two_dates(office)
    with saving(office, held):
        assert office.tick(MORNING).looked_at == 1
    assert "cases_held" in "".join(capsys.readouterr())
    assert office.tick(MORNING + timedelta(minutes=1)).looked_at == 1
