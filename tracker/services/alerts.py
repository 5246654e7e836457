"""Notices that follow from a move: something waits for somebody's decision."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from tracker import clock, db
from tracker.models import Case, Event, Outbox, OutboxState, User
from tracker.services.calendars import calendar_for
from tracker.services.mornings import next_morning
from tracker.services.recipients import Directory, Recipient
from workflows.deciders import Decider
from workflows.definition import Move
from workflows.effects import Alert
from workflows.ladder import Who

KIND = "alert"
NOT_THEIRS = "It is no longer for this recipient."
_DECIDES = {Who.CHAIR: Decider.CSP_CHAIR, Who.LEAD: Decider.AGENCY_LEAD}


def for_move(session: Session, case: Case, step: Move, event: Event, *, at: datetime) -> None:
    """Queue one notice for each person whom the step alerts, for the next working morning's digest.

    A step that is brought in from earlier records tells nobody.
    """
    if event.detail.get("imported"):
        return
    tell(session, case, [Decider(e.decider) for e in step.effects if isinstance(e, Alert)], event, at=at)


def tell(session: Session, case: Case, deciders: Sequence[Decider], event: Event, *, at: datetime) -> None:
    """Queue one notice for each person who plays such a part on the case today: something waits for them."""
    if not deciders:
        return
    directory = Directory(session, at)
    not_before = next_morning(clock.london(at), calendar_for(session, case.partnership_id))
    for decider in deciders:
        for recipient in directory.deciding(case, decider):
            key = f"alert:{event.id}:{recipient.address}"
            db.insert_new(session, Outbox, [_row(key, recipient, case, case.state, not_before, at)])


def unwanted(session: Session, directory: Directory, notice: Outbox, case: Case) -> str:
    """Why such a notice must not go to whoever it was for: they may not open the case any more. Empty if they may."""
    user = session.get(User, notice.recipient_id) if notice.recipient_id else None
    return "" if user is None or directory.may_open(user, case) else NOT_THEIRS


def pass_on(session: Session, case: Case, notice: Outbox, why: str, *, at: datetime) -> None:
    """Tell somebody instead, who was not told of the same: whoever plays the part now, where it is not theirs any more;
    the unit, where mail comes back.
    """
    decider = _DECIDES.get(Who(notice.who), Decider.BU_MANAGER) if why == NOT_THEIRS else Decider.BU_MANAGER
    state, same = str(notice.payload.get("state", case.state)), notice.dedupe_key.split(":")[:2]
    for recipient in Directory(session, at).deciding(case, decider):
        key = ":".join([*same, recipient.address])
        db.insert_new(session, Outbox, [_row(key, recipient, case, state, notice.not_before, at)])


def _row(
    key: str, to: Recipient, case: Case, state: str, not_before: datetime, at: datetime
) -> dict[str, object]:
    return {
        "dedupe_key": key,
        "kind": KIND,
        "recipient_id": to.user_id,
        "to_address": to.address,
        "who": str(to.part),
        "case_id": case.id,
        "generation": 0,
        "rung": "",
        "singly": False,
        "template": "alert",
        "payload": {"parts": [str(to.part)], "state": state},
        "owed_on": clock.london(at),
        "not_before": not_before,
        "state": OutboxState.QUEUED,
        "attempts": 0,
        "ambiguous": 0,
        "last_error": "",
        "created_at": at,
    }
