"""What a tick decides: everything that is owed and not done, nothing twice, nothing at night."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from tests.reminders.conftest import EIGHT, WORKING_DAYS, Office
from tracker import clock, db
from tracker.models import Deadline, Holiday, OutboxState
from tracker.services import reminders
from tracker.services.claims import OVERTAKEN
from tracker.services.reminders import NOBODY, tick
from workflows.ladder import Rung, Who, rungs_from
from workflows.periods import Unit

MONDAY = date(2026, 11, 23)
"""In a week without bank holidays; the default ladder of a date on it begins on Monday 9 November."""


def test_nothing_owed_is_nothing_decided(office: Office) -> None:
    assert office.tick(EIGHT(MONDAY)) == reminders.TickResult()


@pytest.mark.parametrize(
    ("on", "step"),
    [
        (date(2026, 11, 9), "before-10"),
        (date(2026, 11, 16), "before-5"),
        (date(2026, 11, 20), "before-1"),
        (MONDAY, "on"),
        (date(2026, 11, 24), "after-1"),
    ],
)
def test_each_step_is_decided_on_its_morning_and_not_before(office: Office, on: date, step: str) -> None:
    number = office.deadline(office.case(organisation=office.cast.police, officer="officer"), MONDAY)
    office.tick(EIGHT(on) - timedelta(seconds=1))
    before = {row.rung for row in office.rows()}
    assert step not in before
    office.tick(EIGHT(on))
    assert {(step, "lead"), (step, "officer")} <= office.told()
    assert {row.singly for row in office.rows() if row.rung == step} == {step == "after-1"}
    keys = {row.dedupe_key for row in office.rows(OutboxState.QUEUED) if row.rung == step}
    assert keys == {f"{number}:1:{step}:{who}@example.test" for who in ("lead", "officer")}


def test_the_whole_run_of_a_deadline_sends_each_step_to_each_once(office: Office) -> None:
    office.deadline(office.case(organisation=office.cast.police, officer="officer"), MONDAY)
    at = EIGHT(date(2026, 11, 2))
    while at < EIGHT(date(2027, 1, 20)):
        office.tick(at)
        at += timedelta(hours=7)
    both = {
        (step, who)
        for step in ("before-10", "before-5", "before-1", "on", "after-1")
        for who in ("lead", "officer")
    }
    escalated = {(f"after-{n}", "senior") for n in (10, 20, 30)}
    assert office.told() == both | {("after-5", "manager"), ("after-15", "chair")} | escalated
    assert not office.rows(OutboxState.SKIPPED)


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 24, 3, tzinfo=UTC),  # Tuesday at 3:00am
        datetime(2026, 11, 24, 7, 59, 59, tzinfo=UTC),
        datetime(2026, 11, 28, 12, tzinfo=UTC),  # Saturday
        datetime(2026, 12, 25, 12, tzinfo=UTC),  # Christmas Day
        datetime(2026, 12, 28, 12, tzinfo=UTC),  # Boxing Day, substitute
    ],
)
def test_nothing_is_decided_at_night_or_on_days_off(office: Office, at: datetime) -> None:
    office.deadline(office.case(organisation=office.cast.police), MONDAY)
    assert office.tick(at) == reminders.TickResult()
    assert not office.rows()


def test_a_closed_day_of_one_partnership_puts_its_reminders_off(office: Office) -> None:
    with office.database.transaction() as session:
        session.add(
            Holiday(on=MONDAY, name="Office closed", partnership_id=office.cast.herefordshire, revision=1, added_at=EIGHT(MONDAY))
        )  # fmt: skip
    here = office.deadline(office.case(officer="officer"), date(2026, 11, 30), asked_from=EIGHT(MONDAY))
    office.deadline(
        office.case(partnership=office.cast.worcestershire, officer="outsider", prefix="WSCB"), date(2026, 11, 30),
        asked_from=EIGHT(MONDAY),
    )  # fmt: skip
    office.tick(EIGHT(MONDAY))
    assert {who for _, who in office.told()} == {"outsider"}
    with office.reading() as session:
        assert session.get_one(Deadline, here).next_notice_at == EIGHT(date(2026, 11, 24))
    office.tick(EIGHT(date(2026, 11, 24)))
    assert {who for _, who in office.told()} == {"outsider", "officer"}


def test_after_a_week_without_ticks_only_the_latest_step_goes_and_the_others_are_on_record(
    office: Office,
) -> None:
    """Two dates a week apart: one overdue by now, one still to come. A second tick finds nothing more."""
    late = office.deadline(office.case(organisation=office.cast.police, officer="officer"), MONDAY)
    soon = office.deadline(office.case(organisation=office.cast.police, officer="officer"), date(2026, 12, 4))
    office.tick(EIGHT(date(2026, 11, 9)))
    back = EIGHT(date(2026, 11, 25))
    first = office.tick(back)
    rows = [row for row in office.rows() if row.created_at == back]
    went = {
        (row.deadline_id, row.rung, row.who, row.singly) for row in rows if row.state == OutboxState.QUEUED
    }
    assert went == {
        (late, "after-1", "lead", True), (late, "after-1", "officer", True),
        (soon, "before-10", "lead", False), (soon, "before-10", "officer", False),
    }  # fmt: skip
    skipped = {(row.deadline_id, row.rung) for row in rows if row.state == OutboxState.SKIPPED}
    assert {(late, "before-5"), (late, "before-1"), (late, "on")} <= skipped
    assert {row.last_error for row in rows if row.state == OutboxState.SKIPPED} == {OVERTAKEN}
    assert first.queued == 4
    assert office.tick(back) == office.tick(back + timedelta(hours=3)) == reminders.TickResult()


def test_a_moved_date_begins_again_and_a_met_or_paused_one_owes_nothing(office: Office) -> None:
    case = office.case(officer="officer")
    moved = office.deadline(case, MONDAY, owner="bu_officer")
    met = office.deadline(case, MONDAY, key="B")
    paused = office.deadline(case, MONDAY, key="C")
    kept = office.deadline(
        office.case(state="verified"), MONDAY
    )  # what runs in a closed case is its retention
    undated = office.deadline(case, None, key="D", asked_from=EIGHT(date(2026, 11, 2)))
    office.tick(EIGHT(date(2026, 11, 9)))
    office.meet(met, date(2026, 11, 10))
    office.change(paused, paused=True)
    office.change(moved, due_on=date(2026, 11, 30), generation=2, next_notice_at=EIGHT(date(2026, 11, 10)))
    office.tick(EIGHT(date(2026, 11, 16)))
    second = {(row.deadline_id, row.generation, row.rung) for row in office.rows(OutboxState.QUEUED)}
    assert second == {
        (moved, 1, "before-10"),
        (met, 1, "before-10"),
        (paused, 1, "before-10"),
        (moved, 2, "before-10"),
        (kept, 1, "before-10"),
        (kept, 1, "before-5"),
    }
    with office.reading() as session:
        assert session.get_one(Deadline, undated).next_notice_at is None


def test_a_date_with_nobody_to_tell_is_on_record_as_failed(office: Office) -> None:
    with office.database.transaction() as session:
        session.connection().execute(text("UPDATE users SET active = FALSE"))
    office.deadline(office.case(), MONDAY)
    assert office.tick(EIGHT(date(2026, 11, 9))).for_nobody == 2
    assert {(row.to_address, row.last_error, row.who) for row in office.rows(OutboxState.FAILED)} == {
        ("", NOBODY, "lead"), ("", NOBODY, "officer"),
    }  # fmt: skip


def test_one_person_in_two_parts_is_told_once(office: Office) -> None:
    """Without a lead, the officer stands in for it: one notice, which says so."""
    office.deadline(office.case(officer="officer"), MONDAY)
    office.tick(EIGHT(date(2026, 11, 9)))
    [row] = office.rows()
    assert (row.to_address, row.who) == ("officer@example.test", "officer")
    assert row.payload == {"parts": ["lead", "officer"], "no_lead": True}


def test_of_two_steps_for_one_person_on_one_day_only_the_later_goes(office: Office) -> None:
    """The officer stands in for lead and named senior alike; after an outage both are owed at once."""
    with office.database.transaction() as session:
        session.connection().execute(text("UPDATE memberships SET role = 'auditor' WHERE role = 'manager'"))
    office.deadline(office.case(officer="officer"), MONDAY)
    office.tick(EIGHT(date(2026, 12, 11)))
    assert office.told() == {("after-10", "officer")}
    assert ("after-1", "officer") in office.told(OutboxState.SKIPPED)


def test_what_the_tracker_came_to_know_late_goes_in_the_digest(office: Office) -> None:
    """An old plan brought in: its overdue dates are one digest, not a mail each. What falls due after that is as ever."""
    for _ in range(3):
        number = office.deadline(office.case(officer="officer"), date(2026, 11, 20), owner="bu_officer")
        office.change(number, recorded_at=EIGHT(date(2026, 11, 24)))
    office.deadline(office.case(officer="officer"), MONDAY, owner="bu_officer")
    result = office.round(EIGHT(date(2026, 11, 24)))
    assert (result.mails, result.notices) == (2, 4)
    assert office.round(EIGHT(date(2026, 11, 27))).mails == 3  # the manager's, five working days late: singly


def test_a_cancelled_notice_goes_after_all_when_its_reason_has_gone(office: Office) -> None:
    case = office.case(officer="officer")
    number = office.deadline(case, MONDAY, owner="bu_officer")
    office.tick(EIGHT(date(2026, 11, 9)))
    office.change(number, paused=True)
    assert office.deliver(EIGHT(date(2026, 11, 9))).cancelled == 1
    office.change(number, paused=False, next_notice_at=EIGHT(date(2026, 11, 9)))
    later = EIGHT(date(2026, 11, 9)) + timedelta(hours=1)
    assert office.tick(later).queued == 1
    assert office.deliver(later).mails == 1
    assert len(office.rows()) == 1


def test_a_ladder_that_cannot_be_read_keeps_nobody_else_waiting(office: Office) -> None:
    broken = office.deadline(office.case(officer="officer"), MONDAY)
    office.change(broken, ladder={"rungs": [{"key": "on"}]})
    office.deadline(office.case(officer="officer"), MONDAY)
    assert office.tick(EIGHT(date(2026, 11, 9))).queued == 1
    with office.reading() as session:
        assert session.get_one(Deadline, broken).next_notice_at == EIGHT(date(2026, 11, 10))


@pytest.mark.parametrize(
    ("due_on", "mornings"),
    [
        (
            date(2026, 10, 26),
            [(date(2026, 10, 23), 7), (date(2026, 10, 26), 8)],
        ),  # clocks go back on the 25th
        (
            date(2027, 3, 30),
            [(date(2027, 3, 25), 8), (date(2027, 3, 30), 7)],
        ),  # and forward on the 28th, Easter Sunday
    ],
)
def test_reminders_go_at_eight_on_both_sides_of_a_clock_change(
    small_office: Office, due_on: date, mornings: list[tuple[date, int]]
) -> None:
    ladder = rungs_from((1, 0), to=(Who.OFFICER,), unit=Unit.WORKING_DAYS)
    small_office.deadline(small_office.case(officer="officer"), due_on, ladder=ladder)
    at = datetime(due_on.year, due_on.month, due_on.day, tzinfo=UTC) - timedelta(days=6)
    decided: list[datetime] = []
    while at < datetime(due_on.year, due_on.month, due_on.day, 23, tzinfo=UTC):
        if small_office.tick(at).queued:
            decided.append(at)
        at += timedelta(minutes=1)
    assert decided == [datetime(on.year, on.month, on.day, hour, tzinfo=UTC) for on, hour in mornings]
    assert {clock.morning_of(on) for on, _ in mornings} == set(decided)


def test_ticks_at_once_decide_everything_once(office: Office) -> None:
    for _ in range(60):
        office.deadline(office.case(organisation=office.cast.police, officer="officer"), MONDAY)
    at = EIGHT(date(2026, 11, 24))
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(lambda _: tick(office.database, at, batch=7), range(4)))
    office.tick(at)
    keys = [row.dedupe_key for row in office.rows(OutboxState.QUEUED)]
    assert len(keys) == len(set(keys)) == sum(result.queued for result in results) == 120


def test_the_sweep_uses_its_index(office: Office) -> None:
    """Otherwise an idle tick would read every running deadline there is."""
    with office.database.transaction() as session:
        statement = reminders.owing(EIGHT(MONDAY))
        if db.is_sqlite(session):
            compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": False})
            plan = session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {compiled}", tuple(str(value) for value in compiled.params.values())
            )
        else:
            session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
            compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
            plan = session.connection().exec_driver_sql(f"EXPLAIN {compiled}")
        shown = "\n".join(str(row) for row in plan.all())
    assert "ix_deadlines_next_notice_at" in shown


def test_an_idle_tick_asks_one_question(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.deadline(office.case(officer="officer"), MONDAY)
    asked: list[str] = []
    from sqlalchemy import event

    @event.listens_for(office.database.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    office.tick(EIGHT(date(2026, 8, 3)))
    assert len([statement for statement in asked if statement.lstrip().startswith("SELECT")]) == 1


def test_a_duty_counted_in_days_is_told_in_days(small_office: Office) -> None:
    ladder = (Rung("before-3", -3, Unit.DAYS, (Who.OFFICER,)),)
    number = small_office.deadline(
        small_office.case(officer="officer"), date(2026, 11, 24), ladder=ladder, rule=WORKING_DAYS
    )
    small_office.tick(EIGHT(MONDAY))  # the 21st is a Saturday: owed on the Monday
    with small_office.reading() as session:
        assert session.exec(select(Deadline.id)).all() == [number]
    assert [(row.rung, row.owed_on) for row in small_office.rows()] == [("before-3", MONDAY)]
