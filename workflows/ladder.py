"""Which reminders of a deadline are owed on a day, and when to look again. Nothing here remembers or sends anything."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice

from workflows.calendars import Calendar
from workflows.periods import Unit


class Who(StrEnum):
    """The part someone plays for a deadline. Who that is today, the application knows."""

    LEAD = "lead"
    OFFICER = "officer"
    MANAGER = "manager"
    CHAIR = "chair"
    ESCALATION = "escalation"  # the lead's manager: the agency's escalation contact


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: so many units before (negative), on (0) or after (positive) the due date, and to whom.

    ``repeat_every`` repeats the last rung every so many units for as long as the deadline runs. ``singly`` notes go
    as a message of their own, not in the day's digest: the first overdue one and every escalation.
    """

    key: str
    offset: int
    unit: Unit
    to: tuple[Who, ...]
    repeat_every: int | None = None
    singly: bool = False

    def __post_init__(self) -> None:
        if self.unit not in {Unit.WORKING_DAYS, Unit.DAYS}:
            raise ValueError("A reminder is so many working days or days before or after its date.")
        if not self.to:
            raise ValueError("A reminder goes to somebody.")
        if self.repeat_every is not None and (self.repeat_every < 1 or self.offset < 0):
            raise ValueError("Reminders are repeated from the due date on, every one or more days.")


