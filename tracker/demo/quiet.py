"""Going live quietly: what reminders would have said before today is put on record and never sent."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from tracker import clock
from tracker.db import Database
from tracker.models import Outbox, OutboxState
from tracker.services import reminders
from tracker.services.calendars import calendar_for

WHY = "Owed before the demonstration was loaded."


def hush(database: Database, as_at: datetime) -> None:
    """Decide everything that was owed up to the working day before ``as_at``, and skip all of it."""
    with database.reading() as session:
        calendar = calendar_for(session, None)
    yesterday = calendar.working_day_before(clock.london(as_at), 1)
    reminders.tick(database, clock.morning_of(yesterday))
    with database.transaction() as session:
        session.connection().execute(
            update(Outbox)
            .where(col(Outbox.state) == OutboxState.QUEUED)
            .values(state=OutboxState.SKIPPED, last_error=WHY)
        )
