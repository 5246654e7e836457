"""Actions of every plan and review that the actor may see: narrowed, sorted, one page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, case
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker import access
from tracker.models import ActionDetails, Case, CaseParty, Deadline, DeadlineStatus, Organisation, Plan
from tracker.policy import ACTIONS, Actor
from tracker.queries.action_rows import FINAL, ActionShown, coloured, is_action, shown, with_target
from tracker.queries.due_dates import Horizon, Scope, Window, in_scope, running, within
from tracker.queries.paging import PER_PAGE, Paged, page_within, whole
from tracker.queries.standing import PLAN_DATE
from workflows.rag import Colour
from workflows.released import RELEASED

OPEN_STATES = ("draft", "agreed", "in_progress")
"""States in which somebody has still to do the work: without a date or a lead nobody can be reminded of it."""

STATES: Mapping[str, str] = {
    state.name: state.label for w in RELEASED.values() if w.key in ACTIONS for state in w.states
}
Choices = tuple[tuple[str, str], ...]


class Gap(StrEnum):
    """What is missing so that nobody can be reminded."""

    ANY = "any"
    LEAD = "lead"
    DATE = "date"


class Status(StrEnum):
    """Groups of states, beside the states themselves."""

    OPEN = "open"  # whatever has not ended, reported as done among it
    ENDED = "ended"
    ALL = "all"


class Sort(StrEnum):
    """Columns that the list can be sorted by."""

    DUE = "due"
    REFERENCE = "reference"
    AGENCY = "agency"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class ActionFilters:
    """What the list is narrowed to. ``status`` is a group or a state; ``plan`` and ``agency`` are keys."""

    plan: str = ""
    agency: str = ""
    status: str = Status.OPEN
    due: Window | None = None
    gap: Gap | None = None
    colour: Colour | None = None
    scope: Scope = Scope.UNIT
    sort: Sort = Sort.DUE
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many open actions nobody can be reminded of, and why. One may lack both."""

    total: int
    no_lead: int
    lead_ended: int
    no_date: int


