"""Actions as lists show them: text, source, lead, date with its words, status, last update, and how often it moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, func, or_, select
from sqlmodel.sql.expression import Select

from tracker import access
from tracker.models import (
    ActionDetails,
    Case,
    CaseParty,
    Deadline,
    DeadlineStatus,
    LocalPolicy,
    Membership,
    Organisation,
    Partnership,
    Plan,
    Role,
    User,
)
from tracker.policy import ACTIONS, Actor
from tracker.queries.action_rag import moved_times, rag_of
from tracker.queries.choices import now_called
from tracker.queries.date_words import PLAN_DATE, due_words
from tracker.queries.due_dates import Horizon, address_of, with_calendars
from tracker.queries.overdue import unit_of
from tracker.services.positions import workflow_for
from tracker.services.process_names import in_a_sentence, process_name
from workflows.calendars import Calendar
from workflows.rag import Colour, Rag, times
from workflows.released import RELEASED
from workflows.traces import in_words

FINAL = frozenset(s.name for w in RELEASED.values() if w.key in ACTIONS for s in w.states if s.final)
"""States in which an action has ended."""

_TAGS: Mapping[str, str] = {
    "draft": "hold", "in_progress": "working", "completed_unverified": "queries", "verified": "good",
}  # fmt: skip
_SAID: Mapping[str, str] = {
    "no_change": "No change", "progress": "Progress", "done": "Done, they say",
    "more_time": "Asks for more time", "not_ours": "Says it is not theirs",
}  # fmt: skip

RAG_TAGS: Mapping[Colour, str] = {
    Colour.RED: "failed", Colour.AMBER: "waiting", Colour.GREEN: "good", Colour.BLUE: "", Colour.GREY: "closed",
}  # fmt: skip
"""The package's own colour for each word; the word says it."""

Row = tuple[Case, Deadline, Organisation, ActionDetails]


@dataclass(frozen=True, slots=True)
class ActionShown:
    """One action on the list. ``person`` is the role at the lead agency, or else who leads there."""

    reference: str
    href: str
    text: str
    source: str
    agency: str
    agency_note: str
    person: str
    due_on: date | None
    due_words: str
    due_state: str
    first: date | None
    status: str
    status_tag: str
    last_update: str
    last_update_on: date | None
    moved: str
    rag: Rag
    rag_tag: str


def is_action() -> ColumnElement[bool]:
    """Actions, and nothing else."""
    return col(Case.process).in_(ACTIONS)


def with_target(
    conditions: Sequence[ColumnElement[bool]],
) -> Select[Case, Deadline, Organisation, ActionDetails]:
    """Actions with their latest target date, first lead and row of the plan."""
    latest = aliased(Deadline)
    newest = (
        select(func.max(latest.id))
        .where(latest.case_id == Case.id, latest.key == PLAN_DATE)
        .correlate(Case)
        .scalar_subquery()
    )
    return (
        select(Case, Deadline, Organisation, ActionDetails)
        .select_from(Case)
        .outerjoin(Deadline, and_(col(Deadline.case_id) == col(Case.id), col(Deadline.id) == newest))
        .outerjoin(Organisation, col(Organisation.id) == col(Case.owner_organisation_id))
        .outerjoin(ActionDetails, col(ActionDetails.case_id) == col(Case.id))
        .where(is_action(), *conditions)
    )


def due_shown(deadline: Deadline | None, calendar: Calendar, today: date) -> tuple[str, str]:
    """Words and state of an action's target date, ended ones too."""
    if deadline is None or deadline.due_on is None:
        return "No date yet", ""
    if deadline.status == DeadlineStatus.MET:
        in_time = deadline.met_on is None or deadline.met_on <= deadline.due_on
        return ("Met in time" if in_time else "Met late"), ""
    if deadline.status != DeadlineStatus.RUNNING:
        return "No longer counts", ""
    if deadline.paused:
        return "Paused", "paused"
    return due_words(deadline.due_on, unit_of(deadline), calendar, today)


def said(action: Case) -> tuple[str, date | None]:
    """What was last reported, in a word or two, and when."""
    on = action.facts.get("last_update_on")
    words = _SAID.get(str(action.facts.get("update_kind", "")), "Update" if on else "None yet")
    return words, date.fromisoformat(str(on)) if on else None


def coloured(
    found: Sequence[Row], colour: Colour | None, moved: Mapping[int, int], today: date
) -> Sequence[Row]:
    """The rows of one colour; all of them where none is asked for. Worked out in one place, so never in SQL."""
    if colour is None:
        return found
    return [
        row
        for row in found
        if rag_of(row[0], row[1], moved.get(row[1].id or 0, 0) if row[1] else 0, today).colour is colour
    ]


def source_of(details: ActionDetails | None, plan: Plan | None, parent: str = "") -> str:
    """Where an action comes from: its plan, theme and row, or the case it belongs to."""
    if plan is not None and details is not None:
        theme = f", {details.theme}" if details.theme else ""
        return f"{plan.name}, row {details.position}{theme}"
    return f"From {parent}" if parent else ""


