"""Working out dates: when a period ends, and how that was worked out. Every date on every page comes from here.

The conventions (``docs/architecture.md`` section 5) in short: day zero is the London date of the start event and
does not count, unless the period begins with it; months end on the day of the same number, or on the month's last;
working days leave out Saturdays, Sundays, bank holidays of England and Wales and the area's closed days; a stop
leaves its days out of the count in any unit; an extension lengthens the period in its own unit, so it never starts
from a date that was cut to a month's end or moved off a weekend. A duty done on the date is in time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from workflows import traces
from workflows.calendars import Calendar
from workflows.periods import (
    DAY,
    DateRefused,
    DayZero,
    Mode,
    Period,
    Reckoned,
    Roll,
    StillStopped,
    Suspension,
    Unit,
    corresponding,
    day,
    last_day_of_months,
    merged,
    reckon,
    rolled,
    whole,
)
from workflows.traces import Line, in_words, short

__all__ = [
    "DateRefused",
    "DayZero",
    "Line",
    "Mode",
    "Period",
    "Roll",
    "StillStopped",
    "Suspension",
    "Unit",
    "Worked",
    "clear_working_days_before",
    "compute",
    "days_late",
    "earliest_in_time",
    "in_words",
    "last_day_beginning_with",
    "london_date",
    "rests_on_forecast",
    "short",
    "utc_of_london",
    "working_days_before",
    "working_days_between",
]

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Worked:
    """A date, how it was worked out, and whether a bank holiday not yet published may still move it."""

    due_on: date
    trace: tuple[Line, ...]
    provisional: bool


def compute(
    start: date,
    period: Period,
    calendar: Calendar,
    *,
    suspensions: Iterable[Suspension] = (),
    extensions: Sequence[int] = (),
    start_words: str = "",
    length_words: str = "",
) -> Worked:
    """Work out the last day in time of ``period`` from ``start``, or before it where the period counts back.

    ``suspensions`` may overlap, touch, lie outside the period or be unsorted. ``extensions`` are in the period's
    own unit and are added to its length. ``start_words`` and ``length_words`` say in the trace what started the
    clock and where its length comes from.

    Raises:
        DateRefused: the length is not a whole number of 0 or more, or the date lies outside the years 1 to 9999.
        StillStopped: a suspension has no end, and the period is not over before it begins.
    """
    for n in extensions:
        whole(n, least=0, what="An extension")
    stops = tuple(suspensions)
    for stop in stops:
        day(stop.from_on, what="The first day of a stop")
        if stop.to_on is not None:
            day(stop.to_on, what="The end of a stop")
    spans = merged(stops)
    extra = sum(extensions)
    found = reckon(start, period, calendar, spans, extra)
    provisional = rests_on_forecast(found, period, calendar)
    lines = traces.start_lines(start, period, found, calendar, start_words)
    lines.append(traces.length_line(period, length_words))
    lines += [traces.Line(f"+ {traces.amount(n, period.unit)}", "Extended") for n in extensions]
    lines += traces.clamp_lines(period, found.day_zero, period.n + extra)
    if period.unit is Unit.WORKING_DAYS:
        between = (
            (found.reached - DAY, start - DAY)
            if period.mode is Mode.BEFORE
            else (found.counts_after, found.reached)
        )
        lines.append(traces.not_counted_line(*between, spans, calendar))
    if spans:
        lines += traces.stop_lines(found.counts_after, found.reached, spans, period.unit, calendar)
    if found.first != found.reached:
        first = _first_due(found, period, calendar)
        lines.append(traces.dated(first, "First due date, before any stop or extension"))
    lines += traces.roll_lines(found.reached, period, calendar)
    lines += traces.result_lines(found.due_on, period.unit, calendar, provisional=provisional)
    return Worked(found.due_on, tuple(lines), provisional)


def _first_due(found: Reckoned, period: Period, calendar: Calendar) -> date:
    """Give the date that held before any stop or extension, rolled as it was then."""
    if period.unit is Unit.WORKING_DAYS:
        return found.first
    try:
        return rolled(found.first, period.roll, calendar)
    except OverflowError:  # in the first week of the year 1
        return found.first


def rests_on_forecast(found: Reckoned, period: Period, calendar: Calendar) -> bool:
    """Whether bank holidays that are not published yet were used on the way to a date.

    Months, weeks and days that are not rolled never ask the calendar, so such a date is sure however far away.
    """
    if period.unit is Unit.WORKING_DAYS or period.day_zero is DayZero.FIRST_WORKING:
        latest = max(found.day_zero, found.due_on if period.unit is Unit.WORKING_DAYS else found.day_zero)
        if not calendar.is_known(latest):
            return True
    return (
        period.roll is not Roll.NONE
        and period.unit is not Unit.WORKING_DAYS
        and not calendar.is_known(max(found.reached, found.due_on))
    )


def last_day_beginning_with(start: date, n_months: int) -> date:
    """Find the last day of ``n_months`` beginning with ``start``, which counts.

    It is the day before the day of the same number; where that month has no such day, the month's last day (on the
    29th to 31st the law can be argued, and the applicant is given the benefit). 31 January + 1 ends on 28 February.

    Raises:
        DateRefused: the number is not a whole one of 1 or more, or the date lies outside the years 1 to 9999.
    """
    day(start, what="The start")
    whole(n_months, least=1, what="The number of months")
    try:
        return last_day_of_months(start, n_months)
    except OverflowError:
        raise DateRefused("The date would lie outside the years 1 to 9999.") from None


def earliest_in_time(on: date, n_months: int) -> date:
    """Find the earliest day whose period of ``n_months`` beginning with it still includes ``on``.

    Raises:
        DateRefused: as ``last_day_beginning_with``.
    """
    day(on, what="The date")
    whole(n_months, least=1, what="The number of months")
    try:
        earliest = corresponding(on, -n_months)  # its own period always ends too early, if only by a day
        while last_day_of_months(earliest, n_months) < on:
            earliest += DAY
    except OverflowError:
        raise DateRefused("The date would lie outside the years 1 to 9999.") from None
    return earliest


def working_days_before(event: date, n: int, calendar: Calendar) -> date:
    """Find the day ``n`` working days before ``event``; the event's own day for 0.

    Raises:
        DateRefused: the number is not a whole one of 0 or more, or the date lies before the year 1.
    """
    return reckon(event, Period(n, Unit.WORKING_DAYS, Mode.BEFORE), calendar).due_on


def clear_working_days_before(event: date, n: int, calendar: Calendar) -> date:
    """Find the latest day that leaves ``n`` whole working days between it and ``event``; neither end counts.

    It may be a Saturday, a Sunday or a holiday: what must be clear are the working days after it.

    Raises:
        DateRefused: as ``working_days_before``.
    """
    try:
        return working_days_before(event, n, calendar) - DAY
    except OverflowError:
        raise DateRefused("The date would lie outside the years 1 to 9999.") from None


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Count the working days after ``start`` up to and including ``end``; 0 if ``end`` is not later."""
    day(start, what="The start")
    day(end, what="The end")
    return calendar.working_days(start, end)


