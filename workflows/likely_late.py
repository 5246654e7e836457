"""Likely late: a running date is not overdue, but one of seven stated signs is present (docs/ux.md (f)).

Worked out for each page and never stored. The reason is the text that is shown. What is reported as done stays likely
late until somebody has verified it: it may still be sent back.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from workflows.rag import MOVED_OFTEN, SOON

RETURNS_WORKING_DAYS = 5
"""With so many working days left or fewer, a return that is still out makes a date likely to be late."""

_ORDINALS = {1: "a second time", 2: "a third time"}


class Sign(StrEnum):
    """The seven rules, and what is reported as done."""

    SILENCE = "R1"
    MOVED = "R2"
    SAID = "R3"
    WAITS = "R4"
    RETURNS = "R5"
    EARLIER_STEP = "R6"
    NOT_ARRIVING = "R7"
    NOT_VERIFIED = "done"


@dataclass(frozen=True, slots=True)
class Reason:
    """One sign that is present, and the words in which a page says it."""

    sign: Sign
    words: str


class Said(StrEnum):
    """What a lead last said that bears on the date."""

    NOTHING = ""
    AT_RISK = "at_risk"
    MORE_TIME = "more_time"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Event:
    """What a date waits for: ``the inquest``, with its own date if it has one."""

    words: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class EarlierStep:
    """A step before the one that meets the date, not begun: if it began today, its usual length would end on that day.

    ``length`` is words such as ``40 working days``; ``left`` says how much is left in the same unit.
    """

    label: str
    length: str
    left: str
    would_end_on: date


@dataclass(frozen=True, slots=True)
class Running:
    """All that the rules look at, of one running date. The fields stand in the order of the rules.

    ``heard_on`` is the day of the last word from whoever must answer, or of the asking where there was none; None where
    nobody outside has to answer. ``reminders`` were sent to them for this date. ``returns_out`` are the agencies'
    returns that the date needs and that are not in; ``working_days_left`` until the end of the due date.
    ``undelivered`` reminders for the date as it stands came back or failed.
    """

    due_on: date
    heard_on: date | None = None
    reminders: int = 0
    moved: int = 0
    said: Said = Said.NOTHING
    asked_for_on: date | None = None
    waits_for: Event | None = None
    returns_out: int = 0
    working_days_left: int = 0
    earlier: EarlierStep | None = None
    undelivered: int = 0
    reported_done: bool = False


def reasons(item: Running, today: date) -> tuple[Reason, ...]:
    """Every sign that is present, in the order of the rules; none for a date that has passed: it is overdue instead."""
    if item.due_on < today:
        return ()
    if item.reported_done:
        return (Reason(Sign.NOT_VERIFIED, "Reported as done, not verified yet"),)
    found = {
        Sign.SILENCE: _silence(item, today),
        Sign.MOVED: f"Date moved {_times(item.moved)}" if item.moved >= MOVED_OFTEN else "",
        Sign.SAID: _said(item),
        Sign.WAITS: _waits(item),
        Sign.RETURNS: _returns(item),
        Sign.EARLIER_STEP: _earlier(item),
        Sign.NOT_ARRIVING: _not_arriving(item),
    }
    return tuple(Reason(sign, words) for sign, words in found.items() if words)


def silent_days(heard_on: date | None, today: date) -> int:
    """Days without a word, where they are 28 or more; otherwise 0."""
    days = (today - heard_on).days if heard_on else 0
    return days if days >= SOON.days else 0


def _silence(item: Running, today: date) -> str:
    days = silent_days(item.heard_on, today)
    if not days or item.due_on - today > SOON:
        return ""
    reminders = f", {item.reminders} reminder{'' if item.reminders == 1 else 's'}" if item.reminders else ""
    return f"No answer for {days} days{reminders}"


def _said(item: Running) -> str:
    if item.said is Said.AT_RISK:
        return "The lead says that it is at risk"
    if item.said is Said.NOT_OURS:
        return "The lead says that it is not theirs"
    if item.said is Said.MORE_TIME:
        often = _ORDINALS.get(item.moved, "again") if item.moved else ""
        to = f", to {_day(item.asked_for_on)}" if item.asked_for_on else ""
        return f"Asked to move it{' ' + often if often else ''}{to}"
    return ""


def _waits(item: Running) -> str:
    event = item.waits_for
    if event is None:
        return ""
    if event.on is None:
        return f"Waits for {event.words}, with no date yet"
    return f"Waits for {event.words}, listed {_day(event.on)}" if event.on > item.due_on else ""


def _returns(item: Running) -> str:
    if not item.returns_out or item.working_days_left > RETURNS_WORKING_DAYS:
        return ""
    left = _count(item.working_days_left, "working day")
    return f"{_count(item.returns_out, 'agency return')} outstanding, {left} left"


def _earlier(item: Running) -> str:
    step = item.earlier
    if step is None or step.would_end_on <= item.due_on:
        return ""
    return f"Not started: {step.label[:1].lower()}{step.label[1:]}. It usually takes {step.length}; {step.left} left"


def _not_arriving(item: Running) -> str:
    return f"{_count(item.undelivered, 'reminder')} did not arrive" if item.undelivered else ""


def last_day_of(weeks: int, today: date) -> date:
    """The Sunday that ends so many weeks, this one among them."""
    return monday_of(today) + timedelta(weeks=weeks, days=-1)


def monday_of(on: date) -> date:
    """The Monday of its week."""
    return on - timedelta(days=on.weekday())


def _times(count: int) -> str:
    return "twice" if count == MOVED_OFTEN else f"{count} times"


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"


def _day(on: date | None) -> str:
    return f"{on.day} {on:%B %Y}" if on else ""
