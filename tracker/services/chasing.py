"""Chase now: asking an agency for what it owes, once a day, and its named senior after three askings in vain."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, or_, select

from tracker import access, audit, clock, db
from tracker.audit import Happened
from tracker.errors import NotPermitted, NotPossible, NotVisible
from tracker.models import Case, Deadline, DeadlineStatus, Outbox, OutboxState
from tracker.policy import Actor, Permission, allows
from tracker.services import acts, chaser_letters
from tracker.services.asked import FactsRequest
from tracker.services.calendars import calendar_for
from tracker.services.chasers import KIND, askings, by_other_means
from tracker.services.families import CHASERS, can_chase, chasers_of
from tracker.services.mornings import morning_passed, next_morning
from tracker.services.recipients import Directory, Recipient, in_order
from tracker.templating import instant
from workflows.calendars import Calendar
from workflows.deciders import Decider
from workflows.facts import FactValue
from workflows.ladder import Who

NOBODY = "Nobody at the agency can be written to: it has no lead and no mailbox, mail to them comes back, or it has ended."
WITH_US = "The agency has answered: it waits for the business unit to decide."
NO_SENIOR = (
    "{} askings brought no answer, and the agency has no named senior on record: ask its chief officer."
)


@dataclass(frozen=True, slots=True)
class Chase:
    """Which date of a case to chase. ``instance`` is the key of the agency where each has a date of its own.

    ``together``: with others for the same lead in one mail, not in a mail of its own.
    """

    key: str
    instance: str = ""
    request_id: str | None = None
    together: bool = False


@dataclass(frozen=True, slots=True)
class Chased:
    """What was done: the number of the asking, whether the named senior was asked, and when the mail goes.

    ``letter`` is the number under which the ledger keeps the letter that was made with it.
    """

    number: int
    senior: bool
    goes_at: datetime
    letter: int = 0

    def words(self, at: datetime) -> str:
        """``Reminder 2 goes to the lead now``, or when it goes."""
        to = "the named senior" if self.senior else "the lead"
        when = "now" if self.goes_at <= at else f"on {instant(self.goes_at)}"
        return f"reminder {self.number} goes to {to} {when}."


def asked_before(session: Session, case: Case, deadline: Deadline) -> tuple[int, int]:
    """How often the agency was asked for this, and how often of those by hand or after the date had passed.

    What is recorded as sent by other means is counted on a request for information itself.
    """
    found = askings(session, [deadline.id or 0]).get(deadline.id or 0, ())
    outside = by_other_means(chasers_of(case), found)
    return len(found) + outside, sum(one.late for one in found) + outside


def chase_now(session: Session, actor: Actor, case: Case, asked: Chase, *, at: datetime) -> Chased:
    """Queue a reminder to whoever owes the date, in the case's history and on the ledger like any other.

    After three askings in vain, by hand or by the timetable once the date has passed, it goes to the named senior. Nobody is reminded of one thing twice
    on one day, by hand or by the timetable. Flushes but does not commit.

    Raises:
        NotPermitted: the actor does not record things on this case.
        NotVisible: the case has no such date.
        NotPossible: no agency owes it now, nobody there can be written to, or they were reminded of it today.
    """
    if not allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)):
        raise NotPermitted("Only the partnership's business unit chases.")
    deadline = _running(session, case, asked)
    before, in_vain = asked_before(session, case, deadline)
    senior = in_vain >= CHASERS
    to = _whom(Directory(session, at), case, deadline, senior=senior)
    calendar, today = calendar_for(session, case.partnership_id), clock.london(at)
    to = [one for one in to if not _reminded_today(session, deadline, one, today)]
    if not to:
        raise NotPossible(
            "They were reminded of this today already. Chase again tomorrow if there is no answer."
        )
    goes_at = _goes_at(at, today, calendar)
    tried = _tried_today(session, deadline, today)
    letter = chaser_letters.words_of(session, case, deadline, senior=senior, today=today)
    rows = [_row(case, deadline, one, today, tried, goes_at, at, asked.together) for one in to]
    for row in rows:
        row["payload"] = {**row["payload"], chaser_letters.KEPT: letter}
    db.insert_new(session, Outbox, rows)
    _record(session, actor, case, deadline, asked, number=before + 1, senior=senior, at=at)
    session.flush()
    queued = select(func.max(Outbox.id)).where(Outbox.deadline_id == deadline.id, Outbox.kind == KIND)
    return Chased(before + 1, senior, goes_at, session.exec(queued).one() or 0)


def _running(session: Session, case: Case, asked: Chase) -> Deadline:
    found = session.exec(
        select(Deadline)
        .where(
            Deadline.case_id == case.id,
            func.upper(Deadline.key) == asked.key.upper(),
            Deadline.instance == asked.instance,
            Deadline.owner == Decider.AGENCY_LEAD,
        )
        .order_by(col(Deadline.cycle).desc())
    ).first()
    if found is None:
        raise NotVisible("There is no such date on this case.")
    if found.status != DeadlineStatus.RUNNING or found.paused or found.due_on is None:
        raise NotPossible("There is nothing to chase: the date does not run now.")
    return found


def _whom(directory: Directory, case: Case, deadline: Deadline, *, senior: bool) -> list[Recipient]:
    """The agency's lead or its named senior: never the partnership's own people in their place."""
    if directory.with_us(case, deadline):
        raise NotPossible(WITH_US)
    part = Who.ESCALATION if senior else Who.LEAD
    found = [
        one for one in directory.audience(case, deadline, [part]) if one.part is part and not one.no_lead
    ]
    if not found:
        raise NotPossible(NO_SENIOR.format(CHASERS) if senior else NOBODY)
    return found


def _reminded_today(session: Session, deadline: Deadline, one: Recipient, today: date) -> bool:
    started = clock.morning_of(today)
    rows = session.exec(
        select(Outbox.id).where(
            Outbox.deadline_id == deadline.id,
            Outbox.to_address == one.address,
            col(Outbox.state).in_([OutboxState.QUEUED, OutboxState.SENDING, OutboxState.SENT]),
            or_(Outbox.owed_on == today, col(Outbox.sent_at) >= started),
        )
    )
    return rows.first() is not None


def _tried_today(session: Session, deadline: Deadline, today: date) -> int:
    """How many mails of today did not arrive or were not wanted as the date stood: the next is another mail."""
    rows = select(func.count(col(Outbox.id))).where(
        Outbox.deadline_id == deadline.id, Outbox.kind == KIND, Outbox.owed_on == today
    )
    return session.exec(rows).one()


def _goes_at(at: datetime, today: date, calendar: Calendar) -> datetime:
    """Now, or at 08:00 on the first working morning there is."""
    if morning_passed(at, calendar):
        return at
    before_eight = calendar.is_working(today) and at < clock.morning_of(today)
    return clock.morning_of(today) if before_eight else next_morning(today, calendar)


def _row(
    case: Case,
    deadline: Deadline,
    one: Recipient,
    today: date,
    tried: int,
    goes_at: datetime,
    at: datetime,
    together: bool,
) -> dict[str, Any]:
    with_others = together and one.part is Who.LEAD
    return {
        "dedupe_key": f"{KIND}:{deadline.id}:{today.isoformat()}:{one.address}{f':{tried}' if tried else ''}",
        "kind": KIND,
        "recipient_id": one.user_id,
        "to_address": one.address,
        "who": str(one.part),
        "case_id": case.id,
        "deadline_id": deadline.id,
        "generation": deadline.generation,
        "rung": f"{KIND}-{today.isoformat()}",
        "singly": not with_others,
        "template": "escalation" if one.part is Who.ESCALATION else "digest" if with_others else "overdue",
        "payload": {"parts": in_order(one.parts)},
        "owed_on": today,
        "not_before": goes_at,
        "state": OutboxState.QUEUED,
        "attempts": 0,
        "ambiguous": 0,
        "last_error": "",
        "created_at": at,
    }


def _record(
    session: Session,
    actor: Actor,
    case: Case,
    deadline: Deadline,
    asked: Chase,
    *,
    number: int,
    senior: bool,
    at: datetime,
) -> None:
    """One line of history; a request for information keeps the count as its own facts besides."""
    today = clock.london(at)
    to = "the named senior" if senior else "the lead"
    audit.record(
        session,
        case,
        actor,
        Happened.CHASED,
        occurred_on=today,
        at=at,
        name=deadline.key,
        detail={
            "deadline": deadline.key,
            "instance": deadline.instance,
            "cycle": deadline.cycle,
            "number": number,
            "said": f"{deadline.label}: asked {to}, number {number}",
        },
        request_id=asked.request_id,
    )
    if can_chase(case):
        facts: dict[str, FactValue] = (
            {"escalated_on": today} if senior else {"chasers": chasers_of(case) + 1, "chased_on": today}
        )
        on = max(today, case.opened_on)
        acts.note(session, actor, case, facts, FactsRequest(case.version, on, facts), at=at)
