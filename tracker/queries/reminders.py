"""What was told to whom, and when: the page "Reminders sent", and the line about the last round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker import access, clock
from tracker.models import Case, Deadline, Event, Organisation, Outbox, OutboxState, User
from tracker.policy import Actor
from tracker.queries.choices import Choices
from tracker.services import alerts, applied_mails
from tracker.services.claims import AT_ONCE
from tracker.services.leases import LastRound
from tracker.services.leases import last_round as heartbeat
from tracker.services.link_mails import SUBJECTS
from tracker.services.notices import is_answer
from tracker.templating import clock_time, count, day
from workflows.released import workflow_of

PER_PAGE = 25

PART_WORDS: Mapping[str, str] = {
    "lead": "Lead",
    "officer": "Officer",
    "manager": "Manager",
    "chair": "Chair",
    "escalation": "Named senior",
}


MAILBOXES = "mailboxes"
"""Choice of :class:`ReminderFilters` for what went to an agency's mailbox and to no person."""


class Result(StrEnum):
    """What became of a reminder, as the page filters by it."""

    SENT = "sent"
    WAITING = "waiting"
    SKIPPED = "skipped"
    NOT_WANTED = "not wanted any more"
    FAILED = "did not arrive"
    RETURNED = "came back"

    @classmethod
    def of(cls, row: Outbox) -> "Result":
        """What became of one row: handed over and failed since means that it came back."""
        if row.state == OutboxState.FAILED:
            return cls.RETURNED if row.sent_at else cls.FAILED
        return next(result for result, states in _STATES.items() if OutboxState(row.state) in states)

    def condition(self) -> ColumnElement[bool]:
        """The rows of which it is true."""
        if self in {Result.FAILED, Result.RETURNED}:
            handed_over = (
                col(Outbox.sent_at).is_not(None) if self is Result.RETURNED else col(Outbox.sent_at).is_(None)
            )
            return and_(Outbox.state == OutboxState.FAILED, handed_over)
        return col(Outbox.state).in_([str(state) for state in _STATES[self]])


_STATES: Mapping[Result, tuple[OutboxState, ...]] = {
    Result.SENT: (OutboxState.SENT,),
    Result.WAITING: (OutboxState.QUEUED, OutboxState.SENDING),
    Result.SKIPPED: (OutboxState.SKIPPED,),
    Result.NOT_WANTED: (OutboxState.CANCELLED,),
}


@dataclass(frozen=True, slots=True)
class ReminderFilters:
    """What the page is narrowed to; empty fields narrow nothing. Days are those on which a reminder was due to go.

    ``person`` is a number of :func:`recipients`, or :data:`MAILBOXES`; ``untold``: only what :func:`nobody_told` finds.
    """

    result: Result | None = None
    reference: str = ""
    person: str = ""
    answered: bool | None = None
    untold: bool = False
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReminderSent:
    """One reminder. ``to`` is a role and, where there is one, the agency: never a person's name or address.

    ``answered_on`` is the first London day on which something was reported, recorded or decided after it went.
    ``letter`` is the number of the letter that was made with it, if one was.
    """

    due_to_send_on: date
    sent_at: datetime | None
    to: str
    reference: str
    process: str
    about: str
    result: Result
    why: str
    answered_on: date | None
    letter: int | None = None


