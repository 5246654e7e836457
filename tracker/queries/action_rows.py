"""Actions as lists show them: text, source, lead, date with its words, status, last update, and how often it moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, func, select
from sqlmodel.sql.expression import Select

from tracker import access
from tracker.models import (
    ActionDetails,
    Case,
    CaseParty,
    Deadline,
    DeadlineStatus,
    Organisation,
    Partnership,
    Plan,
)
from tracker.policy import ACTIONS, Actor
from tracker.queries.action_rag import moved_times, rag_of
from tracker.queries.due_dates import Horizon, address_of, with_calendars
from tracker.queries.overdue import unit_of
from tracker.queries.standing import PLAN_DATE, due_words
from tracker.services.positions import workflow_for
from tracker.services.process_names import in_a_sentence, process_name, shown_on
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
    """One action on the list."""

    reference: str
    href: str
    text: str
    source: str
    agency: str
    agency_note: str
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


def coloured(session: Session, found: Sequence[Row], colour: Colour | None, today: date) -> Sequence[Row]:
    """The rows of one colour; all of them where none is asked for. Worked out in one place, so never in SQL."""
    if colour is None:
        return found
    moved = moved_times(session, [deadline for _, deadline, *_ in found if deadline])
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


def shown(session: Session, actor: Actor, found: Sequence[Row], horizon: Horizon) -> tuple[ActionShown, ...]:
    """The rows as a page shows them; what belongs to many rows is read in one query for all."""
    calendars = with_calendars(session, horizon.calendars, (action.partnership_id for action, *_ in found))
    moved = moved_times(session, [deadline for _, deadline, *_ in found if deadline])
    joint = _joint(session, [action.id for action, *_ in found])
    plans = _plans(session, {details.plan_id for *_, details in found if details} - {None})
    parents = _parents(session, actor, {action.parent_id for action, *_ in found} - {None})
    return tuple(
        _row(
            row,
            calendars[row[0].partnership_id],
            horizon.today,
            moved=moved.get(row[1].id or 0, 0) if row[1] else 0,
            joint=joint.get(row[0].id or 0, ()),
            plan=plans.get(row[3].plan_id or 0) if row[3] else None,
            parent=parents.get(row[0].parent_id or 0, ""),
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
    plan: Plan | None,
    parent: str,
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
        agency_note=_agency_note(body, joint, today),
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


def _agency_note(body: Organisation | None, joint: Sequence[str], today: date) -> str:
    notes = []
    if body is not None and body.to_on is not None and body.to_on < today:
        notes.append(f"ended on {in_words(body.to_on)}")
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


def _parents(session: Session, actor: Actor, ids: set[int | None]) -> Mapping[int, str]:
    """References of the cases above with what their process is called, those of them that the actor may open."""
    if not ids:
        return {}
    rows = session.exec(
        select(Case, Partnership)
        .join(Partnership, col(Partnership.id) == col(Case.partnership_id))
        .where(col(Case.id).in_(ids), access.visible(actor))
    ).all()
    shown = shown_on(session, (case for case, _ in rows))
    found = {}
    for case, place in rows:
        name = process_name(place, workflow_for(case), shown.get(case.policy_id, ""))
        found[case.id or 0] = f"{case.reference}, {in_a_sentence(name)}"
    return found


def _plans(session: Session, ids: set[int | None]) -> Mapping[int, Plan]:
    if not ids:
        return {}
    return {plan.id or 0: plan for plan in session.exec(select(Plan).where(col(Plan.id).in_(ids))).all()}
