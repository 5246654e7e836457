"""What is said of a date: which sort it is, how long it runs, and how it stands on a day."""

from datetime import date

from workflows.calendars import Calendar
from workflows.dates import Mode, Period, Unit, days_late
from workflows.definition import Force
from workflows.traces import amount

PLAN_DATE = "ACTION_TARGET"
"""The clock of an action, whose date its plan says."""


def due_words(due_on: date | None, unit: Unit, calendar: Calendar, today: date) -> tuple[str, str]:
    """Say how a running date stands on a day, and its state for the page: ``overdue``, ``today`` or nothing."""
    if due_on is None:
        return "No date yet", ""
    if due_on == today:
        return "Due today", "today"
    if due_on < today:
        late = days_late(due_on, today, unit, calendar)
        # On the weekend after a Friday no working day has passed: the days of the calendar are said then.
        words = counted(late, unit) if late else counted((today - due_on).days, Unit.DAYS)
        return f"{words} overdue", "overdue"
    left = calendar.working_days(today, due_on) if unit is Unit.WORKING_DAYS else (due_on - today).days
    if not left:
        return f"in {counted((due_on - today).days, Unit.DAYS)}", ""
    return f"in {counted(left, unit)}", ""


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


def counted(n: int, unit: Unit) -> str:
    """So many days, or working days where the length is in those."""
    return amount(n, Unit.WORKING_DAYS if unit is Unit.WORKING_DAYS else Unit.DAYS)
