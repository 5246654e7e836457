"""What a notice says when it goes, and whether it is still wanted: asked again at the last moment before sending."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import literal_column
from sqlmodel import Session, and_, col, or_, select

from tracker import access, clock
from tracker.mails import MailItem, days_in_words, link_to
from tracker.models import (
    ActionDetails,
    Case,
    Deadline,
    DeadlineStatus,
    Outbox,
    OutboxState,
    Partnership,
    Role,
    Sensitivity,
    User,
)
from tracker.policy import UNIT
from tracker.services.calendars import calendar_for
from tracker.services.process_names import name_of
from tracker.services.recipients import Directory, parts_of
from tracker.templating import count, day
from workflows.calendars import Calendar
from workflows.dates import Unit, days_late
from workflows.definition import Force, Workflow
from workflows.released import workflow_of

MOST_LISTED = 50
"""Dates in one digest: more would not be read."""

NO_LEAD = "Nobody with whom it lies can be reminded, so this comes to you."


@dataclass(frozen=True, slots=True)
class About:
    """What one notice is about. ``deadline`` is None for something that waits for a decision."""

    case: Case
    deadline: Deadline | None


class Desk:
    """Everything that writing the mails of one transaction needs to know, read once."""

    def __init__(self, session: Session, at: datetime, base_url: str) -> None:
        self._session = session
        self._base_url = base_url
        self.today = clock.london(at)
        self.directory = Directory(session, at)
        self._calendars: dict[int, Calendar] = {}

    def about(self, row: Outbox) -> About | None:
        """The record that a notice is about; None if it has none."""
        case = self._session.get(Case, row.case_id) if row.case_id else None
        deadline = self._session.get(Deadline, row.deadline_id) if row.deadline_id else None
        return About(case, deadline) if case else None

    def unwanted(self, row: Outbox) -> str:
        """Why a notice must not go any more, in words for staff; empty if it is still wanted."""
        about = self.about(row)
        if about is None:
            return "What it was about is gone."
        if about.deadline is None:
            return self._decided(row, about.case)
        return _ended(row, about.deadline) or self._not_theirs(row, about.case, about.deadline)

    def overtaken(self, row: Outbox) -> bool:
        """Whether a later step of the same date waits for the same mailbox, or went there before this one."""
        if row.deadline_id is None:
            return False
        later = self._session.exec(
            select(Outbox.id)
            .where(
                Outbox.deadline_id == row.deadline_id,
                Outbox.generation == row.generation,
                Outbox.to_address == row.to_address,
                col(Outbox.owed_on) > row.owed_on,
                col(Outbox.state).in_([OutboxState.QUEUED, OutboxState.SENDING, OutboxState.SENT]),
            )
            .limit(1)
        )
        return later.first() is not None

    def calendar(self, case: Case) -> Calendar:
        """The calendar of the case's partnership."""
        if case.partnership_id not in self._calendars:
            self._calendars[case.partnership_id] = calendar_for(self._session, case.partnership_id)
        return self._calendars[case.partnership_id]

    def item(self, about: About, reader: User | None, *, no_lead: bool = False) -> MailItem:
        """Put one date into words. ``reader`` is None for the mailbox of an organisation."""
        case, deadline = about.case, about.deadline
        link = link_to(self._base_url, case.process, case.reference)
        if reader is not None and not self.directory.may_open(reader, case):
            link = ""
        if deadline is None or deadline.due_on is None:
            state = _workflow(case).state_by_name[case.state].label
            return MailItem(case.reference, state, "", name_of(self._session, case), "", "", "", link)
        moved = deadline.first_due_on not in (None, deadline.due_on)
        return MailItem(
            reference=case.reference,
            label=deadline.label,
            title=self._published(case),
            kind=kind_of(deadline, case),
            due=day(deadline.due_on),
            first_due=day(deadline.first_due_on) if moved and deadline.first_due_on else "",
            late=how_late(deadline, self.today, self.calendar(case)),
            link=link,
            note=NO_LEAD if no_lead else "",
        )

    def signature(self, cases: Iterable[Case]) -> str:
        """The names of the partnerships that the records belong to."""
        ids = {case.partnership_id for case in cases}
        names = self._session.exec(
            select(Partnership.name).where(col(Partnership.id).in_(ids)).order_by(Partnership.name)
        ).all()
        return ", ".join(names)

    def reminded(self, row: Outbox) -> str:
        """On which days reminders of the same date went out before, to anybody."""
        sent = self._session.exec(
            select(Outbox.sent_at)
            .where(
                Outbox.deadline_id == row.deadline_id,
                Outbox.generation == row.generation,
                Outbox.state == OutboxState.SENT,
            )
            .order_by(col(Outbox.sent_at))
        ).all()
        return days_in_words([clock.london(at) for at in sent if at is not None])

    def also_open(self, reader: User, listed: set[int]) -> list[About]:
        """What else is overdue or due today and lies with this officer, or for a manager with the whole unit.

        A digest is sent only when something in it is owed; once it goes, it shows the whole of the day.
        """
        actor = self.directory.actor(reader)
        if not actor.holds(*UNIT):
            return []
        own = or_(col(Case.owner_user_id) == reader.id, col(Case.owner_user_id).is_(None))
        statement = (
            select(Deadline, Case)
            .join(Case, col(Case.id) == col(Deadline.case_id))
            .where(
                col(Deadline.status) == literal_column(f"'{DeadlineStatus.RUNNING}'"),
                col(Deadline.paused).is_(False),
                col(Deadline.due_on) <= self.today,
                or_(
                    col(Case.partnership_id).in_(actor.partnerships(Role.MANAGER)),
                    and_(col(Case.partnership_id).in_(actor.partnerships(Role.OFFICER)), own),
                ),
                access.visible(actor),
            )
            .order_by(col(Deadline.due_on), col(Case.reference), col(Deadline.id))
        )
        rows = self._session.exec(statement).all()
        return [About(case, deadline) for deadline, case in rows if deadline.id not in listed]

    def _published(self, case: Case) -> str:
        """The printed wording of a plan's action; nothing of any other record."""
        if (
            case.process != "action_item"
            or case.sensitivity != Sensitivity.OPEN
            or case.parent_id is not None
        ):
            return ""
        details = self._session.get(ActionDetails, case.id)
        return case.title if details is not None and details.plan_id is not None else ""

    def _not_theirs(self, row: Outbox, case: Case, deadline: Deadline) -> str:
        audience = self.directory.audience(case, deadline, [*parts_of(row.payload)])
        told = {recipient.address for recipient in audience}
        return "" if row.to_address in told else "It is no longer for this recipient."

    def _decided(self, row: Outbox, case: Case) -> str:
        if case.state != row.payload.get("state", case.state):
            return "The case has moved on."
        user = self._session.get(User, row.recipient_id) if row.recipient_id else None
        restricted = case.sensitivity == Sensitivity.RESTRICTED
        if user is not None and not (self.directory.may_open(user, case) if restricted else user.active):
            return "It is no longer for this recipient."
        return ""