@dataclass(frozen=True, slots=True)
class Note:
    """One reminder owed to one role. ``on`` is the working day from which it is owed."""

    rung: str
    on: date
    to: Who
    singly: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send, what was overtaken and is only put on record, and the next day on which anything can be owed.

    ``next_on`` is None when nothing ever will be.
    """

    send: tuple[Note, ...]
    skip: tuple[Note, ...]
    next_on: date | None


def key_of(offset: int) -> str:
    """Name a step by its place: ``before-10``, ``on``, ``after-20``."""
    if offset == 0:
        return "on"
    return f"before-{-offset}" if offset < 0 else f"after-{offset}"


def rungs_from(
    before: Iterable[int],
    *,
    to: tuple[Who, ...] = (Who.LEAD,),
    also: Mapping[Who, Iterable[int]] | None = None,
    unit: Unit = Unit.DAYS,
    repeat_every: int | None = None,
) -> tuple[Rung, ...]:
    """Make a ladder from a row of the domain documents.

    "14/7/3/1/0; manager T-7; chair T-3 and when overdue" is
    ``rungs_from((14, 7, 3, 1, 0), also={Who.MANAGER: (-7,), Who.CHAIR: (-3, 1)})``: ``before`` counts back from the
    due date, ``also`` has the sign of the T. Steps after the date go singly; the last is repeated if asked.
    """
    places: dict[int, list[Who]] = {}
    for n in before:
        places.setdefault(-n, []).extend(to)
    for who, offsets in (also or {}).items():
        for offset in offsets:
            places.setdefault(offset, []).append(who)
    last = max(places, default=None)
    return tuple(
        Rung(
            key_of(offset),
            offset,
            unit,
            tuple(dict.fromkeys(places[offset])),
            repeat_every=repeat_every if offset == last else None,
            singly=offset > 0,
        )
        for offset in sorted(places)
    )


_LOOK_AHEAD = 400
"""Repeats of a step that are looked through for the next one."""
_BOTH = (Who.LEAD, Who.OFFICER)
_ABOVE = frozenset({Who.MANAGER, Who.CHAIR, Who.ESCALATION})

DEFAULT_LADDER: tuple[Rung, ...] = (
    Rung("before-10", -10, Unit.WORKING_DAYS, _BOTH),
    Rung("before-5", -5, Unit.WORKING_DAYS, _BOTH),
    Rung("before-1", -1, Unit.WORKING_DAYS, _BOTH),
    Rung("on", 0, Unit.WORKING_DAYS, _BOTH),
    Rung("after-1", 1, Unit.WORKING_DAYS, _BOTH, singly=True),
    Rung("after-5", 5, Unit.WORKING_DAYS, (Who.MANAGER,), singly=True),
    Rung("after-10", 10, Unit.WORKING_DAYS, (Who.ESCALATION,), singly=True),
    Rung("after-15", 15, Unit.WORKING_DAYS, (Who.CHAIR,), singly=True),
    Rung("after-20", 20, Unit.WORKING_DAYS, (Who.ESCALATION,), repeat_every=10),
)  # docs/architecture.md section 8; the chair at 15: docs/ux.md (i) 3


def check(ladder: Iterable[Rung]) -> None:
    """Refuse a ladder that does not climb, uses a key twice or repeats a rung that is not its last.

    Raises:
        ValueError: with what is wrong.
    """
    rungs = tuple(ladder)
    keys = [rung.key for rung in rungs]
    if len(set(keys)) != len(keys):
        raise ValueError("A ladder uses each key once.")
    if any(rung.repeat_every for rung in rungs[:-1]):
        raise ValueError("Only the last rung of a ladder is repeated.")
    if [rung.offset for rung in rungs] != sorted(rung.offset for rung in rungs):
        raise ValueError("The rungs of a ladder are in order of time.")


def plan(
    ladder: Iterable[Rung], due_on: date, today: date, done: Collection[tuple[str, Who]], calendar: Calendar
) -> Plan:
    """Say which notes are owed ``today``, given the keys and roles ``done``: those sent or skipped before.

    A note is owed from its rung's day, or from the next working day where that is none. Each role gets the latest
    that it is owed and has not had; what came before is skipped, and so is everything before one it has had. The
    order of the ladder decides which is later, so steps that fall on one day go as one. A rung whose day lies
    outside the years 1 to 9999 is never owed. Of the notes of a ``singly`` rung only the first that tells somebody
    that the date has passed, and those to somebody above them, go singly; repeats never do.
    """
    had = done if isinstance(done, set | frozenset) else frozenset(done)
    ladder = tuple(ladder)
    first_late = _first_late(ladder)
    queues: dict[Who, _Queue] = {}
    next_on: date | None = None
    for rung in ladder:
        for key, offset in _steps(rung):
            open_to = [who for who in rung.to if (key, who) not in had]
            for who in rung.to:
                if who not in open_to and who in queues:
                    queues[who].overtake()
            if not open_to:
                continue
            on = _owed_from(rung.unit, offset, due_on, calendar)
            if on is None:
                break
            if on > today:
                next_on = min(on, next_on or on)
                break
            for who in open_to:
                alone = rung.singly and key == rung.key and (who in _ABOVE or first_late.get(who) == key)
                queues.setdefault(who, _Queue()).add(Note(key, on, who, alone))
    send = [queue.latest for queue in queues.values() if queue.latest]
    skip = [note for queue in queues.values() for note in queue.overtaken]
    return Plan(tuple(sorted(send, key=_in_time)), tuple(sorted(skip, key=_in_time)), next_on)


def next_told(ladder: Iterable[Rung], who: Who, due_on: date, today: date, calendar: Calendar) -> date | None:
    """The first day after ``today`` on which a part is told that the date has passed; None if it never is."""
    days = (
        _owed_from(rung.unit, offset, due_on, calendar)
        for rung in ladder
        if who in rung.to and rung.offset > 0
        for _, offset in islice(_steps(rung), _LOOK_AHEAD)
    )
    return min((on for on in days if on is not None and on > today), default=None)


def next_asking(
    ladder: Iterable[Rung],
    parts: Collection[Who],
    due_on: date,
    today: date,
    calendar: Calendar,
    *,
    again: bool = False,
) -> tuple[date, Who] | None:
    """The first step to one of these parts after ``today``, or from it on if ``again``, and to which; None if there is none.

    Of two parts on one day the higher is named: the later in :class:`Who`.
    """
    days = [
        (on, who)
        for rung in ladder
        for who in rung.to
        if who in parts
        for _, offset in islice(_steps(rung), _LOOK_AHEAD)
        if (on := _owed_from(rung.unit, offset, due_on, calendar)) is not None
        and (on > today or (again and on == today))
    ]
    order = list(Who)
    return min(days, key=lambda step: (step[0], -order.index(step[1])), default=None)


def _first_late(ladder: Iterable[Rung]) -> Mapping[Who, str]:
    """For each role the key of the first rung that tells it that the date has passed."""
    found: dict[Who, str] = {}
    for rung in ladder:
        if rung.offset > 0:
            found = dict.fromkeys(rung.to, rung.key) | found
    return found


@dataclass(slots=True)
class _Queue:
    """What one role is owed, oldest first."""

    latest: Note | None = None
    overtaken: list[Note] = field(default_factory=list)

    def overtake(self) -> None:
        if self.latest:
            self.overtaken.append(self.latest)
        self.latest = None

    def add(self, note: Note) -> None:
        self.overtake()
        self.latest = note


def _in_time(note: Note) -> tuple[date, Who]:
    return note.on, note.to


def _steps(rung: Rung) -> Iterator[tuple[str, int]]:
    """Go through a rung and its repeats, the earliest first; the caller stops at the first that is not owed yet."""
    yield rung.key, rung.offset
    if rung.repeat_every is None:
        return
    offset = rung.offset
    while True:
        offset += rung.repeat_every
        yield key_of(offset), offset


def _owed_from(unit: Unit, offset: int, due_on: date, calendar: Calendar) -> date | None:
    try:
        if unit is Unit.DAYS:
            return calendar.next_working(due_on + timedelta(days=offset))
        if offset < 0:
            return calendar.working_day_before(due_on, -offset)
        return calendar.working_day_after(due_on, offset) if offset else calendar.next_working(due_on)
    except OverflowError:
        return None
