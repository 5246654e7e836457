"""What the next morning would send about the reader's cases, in one line."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from tracker import access, clock
from tracker.models import Outbox
from tracker.policy import Actor
from tracker.services.calendars import calendar_for
from tracker.services.foresight import foresee
from tracker.services.mornings import next_morning
from tracker.templating import count, instant


def morning_ahead(session: Session, at: datetime) -> datetime:
    """The next 08:00 in London at which reminders go."""
    calendar, today = calendar_for(session, None), clock.london(at)
    before_eight = calendar.is_working(today) and at < clock.morning_of(today)
    return clock.morning_of(today) if before_eight else next_morning(today, calendar)


def next_morning_words(session: Session, actor: Actor, at: datetime, extra: Iterable[Outbox] = ()) -> str:
    """``Tuesday 24 November 2026 at 8:00am would send 3 e-mails with 12 reminders``, as things stand.

    ``extra`` are notices that morning owes besides those of dates: the notes of the week.
    """
    next_at = morning_ahead(session, at)
    # All of that day: some have chosen a later hour.
    whole = clock.end_of(clock.london(next_at))
    mails = foresee(session, whole, visible=[access.visible(actor)], extra=extra)
    if not mails:
        return f"{instant(next_at)} would send nothing"
    reminders = count(sum(mail.notices for mail in mails), "reminder")
    return f"{instant(next_at)} would send {count(len(mails), 'e-mail')} with {reminders}"