def _ended(row: Outbox, deadline: Deadline) -> str:
    if deadline.status != DeadlineStatus.RUNNING:
        return (
            "The date was met."
            if deadline.status == DeadlineStatus.MET
            else "The date does not run any more."
        )
    if deadline.generation != row.generation:
        return "The date has moved."
    if deadline.paused:
        return "The date is paused."
    return ""


def kind_of(deadline: Deadline, case: Case) -> str:
    """Where the duty comes from. A local target is never called statutory, a length of ours never theirs."""
    if case.process == "action_item" and not deadline.rule:
        return "Plan date"
    if deadline.force == Force.STATUTE:
        return "Statutory duty, length set locally" if deadline.length_local else "Statutory duty"
    if deadline.force == Force.GUIDANCE:
        return "Guidance, length set locally" if deadline.length_local else "Guidance limit"
    return "Local target"


def how_late(deadline: Deadline, today: date, calendar: Calendar) -> str:
    """``3 working days overdue``, ``due today``, ``in 5 days``: in the clock's own unit, working days or days."""
    if deadline.due_on is None:
        return ""
    working = bool(deadline.rule) and deadline.rule.get("unit") == Unit.WORKING_DAYS
    unit = Unit.WORKING_DAYS if working else Unit.DAYS
    one = "working day" if working else "day"
    if deadline.due_on == today:
        return "due today"
    if deadline.due_on < today:
        days = days_late(deadline.due_on, today, unit, calendar)
        # Due on a Friday and asked on a Saturday: overdue, though no working day has passed.
        return f"{count(days, one)} overdue" if days else "overdue"
    left = calendar.working_days(today, deadline.due_on) if working else (deadline.due_on - today).days
    return f"in {count(left, one)}"


def _workflow(case: Case) -> Workflow:
    return workflow_of(case.process, case.workflow_version)
