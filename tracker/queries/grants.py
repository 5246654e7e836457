"""Who can open a restricted case, who could before, and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.errors import BadInput
from tracker.models import Case, CaseGrant, Organisation, User
from tracker.queries import choices


@dataclass(frozen=True, slots=True)
class GrantShown:
    """One person's leave to open a case; ``ended_at`` is empty while it holds."""

    email: str
    name: str
    organisation: str
    why: str
    granted_at: datetime
    ended_at: datetime | None


def grants_of(session: Session, case: Case) -> tuple[GrantShown, ...]:
    """Everybody who can open the case, then everybody who could, in order of the day it began."""
    rows = session.exec(
        select(CaseGrant, User, Organisation)
        .join(User, col(CaseGrant.user_id) == col(User.id))
        .outerjoin(Organisation, col(User.organisation_id) == col(Organisation.id))
        .where(CaseGrant.case_id == case.id)
        .order_by(col(CaseGrant.ended_at).is_not(None), col(CaseGrant.granted_at), col(CaseGrant.id))
    ).all()
    where = choices.places_of(session, (user.id for _, user, body in rows if body is None))
    return tuple(
        GrantShown(
            user.email, user.name, body.name if body else where.get(user.id or 0, ""), row.why, row.granted_at,
            row.ended_at,
        )
        for row, user, body in rows
    )  # fmt: skip


def user_named(session: Session, email: str) -> User:
    """The person of that sign-in name.

    Raises:
        BadInput: there is none.
    """
    found = session.exec(select(User).where(User.email == email.strip().lower())).first()
    if found is None:
        raise BadInput("Choose a person from the list")
    return found
