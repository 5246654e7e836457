"""How long a duty runs, and the counting behind it. ``workflows.dates`` is the way in; this is its arithmetic."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NoReturn

from workflows.calendars import Calendar

DAY = timedelta(days=1)
MOST = 10_000_000  # no calendar holds as many days; larger numbers are refused before any counting


class Unit(StrEnum):
    """What a period is counted in."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Mode(StrEnum):
    """Where counting begins: the day after, on the day itself, or backwards from an event."""

    AFTER = "after"
    BEGINNING_WITH = "beginning_with"
    BEFORE = "before"


class DayZero(StrEnum):
    """Which day is not counted: that of the start event, or the first working day on or after it."""

    EVENT = "event"
    FIRST_WORKING = "first_working"


class Roll(StrEnum):
    """Where a date goes that falls on a day which is not a working day. For calendar units only."""

    NONE = "none"
    NEXT_WORKING = "next_working"
    PREVIOUS_WORKING = "previous_working"


@dataclass(frozen=True, slots=True)
class Period:
    """A length in one unit, and how it is counted."""

    n: int
    unit: Unit
    mode: Mode = Mode.AFTER
    day_zero: DayZero = DayZero.EVENT
    roll: Roll = Roll.NONE


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days that are not counted: from ``from_on`` up to but not including ``to_on``; None while still stopped."""

    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Span:
    """One unbroken run of days not counted, both ends included; ``last`` is the end of time while still stopped."""

    first: date
    last: date


class DateRefused(ValueError):
    """A date that cannot be worked out, with the reason in one plain sentence."""


class StillStopped(DateRefused):
    """The clock is stopped and has not been started again, so nobody can say yet when the period ends."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The stations on the way to a date.

    ``counts_after`` is the day before the first that may count; ``first`` the date without stops or extensions;
    ``reached`` the one with them; ``due_on`` the same after rolling.
    """

    counts_after: date
    day_zero: date
    first: date
    reached: date
    due_on: date


def reckon(
    start: date, period: Period, calendar: Calendar, spans: Sequence[Span] = (), extra: int = 0
) -> Reckoned:
    """Count ``period``, ``extra`` units longer, from ``start`` and leave out the days of ``spans``.

    A stop in calendar units works like one in working days: the days are left out of the count. The months are
    first turned into the days that they span, so a date moves on by as many days as were stopped on the way to it.

    Raises:
        DateRefused: the period cannot be counted so, or the date would lie outside the years 1 to 9999.
        StillStopped: the last span has no end and the period is not over before it begins.
    """
    _check(start, period, extra, stopped=bool(spans))
    try:
        zero = calendar.next_working(start) if period.day_zero is DayZero.FIRST_WORKING else start
        after = zero - DAY if period.mode is Mode.BEGINNING_WITH else zero
        first = _unbroken(zero, after, period, period.n, calendar)
        reached = _stopped(zero, after, period, period.n + extra, calendar, spans=spans)
        rolls = period.unit is not Unit.WORKING_DAYS
        return Reckoned(
            after, zero, first, reached, rolled(reached, period.roll, calendar) if rolls else reached
        )
    except OverflowError:
        _too_far()


def _unbroken(zero: date, after: date, period: Period, n: int, calendar: Calendar) -> date:
    """Find the end of ``n`` units if nothing stops them."""
    back = -1 if period.mode is Mode.BEFORE else 1
    match period.unit:
        case Unit.WORKING_DAYS if period.mode is Mode.BEFORE:
            return calendar.working_day_before(zero, n)
        case Unit.WORKING_DAYS:
            return calendar.working_day_after(after, n)
        case Unit.DAYS:
            return after + timedelta(days=back * n)
        case Unit.WEEKS:
            return after + timedelta(weeks=back * n)
        case Unit.MONTHS | Unit.YEARS:
            months = n * 12 if period.unit is Unit.YEARS else n
            if period.mode is Mode.BEGINNING_WITH:
                return last_day_of_months(zero, months)
            return corresponding(zero, back * months)


def _stopped(
    zero: date, after: date, period: Period, n: int, calendar: Calendar, *, spans: Sequence[Span]
) -> date:
    """Find the end of ``n`` units of which the days of ``spans`` are no part."""
    if not spans:
        return _unbroken(zero, after, period, n, calendar)
    if period.unit is Unit.WORKING_DAYS:
        return skip(after, n, spans, calendar)
    return skip(after, (_unbroken(zero, after, period, n, calendar) - after).days, spans, None)


def skip(after: date, n: int, spans: Iterable[Span], calendar: Calendar | None) -> date:
    """Find the ``n``th day after ``after`` that is in none of ``spans``: a working day if there is a calendar.

    ``spans`` are sorted and apart, as ``merged`` makes them.

    Raises:
        StillStopped: a span without an end begins first.
        OverflowError: it would lie after the year 9999.
    """
    if n == 0:
        return after
    for span in spans:
        if span.last <= after:
            continue
        if span.first > after + DAY:
            counted = running_days(after, span.first - DAY, calendar)
            if counted >= n:
                break
            n -= counted
        if span.last == date.max:
            raise StillStopped("The clock is stopped and has not started again, so there is no due date yet.")
        after = span.last
    return calendar.working_day_after(after, n) if calendar else after + timedelta(days=n)


def running_days(after: date, upto: date, calendar: Calendar | None) -> int:
    """Count the days after ``after`` up to and including ``upto``; only working days if there is a calendar."""
    return calendar.working_days(after, upto) if calendar else max(0, (upto - after).days)


def merged(suspensions: Iterable[Suspension]) -> tuple[Span, ...]:
    """Sort suspensions and join those that overlap or touch; one that ends as it begins stops nothing.

    Raises:
        DateRefused: a suspension ends before it begins.
    """
    spans: list[Span] = []
    for stop in sorted(suspensions, key=lambda stop: stop.from_on):
        if stop.to_on == stop.from_on:
            continue
        if stop.to_on is not None and stop.to_on < stop.from_on:
            raise DateRefused("A stop must not end before it begins.")
        last = date.max if stop.to_on is None else stop.to_on - DAY
        if spans and (spans[-1].last == date.max or stop.from_on <= spans[-1].last + DAY):
            spans[-1] = Span(spans[-1].first, max(spans[-1].last, last))
        else:
            spans.append(Span(stop.from_on, last))
    return tuple(spans)


def rolled(on: date, roll: Roll, calendar: Calendar) -> date:
    """Move a date off a day that is not a working day, the way the period says."""
    match roll:
        case Roll.NONE:
            return on
        case Roll.NEXT_WORKING:
            return calendar.next_working(on)
        case Roll.PREVIOUS_WORKING:
            return calendar.previous_working(on)


def corresponding(start: date, months: int) -> date:
    """Find the day of the same number ``months`` later; the month's last day where it has no such day."""
    year, month = _month(start, months)
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def last_day_of_months(start: date, months: int) -> date:
    """Find the last day of ``months`` beginning with ``start``, as ``dates.last_day_beginning_with`` says."""
    year, month = _month(start, months)
    length = monthrange(year, month)[1]
    return date(year, month, length) if start.day > length else date(year, month, start.day) - DAY


