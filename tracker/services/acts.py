"""What opening, moving and telling a case does, once it is settled that it may be done.

State, history, clocks, children, the case above and notices change in one transaction. Who may do it, and whether it
is possible, was asked before: by :mod:`tracker.services.cases` for people; what follows from an act by itself (a
child that a step opens, the case above that an outcome sends back) is done here with no further question.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import audit
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, NotPossible
from tracker.models import Case, Event, Organisation, Partnership, Sensitivity
from tracker.models.columns import JsonObject
from tracker.policy import SYSTEM, Actor
from tracker.services import alerts, clocks, grants, resting, tasks
from tracker.services.asked import FactsRequest, MoveRequest, NewCase
from tracker.services.owners import hand_to, take_owner
from tracker.services.positions import children_of, position_of, workflow_for
from tracker.services.process_names import name_at_opening
from tracker.services.recording import as_stored, facts_of, fitting, following, opening_of
from tracker.services.references import hold, next_reference
from workflows.definition import Move
from workflows.effects import Effect, Enclose, HandTo, MoveChildren, MoveParent, TellParent
from workflows.engine import MoveRefused, next_state
from workflows.facts import Fact, FactKind, FactValue
from workflows.position import Position
from workflows.released import UnknownWorkflow, current


def open_case(
    session: Session, actor: Actor, partnership: Partnership, asked: NewCase, *, today: date, at: datetime
) -> Case:
    """Open a case: reference, definition, first facts, first clocks. The partnership must be held.

    Raises:
        BadInput: a fact does not fit, or one that logging needs is missing.
    """
    try:
        workflow = current(asked.process, asked.opened_on)
    except UnknownWorkflow:
        raise BadInput("There was no such process yet on that day. Check the date.") from None
    facts = fitting(session, workflow, asked.facts, today=today, partnership_id=asked.partnership_id)
    for need in workflow.opening_needs:
        if not asked.imported and not any(name in facts for name in need):
            label = " or ".join(workflow.fact_by_name[name].label for name in need)
            raise BadInput(f"{label} is needed to log the case.")
    state = workflow.state_by_name[asked.state or workflow.initial]
    case = Case(
        reference=next_reference(session, partnership, asked.process, asked.opened_on.year),
        process=workflow.key,
        workflow_version=workflow.version,
        partnership_id=asked.partnership_id,
        parent_id=asked.parent_id,
        state=state.name,
        state_since_on=asked.opened_on,
        title=asked.title,
        sensitivity=asked.sensitivity,
        owner_user_id=asked.owner_user_id,
        owner_organisation_id=asked.owner_organisation_id,
        opened_on=asked.opened_on,
    )
    session.add(case)
    session.flush()
    if "case_ref" in workflow.fact_by_name:
        facts["case_ref"] = case.reference
    opening = opening_of(workflow, facts) if asked.opening is None else asked.opening
    logged = f"{name_at_opening(session, case, facts)} logged"
    foreseen = clocks.foresee(
        session, case, workflow, () if state.final else opening, facts,
        new_facts=facts, occurred_on=asked.opened_on, words=logged, ended=state.final,
    )  # fmt: skip
    detail = {"imported": True if asked.imported else None, "because": asked.because or None}
    event = audit.record(
        session, case, actor, Happened.CASE_OPENED,
        occurred_on=asked.opened_on, at=at, to_state=case.state, facts=as_stored(facts),
        detail={key: value for key, value in detail.items() if value}, request_id=asked.request_id,
    )  # fmt: skip
    session.flush()
    clocks.carry_out(session, case, foreseen, event=event, at=at)
    take_owner(session, actor, case, facts, at=at)
    if case.sensitivity == Sensitivity.RESTRICTED and case.parent_id is None:
        grants.grant_at_opening(session, actor, case, at=at)
    _follow_up(session, actor, case, opening, foreseen, asked.opened_on, at=at)
    session.flush()
    return case


def take(
    session: Session,
    actor: Actor,
    case: Case,
    step: Move,
    position: Position,
    facts: dict[str, FactValue],
    asked: MoveRequest,
    *,
    to_state: str,
    detail: JsonObject,
    at: datetime,
) -> Event:
    """Take a step that is settled.

    Raises:
        BadInput: a date that it meets has passed, and no reason was given.
        NotPossible: the case above cannot go where this step sends it.
    """
    workflow = workflow_for(case)
    facts = facts | following(step, position)
    final = workflow.state_by_name[to_state].final
    foreseen = clocks.foresee(
        session, case, workflow, step.effects, {**position.facts, **facts},
        new_facts=facts, occurred_on=asked.occurred_on, words=step.past, asked=step.asks(), final=final,
    )  # fmt: skip
    _require_late_reason(foreseen, asked.late_reason)
    from_state, case.state = case.state, to_state
    if to_state != from_state:
        case.state_since_on = asked.occurred_on
    case.closed_on = asked.occurred_on if final else None
    detail = {
        **detail,
        "late_reasons": asked.late_reason if foreseen.late else None,
        "effects": [effect.text for effect in step.effects] or None,
        **{e.known: position.known.get(e.known) for e in step.effects if isinstance(e, Enclose)},
    }
    event = audit.record(
        session, case, actor, Happened.CASE_MOVED,
        name=step.name, from_state=from_state, to_state=to_state, occurred_on=asked.occurred_on, at=at,
        reason=asked.reason, facts=as_stored(facts), request_id=asked.request_id,
        detail={key: value for key, value in detail.items() if value is not None},
    )  # fmt: skip
    session.flush()
    clocks.carry_out(session, case, foreseen, event=event, at=at, late_reason=asked.late_reason)
    take_owner(session, actor, case, facts, at=at)
    alerts.for_move(session, case, step, event, at=at)
    if final:
        resting.rest(session, case, step.effects, asked.occurred_on, at=at)
    elif workflow.state_by_name[from_state].final:
        resting.wake(session, case, asked.occurred_on, at=at)
    _follow_up(session, actor, case, step.effects, foreseen, asked.occurred_on, at=at)
    session.flush()
    return event


def note(
    session: Session,
    actor: Actor,
    case: Case,
    facts: dict[str, FactValue],
    asked: FactsRequest,
    *,
    at: datetime,
    because: str = "",
) -> Event:
    """Record facts on a case, with what they do to its clocks. ``because`` is the case that brings them.

    Raises:
        BadInput: a date that they meet has passed, and no reason was given.
    """
    workflow = workflow_for(case)
    foreseen = clocks.foresee(
        session, case, workflow, (), {**facts_of(workflow, case), **facts},
        new_facts=facts, occurred_on=asked.occurred_on, words="Recorded", instance=asked.instance,
        ended=workflow.state_by_name[case.state].final,
    )  # fmt: skip
    _require_late_reason(foreseen, asked.late_reason)
    late = asked.late_reason if foreseen.late else ""
    detail = {"instance": asked.instance, "late_reasons": late, "because": because}
    event = audit.record(
        session, case, actor, Happened.FACTS_RECORDED,
        occurred_on=asked.occurred_on, at=at, reason=asked.reason,
        facts=as_stored(facts, asked.instance), request_id=asked.request_id,
        detail={key: value for key, value in detail.items() if value},
    )  # fmt: skip
    session.flush()
    clocks.carry_out(session, case, foreseen, event=event, at=at, late_reason=asked.late_reason)
    take_owner(session, actor, case, facts, at=at)
    if not because:  # what a child tells never opens another child
        _follow_up(session, actor, case, (), foreseen, asked.occurred_on, at=at)
    session.flush()
    return event


def _follow_up(
    session: Session,
    actor: Actor,
    case: Case,
    effects: tuple[Effect, ...],
    foreseen: clocks.Foreseen,
    on: date,
    *,
    at: datetime,
) -> None:
    """What the act does to the checklist, the children and the case above."""
    tasks.open_for(session, case, workflow_for(case), case.state, on, late=foreseen.late_deadlines)
    for starting in (one for one in foreseen.startings if one.clock.child):
        _open_for_clock(session, actor, case, starting, at=at)
    for effect in effects:
        if isinstance(effect, MoveChildren):
            _move_children(session, case, effect, on, at=at)
        elif isinstance(effect, MoveParent):
            _move_parent(session, case, effect, on, at=at)
        elif isinstance(effect, TellParent):
            _tell_parent(session, case, effect, on, at=at)
        elif isinstance(effect, HandTo):
            hand_to(session, case, effect)


def _open_for_clock(
    session: Session, actor: Actor, case: Case, starting: clocks.Starting, *, at: datetime
) -> None:
    """The child whose clock the step starts: what one agency is asked for. One that is still open is asked anew."""
    if there := resting.asked_already(session, case, starting):
        keys = (starting.clock.key,)
        resting.start_again(session, there, keys, starting.starts_on, because=case.reference, at=at)
        return
    body = session.exec(select(Organisation.id).where(Organisation.key == starting.instance)).first()
    facts: dict[str, FactValue] = {"kind": starting.clock.child_kind, "requested_on": starting.starts_on}
    if starting.instance:
        facts["agency"] = starting.instance
    open_child(session, actor, case, starting.clock.child, facts, starting.starts_on, owner=body, at=at)


def open_child(
    session: Session,
    actor: Actor,
    parent: Case,
    process: str,
    facts: Mapping[str, FactValue],
    on: date,
    *,
    owner: int | None = None,
    title: str = "",
    request_id: str | None = None,
    at: datetime,
) -> Case:
    """Open a case that belongs to another: same partnership, same sensitivity, same lead officer."""
    partnership = hold(session, parent.partnership_id)
    asked = NewCase(
        process=process,
        partnership_id=parent.partnership_id,
        opened_on=on,
        facts=facts,
        title=title,
        sensitivity=Sensitivity(parent.sensitivity),
        owner_user_id=parent.owner_user_id,
        owner_organisation_id=owner,
        parent_id=parent.id,
        because=parent.reference,
        request_id=request_id,
    )
    return open_case(session, actor, partnership, asked, today=time.london(at), at=at)


def _move_children(session: Session, case: Case, effect: MoveChildren, on: date, *, at: datetime) -> None:
    """Those that can take the step take it; for the others something is still missing, and they stay."""
    rows = session.exec(
        select(Case).where(Case.parent_id == case.id, Case.process == effect.process).order_by(col(Case.id))
    ).all()
    for child in rows:
        workflow = workflow_for(child)
        if step := workflow.move(effect.move, child.state):
            _move_along(session, child, step, {}, on, because=case.reference, at=at)


def _move_parent(session: Session, case: Case, effect: MoveParent, on: date, *, at: datetime) -> None:
    """Send the case above where the outcome orders.

    Raises:
        NotPossible: it cannot go there from where it is.
    """
    if case.parent_id is None or case.facts.get(effect.if_fact) != effect.equals:
        return
    parent = session.get_one(Case, case.parent_id)
    workflow = workflow_for(parent)
    step = workflow.move(effect.move, parent.state)
    own = facts_of(workflow_for(case), case)
    given = {
        name: own[value[1:]] if value.startswith("=") else value
        for name, value in effect.facts
        if not value.startswith("=") or value[1:] in own
    }
    if step is None or not _move_along(session, parent, step, given, on, because=case.reference, at=at):
        what, here = workflow_for(case).fact_by_name[effect.if_fact], workflow.state_by_name[parent.state]
        stands = f"{what.label}: {parent.reference} is at “{here.label}”"
        raise NotPossible(f"{stands} and cannot go where this outcome sends it.")


def _move_along(
    session: Session,
    case: Case,
    step: Move,
    given: Mapping[str, FactValue],
    on: date,
    *,
    because: str,
    at: datetime,
) -> bool:
    """Take a step that follows from another case's. False if something is still missing for it."""
    workflow = workflow_for(case)
    own = {name: value for name, value in given.items() if name in workflow.fact_by_name}
    wanted = {name: on for name in step.asks() if _dated(workflow.fact_by_name[name]) and name not in own}
    wanted = {name: day for name, day in wanted.items() if name in step.anew or not case.facts.get(name)}
    facts = fitting(session, workflow, {**wanted, **own}, today=time.london(at))
    position = position_of(session, workflow, case, facts, time.london(at))
    day = max(on, case.opened_on)
    asked = MoveRequest(case.version, day, facts=facts, late_reason=f"Followed from {because}.")
    try:
        to_state = next_state(workflow, step.name, position)
    except MoveRefused:
        return False
    take(
        session, SYSTEM, case, step, position, facts, asked,
        to_state=to_state, detail={"because": because}, at=at,
    )  # fmt: skip
    return True


