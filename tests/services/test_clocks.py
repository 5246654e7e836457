"""What a clock does when life is not straight: again, corrected, named later, met by something older."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.services.test_cases import RECEIVED, SCOPING, ask, log_dhr
from tracker import access
from tracker.db import Database
from tracker.errors import BadInput
from tracker.models import Case, Deadline, Outbox
from tracker.policy import SYSTEM
from tracker.queries.overdue import overdue
from tracker.queries.verification import faults
from tracker.services import cases
from tracker.services.asked import FactsRequest, MoveRequest, NewCase
from tracker.services.reminders import tick

AUGUST = date(2026, 8, 3)


def record(session: Session, cast: Cast, case: Case, on: date = MONDAY, **facts: object) -> None:
    officer = cast.actor(session, "officer")
    asked = FactsRequest(case.version, on, facts, late_reason="It came late")
    cases.record_facts(session, officer, case, asked, at=NOON)


def rounds(session: Session, case: Case, key: str) -> list[tuple[str, int, str, date, date | None]]:
    rows = session.exec(
        select(Deadline).where(Deadline.case_id == case.id, Deadline.key == key).order_by(Deadline.id)
    ).all()
    return [(d.instance, d.cycle, str(d.status), d.starts_on, d.met_on) for d in rows]


def asb(session: Session, cast: Cast) -> Case:
    asked = NewCase(
        process="asb_case_review", partnership_id=cast.herefordshire, opened_on=AUGUST, state="received",
        facts={"application_date": AUGUST}, opening=(), imported=True,
    )  # fmt: skip
    return cases.log_case(session, cast.actor(session, "officer"), asked, at=NOON)


def test_a_repeating_clock_is_met_and_begins_again_once(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = asb(session, cast)
        record(session, cast, case, last_contact_on=date(2026, 11, 2))
        record(session, cast, case, last_contact_on=date(2026, 11, 9))
        assert rounds(session, case, "C13") == [
            ("", 1, "met", date(2026, 11, 2), date(2026, 11, 9)),
            ("", 2, "running", date(2026, 11, 9), None),
        ]
        record(session, cast, case, last_contact_on=date(2026, 10, 1))
        assert len(rounds(session, case, "C13")) == 2, "what happened before it began does not meet it"
    with database.reading() as session:
        assert list(faults(session)) == []


@pytest.mark.parametrize("often", [1_000, 10**9, -1])
def test_a_promise_of_no_sensible_length_is_refused_when_it_is_made(
    database: Database, cast: Cast, often: int
) -> None:
    with database.transaction() as session:
        case = asb(session, cast)
        with pytest.raises(BadInput, match="must be a number from 0 to 999"):
            record(session, cast, case, update_every=often)
        record(session, cast, case, update_every=5)
        record(session, cast, case, last_contact_on=MONDAY)
        assert access.deadline_for(session, case, "C13").due_on == date(2026, 11, 30)


def test_a_corrected_start_runs_the_clock_anew_from_the_right_day(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        assert access.deadline_for(session, case, "DECISION").due_on == date(2026, 12, 2)
        record(session, cast, case, aware_on=date(2026, 10, 20))
        assert rounds(session, case, "DECISION") == [
            ("", 1, "cancelled", RECEIVED, None),
            ("", 2, "running", date(2026, 10, 20), None),
        ]
        assert access.deadline_for(session, case, "DECISION").due_on == date(2026, 11, 20)
    with database.reading() as session:
        assert list(faults(session)) == []


def test_retention_reminds_in_a_closed_case(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        cases.move(session, officer, case, "begin_scoping", ask(case, facts=SCOPING), at=NOON)
        facts = {
            "stand_down_reason": "x", "stood_down_on": MONDAY, "ho_told_of_stand_down_on": MONDAY,
            "family_told_of_stand_down_on": MONDAY,
        }  # fmt: skip
        case.state = "gathering"  # as if it had been walked there
        asked = MoveRequest(case.version, MONDAY, facts=facts, evidence="Minute 9")
        session.flush()
        asked = MoveRequest(case.version, MONDAY, facts=facts, evidence="Minute 9")
        cases.move(session, officer, case, "stand_down", asked, at=NOON)
        retention = access.deadline_for(session, case, "RETENTION")
        assert (retention.status, retention.due_on) == ("running", date(2032, 11, 23))
    tick(database, datetime(2033, 1, 10, 12, tzinfo=UTC))
    with database.reading() as session:
        about = session.exec(select(Outbox).where(Outbox.deadline_id == retention.id)).all()
        assert {row.state for row in about} >= {"queued"}


def test_a_time_that_must_be_given_is_never_overdue(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        deadline = access.deadline_for(session, case, "DECISION")
        deadline.minimum = True
    with database.reading() as session:
        assert overdue(session, SYSTEM, date(2027, 6, 1)) == []
