"""What a board pack is made of: sections of sentences and tables, drawn alike on the page, in print and in Word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.queries.at_risk import headline, kinds_of
from tracker.queries.board_items import Taken
from tracker.queries.line_chart import LineChart
from tracker.queries.performance import AgencyRow, Quarter, SourceRow
from tracker.queries.review_lines import ReviewLine
from tracker.queries.risk_items import RiskItem
from tracker.templating import day_brief, day_short

RESTRICTED = "Restricted"
NO_DATE = "No date"
SHORT = frozenset({"First due", "Due", "Due now", "On the pack since", "Report first due", "Report due now"})


@dataclass(frozen=True, slots=True)
class Cell:
    """Words, with quieter ones under them; ``href`` leads to what they are about, by the words ``act`` if there are any."""

    text: str
    sub: str = ""
    href: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; numbers stand in line, and what is ``short`` is not broken."""

    text: str
    num: bool = False
    short: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption. Each row has a cell for each column; the first is its heading."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: LineChart | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the pack. ``said`` are its findings in sentences, by rule."""

    key: str
    title: str
    said: tuple[str, ...]
    tables: tuple[Table, ...] = ()


def late(found: Sequence[RiskItem], last: date) -> Section:
    """What is overdue and what is likely to be late by the last day that is looked at."""
    overdue = [item for item in found if item.overdue]
    likely = [item for item in found if item.late]
    said = [headline(len(overdue), len(likely), last)]
    said += [f"Overdue: {kinds_of(overdue)}."] if overdue else []
    tables = []
    if overdue:
        tables.append(
            Table(
                "Overdue", columns("Item", "Held by", "First due", "Due", "Moved"), _rows(overdue, why=False)
            )
        )
    if likely:
        tables.append(
            Table(
                "Likely to be late",
                columns("Item", "Why", "Held by", "First due", "Due", "Moved"),
                _rows(likely, why=True),
            )
        )
    return Section("late", "What is late, and what will be", tuple(said), tuple(tables))


def asked(items: Sequence[Taken]) -> Section:
    """What the board is asked. A restricted case has its reference and dates only."""
    rows = tuple(
        (
            Cell(one.reference, "" if one.restricted else one.what, one.home),
            Cell(RESTRICTED if one.restricted else one.why),
            Cell(_day(one.first)),
            Cell(_day(one.due_on)),
            Cell(day_short(one.put_on), href=one.href, act="What did it decide?"),
        )
        for one in items
    )
    said = (
        "Nothing was taken to the board."
        if not rows
        else "Each stays in the pack until the board has decided."
    )
    heads = columns("Item", "What the board is asked", "First due", "Due", "On the pack since")
    return Section(
        "board", "For the board to decide", (said,), (Table("For the board", heads, rows),) if rows else ()
    )


def reviews(lines: Sequence[ReviewLine]) -> Section:
    """Every open review of a death on one line. A restricted one has its reference, stage and dates only."""
    rows = tuple(
        (
            Cell(one.reference, href=one.href),
            Cell(one.stage, "" if one.restricted else ", ".join(one.holds)),
            Cell(RESTRICTED if one.restricted else one.held_by),
            Cell(str(one.days)),
            Cell(_day(one.first)),
            Cell(_day(one.due), one.words),
        )
        for one in lines
    )
    heads = (
        *columns("Review", "Stage", "Held by"), Column("Days in stage", num=True),
        *columns("Report first due", "Report due now"),
    )  # fmt: skip
    number = len(rows)
    said = f"{number or 'No'} review{' is' if number == 1 else 's are'} open."
    return Section(
        "reviews", "Reviews of a death", (said,), (Table("Open reviews", heads, rows),) if rows else ()
    )


def performance(
    agencies: Sequence[AgencyRow], agencies_said: str, sources: Sequence[SourceRow], sources_said: str
) -> Section:
    """Who answers in time, and whether dates slip: dates that fell due in the last 12 months."""
    theirs = Table(
        "Who answers in time",
        (Column("Agency"), *numbered("In time", "Late", "No answer")),
        tuple((Cell(one.name), *_numbers(one.in_time, one.late, one.no_answer)) for one in agencies),
    )
    slips = Table(
        "Do dates slip?",
        (Column("Source"), *numbered("Never moved", "Once", "Twice or more", "Late or still owed")),
        tuple((Cell(one.name), *_numbers(one.never, one.once, one.more, one.late)) for one in sources),
    )
    said = (agencies_said, sources_said)
    return Section(
        "performance", "Performance", said, tuple(table for table in (theirs, slips) if table.rows)
    )


def quarters(found: Sequence[Quarter], said: str, chart: LineChart) -> Section:
    """Whether actions get done."""
    table = Table(
        "Actions opened and closed by quarter",
        (Column("Quarter"), *numbered("Opened", "Closed")),
        tuple((Cell(one.name), *_numbers(one.opened, one.closed)) for one in found),
        chart,
    )
    return Section("quarters", "Are we getting through actions?", (said,), (table,))


def columns(*texts: str) -> tuple[Column, ...]:
    """Headings of words; those of dates are not broken."""
    return tuple(Column(text, short=text in SHORT) for text in texts)


def numbered(*texts: str) -> tuple[Column, ...]:
    """Headings of numbers."""
    return tuple(Column(text, num=True) for text in texts)


def _rows(found: Sequence[RiskItem], *, why: bool) -> tuple[tuple[Cell, ...], ...]:
    return tuple(_row(item, why=why) for item in found)


def _row(item: RiskItem, *, why: bool) -> tuple[Cell, ...]:
    hidden = item.restricted
    head = (
        Cell(item.reference, RESTRICTED, item.href)
        if hidden
        else Cell(item.what, f"{item.reference}, {item.kind}", item.href)
    )
    reasons = [Cell(RESTRICTED if hidden else item.why, "" if hidden else item.judged_words)] if why else []
    return (
        head, *reasons, Cell(RESTRICTED if hidden else item.held_by), Cell(day_brief(item.first or item.due_on)),
        Cell(day_short(item.due_on), item.words), Cell(item.often),
    )  # fmt: skip


def _numbers(*found: int) -> tuple[Cell, ...]:
    return tuple(Cell(str(number)) for number in found)


def _day(on: date | str | None) -> str:
    return NO_DATE if on is None else on if isinstance(on, str) else day_short(on)
