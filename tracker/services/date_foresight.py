"""What an act would do to a running date, worked out beforehand. Changes nothing."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from tracker.errors import NotPossible
from tracker.models import Case, Deadline, DeadlineStatus
from tracker.services import deadlines
from tracker.services.calendars import calendar_for
from tracker.services.date_requests import (
    ACTS,
    Act,
    Asked,
    Correction,
    DoesNotFit,
    Extension,
    LateReason,
    Pause,
    Resume,
)
from tracker.services.policies import rule_from
from tracker.services.positions import workflow_for
from workflows.calendars import Calendar
from workflows.dates import Mode, Unit, days_late
from workflows.deciders import Decider
from workflows.ledger import Change, ChangeKind, Standing, fold
from workflows.periods import DateRefused
from workflows.traces import amount, in_words


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How a date stands before and after an act, worked out beforehand.

    ``entry`` is what the ledger gets; nothing if only a reason is kept. ``late`` says that the act comes after the date
    had passed, and ``late_words`` by how much, as a sentence.
    """

    before: Standing
    after: Standing
    entry: Change | None
    late: bool
    late_words: str
    calendar: Calendar


NOT_RUNNING = "This date has ended, so it cannot be changed."
NOT_EXTENDABLE = "No more time can be agreed for this date."
NOT_PAUSABLE = "This clock is never paused."
_ABOUT = {
    ChangeKind.EXTEND: "n",
    ChangeKind.PAUSE: "happened_on",
    ChangeKind.RESUME: "happened_on",
    ChangeKind.SET: "right_on",
}


def decider_of(case: Case, deadline: Deadline, act: Act) -> Decider:
    """Whose decision an act on this date is. More time is decided by whom the definition names for the clock."""
    if act is Act.EXTEND:
        clock = workflow_for(case).clock_by_key.get(deadline.key)
        return clock.extend_by if clock else Decider.BU_MANAGER
    return Decider.BU_MANAGER if act is Act.CORRECT else Decider.BU_OFFICER


def foresee(session: Session, case: Case, deadline: Deadline, asked: Asked, *, today: date) -> Foreseen:
    """Work out what an act does to a date. Changes nothing.

    Raises:
        NotPossible: the date has ended, or its clock knows no such act.
        DoesNotFit: an answer cannot be used; says which.
    """
    require_possible(deadline, asked)
    _require_days(deadline, asked, today)
    calendar = calendar_for(session, case.partnership_id)
    ledger = deadlines.ledger_of(session, deadline)
    before = deadlines.standing(deadline, ledger, calendar)
    if isinstance(asked, LateReason):
        return Foreseen(before, before, None, late=True, late_words="", calendar=calendar)
    late_words = _late_words(deadline, asked, calendar, today)
    try:
        entry = _entry(case, deadline, asked, ledger, calendar, late_words, today)
    except DateRefused as refused:
        raise DoesNotFit("right_on", str(refused)) from None
    try:
        after = deadlines.standing(deadline, (*ledger, entry), calendar)
    except DateRefused as refused:
        raise DoesNotFit(_ABOUT[entry.kind], str(refused)) from None
    _require_sense(asked, before.due_on, after.due_on, today)
    return Foreseen(before, after, entry, late=bool(late_words), late_words=late_words, calendar=calendar)


def require_possible(deadline: Deadline, asked: Asked) -> None:
    """Hold an act against what its clock allows.

    Raises:
        NotPossible: the date has ended, or its clock knows no such act.
    """
    if deadline.status != DeadlineStatus.RUNNING:
        raise NotPossible(NOT_RUNNING)
    if isinstance(asked, Extension) and not deadline.extendable:
        raise NotPossible(NOT_EXTENDABLE)
    if isinstance(asked, Pause) and not deadline.pausable:
        raise NotPossible(NOT_PAUSABLE)


def unit_of(deadline: Deadline) -> Unit:
    """The unit in which a date is extended: that of its clock, calendar days where the date was entered."""
    period = rule_from(deadline.rule)
    return period.unit if period else Unit.DAYS


def counted_back(deadline: Deadline) -> bool:
    """Whether the date is counted back from an event."""
    period = rule_from(deadline.rule)
    return period is not None and period.mode is Mode.BEFORE


