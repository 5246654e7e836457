"""Whether the service does its work, in as many words as a monitor may know: nothing of any record."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from tracker.db import Database
from tracker.services import leases
from tracker.services.leases import last_round
from tracker.templating import clock_time

OK = "ok"
LATE_AFTER = leases.LATE_AFTER


def checks(database: Database, at: datetime, *, started_at: datetime) -> Mapping[str, str]:
    """Each part of the service with ``ok`` or what is wrong with it.

    Where no round has ever ended well, reminders count as late 15 minutes after this process started.
    """
    try:
        with database.reading() as session:
            last = last_round(session)
    except SQLAlchemyError:
        return {"database": "cannot be reached", "reminders": "not known", "mail": "not known"}
    reminders = mail = OK
    if last is None:
        reminders = "have not run yet" if at - started_at > LATE_AFTER else OK
    elif abs(at - last.at) > LATE_AFTER:  # ahead: a clock that has been put back wrote it
        reminders = f"have not run since {clock_time(last.at)}"
    if last is not None and last.down_since is not None and at - last.down_since > LATE_AFTER:
        mail = f"has not left since {clock_time(last.down_since)}"
    return {"database": OK, "reminders": reminders, "mail": mail}
