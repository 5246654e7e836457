"""What a notice says when it goes, and whether it is still wanted: asked again at the last moment before sending."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, literal_column
from sqlmodel import Session, and_, col, func, or_, select

from tracker import access, clock
from tracker.audit import Happened
from tracker.mails import MailItem, days_in_words, shortened
from tracker.models import (
    ActionDetails,
    Case,
    Deadline,
    DeadlineStatus,
    Event,
    Organisation,
    Outbox,
    OutboxState,
    Partnership,
    Plan,
    Role,
    Sensitivity,
    User,
)
from tracker.policy import UNIT
from tracker.services.asked_together import WITHIN
from tracker.services.calendars import calendar_for
from tracker.services.ladders import ladder_from
from tracker.services.lead_bodies import why_nobody
from tracker.services.mail_links import Links
from tracker.services.process_names import name_of
from tracker.services.recipients import Directory, parts_of
from tracker.services.returning import RETURNS, addresses
from tracker.services.update_links import Carrier
from tracker.services.wording import NOUNS, how_late, kind_of, kind_said, named
from tracker.templating import day, day_month, day_near
from workflows.calendars import Calendar
from workflows.deciders import Decider
from workflows.definition import Workflow
from workflows.ladder import Who, next_told
from workflows.released import workflow_of

WEEKS_NOTE = "week"
"""The kind of notice that asks for the manager's note of the week, or for an officer's list of gaps."""

MOST_LISTED = 50
"""Dates in one digest: more would not be read."""

SILENT_DAYS = 28
"""After so long without a word the mail says since when (docs/ux.md (f), R1)."""

ANSWERS = (
    Happened.ACTION_REPORTED,
    Happened.REQUEST_ANSWERED,
    Happened.CASE_MOVED,
    Happened.FACTS_RECORDED,
    Happened.DEADLINE_CHANGED,
)
"""What counts as an answer to a reminder: something was reported, recorded or decided after it went."""

NO_LEAD = "Nobody with whom it lies can be reminded, so this comes to you"


@dataclass(frozen=True, slots=True)
class About:
    """What one notice is about. ``deadline`` is None for something that waits for a decision."""

    case: Case
    deadline: Deadline | None


class Desk:
    """Everything that writing the mails of one transaction needs to know, read once."""

    def __init__(self, session: Session, at: datetime, base_url: str, secret: str = "") -> None:
        self.session = session
        self.base_url = base_url.rstrip("/")
        self.at = at
        self.today = clock.london(at)
        self.directory = Directory(session, at)
        self.links = Links(session, self.directory, base_url, Carrier(session, secret, base_url, at))
        self._calendars: dict[int, Calendar] = {}
        self._returning = addresses(session)
        self.restricted: set[str] = set()  # references of restricted records that were put into words

    def about(self, row: Outbox) -> About | None:
        """The record that a notice is about; None if it has none."""
        case = self.session.get(Case, row.case_id) if row.case_id else None
        deadline = self.session.get(Deadline, row.deadline_id) if row.deadline_id else None
        return About(case, deadline) if case else None

    def unwanted(self, row: Outbox) -> str:
        """Why a notice must not go any more, in words for staff; empty if it is still wanted."""
        if row.to_address in self._returning:
            return RETURNS
        if row.kind == WEEKS_NOTE:
            user = self.session.get(User, row.recipient_id or 0)
            theirs = user is not None and user.active and self.directory.actor(user).holds(*UNIT)
            return "" if theirs else "It is no longer for this recipient."
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
        later = self.session.exec(
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
            self._calendars[case.partnership_id] = calendar_for(self.session, case.partnership_id)
        return self._calendars[case.partnership_id]

    def item(
        self, about: About, reader: User | None, address: str = "", *, no_lead: bool = False
    ) -> MailItem:
        """Put one date into words. ``reader`` is None for the mailbox of an organisation."""
        case, deadline, reference = about.case, about.deadline, self.reference(about.case)
        if case.sensitivity == Sensitivity.RESTRICTED:
            self.restricted |= {case.reference, reference}
        link = self.links.to(case, address, reader)
        if deadline is None or deadline.due_on is None:
            state = _workflow(case).state_by_name[case.state].label
            kind = name_of(self.session, case)
            return MailItem(reference, state, "", kind, "", "", "", link.href, what=f"{state}, {kind}")
        moved = deadline.first_due_on not in (None, deadline.due_on)
        title, noun = self._published(case), NOUNS.get(deadline.key)
        body = self.agency(about)
        return MailItem(
            reference=reference,
            label=deadline.label,
            title=title,
            kind=kind_of(deadline, case),
            due=day(deadline.due_on),
            first_due=day_month(deadline.first_due_on) if moved and deadline.first_due_on else "",
            late=how_late(deadline, self.today, self.calendar(case)),
            link=link.href,
            note=self._comes_to_you(about) if no_lead else "",
            what=shortened(title or deadline.label),
            named=named(deadline, case, reference, title),
            noun=noun.full if noun else "",
            brief=noun.brief if noun else "",
            wanted=noun.wanted if noun else "",
            kind_said=kind_said(deadline, case),
            due_brief=day_near(deadline.due_on),
            since=self._silent_since(case),
            agency=body.name if body else "",
            yesterday=(self.today - deadline.due_on).days == 1,
            coming=deadline.due_on > self.today,
            ahead=deadline.due_on >= self.today,
            code=link.code,
        )

    def reference(self, case: Case) -> str:
        """By what its reader knows a record: what is part of the work on a case by the reference of that case."""
        above = self.session.get(Case, case.parent_id or 0) if case.process in WITHIN else None
        return above.reference if above else case.reference

    def agency(self, about: About) -> Organisation | None:
        """The agency that owes it; None of what the partnership itself owes."""
        case, deadline = about.case, about.deadline
        if deadline is None or deadline.owner != Decider.AGENCY_LEAD:
            return None
        if deadline.instance:
            return self.session.exec(
                select(Organisation).where(Organisation.key == deadline.instance)
            ).first()
        return self.session.get(Organisation, case.owner_organisation_id or 0)

    def has_senior(self, about: About) -> bool:
        """Whether the agency that owes it has named somebody above its lead."""
        body = self.agency(about)
        return body is not None and bool(body.escalation_email)

    def phone(self, case: Case) -> str:
        """The business unit's telephone number; empty if none is recorded."""
        partnership = self.session.get(Partnership, case.partnership_id)
        return partnership.unit_phone if partnership else ""

    def reply_to(self, partnership_id: int) -> str:
        """Where answers to a mail of this partnership go; empty if none is recorded."""
        partnership = self.session.get(Partnership, partnership_id)
        return (partnership.reply_to or partnership.unit_mailbox) if partnership else ""

    def plan_years(self, case: Case) -> str:
        """``2026 to 2027``: the plan that the action stands in; empty if it stands in none."""
        details = self.session.get(ActionDetails, case.id) if case.process == "action_item" else None
        plan = self.session.get(Plan, details.plan_id) if details and details.plan_id else None
        if plan is None or plan.starts_on is None or plan.ends_on is None:
            return ""
        first, last = plan.starts_on.year, plan.ends_on.year
        return f"{first} to {last}" if first != last else str(first)

    def next_step(self, about: About, who: Who) -> str:
        """The day on which this part is told next that the date has passed, in words; empty if it never is."""
        deadline = about.deadline
        if deadline is None or deadline.due_on is None:
            return ""
        rungs, calendar = ladder_from(deadline.ladder), self.calendar(about.case)
        on = next_told(rungs, who, deadline.due_on, self.today, calendar)
        return day(on) if on else ""

    def answered(self, about: About, row: Outbox) -> str:
        """The day of the last answer since the first reminder of this date went, in words; empty if there was none."""
        first = self.session.exec(
            select(func.min(Outbox.sent_at)).where(
                Outbox.deadline_id == row.deadline_id, Outbox.generation == row.generation
            )
        ).one()
        if first is None:
            return ""
        last = self.session.exec(
            select(func.max(Event.recorded_at)).where(
                Event.case_id == about.case.id,
                is_answer(),
                col(Event.recorded_at) > first,
            )
        ).one()
        return day_month(clock.london(last)) if last else ""

    def signature(self, cases: Iterable[Case]) -> str:
        """The names of the partnerships that the records belong to."""
        ids = {case.partnership_id for case in cases}
        names = self.session.exec(
            select(Partnership.name).where(col(Partnership.id).in_(ids)).order_by(Partnership.name)
        ).all()
        return ", ".join(names)

    def reminded(self, row: Outbox) -> str:
        """On which days reminders of the same date went out before, to anybody."""
        sent = self.session.exec(
            select(Outbox.sent_at)
            .where(
                Outbox.deadline_id == row.deadline_id,
                Outbox.generation == row.generation,
                Outbox.state == OutboxState.SENT,
            )
            .order_by(col(Outbox.sent_at))
        ).all()
        return days_in_words([clock.london(at) for at in sent if at is not None], self.today.year)

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
        rows = self.session.exec(statement).all()
        return [About(case, deadline) for deadline, case in rows if deadline.id not in listed]

    def _comes_to_you(self, about: About) -> str:
        theirs = about.deadline is not None and about.deadline.owner == Decider.AGENCY_LEAD
        why = why_nobody(self.agency(about), self.today) if theirs else ""
        return f"{NO_LEAD}: {why}." if why else f"{NO_LEAD}."

    def _published(self, case: Case) -> str:
        """The printed wording of a plan's action; nothing of any other record."""
        if (
            case.process != "action_item"
            or case.sensitivity != Sensitivity.OPEN
            or case.parent_id is not None
        ):
            return ""
        details = self.session.get(ActionDetails, case.id)
        return case.title if details is not None and details.plan_id is not None else ""

    def _silent_since(self, case: Case) -> str:
        said = case.facts.get("last_update_on") if case.process == "action_item" else None
        if not said:
            return ""
        on = date.fromisoformat(str(said))
        return f"{on.day} {on:%B}" if (self.today - on).days >= SILENT_DAYS else ""

    def _not_theirs(self, row: Outbox, case: Case, deadline: Deadline) -> str:
        audience = self.directory.audience(case, deadline, [*parts_of(row.payload)])
        told = {recipient.address for recipient in audience}
        return "" if row.to_address in told else "It is no longer for this recipient."

    def _decided(self, row: Outbox, case: Case) -> str:
        if case.state != row.payload.get("state", case.state):
            return "The case has moved on."
        user = self.session.get(User, row.recipient_id) if row.recipient_id else None
        restricted = case.sensitivity == Sensitivity.RESTRICTED
        if user is not None and not (self.directory.may_open(user, case) if restricted else user.active):
            return "It is no longer for this recipient."
        return ""


def is_answer() -> ColumnElement[bool]:
    """Lines of history that answer a reminder: that the agency was chased again does not."""
    return and_(
        col(Event.kind).in_([str(kind) for kind in ANSWERS]),
        col(Event.facts)["chased_on"].as_string().is_(None),
        col(Event.facts)["escalated_on"].as_string().is_(None),
    )


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


def _workflow(case: Case) -> Workflow:
    return workflow_of(case.process, case.workflow_version)
