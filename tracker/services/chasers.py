"""How often an agency was asked for what it owes: by the timetable, by "chase now", and outside the tracker.

Every reminder that went to the agency's lead or to its named senior is an asking, on the London day it went; to several
people of one agency it is one. What is recorded as sent by other means is counted on the request itself.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, and_, col, select

from tracker import clock
from tracker.models import Deadline, Outbox, OutboxState
from workflows.calendars import Calendar
from workflows.ladder import Who

KIND = "chaser"
"""The kind of notice that somebody asked for; the timetable's are of the kind "reminder"."""
COUNTS = "They were chased by hand just before, and that counts."
_ALIVE = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.SENT)


@dataclass(frozen=True, slots=True)
class Asking:
    """One asking. ``at`` is when the mail went, or is to go; ``late``: after the date had passed, or by hand.

    ``letter`` is the number of the letter that was made with it, 0 if none was.
    """

    at: datetime
    on: date
    senior: bool
    by_hand: bool
    late: bool
    letter: int = 0


def is_asking() -> ColumnElement[bool]:
    """Notices that ask an agency: those that went, and those by hand that are on their way."""
    return and_(
        col(Outbox.who).in_([str(Who.LEAD), str(Who.ESCALATION)]),
        or_(
            col(Outbox.state) == OutboxState.SENT,
            and_(col(Outbox.kind) == KIND, col(Outbox.state).in_(_ALIVE)),
        ),
    )


def askings(session: Session, deadlines: Collection[int]) -> Mapping[int, tuple[Asking, ...]]:
    """The askings of each of these dates, given by number, oldest first, whatever the date was then."""
    found = _askings(session, col(Outbox.deadline_id).in_(deadlines))
    return {number: made for (_, number), made in found.items()}


def askings_about(session: Session, cases: Collection[int]) -> Mapping[int, tuple[Asking, ...]]:
    """The same for cases, given by number: for whatever date of theirs an agency was asked."""
    found: dict[int, list[Asking]] = defaultdict(list)
    for (number, _), made in _askings(session, col(Outbox.case_id).in_(cases)).items():
        found[number] += made
    return {number: tuple(sorted(made, key=_in_time)) for number, made in found.items()}


def by_other_means(recorded: int, made: Collection[Asking]) -> int:
    """How many of the chasers that are recorded on a request went outside the tracker."""
    return max(0, recorded - sum(one.by_hand and not one.senior for one in made))


def _askings(session: Session, where: ColumnElement[bool]) -> Mapping[tuple[int, int], tuple[Asking, ...]]:
    """By case and date."""
    rows = session.exec(select(Outbox).where(where, is_asking()).order_by(col(Outbox.id))).all()
    found: dict[tuple[int, int], dict[tuple[date, bool], Asking]] = defaultdict(dict)
    for row in rows:
        if row.case_id is None or row.deadline_id is None:
            continue
        one, days = _asking(row), found[row.case_id, row.deadline_id]
        if one.by_hand or (one.on, one.senior) not in days:
            days[one.on, one.senior] = one
    return {place: tuple(sorted(days.values(), key=_in_time)) for place, days in found.items()}


def _in_time(one: Asking) -> tuple[datetime, bool]:
    return one.at, one.senior


def lately_by_hand(
    session: Session, deadlines: Collection[Deadline], today: date, calendar: Calendar
) -> Collection[tuple[int | None, str]]:
    """Dates, by number, and mailboxes that were chased by hand since the working day before, after the date had passed."""
    late = [deadline.id for deadline in deadlines if deadline.due_on is not None and deadline.due_on < today]
    if not late:
        return frozenset()
    rows = session.exec(
        select(Outbox.deadline_id, Outbox.to_address)
        .join(Deadline, col(Deadline.id) == col(Outbox.deadline_id))
        .where(
            col(Outbox.deadline_id).in_(late),
            Outbox.kind == KIND,
            Outbox.generation == Deadline.generation,
            col(Outbox.state).in_(_ALIVE),
            col(Outbox.owed_on) > col(Deadline.due_on),
            col(Outbox.owed_on) >= calendar.previous_working(today - timedelta(days=1)),
        )
    ).all()
    return frozenset(rows)


def _asking(row: Outbox) -> Asking:
    by_hand = row.kind == KIND
    at = row.sent_at or row.not_before
    return Asking(
        at,
        clock.london(at),
        row.who == Who.ESCALATION,
        by_hand,
        by_hand or row.rung.startswith("after-"),
        (row.id or 0) if "letter" in row.payload else 0,
    )
