"""The set-up of a partnership, its names, areas and relevant bodies: who changes it, and what was changed.

Every change has a reason and a line of its own in a history that is only ever added to.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from tracker import db, policy
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted
from tracker.models import Partnership, SetupChange, SetupKind, User
from tracker.models.columns import JsonObject
from tracker.policy import Actor, Permission, Subject
from tracker.services import guarded
from tracker.services.references import hold

LONGEST_REASON = 2000


def mark(session: Session, partnership_id: int) -> str:
    """What stands in the set-up, in short: another mark later means that it is no longer what was seen."""
    return str(
        session.exec(
            select(func.count(col(SetupChange.id))).where(SetupChange.partnership_id == partnership_id)
        ).one()
    )


def history(
    session: Session, partnership_ids: Collection[int], *, kinds: Collection[SetupKind], about: str = ""
) -> Sequence[tuple[SetupChange, Partnership, User | None]]:
    """The changes of these kinds, newest first; with ``about``, those of one area."""
    statement = (
        select(SetupChange, Partnership, User)
        .join(Partnership, col(Partnership.id) == col(SetupChange.partnership_id))
        .outerjoin(User, col(User.id) == col(SetupChange.actor_id))
        .where(col(SetupChange.partnership_id).in_(partnership_ids), col(SetupChange.what).in_(kinds))
        .order_by(col(SetupChange.id).desc())
        .limit(100)
    )
    return session.exec(statement.where(SetupChange.about == about) if about else statement).all()


def done_before(session: Session, request_id: str | None) -> SetupChange | None:
    """The change of the same form with the same answers: a double press changes nothing twice, nor at once.

    Raises:
        ChangedMeanwhile: that form was sent before with other answers; those stand.
    """
    if not request_id:
        return None
    db.alone(session, request_id.partition(".")[0])
    found = session.exec(
        select(SetupChange).where(guarded.of_form(col(SetupChange.request_id), request_id))
    ).first()
    if found is not None and guarded.others(request_id, found.request_id):
        raise ChangedMeanwhile(guarded.SENT_BEFORE)
    return found


def require(session: Session, actor: Actor, partnership: Partnership, reason: str, seen: str | None) -> None:
    """Hold the partnership for a change of its set-up, if the actor may make it and it is what they saw.

    Raises:
        NotPermitted: the actor is neither manager nor administrator of the partnership.
        BadInput: no reason is given, or too long a one.
        ChangedMeanwhile: something was changed after they looked.
    """
    if not policy.allows(actor, Permission.SETUP_CHANGE, Subject(partnership_id=partnership.id)):
        raise NotPermitted(f"Only a manager or an administrator of {partnership.name} changes this.")
    if not reason.strip():
        raise BadInput("Say why this is changed.")
    if len(reason) > LONGEST_REASON:
        raise BadInput(f"The reason must be {LONGEST_REASON:,} characters or fewer.")
    hold(session, partnership.id or 0)
    if seen not in {None, mark(session, partnership.id or 0)}:
        raise ChangedMeanwhile(f"Somebody else changed the set-up of {partnership.name} after you looked.")


def everywhere(session: Session) -> list[Partnership]:
    """All partnerships, held in one order, for a change that concerns each: two of those never wait for each other."""
    places = session.exec(select(Partnership).order_by(col(Partnership.id))).all()
    return [hold(session, place.id or 0) for place in places]


def record(
    session: Session, actor: Actor, partnership: Partnership, what: SetupKind, said: str, *,
    detail: JsonObject, reason: str, at: datetime, request_id: str | None, about: str = "",
) -> SetupChange:  # fmt: skip
    """Add the line of history."""
    change = SetupChange(
        partnership_id=partnership.id or 0,
        what=what,
        about=about,
        said=said,
        detail=detail,
        reason=reason.strip(),
        actor_id=actor.user_id,
        at=at,
        request_id=request_id or None,
    )
    session.add(change)
    session.flush()
    return change
