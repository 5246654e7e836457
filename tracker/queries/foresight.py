"""What the next morning would send about the reader's cases, in one line."""

from datetime import datetime

from sqlmodel import Session

from tracker import access, clock
from tracker.policy import Actor
from tracker.services.calendars import calendar_for
from tracker.services.foresight import foresee
from tracker.services.mornings import next_morning
from tracker.templating import count, instant


def next_morning_words(session: Session, actor: Actor, at: datetime) -> str:
    """``Tuesday 24 November 2026 at 8:00am would send 3 e-mails with 12 reminders``, as things stand."""
    calendar, today = calendar_for(session, None), clock.london(at)
    before_eight = calendar.is_working(today) and at < clock.morning_of(today)
    next_at = clock.morning_of(today) if before_eight else next_morning(today, calendar)
    mails = foresee(session, next_at, visible=[access.visible(actor)])
    if not mails:
        return f"{instant(next_at)} would send nothing"
    reminders = count(sum(mail.notices for mail in mails), "reminder")
    return f"{instant(next_at)} would send {count(len(mails), 'e-mail')} with {reminders}"
