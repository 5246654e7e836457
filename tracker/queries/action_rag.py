"""The colour of an action from its record: worked out for each page, never stored."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlmodel import Session, col, func, select

from tracker.models import Case, Deadline, DeadlineChange, DeadlineStatus
from tracker.services.positions import workflow_for
from tracker.services.recording import facts_of
from workflows.ledger import ChangeKind
from workflows.rag import Progress, Rag, rag
from workflows.requirements import day_of


def moved_times(session: Session, deadlines: Iterable[Deadline]) -> Mapping[int, int]:
    """How often each target date was moved by agreement. To be given a first date is no move."""
    dated = {one.id or 0: one.first_due_on is not None for one in deadlines}
    rows = session.exec(
        select(DeadlineChange.deadline_id, func.count())
        .where(
            col(DeadlineChange.deadline_id).in_(dated),
            col(DeadlineChange.kind).in_([ChangeKind.SET, ChangeKind.EXTEND]),
        )
        .group_by(col(DeadlineChange.deadline_id))
    ).all()
    return {number: count if dated[number] else count - 1 for number, count in rows}


def rag_of(action: Case, target: Deadline | None, moved: int, today: date) -> Rag:
    """The colour of one action. A draft is held to the date that it is to be agreed with."""
    facts = facts_of(workflow_for(action), action)
    running = target is not None and target.status == DeadlineStatus.RUNNING
    return rag(
        Progress(
            state=action.state,
            target_on=target.due_on if target and running else day_of(facts, "target_on"),
            last_update_on=day_of(facts, "last_update_on"),
            at_risk=facts.get("at_risk") is True,
            moved=moved,
        ),
        today,
    )
