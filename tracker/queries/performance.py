"""Performance: who holds things up, whether actions get done, whether dates slip. Counts, never percentages of a few."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access
from tracker.models import Case
from tracker.policy import Actor
from tracker.queries.action_rows import is_action
from tracker.queries.bar_lengths import length_of
from tracker.queries.due_dates import address_of
from tracker.queries.line_chart import LineChart, line_chart
from tracker.queries.met_dates import Met
from tracker.queries.performance_dates import Outcome, PastDate, counted, past_and_met, past_dates
from tracker.queries.standing_out import FEW, SHARE_PERCENT

QUARTERS = 8
"""How many quarters the lines go back, the present one among them."""


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency: what it answered in time, late, not at all; the lengths of its two bars."""

    name: str
    key: str
    in_time: int
    late: int
    no_answer: int
    lengths: tuple[int, int] = (0, 0)

    @property
    def total(self) -> int:
        """Everything that it owed."""
        return self.in_time + self.late + self.no_answer


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source of dates: how often they moved, and how many were late or are still owed."""

    name: str
    key: str
    never: int
    once: int
    more: int
    late: int

    @property
    def total(self) -> int:
        """All of its dates."""
        return self.never + self.once + self.more


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter: its address, its name, how many actions were opened and closed in it."""

    key: str
    name: str
    opened: int
    closed: int


@dataclass(frozen=True, slots=True)
class Performance:
    """Everything that the page shows. A headline stands over each table.

    ``before_us`` is how many dates fell due before their case was brought in.
    """

    agencies: tuple[AgencyRow, ...]
    agencies_said: str
    sources: tuple[SourceRow, ...]
    sources_said: str
    quarters: tuple[Quarter, ...]
    quarters_said: str
    chart: LineChart
    before_us: int


@dataclass(frozen=True, slots=True)
class ActionOpened:
    """One action with the day it was opened and, if it has ended, the day it was closed."""

    reference: str
    href: str
    text: str
    opened_on: date
    closed_on: date | None


def performance(session: Session, actor: Actor, today: date, *, before_us: bool = False) -> Performance:
    """The page as on a London day; with ``before_us``, old lateness of cases that were brought in counts too."""
    every = past_dates(session, actor, today)
    dates = counted(every, before_us=before_us)
    agencies, sources = by_agency(dates), by_source(dates)
    quarters = by_quarter(opened_and_closed(session, actor), today)
    said = actions_said(quarters)
    return Performance(
        agencies,
        agencies_said(agencies),
        sources,
        sources_said(dates),
        quarters,
        said,
        chart_of(quarters, said),
        sum(one.before_us for one in every),
    )


def agencies_and_met(session: Session, actor: Actor, today: date) -> tuple[tuple[AgencyRow, ...], Met]:
    """Who answers in time, and how many dates were met lately, for a page beside this one."""
    dates, met = past_and_met(session, actor, today)
    return by_agency(counted(dates, before_us=False)), met


def by_agency(dates: Sequence[PastDate]) -> tuple[AgencyRow, ...]:
    """The agencies that owed something, the one with most that is not in time first."""
    theirs = [one for one in dates if one.agency_key]
    names = {one.agency_key: one.agency for one in theirs}
    by = Counter((one.agency_key, one.outcome) for one in theirs)
    rows = [
        AgencyRow(name, key, by[key, Outcome.IN_TIME], by[key, Outcome.LATE], by[key, Outcome.NO_ANSWER])
        for key, name in names.items()
    ]
    longest = max((row.total for row in rows), default=0)
    drawn = [
        AgencyRow(
            row.name, row.key, row.in_time, row.late, row.no_answer,
            (length_of(row.in_time, longest), length_of(row.late + row.no_answer, longest)),
        )
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(drawn, key=lambda row: (-(row.late + row.no_answer), -row.total, row.name)))


def agencies_said(rows: Sequence[AgencyRow]) -> str:
    """The headline over the agencies, by rule."""
    total = sum(row.total for row in rows)
    if total < FEW:
        return f"Too few dates to compare: {total}."
    late, silent = sum(row.late for row in rows), sum(row.no_answer for row in rows)
    in_time = total - late - silent
    said = f"{in_time} of {total} dates that agencies owed were met in time, {late} late, {silent} not yet."
    worst = max(rows, key=lambda row: row.late + row.no_answer)
    behind = worst.late + worst.no_answer
    if behind > 1 and behind * 100 >= SHARE_PERCENT * (late + silent) and len(rows) > 1:
        said += f" {worst.name} has {behind} of the {late + silent} that were not in time."
    return said


