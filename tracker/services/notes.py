"""Notes: words that stand in the history of a case and change nothing else."""

from datetime import datetime

from sqlmodel import Session

from tracker import access, audit, clock, policy
from tracker.audit import Happened
from tracker.errors import BadInput, NotPermitted
from tracker.models import Case, Event
from tracker.policy import Actor, Permission
from tracker.services.guarded import done_before

LONGEST = 20_000
"""Letters of one note: as much as a long form holds."""


def add(
    session: Session, actor: Actor, case: Case, words: str, *, at: datetime, request_id: str | None = None
) -> Event:
    """Add a note. It needs no version: it takes nothing away from what anybody else saved.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: the same form was sent before with other words.
        BadInput: it says nothing, or too much.
    """
    if not policy.allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)):
        raise NotPermitted("Only the partnership's business unit adds notes to this case.")
    if before := done_before(session, case, request_id):
        return before
    if not words.strip():
        raise BadInput("Write the note.")
    if len(words) > LONGEST:
        raise BadInput(f"A note can have at most {LONGEST:,} letters.")
    event = audit.record(
        session, case, actor, Happened.NOTE_ADDED,
        occurred_on=clock.london(at), at=at, detail={"said": words.strip()}, request_id=request_id,
    )  # fmt: skip
    session.flush()
    return event
