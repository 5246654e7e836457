"""Where a case stands: its facts, its children, the holds on it, and what its other records say."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlmodel import Session, col, func, select

from tracker.models import Case, Deadline, DeadlineStatus
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
    children = children_of(session, case) if workflow.family else ()
    here = Position(
        state=case.state,
        facts=facts_of(workflow, case),
        today=today,
        blocks=workflow.holds(children),
        children=children,
    )
    return with_facts(replace(here, known=known_of(session, workflow, case, here)), facts)


def children_of(session: Session, case: Case) -> tuple[Child, ...]:
    """The cases that belong to this one, in order, as far as its requirements may look at them."""
    soonest = (
        select(col(Deadline.case_id), func.min(col(Deadline.due_on)).label("due_on"))
        .where(Deadline.status == DeadlineStatus.RUNNING)
        .group_by(col(Deadline.case_id))
        .subquery()
    )
    rows = session.exec(
        select(Case, soonest.c.due_on)
        .outerjoin(soonest, soonest.c.case_id == col(Case.id))
        .where(Case.parent_id == case.id)
        .order_by(col(Case.id))
    ).all()
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
