"""Taking notices out of the outbox for sending: one mail at a time, by one sender at a time.

The rows of one mail share its Message-ID, from the first try to the last. A claim that lapses, because its sender
died or hung, is taken over with the same Message-ID: at worst the same mail arrives twice and can be told apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, literal_column, or_, update
from sqlmodel import Session, col, select

from tracker import clock, db
from tracker.models import Deadline, DeadlineStatus, Outbox, OutboxState
from tracker.services.mornings import next_morning
from workflows.calendars import Calendar

CLAIM = timedelta(minutes=10)
"""How long a claim holds: longer than handing one mail over can take."""

BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(minutes=120))
"""Waits after the first, second, third and fourth try that failed for the time being; after the fifth it has failed."""

WHILE_DOWN = timedelta(minutes=5)
"""Wait after a try at a mail server with which nothing can be sent just now. It is not the mail's fault: not counted."""

REPEATS = 2
"""How often a mail whose outcome is unknown is sent again."""

OVERTAKEN = "A later step was due as well, and only that one goes."

MOST_TRIES = 8
"""Tries after which a mail that never comes to an end (its sender died each time) has failed."""

AT_ONCE = "link"
"""The kind of notice that goes at any hour: somebody waits for it, or has just pressed a button."""

_WAITING = col(Outbox.state).in_(
    [literal_column(f"'{OutboxState.QUEUED}'"), literal_column(f"'{OutboxState.SENDING}'")]
)  # literals, so that both databases can tell that the partial index will do


class Outcome(StrEnum):
    """What became of one try."""

    SENT = "sent"
    TEMPORARY = "temporary"
    DOWN = "down"
    PERMANENT = "permanent"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Clocks:
    """The instants of one round: ``at``, by which everything is judged and dated; ``now``, by which claims lapse."""

    at: datetime
    now: datetime


def mailboxes(
    session: Session, clocks: Clocks, *, after: str, limit: int, at_once: bool = False
) -> Sequence[str]:
    """List mailboxes for which something waits, in order, from the one after ``after``.

    ``at_once``: only what goes at any hour.
    """
    return session.exec(
        select(Outbox.to_address)
        .where(_WAITING, _ready(clocks), col(Outbox.to_address) > after, *_only(at_once=at_once))
        .distinct()
        .order_by(col(Outbox.to_address))
        .limit(limit)
    ).all()


def held(session: Session, mailbox: str, *, at_once: bool = False) -> list[Outbox]:
    """Everything waiting for one mailbox, held until the end of the transaction; oldest first.

    The order keeps two senders from waiting for each other in a ring. ``at_once``: only what goes at any hour.
    """
    statement = select(Outbox).where(_WAITING, Outbox.to_address == mailbox, *_only(at_once=at_once))
    return list(session.exec(db.for_update(session, statement.order_by(col(Outbox.id)))).all())


def _only(*, at_once: bool) -> tuple[ColumnElement[bool], ...]:
    return (col(Outbox.kind) == AT_ONCE,) if at_once else ()


def next_mail(session: Session, rows: list[Outbox], clocks: Clocks, calendar: Calendar) -> list[Outbox]:
    """Choose the rows of the next mail to one mailbox; empty if there is none to send now.

    First what was tried before, then notes that go singly, then the digest: one a London day. What is too late for
    today's digest is put off to the next working morning.
    """
    ready = [row for row in rows if is_ready(row, clocks)]
    for row in ready:
        if (
            row.state == OutboxState.SENDING
        ):  # its sender died or hung: it may have arrived, whatever comes next
            row.ambiguous = max(row.ambiguous, 1)
    tried = next(
        (row.message_id for row in ready if row.message_id and not _may_be_merged(row, clocks)), None
    )
    if tried is not None:
        return [row for row in rows if row.message_id == tried]
    singly = next((row for row in ready if row.singly), None)
    if singly is not None:
        return [singly]
    digest = [row for row in ready if not row.singly]
    if not digest or any(_is_in_flight(row, clocks) for row in rows):
        return []
    if _had_digest(session, digest[0].to_address, clocks.at):
        for row in digest:
            put_off(row, clocks.at, calendar)
        return []
    return digest


def put_off(row: Outbox, at: datetime, calendar: Calendar) -> None:
    """Let a notice wait for the next working morning."""
    row.state, row.claimed_by, row.claimed_until = OutboxState.QUEUED, None, None
    row.not_before = next_morning(clock.london(at), calendar)


def cancel(row: Outbox, why: str) -> None:
    """Take a notice back that is no longer wanted."""
    row.state, row.last_error, row.claimed_by, row.claimed_until = OutboxState.CANCELLED, why, None, None


