"""An application that is taken up again skips nothing: every body is told again, and authority is settled."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from tests import asb
from tests.cast import MONDAY, NOON, Cast
from tracker.db import Database
from tracker.models import Case, Deadline
from tracker.services.positions import position_of, workflow_for
from workflows.engine import MoveRefused, unmet_by

NEXT, LATER = MONDAY + timedelta(days=1), NOON + timedelta(days=1)
BOTH = {"passed_to_all_relevant_bodies", "authority_ok"}


@pytest.fixture
def session(database: Database, cast: Cast) -> Iterator[Session]:
    with database.transaction() as session:
        asb.settle_area(session, cast)
        yield session


def unmet(session: Session, case: Case, name: str) -> set[str]:
    workflow = workflow_for(case)
    step = workflow.move(name, case.state)
    assert step is not None
    return {each.name for each in unmet_by(workflow, step, position_of(session, workflow, case, {}, MONDAY))}


@pytest.mark.parametrize("state", ["misdirected", "not_pursued"])
def test_a_decision_waits_for_what_the_case_was_never_asked(session: Session, cast: Cast, state: str) -> None:
    case = asb.case_at(session, cast, state)
    asb.step(session, cast, case, "redetermine_threshold")
    assert unmet(session, case, "decide_not_met") >= BOTH
    asb.ready(session, cast, case, "decide_met")
    with pytest.raises(MoveRefused) as refused:
        asb.step(session, cast, case, "decide_met")
    assert {each.name for each in refused.value.unmet} == BOTH
    asb.pass_on(session, cast, case, at=NOON + timedelta(hours=1))
    asb.step(session, cast, case, "decide_met", authority_basis="written_consent")
    assert case.state == "threshold_met"


def test_a_second_decision_rests_on_what_was_settled_before_the_first(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "not_met_notified")
    asb.step(session, cast, case, "redetermine_threshold")
    assert not unmet(session, case, "decide_not_met") & BOTH


def test_an_application_that_goes_on_is_passed_on_again(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "threshold_check")
    asb.ready(session, cast, case, "withdraw")
    asb.step(session, cast, case, "withdraw")
    asb.step(session, cast, case, "reinstate", at=LATER, on=NEXT)
    assert "passed_to_all_relevant_bodies" in unmet(session, case, "start_check")
    with pytest.raises(MoveRefused) as refused:
        asb.step(session, cast, case, "start_check", at=LATER, on=NEXT)
    assert [each.name for each in refused.value.unmet] == ["passed_to_all_relevant_bodies"]
    asb.pass_on(session, cast, case, on=NEXT, at=LATER + timedelta(hours=1))
    asb.step(session, cast, case, "start_check", at=LATER, on=NEXT)
    assert case.state == "threshold_check"


def test_what_went_earlier_on_the_day_it_is_taken_up_again_is_of_before(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "threshold_check")
    asb.ready(session, cast, case, "withdraw")
    asb.step(session, cast, case, "withdraw")
    asb.step(session, cast, case, "reinstate", at=NOON + timedelta(hours=1))
    assert "passed_to_all_relevant_bodies" in unmet(session, case, "start_check")
    asb.pass_on(session, cast, case, at=NOON + timedelta(hours=2))
    asb.step(session, cast, case, "start_check", at=NOON + timedelta(hours=3))
    running = select(Deadline.key).where(Deadline.case_id == case.id, Deadline.status == "running")
    assert "C2" not in session.exec(running).all()
