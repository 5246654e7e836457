"""Reminders of a record that another agency leads now: it is told of each running date once, and nobody of anything twice.

The dates take a new generation, so that what was decided for the old lead is not counted against the new one. What
everybody else was told under the old one is carried over as done; what still waits for them, waits on. Of a date that
stands still the new lead is told once it runs again.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import literal_column
from sqlmodel import Session, col, or_, select

from tracker import clock, db
from tracker.models import Case, Deadline, DeadlineStatus, Event, Outbox, OutboxState
from tracker.services import alerts
from tracker.services.calendars import calendar_for
from tracker.services.mornings import next_morning
from tracker.services.recipients import Directory, in_order, parts_of
from workflows.deciders import Decider
from workflows.ladder import Who

EARLIER = "It was decided while another agency led this."
STEP = "rehomed"


def tell(session: Session, case: Case, event: Event, *, at: datetime) -> None:
    """Tell the new lead in the next working morning's digest: of each date that is theirs, or that it is theirs."""
    directory = Directory(session, at)
    dates = session.exec(
        db.for_update(
            session,
            select(Deadline)
            .where(
                Deadline.case_id == case.id,
                col(Deadline.status) == literal_column(f"'{DeadlineStatus.RUNNING}'"),
                Deadline.owner == Decider.AGENCY_LEAD,
                Deadline.instance == "",
                or_(col(Deadline.due_on).is_not(None), col(Deadline.paused)),
            )
            .order_by(col(Deadline.id)),
        )
    ).all()
    for deadline in dates:
        _carry_over(session, deadline, at)
    told = [deadline for deadline in dates if not deadline.paused]
    for deadline in told:
        _notice(session, directory, case, deadline, at)
    if not told:
        alerts.tell(session, case, [Decider.AGENCY_LEAD], event, at=at)
    session.flush()


def _carry_over(session: Session, deadline: Deadline, at: datetime) -> None:
    rows = session.exec(
        db.for_update(
            session,
            select(Outbox)
            .where(
                Outbox.deadline_id == deadline.id,
                Outbox.generation == deadline.generation,
                col(Outbox.state) != OutboxState.CANCELLED,
            )
            .order_by(col(Outbox.id)),
        )
    ).all()
    deadline.generation += 1
    session.add(deadline)
    others = [row for row in rows if not deadline.paused or parts_of(row.payload) - {Who.LEAD}]
    copies = [_copy(row, deadline, at) for row in others]
    for row in rows:
        if row.state == OutboxState.QUEUED:
            row.state, row.last_error = OutboxState.CANCELLED, EARLIER
            session.add(row)
    session.flush()
    db.insert_new(session, Outbox, copies)


def _copy(row: Outbox, deadline: Deadline, at: datetime) -> dict[str, Any]:
    """The same step as done, or, where somebody else still waits for it, as waiting."""
    waits = row.state == OutboxState.QUEUED and bool(parts_of(row.payload) - {Who.LEAD})
    values = row.model_dump(exclude={"id"})
    key = f"{deadline.id}:{deadline.generation}:{row.rung}:{row.to_address or f'nobody-{row.who}'}"
    carried = parts_of(row.payload) - ({Who.LEAD} if deadline.paused else set())
    return values | {
        "payload": row.payload | {"parts": in_order(carried)},
        "dedupe_key": key,
        "generation": deadline.generation,
        "state": OutboxState.QUEUED if waits else OutboxState.SKIPPED,
        "last_error": "" if waits else EARLIER,
        "claimed_by": None,
        "claimed_until": None,
        "message_id": None,
        "sent_at": None,
        "attempts": 0,
        "ambiguous": 0,
        "created_at": at,
    }


def _notice(session: Session, directory: Directory, case: Case, deadline: Deadline, at: datetime) -> None:
    today = clock.london(at)
    rows = [
        {
            "dedupe_key": f"{deadline.id}:{deadline.generation}:{STEP}:{one.address}",
            "kind": "reminder",
            "recipient_id": one.user_id,
            "to_address": one.address,
            "who": str(one.part),
            "case_id": case.id,
            "deadline_id": deadline.id,
            "generation": deadline.generation,
            "rung": STEP,
            "singly": False,
            "template": "digest",
            "payload": {"parts": [str(Who.LEAD)]} | ({"no_lead": True} if one.no_lead else {}),
            "owed_on": today,
            "not_before": next_morning(today, calendar_for(session, case.partnership_id)),
            "state": OutboxState.QUEUED,
            "attempts": 0,
            "ambiguous": 0,
            "last_error": "",
            "created_at": at,
        }
        for one in directory.audience(case, deadline, [Who.LEAD])
    ]
    db.insert_new(session, Outbox, rows)
