"""Delivering what is owed: claim, ask whether it is still wanted, send, mark.

Nothing is sent inside a transaction, nothing at night or on days off, and at most one digest a working day to one
mailbox. A crash between sending and marking sends the same mail once more, with the same Message-ID.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import structlog
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from tracker import clock
from tracker.db import Database
from tracker.mails import CannotBeWritten, Envelope
from tracker.models import Outbox, OutboxState, User
from tracker.models.columns import JsonObject
from tracker.services import alerts, applied_mails, claims, link_mails, password_links, returning, teams
from tracker.services.calendars import calendar_for
from tracker.services.claims import Clocks, Outcome
from tracker.services.mailing import Briefing, compose, nothing_more
from tracker.services.mornings import morning_passed
from tracker.services.notices import Desk
from tracker.services.reminder_choices import Choices
from tracker.services.returning import RETURNS
from tracker.transports import Ambiguous, NotHandedOver, Permanent, Remembers, Temporary, Transport

log = structlog.get_logger()

PAGE = 100
LONGEST_ROUND = 240.0
"""Seconds after which a round stops taking further mails, so that the heartbeat shows life; the next goes on."""

MARK_AGAIN = (0.5, 2.0, 5.0)
"""Seconds to wait before a mark that could not be written is tried again: the database was busy, or restarted."""


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
    again: bool = False
    card: JsonObject | None = None
    reader_id: int = 0
    mailbox: str = ""


@dataclass(frozen=True, slots=True)
class _Became:
    """What became of a try, and why. ``no_mailbox``: the code of a server that says that there is no such mailbox."""

    outcome: Outcome
    why: str = ""
    no_mailbox: str = ""


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
    broken: Exception | None = None

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
    left stays in the outbox. A mail that cannot be put into words keeps nobody else waiting: what broke is raised when
    all others have gone, so that the round does not count as one that went well.
    """
    this = _Round(database, transport, at, holder, letterhead, clock.seconds(), briefing)
    _deliver_all(this, stopping)
    if this.broken is not None:
        raise this.broken
    return this.result


def _deliver_all(this: _Round, stopping: Callable[[], bool]) -> None:
    after = ""
    while True:
        with this.database.reading() as session:
            this.night = morning_passed(this.at, calendar_for(session, None)) is None
            some = claims.mailboxes(session, this.clocks(), after=after, limit=PAGE, at_once=this.night)
            if not some:
                return
            # Somebody sits and waits for these: they do not stand in the line of a morning's thousands.
            first = (
                []
                if this.night
                else claims.mailboxes(session, this.clocks(), after="", limit=PAGE, at_once=True)
            )
        for mailbox in (*first, *some):
            while not this.result.down:
                if stopping() or clock.seconds() - this.started > LONGEST_ROUND:
                    return
                if not _one_mail_or_none(this, mailbox):
                    break
            if this.result.down:
                return
        after = some[-1]


def _one_mail_or_none(this: _Round, mailbox: str) -> bool:
    """The next mail to a mailbox; False when there is none, or when it cannot be written."""
    try:
        return _one_mail(this, mailbox)
    except DBAPIError:  # nothing about this mail: the database is away or busy
        raise
    except Exception as error:  # noqa: BLE001 - raised in the end
        # Its name only: the text of an error may hold what no log may hold.
        log.error("mail_broke", error=type(error).__name__)  # noqa: TRY400
        this.broken = this.broken or error
        return False


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
    became = _send(this, taken)
    stands = _settle(this, taken, became)
    if became.outcome is Outcome.SENT:
        this.result.mails += 1
        this.result.notices += taken.notices
    elif stands is OutboxState.FAILED:
        this.result.failed += taken.notices
    else:
        this.result.retried += taken.notices
    return True


def _settle(this: _Round, taken: _Mail, became: _Became) -> OutboxState:
    """Write down what became of a mail. Worth several tries: what is not marked as sent is sent again."""
    for pause in MARK_AGAIN:
        try:
            return _mark(this, taken, became)
        except OperationalError:
            log.warning("mark_tried_again")
            time.sleep(pause)
    return _mark(this, taken, became)


