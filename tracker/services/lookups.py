"""A record of who took a list away as a file, or searched: what was found, never what was typed."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from tracker.models import AccessLog, Looked
from tracker.policy import Actor


def note_file(session: Session, actor: Actor, name: str, references: Sequence[str], *, at: datetime) -> None:
    """Record that a list was made into a file (s.62 Data Protection Act 2018: disclosure), with its references."""
    session.add(
        AccessLog(
            at=at,
            user_id=actor.user_id,
            what=Looked.DISCLOSED,
            detail={"file": name, "references": list(references)},
        )
    )


def note_search(session: Session, actor: Actor, references: Sequence[str], *, at: datetime) -> None:
    """Record that somebody searched, with the references that they were shown.

    The words are left out: somebody may have typed a name.
    """
    session.add(
        AccessLog(at=at, user_id=actor.user_id, what=Looked.SEARCHED, detail={"references": list(references)})
    )
