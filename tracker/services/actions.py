"""Actions: the lead's five answers, the decision on a new date, and the check by somebody else."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session

from tracker import access, audit, policy
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted
from tracker.models import Case, Event
from tracker.policy import Actor, Permission
from tracker.services import cases, clocks, deadlines
from tracker.services.asked import MoveRequest
from tracker.services.calendars import calendar_for
from tracker.services.guarded import done_before
from tracker.services.positions import workflow_for
from tracker.services.recording import as_stored, facts_of, fitting
from workflows.dates import Period, Unit, compute
from workflows.deciders import Decider
from workflows.facts import FactValue
from workflows.ledger import Change, ChangeKind


class Answer(StrEnum):
    """What a lead can tell us. Each is a record of its own."""

    NO_CHANGE = "no_change"
    PROGRESS = "progress"
    DONE = "done"
    MORE_TIME = "more_time"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Update:
    """One answer of a lead. ``note`` is needed for all but "no change"; ``asked_for_on`` for more time.

    ``evidence`` is a link or a file reference; ``at_risk`` is None where the lead says nothing about it.
    """

    answer: Answer
    seen_version: int
    note: str = ""
    asked_for_on: date | None = None
    belongs_to: str = ""
    evidence: str = ""
    at_risk: bool | None = None
    request_id: str | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Check:
    """What somebody other than the lead found. ``look_again`` is when to look whether it made a difference."""

    accepted: bool
    note: str
    seen_version: int
    look_again: str = ""
    late_reason: str = ""
    request_id: str | None = None


LOOK_AGAIN = {"three_months": 3, "six_months": 6, "twelve_months": 12}
"""Months from the day of verifying to the look at the effect."""


NEEDS_NOTE = {
    Answer.PROGRESS: "Say what has happened.",
    Answer.DONE: "Say what was done and what shows it.",
    Answer.MORE_TIME: "Say why more time is needed.",
    Answer.NOT_OURS: "Say why it is not yours, and whose it is if you know.",
}

OPEN_STATES = frozenset({"agreed", "in_progress"})


def report(session: Session, actor: Actor, action: Case, update: Update, *, at: datetime) -> Event:
    """Record a lead's answer. *Done* waits for somebody else to verify; *more time* and *not ours* for a decision.

    Raises:
        NotPermitted: the actor neither leads the action nor works in the business unit.
        ChangedMeanwhile: someone else changed the action after the actor opened it.
        BadInput: the words or the date that the answer needs are missing, or the action is not open.
    """
    if before := done_before(session, action, update.request_id):
        return before
    if not policy.allows(actor, Permission.ACTION_UPDATE, access.subject_of(session, action)):
        raise NotPermitted("Only the action's lead or the business unit reports on it.")
    if action.version != update.seen_version:
        raise ChangedMeanwhile(action.reference)
    today = time.london(at)
    _require_answer(session, action, update, today)
    note, facts = update.note.strip(), _facts_of_answer(action, update, today)
    step = ""
    if update.answer is Answer.DONE:
        step = "report_complete"
        facts |= {"completed_on": today, "outcome": note}
    elif update.answer is Answer.PROGRESS and action.state == "agreed":
        step = "start"
    if step:
        asked = MoveRequest(
            update.seen_version,
            today,
            facts=facts,
            reason=note,
            late_reason=note,
            request_id=update.request_id,
        )
        return cases.move(session, actor, action, step, asked, at=at)
    return _record(session, actor, action, update, facts, at=at)


def _facts_of_answer(action: Case, update: Update, today: date) -> dict[str, FactValue]:
    facts: dict[str, FactValue] = {"update_note": update.note.strip(), "last_update_on": today}
    waits = action.facts.get("update_kind") == Answer.MORE_TIME
    if not (waits and update.answer in {Answer.NO_CHANGE, Answer.PROGRESS}):
        facts["update_kind"] = str(update.answer)  # a request for more time stands until it is decided
    if update.at_risk is not None:
        facts["at_risk"] = update.at_risk
    if update.evidence.strip():
        facts["evidence"] = update.evidence.strip()
    if update.asked_for_on and update.answer is Answer.MORE_TIME:
        facts["asked_for_on"] = update.asked_for_on
    if update.answer is Answer.NOT_OURS and update.belongs_to.strip():
        facts["belongs_to"] = update.belongs_to.strip()
    return facts


def check(session: Session, actor: Actor, action: Case, asked: Check, *, at: datetime) -> Event:
    """Verify that an action is done, or send it back with what is missing.

    Whoever verifies may ask for a look at its effect later: a date that runs on although the action has ended.

    Raises:
        NotPermitted: the actor does not verify actions, or reported this one.
        ChangedMeanwhile: someone else changed the action after the actor opened it.
        BadInput: a date that it meets has passed and no reason was given, or ``look_again`` is not known.
    """
    today = time.london(at)
    facts: dict[str, FactValue] = {"send_back_reason": asked.note}
    if asked.accepted:
        facts = {"verified_on": today, "verification_note": asked.note}
        if asked.look_again in LOOK_AGAIN:
            length = Period(LOOK_AGAIN[asked.look_again], Unit.MONTHS)
            worked = compute(today, length, calendar_for(session, action.partnership_id))
            facts["impact_check_on"] = worked.due_on
        facts["impact_check_in"] = asked.look_again or "none"
    move = MoveRequest(
        asked.seen_version, today, facts=facts, reason=asked.note,
        late_reason=asked.late_reason, request_id=asked.request_id,
    )  # fmt: skip
    return cases.move(session, actor, action, "verify" if asked.accepted else "send_back", move, at=at)


def _require_answer(session: Session, action: Case, update: Update, today: date) -> None:
    if action.state not in OPEN_STATES:
        raise BadInput("This action is not open, so there is nothing to report on.")
    if not update.note.strip() and update.answer in NEEDS_NOTE:
        raise BadInput(NEEDS_NOTE[update.answer])
    if update.answer is Answer.MORE_TIME:
        _require_later(session, action, update.asked_for_on, today)


def decide_more_time(
    session: Session, actor: Actor, action: Case, *, agreed: bool, reason: str, seen_version: int,
    at: datetime, request_id: str | None = None,
) -> Event:  # fmt: skip
    """Agree or refuse the date that the lead last asked for. The first due date stays on record. Once for a form.

    Raises:
        NotPermitted: only a business unit manager or the chair agrees a new date.
        ChangedMeanwhile: someone else changed the action after the actor opened it.
        BadInput: nothing was asked for, or no reason was given.
    """
    if not policy.decides(actor, (Decider.BU_MANAGER, Decider.CSP_CHAIR), access.subject_of(session, action)):
        raise NotPermitted("Only a business unit manager or the CSP chair agrees a new date.")
    if before := done_before(session, action, request_id):
        return before
    if action.version != seen_version:
        raise ChangedMeanwhile(action.reference)
    if action.state not in OPEN_STATES:
        raise BadInput("This action is not open any more, so there is no date to decide on.")
    facts = facts_of(workflow_for(action), action)
    wanted = facts.get("asked_for_on")
    if facts.get("update_kind") != Answer.MORE_TIME or not isinstance(wanted, date):
        raise BadInput("Nobody is asking for more time on this action.")
    if not reason.strip():
        raise BadInput("Give the reason for the decision.")
    today = time.london(at)
    deadline = access.deadline_for(session, action, "ACTION_TARGET")
    event = audit.record(
        session, action, actor, Happened.DEADLINE_CHANGED,
        name="more_time_agreed" if agreed else "more_time_refused",
        occurred_on=today, at=at, reason=reason.strip(), request_id=request_id,
        facts=as_stored({"update_kind": ""} | ({"target_on": wanted} if agreed else {})),
        detail={
            "deadline": deadline.key, "kind": "set" if agreed else "refused",
            "from_on": deadline.due_on.isoformat() if deadline.due_on else None, "to_on": wanted.isoformat(),
            "authorised_by": actor.name,
        },
    )  # fmt: skip
    session.flush()
    if agreed:
        entry = Change(
            kind=ChangeKind.SET, on=today, due_on=wanted, reason=reason.strip(), authorised_by=actor.name
        )
        deadlines.change(session, action, deadline, entry, event=event, at=at)
    session.flush()
    return event


def _require_later(session: Session, action: Case, wanted: date | None, today: date) -> None:
    if wanted is None:
        raise BadInput("Enter the new date you are asking for.")
    if wanted <= today:
        raise BadInput("The new date must be after today.")
    due = access.deadline_for(session, action, "ACTION_TARGET").due_on
    if due is not None and wanted <= due:
        raise BadInput("The new date must be after the date it is due now.")


def _both_dates(session: Session, action: Case, wanted: date) -> dict[str, str]:
    """The date asked for, and the one that it is due on now if there is one."""
    due = access.deadline_for(session, action, "ACTION_TARGET").due_on
    return {"asked_on": wanted.isoformat()} | ({"from_on": due.isoformat()} if due else {})


def _record(
    session: Session, actor: Actor, action: Case, update: Update, facts: dict[str, FactValue], *, at: datetime
) -> Event:
    workflow, today = workflow_for(action), time.london(at)
    kept = fitting(session, workflow, facts, today=today)
    foreseen = clocks.foresee(
        session, action, workflow, (), {**facts_of(workflow, action), **kept},
        new_facts=kept, occurred_on=today, words="Update recorded",
    )  # fmt: skip
    event = audit.record(
        session, action, actor, Happened.ACTION_REPORTED,
        name=str(update.answer), occurred_on=today, at=at, reason=update.note.strip(),
        facts=as_stored(kept), request_id=update.request_id,
        detail={"answer": str(update.answer)}
        | (_both_dates(session, action, update.asked_for_on) if update.asked_for_on else {})
        | ({"suggested": update.belongs_to.strip()} if update.belongs_to.strip() else {}),
    )  # fmt: skip
    session.flush()
    clocks.carry_out(
        session,
        action,
        foreseen,
        event=event,
        at=at,
        late_reason=update.note.strip() or "The update came late.",
    )
    session.flush()
    return event