def _require_days(deadline: Deadline, asked: Asked, today: date) -> None:
    """Words and days: what is missing, what lies ahead, what lies before the clock started."""
    if not isinstance(asked, Resume) and not asked.reason.strip():
        raise DoesNotFit("reason", "Give the reason.")
    match asked:
        case Extension(n=n, agreed_on=agreed_on):
            if n < 1:
                raise DoesNotFit("n", "More time must be 1 or more.")
            _require_between(deadline, agreed_on, today, "The day it was agreed")
        case Pause(from_on=from_on):
            _require_between(deadline, from_on, today, "The day the clock stops")
            if deadline.due_on is not None and from_on > deadline.due_on:
                raise DoesNotFit(
                    "happened_on",
                    f"The date passed on {in_words(deadline.due_on)}, so no day is left that could be stopped.",
                )
        case Resume(from_on=from_on):
            _require_between(deadline, from_on, today, "The day the clock runs again")
        case Correction(due_on=None, started_on=None):
            raise DoesNotFit("right_on", "Enter the right day.")
        case LateReason() if deadline.due_on is None or deadline.due_on >= today:
            raise DoesNotFit("reason", "This date has not passed, so it is not late.")
        case _:
            return


def _require_between(deadline: Deadline, on: date, today: date, what: str) -> None:
    if on > today:
        raise DoesNotFit("happened_on", f"{what} must be today or in the past.")
    if on < deadline.starts_on and not counted_back(deadline):
        started = in_words(deadline.starts_on)
        raise DoesNotFit("happened_on", f"{what} must be on or after {started}, when the clock started.")


def _require_sense(asked: Asked, old: date | None, new: date | None, today: date) -> None:
    """Refuse a new date that has passed already, and a correction that corrects nothing."""
    if isinstance(asked, Extension) and new is not None and new < today:
        raise DoesNotFit(
            "n",
            f"The new date would be {in_words(new)}, which has passed. More time must reach today or a later day.",
        )
    if isinstance(asked, Correction) and new == old and new is not None:
        raise DoesNotFit("right_on", f"The date is {in_words(new)} already.")


def _entry(
    case: Case,
    deadline: Deadline,
    asked: Extension | Pause | Resume | Correction,
    ledger: tuple[Change, ...],
    calendar: Calendar,
    late_words: str,
    today: date,
) -> Change:
    by = decider_of(case, deadline, ACTS[type(asked)]).label
    reason = asked.reason.strip()
    match asked:
        case Extension(n=n, agreed_on=agreed_on):
            told = f"{late_words} {reason}".strip()
            return Change(ChangeKind.EXTEND, agreed_on, n=n, reason=told, authorised_by=by)
        case Pause(code=code, from_on=from_on):
            return Change(ChangeKind.PAUSE, from_on, reason=f"{code.label}. {reason}", authorised_by=by)
        case Resume(from_on=from_on):
            return Change(ChangeKind.RESUME, from_on, reason=reason, authorised_by=by)
        case Correction():
            due_on, words = _corrected(deadline, asked, ledger, calendar, today)
            return Change(ChangeKind.SET, today, due_on=due_on, reason=f"{words} {reason}", authorised_by=by)


def _corrected(
    deadline: Deadline, asked: Correction, ledger: tuple[Change, ...], calendar: Calendar, today: date
) -> tuple[date | None, str]:
    """The right date, and what was wrong. From another start, all that was agreed since is counted again."""
    started_on, period = asked.started_on, rule_from(deadline.rule)
    if started_on is None:
        if asked.due_on is not None and asked.due_on < deadline.starts_on and not counted_back(deadline):
            started = in_words(deadline.starts_on)
            raise DoesNotFit("right_on", f"The date must be on or after {started}, when the clock started.")
        return asked.due_on, "The date was recorded wrongly."
    if period is None:
        raise DoesNotFit("wrong", "This date was entered and not worked out, so only the date can be wrong.")
    if started_on > today and not counted_back(deadline):
        raise DoesNotFit("right_on", "The day the clock started must be today or in the past.")
    due_on = fold(period, started_on, ledger, calendar).due_on
    return due_on, f"The start was recorded wrongly: it is {in_words(started_on)}."


def _late_words(deadline: Deadline, asked: Asked, calendar: Calendar, today: date) -> str:
    """Say by how much an act came after the date had passed; nothing if it came in time or is no agreement."""
    on = asked.agreed_on if isinstance(asked, Extension) else today if isinstance(asked, Pause) else None
    due_on = deadline.due_on
    if on is None or due_on is None or on <= due_on:
        return ""
    unit = unit_of(deadline)
    late = days_late(due_on, on, unit, calendar)
    did = "Agreed" if isinstance(asked, Extension) else "Recorded"
    if not late:
        return f"{did} after it was due."
    return f"{did} {amount(late, unit if unit is Unit.WORKING_DAYS else Unit.DAYS)} after it was due."
