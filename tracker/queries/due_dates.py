"""Running dates across cases and actions, as Today and its lists show them.

A number and the list behind it ask the same conditions, so they cannot differ. *Overdue* is what ``tracker overdue``
says: running, not paused, due before the day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Subquery, literal_column, union_all
from sqlmodel import Session, and_, col, func, or_, select
from sqlmodel.sql.expression import Select

from tracker import access
from tracker.models import Case, Deadline, DeadlineStatus, Organisation, Outbox, OutboxState
from tracker.policy import ACTIONS, READERS, Actor
from tracker.queries.date_words import due_words, kind_words
from tracker.queries.next_act import next_act
from tracker.queries.overdue import unit_of, what_of
from tracker.queries.paging import PER_PAGE, Paged, page_within
from tracker.services.calendars import calendars_for
from tracker.services.policies import rule_from
from workflows.calendars import Calendar
from workflows.deciders import Decider
from workflows.ladder import Who

SOON_WORKING_DAYS = 10
"""How far Today looks ahead (docs/ux.md (a), Home pages)."""

Found = tuple[Deadline, Case, Organisation]


class Window(StrEnum):
    """Which running dates."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"


class Scope(StrEnum):
    """Whose work: everybody's, or the cases that the reader leads and what belongs to them."""

    UNIT = "unit"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Horizon:
    """The day, the calendars that the reader's partnerships count by, and the last day that is "soon" in each."""

    today: date
    calendars: Mapping[int | None, Calendar]

    def soon_to(self, partnership_id: int | None = None) -> date:
        """The last day of the next 10 working days."""
        calendar = self.calendars.get(partnership_id, self.calendars[None])
        return calendar.working_day_after(self.today, SOON_WORKING_DAYS)


@dataclass(frozen=True, slots=True)
class DueShown:
    """One running date on a list. ``act`` names the next act, ``agency`` is who it is with, if anybody."""

    reference: str
    href: str
    what: str
    kind: str
    due_on: date | None
    words: str
    state: str
    first: date | None
    agency: str
    act: str
    act_href: str


@dataclass(frozen=True, slots=True)
class Chased:
    """How often the lead was reminded, when last, and when a reminder may next go."""

    times: int
    last_at: datetime | None
    next_at: datetime | None


def horizon_for(session: Session, actor: Actor, today: date) -> Horizon:
    """The horizon of everything that the actor may see."""
    return Horizon(today, calendars_for(session, {None, *actor.partnerships(*READERS)}))


def running() -> ColumnElement[bool]:
    """A duty that is still owed and whose clock counts. A time that must be given is no duty to be late with."""
    # A literal, not a parameter: only so can both databases tell that the partial index will do.
    return and_(
        col(Deadline.status) == literal_column(f"'{DeadlineStatus.RUNNING}'"),
        col(Deadline.paused).is_(False),
        col(Deadline.minimum).is_(False),
    )


def within(window: Window, horizon: Horizon) -> ColumnElement[bool]:
    """Due in that window."""
    due_on = col(Deadline.due_on)
    if window is Window.OVERDUE:
        return due_on < horizon.today
    if window is Window.TODAY:
        return due_on == horizon.today
    return and_(due_on > horizon.today, due_by_soon(horizon))


def due_by_soon(horizon: Horizon) -> ColumnElement[bool]:
    """Due within 10 working days, or earlier. A partnership's own closed days only move the limit later."""
    common = horizon.soon_to()
    later = {p: limit for p in horizon.calendars if (limit := horizon.soon_to(p)) != common}
    return or_(
        col(Deadline.due_on) <= common,
        *(and_(col(Case.partnership_id) == p, col(Deadline.due_on) <= limit) for p, limit in later.items()),
    )


def in_scope(actor: Actor, scope: Scope) -> ColumnElement[bool]:
    """What the actor may see, and of that what the scope leaves."""
    if scope is Scope.UNIT:
        return access.visible(actor)
    mine = col(Case.owner_user_id) == actor.user_id
    under_mine = col(Case.parent_id).in_(select(Case.id).where(Case.owner_user_id == actor.user_id))
    return and_(access.visible(actor), or_(mine, under_mine))


def waited_for(horizon: Horizon) -> ColumnElement[bool]:
    """Owed by an agency. An action counts once it is due within 10 working days, and only if somebody leads it."""
    return and_(
        col(Deadline.owner) == Decider.AGENCY_LEAD,
        or_(
            col(Case.process).not_in(ACTIONS),
            and_(due_by_soon(horizon), col(Case.owner_organisation_id).is_not(None)),
        ),
    )


def dated(*conditions: ColumnElement[bool]) -> Select[Deadline, Case, Organisation]:
    """Running dates with their case and the agency they are with, soonest first."""
    agency = or_(
        and_(col(Deadline.instance) == "", col(Organisation.id) == col(Case.owner_organisation_id)),
        and_(col(Deadline.instance) != "", col(Organisation.key) == col(Deadline.instance)),
    )
    return (
        select(Deadline, Case, Organisation)
        .select_from(Deadline)
        .join(Case, col(Deadline.case_id) == col(Case.id))
        .outerjoin(Organisation, agency)
        .where(running(), *conditions)
        .order_by(col(Deadline.due_on).is_(None), col(Deadline.due_on), col(Case.reference), col(Deadline.id))
    )