def actions(
    session: Session, actor: Actor, filters: ActionFilters, horizon: Horizon, *, page: int = 1
) -> Paged[ActionShown]:
    """One page of the actions that the filters leave."""
    conditions = _conditions(actor, filters, horizon)
    if filters.colour is not None:  # worked out, not stored: every row is looked at
        found = session.exec(with_target(conditions).order_by(*_order(filters))).all()
        kept = coloured(session, found, filters.colour, horizon.today)
        page = page_within(page, len(kept))
        rows = kept[(page - 1) * PER_PAGE : page * PER_PAGE]
        return Paged(shown(session, actor, rows, horizon), len(kept), page)
    total = session.exec(select(func.count()).select_from(with_target(conditions).subquery())).one()
    page = page_within(page, total)
    statement = with_target(conditions).order_by(*_order(filters))
    found = session.exec(statement.offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    return Paged(shown(session, actor, found, horizon), total, page)


def every_action(
    session: Session, actor: Actor, filters: ActionFilters, horizon: Horizon
) -> Paged[ActionShown]:
    """All of the actions that the filters leave, for a file."""
    found = session.exec(with_target(_conditions(actor, filters, horizon)).order_by(*_order(filters))).all()
    kept = coloured(session, found, filters.colour, horizon.today)
    return whole(shown(session, actor, kept, horizon))


def gaps(session: Session, actor: Actor, scope: Scope, today: date) -> Gaps:
    """How many open actions lack a lead or a date."""
    ended = col(Case.owner_organisation_id).in_(_ended(today))
    row = session.exec(
        select(
            func.count(),
            func.sum(_one_if(col(Case.owner_organisation_id).is_(None))),
            func.sum(_one_if(ended)),
            func.sum(_one_if(_no_date())),
        ).where(in_scope(actor, scope), is_action(), _lacking(Gap.ANY, today))
    ).one()
    return Gaps(*(int(number or 0) for number in row))


def plans(session: Session, actor: Actor) -> Choices:
    """The plans whose actions the actor may see, by key and name."""
    rows = session.exec(
        select(Plan)
        .where(
            col(Plan.id).in_(
                select(ActionDetails.plan_id)
                .join(Case, col(ActionDetails.case_id) == col(Case.id))
                .where(access.visible(actor))
            )
        )
        .order_by(col(Plan.starts_on).desc(), col(Plan.name))
    ).all()
    return tuple((plan.key, plan.name) for plan in rows)


def agencies(session: Session, actor: Actor) -> Choices:
    """The agencies that lead actions which the actor may see, by key and name."""
    leads = select(Case.owner_organisation_id).where(is_action(), access.visible(actor))
    rows = session.exec(
        select(Organisation).where(col(Organisation.id).in_(leads)).order_by(col(Organisation.name))
    ).all()
    return tuple((body.key, body.name) for body in rows)


def led_by(organisations: ColumnElement[bool]) -> ColumnElement[bool]:
    """Actions that these organisations lead, alone or with others; the condition is on ``organisations``."""
    chosen = select(Organisation.id).where(organisations)
    joint = select(CaseParty.case_id).where(
        col(CaseParty.organisation_id).in_(chosen), col(CaseParty.to_on).is_(None)
    )
    return or_(col(Case.owner_organisation_id).in_(chosen), col(Case.id).in_(joint))


def _conditions(actor: Actor, filters: ActionFilters, horizon: Horizon) -> list[ColumnElement[bool]]:
    conditions = [in_scope(actor, filters.scope)]
    if filters.plan:
        rows = select(ActionDetails.case_id).join(Plan, col(ActionDetails.plan_id) == col(Plan.id))
        conditions.append(col(Case.id).in_(rows.where(Plan.key == filters.plan)))
    if filters.agency:
        conditions.append(led_by(col(Organisation.key) == filters.agency))
    if filters.status == Status.OPEN:
        conditions.append(col(Case.state).not_in(FINAL))
    elif filters.status == Status.ENDED:
        conditions.append(col(Case.state).in_(FINAL))
    elif filters.status != Status.ALL:
        conditions.append(col(Case.state) == filters.status)
    if filters.due is not None:
        conditions += [running(), within(filters.due, horizon)]
    if filters.gap is not None:
        conditions.append(_lacking(filters.gap, horizon.today))
    return conditions


def _lacking(gap: Gap, today: date) -> ColumnElement[bool]:
    no_lead = or_(
        col(Case.owner_organisation_id).is_(None), col(Case.owner_organisation_id).in_(_ended(today))
    )
    wanted = {Gap.LEAD: no_lead, Gap.DATE: _no_date(), Gap.ANY: or_(no_lead, _no_date())}[gap]
    return and_(col(Case.state).in_(OPEN_STATES), wanted)


def _ended(today: date) -> SelectOfScalar[int] | SelectOfScalar[None]:
    return select(Organisation.id).where(col(Organisation.to_on) < today)


def _no_date() -> ColumnElement[bool]:
    target = aliased(Deadline)
    return ~(
        select(target.id)
        .where(
            target.case_id == Case.id,
            target.key == PLAN_DATE,
            target.status == DeadlineStatus.RUNNING,
            col(target.due_on).is_not(None),
        )
        .correlate(Case)
        .exists()
    )


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _order(filters: ActionFilters) -> list[ColumnElement[object]]:
    columns = {
        Sort.DUE: col(Deadline.due_on),
        Sort.REFERENCE: col(Case.reference),
        Sort.AGENCY: func.lower(Organisation.name),
        Sort.UPDATED: col(Case.facts)["last_update_on"].as_string(),
    }
    chosen = columns[filters.sort]
    return [
        chosen.is_(None),
        chosen.desc() if filters.descending else chosen.asc(),
        col(Case.reference).asc(),
    ]
