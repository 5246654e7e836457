"""What a partnership did of its own duties: recorded by its business unit, taken out where that was a mistake."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import clock as time
from tracker import db, policy
from tracker.errors import BadInput, NotPermitted
from tracker.models import DutyRecord, Partnership
from tracker.policy import Actor, Permission, Subject
from tracker.services.documents import safe_link
from workflows.duties import Duty

EARLIEST = date(1998, 7, 31)
"""Royal assent of the Crime and Disorder Act 1998."""


def records_of(session: Session, partnership: Partnership) -> Sequence[DutyRecord]:
    """What was done and counts, the latest first."""
    return session.exec(
        select(DutyRecord)
        .where(DutyRecord.partnership_id == partnership.id, col(DutyRecord.removed_at).is_(None))
        .order_by(col(DutyRecord.done_on).desc(), col(DutyRecord.id).desc())
    ).all()


def done_of(rows: Sequence[DutyRecord]) -> Mapping[Duty, Sequence[date]]:
    """The days on which each duty was done."""
    return {duty: [row.done_on for row in rows if row.duty == duty] for duty in Duty}


def record(
    session: Session,
    actor: Actor,
    partnership: Partnership,
    duty: str,
    on: date,
    location: str = "",
    *,
    at: datetime,
) -> DutyRecord:
    """Record that a duty was done. The same duty on the same day is there once.

    Raises:
        NotPermitted: the actor does not work in the partnership's business unit.
        BadInput: there is no such duty, the day cannot be, or the link is none.
    """
    _require(actor, partnership)
    if duty not in set(Duty):
        raise BadInput("What was done must be among the answers shown.")
    if not EARLIEST <= on <= time.london(at):
        raise BadInput("Day on which it was done: it must be today or in the past, and after July 1998.")
    link = safe_link(location) if location.strip() else ""
    # The partnership is held, so that two presses at once make one record.
    session.exec(db.for_update(session, select(Partnership).where(Partnership.id == partnership.id))).one()
    for row in records_of(session, partnership):
        if (row.duty, row.done_on) == (duty, on):
            return row
    row = DutyRecord(
        partnership_id=partnership.id or 0, duty=duty, done_on=on, location=link,
        recorded_by_id=actor.user_id, recorded_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def remove(
    session: Session, actor: Actor, partnership: Partnership, duty: str, on: date, *, at: datetime
) -> None:
    """Take out what was recorded by mistake. The row stays, with who took it out.

    Raises:
        NotPermitted: the actor does not work in the partnership's business unit.
        BadInput: nothing of the kind is recorded for that day.
    """
    _require(actor, partnership)
    found = [row for row in records_of(session, partnership) if (row.duty, row.done_on) == (duty, on)]
    if not found:
        raise BadInput("Nothing of the kind is recorded for that day.")
    for row in found:
        row.removed_by_id, row.removed_at = actor.user_id, at
        session.add(row)
    session.flush()


def _require(actor: Actor, partnership: Partnership) -> None:
    if not policy.allows(actor, Permission.CASE_LOG, Subject(partnership_id=partnership.id)):
        raise NotPermitted("Only the partnership's business unit records what was done of its duties.")
