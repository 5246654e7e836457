"""The history of a set-up as pages show it, and whose set-up somebody reads or changes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker import policy
from tracker.models import Partnership, SetupKind
from tracker.policy import Actor, Permission, Subject
from tracker.services import set_up


@dataclass(frozen=True, slots=True)
class SetupEntry:
    """One line: what was changed where, by whom and why."""

    said: str
    where: str
    reason: str
    by: str
    at: datetime


def entries(
    session: Session, partnership_ids: Collection[int], *kinds: SetupKind, about: str = ""
) -> tuple[SetupEntry, ...]:
    """The last changes of these kinds, newest first."""
    return tuple(
        SetupEntry(row.said, place.name, row.reason, user.name if user else "the command line", row.at)
        for row, place, user in set_up.history(session, partnership_ids, kinds=kinds, about=about)
    )


def partnerships(session: Session, actor: Actor, permission: Permission) -> tuple[Partnership, ...]:
    """The partnerships in which the actor holds the permission, by name."""
    found = session.exec(select(Partnership).order_by(col(Partnership.name))).all()
    return tuple(
        place for place in found if policy.allows(actor, permission, Subject(partnership_id=place.id))
    )
