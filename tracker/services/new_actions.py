"""Actions of a review: written down as drafts, early ones before there is a report, for their lead to accept."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, select

from tracker import access, policy
from tracker import clock as time
from tracker.errors import BadInput, NotPermitted, NotPossible
from tracker.models import Case, Event, Organisation
from tracker.policy import REVIEWS, Actor, Permission
from tracker.services import acts, alerts
from tracker.services.guarded import opened_before
from tracker.services.positions import workflow_for
from workflows.deciders import Decider
from workflows.facts import FactValue

RECOMMENDATION = "recommendation"
_WORDS = {"recommendation_text": "recommendation_text", "kind": "recommendation_scope"}
"""What a recommendation says, and the fact of an action that repeats it."""


@dataclass(frozen=True, slots=True)
class NewAction:
    """An action to write down. ``facts`` are those of the action; ``text`` what is to be done.

    ``recommendation`` is the reference of one of the review's recommendations, if it is behind the action.
    """

    text: str
    facts: dict[str, FactValue]
    recommendation: str = ""
    request_id: str | None = None


def takes_actions(session: Session, parent: Case) -> bool:
    """Whether actions can be added to a case: an open review, or a recommendation of one that was not refused."""
    if parent.process == RECOMMENDATION and parent.state == "replied_rejected":
        return False
    review = review_of(session, parent)
    return review is not None and not workflow_for(review).state_by_name[review.state].final


def review_of(session: Session, parent: Case) -> Case | None:
    """The review that an action added here belongs to."""
    if parent.process == RECOMMENDATION and parent.parent_id is not None:
        parent = session.get_one(Case, parent.parent_id)
    return parent if parent.process in REVIEWS else None


def add(session: Session, actor: Actor, parent: Case, asked: NewAction, *, at: datetime) -> Case:
    """Write an action down as a draft of a review. Its lead is told in the digest, and accepts or rejects it.

    Raises:
        NotPermitted: the actor does not record things on this case.
        NotPossible: no actions can be added here.
        BadInput: it says nothing, or names a recommendation that is not of this review.
        ChangedMeanwhile: the form was sent before, with other answers.
    """
    review = review_of(session, parent)
    for above in (parent, review):
        if above and not policy.allows(actor, Permission.CASE_RECORD, access.subject_of(session, above)):
            raise NotPermitted("Only the partnership's business unit adds actions.")
    if review is None or not takes_actions(session, parent):
        raise NotPossible("Actions cannot be added here.")
    if before := opened_before(session, actor, asked.request_id):
        return before
    if not asked.text.strip():
        raise BadInput("Say what is to be done.")
    today = time.london(at)
    facts = {**asked.facts, "action_text": asked.text.strip(), **_behind(session, review, parent, asked)}
    lead = _lead(session, review, str(facts.get("lead_agency", "")), today)
    action = acts.open_child(
        session, actor, review, "action_item", facts, today,
        owner=lead.id if lead else None, title=asked.text.strip(), request_id=asked.request_id, at=at,
    )  # fmt: skip
    if lead is not None:
        opened = session.exec(select(Event).where(Event.case_id == action.id, Event.seq == 1)).one()
        alerts.tell(session, action, [Decider.AGENCY_LEAD], opened, at=at)
        session.flush()
    return action


def _behind(session: Session, review: Case, parent: Case, asked: NewAction) -> dict[str, FactValue]:
    """The recommendation behind it, with its own words and scope; while those are the review's alone, its reference."""
    named = parent.reference if parent.process == RECOMMENDATION else asked.recommendation.strip().upper()
    if not named:
        return {}
    found = session.exec(select(Case).where(Case.reference == named, Case.parent_id == review.id)).first()
    if found is None or found.process != RECOMMENDATION:
        raise BadInput("The recommendation must be one of this review.")
    return {
        "recommendation_ref": found.reference,
        **dict.fromkeys(_WORDS.values(), ""),
        **words_of(review, found),
    }


def words_of(review: Case, recommendation: Case) -> dict[str, str]:
    """What whoever leads an action may read of the recommendation behind it, as facts of the action.

    Nothing before it is sent or the review is signed off: a draft is for nobody outside the review.
    """
    if recommendation.state == "drafted" and not review.facts.get("signed_off_on"):
        return {}
    said = {own: recommendation.facts.get(name) for name, own in _WORDS.items()}
    return {own: str(value) for own, value in said.items() if value}


def _lead(session: Session, review: Case, key: str, today: date) -> Organisation | None:
    if not key:
        return None
    found = session.exec(select(Organisation).where(Organisation.key == key)).first()
    if found is None or found.partnership_id not in (None, review.partnership_id):
        raise BadInput("Lead agency names somebody that the tracker does not know.")
    if found.to_on is not None and found.to_on < today:
        raise BadInput("Lead agency has ended, so it cannot lead an action.")
    return found
