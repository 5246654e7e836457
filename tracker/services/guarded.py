"""What every service asks before it writes to a case: may they, is it the version they saw, was it done before?"""

from sqlmodel import Session, select

from tracker import access, policy
from tracker.errors import ChangedMeanwhile, NotPermitted, NotPossible
from tracker.models import Case, Event
from tracker.policy import Actor, Permission
from tracker.services.positions import workflow_for


def done_before(session: Session, case: Case, request_id: str | None) -> Event | None:
    """The event of the same form, if it was sent before: a double press changes nothing twice."""
    if not request_id:
        return None
    return session.exec(select(Event).where(Event.case_id == case.id, Event.request_id == request_id)).first()


def require_recorder(session: Session, actor: Actor, case: Case, seen_version: int) -> None:
    """Refuse whoever does not record things on this case, or looked at an earlier version of it.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
    """
    if not policy.allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)):
        raise NotPermitted("Only the partnership's business unit records things on this case.")
    if case.version != seen_version:
        raise ChangedMeanwhile(case.reference)


REVIEW_PAGES = "panel_members"
"""A process that records this fact has pages for people, panel and amendments."""


def require_review_pages(case: Case) -> None:
    """Refuse a case whose process has no people, panel or amendments.

    Raises:
        NotPossible: it has none.
    """
    if REVIEW_PAGES not in workflow_for(case).fact_by_name:
        raise NotPossible("Only the review of a death has people, a panel and amendments.")
