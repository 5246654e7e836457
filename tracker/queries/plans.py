"""Adopted plans: every one the reader works with, and one as it was printed, with what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access
from tracker.models import ActionDetails, Case, Deadline, Organisation, Plan
from tracker.policy import READERS, Actor
from tracker.queries.action_rows import FINAL, due_shown, with_target
from tracker.queries.due_dates import Horizon, with_calendars
from tracker.services.positions import workflow_for
from tracker.templating import count, day_month
from workflows.calendars import Calendar


@dataclass(frozen=True, slots=True)
class PlanShown:
    """One plan on the list. ``open_actions`` are those of its actions that have not ended, as far as the reader sees."""

    key: str
    name: str
    starts_on: date | None
    ends_on: date | None
    ended: bool
    actions: int
    open_actions: int


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One action: its cells as printed, and ours. ``now`` says what the lead's body is called or replaced by today."""

    cells: Mapping[str, str]
    reference: str
    status: str
    lead: str
    now: str
    due_on: date | None
    words: str
    state: str
    first: date | None


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One plan. ``banner`` is said of a plan that has ended; ``left_out`` are cells that are no action, and why."""

    key: str
    name: str
    headings: tuple[str, ...]
    starts_on: date | None
    ends_on: date | None
    banner: str
    rows: tuple[PlanRow, ...]
    source_name: str

    @property
    def printed(self) -> tuple[Mapping[str, str], ...]:
        """The rows with nothing but the columns of the plan."""
        return tuple(row.cells for row in self.rows)


def plans(session: Session, actor: Actor, today: date) -> tuple[PlanShown, ...]:
    """The plans of the reader's partnerships, the newest first."""
    found = session.exec(
        select(Plan)
        .where(col(Plan.partnership_id).in_(actor.partnerships(*READERS)))
        .order_by(col(Plan.starts_on).desc(), col(Plan.name))
    ).all()
    states = session.exec(
        select(ActionDetails.plan_id, Case.state)
        .join(Case, col(Case.id) == col(ActionDetails.case_id))
        .where(col(ActionDetails.plan_id).in_([plan.id for plan in found]), access.visible(actor))
    ).all()
    return tuple(
        PlanShown(
            plan.key,
            plan.name,
            plan.starts_on,
            plan.ends_on,
            _ended(plan, today),
            sum(number == plan.id for number, _ in states),
            sum(number == plan.id and state not in FINAL for number, state in states),
        )
        for plan in found
    )


def plan_page(session: Session, actor: Actor, key: str, horizon: Horizon) -> PlanPage:
    """One plan with its actions in the order of the print.

    Raises:
        NotVisible: there is no such plan, or it is not theirs to see.
    """
    plan = access.plan_for(session, actor, key)
    rows = session.exec(
        with_target([col(ActionDetails.plan_id) == plan.id, access.visible(actor)]).order_by(
            col(ActionDetails.position)
        )
    ).all()
    calendar = with_calendars(session, horizon.calendars, [plan.partnership_id])[plan.partnership_id]
    after = _after(session, (body for _, _, body, _ in rows if body))
    actions = [action for action, *_ in rows]
    return PlanPage(
        key=plan.key,
        name=plan.name,
        headings=tuple(plan.headings),
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        banner=_banner(plan, actions, _carried(session, actor, actions))
        if _ended(plan, horizon.today)
        else "",
        rows=tuple(
            _row(action, target, body, details, after, calendar=calendar, today=horizon.today)
            for action, target, body, details in rows
        ),
        source_name=plan.source_name,
    )


def _row(
    action: Case,
    target: Deadline | None,
    body: Organisation | None,
    details: ActionDetails,
    after: Mapping[int, str],
    *,
    calendar: Calendar,
    today: date,
) -> PlanRow:
    words, state = due_shown(target, calendar, today)
    due_on = target.due_on if target else None
    if due_on is None and (details.condition or details.timescale):
        words = details.condition or details.timescale
    first = target.first_due_on if target else None
    return PlanRow(
        cells={name: str(value) for name, value in details.cells.items()},
        reference=action.reference,
        status=workflow_for(action).state_by_name[action.state].label,
        lead=body.name if body else "No lead",
        now=after.get(body.id or 0, "") if body else "",
        due_on=due_on,
        words=words,
        state=state,
        first=first if first != due_on else None,
    )


def _ended(plan: Plan, today: date) -> bool:
    return plan.ends_on is not None and plan.ends_on < today


def _banner(plan: Plan, actions: Sequence[Case], carried: Mapping[str, int]) -> str:
    """Say that it has ended and what became of its actions: ``1 action was carried to Community safety plan 2021-24.``"""
    said = [f"This plan ended on {day_month(plan.ends_on)}." if plan.ends_on else ""]
    for where, number in carried.items():
        said.append(f"{count(number, 'action was', 'actions were')} carried to {where}.")
    unknown = sum(one.state == "superseded" for one in actions) - sum(carried.values())
    if unknown:
        said.append(f"What became of {count(unknown, 'action')} is not recorded.")
    still = sum(one.state not in FINAL for one in actions)
    if still:
        said.append(f"{count(still, 'action is', 'actions are')} still open.")
    return " ".join(said)


def _carried(session: Session, actor: Actor, actions: Iterable[Case]) -> Mapping[str, int]:
    """Where actions went that others took the place of: a plan by its name, or the action itself; how many to each."""
    after = [str(one.facts.get("superseded_by") or "") for one in actions if one.state == "superseded"]
    rows = session.exec(
        select(Case.reference, Plan.name)
        .outerjoin(ActionDetails, col(ActionDetails.case_id) == col(Case.id))
        .outerjoin(Plan, col(Plan.id) == col(ActionDetails.plan_id))
        .where(col(Case.reference).in_(after), access.visible(actor))
    ).all()
    where = {reference: name or reference for reference, name in rows}
    found: dict[str, int] = {}
    for reference in after:
        if reference in where:
            found[where[reference]] = found.get(where[reference], 0) + 1
    return found


def _after(session: Session, bodies: Iterable[Organisation]) -> Mapping[int, str]:
    """For each body that has ended, the last that came after it, in words: ``now Public Health``."""
    ended = [body for body in bodies if body.successor_id is not None]
    if not ended:
        return {}
    known = {one.id: one for one in session.exec(select(Organisation)).all()}
    found = {}
    for body in ended:
        last, seen = body, {body.id}
        while last.successor_id in known and last.successor_id not in seen:
            last = known[last.successor_id]
            seen.add(last.id)
        if last is not body:
            found[body.id or 0] = f"now {last.name}"
    return found
