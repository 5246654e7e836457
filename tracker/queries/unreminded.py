"""Actions of which nobody can be reminded, and which officer is told so: it is chased from them instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from tracker import access
from tracker.models import Case, Membership, Organisation, Partnership, Role, User
from tracker.policy import UNIT, Actor
from tracker.queries import action_list
from tracker.services import deadlines
from tracker.services.lead_bodies import why_nobody
from tracker.services.wording import PLAN_DATE

MOST_NAMED = 10
"""Actions named in one mail; of more it says how many."""


@dataclass(frozen=True, slots=True)
class Unreminded:
    """How many there are, and the first of them in words: ``HCSP-ACT-2026-004  no date``."""

    total: int
    lines: tuple[str, ...]

    @property
    def left_out(self) -> int:
        """How many are counted and not named."""
        return self.total - len(self.lines)


def how_many(session: Session, actor: Actor, today: date) -> int:
    """How many the actor is to see to."""
    return session.exec(select(func.count(col(Case.id))).where(*_theirs(actor, today))).one()


def unreminded(session: Session, actor: Actor, today: date) -> Unreminded:
    """Those that the actor is to see to: theirs, and those that no officer has."""
    cases = session.exec(
        select(Case).where(*_theirs(actor, today)).order_by(col(Case.reference)).limit(MOST_NAMED)
    ).all()
    lines = tuple(f"{case.reference}  {_why(session, case, today)}" for case in cases)
    return Unreminded(how_many(session, actor, today), lines)


def _theirs(actor: Actor, today: date) -> Sequence[ColumnElement[bool]]:
    """The officer of the case is told; where none is or can be, every officer; where there is none, the managers."""
    owner = _holding(today, col(Membership.user_id) == col(Case.owner_user_id), *UNIT)
    unowned = or_(col(Case.owner_user_id).is_(None), ~owner)
    officers = _holding(today, col(Membership.partnership_id) == col(Case.partnership_id), Role.OFFICER)
    as_officer = col(Case.partnership_id).in_(actor.partnerships(Role.OFFICER))
    as_manager = and_(col(Case.partnership_id).in_(actor.partnerships(Role.MANAGER)), ~officers)
    return (
        access.visible(actor),
        action_list.lacking(today),
        or_(col(Case.owner_user_id) == actor.user_id, and_(unowned, or_(as_officer, as_manager))),
    )


def _holding(today: date, who: ColumnElement[bool], *roles: Role) -> ColumnElement[bool]:
    """Whether somebody who works today holds one of these roles where the case is, or where it is co-ordinated."""
    board = select(Partnership.coordinator_id).where(Partnership.id == Case.partnership_id).correlate(Case)
    place = col(Membership.partnership_id)
    return (
        select(Membership.id)
        .join(User, col(User.id) == col(Membership.user_id))
        .where(
            who,
            or_(place == col(Case.partnership_id), place == board.scalar_subquery()),
            col(Membership.role).in_(roles),
            or_(col(Membership.from_on).is_(None), col(Membership.from_on) <= today),
            or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= today),
            col(User.active),
        )
        .correlate(Case)
        .exists()
    )


def _why(session: Session, case: Case, today: date) -> str:
    dated = any(one.key == PLAN_DATE and one.due_on for one in deadlines.running(session, case))
    body = session.get(Organisation, case.owner_organisation_id or 0)
    return ", ".join(filter(None, ["" if dated else "no date", why_nobody(body, today)]))
