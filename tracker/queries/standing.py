"""How the dates of a case stand on a day: in words, in the clock's own unit, with the lines that explain each."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker.models import Case, Deadline, DeadlineChange, DeadlineStatus
from tracker.queries.choices import bodies
from tracker.services.calendars import calendar_for
from tracker.services.deadlines import change_from, standing
from tracker.services.policies import rule_from
from workflows.calendars import Calendar
from workflows.dates import Mode, Period, Unit, days_late
from workflows.definition import Force
from workflows.ledger import Change
from workflows.traces import Line, amount

PLAN_DATE = "ACTION_TARGET"
_SOON_KEPT = 5


@dataclass(frozen=True, slots=True)
class DateShown:
    """One date as a page shows it. ``state`` is overdue, today, paused or nothing; ``first`` is set once it moved."""

    key: str
    instance: str
    label: str
    for_whom: str
    kind: str
    basis: str
    due_on: date | None
    words: str
    state: str
    first: date | None
    lines: tuple[Line, ...]
    status: str
    met_on: date | None
    paused: bool

    @property
    def running(self) -> bool:
        """Whether the duty is still owed."""
        return self.status == DeadlineStatus.RUNNING

    @property
    def what(self) -> str:
        """What is due, and from whom where there is one for each agency."""
        return f"{self.label}: {self.for_whom}" if self.for_whom else self.label

    @property
    def sub(self) -> str:
        """The kind of date, and what became of it."""
        return f"{self.kind}. {self.words}" if not self.running else self.kind


def dates_of(session: Session, case: Case, today: date) -> tuple[DateShown, ...]:
    """Every date of a case: running ones first, in order of due date; then what has ended, latest first."""
    deadlines = session.exec(
        select(Deadline)
        .where(Deadline.case_id == case.id)
        .order_by(col(Deadline.due_on), col(Deadline.key), col(Deadline.instance), col(Deadline.cycle))
    ).all()
    ledgers: dict[int, list[Change]] = defaultdict(list)
    rows = session.exec(
        select(DeadlineChange)
        .where(col(DeadlineChange.deadline_id).in_([deadline.id for deadline in deadlines]))
        .order_by(col(DeadlineChange.deadline_id), col(DeadlineChange.seq))
    ).all()
    for row in rows:
        ledgers[row.deadline_id].append(change_from(row))
    names = bodies(session, {deadline.instance for deadline in deadlines})
    calendar = calendar_for(session, case.partnership_id)
    shown = [
        _shown(deadline, tuple(ledgers[deadline.id or 0]), calendar, names, today) for deadline in deadlines
    ]
    live = sorted((d for d in shown if d.running), key=lambda d: d.due_on or date.max)
    ended = sorted((d for d in shown if not d.running), key=lambda d: d.met_on or date.min, reverse=True)
    return (*live, *ended)


def soonest(dates: tuple[DateShown, ...]) -> tuple[DateShown, ...]:
    """What the case page shows: the next running dates, at most five, the overdue among them."""
    return tuple(shown for shown in dates if shown.running)[:_SOON_KEPT]


def due_words(due_on: date | None, unit: Unit, calendar: Calendar, today: date) -> tuple[str, str]:
    """Say how a running date stands on a day, and its state for the page: ``overdue``, ``today`` or nothing."""
    if due_on is None:
        return "No date yet", ""
    if due_on == today:
        return "Due today", "today"
    if due_on < today:
        late = days_late(due_on, today, unit, calendar)
        # On the weekend after a Friday no working day has passed: the days of the calendar are said then.
        counted = _counted(late, unit) if late else _counted((today - due_on).days, Unit.DAYS)
        return f"{counted} overdue", "overdue"
    left = calendar.working_days(today, due_on) if unit is Unit.WORKING_DAYS else (due_on - today).days
    if not left:
        return f"in {_counted((due_on - today).days, Unit.DAYS)}", ""
    return f"in {_counted(left, unit)}", ""


def kind_words(key: str, force: str, *, length_local: bool, period: Period | None) -> str:
    """Say what sort of date it is and how long it runs. A local target is never called statutory."""
    if key == PLAN_DATE:
        return "Plan date"
    kind = {
        Force.STATUTE: "Statutory duty",
        Force.GUIDANCE: "Guidance" if length_local else "Guidance limit",
        Force.LOCAL: "Local target",
    }[Force(force)]
    if length_local and force != Force.LOCAL:
        kind = f"{kind}, length set locally"
    if period is None:
        return f"{kind}, the date is entered"
    before = " before" if period.mode is Mode.BEFORE else ""
    return f"{kind}, {amount(period.n, period.unit)}{before}"


def _counted(n: int, unit: Unit) -> str:
    return amount(n, Unit.WORKING_DAYS if unit is Unit.WORKING_DAYS else Unit.DAYS)


def _shown(
    deadline: Deadline, ledger: tuple[Change, ...], calendar: Calendar, names: dict[str, str], today: date
) -> DateShown:
    stands = standing(deadline, ledger, calendar)
    period = rule_from(deadline.rule)
    unit = period.unit if period else Unit.DAYS
    words, state = due_words(deadline.due_on, unit, calendar, today)
    if deadline.status == DeadlineStatus.MET:
        late = stands.late_by_days or 0
        words, state = (f"Met, {_counted(late, unit)} late" if late else "Met in time"), ""
        if not late and deadline.met_on and deadline.due_on and deadline.met_on > deadline.due_on:
            words = "Met late"
    elif deadline.status != DeadlineStatus.RUNNING:
        words, state = ("Stopped" if deadline.status == DeadlineStatus.STOPPED else "Cancelled"), ""
    elif deadline.paused:
        words, state = "Paused", "paused"
    elif deadline.minimum and state == "overdue":
        words, state = "The time is over", ""
    return DateShown(
        key=deadline.key,
        instance=deadline.instance,
        label=deadline.label,
        for_whom=names.get(deadline.instance, deadline.instance),
        kind=kind_words(deadline.key, deadline.force, length_local=deadline.length_local, period=period),
        basis=deadline.basis,
        due_on=deadline.due_on,
        words=words,
        state=state,
        first=deadline.first_due_on if deadline.first_due_on != deadline.due_on else None,
        lines=stands.trace,
        status=deadline.status,
        met_on=deadline.met_on,
        paused=deadline.paused,
    )
