"""A clock that stood still: nobody is told twice of one step of one date, and whoever leads it by then is told."""

from datetime import date, timedelta

import pytest

from tests.reminders.conftest import EIGHT, Office
from tracker import audit
from tracker.audit import Happened
from tracker.models import Case, Deadline, OutboxState
from tracker.services import deadlines, holidays, new_leads
from workflows.changes import Change, ChangeKind

MONDAY = date(2026, 11, 23)
TOLD = date(2026, 11, 9)
NOON = timedelta(hours=4)


def changed(office: Office, number: int, *kinds: ChangeKind, on: date, again_on: date | None = None) -> None:
    """Pause it, run it again, or both, at midday."""
    with office.database.transaction() as session:
        deadline = session.get_one(Deadline, number)
        case = session.get_one(Case, deadline.case_id)
        actor = office.cast.actor(session, "officer")
        for kind in kinds:
            entry = Change(kind, again_on if again_on and kind is ChangeKind.RESUME else on)
            event = audit.record(
                session, case, actor, Happened.DEADLINE_CHANGED, occurred_on=on, at=EIGHT(on) + NOON
            )
            session.flush()
            deadlines.change(session, case, deadline, entry, event=event, at=EIGHT(on) + NOON)


def led(office: Office) -> int:
    return office.deadline(office.case(organisation=office.cast.police, officer="officer"), MONDAY)


def sent(office: Office) -> list[tuple[str, str]]:
    """Steps and mailboxes of what really went, each time that it went."""
    return sorted((row.rung, row.to_address.split("@")[0]) for row in office.rows(OutboxState.SENT))


def rounds(office: Office, first: date, last: date) -> None:
    while first <= last:
        office.round(EIGHT(first) + timedelta(minutes=5))
        first += timedelta(days=1)


@pytest.mark.parametrize(
    ("paused_on", "resumed_on"),
    [
        (TOLD, TOLD),
        (date(2026, 11, 14), date(2026, 11, 14)),
        (date(2026, 11, 16), date(2026, 11, 16)),
        (date(2026, 11, 18), date(2026, 11, 18)),
        (MONDAY, MONDAY),
        (date(2026, 12, 1), date(2026, 12, 3)),  # overdue: a pause moves no date that has passed
    ],
)
def test_a_pause_of_no_net_change_tells_nothing_twice(
    office: Office, paused_on: date, resumed_on: date
) -> None:
    number = led(office)
    rounds(office, TOLD, paused_on)
    changed(office, number, ChangeKind.PAUSE, on=paused_on)
    rounds(office, paused_on + timedelta(days=1), resumed_on)
    changed(office, number, ChangeKind.RESUME, on=resumed_on)
    rounds(office, resumed_on, date(2026, 12, 7))
    both = [
        (step, who)
        for step in ("before-10", "before-5", "before-1", "on", "after-1")
        for who in ("lead", "officer")
    ]
    assert sent(office) == sorted([*both, ("after-5", "manager"), ("after-10", "senior")])
    with office.reading() as session:
        assert session.get_one(Deadline, number).generation == 1


def test_on_and_off_again_and_again_sends_what_was_waiting_once(office: Office) -> None:
    number = led(office)
    office.tick(EIGHT(TOLD))
    for _ in range(3):
        changed(office, number, ChangeKind.PAUSE, ChangeKind.RESUME, on=TOLD)
        office.round(EIGHT(TOLD) + NOON)
    changed(office, number, ChangeKind.PAUSE, on=TOLD)
    office.deliver(EIGHT(TOLD) + NOON)
    changed(office, number, ChangeKind.RESUME, on=TOLD)
    office.round(EIGHT(TOLD) + 2 * NOON)
    assert sent(office) == [("before-10", "lead"), ("before-10", "officer")]
    assert len({row.dedupe_key for row in office.rows()}) == len(office.rows()) == 2


def test_a_pause_that_moves_the_date_tells_of_the_new_one(office: Office) -> None:
    number = led(office)
    office.round(EIGHT(TOLD))
    changed(office, number, ChangeKind.PAUSE, ChangeKind.RESUME, on=TOLD, again_on=date(2026, 11, 11))
    rounds(office, TOLD, date(2026, 11, 13))
    assert sent(office) == [("before-10", "lead")] * 2 + [("before-10", "officer")] * 2
    with office.reading() as session:
        deadline = session.get_one(Deadline, number)
        assert (deadline.due_on, deadline.generation) == (date(2026, 11, 25), 2)


def test_a_date_that_a_day_off_moved_meanwhile_is_told_anew(office: Office) -> None:
    rule = {"n": 10, "unit": "working_days", "mode": "after", "day_zero": "event", "roll": "none"}
    number = led(office)
    office.change(number, rule=rule, starts_on=TOLD, due_on=MONDAY, recorded_at=EIGHT(TOLD))
    office.round(EIGHT(TOLD))
    changed(office, number, ChangeKind.PAUSE, on=date(2026, 11, 10))
    with office.database.transaction() as session:
        manager = office.cast.actor(session, "manager")
        holidays.add(
            session, manager, date(2026, 11, 20), "Closed", office.cast.herefordshire, at=EIGHT(TOLD) + NOON
        )
    changed(office, number, ChangeKind.RESUME, on=date(2026, 11, 10))
    rounds(office, date(2026, 11, 10), date(2026, 11, 11))
    with office.reading() as session:
        deadline = session.get_one(Deadline, number)
        assert (deadline.due_on, deadline.generation) == (date(2026, 11, 24), 2)
    assert sent(office) == [("before-10", "lead")] * 2 + [("before-10", "officer")] * 2


def test_who_leads_it_since_the_pause_is_told_and_nobody_else_again(office: Office) -> None:
    number = led(office)
    office.round(EIGHT(TOLD))
    changed(office, number, ChangeKind.PAUSE, on=TOLD)
    with office.database.transaction() as session:
        case = session.get_one(Case, session.get_one(Deadline, number).case_id)
        case.owner_organisation_id = office.cast.housing
        event = audit.record(
            session, case, office.cast.actor(session, "officer"), Happened.FACTS_RECORDED,
            occurred_on=TOLD, at=EIGHT(TOLD) + NOON,
        )  # fmt: skip
        session.flush()
        new_leads.tell(session, case, event, at=EIGHT(TOLD) + NOON)
    changed(office, number, ChangeKind.RESUME, on=TOLD)
    rounds(office, TOLD, date(2026, 11, 10))
    told = [row for row in office.rows(OutboxState.SENT) if row.deadline_id == number]
    assert sorted((row.rung, row.to_address.split("@")[0]) for row in told) == [
        ("before-10", "lead"), ("before-10", "lead2"), ("before-10", "officer"),
    ]  # fmt: skip
