"""What people chose about reminders is kept, and what nobody may switch off comes all the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.cast import NOON, Cast
from tests.reminders.conftest import EIGHT, Office
from tracker.db import Database
from tracker.models import Early, OutboxState, ReminderChoice
from tracker.services.reminder_choices import CHOSEN_NOT, Chosen, choose

MONDAY = date(2026, 11, 23)
NINTH = date(2026, 11, 9)
HOUR = timedelta(hours=1)


def chosen(office: Office, who: str = "officer", **values: object) -> None:
    with office.database.transaction() as session:
        choose(session, office.cast.actor(session, who), Chosen(**values), at=EIGHT(NINTH))  # type: ignore[arg-type]


def date_of(office: Office, due_on: date = MONDAY, force: str = "local") -> int:
    case = office.case(officer="officer", organisation=office.cast.police)
    return office.deadline(case, due_on, owner="bu_officer", force=force)


def test_nothing_goes_before_the_chosen_hour_and_everything_after_it(office: Office) -> None:
    chosen(office, hour=14)
    date_of(office)
    assert office.round(EIGHT(NINTH)).mails == 0
    assert office.deliver(EIGHT(NINTH) + 5.9 * HOUR).mails == 0
    assert office.deliver(EIGHT(NINTH) + 6 * HOUR).mails == 1


def test_what_is_not_urgent_waits_for_the_chosen_day(office: Office) -> None:
    chosen(office, early=Early.WEEKLY, digest_day=3)
    date_of(office)
    date_of(office, MONDAY + timedelta(days=1), force="statute")
    assert [office.round(EIGHT(NINTH + timedelta(days=n))).notices for n in range(5)] == [0, 1, 1, 0, 0]


def test_early_reminders_can_be_left_out_and_are_on_record(office: Office) -> None:
    chosen(office, early=Early.NEVER)
    date_of(office)
    sent = [
        office.round(EIGHT(MONDAY + timedelta(days=n))).mails
        for n in range(-14, 2)
    ]  # fmt: skip
    assert sum(sent[:14]) == 0
    assert sent[14:] == [1, 1], "on the day, and the day after"
    skipped = {(row.rung, row.last_error) for row in office.rows(OutboxState.SKIPPED)}
    assert skipped == {(step, CHOSEN_NOT) for step in ("before-10", "before-5", "before-1")}


@pytest.mark.parametrize("day", range(-14, 2))
def test_nobody_switches_off_a_statutory_duty(small_office: Office, day: int) -> None:
    date_of(small_office, force="statute")
    at = EIGHT(MONDAY + timedelta(days=day))
    small_office.tick(at)
    usual = small_office.told()
    with small_office.database.transaction() as session:
        for row in small_office.rows():
            session.delete(session.get_one(type(row), row.id))
    small_office.change(1, next_notice_at=EIGHT(date(2026, 9, 1)))
    chosen(small_office, early=Early.NEVER)
    small_office.tick(at)
    assert small_office.told() == usual


def test_two_presses_at_once_make_one_choice(database: Database, cast: Cast) -> None:
    def press(hour: int) -> None:
        with database.transaction() as session:
            choose(session, cast.actor(session, "officer"), Chosen(hour=hour), at=NOON)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(8, 16)))
    with database.reading() as session:
        assert session.exec(select(ReminderChoice)).one().hour in range(8, 16)
