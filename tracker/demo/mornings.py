"""What the reminders said on the mornings before today, and that nothing of it is said again."""

from datetime import datetime
from email.message import EmailMessage

from sqlalchemy import update
from sqlmodel import col

from tracker import clock
from tracker.db import Database
from tracker.models import Outbox, OutboxState
from tracker.outbox import Letterhead, deliver
from tracker.services import reminders
from tracker.services.calendars import calendar_for

MORNINGS = 60
"""So many working mornings before today have had their reminders."""
WHY = "Owed before the demonstration was loaded."


class Nowhere:
    """Takes mails of the past, which nobody gets."""

    def send(self, mail: EmailMessage) -> None:
        """Let it go."""


def remember(database: Database, letterhead: Letterhead, as_at: datetime) -> None:
    """Decide and deliver, morning by morning, what was owed up to the working day before ``as_at``."""
    with database.reading() as session:
        calendar = calendar_for(session, None)
    today = clock.london(as_at)
    for ago in range(MORNINGS, 0, -1):
        morning = clock.morning_of(calendar.working_day_before(today, ago))
        reminders.tick(database, morning)
        deliver(database, Nowhere(), morning, "demonstration", letterhead=letterhead)
    with database.transaction() as session:
        session.connection().execute(
            update(Outbox)
            .where(col(Outbox.state) == OutboxState.QUEUED)
            .values(state=OutboxState.SKIPPED, last_error=WHY)
        )
