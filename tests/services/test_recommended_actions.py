"""Actions that come of a recommendation belong to its review, and say which recommendation is behind them."""

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.services.test_cases import log_dhr
from tracker.db import Database
from tracker.errors import BadInput, NotPossible
from tracker.models import Case, Event
from tracker.queries.action_page import action_page
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
            assert not {"recommendation_text", "recommendation_scope"} & set(action.facts)
        with pytest.raises(BadInput, match="must be one of this review"):
            add(session, cast, other, made.reference)
        made.state = "replied_rejected"
        with pytest.raises(NotPossible):
            add(session, cast, made)


def test_a_lead_reads_no_draft_recommendation(database: Database, cast: Cast) -> None:
    """Its words are the review's alone until it is sent or the review is signed off; then they stand with the action."""
    with database.transaction() as session:
        review, officer, lead = (
            log_dhr(session, cast),
            cast.actor(session, "officer"),
            cast.actor(session, "lead"),
        )
        made = acts.open_child(
            session, officer, review, "recommendation",
            {"kind": "regional", "recommendation_text": "CANARY", "addressed_to": "All", "public_functions": False}, MONDAY, at=NOON,
        )  # fmt: skip

        def behind(action: Case) -> list[str]:
            """All that the lead reads of it."""
            page = action_page(session, lead, action.reference, MONDAY)
            assert page.head.parent == ""
            return [words for _, words in page.behind]

        typed = {
            "lead_agency": "west-mercia-police",
            "recommendation_text": "CANARY",
            "recommendation_scope": "local",
        }
        asked = NewAction("Train the desk", typed, made.reference)
        early = new_actions.add(session, officer, review, asked, at=NOON)
        assert behind(early) == [made.reference]
        assert "CANARY" not in str(
            [event.facts for event in session.exec(select(Event).where(Event.case_id == early.id)).all()]
        )
        made.state = "sent"
        assert behind(early) == [made.reference, "CANARY", "Regional"]
        made.state, review.facts = "drafted", {**review.facts, "signed_off_on": "2026-11-23"}
        assert behind(early) == [made.reference, "CANARY", "Regional"]
        assert add(session, cast, made).facts["recommendation_text"] == "CANARY"
