"""Audit as a page shows it: does every history hold together, and who looked at what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from tracker import access, clock
from tracker.models import AccessLog, Case, Looked, Membership, Role, User
from tracker.policy import Actor
from tracker.queries import verification
from tracker.queries.choices import Choices

MOST = 200
LOOKED: Mapping[str, str] = {
    Looked.CONSULTED: "Opened",
    Looked.DISCLOSED: "Took away as a file",
    Looked.SEARCHED: "Searched",
    Looked.SIGNED_IN: "Signed in",
    Looked.SIGN_IN_REFUSED: "Was not let in",
    Looked.SIGNED_OUT: "Signed out",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """How many faults there are, and the sentences about cases that the actor may open."""

    total: int
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookedRow:
    """One look. ``reference`` is empty where there is none, or the actor may not open it (``closed``)."""

    at: datetime
    what: str
    reference: str
    closed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class LookedPage:
    """What one person looked at, the newest first, and how often in all."""

    rows: tuple[LookedRow, ...]
    total: int


def check(session: Session, actor: Actor) -> Checked:
    """Check every history, as ``tracker verify`` does. Changes nothing."""
    found = tuple(verification.faults(session))
    theirs = set(session.exec(select(Case.reference).where(access.visible(actor))).all()) if found else set()
    return Checked(len(found), tuple(one for one in found if one.split(":")[0] in theirs))


def people(session: Session, actor: Actor) -> Choices:
    """Everybody who holds or held a role where the actor is auditor, by number and name."""
    rows = session.exec(
        select(User.id, User.name, User.email)
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(col(Membership.partnership_id).in_(actor.partnerships(Role.AUDITOR)))
        .distinct()
        .order_by(User.name, User.email)
    ).all()
    return tuple((str(number), f"{name}, {email}") for number, name, email in rows)


def looked(session: Session, actor: Actor, person: int, first: date, last: date) -> LookedPage:
    """What one person looked at from the first London day to the last, both counted."""
    wanted = (
        AccessLog.user_id == person,
        col(AccessLog.at) > clock.end_of(first - timedelta(days=1)),
        col(AccessLog.at) <= clock.end_of(last),
    )
    total = session.exec(select(func.count()).select_from(AccessLog).where(*wanted)).one()
    theirs = select(Case.id).where(access.visible(actor))
    rows = session.exec(
        select(AccessLog, Case, col(AccessLog.case_id).in_(theirs))
        .outerjoin(Case, col(Case.id) == col(AccessLog.case_id))
        .where(*wanted)
        .order_by(col(AccessLog.id).desc())
        .limit(MOST)
    ).all()
    return LookedPage(
        tuple(
            LookedRow(
                row.at, LOOKED[row.what], case.reference if case is not None and mine else "",
                case is not None and not mine, row.reason if mine or case is None else "",
            )
            for row, case, mine in rows
        ),
        total,
    )  # fmt: skip
