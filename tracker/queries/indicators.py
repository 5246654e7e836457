"""Is each indicator going the right way? A word by rule, a small line, and every value."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from tracker.models import Indicator, IndicatorValue
from tracker.queries.board_sections import Cell, Column, Section, Table, columns
from tracker.queries.line_chart import line_chart
from tracker.templating import count

NO_DATA = "No data yet"
FEWEST = 2
"""A line needs so many values."""
MOST = 8
"""Values that are drawn: the last."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator: ``word`` says how it goes, ``said`` by how much, ``target`` how it stands to its target."""

    indicator: Indicator
    values: tuple[IndicatorValue, ...]
    word: str
    said: str
    target: str


def readings(session: Session, partnership_ids: Sequence[int]) -> tuple[Reading, ...]:
    """The indicators of these partnerships, in their order."""
    found = session.exec(
        select(Indicator)
        .where(col(Indicator.partnership_id).in_(partnership_ids))
        .order_by(col(Indicator.partnership_id), col(Indicator.position))
    ).all()
    values: dict[int, list[IndicatorValue]] = defaultdict(list)
    for value in session.exec(
        select(IndicatorValue)
        .where(col(IndicatorValue.indicator_id).in_([one.id for one in found]))
        .order_by(col(IndicatorValue.from_on), col(IndicatorValue.to_on))
    ).all():
        values[value.indicator_id].append(value)
    return tuple(reading_of(one, values[one.id or 0]) for one in found)


def reading_of(indicator: Indicator, values: Sequence[IndicatorValue]) -> Reading:
    """How one indicator goes, from its first value to its last."""
    numbers = [value.value for value in values]
    word, said = going(numbers, indicator.direction, indicator.unit)
    return Reading(indicator, tuple(values), word, said, against(numbers, indicator))


def going(numbers: Sequence[float], direction: str, unit: str = "") -> tuple[str, str]:
    """``("Better", "2,302 to 1,886, down 18.1%")``. Where nobody has said which way is better, only which way it goes."""
    if not numbers:
        return NO_DATA, ""
    first, last = numbers[0], numbers[-1]
    if len(numbers) < FEWEST:
        return "One value only", amount(last, unit)
    if first == last:
        return "No change", f"{amount(first, unit)} at the beginning and at the end"
    up = last > first
    by = f" {abs(last - first) / abs(first) * 100:.1f}%" if first else ""
    said = f"{amount(first, unit)} to {amount(last, unit)}, {'up' if up else 'down'}{by}"
    if not direction:
        return ("Up" if up else "Down"), said
    return ("Better" if up == (direction == "bigger") else "Worse"), said


def against(numbers: Sequence[float], indicator: Indicator) -> str:
    """``Target 32% or less: met in 3 of 4 periods, and in the last``."""
    target = indicator.target
    if target is None:
        return ""
    bigger = indicator.direction == "bigger"
    words = f"Target {amount(target, indicator.unit)} or {'more' if bigger else 'less'}"
    if not numbers:
        return words
    met = [number >= target if bigger else number <= target for number in numbers]
    last = "and in the last" if met[-1] else "and not in the last"
    return f"{words}: met in {sum(met)} of {count(len(met), 'period')}, {last}"


def amount(number: float, unit: str) -> str:
    """A number with its unit, without needless noughts."""
    plain = f"{number:,g}" if abs(number) < 1e6 else f"{number:,.0f}"
    return f"{plain}%" if unit == "percent" else plain


def section(found: Sequence[Reading]) -> Section:
    """The part of the pack: all indicators on one table, then each that has a line with its values."""
    if not found:
        return Section("indicators", "Indicators", ("No indicator has been entered yet.",))
    overview = Table(
        "Indicators",
        columns("Indicator", "Which way", "From first to last", "Target"),
        tuple(
            (
                Cell(one.indicator.name, one.indicator.source), Cell(one.word), Cell(one.said or NO_DATA),
                Cell(one.target or "None set"),
            )
            for one in found
        ),
    )  # fmt: skip
    drawn = tuple(_drawn(one) for one in found if len(one.values) >= FEWEST)
    return Section(
        "indicators", "Are the indicators going the right way?", (_headline(found),), (overview, *drawn)
    )


def _headline(found: Sequence[Reading]) -> str:
    better, worse, empty = (sum(one.word == word for one in found) for word in ("Better", "Worse", NO_DATA))
    said = f"Of {count(len(found), 'indicator')}, {better} {'is' if better == 1 else 'are'} better and {worse} worse"
    return f"{said}; {empty} {'has' if empty == 1 else 'have'} no data yet." if empty else f"{said}."


def _drawn(one: Reading) -> Table:
    indicator, kept = one.indicator, one.values[-MOST:]
    numbers = [value.value for value in kept]
    lines: list[tuple[str, Sequence[float]]] = [("", numbers)]
    if indicator.target is not None:
        lines.append(("Target", [indicator.target] * len(numbers)))
    return Table(
        indicator.name,
        (Column("Period"), *(Column(value.label, num=True) for value in kept)),
        ((Cell("Value"), *(Cell(amount(number, indicator.unit)) for number in numbers)),),
        line_chart(
            f"indicator-{indicator.id}", indicator.name, f"{one.word}: {one.said}. The table below has every number.",
            [value.label for value in kept], lines, small=True,
        ),
    )  # fmt: skip
