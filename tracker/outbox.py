"""Delivering what is owed: claim, ask whether it is still wanted, send, mark.

Nothing is sent inside a transaction, nothing at night or on days off, and at most one digest a working day to one
mailbox. A crash between sending and marking sends the same mail once more, with the same Message-ID.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import structlog
from sqlmodel import Session

from tracker import clock
from tracker.db import Database
from tracker.mails import CannotBeWritten, Envelope
from tracker.models import Outbox, OutboxState, User
from tracker.services import claims, link_mails, password_links
from tracker.services.calendars import calendar_for
from tracker.services.claims import Clocks, Outcome
from tracker.services.mailing import Briefing, nothing_more, write
from tracker.services.mornings import morning_passed
from tracker.services.notices import Desk
from tracker.services.reminder_choices import Choices
from tracker.transports import Ambiguous, NotHandedOver, Permanent, Temporary, Transport

log = structlog.get_logger()

PAGE = 100
LONGEST_ROUND = 240.0
"""Seconds after which a round stops taking further mails, so that the heartbeat shows life; the next goes on."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every mail of this installation carries: the sender's address, where its links lead, the secret of their keys."""

    mail_from: str
    base_url: str
    secret: str = field(default="", repr=False)


@dataclass(slots=True)
class DeliverResult:
    """What one round delivered. ``mails`` and ``notices`` went out; the others count notices, ``down`` says why."""

    mails: int = 0
    notices: int = 0
    retried: int = 0
    failed: int = 0
    cancelled: int = 0
    down: str = ""


@dataclass(frozen=True, slots=True)
class _Mail:
    message_id: str
    notices: int
    mail: EmailMessage


@dataclass(slots=True)
class _Round:
    database: Database
    transport: Transport
    at: datetime
    holder: str
    letterhead: Letterhead
    started: float
    night: bool = field(default=False, init=False)
    briefing: Briefing = nothing_more
    result: DeliverResult = field(default_factory=DeliverResult)

    def clocks(self) -> Clocks:
        """``at`` stands still for everything that is judged or dated; claims lapse by the time that really passes."""
        return Clocks(self.at, self.at + timedelta(seconds=clock.seconds() - self.started))


def deliver(
    database: Database,
    transport: Transport,
    at: datetime,
    holder: str,
    *,
    letterhead: Letterhead,
    briefing: Briefing = nothing_more,
    stopping: Callable[[], bool] = lambda: False,
) -> DeliverResult:
    """Send every mail that is due at ``at``. ``holder`` names this sender and nobody else.

    ``briefing`` says what the digests of the business unit hold besides dates.

    Stops early when the mail server cannot be reached, after some minutes, and when ``stopping`` says so; what is
    left stays in the outbox.
    """
    this = _Round(database, transport, at, holder, letterhead, clock.seconds(), briefing)
    after = ""
    while True:
        with database.reading() as session:
            this.night = morning_passed(at, calendar_for(session, None)) is None
            some = claims.mailboxes(session, this.clocks(), after=after, limit=PAGE, at_once=this.night)
            if not some:
                return this.result
        for mailbox in some:
            while not this.result.down:
                if stopping() or clock.seconds() - this.started > LONGEST_ROUND:
                    return this.result
                if not _one_mail(this, mailbox):
                    break
            if this.result.down:
                return this.result
        after = some[-1]


def _one_mail(this: _Round, mailbox: str) -> bool:
    """Take and send the next mail to a mailbox; False when there is none."""
    with this.database.transaction() as session:
        desk = Desk(session, this.at, this.letterhead.base_url, this.letterhead.secret)
        rows = _still_wanted(this, session, desk, mailbox)
        if rows is None:
            return False
        taken = _take(this, session, desk, rows) if rows else None
    if taken is None:
        return True
    outcome, why = _send(this, taken.mail)
    with this.database.transaction() as session:
        stands = claims.settle(session, taken.message_id, this.holder, outcome, why=why, clocks=this.clocks())
    if outcome is Outcome.SENT:
        this.result.mails += 1
        this.result.notices += taken.notices
    elif stands is OutboxState.FAILED:
        this.result.failed += taken.notices
    else:
        this.result.retried += taken.notices
    return True


