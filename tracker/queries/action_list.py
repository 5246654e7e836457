"""Actions of every plan and review that the actor may see: narrowed, sorted, one page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, case
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.models import (
    ActionDetails,
    Case,
    CaseParty,
    Deadline,
    DeadlineChange,
    DeadlineStatus,
    Membership,
    Organisation,
    Plan,
)
from tracker.policy import ACTIONS, Actor
from tracker.queries.action_rag import moved_times
from tracker.queries.action_risk import likely_late
from tracker.queries.action_rows import (
    FINAL,
    ActionShown,
    Row,
    coloured,
    holds_lead,
    is_action,
    shown,
    with_target,
)
from tracker.queries.date_words import PLAN_DATE
from tracker.queries.due_dates import Horizon, Scope, Window, in_scope, running, within
from tracker.queries.paging import PER_PAGE, Paged, page_within, whole
from workflows.ledger import ChangeKind
from workflows.rag import Colour
from workflows.released import RELEASED

OPEN_STATES = ("draft", "agreed", "in_progress")
"""States in which somebody has still to do the work: without a date or a lead nobody can be reminded of it."""

STATES: Mapping[str, str] = {
    state.name: state.label for w in RELEASED.values() if w.key in ACTIONS for state in w.states
}


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


ORDERS: Mapping[Sort, tuple[str, str]] = {
    Sort.DUE: ("Soonest or longest overdue first", "Latest date first"),
    Sort.REFERENCE: ("By reference", "By reference, last first"),
    Sort.AGENCY: ("By lead agency", "By lead agency, Z to A"),
    Sort.UPDATED: ("Longest without an update first", "Latest update first"),
}
"""What a sorted list says of its order, and of the other way round."""

MOVED_OFTEN = 2
QUIET = timedelta(days=28)
"""Without an update for so long, a lead has gone quiet (docs/ux.md (f), R1)."""
UPDATED_IN = ("agreed", "in_progress")
"""States in which an update is owed."""


@dataclass(frozen=True, slots=True)
class ActionFilters:
    """What the list is narrowed to. ``status`` is a group or a state; ``plan`` and ``agency`` are keys.

    ``plan`` may also be the reference of a case; ``lead`` is the number of a person who leads for an agency; ``moved``:
    twice or more; ``quiet``: no update for 28 days; ``at_risk``: likely late by the seven rules; ``chosen`` are
    references, of which nothing but what the reader may see is kept.
    """

    plan: str = ""
    agency: str = ""
    status: str = Status.OPEN
    due: Window | None = None
    gap: Gap | None = None
    colour: Colour | None = None
    scope: Scope = Scope.UNIT
    lead: str = ""
    theme: str = ""
    at_risk: bool = False
    moved: bool = False
    quiet: bool = False
    chosen: tuple[str, ...] = ()
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
    if filters.colour is not None or filters.at_risk:  # worked out, not stored: every row is looked at
        kept, moved = _kept(session, actor, filters, horizon, conditions)
        page = page_within(page, len(kept))
        rows = kept[(page - 1) * PER_PAGE : page * PER_PAGE]
        return Paged(shown(session, actor, rows, horizon, moved), len(kept), page)
    total = session.exec(select(func.count()).select_from(with_target(conditions).subquery())).one()
    page = page_within(page, total)
    statement = with_target(conditions).order_by(*_order(filters))
    found = session.exec(statement.offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    return Paged(shown(session, actor, found, horizon), total, page)


def every_action(
    session: Session, actor: Actor, filters: ActionFilters, horizon: Horizon
) -> Paged[ActionShown]:
    """All of the actions that the filters leave, for a file."""
    kept, moved = _kept(session, actor, filters, horizon, _conditions(actor, filters, horizon))
    return whole(shown(session, actor, kept, horizon, moved))


def _kept(
    session: Session,
    actor: Actor,
    filters: ActionFilters,
    horizon: Horizon,
    conditions: Sequence[ColumnElement[bool]],
) -> tuple[Sequence[Row], Mapping[int, int]]:
    """The rows that are left, and how often each target date was moved: asked once, however it is narrowed."""
    found = session.exec(with_target(conditions).order_by(*_order(filters))).all()
    moved = moved_times(session, [deadline for _, deadline, *_ in found if deadline])
    kept = coloured(found, filters.colour, moved, horizon.today)
    return (likely_late(session, actor, kept, horizon, moved) if filters.at_risk else kept), moved


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


def lacking(today: date) -> ColumnElement[bool]:
    """Open actions without a lead or a date, or whose lead no longer exists: the condition on cases."""
    return and_(is_action(), _lacking(Gap.ANY, today))


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
        conditions.append(_of_plan(filters.plan))
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
    return conditions + _further(filters, horizon.today)


def _further(filters: ActionFilters, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.lead.isdecimal():
        bodies = select(Membership.organisation_id).where(
            holds_lead(today), Membership.user_id == int(filters.lead[:9])
        )
        conditions.append(led_by(col(Organisation.id).in_(bodies)))
    if filters.theme:
        themed = select(ActionDetails.case_id).where(ActionDetails.theme == filters.theme)
        conditions.append(col(Case.id).in_(themed))
    if filters.moved:
        conditions.append(_moved_often())
    if filters.quiet:
        conditions.append(_quiet(today - QUIET))
    if filters.chosen:
        conditions.append(col(Case.reference).in_(filters.chosen))
    return conditions


def _of_plan(named: str) -> ColumnElement[bool]:
    """Of the plan of that key, or of the case of that reference."""
    rows = select(ActionDetails.case_id).join(Plan, col(ActionDetails.plan_id) == col(Plan.id))
    above = aliased(Case)
    case_named = select(above.id).where(above.reference == named)
    return or_(col(Case.id).in_(rows.where(Plan.key == named)), col(Case.parent_id).in_(case_named))


def _moved_often() -> ColumnElement[bool]:
    """The target date was moved twice or more. To be given a first date is no move."""
    times = (
        select(func.count(col(DeadlineChange.id)))
        .where(
            DeadlineChange.deadline_id == Deadline.id,
            col(DeadlineChange.kind).in_([ChangeKind.SET, ChangeKind.EXTEND]),
        )
        .correlate(Deadline)
        .scalar_subquery()
    )
    return times - case((col(Deadline.first_due_on).is_(None), 1), else_=0) >= MOVED_OFTEN


def _quiet(since: date) -> ColumnElement[bool]:
    """An update is owed, and the last word came on that day or before; or the action began then, and none came."""
    said = col(Case.facts)["last_update_on"].as_string()
    unheard = and_(said.is_(None), col(Case.opened_on) <= since)
    return and_(col(Case.state).in_(UPDATED_IN), or_(said <= since.isoformat(), unheard))


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
