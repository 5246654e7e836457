"""Whether the parts of the service that nobody sees are at work."""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from tracker.models import Lease

REMINDERS = "reminders"
LATE_AFTER = timedelta(minutes=15)
"""How long reminders may not have run before a page says so (docs/ux.md, Today)."""


def reminders_ran_at(session: Session) -> datetime | None:
    """When a round of reminders last ended well; None if never."""
    return session.exec(select(Lease.last_ok_at).where(Lease.name == REMINDERS)).first()


def reminders_late(ran_at: datetime | None, at: datetime) -> bool:
    """Whether reminders have not run for too long."""
    return ran_at is None or at - ran_at > LATE_AFTER
