"""Dates met in the last 12 weeks: what At risk says of them, and the list behind it. The same conditions count both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, case
from sqlmodel import Session, and_, col, func, or_, select
from sqlmodel.sql.expression import Select

from tracker import access
from tracker.models import Case, Deadline, DeadlineStatus, Organisation
from tracker.policy import Actor
from tracker.queries.due_dates import Found, Horizon, address_of, with_calendars
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
    counted = met(session, actor, horizon.today)
    total = counted.late if late else counted.total
    page = page_within(page, total)
    rows = session.exec(
        _dates(actor, horizon.today, late=late).offset((page - 1) * PER_PAGE).limit(PER_PAGE)
    ).all()
    return Paged(_all_shown(session, rows, horizon), total, page)


def every_met(session: Session, actor: Actor, horizon: Horizon, *, late: bool) -> tuple[MetShown, ...]:
    """All of them, for a file."""
    return _all_shown(session, session.exec(_dates(actor, horizon.today, late=late)).all(), horizon)


def _dates(actor: Actor, today: date, *, late: bool) -> Select[Deadline, Case, Organisation]:
    agency = or_(
        and_(col(Deadline.instance) == "", col(Organisation.id) == col(Case.owner_organisation_id)),
        and_(col(Deadline.instance) != "", col(Organisation.key) == col(Deadline.instance)),
    )
    return (
        select(Deadline, Case, Organisation)
        .select_from(Deadline)
        .join(Case, col(Deadline.case_id) == col(Case.id))
        .outerjoin(Organisation, agency)
        .where(_met(actor, today), *((_late(),) if late else ()))
        .order_by(col(Deadline.met_on).desc(), col(Case.reference), col(Deadline.id))
    )


def _all_shown(session: Session, rows: Sequence[Found], horizon: Horizon) -> tuple[MetShown, ...]:
    calendars = with_calendars(session, horizon.calendars, (one.partnership_id for _, one, _ in rows))
    return tuple(_shown(deadline, one, body, calendars[one.partnership_id]) for deadline, one, body in rows)


def among(dates: Iterable[tuple[date | None, date | None]], today: date) -> Met:
    """The same count of dates that were read already, each by its due date and the day on which it was met."""
    since = today - timedelta(weeks=WEEKS)
    late = [on > due for due, on in dates if due is not None and on is not None and since < on <= today]
    return Met(len(late), sum(late))


def _met(actor: Actor, today: date) -> ColumnElement[bool]:
    return and_(access.visible(actor), were_met(today))


def were_met(today: date) -> ColumnElement[bool]:
    """Dates that were met in the last 12 weeks."""
    return and_(
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
