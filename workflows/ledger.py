"""One deadline's life: what it is due on after everything that was agreed and recorded about it, and why.

The ledger is folded in the order in which it was recorded; ``on`` is the day a change takes effect and may lie
before that of an earlier entry. Overdue is no state: it is a running clock whose date has passed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from workflows import traces
from workflows.calendars import Calendar
from workflows.changes import Change, ChangeKind, Entry, Window, ending, told
from workflows.dates import days_late, rests_on_forecast
from workflows.periods import (
    DAY,
    DateRefused,
    Mode,
    Period,
    Reckoned,
    Span,
    StillStopped,
    Suspension,
    Unit,
    merged,
    reckon,
    running_days,
    skip,
    whole,
)
from workflows.traces import Line, dated, in_words

__all__ = ["Change", "ChangeKind", "LedgerRefused", "Standing", "Status", "fold"]


class Status(StrEnum):
    """Where a deadline stands. A paused clock is running: it is only not counting."""

    RUNNING = "running"
    STOPPED = "stopped"  # the duty came to an end without being done
    MET = "met"
    CANCELLED = "cancelled"  # there never was a duty, or it is someone else's now


@dataclass(frozen=True, slots=True)
class Standing:
    """How a deadline stands after its ledger.

    ``due_on`` is None where there is no date, and while a pause keeps anyone from saying what it will be;
    ``first_due_on`` is the date before any change. ``late_by_days`` is set once it is met: 0 in time, else working
    days for a clock in working days and calendar days for any other. ``extensions`` counts the times it was
    extended; agreed dates are not among them.
    """

    status: Status
    paused: bool
    due_on: date | None
    first_due_on: date | None
    met_on: date | None
    late_by_days: int | None
    extensions: int
    provisional: bool
    trace: tuple[Line, ...]

    def is_overdue(self, on: date) -> bool:
        """Say whether the date has passed and the duty is still owed; on the date itself it has not."""
        return self.status is Status.RUNNING and self.due_on is not None and self.due_on < on


class LedgerRefused(DateRefused):
    """A change that does not fit what came before it, with the reason in one plain sentence."""


def fold(
    period: Period | None,
    starts_on: date,
    changes: Sequence[Change],
    calendar: Calendar,
    *,
    start_words: str = "",
    length_words: str = "",
    typed_due_on: date | None = None,
    first_due_on: date | None = None,
) -> Standing:
    """Work out how a deadline stands.

    With ``typed_due_on`` the date was entered, not worked out; with neither a period nor such a date there is none
    until one is set. A stored ``first_due_on`` is kept, whatever the calendar has come to say since.

    Extensions lengthen the period. A set date takes the place of what was worked out: from then on extensions are
    added to it in the clock's unit (calendar days where it has none), and only stops recorded after it move it.
    Ending a stopped clock starts it again on that day.

    Raises:
        LedgerRefused: the changes cannot have happened in this order, or the date cannot be worked out.
    """
    life = _Life(period, calendar, starts_on, agreed=typed_due_on)
    try:
        for change in changes:
            life.take(change)
        first = (
            first_due_on or typed_due_on or (reckon(starts_on, period, calendar).due_on if period else None)
        )
        now = life.outcome()
        lines = _opening(life, starts_on, now, typed_due_on, (start_words, length_words))
    except LedgerRefused:
        raise
    except DateRefused as refusal:
        raise LedgerRefused(str(refusal)) from None
    met_on = life.ended_by.on if life.status is Status.MET and life.ended_by else None
    late = days_late(now.due_on, met_on, life.unit, calendar) if met_on and now.due_on else None
    if first and first != now.due_on:
        lines.append(dated(first, "First due date, before any change"))
    lines += told(life.entries, now.window, life.unit, calendar, left=now.left)
    if now.found and period:
        lines += traces.roll_lines(now.found.reached, period, calendar)
    if now.due_on:
        lines += traces.result_lines(now.due_on, life.unit, calendar, provisional=now.provisional)
    lines += ending(life.ended_by, late, life.unit)
    return Standing(
        status=life.status,
        paused=life.pause is not None,
        due_on=now.due_on,
        first_due_on=first,
        met_on=met_on,
        late_by_days=late,
        extensions=life.times_extended,
        provisional=now.provisional,
        trace=tuple(lines),
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Where the counting came out. ``found`` is None for an agreed or entered date, ``left`` is set while stopped."""

    due_on: date | None
    provisional: bool = False
    found: Reckoned | None = None
    window: Window | None = None
    left: int | None = None


