"""What people do to a running date: more time, a pause, its end, a correction, or the reason why it is late.

What the check page foretells and what is then done are worked out by the same code (``date_foresight``), so the date
shown is the date saved. The first due date is never touched, and nothing is edited in place: each act is one entry of
the ledger and one event.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from tracker import access, audit, policy
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import ChangedMeanwhile, NotPermitted
from tracker.models import Case, Deadline, Event
from tracker.models.columns import JsonObject
from tracker.policy import Actor, Permission
from tracker.services import deadlines, tasks
from tracker.services.date_foresight import Foreseen, decider_of, foresee
from tracker.services.date_requests import ACTS, Act, Asked, Correction, Extension, LateReason, Pause
from tracker.services.guarded import done_before
from tracker.services.positions import workflow_for
from tracker.services.recording import as_stored
from workflows.deciders import Decider
from workflows.facts import JsonValue
from workflows.ledger import Standing


@dataclass(frozen=True, slots=True)
class Authority:
    """Whose decision it is. Not ``own``: the actor may record it for them, with evidence."""

    decider: Decider
    own: bool = True


def authority(session: Session, actor: Actor, case: Case, deadline: Deadline, act: Act) -> Authority | None:
    """In what right the actor does this to the date; None if they may not."""
    subject, decider = access.subject_of(session, case), decider_of(case, deadline, act)
    if policy.decides(actor, (decider,), subject):
        return Authority(decider)
    if act is Act.EXTEND and policy.records_for(actor, (decider,), subject):
        return Authority(decider, own=False)
    return None


def change_date(
    session: Session,
    actor: Actor,
    case: Case,
    deadline: Deadline,
    asked: Asked,
    *,
    seen_version: int,
    at: datetime,
    request_id: str | None = None,
) -> Event:
    """Do one act to a running date of a case, and record who did it and why. The first due date stays.

    Raises:
        NotPermitted: the decision is not the actor's to take or to record, or the evidence for it is missing.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: the date has ended, or its clock knows no such act.
        DoesNotFit: an answer cannot be used; says which.
    """
    if before := done_before(session, case, request_id):
        return before
    in_right = _require_authority(session, actor, case, deadline, asked)
    if case.version != seen_version:
        raise ChangedMeanwhile(case.reference)
    today = time.london(at)
    foreseen = foresee(session, case, deadline, asked, today=today)
    if foreseen.entry is None:
        _say_late(session, case, deadline, today)
        return _keep_late_reason(session, actor, case, deadline, asked, at=at, request_id=request_id)
    entry = foreseen.entry
    event = audit.record(
        session, case, actor, Happened.DEADLINE_CHANGED,
        name=str(entry.kind), occurred_on=entry.on, at=at, reason=entry.reason, request_id=request_id,
        facts=_facts(case, deadline, foreseen.after),
        detail=_detail(deadline, asked, foreseen, in_right),
    )  # fmt: skip
    session.flush()
    deadlines.change(session, case, deadline, entry, event=event, at=at, calendar=foreseen.calendar)
    if foreseen.late and isinstance(asked, Extension):
        _say_late(session, case, deadline, today)
    session.flush()
    return event


def _say_late(session: Session, case: Case, deadline: Deadline, today: date) -> None:
    """Time that is agreed after the date, and a reason why it is late, are for the Home Office to hear of."""
    tasks.open_for(session, case, workflow_for(case), case.state, today, late=(deadline,))


def _require_authority(
    session: Session, actor: Actor, case: Case, deadline: Deadline, asked: Asked
) -> Authority:
    if isinstance(asked, LateReason):
        if policy.allows(actor, Permission.DEADLINE_CHANGE, access.subject_of(session, case)):
            return Authority(Decider.BU_OFFICER)
        raise NotPermitted("Only the partnership's business unit records why a date is late.")
    act = ACTS[type(asked)]
    found = authority(session, actor, case, deadline, act)
    who = decider_of(case, deadline, act).label
    if found is None:
        raise NotPermitted(f"This is for {who} to decide.")
    if not found.own and not (isinstance(asked, Extension) and asked.evidence.strip()):
        raise NotPermitted(
            f"This is for {who} to decide. You can record it with the minute or e-mail that shows the decision."
        )
    return found


def _facts(case: Case, deadline: Deadline, after: Standing) -> dict[str, JsonValue]:
    """A date that was entered is a fact too, and moves with it."""
    clock = workflow_for(case).clock_by_key.get(deadline.key)
    if clock is None or not clock.due_fact or deadline.rule or after.due_on is None:
        return {}
    return as_stored({clock.due_fact: after.due_on}, deadline.instance)


def _detail(deadline: Deadline, asked: Asked, foreseen: Foreseen, in_right: Authority) -> JsonObject:
    entry, old, new = foreseen.entry, foreseen.before.due_on, foreseen.after.due_on
    said: JsonObject = {
        "deadline": deadline.key,
        "instance": deadline.instance,
        "cycle": deadline.cycle,
        "kind": str(entry.kind) if entry else None,
        "from_on": old.isoformat() if old else None,
        "to_on": new.isoformat() if new else None,
        "n": entry.n if entry else None,
        "authorised_by": in_right.decider.label,
        "on_behalf_of": None if in_right.own else str(in_right.decider),
        "late": foreseen.late or None,
        "code": str(asked.code) if isinstance(asked, Pause) else None,
        "evidence": asked.evidence.strip() if isinstance(asked, Extension | Correction) else None,
        "told": asked.told.strip() if isinstance(asked, Extension | Pause) else None,
    }
    return {name: value for name, value in said.items() if value not in (None, "")}


def _keep_late_reason(
    session: Session,
    actor: Actor,
    case: Case,
    deadline: Deadline,
    asked: Asked,
    *,
    at: datetime,
    request_id: str | None,
) -> Event:
    detail: JsonObject = {"late_reasons": f"{deadline.label}. {asked.reason.strip()}"}
    if deadline.instance:
        detail["instance"] = deadline.instance
    event = audit.record(
        session, case, actor, Happened.FACTS_RECORDED,
        occurred_on=time.london(at), at=at, detail=detail, request_id=request_id,
    )  # fmt: skip
    session.flush()
    return event
