"""How often a link may be used: counted in the database, so that all processes count together.

A key cannot be guessed; these bounds keep a leaked link, or a program that presses buttons, from doing much.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from tracker.errors import TrackerError
from tracker.models import LinkUse, UpdateLinkCode, UpdateLinkGuess, UpdateLinkUse
from tracker.throttle import TriedTooOften, digest

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_SAVED = 60
"""Answers by one link in an hour."""
MOST_LETTERS = 3
"""New links asked for by one link in a day: for a colleague, or after its end."""
MOST_CODES = 5
"""Codes for one link in an hour."""
MOST_CODES_A_DAY = 10
MOST_GUESSES = 20
"""Keys that are nobody's, from one network address in an hour (docs/security.md, section 4)."""


class AskedTooOften(TriedTooOften):
    """The link was used very often within a short time. ``seconds`` says how long to wait."""

    def __init__(self, left: timedelta) -> None:
        seconds = max(1, -(-left // timedelta(seconds=1)))
        minutes = -(-seconds // 60)
        wait = (
            f"{minutes} minute{'s' if minutes > 1 else ''}" if minutes < 120 else f"{-(-minutes // 60)} hours"
        )
        TrackerError.__init__(self, f"That was asked for very often. Wait {wait}, then try again.")
        self.seconds = seconds


def saving(session: Session, link_id: int, at: datetime) -> None:
    """Let one more answer be saved. The link must be held: answers about several records at once are counted together.

    Raises:
        AskedTooOften: there were 60 within the hour.
    """
    _most(
        session,
        link_id,
        (LinkUse.UPDATE, LinkUse.ASKED, LinkUse.NOT_ME, LinkUse.WRONG_PERSON),
        MOST_SAVED,
        HOUR,
        at,
    )


def sending(session: Session, link_id: int, what: LinkUse, at: datetime) -> None:
    """Let one more link be sent on account of this one.

    Raises:
        AskedTooOften: there were 3 within the day.
    """
    _most(session, link_id, (what,), MOST_LETTERS, DAY, at)


def code(session: Session, link_id: int, at: datetime) -> None:
    """Let one more code be sent.

    Raises:
        AskedTooOften: there were 5 within the hour, or 10 within the day.
    """
    for most, window in ((MOST_CODES, HOUR), (MOST_CODES_A_DAY, DAY)):
        times = session.exec(
            select(UpdateLinkCode.asked_at)
            .where(UpdateLinkCode.link_id == link_id, UpdateLinkCode.asked_at > at - window)
            .order_by(col(UpdateLinkCode.asked_at).desc())
        ).all()
        if len(times) >= most:
            raise AskedTooOften(times[most - 1] + window - at)


def guessed(session: Session, address: str, at: datetime) -> bool:
    """Count a key that is nobody's, from a network address; whether there were too many within the hour."""
    address_hash = digest(address)
    session.connection().execute(delete(UpdateLinkGuess).where(col(UpdateLinkGuess.at) <= at - HOUR))
    tried = session.exec(select(func.count()).where(UpdateLinkGuess.address_hash == address_hash)).one()
    if tried >= MOST_GUESSES:
        return True
    session.add(UpdateLinkGuess(address_hash=address_hash, at=at))
    session.flush()
    return False


def _most(
    session: Session, link_id: int, what: tuple[LinkUse, ...], most: int, window: timedelta, at: datetime
) -> None:
    times = session.exec(
        select(UpdateLinkUse.at)
        .where(
            UpdateLinkUse.link_id == link_id,
            col(UpdateLinkUse.what).in_(what),
            UpdateLinkUse.at > at - window,
        )
        .order_by(col(UpdateLinkUse.at).desc())
        .limit(most)
    ).all()
    if len(times) >= most:
        raise AskedTooOften(times[-1] + window - at)
