"""Is anything due but not told? Asked of every running date, whatever the tick believes to have done."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import literal_column
from sqlmodel import Session, col, select

from tracker import clock
from tracker.models import Case, Deadline, DeadlineStatus, Outbox, OutboxState
from tracker.services.calendars import calendar_for, calendars_for
from tracker.services.leases import LATE_AFTER
from tracker.services.mornings import morning_passed
from tracker.services.reminders import owed, told
from tracker.templating import day
from workflows.calendars import Calendar

BATCH = 500
STUCK_AFTER = timedelta(days=1)
"""A notice that waits so long past its time, with mail leaving, was not told."""


@dataclass(frozen=True, slots=True)
class Untold:
    """One reminder that was due and that nobody was told of."""

    reference: str
    label: str
    due_on: date

    @property
    def words(self) -> str:
        """The fault in a sentence."""
        return f"{self.reference}: a reminder of “{self.label}” was due on {day(self.due_on)} and nobody was told."


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How many running dates were asked about, and what was due but not told."""

    dates: int
    untold: tuple[Untold, ...]


def reconcile(session: Session, at: datetime) -> Reconciled:
    """Compare what the ladders of all running dates owe with the ledger, as at an instant. Changes nothing.

    What has become due within the last quarter of an hour is the next round's to tell, and is left out. So is what
    was decided and did not arrive: that is on the ledger, and on Today.
    """
    today = _last_morning(session, at)
    dates, found = 0, list(_stuck(session, at))
    for batch in _batches(session):
        dates += len(batch)
        found += _owing(session, batch, today, at)
    return Reconciled(dates, tuple(sorted(found, key=lambda one: (one.due_on, one.reference))))


def _last_morning(session: Session, at: datetime) -> date:
    """The last day on whose morning a round was to be."""
    calendar, on = calendar_for(session, None), clock.london(at)
    passed = morning_passed(at, calendar)
    return passed or calendar.previous_working(on - timedelta(days=1) if at < clock.morning_of(on) else on)


def _batches(session: Session) -> Iterator[Sequence[tuple[Deadline, Case]]]:
    rows = iter(
        session.exec(
            select(Deadline, Case)
            .join(Case, col(Case.id) == col(Deadline.case_id))
            .where(
                col(Deadline.status) == literal_column(f"'{DeadlineStatus.RUNNING}'"),
                col(Deadline.paused).is_(False),
                col(Deadline.due_on).is_not(None),
            )
            .order_by(col(Deadline.id))
        ).all()
    )
    while batch := list(islice(rows, BATCH)):
        yield batch


def _owing(
    session: Session, batch: Sequence[tuple[Deadline, Case]], today: date, at: datetime
) -> Iterator[Untold]:
    calendars: Mapping[int | None, Calendar] = calendars_for(
        session, {case.partnership_id for _, case in batch}
    )
    had = defaultdict(set, told(session, [deadline for deadline, _ in batch]))
    for deadline, case in batch:
        if _is_just_due(deadline, at):
            continue
        try:
            send = owed(deadline, today, had, calendars[case.partnership_id]).send
        except ValueError:  # a ladder that cannot be read is told nobody either
            yield Untold(case.reference, deadline.label, deadline.due_on or today)
            continue
        if send:
            yield Untold(case.reference, deadline.label, min(note.on for note in send))


def _is_just_due(deadline: Deadline, at: datetime) -> bool:
    """Whether the next round is about to look at it."""
    return deadline.next_notice_at is not None and at - LATE_AFTER < deadline.next_notice_at <= at


def _stuck(session: Session, at: datetime) -> Iterator[Untold]:
    """Notices that were decided and have waited for a day and more."""
    rows = session.exec(
        select(Outbox, Deadline, Case)
        .join(Deadline, col(Deadline.id) == col(Outbox.deadline_id))
        .join(Case, col(Case.id) == col(Outbox.case_id))
        .where(
            col(Outbox.state).in_([OutboxState.QUEUED, OutboxState.SENDING]),
            col(Outbox.not_before) <= at - STUCK_AFTER,
            Outbox.generation == Deadline.generation,
            Deadline.status == DeadlineStatus.RUNNING,
            col(Deadline.paused).is_(False),
        )
        .order_by(col(Outbox.id))
    ).all()
    for row, deadline, case in rows:
        yield Untold(case.reference, deadline.label, row.owed_on)