@dataclass(slots=True)
class _Life:
    """What the ledger has come to so far. ``agreed`` takes the place of the period; stops count after ``since``."""

    period: Period | None
    calendar: Calendar
    since: date
    agreed: date | None
    status: Status = Status.RUNNING
    pause: Entry | None = None
    ended_by: Change | None = None
    stops: list[Suspension] = field(default_factory=list)
    extra: int = 0
    times_extended: int = 0
    entries: list[Entry] = field(default_factory=list)

    @property
    def unit(self) -> Unit:
        return self.period.unit if self.period else Unit.DAYS

    @property
    def counting(self) -> Calendar | None:
        return self.calendar if self.unit is Unit.WORKING_DAYS else None

    def take(self, change: Change) -> None:
        if change.kind is not ChangeKind.REOPEN and self.status is not Status.RUNNING:
            raise LedgerRefused(
                f"The deadline is {self.status}, so nothing changes until it is opened again."
            )
        _TAKES[change.kind](self, change)

    def take_pause(self, change: Change) -> None:
        if self.pause:
            raise LedgerRefused("The clock is stopped already.")
        self._needs_a_date_of_its_own()
        self.pause = Entry(change)
        self.entries.append(self.pause)

    def take_resume(self, change: Change) -> None:
        if self.pause is None:
            raise LedgerRefused("The clock is not stopped, so it cannot start again.")
        if change.on < self.pause.change.on:
            raise LedgerRefused("The clock cannot start again before the day on which it was stopped.")
        self.stops.append(Suspension(self.pause.change.on, change.on))
        self.pause.resumed = change
        self.pause = None

    def take_extend(self, change: Change) -> None:
        whole(change.n, least=1, what="An extension")
        self._needs_a_date_of_its_own()
        self.extra += change.n or 0
        self.times_extended += 1
        self.entries.append(Entry(change))

    def take_set(self, change: Change) -> None:
        if change.due_on is None:
            raise LedgerRefused("The date that was agreed is missing.")
        if self.pause:
            raise LedgerRefused("The clock is stopped: it must start again before another date is agreed.")
        self.agreed, self.since = change.due_on, change.on
        self.stops, self.extra = [], 0
        self.entries.append(Entry(change))

    def take_marker(self, change: Change) -> None:
        if change.n is not None and self.period is not None:
            whole(change.n, least=0, what="The length")
            self.period = replace(self.period, n=change.n)
        self.entries.append(Entry(change))

    def take_end(self, change: Change) -> None:
        if self.pause:
            self.take_resume(Change(ChangeKind.RESUME, max(change.on, self.pause.change.on)))
        self.status, self.ended_by = _ENDS[change.kind], change

    def take_reopen(self, change: Change) -> None:
        if self.status is Status.RUNNING:
            raise LedgerRefused("The clock is running, so it cannot be opened again.")
        self.status, self.ended_by = Status.RUNNING, None
        self.entries.append(Entry(change))

    def _needs_a_date_of_its_own(self) -> None:
        if self.agreed is not None:
            return
        if self.period is None:
            raise LedgerRefused("There is no date yet that could be moved.")
        if self.period.mode is Mode.BEFORE:
            raise LedgerRefused("A date counted back from an event moves only with the event.")

    def outcome(self) -> _Outcome:
        """Work out the date from all that was taken."""
        if self.pause is None:
            return self._counted(merged(self.stops))
        try:
            return self._counted(merged([*self.stops, Suspension(self.pause.change.on, None)]))
        except StillStopped:
            spans = merged(self.stops)
            window = self._counted(spans).window
            if window is None:
                return _Outcome(None)
            before = max(window.after, self.pause.change.on - DAY)
            left = running_days(before, window.upto, self.counting)
            stopped = sum(self._stopped(span, Window(before, window.upto)) for span in spans)
            return _Outcome(None, window=Window(window.after, self.pause.change.on), left=left - stopped)

    def _counted(self, spans: Sequence[Span]) -> _Outcome:
        if self.agreed is not None:
            return self._from_agreed(self.agreed, spans)
        if self.period is None:
            return _Outcome(None)
        found = reckon(self.since, self.period, self.calendar, spans, self.extra)
        window = None if self.period.mode is Mode.BEFORE else Window(found.counts_after, found.reached)
        return _Outcome(found.due_on, rests_on_forecast(found, self.period, self.calendar), found, window)

    def _from_agreed(self, agreed: date, spans: Sequence[Span]) -> _Outcome:
        """Move an agreed date on by its extensions, then by as many days as were stopped on the way to it."""
        try:
            due_on = reckon(agreed, Period(self.extra, self.unit), self.calendar).due_on
            window = Window(self.since, due_on)
            lost = sum(self._stopped(span, window) for span in spans)
            due_on = skip(due_on, lost, spans, self.counting)
        except OverflowError:
            raise LedgerRefused("The date would lie outside the years 1 to 9999.") from None
        counted = self.counting is not None and due_on != agreed
        return _Outcome(
            due_on, counted and not self.calendar.is_known(due_on), window=Window(self.since, due_on)
        )

    def _stopped(self, span: Span, window: Window) -> int:
        """Count the days of a stop that would have counted in a window."""
        first, last = max(span.first, window.after + DAY), min(span.last, window.upto)
        if first > last:
            return 0
        if span.last == date.max:
            raise StillStopped("The clock is stopped and has not started again, so there is no due date yet.")
        return running_days(first - DAY, last, self.counting)