def by_source(dates: Sequence[PastDate]) -> tuple[SourceRow, ...]:
    """Where dates come from, the source with most of them first."""
    rows = []
    for key, name in {one.source_key: one.source for one in dates}.items():
        there = [one for one in dates if one.source_key == key]
        moved = Counter(min(one.moved, 2) for one in there)
        late = sum(one.outcome is not Outcome.IN_TIME for one in there)
        rows.append(SourceRow(name, key, moved[0], moved[1], moved[2], late))
    return tuple(sorted(rows, key=lambda row: (-row.total, row.name)))


def sources_said(dates: Sequence[PastDate]) -> str:
    """The headline over the sources, by rule."""
    if len(dates) < FEW:
        return f"Too few dates to compare: {len(dates)}."
    moved = sum(one.moved > 0 for one in dates)
    after = sum(one.moved > 0 and one.outcome is not Outcome.IN_TIME for one in dates)
    if not moved:
        return f"None of the {len(dates)} dates that fell due was moved."
    late = f", and {after} of them {'was' if after == 1 else 'were'} late all the same" if after else ""
    return f"{moved} of the {len(dates)} dates that fell due {'was' if moved == 1 else 'were'} moved{late}."


def opened_and_closed(session: Session, actor: Actor) -> tuple[ActionOpened, ...]:
    """Every action that the actor may see."""
    rows = session.exec(
        select(Case)
        .where(is_action(), access.visible(actor))
        .order_by(col(Case.opened_on), col(Case.reference))
    ).all()
    return tuple(
        ActionOpened(case.reference, address_of(case), case.title, case.opened_on, case.closed_on)
        for case in rows
    )


def by_quarter(actions: Sequence[ActionOpened], today: date) -> tuple[Quarter, ...]:
    """The last quarters with what was opened and closed in each, the oldest first."""
    opened = Counter(quarter_of(one.opened_on) for one in actions)
    closed = Counter(quarter_of(one.closed_on) for one in actions if one.closed_on and one.closed_on <= today)
    last = today.year * 4 + (today.month - 1) // 3
    keys = [f"{number // 4}-q{number % 4 + 1}" for number in range(last - QUARTERS + 1, last + 1)]
    return tuple(Quarter(key, quarter_words(key), opened[key], closed[key]) for key in keys)


def quarter_of(on: date) -> str:
    """``2026-q4``."""
    return f"{on.year}-q{(on.month - 1) // 3 + 1}"


def quarter_words(key: str) -> str:
    """``Oct to Dec 2026``."""
    year, _, number = key.partition("-q")
    return f"{('Jan to Mar', 'Apr to Jun', 'Jul to Sep', 'Oct to Dec')[int(number) - 1]} {year}"


def actions_said(quarters: Sequence[Quarter]) -> str:
    """The headline over the lines, by rule."""
    opened, closed = sum(one.opened for one in quarters), sum(one.closed for one in quarters)
    if opened + closed < FEW:
        return f"Too few actions to compare: {opened + closed}."
    if closed >= opened:
        return f"As much was closed as opened in the last {QUARTERS} quarters, or more: {closed} closed, {opened} opened."
    more = opened - closed
    noun = "action was" if more == 1 else "actions were"
    return f"{more} more {noun} opened than closed in the last {QUARTERS} quarters: {opened} opened, {closed} closed."


LISTS: Mapping[str, Callable[[PastDate], str]] = {
    "agencies": lambda one: one.agency_key,
    "sources": lambda one: one.source_key,
}
"""What an address calls each table of dates, and by what its rows are told apart."""


def chart_of(quarters: Sequence[Quarter], said: str) -> LineChart:
    """The two lines; ``said`` is the headline over them."""
    marks = [f"{one.name[:3]} {one.key[2:4]}" for one in quarters]
    return line_chart(
        "actions-lines", "Actions opened and closed by quarter", f"{said} The table below has every number.",
        marks, (("Opened", [one.opened for one in quarters]), ("Closed", [one.closed for one in quarters])),
    )  # fmt: skip
