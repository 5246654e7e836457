"""Signing in and out. The cookie carries a random token; the session itself is a row that can be ended."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from tracker import access, db, passwords, throttle
from tracker.models import AccessLog, Looked, Membership, Partnership, SignIn, SignInAttempt, User
from tracker.models.columns import JsonObject
from tracker.policy import Actor

LONGEST = timedelta(hours=10)  # docs/security.md, section 4: session figures
REMEMBERED = timedelta(days=7)
MOST_AT_ONCE = 3
NOTED_EVERY = timedelta(minutes=1)
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Visit:
    """A running session: who it is, what they may do, and where they are from."""

    sign_in_id: int
    actor: Actor
    places: tuple[str, ...]
    demonstration: bool
    to_note: bool


@dataclass(frozen=True, slots=True)
class Knock:
    """A try that was let through to the password. ``stored`` is what to compare with; None: nobody to compare with."""

    attempt_id: int
    user_id: int | None
    stored: str | None


def knock(session: Session, *, email: str, address: str, at: datetime) -> Knock | int:
    """Count a try before any password is looked at; the seconds to wait, if it comes too soon or too often."""
    # An address that no account can have is looked up as none at all: databases refuse some of its characters.
    email = email.strip().lower()
    possible = email if email.isprintable() and len(email) <= 254 else ""
    user = session.exec(db.for_update(session, select(User).where(User.email == possible))).first()
    attempt, wait = throttle.admit(session, email=email, address=address, at=at)
    if wait or attempt is None or attempt.id is None:
        _note(session, Looked.SIGN_IN_REFUSED, user.id if user else None, at, {"why": "too often"})
        return wait
    return Knock(attempt.id, user.id if user else None, user.password_hash if user else None)


def enter(session: Session, knocked: Knock, *, password: str, right: bool, at: datetime) -> str | None:
    """Begin a session if the password was right and the person may still sign in; the token for the cookie.

    The password was compared outside any transaction, because that takes long; so what it was compared with is
    checked again here. The oldest sessions end when there are more than three.
    """
    user = None
    if knocked.user_id is not None:
        user = session.exec(db.for_update(session, select(User).where(User.id == knocked.user_id))).first()
    if user is None or not right or not user.active or user.password_hash != knocked.stored:
        _note(session, Looked.SIGN_IN_REFUSED, knocked.user_id, at, {"why": "not accepted"})
        return None
    succeeded(session, knocked)
    if user.password_hash is not None and passwords.outdated(user.password_hash):
        user.password_hash = passwords.hashed(password)
        session.add(user)
    return begin(session, user, at=at)


def succeeded(session: Session, knocked: Knock) -> None:
    """Note that a try was right after all."""
    attempt = session.get(SignInAttempt, knocked.attempt_id)
    if attempt is not None:
        attempt.succeeded = True
        session.add(attempt)


def begin(session: Session, user: User, *, at: datetime) -> str:
    """Begin a session for somebody whose password was just checked; the token for the cookie."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    user_id = _id(user)
    for oldest in running(session, user_id)[MOST_AT_ONCE - 1 :]:
        oldest.ended_at = at
        session.add(oldest)
    session.add(SignIn(token_hash=_hash(token), user_id=user_id, started_at=at, last_seen_at=at))
    _note(session, Looked.SIGNED_IN, user_id, at)
    return token


def resume(session: Session, token: str, *, at: datetime, idle: timedelta) -> Visit | None:
    """The session of that token, if it still runs: not ended, not idle, not too long, the person not disabled."""
    row = session.exec(select(SignIn).where(SignIn.token_hash == _hash(token))).first()
    if row is None or row.id is None or row.ended_at is not None:
        return None
    if at >= row.last_seen_at + idle or at >= row.started_at + LONGEST:
        return None
    user = session.get(User, row.user_id)
    if user is None or not user.active:
        return None
    places = session.exec(
        select(Partnership.name)
        .join(Membership, col(Membership.partnership_id) == col(Partnership.id))
        .where(Membership.user_id == user.id, col(Membership.to_on).is_(None))
        .distinct()
        .order_by(Partnership.name)
    ).all()
    actor = access.actor_for(session, user, at)
    return Visit(
        row.id, actor, tuple(places), user.demonstration, to_note=at >= row.last_seen_at + NOTED_EVERY
    )


def whose(session: Session, token: str, *, at: datetime) -> int | None:
    """Whose session that was, running or over: somebody who may still sign in, and was here in the last week.

    It opens nothing. It says for whom to keep what was typed into a page that outlived its session.
    """
    row = session.exec(select(SignIn).where(SignIn.token_hash == _hash(token))).first()
    user = session.get(User, row.user_id) if row is not None and at < row.last_seen_at + REMEMBERED else None
    return user.id if user is not None and user.active else None


def note_seen(session: Session, sign_in_id: int, *, at: datetime) -> None:
    """Keep a running session awake."""
    row = session.get(SignIn, sign_in_id)
    if row is not None and row.ended_at is None and row.last_seen_at < at:
        row.last_seen_at = at
        session.add(row)


def end(session: Session, sign_in_id: int, *, at: datetime) -> None:
    """End one session: its cookie opens nothing from now on."""
    row = session.get(SignIn, sign_in_id)
    if row is not None and row.ended_at is None:
        row.ended_at = at
        session.add(row)
        _note(session, Looked.SIGNED_OUT, row.user_id, at)


def end_all(session: Session, user_id: int, *, at: datetime) -> int:
    """End every session of one person; how many there were."""
    rows = running(session, user_id)
    for row in rows:
        row.ended_at = at
        session.add(row)
    if rows:
        _note(session, Looked.SIGNED_OUT, user_id, at, {"sessions": len(rows)})
    session.flush()
    return len(rows)


def running(session: Session, user_id: int) -> Sequence[SignIn]:
    """The sessions of one person that nobody has ended, newest first. Some may have run out by themselves."""
    return session.exec(
        select(SignIn)
        .where(SignIn.user_id == user_id, col(SignIn.ended_at).is_(None))
        .order_by(col(SignIn.started_at).desc(), col(SignIn.id).desc())
    ).all()


def _note(
    session: Session, what: Looked, user_id: int | None, at: datetime, detail: JsonObject | None = None
) -> None:
    session.add(AccessLog(at=at, user_id=user_id, what=what, detail=detail or {}))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _id(user: User) -> int:
    if user.id is None:
        raise ValueError("the person has no row yet: flush first")
    return user.id