_ENDS: Mapping[ChangeKind, Status] = {
    ChangeKind.MEET: Status.MET,
    ChangeKind.STOP: Status.STOPPED,
    ChangeKind.CANCEL: Status.CANCELLED,
}

_TAKES: Mapping[ChangeKind, Callable[[_Life, Change], None]] = {
    ChangeKind.PAUSE: _Life.take_pause,
    ChangeKind.RESUME: _Life.take_resume,
    ChangeKind.EXTEND: _Life.take_extend,
    ChangeKind.SET: _Life.take_set,
    ChangeKind.RECALCULATE: _Life.take_marker,
    ChangeKind.MEET: _Life.take_end,
    ChangeKind.STOP: _Life.take_end,
    ChangeKind.CANCEL: _Life.take_end,
    ChangeKind.REOPEN: _Life.take_reopen,
}


def _opening(
    life: _Life, starts_on: date, now: _Outcome, typed_due_on: date | None, words: tuple[str, str]
) -> list[Line]:
    """Tell what started it and how long it runs, or where its date comes from."""
    start_words, length_words = words
    period, calendar = life.period, life.calendar
    if typed_due_on:
        lines = [dated(starts_on, start_words)] if start_words else []
        entered = f"{in_words(typed_due_on)}, {length_words or 'as written in the plan'}"
        return [*lines, Line("Date entered", entered)]
    if period is None:
        return [
            dated(starts_on, start_words or "Starts"),
            Line("No date", length_words or "None was entered"),
        ]
    found = now.found or reckon(starts_on, period, calendar)
    lines = traces.start_lines(starts_on, period, found, calendar, start_words)
    lines.append(traces.length_line(period, length_words))
    if now.found is None:
        return lines
    lines += traces.clamp_lines(period, found.day_zero, period.n + life.extra)
    if period.unit is Unit.WORKING_DAYS:
        back = period.mode is Mode.BEFORE
        between = (found.reached - DAY, starts_on - DAY) if back else (found.counts_after, found.reached)
        lines.append(traces.not_counted_line(*between, merged(life.stops), calendar))
    return lines
