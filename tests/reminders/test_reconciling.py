"""Due but not told: nothing, whatever happened, and found where something was lost."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from config import Settings
from tests.reminders.conftest import EIGHT, Office
from tracker import rounds
from tracker.queries.verification import faults
from tracker.services.leases import last_round
from tracker.services.reconciling import Reconciled, reconcile

MONDAY = date(2026, 11, 23)
NINTH = EIGHT(date(2026, 11, 9))
MINUTE = timedelta(minutes=1)


def asked(office: Office, at: object) -> Reconciled:
    with office.reading() as session:
        return reconcile(session, at)  # type: ignore[arg-type]


def test_ten_weeks_of_rounds_leaves_nothing_untold(small_office: Office) -> None:
    for n in range(3):
        case = small_office.case(organisation=small_office.cast.police, officer="officer")
        small_office.deadline(case, MONDAY + n * timedelta(days=5))
    at = NINTH
    while at < EIGHT(date(2027, 1, 20)):
        small_office.round(at)
        assert asked(small_office, at) == Reconciled(3, ())
        at += timedelta(hours=11)


def test_an_outage_is_seen_after_a_quarter_of_an_hour_and_is_over_with_the_next_round(office: Office) -> None:
    office.deadline(office.case(officer="officer"), MONDAY, asked_from=NINTH)
    assert not asked(office, NINTH + 14 * MINUTE).untold
    [lost] = asked(office, NINTH + 16 * MINUTE).untold
    assert lost.words == (
        "HCSP-ACT-2026-001: a reminder of “Action target date” was due on Monday 9 November 2026 "
        "and nobody was told."
    )
    office.tick(NINTH + 16 * MINUTE)
    assert not asked(office, NINTH + 16 * MINUTE).untold


@pytest.mark.parametrize(
    "lose",
    [
        "UPDATE deadlines SET next_notice_at = NULL",
        "UPDATE deadlines SET next_notice_at = '2030-01-01 08:00:00'",
    ],
)
def test_a_cursor_that_went_wrong_is_found(office: Office, lose: str) -> None:
    office.deadline(office.case(officer="officer"), MONDAY, asked_from=NINTH)
    with office.database.transaction() as session:
        session.connection().execute(text(lose))
    assert office.tick(NINTH).looked_at == 0
    assert len(asked(office, NINTH).untold) == 1


def test_what_waits_in_the_outbox_for_a_day_was_not_told(office: Office) -> None:
    office.deadline(office.case(officer="officer"), MONDAY, owner="bu_officer")
    office.tick(NINTH)
    assert not asked(office, NINTH + timedelta(hours=23)).untold
    assert len(asked(office, NINTH + timedelta(hours=25)).untold) == 1
    office.deliver(NINTH + timedelta(hours=25))
    assert not asked(office, NINTH + timedelta(hours=25)).untold


def test_once_a_working_day_a_round_says_that_nothing_is_untold(office: Office, tmp_path: Path) -> None:
    settings = Settings(database_url=office.database.url, mail_dir=tmp_path)
    office.deadline(office.case(officer="officer"), MONDAY, owner="bu_officer")
    for at in (NINTH, NINTH + MINUTE):
        rounds.in_turn(settings, office.database, lambda at=at: at, holder="here")  # type: ignore[misc]
    with office.reading() as session:
        last = last_round(session)
        assert last is not None
        assert (last.checked_at, last.checked, last.untold) == (NINTH, 1, 0)
        assert [fault for fault in faults(session, NINTH) if "told" in fault] == []
