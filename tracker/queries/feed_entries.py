"""What a private calendar feed says of each date: a reference and our own words for it, or only that one is due.

No title, name, pseudonym, address or word of a case goes in: a calendar is shown on telephones and to assistants.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, and_, col, func, or_, select

from tracker.models import Case, Deadline, DeadlineChange, DeadlineStatus, Sensitivity
from tracker.policy import Actor
from tracker.queries.calendar_dates import kind_of, of_kinds, whose
from tracker.queries.due_dates import address_of
from tracker.services.feeds import Chosen
from tracker.templating import day

CANCELLED_FOR = timedelta(days=90)
"""How long a date that was met, stopped or paused is still listed as cancelled, so that programs take it out."""
MOST = 2000
RESTRICTED = "Restricted item due"


@dataclass(frozen=True, slots=True)
class Entry:
    """One all-day entry. ``sequence`` grows with every change; ``stamp`` is the instant of the last one, aware."""

    uid: str
    sequence: int
    stamp: datetime
    due_on: date
    summary: str
    description: str
    url: str
    cancelled: bool
    reference: str


def entries(
    session: Session, actor: Actor, chosen: Chosen, base_url: str, *, at: datetime
) -> tuple[Entry, ...]:
    """Every entry of a person's feed, by date: what they may see now, and nothing else."""
    counts = and_(
        col(Deadline.status) == DeadlineStatus.RUNNING,
        col(Deadline.paused).is_(False),
        col(Deadline.due_on).is_not(None),
    )
    lately = col(Deadline.id).in_(
        select(DeadlineChange.deadline_id).where(DeadlineChange.recorded_at > at - CANCELLED_FOR)
    )
    rows = session.exec(
        select(Deadline, Case)
        .join(Case, col(Deadline.case_id) == col(Case.id))
        .where(
            whose(actor, chosen.scope),
            of_kinds(chosen.kinds),
            or_(col(Deadline.due_on).is_not(None), col(Deadline.first_due_on).is_not(None)),
            col(Deadline.minimum).is_(False),
            or_(counts, lately),
        )
        .order_by(counts.desc(), col(Deadline.due_on), col(Deadline.id))
        .limit(MOST)
    ).all()
    changes = _changes(session, [deadline.id or 0 for deadline, _ in rows])
    made = [
        _entry(deadline, case, changes.get(deadline.id or 0), base_url.rstrip("/")) for deadline, case in rows
    ]
    return tuple(sorted(made, key=lambda entry: (entry.due_on, entry.uid)))


def _changes(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, datetime]]:
    """How many entries each ledger has, and when the last was recorded."""
    rows = session.exec(
        select(
            DeadlineChange.deadline_id,
            func.count(col(DeadlineChange.id)),
            func.max(DeadlineChange.recorded_at),
        )
        .where(col(DeadlineChange.deadline_id).in_(ids))
        .group_by(col(DeadlineChange.deadline_id))
    ).all()
    return {deadline_id: (times, last) for deadline_id, times, last in rows}


def _entry(deadline: Deadline, case: Case, changed: tuple[int, datetime] | None, base_url: str) -> Entry:
    due_on = (
        deadline.due_on or deadline.first_due_on
    )  # while it is paused it has no day: the first is taken out
    if due_on is None:
        raise ValueError("a date without a day stands in no calendar")
    times, last = changed or (0, deadline.recorded_at)
    restricted = case.sensitivity == Sensitivity.RESTRICTED
    link = f"{base_url}/calendar" if restricted else f"{base_url}{address_of(case)}"
    label = f"{deadline.label[:1].lower()}{deadline.label[1:]}"
    first = f"First due {day(deadline.first_due_on or due_on)}."
    return Entry(
        uid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{base_url}/deadlines/{deadline.id}")),
        # The ledger grows whenever the generation does, and also when a date is met, paused or taken up again.
        sequence=deadline.generation - 1 + times,
        stamp=max(last, deadline.recorded_at),
        due_on=due_on,
        summary=RESTRICTED if restricted else f"Due: {case.reference} {label} ({kind_of(deadline)})",
        description=f"See it in the tracker: {link}" if restricted else f"{first}\nSee the case: {link}",
        url=link,
        cancelled=deadline.status != DeadlineStatus.RUNNING or deadline.paused or deadline.due_on is None,
        reference=case.reference,
    )
