"""Who may open a restricted case. Nothing is deleted: a grant ends."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from tracker import access, audit, policy
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, NotPermitted
from tracker.models import Case, CaseGrant, Sensitivity, User
from tracker.policy import Actor, Permission


def grant(session: Session, actor: Actor, case: Case, user: User, why: str, *, at: datetime) -> None:
    """Let somebody open a case.

    Raises:
        NotPermitted: the actor does not say who may open this case.
        BadInput: no reason was given, the account is closed, or their roles would not let them open it all the same.
    """
    if not policy.allows(actor, Permission.CASE_GRANT, access.subject_of(session, case)):
        raise NotPermitted("Only the business unit says who may open this case.")
    if not why.strip():
        raise BadInput("Say why they need to open the case.")
    if not user.active:
        raise BadInput("That account is closed.")
    if not _could(session, case, user, Permission.CASE_READ, at=at):
        raise BadInput("Their roles do not open cases here, so naming them would change nothing.")
    _add(session, actor, case, user, why.strip(), at=at)
    session.flush()


def end(session: Session, actor: Actor, case: Case, user: User, why: str, *, at: datetime) -> None:
    """End somebody's leave to open a case. Somebody of the business unit must stay who can open it and name others.

    Raises:
        NotPermitted: the actor does not say who may open this case.
        BadInput: nobody of the business unit could open the case afterwards.
    """
    if not policy.allows(actor, Permission.CASE_GRANT, access.subject_of(session, case)):
        raise NotPermitted("Only the business unit says who may open this case.")
    open_grants = session.exec(
        select(CaseGrant).where(CaseGrant.case_id == case.id, col(CaseGrant.ended_at).is_(None))
    ).all()
    theirs = [g for g in open_grants if g.user_id == user.id]
    others = [session.get_one(User, g.user_id) for g in open_grants if g.user_id != user.id]
    if (
        theirs
        and case.parent_id is None
        and not any(
            other.active and _could(session, case, other, Permission.CASE_GRANT, at=at) for other in others
        )
    ):
        raise BadInput("Somebody of the business unit must be able to open the case. Name another one first.")
    for row in theirs:
        row.ended_at = at
        session.add(row)
    if theirs:
        audit.record(
            session, case, actor, Happened.ACCESS_ENDED,
            occurred_on=time.london(at), at=at, reason=why, detail={"user_id": user.id},
        )  # fmt: skip
    session.flush()


def _could(session: Session, case: Case, user: User, permission: Permission, *, at: datetime) -> bool:
    """Whether somebody could do this once they are named for the case."""
    actor = access.actor_for(session, user, at)
    named = replace(actor, granted=actor.granted | {case.id or 0})
    return policy.allows(named, permission, access.subject_of(session, case))


def for_lead_officer(session: Session, actor: Actor, case: Case, *, at: datetime) -> None:
    """Whoever takes a restricted case over can open it. What belongs to a case is open to those named for the case."""
    if case.parent_id is not None:
        return
    if case.sensitivity == Sensitivity.RESTRICTED and case.owner_user_id is not None:
        _add(session, actor, case, session.get_one(User, case.owner_user_id), "Leads the case", at=at)


def grant_at_opening(session: Session, actor: Actor, case: Case, *, at: datetime) -> None:
    """A restricted case is open to whoever logged it and to its lead officer, and to nobody else yet."""
    for user_id in {actor.user_id, case.owner_user_id} - {None}:
        user = session.get(User, user_id)
        if user is not None:
            _add(session, actor, case, user, "Logged the case or leads it", at=at)


def _add(session: Session, actor: Actor, case: Case, user: User, why: str, *, at: datetime) -> None:
    there = session.exec(
        select(CaseGrant).where(
            CaseGrant.case_id == case.id, CaseGrant.user_id == user.id, col(CaseGrant.ended_at).is_(None)
        )
    ).first()
    if there is not None or case.id is None or user.id is None:
        return
    session.add(
        CaseGrant(case_id=case.id, user_id=user.id, granted_by_id=actor.user_id, why=why, granted_at=at)
    )
    audit.record(
        session, case, actor, Happened.ACCESS_GRANTED,
        occurred_on=time.london(at), at=at, reason=why, detail={"user_id": user.id},
    )  # fmt: skip
