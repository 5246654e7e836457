"""Who may open a restricted case. Nothing is deleted: a grant ends."""

from datetime import datetime

from sqlmodel import Session, col, select

from tracker import access, audit, policy
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, NotPermitted
from tracker.models import Case, CaseGrant, User
from tracker.policy import Actor, Permission


def grant(session: Session, actor: Actor, case: Case, user: User, why: str, *, at: datetime) -> None:
    """Let somebody open a case.

    Raises:
        NotPermitted: the actor does not say who may open this case.
        BadInput: no reason was given, or the account is closed.
    """
    if not policy.allows(actor, Permission.CASE_GRANT, access.subject_of(session, case)):
        raise NotPermitted("Only the business unit says who may open this case.")
    if not why.strip():
        raise BadInput("Say why they need to open the case.")
    if not user.active:
        raise BadInput("That account is closed.")
    _add(session, actor, case, user, why.strip(), at=at)
    session.flush()


def end(session: Session, actor: Actor, case: Case, user: User, why: str, *, at: datetime) -> None:
    """End somebody's leave to open a case. The last person who can open it cannot be shut out.

    Raises:
        NotPermitted: the actor does not say who may open this case.
        BadInput: nobody could open the case afterwards.
    """
    if not policy.allows(actor, Permission.CASE_GRANT, access.subject_of(session, case)):
        raise NotPermitted("Only the business unit says who may open this case.")
    open_grants = session.exec(
        select(CaseGrant).where(CaseGrant.case_id == case.id, col(CaseGrant.ended_at).is_(None))
    ).all()
    theirs = [g for g in open_grants if g.user_id == user.id]
    if theirs and len(open_grants) == len(theirs):
        raise BadInput("Somebody must be able to open the case. Name another person first.")
    for row in theirs:
        row.ended_at = at
        session.add(row)
    if theirs:
        audit.record(
            session, case, actor, Happened.ACCESS_ENDED,
            occurred_on=time.london(at), at=at, reason=why, detail={"user_id": user.id},
        )  # fmt: skip
    session.flush()


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
