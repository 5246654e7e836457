"""A person's private calendar address: made, narrowed, ended, and read by whoever holds its key."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from tracker import access, db
from tracker import clock as time
from tracker.errors import BadInput, NotPermitted, NotPossible
from tracker.models import CalendarFeed, DateKind, FeedScope, User
from tracker.policy import Actor, Permission, may_knock
from tracker.services.lookups import note_file

NOTED_EVERY = timedelta(minutes=15)
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an address shows: whose dates, of which sorts (none: every sort)."""

    scope: FeedScope = FeedScope.ALL
    kinds: tuple[DateKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """An address that a key opened: who holds it, and what they chose."""

    feed_id: int
    actor: Actor
    chosen: Chosen
    to_note: bool


def make(session: Session, actor: Actor, chosen: Chosen, *, at: datetime) -> str:
    """Make the person's address; the key, which is told only now. Any address before it ends.

    Raises:
        NotPermitted: no case is open to them.
        BadInput: their agency's dates are asked for, and they have no agency.
    """
    user_id = _require(session, actor, chosen)
    end(session, actor, at=at)
    key = secrets.token_urlsafe(_KEY_BYTES)
    session.add(
        CalendarFeed(
            user_id=user_id, key_hash=_hash(key), scope=chosen.scope, kinds=_kinds(chosen), made_at=at
        )
    )
    note_file(session, actor, "calendar address made", (), at=at)
    session.flush()
    return key


def choose(session: Session, actor: Actor, chosen: Chosen, *, at: datetime) -> CalendarFeed:
    """Let the address show something else from now on.

    Raises:
        NotPermitted: no case is open to them.
        NotPossible: they have no address.
        BadInput: their agency's dates are asked for, and they have no agency.
    """
    _require(session, actor, chosen)
    feed = feed_of(session, actor)
    if feed is None:
        raise NotPossible("There is no calendar address to change. Make one first.")
    feed.scope, feed.kinds = chosen.scope, _kinds(chosen)
    session.add(feed)
    note_file(session, actor, "calendar address changed", (), at=at)
    session.flush()
    return feed


def end(session: Session, actor: Actor, *, at: datetime) -> bool:
    """End the address: its key opens nothing from now on. Whether there was one."""
    feed = feed_of(session, actor)
    if feed is None:
        return False
    feed.ended_at = at
    session.add(feed)
    note_file(session, actor, "calendar address ended", (), at=at)
    session.flush()
    return True


def feed_of(session: Session, actor: Actor) -> CalendarFeed | None:
    """The person's running address, if there is one."""
    return session.exec(
        select(CalendarFeed).where(
            CalendarFeed.user_id == actor.user_id, col(CalendarFeed.ended_at).is_(None)
        )
    ).first()


def opened(session: Session, key: str, *, at: datetime) -> Opened | None:
    """What a key opens: nothing once the address has ended or the person may not sign in any more."""
    feed = session.exec(
        select(CalendarFeed).where(CalendarFeed.key_hash == _hash(key), col(CalendarFeed.ended_at).is_(None))
    ).first()
    user = session.get(User, feed.user_id) if feed else None
    if feed is None or user is None or not user.active:
        return None
    return Opened(
        feed.id or 0,
        access.actor_for(session, user, at),
        chosen_in(feed),
        to_note=feed.fetched_at is None or at >= feed.fetched_at + NOTED_EVERY,
    )


def chosen_in(feed: CalendarFeed) -> Chosen:
    """What the address shows."""
    return Chosen(FeedScope(feed.scope), tuple(DateKind(kind) for kind in feed.kinds))


def note_fetched(session: Session, found: Opened, references: Sequence[str], *, at: datetime) -> None:
    """Keep when it was last read; once a London day, also what was read (s.62 Data Protection Act 2018: disclosure)."""
    feed = session.get(CalendarFeed, found.feed_id)
    if feed is None or feed.ended_at is not None:
        return
    if feed.fetched_at is None or time.london(feed.fetched_at) != time.london(at):
        note_file(session, found.actor, "calendar feed", references, at=at)
    feed.fetched_at = at
    session.add(feed)


def _require(session: Session, actor: Actor, chosen: Chosen) -> int:
    if actor.user_id is None or not may_knock(actor, Permission.CASE_READ):
        raise NotPermitted("Only somebody to whom cases are open has a calendar of their dates.")
    # The person's row is held, so that two presses at once make one address.
    session.exec(db.for_update(session, select(User).where(User.id == actor.user_id))).one()
    if chosen.scope is FeedScope.AGENCY and actor.organisation_id is None:
        raise BadInput("Your account belongs to no agency. Choose your own dates, or all that you may see.")
    return actor.user_id


def _kinds(chosen: Chosen) -> list[str]:
    wanted = [str(kind) for kind in DateKind if kind in chosen.kinds]
    return [] if len(wanted) == len(DateKind) else wanted


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
