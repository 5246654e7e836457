"""Actions that come of a recommendation belong to its review, and say which recommendation is behind them."""

import pytest
from sqlmodel import Session

from tests.cast import MONDAY, NOON, Cast
from tests.services.test_cases import log_dhr
from tracker.db import Database
from tracker.errors import BadInput, NotPossible
from tracker.models import Case
from tracker.services import acts, new_actions
from tracker.services.new_actions import NewAction


def add(session: Session, cast: Cast, parent: Case, recommendation: str = "") -> Case:
    asked = NewAction("Train the desk", {"lead_agency": "west-mercia-police"}, recommendation)
    return new_actions.add(session, cast.actor(session, "officer"), parent, asked, at=NOON)


def test_under_a_recommendation_it_belongs_to_the_review(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        review, other = log_dhr(session, cast), log_dhr(session, cast)
        made = acts.open_child(
            session, cast.actor(session, "officer"), review, "recommendation",
            {"kind": "regional", "recommendation_text": "Train everybody", "addressed_to": "All", "public_functions": False}, MONDAY, at=NOON,
        )  # fmt: skip
        for parent, named in ((made, ""), (review, made.reference.lower())):
            action = add(session, cast, parent, named)
            assert action.parent_id == review.id
            assert action.facts["recommendation_ref"] == made.reference
            assert action.facts["recommendation_text"] == "Train everybody"
            assert action.facts["recommendation_scope"] == "regional"
        with pytest.raises(BadInput, match="must be one of this review"):
            add(session, cast, other, made.reference)
        made.state = "replied_rejected"
        with pytest.raises(NotPossible):
            add(session, cast, made)
