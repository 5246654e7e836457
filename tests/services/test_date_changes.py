"""What people do to a running date: who may, what the new date is, what the ledger, the history and reminders say."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast, settle
from tracker import access
from tracker.db import Database
from tracker.errors import ChangedMeanwhile, NotPermitted, NotPossible
from tracker.models import Case, Deadline, DeadlineChange, Event
from tracker.queries.verification import faults
from tracker.services import cases, dates, tasks
from tracker.services.asked import NewCase
from tracker.services.date_foresight import foresee
from tracker.services.date_requests import (
    Asked,
    Correction,
    DoesNotFit,
    Extension,
    LateReason,
    Pause,
    PauseReason,
    Resume,
)
from workflows.effects import Start

APPLIED = date(2026, 11, 2)
"""A Monday. C5, 15 working days on, falls on Monday 23 November 2026: the day of the tests."""
DECIDED = date(2026, 8, 31)
"""Six months on there is no such day: REPORT_6M falls on the last of February 2027."""


def review(session: Session, cast: Cast) -> Case:
    """An ASB case review whose application is in: its look, its pass-on and its decision run."""
    asked = NewCase(
        process="asb_case_review", partnership_id=cast.herefordshire, opened_on=APPLIED,
        facts={
            "application_date": APPLIED, "channel": "phone", "applicant_name": "Applicant",
            "applicant_contact": "by letter", "area": "Herefordshire", "description": "Shouting at night",
        },
        state="received", opening=(Start("C0"), Start("C2"), Start("C5")),
    )  # fmt: skip
    return cases.log_case(session, cast.actor(session, "officer"), asked, at=NOON)


def homicide(session: Session, cast: Cast) -> Case:
    """A domestic homicide review that was decided on 31 August, with three of its clocks."""
    asked = NewCase(
        process="dhr_2016", partnership_id=cast.herefordshire, opened_on=DECIDED, state="commissioning",
        facts={"received_on": DECIDED, "notification_source": "police"},
        opening=(Start("REPORT_6M"), Start("APPOINT_CHAIR"), Start("DECISION")), imported=True,
    )  # fmt: skip
    return cases.log_case(session, cast.actor(session, "officer"), asked, at=NOON)


LOGGED: dict[str, Callable[[Session, Cast], Case]] = {"asb": review, "dhr": homicide}


def act(
    session: Session, cast: Cast, who: str, case: Case, key: str, asked: Asked, *,
    at: datetime = NOON, seen: int | None = None, request_id: str | None = None,
) -> tuple[Event, Deadline]:  # fmt: skip
    """Foresee it, do it, and hold the one against the other."""
    deadline = access.deadline_for(session, case, key)
    seen = case.version if seen is None else seen
    event = dates.change_date(
        session,
        cast.actor(session, who),
        case,
        deadline,
        asked,
        seen_version=seen,
        at=at,
        request_id=request_id,
    )
    return event, deadline


def rows(session: Session, model: type) -> list:
    return list(session.exec(select(model)).all())


MORE = Extension(5, MONDAY, "The panel asks for it")
PROVED = Extension(5, MONDAY, "The panel asks for it", evidence="Minute 4")
WAIT = Pause(PauseReason.DELAY, MONDAY, "In hospital")
WRONG = Correction("The letter came a day later", due_on=date(2027, 1, 5))


@pytest.mark.parametrize(
    ("kind", "key", "asked", "who", "refused"),
    [
        ("asb", "C5", MORE, "manager", ""),
        ("asb", "C5", PROVED, "officer", "This is for a business unit manager to decide."),
        ("asb", "C5", PROVED, "chair", "This is for a business unit manager to decide."),
        ("dhr", "REPORT_6M", MORE, "chair", ""),
        ("dhr", "REPORT_6M", PROVED, "officer", ""),
        ("dhr", "REPORT_6M", PROVED, "manager", ""),
        ("dhr", "REPORT_6M", MORE, "officer", "with the minute or e-mail that shows the decision"),
        ("dhr", "REPORT_6M", MORE, "manager", "with the minute or e-mail that shows the decision"),
        ("dhr", "APPOINT_CHAIR", PROVED, "officer", "This is for a business unit manager to decide."),
        ("asb", "C5", WAIT, "officer", ""),
        ("asb", "C5", WAIT, "manager", ""),
        ("asb", "C5", WAIT, "chair", "This is for a business unit officer to decide."),
        ("asb", "C5", WRONG, "manager", ""),
        ("asb", "C5", WRONG, "officer", "This is for a business unit manager to decide."),
        ("dhr", "REPORT_6M", WRONG, "chair", "This is for a business unit manager to decide."),
        *(
            ("asb", "C5", asked, who, "This is for a business unit")
            for asked in (PROVED, WAIT, WRONG)
            for who in ("decision-maker", "auditor", "admin", "lead", "panel", "outsider")
        ),
    ],
)  # fmt: skip
def test_who_may(
    database: Database, cast: Cast, kind: str, key: str, asked: Asked, who: str, refused: str
) -> None:
    with database.transaction() as session:
        case = LOGGED[kind](session, cast)
        if not refused:
            act(session, cast, who, case, key, asked)
            return
        with pytest.raises(NotPermitted, match=refused):
            act(session, cast, who, case, key, asked)
        assert rows(session, DeadlineChange) == []


@pytest.mark.parametrize(
    ("kind", "key", "who", "n", "first", "new"),
    [
        # Five more working days from Monday 23 November.
        ("asb", "C5", "manager", 5, date(2026, 11, 23), date(2026, 11, 30)),
        # Over Christmas: 25 and 28 December and 1 January do not count.
        ("asb", "C5", "manager", 29, date(2026, 11, 23), date(2027, 1, 6)),
        # Six months from 31 August end on 28 February; seven on 31 March: the period grows, not the clamped date.
        ("dhr", "REPORT_6M", "chair", 1, date(2027, 2, 28), date(2027, 3, 31)),
        ("dhr", "REPORT_6M", "chair", 6, date(2027, 2, 28), date(2027, 8, 31)),
    ],
)  # fmt: skip
def test_an_extension_lengthens_the_period(
    database: Database, cast: Cast, kind: str, key: str, who: str, n: int, first: date, new: date
) -> None:
    with database.transaction() as session:
        case = LOGGED[kind](session, cast)
        deadline = access.deadline_for(session, case, key)
        assert deadline.due_on == first
        asked = Extension(
            n, MONDAY, "The inquest comes first", evidence="Minute 4", told="The family, by letter"
        )
        foretold = foresee(session, case, deadline, asked, today=MONDAY).after
        generation = deadline.generation
        event, deadline = act(session, cast, who, case, key, asked)
        assert (deadline.due_on, deadline.first_due_on) == (new, first)
        assert foretold.due_on == new
        assert deadline.generation == generation + 1  # reminders of the old date are no longer wanted
        assert (event.kind, event.name) == ("deadline_changed", "extend")
        assert event.detail["from_on"] == first.isoformat()
        assert event.detail["to_on"] == new.isoformat()
        assert "late" not in event.detail
    with database.reading() as session:
        assert list(faults(session)) == []


def test_recorded_for_the_chair_the_history_says_for_whom(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = homicide(session, cast)
        event, _ = act(session, cast, "officer", case, "REPORT_6M", PROVED)
        assert event.detail["on_behalf_of"] == "csp_chair"
        assert event.detail["authorised_by"] == "the CSP chair"
        assert event.detail["evidence"] == "Minute 4"


@pytest.mark.parametrize(
    ("kind", "key", "who", "agreed_on", "words"),
    [
        ("asb", "C5", "manager", date(2026, 12, 21), "Agreed 20 working days after it was due."),
        ("asb", "C5", "manager", date(2026, 11, 24), "Agreed 1 working day after it was due."),
        ("dhr", "REPORT_6M", "chair", date(2027, 3, 20), "Agreed 20 days after it was due."),
        ("dhr", "REPORT_6M", "chair", date(2027, 2, 28), ""),
    ],
)
def test_agreed_after_it_was_due_stays_late(
    database: Database, cast: Cast, kind: str, key: str, who: str, agreed_on: date, words: str
) -> None:
    at = datetime(2027, 3, 22, 12, tzinfo=UTC) if kind == "dhr" else datetime(2026, 12, 21, 12, tzinfo=UTC)
    with database.transaction() as session:
        case = LOGGED[kind](session, cast)
        first = access.deadline_for(session, case, key).due_on
        event, deadline = act(session, cast, who, case, key, Extension(60, agreed_on, "Snow"), at=at)
        assert event.detail.get("late", False) is bool(words)
        assert event.reason == f"{words} Snow".strip()
        assert deadline.first_due_on == first
        assert rows(session, DeadlineChange)[0].reason == event.reason
    with database.reading() as session:
        assert list(faults(session)) == []


@pytest.mark.parametrize(
    ("stopped", "again", "working_days", "new"),
    [
        # Wednesday 11 to Wednesday 18 November, half-open: five working days are not counted.
        (date(2026, 11, 11), date(2026, 11, 18), 5, date(2026, 11, 30)),
        # Over a weekend alone: none, for none of its days would have counted.
        (date(2026, 11, 14), date(2026, 11, 16), 0, date(2026, 11, 23)),
        # Started again the same day.
        (date(2026, 11, 11), date(2026, 11, 11), 0, date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 27), 4, date(2026, 11, 27)),
    ],
)  # fmt: skip
def test_a_pause_adds_exactly_the_suspended_working_days(
    database: Database, cast: Cast, stopped: date, again: date, working_days: int, new: date
) -> None:
    """Acceptance test 9 of docs/asb-case-review.md, section 10."""
    at = datetime(2026, 11, 27, 12, tzinfo=UTC)
    with database.transaction() as session:
        case = review(session, cast)
        asked = Pause(PauseReason.COURT, stopped, "A trial")
        event, deadline = act(session, cast, "officer", case, "C5", asked, at=NOON)
        assert (deadline.due_on, deadline.paused, deadline.next_notice_at) == (None, True, None)
        assert event.detail["code"] == "court_or_criminal_proceedings"
        event, deadline = act(session, cast, "officer", case, "C5", Resume(again), at=at)
        assert (deadline.due_on, deadline.paused) == (new, False)
        assert deadline.first_due_on == MONDAY
        assert event.detail["to_on"] == new.isoformat()
        assert rows(session, DeadlineChange)[0].reason == "Court or criminal proceedings. A trial"
    with database.reading() as session:
        assert list(faults(session)) == []
    assert working_days == sum(
        1 for day in range(stopped.toordinal(), again.toordinal()) if date.fromordinal(day).weekday() < 5
    )


def test_a_slow_agency_is_no_reason_to_stop_a_clock() -> None:
    assert {str(reason) for reason in PauseReason} == {
        "waiting_for_applicant", "applicant_asked_for_delay", "court_or_criminal_proceedings", "safeguarding",
    }  # fmt: skip


def test_a_correction_sets_the_date_and_keeps_the_first(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = review(session, cast)
        event, deadline = act(session, cast, "manager", case, "C5", WRONG)
        assert (deadline.due_on, deadline.first_due_on) == (date(2027, 1, 5), MONDAY)
        assert event.reason == "The date was recorded wrongly. The letter came a day later"
        assert event.detail["authorised_by"] == "a business unit manager"
    with database.reading() as session:
        assert list(faults(session)) == []


def test_from_the_right_start_everything_since_is_counted_again(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = review(session, cast)
        act(session, cast, "manager", case, "C5", MORE)
        event, deadline = act(
            session, cast, "manager", case, "C5", Correction("It was an e-mail", started_on=date(2026, 11, 4))
        )
        # 15 working days and the 5 that were agreed, from Wednesday 4 November.
        assert deadline.due_on == date(2026, 12, 2)
        assert event.reason.startswith("The start was recorded wrongly: it is Wednesday 4 November 2026.")


def test_a_date_that_was_entered_moves_in_days_and_its_fact_with_it(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        asked = NewCase(
            process="action_item", partnership_id=cast.herefordshire, opened_on=date(2026, 4, 1), state="agreed",
            facts={"agreed_on": date(2026, 4, 1), "target_on": date(2026, 11, 30)}, opening=(), imported=True,
        )  # fmt: skip
        case = cases.log_case(session, cast.actor(session, "officer"), asked, at=NOON)
        _, deadline = act(
            session, cast, "manager", case, "ACTION_TARGET", Extension(14, MONDAY, "Staff left")
        )
        assert (deadline.due_on, case.facts["target_on"]) == (date(2026, 12, 14), "2026-12-14")
    with database.reading() as session:
        assert list(faults(session)) == []


@pytest.mark.parametrize(
    ("key", "asked", "who", "words"),
    [
        ("C2", MORE, "manager", "No more time can be agreed for this date."),
        ("C0", WAIT, "officer", "This clock is never paused."),
    ],
)
def test_a_clock_that_knows_no_such_act(
    database: Database, cast: Cast, key: str, asked: Asked, who: str, words: str
) -> None:
    with database.transaction() as session:
        case = review(session, cast)
        with pytest.raises(NotPossible, match=words):
            act(session, cast, who, case, key, asked)
        assert rows(session, DeadlineChange) == []


@pytest.mark.parametrize(
    ("asked", "about", "words"),
    [
        (Extension(0, MONDAY, "x"), "n", "More time must be 1 or more."),
        (Extension(1, date(2026, 11, 24), "x"), "happened_on", "must be today or in the past"),
        (
            Extension(1, date(2026, 11, 1), "x"),
            "happened_on",
            "on or after Monday 2 November 2026, when the clock",
        ),
        (Extension(1, MONDAY, " "), "reason", "Give the reason."),
        (Extension(10**7, MONDAY, "x"), "n", "."),
        (Pause(PauseReason.COURT, date(2026, 11, 24), "x"), "happened_on", "must be today or in the past"),
        (Pause(PauseReason.COURT, date(2026, 10, 30), "x"), "happened_on", "when the clock started"),
        (Resume(MONDAY), "happened_on", "The clock is not stopped, so it cannot start again."),
        (Correction("x"), "right_on", "Enter the right day."),
        (Correction("x", due_on=MONDAY), "right_on", "The date is Monday 23 November 2026 already."),
        (Correction("x", started_on=APPLIED), "right_on", "already"),
        (Correction("x", due_on=date(2026, 11, 1)), "right_on", "on or after Monday 2 November 2026"),
        (Correction("x", started_on=date(2026, 11, 24)), "right_on", "today or in the past"),
        (LateReason("Snow"), "reason", "This date has not passed, so it is not late."),
    ],
)
def test_one_plain_sentence_at_the_answer_it_is_about(
    sqlite_database: Database, asked: Asked, about: str, words: str
) -> None:
    cast = settle(sqlite_database)
    with sqlite_database.transaction() as session:
        case = review(session, cast)
        with pytest.raises(DoesNotFit, match=words) as refused:
            act(session, cast, "manager", case, "C5", asked)
        assert refused.value.about == about
        assert str(refused.value).endswith(".")
        assert rows(session, DeadlineChange) == []


@pytest.mark.parametrize(
    ("asked", "on", "words"),
    [
        (Extension(2, MONDAY, "x"), date(2026, 11, 27), "The new date would be Wednesday 25 November 2026"),
        (
            Pause(PauseReason.COURT, date(2026, 11, 25), "x"),
            date(2026, 11, 27),
            "The date passed on Monday 23 November",
        ),
    ],
)
def test_what_comes_too_late_is_not_hidden(
    sqlite_database: Database, asked: Asked, on: date, words: str
) -> None:
    """Pausing a date that has passed would take it off the lists of what is overdue."""
    cast = settle(sqlite_database)
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    with sqlite_database.transaction() as session:
        case = review(session, cast)
        with pytest.raises(DoesNotFit, match=words):
            act(session, cast, "manager", case, "C5", asked, at=at)


def test_the_same_form_twice_is_one_event(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = review(session, cast)
        seen = case.version
        first, _ = act(session, cast, "manager", case, "C5", MORE, seen=seen, request_id="one")
        again, deadline = act(session, cast, "manager", case, "C5", MORE, seen=seen, request_id="one")
        assert first.id == again.id
        assert len(rows(session, DeadlineChange)) == 1
        assert deadline.due_on == date(2026, 11, 30)


def test_who_saw_an_older_version_changes_nothing(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = review(session, cast)
        seen = case.version
        act(session, cast, "manager", case, "C5", MORE, seen=seen)
        with pytest.raises(ChangedMeanwhile):
            act(session, cast, "manager", case, "C5", MORE, seen=seen)
        assert len(rows(session, DeadlineChange)) == 1


def test_why_a_fixed_date_is_late_is_kept_without_moving_it(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = review(session, cast)
        event, deadline = act(session, cast, "officer", case, "C2", LateReason("Two addresses were wrong"))
        assert (event.kind, event.detail["late_reasons"]) == (
            "facts_recorded",
            "Pass on to all relevant bodies. Two addresses were wrong",
        )
        assert deadline.due_on == deadline.first_due_on == date(2026, 11, 4)
        assert rows(session, DeadlineChange) == []
    with database.reading() as session:
        assert list(faults(session)) == []


def test_a_date_that_has_ended_is_left_alone(sqlite_database: Database) -> None:
    cast = settle(sqlite_database)
    with sqlite_database.transaction() as session:
        case = review(session, cast)
        deadline = access.deadline_for(session, case, "C5")
        deadline.status = "met"
        for asked in (MORE, WAIT, Resume(MONDAY), WRONG, LateReason("x")):
            with pytest.raises(NotPossible, match="has ended"):
                act(session, cast, "manager", case, "C5", asked)


def test_a_late_date_of_a_review_is_for_the_home_office_to_hear_of_once(
    database: Database, cast: Cast
) -> None:
    """However often it is late, and by whichever act that is said; a date of one's own practice is not."""
    late = datetime(2027, 3, 8, 12, tzinfo=UTC)
    with database.transaction() as session:
        case = homicide(session, cast)
        before = {task.key for task in tasks.tasks_of(session, case)}
        act(session, cast, "officer", case, "APPOINT_CHAIR", LateReason("No chair was free"), at=late)
        assert {task.key for task in tasks.tasks_of(session, case)} == before
        act(session, cast, "officer", case, "REPORT_6M", LateReason("The trial"), at=late)
        more = Extension(1, late.date(), "The trial goes on", evidence="Minute 4")
        act(session, cast, "officer", case, "REPORT_6M", more, at=late)
        (task,) = (task for task in tasks.tasks_of(session, case) if task.key not in before)
        assert (task.key, task.state, task.must) == ("late.REPORT_6M", "commissioning", True)
        assert task.text == "Tell the Home Office that “Complete overview report” is late, and why"
        asked = tasks.Settled(case.version, [task.key], late.date())
        tasks.settle(session, cast.actor(session, "officer"), case, asked, at=late)
        act(session, cast, "officer", case, "DECISION", LateReason("The trial"), at=late)
        keys = [task.key for task in tasks.tasks_of(session, case) if task.done_on is None]
        assert "late.DECISION" in keys
        assert "late.REPORT_6M" not in keys
