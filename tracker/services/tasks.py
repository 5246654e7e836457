"""Checklists: the tasks of a state open when a case enters it; each is done, or not needed for a reason.

docs/domestic-homicide-review.md 4.6. What a later definition says of a checklist does not change one that is open.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import audit
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput
from tracker.models import Case, Deadline, Event, ReviewTask
from tracker.policy import Actor
from tracker.services.guarded import done_before, require_recorder
from workflows.definition import Force, Workflow

LATE = "late."
"""How the key of a task begins that no definition lists: one for each clock of the guidance that was late."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of tasks. ``keys`` name them; without ``done_on`` and ``not_needed_reason`` they are open again."""

    seen_version: int
    keys: Collection[str]
    done_on: date | None = None
    not_needed_reason: str = ""
    note: str = ""
    request_id: str | None = None


def open_for(
    session: Session,
    case: Case,
    workflow: Workflow,
    state: str,
    on: date,
    *,
    late: Iterable[Deadline] = (),
) -> None:
    """Open the checklist of a state, and what is to be said of dates that were met ``late``.

    What is on the list already, done or not, stays as it is.
    """
    listed = {task.key: (task.text, task.must) for task in workflow.tasks if task.state == state}
    listed |= {key: (text, True) for key, text in tell_home_office(workflow, late).items()}
    if not listed:
        return
    there = set(session.exec(select(ReviewTask.key).where(ReviewTask.case_id == case.id)).all())
    session.add_all(
        ReviewTask(case_id=case.id or 0, state=state, key=key, text=text, must=must, opened_on=on)
        for key, (text, must) in listed.items()
        if key not in there
    )
    session.flush()


def tell_home_office(workflow: Workflow, late: Iterable[Deadline]) -> Mapping[str, str]:
    """The tasks that late dates of a review bring, by key: one for each clock of the guidance, however often it is late.

    docs/domestic-homicide-review.md 3.1: the Home Office expects to be told. A process without checklists has none.
    """
    return {
        f"{LATE}{each.key}": f"Tell the Home Office that “{each.label}” is late, and why"
        for each in late
        if workflow.tasks and each.force == Force.GUIDANCE
    }


def tasks_of(session: Session, case: Case) -> list[ReviewTask]:
    """Every task that was opened on the case, in the order of the definition."""
    return list(
        session.exec(
            select(ReviewTask).where(ReviewTask.case_id == case.id).order_by(col(ReviewTask.id))
        ).all()
    )


def settle(session: Session, actor: Actor, case: Case, asked: Settled, *, at: datetime) -> Event:
    """Say of tasks that they are done, not needed, or open after all.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        BadInput: no such task is on the list, or the day lies ahead.
    """
    if before := done_before(session, case, asked.request_id):
        return before
    require_recorder(session, actor, case, asked.seen_version)
    today = time.london(at)
    if not asked.keys:
        raise BadInput("Choose at least one task.")
    if asked.done_on and asked.done_on > today:
        raise BadInput("The day it was done must be today or in the past.")
    found = {task.key: task for task in tasks_of(session, case)}
    if set(asked.keys) - set(found):
        raise BadInput("There is no such task on the checklist.")
    reason = "" if asked.done_on else asked.not_needed_reason.strip()
    settled = asked.done_on is not None or bool(reason)
    for key in asked.keys:
        task = found[key]
        task.done_on, task.not_needed_reason = asked.done_on, reason
        task.note = asked.note.strip() or task.note
        task.done_by_id = actor.user_id if settled else None
        session.add(task)
    event = audit.record(
        session, case, actor, Happened.TASKS_SETTLED,
        name="done" if asked.done_on else "not_needed" if reason else "open_again",
        occurred_on=asked.done_on or today, at=at, reason=reason or asked.note.strip(),
        detail={"tasks": [found[key].text for key in sorted(asked.keys)]}, request_id=asked.request_id,
    )  # fmt: skip
    session.flush()
    return event