def _month(start: date, months: int) -> tuple[int, int]:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        _too_far()
    return year, month + 1


def whole(number: object, *, least: int, what: str) -> None:
    """Refuse what is not a whole number of at least ``least``; True and False are not numbers.

    Raises:
        DateRefused: with ``what`` as the subject of the sentence.
    """
    if isinstance(number, bool) or not isinstance(number, int):
        raise DateRefused(f"{what} must be a whole number.")
    if number < least:
        raise DateRefused(f"{what} must be {least} or more.")
    if number > MOST:
        raise DateRefused(f"{what} is too large: the date would lie after the year 9999.")


def day(value: object, *, what: str) -> None:
    """Refuse what is not a calendar date; an instant is not one, because its date depends on where one stands.

    Raises:
        DateRefused: with ``what`` as the subject of the sentence.
    """
    if not isinstance(value, date) or hasattr(value, "hour"):
        raise DateRefused(f"{what} must be a date without a time of day.")


def _check(start: date, period: Period, extra: int, *, stopped: bool) -> None:
    day(start, what="The start")
    least = 1 if period.mode is Mode.BEGINNING_WITH else 0
    whole(period.n, least=least, what="The length")
    whole(extra, least=0, what="The extension")
    if period.mode is Mode.BEFORE:
        if stopped or extra:
            raise DateRefused(
                "A date counted back from an event is not stopped or extended: change the event."
            )
        if period.day_zero is DayZero.FIRST_WORKING:
            raise DateRefused("A date counted back from an event is counted from the event itself.")


def _too_far() -> NoReturn:
    raise DateRefused("The date would lie outside the years 1 to 9999.") from None
