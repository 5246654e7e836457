"""What may happen to a deadline after its clock has started, and how each happening is told in its trace."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.calendars import Calendar
from workflows.periods import DAY, Unit, running_days
from workflows.traces import Line, amount, dated, short


class ChangeKind(StrEnum):
    """The kinds of entry in a deadline's ledger."""

    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    SET = "set"
    MEET = "meet"
    CANCEL = "cancel"
    RECALCULATE = "recalculate"
    REOPEN = "reopen"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a ledger; ``on`` is the day it takes effect.

    ``n`` are the units of an extension, in the clock's own unit, or the new length of a recalculation; ``due_on`` is
    the agreed date of a set, or the date that stood when a pause began; the fold does not read the latter.
    """

    kind: ChangeKind
    on: date
    n: int | None = None
    due_on: date | None = None
    reason: str = ""
    authorised_by: str = ""


@dataclass(slots=True)
class Entry:
    """A change as it is told. A pause and its resume are one entry; ``resumed`` is the resume."""

    change: Change
    resumed: Change | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The days that could count: after ``after``, up to and including ``upto``."""

    after: date
    upto: date


def told(
    entries: Iterable[Entry], window: Window | None, unit: Unit, calendar: Calendar, *, left: int | None
) -> list[Line]:
    """Tell the entries in order. ``left`` are the units that an open pause has left to run, where it holds the date."""
    return [line for entry in entries for line in _one(entry, window, unit, calendar, left=left)]


def _one(
    entry: Entry, window: Window | None, unit: Unit, calendar: Calendar, *, left: int | None
) -> Sequence[Line]:
    change = entry.change
    match change.kind:
        case ChangeKind.PAUSE:
            return [_pause(entry, window, unit, calendar, left=left)]
        case ChangeKind.EXTEND:
            return [Line(f"+ {amount(change.n or 0, unit)}", _said("Extended", change))]
        case ChangeKind.SET if change.due_on:
            return [
                dated(
                    change.due_on, _said("Date agreed", change) + ". It takes the place of the date before it"
                )
            ]
        case ChangeKind.RECALCULATE:
            return [dated(change.on, _because("Worked out again", change))]
        case ChangeKind.REOPEN:
            return [dated(change.on, _because("Opened again", change))]
        case _:
            return []


def ending(change: Change | None, late: int | None, unit: Unit) -> list[Line]:
    """Tell how it ended, if it did. ``late`` as ``dates.days_late`` counts; None where there was no date."""
    if change is None:
        return []
    match change.kind:
        case ChangeKind.MEET if late:
            words = f"Done, {amount(late, unit if unit is Unit.WORKING_DAYS else Unit.DAYS)} late"
        case ChangeKind.MEET:
            words = "Done" if late is None else "Done in time"
        case ChangeKind.CANCEL:
            words = "Cancelled"
        case _:
            words = "Ended without being done"
    return [dated(change.on, _because(words, change))]


def _pause(entry: Entry, window: Window | None, unit: Unit, calendar: Calendar, *, left: int | None) -> Line:
    change, counting = entry.change, calendar if unit is Unit.WORKING_DAYS else None
    counted_in = Unit.DAYS if counting is None else unit
    if entry.resumed is None:
        rest = "" if left is None else f"; {amount(left, counted_in)} {'is' if left == 1 else 'are'} left"
        return Line("Stopped", _because(f"Since {short(change.on)}, not started again{rest}", change))
    if entry.resumed.on <= change.on:
        return Line("Stopped", _because(f"{short(change.on)}, started again the same day", change))
    last = entry.resumed.on - DAY
    days = short(change.on) if last == change.on else f"{short(change.on)} to {short(last)}"
    if window:
        lost = running_days(max(change.on - DAY, window.after), min(last, window.upto), counting)
        days += f": {amount(lost, counted_in)} not counted"
    return Line("Stopped", _because(days, change))


def _said(words: str, change: Change) -> str:
    by = f" by {change.authorised_by}" if change.authorised_by else ""
    return _because(f"{words} on {short(change.on)}{by}", change)


def _because(words: str, change: Change) -> str:
    reason = change.reason.strip().rstrip(".")
    return f"{words}. {reason}" if reason else words
