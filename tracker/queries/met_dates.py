"""Dates met in the last 12 weeks: what At risk says of them, and the list behind it. The same conditions count both."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, case
from sqlmodel import Session, and_, col, func, or_, select

from tracker import access
from tracker.models import Case, Deadline, DeadlineStatus, Organisation
from tracker.policy import Actor
from tracker.queries.due_dates import Horizon, address_of, with_calendars
from tracker.queries.overdue import unit_of, what_of
from tracker.queries.paging import PER_PAGE, Paged, page_within
from tracker.queries.risk_items import WEEKS, held_by, short_kind
from workflows.calendars import Calendar
from workflows.dates import Unit, days_late
from workflows.traces import amount


@dataclass(frozen=True, slots=True)
class Met:
    """How many dates were met, and how many of them after their day."""

    total: int
    late: int


@dataclass(frozen=True, slots=True)
class MetShown:
    """One date that was met. ``words`` say how late, in the clock's own unit."""

    reference: str
    href: str
    what: str
    kind: str
    held_by: str
    due_on: date
    met_on: date
    words: str


def met(session: Session, actor: Actor, today: date) -> Met:
    """How many dates were met in the last 12 weeks."""
    total, late = session.exec(
        select(func.count(), func.sum(case((_late(), 1), else_=0)))
        .select_from(Deadline)
        .join(Case, col(Deadline.case_id) == col(Case.id))
        .where(_met(actor, today))
    ).one()
    return Met(total, int(late or 0))


def page_of_met(
    session: Session, actor: Actor, horizon: Horizon, *, late: bool, page: int = 1
) -> Paged[MetShown]:
    """One page of them, the latest first; only those that were met late, if that is asked."""
    counted, today = met(session, actor, horizon.today), horizon.today
    total = counted.late if late else counted.total
    page = page_within(page, total)
    agency = or_(
        and_(col(Deadline.instance) == "", col(Organisation.id) == col(Case.owner_organisation_id)),
        and_(col(Deadline.instance) != "", col(Organisation.key) == col(Deadline.instance)),
    )
    rows = session.exec(
        select(Deadline, Case, Organisation)
        .select_from(Deadline)
        .join(Case, col(Deadline.case_id) == col(Case.id))
        .outerjoin(Organisation, agency)
        .where(_met(actor, today), *((_late(),) if late else ()))
        .order_by(col(Deadline.met_on).desc(), col(Case.reference), col(Deadline.id))
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE)
    ).all()
    calendars = with_calendars(session, horizon.calendars, (one.partnership_id for _, one, _ in rows))
    shown = tuple(_shown(deadline, one, body, calendars[one.partnership_id]) for deadline, one, body in rows)
    return Paged(shown, total, page)


def _met(actor: Actor, today: date) -> ColumnElement[bool]:
    return and_(
        access.visible(actor),
        col(Deadline.status) == DeadlineStatus.MET,
        col(Deadline.minimum).is_(False),
        col(Deadline.due_on).is_not(None),
        col(Deadline.met_on) > today - timedelta(weeks=WEEKS),
        col(Deadline.met_on) <= today,
    )


def _late() -> ColumnElement[bool]:
    return col(Deadline.met_on) > col(Deadline.due_on)


def _shown(deadline: Deadline, one: Case, body: Organisation | None, calendar: Calendar) -> MetShown:
    due_on, met_on = deadline.due_on or date.max, deadline.met_on or date.max
    unit, late = unit_of(deadline), ""
    if met_on > due_on:
        days = days_late(due_on, met_on, unit, calendar)
        counted = Unit.WORKING_DAYS if unit is Unit.WORKING_DAYS else Unit.DAYS
        late = f"{amount(days, counted)} late" if days else "Late"
    return MetShown(
        reference=one.reference,
        href=address_of(one),
        what=what_of(deadline, one),
        kind=short_kind(deadline),
        held_by=held_by(deadline, body),
        due_on=due_on,
        met_on=met_on,
        words=late or "In time",
    )
