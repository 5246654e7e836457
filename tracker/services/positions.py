"""Where a case stands: its facts, its children, the holds on it, and what its other records say."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlmodel import Session, col, func, select

from tracker import db
from tracker.audit import Happened
from tracker.models import Case, Deadline, DeadlineStatus, Event
from tracker.services import countersigning
from tracker.services.known import known_of
from tracker.services.recording import facts_of
from workflows.definition import Workflow
from workflows.engine import with_facts
from workflows.facts import FactValue
from workflows.position import Child, Position
from workflows.released import workflow_of


def workflow_for(case: Case) -> Workflow:
    """The definition that a case is pinned to."""
    return workflow_of(case.process, case.workflow_version)


def position_of(
    session: Session, workflow: Workflow, case: Case, facts: Mapping[str, FactValue], today: date
) -> Position:
    """Where a case stands, with these facts laid over the recorded ones."""
    recorded = db.once(
        session, (position_of, case.id, today), lambda: _recorded(session, workflow, case, today)
    )
    return with_facts(recorded, facts)


def _recorded(session: Session, workflow: Workflow, case: Case, today: date) -> Position:
    children = children_of(session, case) if workflow.family else ()
    here = Position(
        state=case.state,
        facts=facts_of(workflow, case),
        today=today,
        blocks=workflow.holds(children),
        children=children,
    )
    return replace(
        here,
        known=known_of(session, workflow, case, here),
        given=_recorded_since(session, workflow, case),
    )


def _recorded_since(session: Session, workflow: Workflow, case: Case) -> frozenset[str]:
    """Facts that are never typed, or are another's to say, and that were recorded since the last step.

    A letter that was sent since then is this step's letter, though the form of the step does not ask for it; so is a
    countersignature, which the manager records before somebody else takes the step.
    """
    through = {fact.name for fact in workflow.facts if fact.through or fact.name in countersigning.FACTS}
    if not through or case.id is None:
        return frozenset()
    moved = select(func.max(col(Event.seq))).where(
        Event.case_id == case.id, Event.kind == Happened.CASE_MOVED
    )
    since = session.exec(moved).one() or 0
    rows = session.exec(
        select(Event.facts).where(
            Event.case_id == case.id, Event.seq > since, Event.kind == Happened.FACTS_RECORDED
        )
    ).all()
    return frozenset(name for facts in rows for name in facts if name in through)


def children_of(session: Session, case: Case) -> tuple[Child, ...]:
    """The cases that belong to this one, in order, as far as its requirements may look at them."""
    soonest = (
        select(func.min(col(Deadline.due_on)))
        .where(Deadline.case_id == Case.id, Deadline.status == DeadlineStatus.RUNNING)
        .scalar_subquery()
    )
    rows = session.exec(select(Case, soonest).where(Case.parent_id == case.id).order_by(col(Case.id))).all()
    return tuple(_child(row, due_on) for row, due_on in rows)


def _child(case: Case, due_on: date | None) -> Child:
    workflow = workflow_for(case)
    return Child(
        case.process,
        case.state,
        workflow.state_by_name[case.state].final,
        facts_of(workflow, case),
        due_on,
    )
