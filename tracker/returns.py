"""Looking for mail that came back: in the mailbox that collects it, and at GOV.UK Notify. Every few minutes, by one process."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, update
from sqlmodel import Session, col

from config import Settings
from tracker import clock, db
from tracker.db import Database
from tracker.models import Lease
from tracker.services.bounces import Returned, came_back, returned_in_bytes
from tracker.services.leases import RETURNS
from tracker.transports import NotHandedOver, transport_for
from tracker.transports.imap import ImapBox
from tracker.transports.notify import NotifyTransport

log = structlog.get_logger()

EVERY = timedelta(minutes=5)
LONGEST = 60.0
"""Seconds after which the next look goes on: whoever does the rounds reads the mailbox too, and reminders come first."""
FOR_GOOD = "permanent-failure"


@dataclass(frozen=True, slots=True)
class _Found:
    returned: Returned
    for_good: bool


def collect(
    settings: Settings,
    database: Database,
    at: datetime,
    *,
    holder: str,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Put on the ledger what came back since the last look; return how many reminders it held.

    Reading one report twice changes nothing. What cannot be read is said on "Runs and outbox", and tried again.
    """
    if settings.bounces_url is None and settings.mail != "notify":
        return 0
    with database.transaction() as session:
        if not _mine(session, holder, at):
            return 0
    reminders, problem, began = 0, "", clock.seconds()

    def enough() -> bool:
        return stopping() or clock.seconds() - began > LONGEST

    try:
        for found in _sources(settings, enough):
            with database.transaction() as session:
                reminders += came_back(session, found.returned, at=at, for_good=found.for_good)
    except NotHandedOver as error:
        problem = str(error)
        log.warning("returned_mail_unread", why=problem)
    with database.transaction() as session:
        session.get_one(Lease, RETURNS).detail = {"problem": problem}
    return reminders


def _sources(settings: Settings, enough: Callable[[], bool]) -> Iterator[_Found]:
    if settings.bounces_url is not None:
        for raw in ImapBox.from_url(settings.bounces_url.get_secret_value()).unread(enough):
            returned = returned_in_bytes(raw)
            if returned is not None:
                yield _Found(returned, returned.for_good)
    notify = transport_for(settings)
    if isinstance(notify, NotifyTransport):
        for one in notify.failures():
            words = one.status.replace("-", " ")
            yield _Found(Returned(one.message_id, "", words), for_good=one.status == FOR_GOOD)
            if enough():
                return


def _mine(session: Session, holder: str, at: datetime) -> bool:
    """Whether it is time to look again, and nobody else does."""
    first = {"name": RETURNS, "holder": holder, "expires_at": at + EVERY, "last_ok_at": None, "detail": {}}
    if db.insert_new(session, Lease, [first]):
        return True
    result = session.connection().execute(
        update(Lease)
        .where(
            col(Lease.name) == RETURNS,
            # further ahead than any look puts it, it was written by a clock that has been put back since
            or_(col(Lease.expires_at) <= at, col(Lease.expires_at) > at + 2 * EVERY),
        )
        .values(holder=holder, expires_at=at + EVERY)
    )
    return result.rowcount == 1
