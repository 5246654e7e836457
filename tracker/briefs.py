"""Mails of the business unit that follow from no single date: the morning's lines, and the note of the week.

The note of a week is owed from its first working morning on, once to each manager, and to each officer while actions
of theirs have no date or no lead: it names them, with the reason; after an outage it goes on the first morning there is. Nothing to say is put on record too.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, or_, select

from tracker import access, clock, db
from tracker.db import Database
from tracker.models import Membership, Outbox, OutboxState, Role, User
from tracker.policy import UNIT, Actor
from tracker.queries import briefing
from tracker.queries.due_dates import horizon_for
from tracker.services import leases
from tracker.services.calendars import calendar_for
from tracker.services.mailing import Brief
from tracker.services.mornings import morning_passed
from tracker.services.notices import WEEKS_NOTE, Desk
from tracker.templating import instant
from workflows.calendars import Calendar

NOTHING = "There was nothing to say."


def brief(desk: Desk, actor: Actor, week: bool) -> Brief:
    """What somebody of the business unit is told besides dates; with ``week`` the note of the week to a manager."""
    session, today = desk.session, desk.today
    stood_still = _stood_still(session, actor.email, desk.at)
    cannot = briefing.cannot_be_reminded(session, actor, today)
    gaps = briefing.named_gaps(session, actor, today) if week and cannot else ()
    if week and actor.holds(Role.MANAGER):
        found = briefing.week_of(
            session, actor, horizon_for(session, actor, today), desk.at, monday_of(today)
        )
        lines, subject = briefing.week_in_words(found)
        note = (*lines, f"{desk.base_url}/at-risk")
        return Brief(stood_still=stood_still, note=note, subject=subject, cannot=cannot, gaps=gaps)
    since = clock.morning_of(calendar_for(session, None).previous_working(today - timedelta(days=1)))
    return Brief(
        came_in=briefing.came_in(session, actor, since),
        cannot=cannot,
        gaps=gaps,
        stood_still=stood_still,
    )


def owe_week(database: Database, at: datetime) -> int:
    """Owe the notes of this week that are not owed yet; return how many. Safe to run at any time, as often as one likes."""
    with database.reading() as session:
        calendar = calendar_for(session, None)
        today = morning_passed(at, calendar)
        if today is None or not _untold(session, today):
            return 0
    with database.transaction() as session:
        rows = [
            row
            for user in _untold(session, today)
            if (row := _note(session, user, today, calendar, at)) is not None
        ]
        return len(db.insert_new_keys(session, Outbox, rows, col(Outbox.dedupe_key)))


def week_ahead(session: Session, at: datetime, of: Collection[int] | None = None) -> list[Outbox]:
    """The notes of the week that a round at ``at`` would owe and send; writes nothing. ``of``: in these partnerships only."""
    calendar = calendar_for(session, None)
    today = morning_passed(at, calendar)
    if today is None:
        return []
    people = _untold(session, today)
    if of is not None:
        working = select(Membership.user_id).where(col(Membership.partnership_id).in_(of))
        there = set(session.exec(working).all())
        people = [user for user in people if user.id in there]
    notes = (_note(session, user, today, calendar, at) for user in people)
    return [Outbox.model_validate(row) for row in notes if row and row["state"] == OutboxState.QUEUED]


def monday_of(on: date) -> date:
    """The Monday of the week of a day."""
    return on - timedelta(days=on.weekday())


def _untold(session: Session, today: date) -> Sequence[User]:
    """Officers and managers for whom nothing was decided about this week yet."""
    monday = monday_of(today)
    told = select(Outbox.recipient_id).where(Outbox.kind == WEEKS_NOTE, Outbox.rung == monday.isoformat())
    return session.exec(
        select(User)
        .where(
            col(User.active),
            col(User.id).not_in(told),
            col(User.id).in_(
                select(Membership.user_id).where(
                    col(Membership.role).in_(UNIT),
                    or_(col(Membership.from_on).is_(None), col(Membership.from_on) <= today),
                    or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= today),
                )
            ),
        )
        .order_by(col(User.id))
    ).all()


def _note(
    session: Session, user: User, today: date, calendar: Calendar, at: datetime
) -> dict[str, object] | None:
    """The row for one person: to be sent, or skipped because there is nothing to say."""
    actor, monday = access.actor_for(session, user, at), monday_of(today)
    payload: dict[str, object] = {}
    cannot = briefing.cannot_be_reminded(session, actor, today)
    if actor.holds(Role.MANAGER):
        week = briefing.week_of(session, actor, horizon_for(session, actor, today), at, monday)
        empty, payload["overdue"], who = week.is_empty and not cannot, week.overdue, Role.MANAGER
    else:
        empty, who = not cannot, Role.OFFICER
    return {
        "dedupe_key": f"week:{monday.isoformat()}:{user.id}",
        "kind": WEEKS_NOTE,
        "recipient_id": user.id,
        "to_address": user.email.strip().lower(),
        "who": str(who),
        "generation": 0,
        "rung": monday.isoformat(),
        "singly": False,
        "template": "digest",
        "payload": payload,
        "owed_on": calendar.next_working(monday),
        "not_before": clock.morning_of(today),
        "state": OutboxState.SKIPPED if empty else OutboxState.QUEUED,
        "attempts": 0,
        "ambiguous": 0,
        "last_error": NOTHING if empty else "",
        "created_at": at,
    }


def _stood_still(session: Session, address: str, at: datetime) -> str:
    """When reminders did not run since the last digest to this address; empty if they always did."""
    last = session.exec(
        select(Outbox.sent_at)
        .where(
            Outbox.to_address == address.strip().lower(),
            Outbox.state == OutboxState.SENT,
            col(Outbox.singly).is_(False),
        )
        .order_by(col(Outbox.sent_at).desc())
    ).first()
    after = last or at - timedelta(days=7)
    gaps = [gap for gap in leases.gaps(session) if gap[1] > after]
    return "; ".join(f"did not run from {instant(start)} to {instant(end)}" for start, end in gaps)