def _dated(fact: Fact) -> bool:
    """Whether the fact is a day on which something was done."""
    return fact.kind is FactKind.DATE and not fact.may_be_future


def _tell_parent(session: Session, case: Case, effect: TellParent, on: date, *, at: datetime) -> None:
    """Record on the case above what the child's step means for it."""
    if case.parent_id is None or effect.kind not in ("", case.facts.get("kind")):
        return
    parent = session.get_one(Case, case.parent_id)
    if effect.fact not in workflow_for(parent).fact_by_name:
        return
    if effect.when_all:
        siblings = children_of(session, parent)
        alike = [c for c in siblings if c.process == case.process and c.kind == case.facts.get("kind", "")]
        if not all(child.final for child in alike):
            return
    own = facts_of(workflow_for(case), case)
    value = own.get(effect.from_fact, on) if effect.from_fact else on
    asked = FactsRequest(
        parent.version, max(on, parent.opened_on), {}, late_reason=f"Recorded with {case.reference}."
    )
    note(session, SYSTEM, parent, {effect.fact: value}, asked, at=at, because=case.reference)


def _require_late_reason(foreseen: clocks.Foreseen, late_reason: str) -> None:
    if foreseen.late and not late_reason.strip():
        raise BadInput(f"Say why this is late: {foreseen.late[0].deadline.label}.")
