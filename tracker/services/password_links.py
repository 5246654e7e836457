"""Links by which somebody sets their own password: signed, for 72 hours, and for one use. Nobody chooses it for them.

A link holds a digest of the password as it was, so that it ends as soon as that is another. It is in no row: it is
worked out when its mail is written.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from itsdangerous import BadData, URLSafeSerializer
from sqlmodel import Session, select

from tracker import clock, db
from tracker.errors import TrackerError
from tracker.mails import Envelope, draw
from tracker.models import Outbox, OutboxState, Partnership, User
from tracker.services import people, sign_in
from tracker.services.claims import AT_ONCE
from tracker.services.link_mails import LinkWords
from tracker.templating import instant

WORKS = timedelta(hours=72)
"""How long a link works after it was asked for."""
TEMPLATE = "set_password"
SUBJECT = "Set your password"
_SALT = "set a password"


class PasswordLinkEnded(TrackerError):
    """The link has run out, was used, or was none: one answer for all, so that nobody learns which."""

    def __init__(self) -> None:
        super().__init__("This link has ended. Nothing has been changed.")


def token_of(secret: str, user: User, until: datetime) -> str:
    """What stands in the address of the link of one person."""
    return str(_signer(secret).dumps([user.id, int(until.timestamp()), _digest(user)]))


def person_of(session: Session, secret: str, token: str, at: datetime) -> User:
    """Whose link it is, held until the end of the transaction.

    Raises:
        PasswordLinkEnded: it works no more, or never did.
    """
    try:
        number, until, digest = _signer(secret).loads(token)
    except BadData:
        raise PasswordLinkEnded from None
    user = session.exec(db.for_update(session, select(User).where(User.id == number))).first()
    if user is None or not user.active or at.timestamp() >= until or digest != _digest(user):
        raise PasswordLinkEnded
    return user


def set_password(session: Session, secret: str, token: str, password: str, *, at: datetime) -> None:
    """Set the password of whoever holds the link; all their sessions end, and so does the link.

    Raises:
        PasswordLinkEnded: it works no more, or never did.
        BadInput: the password cannot be taken.
    """
    user = person_of(session, secret, token, at)
    user.password_hash = people.accepted(password, user.email)
    session.add(user)
    sign_in.end_all(session, user.id or 0, at=at)


def send(session: Session, user: User, partnership: Partnership, *, at: datetime, request_id: str) -> None:
    """Owe the person a mail with a link. It goes at any hour, and holds no name."""
    row = {
        "dedupe_key": f"password:{user.id}:{request_id or at.isoformat()}",
        "kind": AT_ONCE,
        "recipient_id": user.id,
        "to_address": user.email,
        "who": "",
        "case_id": None,
        "generation": 0,
        "rung": "",
        "singly": True,
        "template": TEMPLATE,
        "payload": {"partnership": partnership.id},
        "owed_on": clock.london(at),
        "not_before": at,
        "state": OutboxState.QUEUED,
        "attempts": 0,
        "ambiguous": 0,
        "last_error": "",
        "created_at": at,
    }
    db.insert_new(session, Outbox, [row])


def unwanted(session: Session, row: Outbox, at: datetime) -> str:
    """Why such a mail must not go any more; empty if it is still wanted."""
    user = session.get(User, row.recipient_id)
    if user is None or not user.active:
        return "The person may not sign in any more."
    return "The link had run out before it could be sent." if at >= _until(row) else ""


def write(session: Session, row: Outbox, envelope: Envelope, *, secret: str, base_url: str) -> EmailMessage:
    """Write the mail of one such row.

    Raises:
        CannotBeWritten: the address cannot stand in a mail.
    """
    user = session.get_one(User, row.recipient_id)
    token = token_of(secret, user, _until(row))
    words = LinkWords(
        (),
        signature=session.get_one(Partnership, row.payload["partnership"]).name,
        link=f"{base_url.rstrip('/')}/set-password/{token}",
        until=instant(_until(row)),
    )
    return draw(TEMPLATE, words, SUBJECT, envelope)


def _until(row: Outbox) -> datetime:
    return (row.created_at + WORKS).astimezone(UTC)


def _digest(user: User) -> str:
    return hashlib.sha256((user.password_hash or "").encode()).hexdigest()


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=_SALT, signer_kwargs={"digest_method": hashlib.sha256})