def skip(row: Outbox) -> None:
    """Put on record that a later step goes instead."""
    row.state, row.last_error, row.claimed_by, row.claimed_until = OutboxState.SKIPPED, OVERTAKEN, None, None


def fail(rows: Sequence[Outbox], why: str) -> None:
    """Give notices up, for staff to see."""
    for row in rows:
        row.state, row.last_error, row.claimed_by, row.claimed_until = OutboxState.FAILED, why, None, None


def take(rows: Sequence[Outbox], message_id: str, holder: str, clocks: Clocks) -> None:
    """Claim the rows of one mail."""
    for row in rows:
        row.state = OutboxState.SENDING
        row.message_id = message_id
        row.attempts += 1
        row.claimed_by, row.claimed_until = holder, clocks.now + CLAIM


def settle(
    session: Session, message_id: str, holder: str, outcome: Outcome, *, why: str = "", clocks: Clocks
) -> OutboxState:
    """Write down what became of a try; return where the mail stands now.

    A mail that went is marked by whoever sent it, even where the claim had lapsed. Any other outcome is written only
    by the holder of the claim: the mail may be somebody else's by now.
    """
    statement = select(Outbox).where(
        _WAITING, Outbox.message_id == message_id, Outbox.state == OutboxState.SENDING
    )
    if outcome is not Outcome.SENT:
        statement = statement.where(Outbox.claimed_by == holder)
    rows = session.exec(db.for_update(session, statement.order_by(col(Outbox.id)))).all()
    for row in rows:
        row.claimed_by, row.claimed_until, row.last_error = None, None, why
        if outcome is Outcome.SENT:
            row.state, row.sent_at = OutboxState.SENT, clocks.at
            continue
        row.ambiguous += outcome is Outcome.AMBIGUOUS
        row.attempts -= outcome is Outcome.DOWN
        wait = _wait(row, outcome)
        row.state = OutboxState.FAILED if wait is None else OutboxState.QUEUED
        if wait is not None:
            row.not_before = clocks.at + wait
    return OutboxState(rows[0].state) if rows else OutboxState.SENDING


def decide_again(session: Session, deadline_ids: Sequence[int], at: datetime) -> None:
    """Have the next tick look at these deadlines: whoever was to be told is no longer the one."""
    session.connection().execute(
        update(Deadline)
        .where(col(Deadline.id).in_(deadline_ids), col(Deadline.status) == DeadlineStatus.RUNNING)
        .values(next_notice_at=at)
    )


def _wait(row: Outbox, outcome: Outcome) -> timedelta | None:
    if outcome is Outcome.PERMANENT or (outcome is Outcome.AMBIGUOUS and row.ambiguous > REPEATS):
        return None
    if outcome is Outcome.DOWN:
        return WHILE_DOWN
    if row.attempts > len(BACK_OFF):
        return None
    return BACK_OFF[row.attempts - 1]


def is_ready(row: Outbox, clocks: Clocks) -> bool:
    """Whether a waiting row may be taken: its time has come, and nobody else holds it."""
    if row.state == OutboxState.QUEUED:
        return row.not_before <= clocks.at
    return row.claimed_until is None or row.claimed_until <= clocks.now


def _ready(clocks: Clocks) -> ColumnElement[bool]:
    return or_(
        and_(col(Outbox.state) == OutboxState.QUEUED, col(Outbox.not_before) <= clocks.at),
        and_(col(Outbox.state) == OutboxState.SENDING, col(Outbox.claimed_until) <= clocks.now),
    )


def _is_in_flight(row: Outbox, clocks: Clocks) -> bool:
    return not row.singly and row.state == OutboxState.SENDING and not is_ready(row, clocks)


def _may_be_merged(row: Outbox, clocks: Clocks) -> bool:
    """A digest of an earlier day that certainly never arrived: what it held goes into today's."""
    never_arrived = row.state == OutboxState.QUEUED and row.ambiguous == 0 and not row.singly
    return never_arrived and clock.london(row.not_before) < clock.london(clocks.at)


def _had_digest(session: Session, mailbox: str, at: datetime) -> bool:
    today = clock.london(at)
    sent = session.exec(
        select(Outbox.sent_at)
        .where(
            Outbox.to_address == mailbox,
            Outbox.state == OutboxState.SENT,
            col(Outbox.singly).is_(False),
            col(Outbox.sent_at) >= at - timedelta(days=1, hours=1),
        )
        .order_by(col(Outbox.sent_at))
    ).all()
    return any(clock.london(instant) == today for instant in sent if instant is not None)
