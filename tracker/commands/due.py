"""``tracker due``: work out a date. JSON Lines in and out; ``docs/interfaces.md`` section 3 has the operations."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TextIO, TypeVar

import click

from tracker.commands.jsonlines import answer_lines
from tracker.errors import BadInput
from workflows import dates
from workflows.calendars import Calendar, england_and_wales
from workflows.dates import DayZero, Line, Mode, Period, Roll, Suspension, Unit
from workflows.traces import amount

Answer = dict[str, object]
Choice = TypeVar("Choice", bound=StrEnum)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_WALL = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_NOTHING = object()


@click.command()
@click.option(
    "--file",
    "source",
    type=click.File("r", encoding="utf-8"),
    help="Read this file instead of standard input.",
)
def due(source: TextIO | None) -> None:
    """Work out dates: one JSON object a line in, one a line out.

    {"id": "a", "op": "due_date", "args": {"start": "2026-04-01", "n": 20, "unit": "working_days"}}

    The operations are due_date, last_day_beginning_with, earliest_in_time, before, clear_before, working_day,
    working_days_between, london_date and utc_of_london. A line that cannot be used is answered with an error; the
    others go on, and the exit status is then 1.
    """
    if not answer_lines(source or sys.stdin, sys.stdout, answer):
        sys.exit(1)  # click hands an Exit of its own back as a value when it does not stand alone


def answer(asked: Mapping[str, object]) -> Answer:
    """Answer one request: ``{"result", "trace", "provisional"}``, the trace where a date was counted out.

    Raises:
        BadInput: there is no such operation, or its values cannot be used.
    """
    unknown = asked.keys() - {"id", "op", "args"}
    if unknown:
        raise BadInput(f"There is no field {_said(min(unknown))}: a line has id, op and args.")
    name = asked.get("op")
    operation = _OPERATIONS.get(name) if isinstance(name, str) else None
    if operation is None:
        raise BadInput(f"There is no operation {_said(name)}: it is one of {', '.join(_OPERATIONS)}.")
    args = asked.get("args", {})
    if not isinstance(args, dict):
        raise BadInput("args must be an object.")
    taken = Args(args)
    try:
        found = operation(taken)
    except dates.DateRefused as refusal:
        raise BadInput(str(refusal)) from None
    return found


@dataclass(slots=True)
class Args:
    """The arguments of one request, taken out one by one; what is left over is a mistake."""

    given: dict[str, object]

    def day(self, name: str) -> date:
        """Take a calendar date, written 2026-11-23."""
        return _date(self._take(name), name)

    def number(self, name: str) -> int:
        """Take a whole number."""
        return _number(self._take(name), name)

    def choice(self, name: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """Take one word of a closed set; without a default it must be given."""
        value = self._take(name, default or _NOTHING)
        if isinstance(value, str) and value in [*kind]:
            return kind(value)
        raise BadInput(f"{name} must be one of {', '.join(kind)}, not {_said(value)}.")

    def several(self, name: str) -> list[object]:
        """Take a list; an empty one if it is not given."""
        value = self._take(name, [])
        if not isinstance(value, list):
            raise BadInput(f"{name} must be a list.")
        return value

    def text(self, name: str, pattern: re.Pattern[str], like: str) -> str:
        """Take text of one shape; ``like`` is an example."""
        value = self._take(name)
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        raise BadInput(f"{name} must be like {like}, not {_said(value)}.")

    def calendar(self) -> Calendar:
        """Take the closed days, and lay them over the bank holidays."""
        closed = [_date(value, "closed") for value in self.several("closed")]
        calendar = england_and_wales()
        return calendar.with_closed(dict.fromkeys(closed, "Closed day")) if closed else calendar

    def end(self) -> None:
        """Refuse what no operation of this name takes."""
        if self.given:
            raise BadInput(f"This operation takes no {_said(min(self.given))}.")

    def _take(self, name: str, default: object = _NOTHING) -> object:
        value = self.given.pop(name, default)
        if value is _NOTHING:
            raise BadInput(f"{name} is missing.")
        return value


def _due_date(args: Args) -> Answer:
    start = args.day("start")
    period = Period(
        args.number("n"),
        args.choice("unit", Unit),
        mode=args.choice("mode", Mode, Mode.AFTER),
        day_zero=args.choice("day_zero", DayZero, DayZero.EVENT),
        roll=args.choice("roll", Roll, Roll.NONE),
    )
    calendar = args.calendar()
    suspensions = [_suspension(pair) for pair in args.several("suspensions")]
    extensions = [_number(n, "Each extension") for n in args.several("extensions")]
    args.end()
    if period.mode is Mode.BEFORE:
        raise BadInput(
            "mode must be after or beginning_with; to count back from an event, use the operation before."
        )
    worked = dates.compute(start, period, calendar, suspensions=suspensions, extensions=extensions)
    first = f"Clock starts {dates.in_words(start)}: {amount(period.n, period.unit)}"
    said = [
        _sentence(line) for line in worked.trace[1:] if line.words
    ]  # the bare length is in the first already
    return {
        "result": worked.due_on.isoformat(),
        "trace": [first, *said],
        "provisional": worked.provisional,
    }


def _before(args: Args) -> Answer:
    event, n, calendar = args.day("event"), args.number("n"), args.calendar()
    args.end()
    worked = dates.compute(event, Period(n, Unit.WORKING_DAYS, Mode.BEFORE), calendar)
    return {
        "result": worked.due_on.isoformat(),
        "trace": [_sentence(line) for line in worked.trace],
        "provisional": worked.provisional,
    }


def _clear_before(args: Args) -> Answer:
    event, n, calendar = args.day("event"), args.number("n"), args.calendar()
    args.end()
    found = dates.clear_working_days_before(event, n, calendar)
    trace = [
        f"{dates.in_words(event)}: The event. The day itself is not counted",
        f"{dates.in_words(found)}: The latest day with {amount(n, Unit.WORKING_DAYS)} clear between it and the event",
    ]
    return {"result": found.isoformat(), "trace": trace, "provisional": not calendar.is_known(event)}


def _last_day_beginning_with(args: Args) -> Answer:
    start, n = args.day("start"), args.number("n")
    args.end()
    found = dates.last_day_beginning_with(start, n)
    trace = [
        f"{amount(n, Unit.MONTHS)} beginning with {dates.in_words(start)}, which counts",
        f"{dates.in_words(found)}: The last day",
    ]
    return {"result": found.isoformat(), "trace": trace, "provisional": False}


def _earliest_in_time(args: Args) -> Answer:
    on, n = args.day("on"), args.number("n")
    args.end()
    found = dates.earliest_in_time(on, n)
    trace = [
        f"{dates.in_words(found)}: The earliest day",
        f"{amount(n, Unit.MONTHS)} beginning with it end on {dates.in_words(dates.last_day_beginning_with(found, n))}",
    ]
    return {"result": found.isoformat(), "trace": trace, "provisional": False}


def _working_day(args: Args) -> Answer:
    on, calendar = args.day("on"), args.calendar()
    args.end()
    return {"result": calendar.is_working(on), "provisional": not calendar.is_known(on)}


def _working_days_between(args: Args) -> Answer:
    start, end, calendar = args.day("start"), args.day("end"), args.calendar()
    args.end()
    found = dates.working_days_between(start, end, calendar)
    return {"result": found, "provisional": not calendar.is_known(max(start, end))}


def _london_date(args: Args) -> Answer:
    text = args.text("utc", _INSTANT, "2026-11-23T08:00:00Z")
    args.end()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"There is no such instant as {text}.") from None
    # The argument is called utc: without a zone it is what its name says.
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return {"result": dates.london_date(instant).isoformat(), "provisional": False}


def _utc_of_london(args: Args) -> Answer:
    on, text = args.day("on"), args.text("wall", _WALL, "08:00")
    args.end()
    try:
        wall = time.fromisoformat(text)
    except ValueError:
        raise BadInput(f"There is no such time of day as {text}.") from None
    found = dates.utc_of_london(on, wall)
    return {"result": found.replace(tzinfo=None).isoformat() + "Z", "provisional": False}


_OPERATIONS: Mapping[str, Callable[[Args], Answer]] = {
    "due_date": _due_date,
    "last_day_beginning_with": _last_day_beginning_with,
    "earliest_in_time": _earliest_in_time,
    "before": _before,
    "clear_before": _clear_before,
    "working_day": _working_day,
    "working_days_between": _working_days_between,
    "london_date": _london_date,
    "utc_of_london": _utc_of_london,
}


def _sentence(line: Line) -> str:
    label = dates.in_words(line.day) if line.day else line.label
    return f"{label}: {line.words}" if line.words else label


def _suspension(pair: object) -> Suspension:
    if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
        raise BadInput(
            "Each suspension must be a pair of dates: the first day stopped, and the day it starts again."
        )
    first, until = pair
    return Suspension(
        _date(first, "Each suspension"), None if until is None else _date(until, "Each suspension")
    )


def _date(value: object, name: str) -> date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise BadInput(f"{name} must be a date like 2026-11-23, not {_said(value)}.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadInput(f"There is no such date as {value}.") from None


def _number(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput(f"{name} must be a whole number, not {_said(value)}.")
    return value


def _said(value: object) -> str:
    """Repeat what was given, in a few characters."""
    match value:
        case str():
            return f'"{value[:40]}..."' if len(value) > 40 else f'"{value}"'
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value) if abs(value) < 10**15 else "so large a number"
    return "a list" if isinstance(value, list) else "an object"
