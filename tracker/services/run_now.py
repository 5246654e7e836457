"""A round that an administrator asks for: it decides what is owed, and leaves sending to the sender."""

from datetime import datetime

from sqlmodel import Session

from tracker import policy
from tracker.errors import NotPermitted
from tracker.models import Partnership, Role, SetupChange, SetupKind
from tracker.policy import Actor, Permission, Subject
from tracker.services import set_up


def note(
    session: Session, actor: Actor, decided: int, *, at: datetime, request_id: str | None
) -> SetupChange:
    """Put on record who asked for the round, and how many reminders it decided. Sent twice, it is one line.

    Raises:
        NotPermitted: the actor is no administrator.
    """
    if before := set_up.done_before(session, request_id):
        return before
    place = min(actor.partnerships(Role.ADMINISTRATOR), default=None)
    if place is None or not policy.allows(actor, Permission.RUNS, Subject(partnership_id=place)):
        raise NotPermitted("Only an administrator starts a round.")
    said = f"A round was started by hand: {decided} decided."
    return set_up.record(
        session, actor, session.get_one(Partnership, place), SetupKind.ROUND_RUN, said,
        detail={"decided": decided}, reason="Run now was pressed.", at=at, request_id=request_id,
    )  # fmt: skip
