"""When reminders may be decided and sent: from 08:00 in London on a working day until the end of that day."""

from datetime import date, datetime

from tracker import clock
from workflows.calendars import Calendar


def morning_passed(at: datetime, calendar: Calendar) -> date | None:
    """The London day of ``at`` if it is a working day and 08:00 is past; None at night and on days off."""
    today = clock.london(at)
    return today if calendar.is_working(today) and at >= clock.morning_of(today) else None


def next_morning(on: date, calendar: Calendar) -> datetime:
    """08:00 in London on the first working day after ``on``, as a UTC instant."""
    return clock.morning_of(calendar.working_day_after(on, 1))
