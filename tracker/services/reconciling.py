"""Is anything due but not told? Asked of every running date, whatever the tick believes to have done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Row, Select, String, cast, func, literal_column
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from tracker import clock
from tracker.models import Case, Deadline, DeadlineStatus, Outbox, OutboxState
from tracker.services.calendars import calendar_for
from tracker.services.ladders import FURTHEST
from tracker.services.leases import LATE_AFTER
from tracker.services.mornings import morning_passed
from tracker.services.reminders import Done, owed, told
from tracker.templating import day
from workflows.calendars import Calendar

BATCH = 2000
LONGEST_LEAD = timedelta(days=2 * FURTHEST)
"""More than lies between a date and the earliest reminder of it, were that 365 working days ahead."""
STUCK_AFTER = timedelta(days=1)
"""A notice that waits so long past its time, with mail leaving, was not told."""

_Near = tuple[int | None, int, date | None, str, bool, datetime | None, int]
"""Number, generation, due date, ladder as text, whether a minimum, next look, partnership: one near date."""


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
    was decided and did not arrive: that is on the ledger, and on Today. A million dates take some seconds: dates that
    lie too far ahead for any ladder are only counted, and equal questions are answered once.
    """
    today = _last_morning(session, at)
    asked, found = _Asked(session, today, at), list(_stuck(session, at))
    rows = session.connection().execute(_near(today), execution_options={"yield_per": BATCH})
    for batch in rows.partitions():
        found += asked.untold(batch)
    far = session.exec(
        select(func.count())
        .select_from(Deadline)
        .where(*_RUNNING, col(Deadline.due_on) > today + LONGEST_LEAD)
    ).one()
    return Reconciled(asked.dates + far, tuple(sorted(found, key=lambda one: (one.due_on, one.reference))))


def _last_morning(session: Session, at: datetime) -> date:
    """The last day on whose morning a round was to be."""
    calendar, on = calendar_for(session, None), clock.london(at)
    passed = morning_passed(at, calendar)
    return passed or calendar.previous_working(on - timedelta(days=1) if at < clock.morning_of(on) else on)


_RUNNING = (
    col(Deadline.status) == literal_column(f"'{DeadlineStatus.RUNNING}'"),
    col(Deadline.paused).is_(False),
)


def _near(today: date) -> Select[*_Near]:
    """Select the running dates of which somebody may have to be told by now, as plain columns."""
    return (
        select_columns(
            col(Deadline.id),
            col(Deadline.generation),
            col(Deadline.due_on),
            cast(col(Deadline.ladder), String),
            col(Deadline.minimum),
            col(Deadline.next_notice_at),
            col(Case.partnership_id),
        )
        .join(Case, col(Case.id) == col(Deadline.case_id))
        .where(*_RUNNING, col(Deadline.due_on) <= today + LONGEST_LEAD)
    )


class _Asked:
    """The question put to one date after the other; the same question is answered once."""

    def __init__(self, session: Session, today: date, at: datetime) -> None:
        self.dates = 0
        self._session, self._today, self._at = session, today, at
        self._answers: dict[tuple[object, ...], date | None] = {}
        self._calendars: dict[int | None, Calendar] = {}

    def untold(self, batch: Sequence[Row[*_Near]]) -> Iterator[Untold]:
        """Those of the batch of which somebody was to be told and was not."""
        self.dates += len(batch)
        had = told(self._session, [row[0] for row in batch])
        for row in batch:
            number, generation, due_on, ladder, minimum, notice_at, partnership_id = row
            done = frozenset(had.get((number or 0, generation), ()))
            question = (due_on, ladder, minimum, partnership_id, done)
            if question not in self._answers:
                self._answers[question] = self._owed_on(number, partnership_id, done)
            owed_on = self._answers[question]
            if owed_on is not None and not _is_just_due(notice_at, self._at):
                deadline = self._session.get_one(Deadline, number)
                reference = self._session.get_one(Case, deadline.case_id).reference
                yield Untold(reference, deadline.label, owed_on)

    def _owed_on(self, number: int | None, partnership_id: int, done: Done) -> date | None:
        """The day since when somebody is to be told; None if nobody is."""
        deadline = self._session.get_one(Deadline, number)
        if partnership_id not in self._calendars:
            self._calendars[partnership_id] = calendar_for(self._session, partnership_id)
        had = {(number or 0, deadline.generation): done}
        try:
            send = owed(deadline, self._today, had, self._calendars[partnership_id]).send
        except ValueError:  # a ladder that cannot be read is told nobody either
            return deadline.due_on or self._today
        return min((note.on for note in send), default=None)


def _is_just_due(notice_at: datetime | None, at: datetime) -> bool:
    """Whether the next round is about to look at it."""
    return notice_at is not None and at - LATE_AFTER < notice_at <= at


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
