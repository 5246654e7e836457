"""The only place that reads the time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import monotonic as _monotonic
from time import process_time as _process_time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

Now = Callable[[], datetime]


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's calendar date in London."""
    return london(now())


def london(at: datetime) -> date:
    """The London calendar date of an aware instant."""
    return at.astimezone(LONDON).date()


def end_of(on: date) -> datetime:
    """The last second of a London day, as a UTC instant: what ``--as-at DATE`` means."""
    return datetime(on.year, on.month, on.day, 23, 59, 59, tzinfo=LONDON).astimezone(UTC)


def morning_of(on: date) -> datetime:
    """08:00 in London on a day, as a UTC instant: when reminders go."""
    return datetime(on.year, on.month, on.day, 8, tzinfo=LONDON).astimezone(UTC)


def seconds() -> float:
    """A reading for measuring how long something took."""
    return _monotonic()


def processor_seconds() -> float:
    """A reading for measuring how much of the processor this process used, whatever else the machine did."""
    return _process_time()


MINUTE = timedelta(minutes=1)
