"""What is decided of one closed record: a legal hold, keeping it longer, its disposal once a second person agrees.

Disposal is recorded here as approved, with its authority and the hash of the history; nothing is erased by it yet.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from tracker import access, audit, clock, policy
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible
from tracker.models import (
    Case,
    Deadline,
    DeadlineStatus,
    DecisionState,
    Event,
    LegalHold,
    RecordType,
    RetentionDecision,
)
from tracker.policy import Actor, Permission
from tracker.services import acts
from tracker.services.asked import FactsRequest
from tracker.services.guarded import done_before
from tracker.services.positions import workflow_for
from tracker.services.recording import facts_of
from tracker.services.retention import CLOCK, Kept, kept_one
from tracker.templating import day

DECIDED = "disposal_decision_on"
"""The fact that meets the retention review of a case that has one."""

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """What every decision about a record carries. ``until_on``: the last day of a hold, or of keeping longer."""

    reason: str
    seen_version: int
    at: datetime
    request_id: str | None = None
    until_on: date | None = None
    authority: str = ""


def place_hold(session: Session, actor: Actor, case: Case, asked: Asked) -> Event:
    """Keep a record from disposal, whatever the schedule says, until a day or until somebody ends it.

    Raises:
        NotPermitted: the actor is no manager who may open the case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        BadInput: no reason is given, or the last day has passed.
        NotPossible: a hold stands.
    """
    if before := _begin(session, actor, case, asked):
        return before
    if asked.until_on is not None and asked.until_on < clock.london(asked.at):
        raise BadInput("The last day of a hold cannot be in the past.")
    if _holds(session, case, clock.london(asked.at)):
        raise NotPossible("A legal hold stands on this record.")
    session.add(
        LegalHold(
            case_id=case.id or 0,
            reason=asked.reason.strip(),
            until_on=asked.until_on,
            placed_by_id=actor.user_id or 0,
            placed_at=asked.at,
        )
    )
    until = f" until {day(asked.until_on)}" if asked.until_on else ""
    return _record(session, actor, case, "hold_placed", f"A legal hold stands{until}.", asked)


def end_hold(session: Session, actor: Actor, case: Case, asked: Asked) -> Event:
    """End the legal hold on a record.

    Raises:
        NotPermitted, ChangedMeanwhile, BadInput: as for placing one.
        NotPossible: none stands.
    """
    if before := _begin(session, actor, case, asked):
        return before
    found = _holds(session, case, clock.london(asked.at))
    if not found:
        raise NotPossible("No legal hold stands on this record.")
    for hold in found:
        hold.ended_at, hold.ended_by_id, hold.ended_why = asked.at, actor.user_id, asked.reason.strip()
        session.add(hold)
    return _record(session, actor, case, "hold_ended", "The legal hold has ended.", asked)


def keep_longer(session: Session, actor: Actor, case: Case, asked: Asked) -> Event:
    """Keep a closed record longer than its schedule says.

    Raises:
        NotPermitted, ChangedMeanwhile, BadInput: as for a hold; or the day is not later than it is kept now.
        NotPossible: it is not closed, or its disposal is proposed or approved.
    """
    if before := _begin(session, actor, case, asked):
        return before
    now = _undecided(session, case, asked)
    if asked.until_on is None or asked.until_on <= now.until_on:
        raise BadInput(f"Give a day after {day(now.until_on)}, until which it is kept now.")
    session.add(
        RetentionDecision(
            case_id=case.id or 0,
            state=DecisionState.MADE,
            keep_until_on=asked.until_on,
            reason=asked.reason.strip(),
            proposed_by_id=actor.user_id or 0,
            proposed_at=asked.at,
        )
    )
    event = _record(session, actor, case, "kept_longer", f"It is kept until {day(asked.until_on)}.", asked)
    _reviewed(session, actor, case, asked)
    return event


def propose(session: Session, actor: Actor, case: Case, asked: Asked) -> Event:
    """Propose that a record whose time is over is disposed of. A second person decides.

    Raises:
        NotPermitted, ChangedMeanwhile, BadInput: as for a hold; or no authority is given.
        NotPossible: it is not closed, its time is not over, a hold stands, or it is proposed or approved.
    """
    if before := _begin(session, actor, case, asked):
        return before
    now = _undecided(session, case, asked)
    _may_go(now, clock.london(asked.at))
    if not asked.authority.strip():
        raise BadInput("Say under which schedule it may be disposed of.")
    session.add(
        RetentionDecision(
            case_id=case.id or 0,
            state=DecisionState.PROPOSED,
            reason=asked.reason.strip(),
            authority=asked.authority.strip(),
            proposed_by_id=actor.user_id or 0,
            proposed_at=asked.at,
        )
    )
    return _record(session, actor, case, "disposal_proposed", asked.authority.strip(), asked)


def decide(session: Session, actor: Actor, case: Case, asked: Asked, *, approved: bool) -> Event:
    """Approve or refuse a proposed disposal, as somebody else than whoever proposed it.

    Raises:
        NotPermitted: the actor proposed it, or is neither manager nor chair who may open the case.
        ChangedMeanwhile, BadInput: as for a hold.
        NotPossible: none is proposed, or, to approve it, a hold stands by now or its time is not over.
    """
    if before := _begin(session, actor, case, asked, Permission.DISPOSAL_DECIDE):
        return before
    today = clock.london(asked.at)
    now = kept_one(session, case, today)
    one = now.decision if now else None
    if now is None or one is None or one.state != DecisionState.PROPOSED:
        raise NotPossible("No disposal is proposed for this record.")
    if one.proposed_by_id == actor.user_id:
        raise NotPermitted("You proposed this yourself, so someone else must decide.")
    if approved:
        _may_go(now, today)
    one.state = DecisionState.APPROVED if approved else DecisionState.REFUSED
    one.decided_by_id, one.decided_at, one.decided_why = actor.user_id, asked.at, asked.reason.strip()
    session.add(one)
    name = "disposal_approved" if approved else "disposal_refused"
    said = (
        "Approved by a second person. Nothing is erased by this."
        if approved
        else "A second person refused it."
    )
    event = _record(session, actor, case, name, said, asked)
    if approved:
        _reviewed(session, actor, case, asked)
        one.history_hash = case.head_hash
        session.add(one)
        session.flush()
    return event


def _begin(
    session: Session, actor: Actor, case: Case, asked: Asked, permission: Permission = Permission.RETENTION_DECIDE
) -> Event | None:  # fmt: skip
    if before := done_before(session, case, asked.request_id):
        return before
    if not policy.allows(actor, permission, access.subject_of(session, case)):
        raise NotPermitted("Only a manager who may open the case decides how long it is kept.")
    if case.version != asked.seen_version:
        raise ChangedMeanwhile(case.reference)
    if case.process not in set(RecordType) or case.parent_id is not None:
        raise NotPossible("It is kept as long as the review that it belongs to.")
    if not asked.reason.strip():
        raise BadInput("Say why.")
    if len(asked.reason) > LONGEST or len(asked.authority) > LONGEST:
        raise BadInput(f"The words must be {LONGEST:,} characters or fewer.")
    return None


def _undecided(session: Session, case: Case, asked: Asked) -> Kept:
    now = kept_one(session, case, clock.london(asked.at))
    if now is None:
        raise NotPossible("The case is open. How long it is kept counts from its closure.")
    if now.decision is not None and now.decision.state in {DecisionState.PROPOSED, DecisionState.APPROVED}:
        raise NotPossible(f"Its disposal is {now.decision.state}.")
    return now


def _may_go(now: Kept, today: date) -> None:
    if now.hold is not None:
        raise NotPossible("A legal hold stands on this record, so it is kept.")
    if not now.until_on < today:
        raise NotPossible(f"It is kept until {day(now.until_on)}.")


def _holds(session: Session, case: Case, today: date) -> list[LegalHold]:
    return list(
        session.exec(
            select(LegalHold).where(
                LegalHold.case_id == case.id,
                col(LegalHold.ended_at).is_(None),
                or_(col(LegalHold.until_on).is_(None), col(LegalHold.until_on) >= today),
            )
        ).all()
    )


def _record(session: Session, actor: Actor, case: Case, name: str, said: str, asked: Asked) -> Event:
    session.flush()
    event = audit.record(
        session, case, actor, Happened.RETENTION_DECIDED,
        name=name, occurred_on=clock.london(asked.at), at=asked.at, reason=asked.reason.strip(),
        detail={"said": said}, request_id=asked.request_id,
    )  # fmt: skip
    session.flush()
    return event


def _reviewed(session: Session, actor: Actor, case: Case, asked: Asked) -> None:
    """The review date that runs on the case itself, if one does, is met by the decision."""
    workflow, today = workflow_for(case), clock.london(asked.at)
    running = select(Deadline.id).where(
        Deadline.case_id == case.id, Deadline.key == CLOCK, Deadline.status == DeadlineStatus.RUNNING
    )
    if DECIDED not in workflow.fact_by_name or session.exec(running).first() is None:
        return
    if facts_of(workflow, case).get(DECIDED) == today:
        return
    told = FactsRequest(case.version, today, {DECIDED: today}, late_reason=asked.reason.strip())
    acts.note(session, actor, case, {DECIDED: today}, told, at=asked.at)
