"""A doubtful "not met" needs a manager's own countersignature: nobody gives it for another, or for their own decision."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from tests import asb
from tests.cast import MONDAY, NOON, Cast
from tracker.db import Database
from tracker.errors import BadInput
from tracker.models import Case, Membership, Role
from tracker.services import cases
from tracker.services.asked import FactsRequest, MoveRequest
from workflows.engine import MoveRefused
from workflows.facts import FactValue

MANAGER = "manager@example.test"
SIGNED: dict[str, FactValue] = {"countersigned_by": MANAGER, "countersign_reason": "Counted again."}


@pytest.fixture
def session(database: Database, cast: Cast) -> Iterator[Session]:
    with database.transaction() as session:
        asb.settle_area(session, cast)
        yield session


@pytest.fixture
def doubtful(session: Session, cast: Cast) -> Case:
    """The local rule on hate is met, and everything but the countersignature is there."""
    case = asb.case_at(session, cast, "threshold_check")
    asb.tell(session, cast, case, *asb.GOOD[2], hate=True)
    asb.harmed(session, cast, case)
    return case


def decide(session: Session, cast: Cast, case: Case, who: str, **facts: FactValue) -> None:
    asb.step(session, cast, case, "decide_not_met", who, decision_route="local", **facts)


def record(session: Session, cast: Cast, case: Case, who: str, facts: dict[str, FactValue]) -> None:
    cases.record_facts(
        session, cast.actor(session, who), case, FactsRequest(case.version, MONDAY, facts), at=NOON
    )


@pytest.mark.parametrize("who", ["officer", "decision-maker"])
def test_nobody_types_the_managers_countersignature(
    session: Session, cast: Cast, doubtful: Case, who: str
) -> None:
    with pytest.raises(BadInput, match="only the manager who countersigns"):
        decide(session, cast, doubtful, who, **SIGNED)
    with pytest.raises(MoveRefused) as refused:
        decide(session, cast, doubtful, who)
    assert [each.name for each in refused.value.unmet] == ["manager_countersigned"]


@pytest.mark.parametrize("facts", [SIGNED, {"countersigned_by": MANAGER}, {"countersign_reason": "Mine."}])
def test_nobody_records_it_beforehand_for_the_manager(
    session: Session, cast: Cast, doubtful: Case, facts: dict[str, FactValue]
) -> None:
    with pytest.raises(BadInput, match="only the manager who countersigns"):
        record(session, cast, doubtful, "officer", facts)


@pytest.mark.parametrize("who", ["officer", "decision-maker"])
def test_the_manager_countersigns_before_somebody_else_decides(
    session: Session, cast: Cast, doubtful: Case, who: str
) -> None:
    record(session, cast, doubtful, "manager", SIGNED)
    with pytest.raises(BadInput, match="only the manager who countersigns"):
        decide(session, cast, doubtful, who, countersign_reason="Another reason.")
    decide(session, cast, doubtful, who)
    assert doubtful.state == "threshold_not_met"
    assert doubtful.facts["countersigned_by"] == MANAGER


def test_the_manager_countersigns_in_recording_the_decision_of_others(
    session: Session, cast: Cast, doubtful: Case
) -> None:
    decide(session, cast, doubtful, "manager", **SIGNED)
    assert doubtful.state == "threshold_not_met"


@pytest.mark.parametrize("beforehand", [True, False])
def test_whoever_decides_does_not_countersign(
    session: Session, cast: Cast, doubtful: Case, *, beforehand: bool
) -> None:
    both = Membership(
        user_id=cast.people["manager"], role=Role.DECISION_MAKER, partnership_id=cast.herefordshire
    )
    session.add(both)
    session.flush()
    if beforehand:
        record(session, cast, doubtful, "manager", SIGNED)
    with pytest.raises(BadInput, match="must be somebody else than whoever takes the decision"):
        decide(session, cast, doubtful, "manager", **({} if beforehand else SIGNED))
    assert doubtful.state == "threshold_check"


def test_a_countersignature_is_of_one_decision(session: Session, cast: Cast, doubtful: Case) -> None:
    record(session, cast, doubtful, "manager", SIGNED)
    decide(session, cast, doubtful, "decision-maker")
    asb.step(session, cast, doubtful, "correct_decision")
    with pytest.raises(MoveRefused) as refused:
        decide(session, cast, doubtful, "decision-maker")
    assert [each.name for each in refused.value.unmet] == ["manager_countersigned"]


def test_where_none_is_needed_none_is_asked_for(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "threshold_check")
    asb.harmed(session, cast, case)
    request = MoveRequest(case.version, MONDAY, facts=asb.ANSWERS["decide_not_met"])
    cases.move(session, cast.actor(session, "decision-maker"), case, "decide_not_met", request, at=NOON)
    assert case.state == "threshold_not_met"
