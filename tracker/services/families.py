"""Cases that belong to a case: opened by a person, and chased."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import access
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible
from tracker.models import Case, Event, Organisation
from tracker.policy import Actor, Permission, allows
from tracker.services import acts, second_looks
from tracker.services.asked import FactsRequest
from tracker.services.guarded import done_before
from tracker.services.positions import workflow_for
from tracker.services.recording import as_stored, fitting, recordable
from workflows.definition import HeldBy, Workflow
from workflows.facts import FactKind, FactValue
from workflows.released import UnknownWorkflow, current

CHASERS = 3
"""After so many chasers the agency's escalation contact is the next to ask (docs/architecture.md section 8)."""
AFTER_THE_END = frozenset({"action_item", "dissatisfaction", "parallel_process", "recommendation"})
"""What may be opened on a case that has ended: a second look at it, and what is still to be done or watched."""
_ELSEWHERE = frozenset({"action_item"})
_TITLES: Mapping[str, str] = {"recommendation": "recommendation_text"}


@dataclass(frozen=True, slots=True)
class NewChild:
    """A case to open under another. ``seen_version`` is the version of that other which the person was looking at."""

    process: str
    seen_version: int
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChaseRequest:
    """One chaser. ``seen_version`` is the version of the request that the person was looking at."""

    seen_version: int
    request_id: str | None = None


def openable(parent: Case, on: date) -> tuple[Workflow, ...]:
    """The processes of which a case may be opened under this one now, in the order of its definition."""
    above = workflow_for(parent)
    ended = above.state_by_name[parent.state].final
    found = []
    for key in above.family:
        if key in _ELSEWHERE or (ended and key not in AFTER_THE_END):
            continue
        try:
            found.append(current(key, on))
        except UnknownWorkflow:  # not in effect on that day: nothing of the kind can be opened
            continue
    return tuple(found)


def open_child(session: Session, actor: Actor, parent: Case, asked: NewChild, *, at: datetime) -> Case:
    """Open a case under another: same partnership, same sensitivity, same lead officer.

    It begins on the day that its definition asks for first (requested, placed, identified), else today.

    Raises:
        NotPermitted: the actor does not record things on the case above.
        ChangedMeanwhile: someone else changed that case after the actor opened it.
        NotPossible: nothing of the kind belongs to that case, or it has ended.
        BadInput: a fact does not fit, or one that opening needs is missing.
    """
    if not allows(actor, Permission.CASE_RECORD, access.subject_of(session, parent)):
        raise NotPermitted("Only the partnership's business unit adds to this case.")
    if again := opened_before(session, actor, parent, asked):
        return again
    today = time.london(at)
    workflow = next((w for w in openable(parent, today) if w.key == asked.process), None)
    if workflow is None:
        here = workflow_for(parent).state_by_name[parent.state].label
        raise NotPossible(f"Nothing of this kind can be added while the case is at “{here}”.")
    if parent.version != asked.seen_version:
        raise ChangedMeanwhile(parent.reference)
    facts = fitting(session, workflow, asked.facts, today=today, partnership_id=parent.partnership_id)
    recordable(workflow, facts)
    if workflow.key == second_looks.SECOND_LOOK:
        second_looks.require_possible(session, parent, facts, today)
    on = _first_day(workflow, facts) or today
    if on < parent.opened_on and workflow.key != "parallel_process":
        first = f"{parent.opened_on.day} {parent.opened_on:%B %Y}"
        raise BadInput(f"The date must be on or after {first}, when {parent.reference} began.")
    _not_before(workflow, facts, on)
    return acts.open_child(
        session,
        actor,
        parent,
        workflow.key,
        facts,
        on,
        owner=_owner(session, facts),
        title=str(facts.get(_TITLES.get(workflow.key, ""), "")),
        request_id=asked.request_id,
        at=at,
    )


def _not_before(workflow: Workflow, facts: Mapping[str, FactValue], on: date) -> None:
    """Refuse a date to come that lies before the beginning: it would be overdue from its first day."""
    for clock in workflow.clocks:
        due_on = facts.get(clock.due_fact)
        if isinstance(due_on, date) and due_on < on:
            label = workflow.fact_by_name[clock.due_fact].label
            raise BadInput(f"{label} must be on or after {on.day} {on:%B %Y}, when this begins.")


def chasers_of(case: Case) -> int:
    """How many chasers were sent."""
    sent = case.facts.get("chasers", 0)
    return sent if isinstance(sent, int) else 0


def can_chase(case: Case) -> bool:
    """Whether an agency has the request and has not answered."""
    if case.process != "information_request":
        return False
    return workflow_for(case).state_by_name[case.state].held_by is HeldBy.AGENCY


def chase(session: Session, actor: Actor, case: Case, asked: ChaseRequest, *, at: datetime) -> Event:
    """Record a chaser: the first, second and third, then that it was raised with the agency's escalation contact.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed it after the actor opened it.
        NotPossible: no agency has it now.
    """
    if not allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)):
        raise NotPermitted("Only the partnership's business unit records chasers.")
    if before := done_before(session, case, asked.request_id):
        return before
    if not can_chase(case):
        raise NotPossible("There is nothing to chase: the request is not with an agency now.")
    if case.version != asked.seen_version:
        raise ChangedMeanwhile(case.reference)
    today, sent = time.london(at), chasers_of(case)
    facts: dict[str, FactValue] = {"chasers": sent + 1, "chased_on": today}
    if sent >= CHASERS:
        facts = {"escalated_on": today}
    request = FactsRequest(case.version, max(today, case.opened_on), facts, request_id=asked.request_id)
    return acts.note(session, actor, case, facts, request, at=at)


def _first_day(workflow: Workflow, facts: Mapping[str, FactValue]) -> date | None:
    """The day that the definition asks for first when a case is opened."""
    for need in workflow.opening_needs:
        for name in need:
            fact, value = workflow.fact_by_name[name], facts.get(name)
            if fact.kind is FactKind.DATE and not fact.may_be_future and isinstance(value, date):
                return value
    return None


def _owner(session: Session, facts: Mapping[str, FactValue]) -> int | None:
    """The organisation that is asked, if one is. What is only drafted for somebody is nobody's yet."""
    key = str(facts.get("agency", ""))
    return session.exec(select(Organisation.id).where(Organisation.key == key)).first() if key else None


def opened_before(session: Session, actor: Actor, parent: Case, asked: NewChild) -> Case | None:
    """The case that the same form opened before. The same number with other answers is another case."""
    if not asked.request_id:
        return None
    found = session.exec(
        select(Case, Event)
        .join(Event, col(Event.case_id) == col(Case.id))
        .where(
            Event.request_id == asked.request_id,
            Event.kind == Happened.CASE_OPENED,
            Event.actor_id == actor.user_id,
            Case.parent_id == parent.id,
            Case.process == asked.process,
        )
    ).all()
    said = as_stored({name: value for name, value in asked.facts.items() if value not in (None, "", ())})
    return next((case for case, event in found if said.items() <= event.facts.items()), None)