def needing_and_coming(
    session: Session, actor: Actor, scope: Scope, horizon: Horizon
) -> tuple[tuple[DueShown, ...], tuple[DueShown, ...]]:
    """What is overdue or due today, longest overdue first, and what is due soon; of each one page at most, in one look."""
    needs = or_(within(Window.OVERDUE, horizon), within(Window.TODAY, horizon))
    numbers = union_all(
        *(
            select(ids.c.id)
            for ids in (_first(actor, scope, needs), _first(actor, scope, within(Window.SOON, horizon)))
        )
    )
    found = session.exec(dated(col(Deadline.id).in_(numbers))).all()
    rows = shown(session, found, horizon, actor)
    now = tuple(row for row in rows if row.due_on is not None and row.due_on <= horizon.today)
    return now, rows[len(now) :]


def _first(actor: Actor, scope: Scope, wanted: ColumnElement[bool]) -> Subquery:
    """The numbers of the first dates that fit, soonest first."""
    return (
        select(col(Deadline.id).label("id"))
        .join(Case, col(Deadline.case_id) == col(Case.id))
        .where(running(), in_scope(actor, scope), wanted)
        .order_by(col(Deadline.due_on), col(Case.reference), col(Deadline.id))
        .limit(PER_PAGE)
        .subquery()
    )


def page_of_dates(
    session: Session, actor: Actor, window: Window, scope: Scope, horizon: Horizon, *, page: int
) -> Paged[DueShown]:
    """One page of a window."""
    conditions = (in_scope(actor, scope), within(window, horizon))
    total = counted(session, *conditions)
    page = page_within(page, total)
    found = session.exec(dated(*conditions).offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    return Paged(shown(session, found, horizon, actor), total, page)


def counted(session: Session, *conditions: ColumnElement[bool]) -> int:
    """How many running dates fit."""
    return session.exec(
        select(func.count(col(Deadline.id)))
        .join(Case, col(Deadline.case_id) == col(Case.id))
        .where(running(), *conditions)
    ).one()


def next_date(session: Session, actor: Actor, scope: Scope, horizon: Horizon) -> date | None:
    """The first due date after the day, however far off."""
    return session.exec(
        select(func.min(Deadline.due_on))
        .join(Case, col(Deadline.case_id) == col(Case.id))
        .where(running(), col(Deadline.due_on) > horizon.today, in_scope(actor, scope))
    ).one()


def shown(
    session: Session, found: Iterable[Found], horizon: Horizon, actor: Actor | None = None
) -> tuple[DueShown, ...]:
    """The rows as a page shows them, in words of the clock's own unit and the case's own calendar."""
    rows: Sequence[Found] = list(found)
    calendars = with_calendars(session, horizon.calendars, (case.partnership_id for _, case, _ in rows))
    return tuple(
        _shown(deadline, case, body, calendars[case.partnership_id], horizon.today, actor)
        for deadline, case, body in rows
    )


def with_calendars(
    session: Session, known: Mapping[int | None, Calendar], partnership_ids: Iterable[int]
) -> Mapping[int | None, Calendar]:
    """The calendars at hand, and those of other partnerships that a row comes from."""
    more = set(partnership_ids) - set(known)
    return {**known, **calendars_for(session, more)} if more else known


def chased(session: Session, deadlines: Iterable[Deadline]) -> Mapping[int, Chased]:
    """The chasing of these dates: reminders sent to the lead for them, whatever the date was then."""
    rows = {deadline.id or 0: deadline for deadline in deadlines}
    sent = session.exec(
        select(Outbox.deadline_id, func.count(func.distinct(Outbox.owed_on)), func.max(Outbox.sent_at))
        .where(
            col(Outbox.deadline_id).in_(rows),
            Outbox.state == OutboxState.SENT,
            Outbox.who == Who.LEAD,
        )
        .group_by(col(Outbox.deadline_id))
    ).all()
    by_deadline = {number or 0: (times, last_at) for number, times, last_at in sent}
    return {
        number: Chased(*by_deadline.get(number, (0, None)), deadline.next_notice_at)
        for number, deadline in rows.items()
    }


def _shown(
    deadline: Deadline,
    case: Case,
    body: Organisation | None,
    calendar: Calendar,
    today: date,
    actor: Actor | None,
) -> DueShown:
    words, state = due_words(deadline.due_on, unit_of(deadline), calendar, today)
    act = next_act(deadline, case, actor)
    return DueShown(
        reference=case.reference,
        href=address_of(case),
        what=what_of(deadline, case),
        kind=kind_words(
            deadline.key,
            deadline.force,
            length_local=deadline.length_local,
            period=rule_from(deadline.rule),
        ),
        due_on=deadline.due_on,
        words=words,
        state=state,
        first=deadline.first_due_on if deadline.first_due_on != deadline.due_on else None,
        agency=body.name if body else "",
        act=act.text,
        act_href=act.href,
    )


def address_of(case: Case) -> str:
    """The page of a case or an action."""
    return f"/{'actions' if case.process in ACTIONS else 'cases'}/{case.reference}"
