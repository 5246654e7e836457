"""The calendar's pages: an agenda of the days on which something is due, and a month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from tracker.models import DateKind, Deadline, FeedScope
from tracker.policy import Actor
from tracker.queries.calendar_dates import of_kinds, whose
from tracker.queries.due_dates import DueShown, Horizon, counted, dated, shown
from tracker.queries.paging import PER_PAGE, Paged, page_within

PINNED = 5
"""How many overdue dates stand above the agenda."""
IN_A_CELL = 3
MOST_IN_A_MONTH = 1000
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class CalendarFilters:
    """What the calendar is narrowed to. ``overdue``: the dates that have passed, instead of those to come."""

    scope: FeedScope = FeedScope.ALL
    kind: DateKind | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day. ``closed`` names it where it is no working day; ``more`` are due beyond those shown."""

    on: date
    rows: tuple[DueShown, ...]
    closed: str = ""
    more: int = 0

    @property
    def off(self) -> bool:
        """Whether it is a Saturday, a Sunday, a bank holiday or a closed day."""
        return bool(self.closed) or self.on.weekday() >= SATURDAY


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days under one heading: Today, This week, Next week, or a month."""

    title: str
    days: tuple[CalendarDay, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """A page of the agenda. ``pinned`` are the longest overdue, of ``overdue`` in all."""

    stretches: tuple[Stretch, ...]
    found: Paged[DueShown]
    pinned: tuple[DueShown, ...]
    overdue: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday to Sunday; the days of other months are left out (None)."""

    first: date
    weeks: tuple[tuple[CalendarDay | None, ...], ...]
    total: int

    def busy(self, today: date) -> tuple[tuple[CalendarDay | None, ...], ...]:
        """The weeks with something in them, this week among them: those that a phone lists."""
        return tuple(
            week
            for week in self.weeks
            if any(each and (each.rows or each.closed or each.on == today) for each in week)
        )

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        """The first day of the month after."""
        return (self.first + timedelta(days=31)).replace(day=1)


def agenda(
    session: Session,
    actor: Actor,
    filters: CalendarFilters,
    horizon: Horizon,
    *,
    start: date,
    page: int = 1,
) -> Agenda:
    """What is due from a day on, or from today where that has passed; of what is overdue, all of it."""
    theirs = _theirs(actor, filters)
    late = col(Deadline.due_on) < horizon.today
    overdue = counted(session, *theirs, late)
    wanted = late if filters.overdue else col(Deadline.due_on) >= max(start, horizon.today)
    total = overdue if filters.overdue else counted(session, *theirs, wanted)
    page = page_within(page, total)
    rows = _rows(session, actor, horizon, (*theirs, wanted), limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    pinned = not filters.overdue and page == 1 and overdue
    return Agenda(
        _stretches(rows, horizon, named=not filters.overdue),
        Paged(rows, total, page),
        _rows(session, actor, horizon, (*theirs, late), limit=PINNED) if pinned else (),
        overdue,
    )


def one_day(
    session: Session, actor: Actor, filters: CalendarFilters, horizon: Horizon, on: date, *, page: int = 1
) -> tuple[CalendarDay, Paged[DueShown]]:
    """Everything that is due on one day."""
    conditions = (*_theirs(actor, filters), col(Deadline.due_on) == on)
    total = counted(session, *conditions)
    page = page_within(page, total)
    rows = _rows(session, actor, horizon, conditions, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return CalendarDay(on, rows, _closed(horizon, on)), Paged(rows, total, page)


def month(session: Session, actor: Actor, filters: CalendarFilters, horizon: Horizon, first: date) -> Month:
    """A month of running dates, those that have passed among them."""
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    within = (col(Deadline.due_on) >= first, col(Deadline.due_on) <= last)
    rows = _rows(session, actor, horizon, (*_theirs(actor, filters), *within), limit=MOST_IN_A_MONTH)
    by_day = {on: tuple(found) for on, found in groupby(rows, key=lambda row: row.due_on)}
    cells: list[CalendarDay | None] = [None] * first.weekday()
    for number in range(last.day):
        on = first + timedelta(days=number)
        due = by_day.get(on, ())
        cells.append(CalendarDay(on, due[:IN_A_CELL], _closed(horizon, on), max(0, len(due) - IN_A_CELL)))
    cells += [None] * (SUNDAY - last.weekday())
    weeks = tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))
    return Month(first, weeks, len(rows))


def _theirs(actor: Actor, filters: CalendarFilters) -> tuple[ColumnElement[bool], ...]:
    kinds = () if filters.kind is None else (filters.kind,)
    return whose(actor, filters.scope), of_kinds(kinds)


def _rows(
    session: Session,
    actor: Actor,
    horizon: Horizon,
    conditions: Iterable[ColumnElement[bool]],
    *,
    limit: int,
    offset: int = 0,
) -> tuple[DueShown, ...]:
    found = session.exec(dated(*conditions).offset(offset).limit(limit)).all()
    return shown(session, found, horizon, actor)


def _stretches(rows: Sequence[DueShown], horizon: Horizon, *, named: bool) -> tuple[Stretch, ...]:
    """The rows by day, with the closed days between the first and the last, under their headings."""
    by_day = {on: tuple(found) for on, found in groupby(rows, key=lambda row: row.due_on) if on is not None}
    if not by_day:
        return ()
    closed = _closed_between(horizon, min(by_day), max(by_day)) if named else {}
    days = [CalendarDay(on, by_day.get(on, ()), closed.get(on, "")) for on in sorted({*by_day, *closed})]
    return tuple(
        Stretch(title, tuple(found))
        for title, found in groupby(days, key=lambda each: _heading(each.on, horizon.today))
    )


def _heading(on: date, today: date) -> str:
    sunday = today + timedelta(days=SUNDAY - today.weekday())
    if on == today:
        return "Today"
    if today < on <= sunday:
        return "This week"
    if sunday < on <= sunday + timedelta(days=7):
        return "Next week"
    return f"{on:%B %Y}"


def _closed(horizon: Horizon, on: date) -> str:
    """What the day is called in one of the reader's calendars, where it is a bank holiday or a closed day."""
    names = (calendar.name_of(on) for calendar in horizon.calendars.values())
    return next((name for name in names if name), "")


def _closed_between(horizon: Horizon, first: date, last: date) -> dict[date, str]:
    before = first - timedelta(days=1)
    return {
        on: name
        for calendar in horizon.calendars.values()
        for on, name in calendar.named_days_off(before, last)
    }
