"""Cases: logged, moved, and told facts. One transaction does all of an act, or nothing."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import access, audit, policy
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible
from tracker.models import Case, Event, Role, Sensitivity, User
from tracker.models.columns import JsonObject
from tracker.policy import Actor, Permission, Subject
from tracker.services import alerts, clocks, grants
from tracker.services.asked import FactsRequest, MoveRequest, NewCase
from tracker.services.recording import (
    OWNER_FACTS,
    as_stored,
    facts_of,
    fitting,
    following,
    must_ask,
    position_of,
    recordable,
)
from tracker.services.references import hold, next_reference
from workflows.definition import Move, Position, Workflow
from workflows.engine import MoveRefused, next_state, unmet_by
from workflows.facts import FactValue
from workflows.released import current, workflow_of


def workflow_for(case: Case) -> Workflow:
    """The definition that a case is pinned to."""
    return workflow_of(case.process, case.workflow_version)


def log_case(session: Session, actor: Actor, asked: NewCase, *, at: datetime) -> Case:
    """Log a case: it gets its reference, its definition, its first facts and its first clocks.

    Raises:
        NotPermitted: the actor does not log cases in that partnership.
        BadInput: a fact does not fit, or one that logging needs is missing.
    """
    if not policy.allows(actor, Permission.CASE_LOG, Subject(partnership_id=asked.partnership_id)):
        raise NotPermitted("Only the partnership's business unit logs cases.")
    partnership = hold(session, asked.partnership_id)
    if again := _logged_before(session, actor, asked):
        return again
    today = time.london(at)
    if asked.opened_on > today:
        raise BadInput("The date it was received must be today or in the past.")
    workflow = current(asked.process, asked.opened_on)
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
    opening = workflow.opening if asked.opening is None else asked.opening
    foreseen = clocks.foresee(
        session, case, workflow, () if state.final else opening, facts,
        new_facts=facts, occurred_on=asked.opened_on, words=f"{workflow.title} logged",
    )  # fmt: skip
    event = audit.record(
        session, case, actor, Happened.CASE_OPENED,
        occurred_on=asked.opened_on, at=at, to_state=case.state, facts=as_stored(facts),
        detail={"imported": True} if asked.imported else None, request_id=asked.request_id,
    )  # fmt: skip
    session.flush()
    clocks.carry_out(session, case, foreseen, event=event, at=at)
    _take_owner(session, actor, case, facts, at=at)
    if case.sensitivity == Sensitivity.RESTRICTED:
        grants.grant_at_opening(session, actor, case, at=at)
    session.flush()
    return case


def move(session: Session, actor: Actor, case: Case, name: str, asked: MoveRequest, *, at: datetime) -> Event:
    """Take a case one step along its process: state, facts, clocks, history and notices, all or nothing.

    Raises:
        NotPermitted: the decision is not the actor's to take or to record.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: there is no such step from where the case is.
        MoveRefused: something is missing; ``unmet`` lists all of it.
        BadInput: a fact does not fit.
    """
    if before := _done_before(session, case, asked.request_id):
        return before
    workflow, today = workflow_for(case), time.london(at)
    step = workflow.move(name, case.state)
    if step is None:
        if case.version != asked.seen_version:
            raise ChangedMeanwhile(case.reference)
        raise NotPossible(f"This step cannot be taken while the case is at “{_label(workflow, case)}”.")
    on_behalf_of = _require_decider(session, actor, case, step, asked)
    _require_another_person(session, actor, case, step)
    _require_version(case, asked.seen_version)
    facts = fitting(session, workflow, asked.facts, today=today, partnership_id=case.partnership_id)
    must_ask(workflow, step, facts)
    _require_day(case, asked.occurred_on, today)
    position = position_of(workflow, case, facts, today)
    _require_overrides(session, actor, case, workflow, step, position, asked)
    to_state = next_state(workflow, name, position, overridden=asked.overridden)

    facts |= following(step, position.facts)
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
    detail: JsonObject = {
        "overridden": {"names": sorted(asked.overridden), "reason": asked.override_reason}
        if asked.overridden
        else None,
        "on_behalf_of": on_behalf_of,
        "evidence": asked.evidence or None,
        "late_reasons": asked.late_reason if foreseen.late else None,
        "effects": [effect.text for effect in step.effects] or None,
    }
    event = audit.record(
        session, case, actor, Happened.CASE_MOVED,
        name=name, from_state=from_state, to_state=to_state, occurred_on=asked.occurred_on, at=at,
        reason=asked.reason, facts=as_stored(facts), request_id=asked.request_id,
        detail={key: value for key, value in detail.items() if value is not None},
    )  # fmt: skip
    session.flush()
    clocks.carry_out(session, case, foreseen, event=event, at=at, late_reason=asked.late_reason)
    _take_owner(session, actor, case, facts, at=at)
    alerts.for_move(session, case, step, event, at=at)
    session.flush()
    return event


def record_facts(session: Session, actor: Actor, case: Case, asked: FactsRequest, *, at: datetime) -> Event:
    """Record facts without a step: a letter sent, the Home Office told, a report received.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        BadInput: nothing to record, or a fact does not fit.
    """
    if before := _done_before(session, case, asked.request_id):
        return before
    if not policy.allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)):
        raise NotPermitted("Only the partnership's business unit records things on this case.")
    _require_version(case, asked.seen_version)
    workflow, today = workflow_for(case), time.london(at)
    facts = fitting(session, workflow, asked.facts, today=today, partnership_id=case.partnership_id)
    recordable(workflow, facts, facts_of(workflow, case))
    if not facts:
        raise BadInput("Enter what is to be recorded.")
    _require_day(case, asked.occurred_on, today)
    together = {**facts_of(workflow, case), **facts}
    foreseen = clocks.foresee(
        session, case, workflow, (), together,
        new_facts=facts, occurred_on=asked.occurred_on, words="Recorded", instance=asked.instance,
    )  # fmt: skip
    _require_late_reason(foreseen, asked.late_reason)
    detail = {"instance": asked.instance, "late_reasons": asked.late_reason if foreseen.late else ""}
    event = audit.record(
        session, case, actor, Happened.FACTS_RECORDED,
        occurred_on=asked.occurred_on, at=at, reason=asked.reason,
        facts=as_stored(facts, asked.instance), request_id=asked.request_id,
        detail={key: value for key, value in detail.items() if value},
    )  # fmt: skip
    session.flush()
    clocks.carry_out(session, case, foreseen, event=event, at=at, late_reason=asked.late_reason)
    _take_owner(session, actor, case, facts, at=at)
    session.flush()
    return event


def _logged_before(session: Session, actor: Actor, asked: NewCase) -> Case | None:
    """The case that the same form logged before. The same number with other answers is another application."""
    if not asked.request_id:
        return None
    found = session.exec(
        select(Case, Event)
        .join(Event, col(Event.case_id) == col(Case.id))
        .where(
            Event.request_id == asked.request_id,
            Event.kind == Happened.CASE_OPENED,
            Event.actor_id == actor.user_id,
            Case.partnership_id == asked.partnership_id,
            Case.process == asked.process,
        )
        .order_by(col(Case.id))
    ).all()
    said = as_stored({name: value for name, value in asked.facts.items() if value not in (None, "", ())})
    return next((case for case, event in found if said.items() <= event.facts.items()), None)


def _done_before(session: Session, case: Case, request_id: str | None) -> Event | None:
    """The event of the same form, if it was sent before: a double press changes nothing twice."""
    if not request_id:
        return None
    return session.exec(select(Event).where(Event.case_id == case.id, Event.request_id == request_id)).first()


def _require_decider(
    session: Session, actor: Actor, case: Case, step: Move, asked: MoveRequest
) -> str | None:
    subject = access.subject_of(session, case)
    if policy.decides(actor, step.decided_by, subject):
        return None
    whose = policy.records_for(actor, step.decided_by, subject)
    who = " or ".join(decider.label for decider in step.decided_by)
    if whose is None:
        raise NotPermitted(f"This is for {who} to decide.")
    if not asked.evidence.strip():
        raise NotPermitted(
            f"This is for {who} to decide. You can record it with the minute or e-mail that shows the decision."
        )
    return str(whose)


BY_ANOTHER: Mapping[tuple[str, str], str] = {("action_item", "verify"): "report_complete"}
"""Steps that whoever took the earlier step may not take: nobody verifies their own action."""


def _require_another_person(session: Session, actor: Actor, case: Case, step: Move) -> None:
    earlier = BY_ANOTHER.get((case.process, step.name))
    if earlier is None:
        return
    reported = session.exec(
        select(Event)
        .where(Event.case_id == case.id, Event.kind == Happened.CASE_MOVED, Event.name == earlier)
        .order_by(col(Event.seq).desc())
    ).first()
    leads = actor.organisations(Role.LEAD) & access.subject_of(session, case).organisation_ids
    if leads or (reported is not None and reported.actor_id == actor.user_id):
        raise NotPermitted("You reported this yourself, so someone else must verify it.")


def _require_version(case: Case, seen: int) -> None:
    if case.version != seen:
        raise ChangedMeanwhile(case.reference)


def _require_day(case: Case, occurred_on: date, today: date) -> None:
    if occurred_on > today:
        raise BadInput("The day it happened must be today or in the past.")
    if occurred_on < case.opened_on:
        first = f"{case.opened_on.day} {case.opened_on:%B %Y}"
        raise BadInput(f"The day it happened must be on or after {first}, when the case began.")


def _require_overrides(
    session: Session,
    actor: Actor,
    case: Case,
    workflow: Workflow,
    step: Move,
    position: Position,
    asked: MoveRequest,
) -> None:
    """Only soft requirements that are really unmet, only by those entitled, only with a reason."""
    if not asked.overridden:
        return
    if not asked.override_reason.strip():
        raise BadInput("Give the reason for going ahead.")
    subject = access.subject_of(session, case)
    unmet_now = {unmet.name: unmet for unmet in unmet_by(workflow, step, position)}
    for name in asked.overridden:
        unmet = unmet_now.get(name)
        if unmet is None:
            raise BadInput(
                "What was to be skipped is in place already, or is not asked for. Look at the step again."
            )
        if unmet.hard or unmet.override_by is None:
            raise MoveRefused("This cannot be skipped.", (unmet,))
        if not policy.decides(actor, (unmet.override_by,), subject):
            raise NotPermitted(f"Only {unmet.override_by.label} can go ahead without this.")


def _require_late_reason(foreseen: clocks.Foreseen, late_reason: str) -> None:
    if foreseen.late and not late_reason.strip():
        raise BadInput(f"Say why this is late: {foreseen.late[0].deadline.label}.")


def _take_owner(
    session: Session, actor: Actor, case: Case, facts: Mapping[str, FactValue], *, at: datetime
) -> None:
    for name in OWNER_FACTS:
        if email := facts.get(name):
            case.owner_user_id = session.exec(select(User.id).where(User.email == str(email).lower())).one()
            session.flush()
            grants.for_lead_officer(session, actor, case, at=at)


def _label(workflow: Workflow, case: Case) -> str:
    return workflow.state_by_name[case.state].label
