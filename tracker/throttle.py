"""Slowing down guesses at passwords. Everything is counted in the database, so that all processes count together.

The figures are those of docs/security.md, section 4: after 5 failures a growing delay from 1 to 30 seconds, 10 tries
for an account in 5 minutes, 20 tries in an hour from one network address for accounts that do not exist.
An address from which somebody signed in within 30 days is counted for itself: strangers cannot keep the owner out.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from tracker.errors import TrackerError
from tracker.models import SignInAttempt, User

WINDOW = timedelta(minutes=5)
MOST_IN_WINDOW = 10
FREE_FAILURES = 5
LONGEST_DELAY = timedelta(seconds=30)
UNKNOWN_WINDOW = timedelta(hours=1)
MOST_UNKNOWN = 20
REMEMBERED = timedelta(days=30)


class TriedTooOften(TrackerError):
    """Too many tries to sign in. ``seconds`` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        wait = f"{seconds} seconds" if seconds < 60 else f"{minutes} minute{'s' if minutes > 1 else ''}"
        super().__init__(f"There have been too many tries to sign in. Wait {wait}, then try again.")
        self.seconds = seconds


def digest(text: str) -> str:
    """SHA-256 of an e-mail address or a network address: attempts are kept without either."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def admit(session: Session, *, email: str, address: str, at: datetime) -> tuple[SignInAttempt | None, int]:
    """Count one try. Returns the try and the seconds to wait before its password may be looked at (0: none).

    A try that comes too soon counts as one; a try beyond the most in the window does not, or the window would
    never end.
    """
    email_hash, address_hash = digest(email), digest(address)
    _forget(session, at)
    at_home = _signed_in_from(session, email_hash, address_hash, at)
    failures = _failures(session, email_hash, address_hash if at_home else None, at)
    if len(failures) >= MOST_IN_WINDOW:
        return None, _seconds(failures[MOST_IN_WINDOW - 1] + WINDOW - at)
    if not at_home:
        unknown = _unknown(session, address_hash, at)
        if len(unknown) >= MOST_UNKNOWN:
            return None, _seconds(unknown[MOST_UNKNOWN - 1] + UNKNOWN_WINDOW - at)
    attempt = SignInAttempt(email_hash=email_hash, address_hash=address_hash, at=at, succeeded=False)
    session.add(attempt)
    session.flush()
    if len(failures) >= FREE_FAILURES:
        delay = min(timedelta(seconds=2 ** (len(failures) - FREE_FAILURES)), LONGEST_DELAY)
        if failures[0] + delay > at:
            return attempt, _seconds(failures[0] + delay - at)
    return attempt, 0


def _failures(
    session: Session, email_hash: str, address_hash: str | None, at: datetime
) -> Sequence[datetime]:
    """When the account was last tried in vain within the window, newest first."""
    statement = select(SignInAttempt.at).where(
        SignInAttempt.email_hash == email_hash,
        SignInAttempt.at > at - WINDOW,
        col(SignInAttempt.succeeded).is_(False),
    )
    if address_hash is not None:
        statement = statement.where(SignInAttempt.address_hash == address_hash)
    return session.exec(statement.order_by(col(SignInAttempt.at).desc()).limit(MOST_IN_WINDOW)).all()


def _signed_in_from(session: Session, email_hash: str, address_hash: str, at: datetime) -> bool:
    statement = select(SignInAttempt.id).where(
        SignInAttempt.email_hash == email_hash,
        SignInAttempt.address_hash == address_hash,
        SignInAttempt.at > at - REMEMBERED,
        col(SignInAttempt.succeeded).is_(True),
    )
    return session.exec(statement.limit(1)).first() is not None


def _unknown(session: Session, address_hash: str, at: datetime) -> Sequence[datetime]:
    """When the network address tried accounts that do not exist within the hour, newest first."""
    rows = session.exec(
        select(SignInAttempt.at, SignInAttempt.email_hash)
        .where(
            SignInAttempt.address_hash == address_hash,
            SignInAttempt.at > at - UNKNOWN_WINDOW,
            col(SignInAttempt.succeeded).is_(False),
        )
        .order_by(col(SignInAttempt.at).desc())
    ).all()
    if len(rows) < MOST_UNKNOWN:
        return ()
    ours = {digest(email) for email in session.exec(select(User.email)).all()}
    return [when for when, email_hash in rows if email_hash not in ours]


def _forget(session: Session, at: datetime) -> None:
    """Drop what is older than anything here counts: the privacy page promises 30 days."""
    session.connection().execute(delete(SignInAttempt).where(col(SignInAttempt.at) <= at - REMEMBERED))


def _seconds(left: timedelta) -> int:
    return max(1, -(-left // timedelta(seconds=1)))
