"""Whoever chairs a review, or looks at a case again, is independent still when they do it: no later record undoes it."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from tests import asb
from tests.cast import MONDAY, NOON, Cast
from tracker.db import Database
from tracker.models import Case
from tracker.services import cases
from tracker.services.asked import FactsRequest, MoveRequest
from workflows.engine import MoveRefused
from workflows.facts import FactValue

RESULT: dict[str, FactValue] = {
    "result": "not_upheld",
    "reasons": "Nothing was left out.",
    "decided_on": MONDAY,
}


@pytest.fixture
def session(database: Database, cast: Cast) -> Iterator[Session]:
    with database.transaction() as session:
        asb.settle_area(session, cast)
        yield session


def record(session: Session, cast: Cast, case: Case, **facts: FactValue) -> None:
    asked = FactsRequest(case.version, MONDAY, facts)
    cases.record_facts(session, cast.actor(session, "officer"), case, asked, at=NOON)


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({"review_chair_id": "officer@example.test"}, "chair_not_involved_before"),
        ({"review_chair": "Decision maker"}, "chair_not_involved_before"),
        ({"chair_independence": "handled_the_case"}, "independent_chair_appointed"),
        ({"chair_independence": "external", "review_chair_body": asb.POLICE}, "chair_independent_as_defined"),
    ],
)
def test_a_chair_who_was_changed_after_scheduling_is_judged_before_the_review(
    session: Session, cast: Cast, facts: dict[str, FactValue], missing: str
) -> None:
    case = asb.case_at(session, cast, "review_scheduled")
    record(session, cast, case, **facts)
    with pytest.raises(MoveRefused) as refused:
        asb.step(session, cast, case, "hold_review")
    assert missing in {each.name for each in refused.value.unmet}
    assert case.state == "review_scheduled"


def test_a_contact_who_was_changed_to_the_chair_keeps_the_review_from_being_held(
    session: Session, cast: Cast
) -> None:
    case = asb.case_at(session, cast, "review_preparation")
    asb.letter(session, case, "L6")
    asb.step(session, cast, case, "schedule_review", review_chair_id="manager@example.test")
    record(session, cast, case, spoc_id="manager@example.test")
    with pytest.raises(MoveRefused) as refused:
        asb.step(session, cast, case, "hold_review")
    assert "chair_not_involved_before" in {each.name for each in refused.value.unmet}


def test_a_reviewer_who_was_changed_after_admission_is_judged_before_the_result(
    session: Session, cast: Cast
) -> None:
    look = asb.second_look(session, asb.case_at(session, cast, "not_met_notified"))
    officer, manager = cast.actor(session, "officer"), cast.actor(session, "manager")
    asb.letter(session, look, "L9")
    cases.move(session, officer, look, "acknowledge", MoveRequest(look.version, MONDAY), at=NOON)
    admitted = MoveRequest(look.version, MONDAY, facts={"reviewer_id": "manager@example.test"})
    cases.move(session, manager, look, "admit", admitted, at=NOON)
    record(session, cast, look, reviewer_id="decision-maker@example.test")
    asked = MoveRequest(look.version, MONDAY, facts=RESULT, evidence="E-mail of the reviewer")
    with pytest.raises(MoveRefused) as refused:
        cases.move(session, officer, look, "decide", asked, at=NOON)
    assert [each.name for each in refused.value.unmet] == ["reviewer_not_involved_before"]
    record(session, cast, look, reviewer_id="manager@example.test")
    asked = MoveRequest(look.version, MONDAY, facts=RESULT, evidence="E-mail of the reviewer")
    cases.move(session, officer, look, "decide", asked, at=NOON)
    assert look.state == "decided"