def _still_wanted(this: _Round, session: Session, desk: Desk, mailbox: str) -> list[Outbox] | None:
    """The rows of the next mail, those left out that are not wanted any more; None if there is nothing to send."""
    common = calendar_for(session, None)
    held = claims.held(session, mailbox, at_once=this.night)
    Choices(session).let_wait([row for row in held if row.kind != claims.AT_ONCE], this.at)
    chosen = claims.next_mail(session, held, this.clocks(), common)
    if not chosen:
        return None
    wanted, again = [], []
    for row in chosen:
        about = desk.about(row)
        at_once = row.kind == claims.AT_ONCE
        why = _unwanted_link(session, row, this.at) if at_once else desk.unwanted(row)
        if why:
            claims.cancel(row, why)
            this.result.cancelled += 1
            if row.deadline_id is not None:
                again.append(row.deadline_id)
        elif desk.overtaken(row):
            claims.skip(row)
            this.result.cancelled += 1
        elif about is not None and not at_once and not desk.calendar(about.case).is_working(desk.today):
            claims.put_off(row, this.at, desk.calendar(about.case))
        else:
            wanted.append(row)
    session.flush()
    if again:
        claims.decide_again(session, again, this.at)
    return wanted


def _take(this: _Round, session: Session, desk: Desk, rows: Sequence[Outbox]) -> _Mail | None:
    """Claim the rows and write their mail; None if that cannot be done."""
    first = rows[0]
    if first.attempts >= claims.MOST_TRIES:
        claims.fail(rows, "It was begun many times and never came to an end.")
        this.result.failed += len(rows)
        return None
    host = urlsplit(this.letterhead.base_url).hostname or "localhost"
    message_id = first.message_id or f"<{secrets.token_hex(16)}@{host}>"
    reader = session.get(User, first.recipient_id) if first.recipient_id else None
    envelope = Envelope(first.to_address, this.letterhead.mail_from, "", message_id, this.at)
    try:
        mail = _about_link(this, session, first, envelope) or write(
            desk, rows, reader, envelope, this.briefing
        )
    except CannotBeWritten as error:
        claims.fail(rows, str(error))
        this.result.failed += len(rows)
        return None
    claims.take(rows, message_id, this.holder, this.clocks())
    return _Mail(message_id, len(rows), mail)


def _about_link(this: _Round, session: Session, row: Outbox, envelope: Envelope) -> EmailMessage | None:
    """The mail about a link itself, if the row is one."""
    if row.kind != claims.AT_ONCE:
        return None
    head = this.letterhead
    if row.template == password_links.TEMPLATE:
        return password_links.write(session, row, envelope, secret=head.secret, base_url=head.base_url)
    return link_mails.write(session, row, envelope, secret=head.secret, base_url=head.base_url)


def _unwanted_link(session: Session, row: Outbox, at: datetime) -> str:
    """Why a mail about a link must not go any more."""
    if row.template == password_links.TEMPLATE:
        return password_links.unwanted(session, row, at)
    return link_mails.unwanted(session, row, at)


def _send(this: _Round, mail: EmailMessage) -> tuple[Outcome, str]:
    try:
        this.transport.send(mail)
    except Temporary as error:
        this.result.down = str(error) if error.down else ""
        return Outcome.TEMPORARY, str(error)
    except Permanent as error:
        return Outcome.PERMANENT, str(error)
    except Ambiguous as error:
        return Outcome.AMBIGUOUS, str(error)
    except NotHandedOver as error:
        return Outcome.TEMPORARY, str(error)
    except Exception as error:  # noqa: BLE001 - one mail that breaks the transport must not keep the others waiting
        # Its name only: the text of an error may hold an address.
        log.error("transport_broke", error=type(error).__name__)  # noqa: TRY400
        return Outcome.AMBIGUOUS, f"The transport broke ({type(error).__name__})."
    return Outcome.SENT, ""
