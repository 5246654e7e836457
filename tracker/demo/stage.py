"""Where the demonstration plays: the days around today, the people, and what has been logged so far."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlmodel import Session, select

from tracker import clock
from tracker.demo.people import Cast
from tracker.models import Case, Organisation, Partnership
from workflows.calendars import Calendar


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do, and the instant at which it is recorded."""

    at: datetime
    do: Callable[[datetime], None]


class Stage:
    """One loading: ``today`` is the London day that all the dates lie around; nothing happens on it or after it."""

    def __init__(self, session: Session, calendar: Calendar, as_at: datetime) -> None:
        self.session = session
        self.calendar = calendar
        self.today = clock.london(as_at)
        self.cast = Cast(session, as_at)
        self.cases: dict[str, Case] = {}
        self.acts: list[Act] = []
        self._taken: dict[tuple[str, date], int] = {}
        self._partnerships = {p.key: p for p in session.exec(select(Partnership)).all()}
        self._bodies = {body.key: body for body in session.exec(select(Organisation)).all()}

    @property
    def started_at(self) -> datetime:
        """The instant from which its people are there: before anything that they do."""
        return clock.morning_of(self.ago(600))

    def ago(self, working_days: int) -> date:
        """The day so many working days before today."""
        return self.off(self.today, -working_days)

    def off(self, day: date, working_days: int) -> date:
        """The day so many working days after a day; before it where negative."""
        if working_days < 0:
            return self.calendar.working_day_before(day, -working_days)
        return self.calendar.working_day_after(day, working_days)

    def plan(self, key: str, day: date, do: Callable[[datetime], None]) -> None:
        """Do something about the case of that key on a day, after all that is planned for it on that day."""
        number = self._taken.get((key, day), 0)
        self._taken[key, day] = number + 1
        minute = 7 * (sum(key.encode()) % 4) + 30 * (number % 2)
        hour = min(9 + number // 2, 17)
        at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.LONDON).astimezone(UTC)
        self.acts.append(Act(at, do))

    def partnership(self, key: str) -> Partnership:
        """The partnership of that key."""
        return self._partnerships[key]

    def body(self, key: str) -> Organisation:
        """The organisation of that key."""
        return self._bodies[key]

    def reference_of(self, key: str) -> str:
        """The reference of a case that was logged before."""
        return self.cases[key].reference
