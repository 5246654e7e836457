"""Going live quietly: which dates had passed already on the day their case was brought in."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from tracker import clock
from tracker.audit import Happened
from tracker.models import Deadline, Event


def backlog(session: Session, deadlines: Sequence[Deadline]) -> Collection[int]:
    """Of these dates, by number, those that fell due no later than the London day their case was brought in.

    Whoever must be told of them is told in the digest of the day and never in a mail of its own. A date that is moved
    to a later day is one like any other.
    """
    late = {
        deadline.case_id
        for deadline in deadlines
        if deadline.due_on is not None and deadline.due_on <= clock.london(deadline.recorded_at)
    }
    days = _days(session, late) if late else {}
    return {
        deadline.id
        for deadline in deadlines
        if deadline.id is not None
        and deadline.due_on is not None
        and (on := days.get(deadline.case_id)) is not None
        and deadline.due_on <= on
    }


def _days(session: Session, cases: Collection[int]) -> Mapping[int, date]:
    """The London days on which those of these cases were brought in that were."""
    opened = session.exec(
        select(Event.case_id, Event.recorded_at, Event.detail).where(
            col(Event.case_id).in_(cases), Event.seq == 1, Event.kind == Happened.CASE_OPENED
        )
    ).all()
    return {number: clock.london(at) for number, at, detail in opened if detail.get("imported")}
