"""High harm on an ASB application: a call the same day, the manager is told, and half the time where the area wants it."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import Session, select

from tests import asb
from tests.cast import MONDAY, NOON, Cast
from tracker.db import Database
from tracker.models import Case, Deadline, DeadlineStatus, LocalPolicy, Outbox
from tracker.services import cases, deadlines
from tracker.services.asked import FactsRequest
from tracker.services.calendars import calendar_for
from tracker.services.policy_checks import faults
from tracker.services.policy_files import Version
from tracker.services.policy_words import lengths

HALVED = {"C5": {"high_harm_halves": True}, "C6": {"high_harm_halves": True}}


@pytest.fixture
def session(database: Database, cast: Cast) -> Iterator[Session]:
    with database.transaction() as session:
        asb.settle_area(session, cast)
        yield session


def halve(session: Session, clocks: dict[str, object]) -> None:
    for policy in session.exec(select(LocalPolicy).where(LocalPolicy.process == "asb_case_review")):
        policy.clocks = clocks
    session.flush()


def running(session: Session, case: Case, key: str) -> Deadline:
    return session.exec(
        select(Deadline).where(
            Deadline.case_id == case.id, Deadline.key == key, Deadline.status == DeadlineStatus.RUNNING
        )
    ).one()


def working(session: Session, case: Case, deadline: Deadline) -> str:
    calendar = calendar_for(session, case.partnership_id)
    stands = deadlines.standing(deadline, deadlines.ledger_of(session, deadline), calendar)
    assert stands.due_on == deadline.due_on
    return "; ".join(f"{line.label} {line.words}" for line in stands.trace)


def test_the_first_high_band_asks_for_a_call_and_tells_the_manager_once(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "received")
    asb.harmed(session, cast, case)
    assert not session.exec(select(Deadline).where(Deadline.case_id == case.id, Deadline.key == "C25")).all()
    asb.harmed(session, cast, case, threats=3)
    assert running(session, case, "C25").due_on == MONDAY
    asb.harmed(session, cast, case, threats=3)
    told = session.exec(select(Outbox).where(Outbox.case_id == case.id, Outbox.kind == "alert")).all()
    assert [row.recipient_id for row in told] == [cast.people["manager"]]
    called = FactsRequest(case.version, MONDAY, {"harm_called_on": MONDAY})
    cases.record_facts(session, cast.actor(session, "officer"), case, called, at=NOON)
    asb.harmed(session, cast, case, threats=3)
    rows = session.exec(select(Deadline).where(Deadline.case_id == case.id, Deadline.key == "C25")).all()
    assert [row.status for row in rows] == [DeadlineStatus.MET]


def test_the_decision_is_due_in_half_the_time_and_never_in_more_again(session: Session, cast: Cast) -> None:
    halve(session, HALVED)
    case = asb.case_at(session, cast, "received")
    assert running(session, case, "C5").due_on == date(2026, 12, 11)
    asb.harmed(session, cast, case, threats=3)
    shorter = running(session, case, "C5")
    assert (shorter.due_on, shorter.first_due_on) == (date(2026, 12, 2), date(2026, 12, 11))
    assert "High harm: half of 15 working days" in working(session, case, shorter)
    asb.harmed(session, cast, case)
    asb.harmed(session, cast, case, threats=3)
    assert running(session, case, "C5").due_on == date(2026, 12, 2)
    assert [entry.kind for entry in deadlines.ledger_of(session, shorter)] == ["recalculate"]


@pytest.mark.parametrize(("clocks", "due_on"), [(HALVED, date(2026, 12, 7)), ({}, date(2026, 12, 21))])
def test_the_meeting_is_due_in_half_the_time_where_the_area_wants_it(
    session: Session, cast: Cast, clocks: dict[str, object], due_on: date
) -> None:
    halve(session, clocks)
    case = asb.case_at(session, cast, "threshold_check")
    asb.harmed(session, cast, case, threats=3)
    for step in ("decide_met", "notify_met"):
        asb.ready(session, cast, case, step)
        asb.step(session, cast, case, step)
    meeting = running(session, case, "C6")
    assert meeting.due_on == due_on
    assert ("High harm: half of 20 working days" in working(session, case, meeting)) is bool(clocks)


def test_after_the_decision_a_higher_band_moves_no_date(session: Session, cast: Cast) -> None:
    halve(session, HALVED)
    case = asb.case_at(session, cast, "review_preparation")
    before = running(session, case, "C6").due_on
    asb.harmed(session, cast, case, threats=3)
    assert running(session, case, "C6").due_on == before


@pytest.mark.parametrize(
    ("clocks", "fault"),
    [
        (HALVED, ""),
        ({"C5": {"n": 10, "unit": "working_days", "high_harm_halves": False}}, ""),
        ({"C1": {"high_harm_halves": True}}, "is not made shorter"),
        ({"C5": {"high_harm_halves": 2}}, "must be true or false"),
    ],
)
def test_a_procedure_says_so_of_the_clocks_that_can_be_halved(clocks: dict[str, object], fault: str) -> None:
    version = Version(partnership="herefordshire", name="One", effective_from=MONDAY, clocks=clocks)
    assert [f.words for f in faults(version) if fault in f.words] if fault else not faults(version)
    if clocks == HALVED:
        said = {one.what: one.words for one in lengths(version)}
        assert "half of it where harm is high" in said["Threshold decision told"]
