"""Cases: logged, moved, and told facts. One transaction does all of an act, or nothing."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import access, audit, policy
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible
from tracker.models import Case, Event, Role
from tracker.models.columns import JsonObject
from tracker.policy import Actor, Permission, Subject
from tracker.services import (
    acts,
    applied_mails,
    countersigning,
    lead_officers,
    merging,
    regimes,
    replacements,
    update_links,
)
from tracker.services.asked import FactsRequest, MoveRequest, NewCase
from tracker.services.guarded import opened_before, sent_before
from tracker.services.positions import position_of, workflow_for
from tracker.services.recording import as_stored, facts_of, fitting, must_ask, not_cleared, recordable
from tracker.services.references import hold
from workflows.definition import Move, Workflow
from workflows.effects import CountChildren, CountUp, Keep, SetFact
from workflows.engine import MoveRefused, next_state, unmet_by
from workflows.position import Position


def log_case(session: Session, actor: Actor, asked: NewCase, *, at: datetime) -> Case:
    """Log a case: it gets its reference, its definition, its first facts and its first clocks.

    Raises:
        NotPermitted: the actor does not log cases in that partnership.
        NotPossible: it is a review under section 8A, which is not in force for it.
        BadInput: a fact does not fit, or one that logging needs is missing.
        ChangedMeanwhile: the form was sent before, with other answers.
    """
    if not policy.allows(actor, Permission.CASE_LOG, Subject(partnership_id=asked.partnership_id)):
        raise NotPermitted("Only the partnership's business unit logs cases.")
    partnership = hold(session, asked.partnership_id)
    if again := opened_before(session, actor, asked.request_id):
        return again
    today = time.london(at)
    if asked.opened_on > today:
        raise BadInput("The date it was received must be today or in the past.")
    regimes.must_fit(asked.process, asked.opened_on, asked.section_8a_from)
    lead_officers.must_fit(
        session,
        asked.owner_user_id,
        asked.process,
        asked.partnership_id,
        opened_on=asked.opened_on,
        today=today,
    )
    case = acts.open_case(session, actor, partnership, asked, today=today, at=at)
    if not asked.imported:
        applied_mails.thank(session, case, at=at)
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
    if before := sent_before(session, case, asked.request_id):
        return _same(case, before, name, asked)
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
    facts = replacements.settled(session, actor, case, name, facts)
    must_ask(workflow, step, facts)
    countersigning.in_person(workflow, actor, facts, facts_of(workflow, case))
    not_cleared(facts, facts_of(workflow, case))
    survivor = merging.survivor_for(session, actor, case, name, facts)
    if survivor is not None:
        facts[merging.FACT] = survivor.reference  # as it is written, whatever was typed
    _require_day(case, asked.occurred_on, today)
    position = position_of(session, workflow, case, facts, today)
    if on_behalf_of is None:
        countersigning.require_another(workflow, actor, step, position)
    _require_overrides(session, actor, case, workflow, step, position, asked)
    to_state = next_state(workflow, name, position, overridden=asked.overridden)

    detail: JsonObject = {
        "overridden": {"names": sorted(asked.overridden), "reason": asked.override_reason}
        if asked.overridden
        else None,
        "on_behalf_of": on_behalf_of,
        "evidence": asked.evidence or None,
    }
    event = acts.take(
        session, actor, case, step, position, facts, asked, to_state=to_state, detail=detail, at=at
    )
    if survivor is not None:
        merging.merge_into(session, actor, survivor, case, at=at)
    return event


def record_facts(session: Session, actor: Actor, case: Case, asked: FactsRequest, *, at: datetime) -> Event:
    """Record facts without a step: a letter sent, the Home Office told, a report received.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        BadInput: nothing to record, or a fact does not fit.
    """
    if before := sent_before(session, case, asked.request_id):
        return _same(case, before, "", asked)
    if not policy.allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)):
        raise NotPermitted("Only the partnership's business unit records things on this case.")
    _require_version(case, asked.seen_version)
    workflow, today = workflow_for(case), time.london(at)
    facts = fitting(session, workflow, asked.facts, today=today, partnership_id=case.partnership_id)
    recordable(workflow, facts, facts_of(workflow, case))
    countersigning.in_person(workflow, actor, facts, facts_of(workflow, case))
    not_cleared(facts, facts_of(workflow, case))
    if not facts:
        raise BadInput("Enter what is to be recorded.")
    _require_day(case, asked.occurred_on, today)
    return acts.note(session, actor, case, facts, asked, at=at)


def _same(case: Case, before: Event, name: str, asked: MoveRequest | FactsRequest) -> Event:
    """The event of a form that was sent before. Sent again with other answers, it is another act.

    Raises:
        ChangedMeanwhile: the answers are others; those of before stand, and nothing typed is lost.
    """
    instance = asked.instance if isinstance(asked, FactsRequest) else ""
    given = {key: value for key, value in asked.facts.items() if value not in (None, "", ())}
    said, kept = as_stored(given, instance), dict(before.facts)
    move = workflow_for(case).move(name, before.from_state) if name else None
    if move is not None:  # what followed from the step was nobody's answer
        asked_for = set(move.asks())
        kept = {
            key: value for key, value in kept.items() if key in said or key in asked_for - _followed(move)
        }
    # References are kept as they are written, whatever was typed.
    alike = {key: str(value).casefold() for key, value in said.items()} == {
        key: str(value).casefold() for key, value in kept.items()
    }
    if (before.name, before.occurred_on) != (name, asked.occurred_on) or not alike:
        raise ChangedMeanwhile(case.reference)
    return before


def _followed(move: Move) -> set[str]:
    return {e.fact for e in move.effects if isinstance(e, (SetFact, CountUp, CountChildren, Keep))}


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
    if leads or (reported is not None and by_them(session, actor, reported)):
        raise NotPermitted("You reported this yourself, so someone else must verify it.")


def by_them(session: Session, actor: Actor, event: Event) -> bool:
    """Whether it was they who did it: signed in, or by the link that was sent to their own mailbox."""
    mailbox = update_links.address_of(session, event.detail.get(audit.LINK))
    if mailbox:
        return mailbox == actor.email.lower()
    return event.actor_id == actor.user_id


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


def _label(workflow: Workflow, case: Case) -> str:
    return workflow.state_by_name[case.state].label
