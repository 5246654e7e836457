"""Notices that follow from a move: something waits for somebody's decision."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from tracker import clock, db
from tracker.models import Case, Event, Outbox, OutboxState
from tracker.services.calendars import calendar_for
from tracker.services.mornings import next_morning
from tracker.services.recipients import Directory
from workflows.deciders import Decider
from workflows.definition import Move
from workflows.effects import Alert


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
    directory, today = Directory(session, at), clock.london(at)
    for decider in deciders:
        for recipient in directory.deciding(case, decider):
            db.insert_new(
                session,
                Outbox,
                [
                    {
                        "dedupe_key": f"alert:{event.id}:{recipient.address}",
                        "kind": "alert",
                        "recipient_id": recipient.user_id,
                        "to_address": recipient.address,
                        "who": str(recipient.part),
                        "case_id": case.id,
                        "generation": 0,
                        "rung": "",
                        "singly": False,
                        "template": "alert",
                        "payload": {"parts": [str(recipient.part)], "state": case.state},
                        "owed_on": today,
                        "not_before": next_morning(today, calendar_for(session, case.partnership_id)),
                        "state": OutboxState.QUEUED,
                        "attempts": 0,
                        "ambiguous": 0,
                        "last_error": "",
                        "created_at": at,
                    }
                ],
            )
