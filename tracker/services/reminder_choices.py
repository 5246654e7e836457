"""What each person chose about reminders: from which hour of the day, and when to hear of what is not urgent.

Not urgent is what is still to come and is no statutory duty. What is due, what is overdue, whatever a statute asks
for, and whatever nobody else can be told, comes always and at once: nobody can switch it off.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from tracker import clock, db
from tracker.errors import BadInput, NotPermitted
from tracker.models import Deadline, Early, Outbox, OutboxState, ReminderChoice, User
from tracker.policy import Actor
from workflows.calendars import Calendar
from workflows.definition import Force

FIRST_HOUR, LAST_HOUR = 8, 16
CHOSEN_NOT = "They chose not to be told before such a date."
MONDAY, FRIDAY = 1, 5


@dataclass(frozen=True, slots=True)
class Chosen:
    """Hour of the London day from which mails may go, how early reminders come, and on which weekday if weekly (1: Monday)."""

    hour: int = FIRST_HOUR
    early: Early = Early.DAILY
    digest_day: int = MONDAY


USUAL = Chosen()


class Choices:
    """The choices of people, read once for each transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[int, Chosen] = {}

    def of(self, user_id: int | None) -> Chosen:
        """What this person chose; the usual for a mailbox of an organisation."""
        if user_id is None:
            return USUAL
        if user_id not in self._known:
            row = self._session.get(ReminderChoice, user_id)
            self._known[user_id] = Chosen(row.hour, Early(row.early), row.digest_day) if row else USUAL
        return self._known[user_id]

    def settle(self, row: Outbox, deadline: Deadline, calendar: Calendar) -> None:
        """Let a notice that is not urgent wait for its reader's day, or put on record that they do not want it."""
        chosen = self.of(row.recipient_id)
        if chosen.early is Early.DAILY or row.state != OutboxState.QUEUED or not _can_wait(row, deadline):
            return
        if chosen.early is Early.NEVER:
            row.state, row.last_error = OutboxState.SKIPPED, CHOSEN_NOT
        else:
            on = clock.london(row.created_at)
            row.not_before = clock.morning_of(next_digest_day(on, chosen.digest_day, calendar))

    def let_wait(self, rows: Iterable[Outbox], at: datetime) -> None:
        """Put off what waits for somebody whose hour of the day has not come."""
        for row in rows:
            opens = self.opens(row, at)
            if row.state == OutboxState.QUEUED and row.not_before <= at < opens:
                row.not_before = opens

    def opens(self, row: Outbox, at: datetime) -> datetime:
        """From when on that day mails go to whoever a notice is for."""
        return _hour_of(at, self.of(row.recipient_id).hour)


def next_digest_day(on: date, weekday: int, calendar: Calendar) -> date:
    """The first such weekday from a day on; the next working day where that is none."""
    return calendar.next_working(on + timedelta(days=(weekday - on.isoweekday()) % 7))


def choose(session: Session, actor: Actor, chosen: Chosen, *, at: datetime) -> None:
    """Keep what somebody chose for themselves. What waits already goes as it was to go.

    Raises:
        NotPermitted: nobody is signed in.
        BadInput: the hour or the day is not one that can be chosen.
    """
    if actor.user_id is None:
        raise NotPermitted("Sign in to choose when you are reminded.")
    if not FIRST_HOUR <= chosen.hour <= LAST_HOUR or not MONDAY <= chosen.digest_day <= FRIDAY:
        raise BadInput("Choose an hour from 8:00am to 4:00pm and a day from Monday to Friday.")
    # The person's row is held, so that two presses at once make one choice.
    session.exec(db.for_update(session, select(User).where(User.id == actor.user_id))).one()
    row = session.get(ReminderChoice, actor.user_id) or ReminderChoice(user_id=actor.user_id, changed_at=at)
    row.hour, row.early, row.digest_day, row.changed_at = chosen.hour, chosen.early, chosen.digest_day, at
    session.add(row)
    session.flush()


def _can_wait(row: Outbox, deadline: Deadline) -> bool:
    ahead = deadline.due_on is not None and row.owed_on < deadline.due_on
    return ahead and deadline.force != Force.STATUTE and not row.payload.get("no_lead")


def _hour_of(at: datetime, hour: int) -> datetime:
    return clock.morning_of(clock.london(at)) + timedelta(hours=hour - FIRST_HOUR)
