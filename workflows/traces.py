"""How a date was worked out, in lines that a person can follow and check with a wall calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workflows.calendars import SATURDAY, Calendar
from workflows.periods import DAY, Mode, Period, Reckoned, Roll, Span, Unit, running_days

MOST_NAMED = 12  # a year and a half of bank holidays; longer lists help nobody

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_UNITS = {
    Unit.WORKING_DAYS: "working day",
    Unit.DAYS: "day",
    Unit.WEEKS: "week",
    Unit.MONTHS: "month",
    Unit.YEARS: "year",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a trace: "Mon 28 Sep 2026" or "+ 40 working days" or "Not counted", and what is said of it."""

    label: str
    words: str
    day: date | None = None


def in_words(on: date) -> str:
    """``Monday 23 November 2026``: the way dates are written in text, whatever the machine's language."""
    return f"{_DAYS[on.weekday()]} {on.day} {_MONTHS[on.month - 1]} {on.year}"


def short(on: date) -> str:
    """``Mon 23 Nov 2026``: the way dates are written in tables."""
    return f"{_DAYS[on.weekday()][:3]} {on.day} {_MONTHS[on.month - 1][:3]} {on.year}"


def amount(n: int, unit: Unit) -> str:
    """``1 month``, ``40 working days``."""
    return f"{n} {_UNITS[unit]}{'' if n == 1 else 's'}"


def dated(on: date, words: str) -> Line:
    """Make a line about one day."""
    return Line(short(on), words, on)


def start_lines(
    start: date, period: Period, reckoned: Reckoned, calendar: Calendar, words: str
) -> list[Line]:
    """Say which day the clock starts on and whether that day counts. ``words`` are what started it."""
    if period.mode is Mode.BEFORE:
        return [dated(start, f"The event{_after_colon(words)}. Counted back from the day before it")]
    head = f"Clock starts{_after_colon(words)}. "
    if reckoned.day_zero == start:
        return [dated(start, head + _whether_counted(period))]
    moved = f"{head}{_why_not_working(start, calendar)}, so the next working day takes its place"
    return [dated(start, moved), dated(reckoned.day_zero, _whether_counted(period))]


def length_line(period: Period, words: str = "") -> Line:
    """Say how long it runs. ``words`` are where that comes from."""
    return Line(f"{'−' if period.mode is Mode.BEFORE else '+'} {amount(period.n, period.unit)}", words)


def clamp_lines(period: Period, zero: date, months: int) -> list[Line]:
    """Say when the month of the end has no day of the same number; ``months`` with all extensions."""
    if period.unit is Unit.YEARS:
        months *= 12
    elif period.unit is not Unit.MONTHS:
        return []
    if period.mode is Mode.BEFORE:
        months = -months
    years, month = divmod(zero.month - 1 + months, 12)
    try:
        zero.replace(year=zero.year + years, month=month + 1)
    except ValueError:
        return [
            Line(
                "Month's end",
                f"{_MONTHS[month]} {zero.year + years} has no day {zero.day}: its last day counts",
            )
        ]
    return []


def not_counted_line(after: date, upto: date, spans: Sequence[Span], calendar: Calendar) -> Line:
    """Count the Saturdays and Sundays passed over and name the bank holidays and closed days, stopped days apart."""
    pieces = _running(after, upto, spans)
    off = sum(calendar.days_off(first - DAY, last) for first, last in pieces)
    weekends = (
        sum((last - first).days + 1 - calendar.working_days(first - DAY, last) for first, last in pieces)
        - off
    )
    words = "1 Saturday or Sunday" if weekends == 1 else f"{weekends} Saturdays and Sundays"
    if not weekends:
        words = "no Saturdays or Sundays"
    if not off:
        return Line("Not counted", f"{words}; no bank holidays fell in this time")
    if off > MOST_NAMED:
        return Line("Not counted", f"{words}; {off} bank holidays and closed days")
    named = [found for first, last in pieces for found in calendar.named_days_off(first - DAY, last)]
    return Line("Not counted", f"{words}; " + ", ".join(f"{name} ({short(on)})" for on, name in named))


def stop_lines(after: date, upto: date, spans: Sequence[Span], unit: Unit, calendar: Calendar) -> list[Line]:
    """Say which days were left out because the clock was stopped, and how many of them would have counted."""
    lines = []
    counting = calendar if unit is Unit.WORKING_DAYS else None
    for span in spans:
        first, last = max(span.first, after + DAY), min(span.last, upto)
        if first > last:
            continue
        lost = amount(running_days(first - DAY, last, counting), Unit.DAYS if counting is None else unit)
        days = short(first) if first == last else f"{short(first)} to {short(last)}"
        lines.append(Line("Stopped", f"{days}: {lost} not counted"))
    return lines or [Line("No days stopped", "The stops fall outside this time")]


def roll_lines(reached: date, period: Period, calendar: Calendar) -> list[Line]:
    """Say why a date in calendar units moved off a day that is not a working day."""
    if period.roll is Roll.NONE or period.unit is Unit.WORKING_DAYS or calendar.is_working(reached):
        return []
    where = "next" if period.roll is Roll.NEXT_WORKING else "last"
    to = "after it" if period.roll is Roll.NEXT_WORKING else "before it"
    return [
        dated(
            reached,
            f"{_why_not_working(reached, calendar)}, so the date moves to the {where} working day {to}",
        )
    ]


def result_lines(due_on: date, unit: Unit | None, calendar: Calendar, *, provisional: bool) -> list[Line]:
    """Say until when it is in time, the practical target if that day is not a working day, and whether it may move."""
    lines = [dated(due_on, f"Due by the end of this day{_overdue_from(due_on)}")]
    if unit is not Unit.WORKING_DAYS and not calendar.is_working(due_on):
        try:
            last = calendar.previous_working(due_on)
        except OverflowError:  # in the first week of the year 1
            return lines
        lines.append(dated(last, "Last working day before that"))
    if provisional:
        known = in_words(calendar.known_to)
        lines.append(
            Line("Provisional", f"Bank holidays are published to {known}; later ones are expected, not known")
        )
    return lines


def _overdue_from(due_on: date) -> str:
    if due_on == date.max:
        return ""
    following = due_on + DAY
    said = in_words(following)
    return f"; overdue from {said if following.year != due_on.year else said.rsplit(' ', 1)[0]}"


def _running(after: date, upto: date, spans: Sequence[Span]) -> list[tuple[date, date]]:
    """Cut the stopped days out of (``after``, ``upto``]; first and last day of each piece that is left."""
    pieces = []
    for span in spans:
        if span.first > upto:
            break
        if span.first > after + DAY:
            pieces.append((after + DAY, span.first - DAY))
        after = max(after, span.last)
    if after < upto:
        pieces.append((after + DAY, upto))
    return pieces


def _whether_counted(period: Period) -> str:
    return "The day itself counts" if period.mode is Mode.BEGINNING_WITH else "The day itself is not counted"


def _why_not_working(on: date, calendar: Calendar) -> str:
    weekday = _DAYS[on.weekday()]
    if on.weekday() >= SATURDAY:
        return f"Not a working day ({weekday})"
    return f"Not a working day ({calendar.name_of(on)})"


def _after_colon(words: str) -> str:
    return f": {words}" if words else ""