def days_late(due_on: date, on: date, unit: Unit, calendar: Calendar) -> int:
    """Count how late ``on`` is: working days for a clock in working days, calendar days for any other; 0 in time.

    What was due on a Friday and is done on the Sunday is late by no working day: it is late all the same.
    """
    if unit is Unit.WORKING_DAYS:
        return calendar.working_days(due_on, on)
    return max(0, (on - due_on).days)


def london_date(utc: datetime) -> date:
    """Find the calendar date in London at an instant.

    Raises:
        DateRefused: the instant does not say its zone, or lies at the very edge of the calendar.
    """
    if utc.tzinfo is None:
        raise DateRefused("An instant must say its time zone.")
    try:
        return utc.astimezone(LONDON).date()
    except OverflowError:
        raise DateRefused("The date would lie outside the years 1 to 9999.") from None


def utc_of_london(on: date, wall: time) -> datetime:
    """Find the UTC instant at which a clock on a London wall shows ``wall`` on ``on``.

    In the spring hour that the clocks leave out, it is the instant that would have had that time had they not been
    put forward: 01:30 stands for 02:30 summer time. In the autumn hour that comes twice, it is the first.

    Raises:
        DateRefused: the time of day has a zone of its own, or the instant lies at the very edge of the calendar.
    """
    if wall.tzinfo is not None:
        raise DateRefused("A time on a London wall must not say another time zone.")
    day(on, what="The day")
    try:
        return datetime.combine(on, wall.replace(fold=0), LONDON).astimezone(UTC)
    except OverflowError:
        raise DateRefused("The date would lie outside the years 1 to 9999.") from None