@dataclass(frozen=True, slots=True)
class RemindersPage:
    """One page of the list, the newest first, and how many there are in all."""

    rows: tuple[ReminderSent, ...]
    total: int
    page: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        """How many pages there are; 1 for an empty list."""
        return max(1, -(-self.total // self.per_page))


def reminders_sent(session: Session, actor: Actor, filters: ReminderFilters, page: int = 1) -> RemindersPage:
    """Every reminder due, sent, skipped or failed about cases that the actor may open, the newest first."""
    conditions = _conditions(actor, filters)
    total = session.exec(
        select(func.count())
        .select_from(Outbox)
        .join(Case, col(Case.id) == col(Outbox.case_id))
        .where(*conditions)
    ).one()
    page = min(max(1, page), max(1, -(-total // PER_PAGE)))
    rows = session.exec(
        select(Outbox, Case, Deadline, Organisation)
        .join(Case, col(Case.id) == col(Outbox.case_id))
        .outerjoin(Deadline, col(Deadline.id) == col(Outbox.deadline_id))
        .outerjoin(User, col(User.id) == col(Outbox.recipient_id))
        .outerjoin(
            Organisation,
            col(Organisation.id) == func.coalesce(User.organisation_id, Case.owner_organisation_id),
        )
        .where(*conditions)
        .order_by(col(Outbox.owed_on).desc(), col(Outbox.id).desc())
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE)
    ).all()
    answered = _answered(session, [row.id for row, *_ in rows])
    shown = tuple(
        _shown(row, case, deadline, body, answered.get(row.id)) for row, case, deadline, body in rows
    )
    return RemindersPage(shown, total, page)


def recipients(session: Session, actor: Actor) -> Choices:
    """Everybody who was told something about a case of the actor's: number and name as pages have it."""
    rows = session.exec(
        select(User.id, User.name)
        .where(
            col(User.id).in_(
                select(Outbox.recipient_id)
                .join(Case, col(Case.id) == col(Outbox.case_id))
                .where(access.visible(actor))
            )
        )
        .order_by(User.name, col(User.id))
    ).all()
    return (*((str(number), name) for number, name in rows), (MAILBOXES, "Agencies' mailboxes"))


def did_not_arrive(session: Session, actor: Actor) -> int:
    """How many reminders about cases of the actor's have failed and are still wanted: their date still runs."""
    return session.exec(not_arrived(actor)).one()


def not_arrived(actor: Actor) -> SelectOfScalar[int]:
    """The question of how many reminders about cases of the actor's have failed and are still wanted."""
    return (
        select(func.count())
        .select_from(Outbox)
        .join(Case, col(Case.id) == col(Outbox.case_id))
        .where(access.visible(actor), nobody_told())
    )


def nobody_told() -> ColumnElement[bool]:
    """Reminders that have failed and are still wanted: their date runs, and stands as it stood then; or what they said
    was waiting for a decision waits still. Thanks for an application are wanted until it is acknowledged in another way.
    """
    wanted = select(Deadline.id).where(
        Deadline.id == Outbox.deadline_id,
        Deadline.generation == Outbox.generation,
        Deadline.status == "running",
    )
    waits = select(Case.id).where(
        Case.id == Outbox.case_id,
        Outbox.kind == alerts.KIND,
        col(Outbox.payload)["state"].as_string() == Case.state,
    )
    unthanked = select(Deadline.id).where(
        Deadline.case_id == Outbox.case_id,
        Outbox.template == applied_mails.TEMPLATE,
        Deadline.key == applied_mails.ACKNOWLEDGED,
        Deadline.status == "running",
    )
    still = or_(*(one.correlate(Outbox).exists() for one in (wanted, waits, unthanked)))
    return and_(col(Outbox.state) == OutboxState.FAILED, still)


def last_round(session: Session) -> LastRound | None:
    """The last round that went well; None if there has never been one."""
    return heartbeat(session)


def last_round_words(last: LastRound | None, at: datetime) -> str:
    """``Reminders last ran today at 8:00am: 41 sent, 1 did not arrive``."""
    if last is None:
        return "Reminders have not run yet"
    ran_on = clock.london(last.at)
    when = "today" if ran_on == clock.london(at) else f"on {day(ran_on)}"
    failed = f", {count(last.failed, 'reminder')} did not arrive" if last.failed else ""
    return f"Reminders last ran {when} at {clock_time(last.at)}: {last.mails} sent{failed}"


def checked_words(last: LastRound | None) -> str:
    """``Checked on Monday 23 November 2026: 812 running dates, none due but not told``; empty before the first check."""
    if last is None or last.checked_at is None:
        return ""
    dates = count(last.checked, "running date")
    untold = f"{last.untold} due but not told" if last.untold else "none due but not told"
    return f"Checked on {day(clock.london(last.checked_at))}: {dates}, {untold}"


def _conditions(actor: Actor, filters: ReminderFilters) -> list[ColumnElement[bool]]:
    conditions = [access.visible(actor)]
    if filters.result is not None:
        conditions.append(filters.result.condition())
    if filters.person == MAILBOXES:
        conditions += [col(Outbox.recipient_id).is_(None), col(Outbox.to_address) != ""]
    elif filters.person:
        conditions.append(
            col(Outbox.recipient_id) == (int(filters.person) if filters.person.isdecimal() else 0)
        )
    if filters.untold:
        conditions.append(nobody_told())
    if filters.answered is not None:
        conditions.append(_answer().exists() if filters.answered else ~_answer().exists())
    if filters.reference.strip():
        conditions.append(col(Case.reference) == filters.reference.strip().upper())
    if filters.from_on is not None:
        conditions.append(col(Outbox.owed_on) >= filters.from_on)
    if filters.to_on is not None:
        conditions.append(col(Outbox.owed_on) <= filters.to_on)
    return conditions


def _answered(session: Session, rows: Sequence[int | None]) -> Mapping[int | None, datetime]:
    """When something was first said on the case after each of these reminders went."""
    found = session.exec(
        select(Outbox.id, func.min(Event.recorded_at))
        .join(Event, col(Event.case_id) == col(Outbox.case_id))
        .where(
            col(Outbox.id).in_(rows),
            is_answer(),
            col(Event.recorded_at) > col(Outbox.sent_at),
        )
        .group_by(col(Outbox.id))
        .order_by(col(Outbox.id))
    ).all()
    return dict(found)


def _answer() -> SelectOfScalar[int] | SelectOfScalar[None]:
    """Something that was said on the case after a reminder of it went."""
    return select(Event.id).where(
        Event.case_id == Outbox.case_id,
        is_answer(),
        col(Event.recorded_at) > col(Outbox.sent_at),
    )


def _shown(
    row: Outbox,
    case: Case,
    deadline: Deadline | None,
    body: Organisation | None,
    answered_at: datetime | None,
) -> ReminderSent:
    part = PART_WORDS.get(row.who, row.who)
    agency = f", {body.name}" if body is not None and row.who in {"lead", "escalation"} else ""
    about = deadline.label if deadline is not None else _state(row, case)
    return ReminderSent(
        due_to_send_on=row.owed_on,
        sent_at=row.sent_at,
        to=f"{part}{agency}",
        reference=case.reference,
        process=case.process,
        about=about,
        result=Result.of(row),
        why=row.last_error if row.state != OutboxState.SENT else "",
        answered_on=clock.london(answered_at) if answered_at else None,
        letter=row.id if "letter" in row.payload else None,
    )


def _state(row: Outbox, case: Case) -> str:
    """What waited for a decision: the state that the case was in; or what a mail about a link was for."""
    if row.kind == AT_ONCE:
        return applied_mails.SUBJECT if row.template == applied_mails.TEMPLATE else SUBJECTS[row.template]
    states = workflow_of(case.process, case.workflow_version).state_by_name
    name = str(row.payload.get("state", case.state))
    return states[name].label if name in states else ""
