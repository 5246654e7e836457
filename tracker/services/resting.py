"""What belongs to a case rests when the case ends, and goes on when the case does.

No agency is reminded of a review that was stood down. Actions and recommendations go on: they outlive the case.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import audit
from tracker.audit import Happened
from tracker.models import Case, Deadline, DeadlineChange, DeadlineStatus
from tracker.policy import SYSTEM
from tracker.services import clocks
from tracker.services.positions import workflow_for
from tracker.services.recording import facts_of
from workflows.effects import ALL_CLOCKS, Cancel, Effect, KeepRequests, Start
from workflows.ledger import ChangeKind

RESTING = ("information_request", "parallel_process", "family_contact", "hold")
"""Processes whose cases have nothing more to do once the case above has ended."""


def rest(session: Session, case: Case, effects: Iterable[Effect], on: date, *, at: datetime) -> None:
    """The case has ended: the dates of what rests with it are cancelled, with history."""
    keeps = any(isinstance(effect, KeepRequests) for effect in effects)
    for child in _children(session, case):
        if not (keeps and child.process == "information_request"):
            _change(session, child, (Cancel(ALL_CLOCKS),), _words(case), on, because=case.reference, at=at)


def wake(session: Session, case: Case, on: date, *, at: datetime) -> None:
    """The case goes on: the dates that its end had cancelled run anew from this day."""
    for child in _children(session, case):
        rested = session.exec(
            select(Deadline.key)
            .join(DeadlineChange, col(DeadlineChange.deadline_id) == col(Deadline.id))
            .where(
                Deadline.case_id == child.id,
                Deadline.status == DeadlineStatus.CANCELLED,
                DeadlineChange.kind == ChangeKind.CANCEL,
                DeadlineChange.reason == _words(case),
            )
            .order_by(col(Deadline.id))
        ).all()
        start_again(session, child, dict.fromkeys(rested), on, because=case.reference, at=at)


def start_again(
    session: Session, child: Case, keys: Iterable[str], on: date, *, because: str, at: datetime
) -> None:
    """These clocks of what belongs to a case run anew from a day."""
    starts = tuple(Start(key) for key in keys)
    _change(session, child, starts, f"{because} goes on", on, because=because, at=at)


def asked_already(session: Session, case: Case, starting: clocks.Starting) -> Case | None:
    """The open child of this kind for this agency, if there is one."""
    wanted = (starting.clock.child, starting.clock.child_kind, starting.instance)
    rows = session.exec(
        select(Case)
        .where(Case.parent_id == case.id, Case.process == starting.clock.child)
        .order_by(col(Case.id))
    ).all()
    return next(
        (
            row
            for row in rows
            if (row.process, row.facts.get("kind", ""), row.facts.get("agency", "")) == wanted
            and not workflow_for(row).state_by_name[row.state].final
        ),
        None,
    )


def _children(session: Session, case: Case) -> list[Case]:
    rows = session.exec(
        select(Case).where(Case.parent_id == case.id, col(Case.process).in_(RESTING)).order_by(col(Case.id))
    ).all()
    return [row for row in rows if not workflow_for(row).state_by_name[row.state].final]


def _words(case: Case) -> str:
    return f"{case.reference} has ended"


def _change(
    session: Session,
    child: Case,
    effects: tuple[Effect, ...],
    words: str,
    on: date,
    *,
    because: str,
    at: datetime,
) -> None:
    workflow, on = workflow_for(child), max(on, child.opened_on)
    foreseen = clocks.foresee(
        session,
        child,
        workflow,
        effects,
        facts_of(workflow, child),
        new_facts={},
        occurred_on=on,
        words=words,
    )
    if not (foreseen.endings or foreseen.startings):
        return
    event = audit.record(
        session, child, SYSTEM, Happened.FACTS_RECORDED,
        occurred_on=on, at=at, reason=words, detail={"because": because},
    )  # fmt: skip
    session.flush()
    clocks.carry_out(session, child, foreseen, event=event, at=at)
    session.flush()