def shown(
    session: Session,
    actor: Actor,
    found: Sequence[Row],
    horizon: Horizon,
    moved: Mapping[int, int] | None = None,
) -> tuple[ActionShown, ...]:
    """The rows as a page shows them; what belongs to many rows is read in one query for all, or known (``moved``)."""
    calendars = with_calendars(session, horizon.calendars, (action.partnership_id for action, *_ in found))
    if moved is None:
        moved = moved_times(session, [deadline for _, deadline, *_ in found if deadline])
    joint = _joint(session, [action.id for action, *_ in found])
    people = leads_of(session, {action.owner_organisation_id for action, *_ in found} - {None}, horizon.today)
    plans = _plans(session, {details.plan_id for *_, details in found if details} - {None})
    parents = _parents(session, actor, {action.parent_id for action, *_ in found} - {None})
    now = now_called(session, (body for _, _, body, _ in found))
    return tuple(
        _row(
            row,
            calendars[row[0].partnership_id],
            horizon.today,
            moved=moved.get(row[1].id or 0, 0) if row[1] else 0,
            joint=joint.get(row[0].id or 0, ()),
            people=people.get(row[0].owner_organisation_id or 0, ()),
            plan=plans.get(row[3].plan_id or 0) if row[3] else None,
            parent=parents.get(row[0].parent_id or 0, ""),
            now=now.get(row[2].id, "") if row[2] else "",
        )
        for row in found
    )


def _row(
    row: Row,
    calendar: Calendar,
    today: date,
    *,
    moved: int,
    joint: Sequence[str],
    people: Sequence[str],
    plan: Plan | None,
    parent: str,
    now: str,
) -> ActionShown:
    action, deadline, body, details = row
    words, state = due_shown(deadline, calendar, today)
    due_on = deadline.due_on if deadline else None
    if due_on is None and details and (details.condition or details.timescale):
        words = details.condition or details.timescale
    first = deadline.first_due_on if deadline else None
    update, updated_on = said(action)
    return ActionShown(
        reference=action.reference,
        href=address_of(action),
        text=action.title,
        source=source_of(details, plan, parent),
        agency=body.name if body else "No lead",
        agency_note=_agency_note(body, joint, today, now),
        person=str(action.facts.get("lead_role") or "") or ", ".join(people),
        due_on=due_on,
        due_words=words,
        due_state=state,
        first=first if first != due_on else None,
        status=workflow_for(action).state_by_name[action.state].label,
        status_tag=_TAGS.get(action.state, "closed" if action.state in FINAL else "working"),
        last_update=update,
        last_update_on=updated_on,
        moved=times(moved).capitalize(),
        rag=(colour := rag_of(action, deadline, moved, today)),
        rag_tag=RAG_TAGS[colour.colour],
    )


def _agency_note(body: Organisation | None, joint: Sequence[str], today: date, now: str) -> str:
    notes = []
    if body is not None and body.to_on is not None and body.to_on < today:
        notes += [f"ended on {in_words(body.to_on)}", *([now] if now else [])]
    others = [name for name in joint if body is None or name != body.name]
    if others:
        notes.append(f"with {', '.join(others)}")
    return "; ".join(notes)


def _joint(session: Session, actions: Sequence[int | None]) -> Mapping[int, tuple[str, ...]]:
    rows = session.exec(
        select(CaseParty.case_id, Organisation.name)
        .join(Organisation, col(CaseParty.organisation_id) == col(Organisation.id))
        .where(
            col(CaseParty.case_id).in_(actions),
            CaseParty.part == "joint_lead",
            col(CaseParty.to_on).is_(None),
        )
        .order_by(col(CaseParty.id))
    ).all()
    found: dict[int, tuple[str, ...]] = {}
    for number, name in rows:
        found[number] = (*found.get(number, ()), name)
    return found


def leads_of(session: Session, bodies: set[int | None], on: date) -> Mapping[int, tuple[str, ...]]:
    """Who leads for each of these bodies on a day, as pages call them."""
    if not bodies:
        return {}
    rows = session.exec(
        select(Membership.organisation_id, User.name)
        .join(User, col(User.id) == col(Membership.user_id))
        .where(col(Membership.organisation_id).in_(bodies), col(User.active).is_(True), holds_lead(on))
        .order_by(col(User.name), col(User.id))
    ).all()
    found: dict[int, tuple[str, ...]] = {}
    for body, name in rows:
        found[body or 0] = (*found.get(body or 0, ()), name)
    return found


def holds_lead(on: date) -> ColumnElement[bool]:
    """Roles as a lead that hold on a day."""
    return and_(
        Membership.role == Role.LEAD,
        or_(col(Membership.from_on).is_(None), col(Membership.from_on) <= on),
        or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= on),
    )


def _parents(session: Session, actor: Actor, ids: set[int | None]) -> Mapping[int, str]:
    """References of the cases above with what their process is called, those of them that the actor may open."""
    if not ids:
        return {}
    rows = session.exec(
        select(Case, Partnership, LocalPolicy.name_shown)
        .join(Partnership, col(Partnership.id) == col(Case.partnership_id))
        .outerjoin(LocalPolicy, col(LocalPolicy.id) == col(Case.policy_id))
        .where(col(Case.id).in_(ids), access.visible(actor))
    ).all()
    found = {}
    for case, place, shown in rows:
        name = process_name(place, workflow_for(case), shown or "")
        found[case.id or 0] = f"{case.reference}, {in_a_sentence(name)}"
    return found


def _plans(session: Session, ids: set[int | None]) -> Mapping[int, Plan]:
    if not ids:
        return {}
    return {plan.id or 0: plan for plan in session.exec(select(Plan).where(col(Plan.id).in_(ids))).all()}
