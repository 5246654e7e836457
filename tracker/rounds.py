"""One round: decide what is owed, deliver what is due, write the heartbeat."""

import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from config import Settings
from tracker import briefs, cards, clock, returns
from tracker.db import Database
from tracker.outbox import DeliverResult, Letterhead, deliver
from tracker.services import leases
from tracker.services.calendars import calendar_for
from tracker.services.mornings import morning_passed
from tracker.services.reconciling import reconcile
from tracker.services.reminders import TickResult, tick
from tracker.transports import Transport, transport_for
from tracker.transports.teams import TeamsPost

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What one round decided and delivered."""

    tick: TickResult
    delivered: DeliverResult

    def as_json(self) -> dict[str, object]:
        """The counts as ``tracker tick --json`` prints them."""
        return {
            "deadlines": self.tick.looked_at,
            "decided": self.tick.queued,
            "skipped": self.tick.skipped,
            "for_nobody": self.tick.for_nobody,
            "mails": self.delivered.mails,
            "notices": self.delivered.notices,
            "retried": self.delivered.retried,
            "failed": self.delivered.failed,
            "cancelled": self.delivered.cancelled,
            "down": self.delivered.down,
        }


def new_holder() -> str:
    """A name that no other sender has: machine, process, and a random part for each sender in it."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def run(
    settings: Settings,
    database: Database,
    at: datetime,
    *,
    holder: str,
    transport: Transport | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> RoundResult:
    """Decide and deliver as at ``at``, without asking whose turn it is.

    A note of the week that cannot be put together keeps no reminder waiting: what broke is raised in the end.
    """
    decided, broken = tick(database, at), None
    try:
        briefs.owe_week(database, at)
    except DBAPIError:
        raise
    except Exception as error:  # noqa: BLE001 - raised in the end
        log.error("note_broke", error=type(error).__name__)  # noqa: TRY400 - no values
        broken = error
    delivered = deliver(
        database,
        transport or transport_for(settings),
        at,
        holder,
        letterhead=letterhead_of(settings),
        briefing=briefs.brief,
        stopping=stopping,
    )
    cards.post(database, TeamsPost(settings.teams_ends), at, stopping=stopping)
    if broken is not None:
        raise broken
    return RoundResult(decided, delivered)


def letterhead_of(settings: Settings) -> Letterhead:
    """What the mails of this installation carry. Without a secret key their links lead to the door."""
    secret = settings.secret_key.get_secret_value() if settings.secret_key else ""
    return Letterhead(settings.mail_from, settings.base_url, secret)


def in_turn(
    settings: Settings,
    database: Database,
    now: Callable[[], datetime],
    *,
    holder: str,
    insist: bool = False,
    stopping: Callable[[], bool] = lambda: False,
) -> RoundResult | None:
    """Do a round if nobody else is doing one, or even so if ``insist``; write the heartbeat when it went well."""
    with database.transaction() as session:
        mine = leases.hold(session, holder, now())
        if mine:
            leases.note_gap(session, now())
    if not mine and not insist:
        return None
    try:
        result = run(settings, database, now(), holder=holder, stopping=stopping)
        with database.reading() as session:  # asking every date takes a while, in which others may write
            checked = _check(session, now())
        with database.transaction() as session:
            leases.round_went_well(session, now(), _detail(session, result, now()) | checked)
        returns.collect(settings, database, now(), holder=holder, stopping=stopping)
    finally:
        if mine:
            with database.transaction() as session:
                leases.release(session, holder, now())
    return result


def _check(session: Session, at: datetime) -> dict[str, object]:
    """Once a working day, after the morning's round: is anything due but not told? Said aloud if so."""
    before = leases.last_round(session)
    if morning_passed(at, calendar_for(session, None)) is None:
        return {}
    if before and before.checked_at and clock.london(before.checked_at) == clock.london(at):
        return {}
    found = reconcile(session, at)
    if found.untold:
        log.error("due_but_not_told", count=len(found.untold))
    return {"checked": {"at": at.isoformat(), "dates": found.dates, "untold": len(found.untold)}}


def _detail(session: Session, result: RoundResult, at: datetime) -> dict[str, object]:
    """The counts that pages show: of all rounds of this London day together. Mail is down since it first was."""
    before = leases.last_round(session)
    today = before if before and clock.london(before.at) == clock.london(at) else None
    down_since = None
    if result.delivered.down:
        down_since = (before.down_since if before else None) or at
    return {
        "decided": result.tick.queued + (today.decided if today else 0),
        "mails": result.delivered.mails + (today.mails if today else 0),
        "failed": result.delivered.failed + result.tick.for_nobody + (today.failed if today else 0),
        "down": result.delivered.down,
        "down_since": down_since.isoformat() if down_since else None,
    }
