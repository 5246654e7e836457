"""What every service asks before it writes to a case: may they, is it the version they saw, was it done before?"""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, or_, select

from tracker import access, policy
from tracker.audit import Happened
from tracker.errors import ChangedMeanwhile, NotPermitted, NotPossible
from tracker.models import Case, Event
from tracker.policy import Actor, Permission
from tracker.services.positions import workflow_for

SENT_BEFORE = "You sent this form before, with other answers. Those are saved."


def sent_before(session: Session, case: Case, request_id: str | None) -> Event | None:
    """The event of the same form, whatever was answered then: for whoever compares the answers themselves.

    ``request_id`` is the number of the form and, after a dot, a mark of its answers (``tracker.forms.opened``).
    """
    if not request_id:
        return None
    return session.exec(
        select(Event).where(Event.case_id == case.id, of_form(col(Event.request_id), request_id))
    ).first()


def of_form(said: Mapped[Any], request_id: str) -> ColumnElement[bool]:
    """Whether what is written down is of the form with this number, whatever was answered."""
    number = request_id.partition(".")[0]
    return or_(said == number, said.startswith(f"{number}.", autoescape=True))


def done_before(session: Session, case: Case, request_id: str | None) -> Event | None:
    """The event of the same form with the same answers: a double press changes nothing twice.

    Raises:
        ChangedMeanwhile: that form was sent before with other answers; those stand, and these are kept.
    """
    found = sent_before(session, case, request_id)
    if found is not None and others(request_id, found.request_id):
        raise ChangedMeanwhile(SENT_BEFORE)
    return found


def opened_before(session: Session, actor: Actor, request_id: str | None) -> Case | None:
    """The case that the same form of the actor opened with the same answers: a double press opens one.

    Raises:
        ChangedMeanwhile: that form was sent before with other answers, and opened the case that is named.
    """
    if not request_id:
        return None
    found = session.exec(
        select(Case, Event)
        .join(Event, col(Event.case_id) == col(Case.id))
        .where(
            Event.kind == Happened.CASE_OPENED,
            Event.actor_id == actor.user_id,
            of_form(col(Event.request_id), request_id),
        )
        .order_by(col(Case.id))
    ).all()
    same = next((case for case, event in found if not others(request_id, event.request_id)), None)
    if same is None and found:
        reference = found[0][0].reference
        raise ChangedMeanwhile(f"You sent this form before, with other answers: {reference} has those.")
    return same


def others(request_id: str | None, before: str | None) -> bool:
    """Whether the answers are others than those of before. Without a mark on both sides that is not known: no."""
    marks = {sent.partition(".")[2] for sent in (request_id, before) if sent}
    return "" not in marks and len(marks) > 1


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