def _mark(this: _Round, taken: _Mail, became: _Became) -> OutboxState:
    with this.database.transaction() as session:
        stands = claims.settle(
            session, taken.message_id, this.holder, became.outcome, why=became.why, clocks=this.clocks()
        )
        if became.no_mailbox and taken.mailbox:
            returning.mark(session, taken.mailbox, taken.message_id, became.no_mailbox, this.at)
        if became.outcome is Outcome.SENT and taken.card is not None:
            teams.queue(session, taken.message_id, taken.reader_id, taken.card, at=this.at)
    return stands


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
        told_of_case = about if row.kind == alerts.KIND else None
        if not why and told_of_case is not None:
            why = alerts.unwanted(session, desk.directory, row, told_of_case.case)
        if why:
            claims.cancel(row, why)
            this.result.cancelled += 1
            if row.deadline_id is not None:
                again.append(row.deadline_id)
            elif why in {RETURNS, alerts.NOT_THEIRS} and told_of_case is not None:
                alerts.pass_on(session, told_of_case.case, row, why, at=this.at)
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
        card = None
        mail = _about_link(this, session, first, envelope)
        if mail is None:
            composed = compose(desk, rows, reader, envelope, this.briefing)
            mail = composed.drawn()
            if reader is not None and teams.url_of(session, reader.id):
                home = f"{desk.base_url}/"
                card = teams.card_of(composed.subject, composed.words, frozenset(desk.restricted), home)
    except CannotBeWritten as error:
        claims.fail(rows, str(error))
        this.result.failed += len(rows)
        return None
    again = any(row.attempts for row in rows)
    claims.take(rows, message_id, this.holder, this.clocks())
    # Whoever has just asked for something at an address that is none is not reminded there anyway.
    mailbox = "" if first.kind == claims.AT_ONCE else first.to_address
    return _Mail(message_id, len(rows), mail, again, card, first.recipient_id or 0, mailbox)


def _about_link(this: _Round, session: Session, row: Outbox, envelope: Envelope) -> EmailMessage | None:
    """The mail that goes at once, if the row is one: about a link itself, or thanks for an application."""
    if row.kind != claims.AT_ONCE:
        return None
    head = this.letterhead
    if row.template == applied_mails.TEMPLATE:
        return applied_mails.write(session, row, envelope)
    if row.template == password_links.TEMPLATE:
        return password_links.write(session, row, envelope, secret=head.secret, base_url=head.base_url)
    return link_mails.write(session, row, envelope, secret=head.secret, base_url=head.base_url)


def _unwanted_link(session: Session, row: Outbox, at: datetime) -> str:
    """Why a mail that goes at once must not go any more."""
    if row.template == applied_mails.TEMPLATE:
        return applied_mails.unwanted(session, row)
    if row.template == password_links.TEMPLATE:
        return password_links.unwanted(session, row, at)
    return link_mails.unwanted(session, row, at)


def _hand_over(transport: Transport, taken: _Mail) -> None:
    """Send a mail, unless it had been taken before and only the answer was lost."""
    if not (taken.again and isinstance(transport, Remembers) and transport.has(taken.message_id)):
        transport.send(taken.mail)


def _send(this: _Round, taken: _Mail) -> _Became:
    try:
        _hand_over(this.transport, taken)
    except Temporary as error:
        this.result.down = str(error) if error.down else ""
        return _Became(Outcome.DOWN if error.down else Outcome.TEMPORARY, str(error))
    except Permanent as error:
        return _Became(Outcome.PERMANENT, str(error), error.no_mailbox)
    except Ambiguous as error:
        return _Became(Outcome.AMBIGUOUS, str(error))
    except NotHandedOver as error:
        return _Became(Outcome.TEMPORARY, str(error))
    except Exception as error:  # noqa: BLE001 - one mail that breaks the transport must not keep the others waiting
        # Its name only: the text of an error may hold an address.
        log.error("transport_broke", error=type(error).__name__)  # noqa: TRY400
        return _Became(Outcome.AMBIGUOUS, f"The transport broke ({type(error).__name__}).")
    return _Became(Outcome.SENT)
