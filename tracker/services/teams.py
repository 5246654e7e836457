"""Cards for Microsoft Teams: who wants them, what they say, and which wait. A card follows a mail; it replaces none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from tracker import db
from tracker.errors import BadInput, NotPermitted
from tracker.mails import MailItem, MailWords
from tracker.models import CardState, ReminderChoice, TeamsCard, User
from tracker.models.columns import JsonObject
from tracker.policy import Actor
from tracker.transports.teams import TeamsPost, card

LONGEST = 2000
MOST_LINES = 20
WAITS = (timedelta(minutes=2), timedelta(minutes=15))
"""Waits after the first and second try that failed for the time being; after the third it is given up."""
CLAIM = timedelta(minutes=2)
"""How long nobody else tries a card that somebody is posting."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A card that may be posted now, and where."""

    number: int
    url: str
    card: JsonObject


def url_of(session: Session, user_id: int | None) -> str:
    """Where somebody wants cards; empty if they do not."""
    chosen = session.get(ReminderChoice, user_id) if user_id is not None else None
    return chosen.teams_url if chosen else ""


def choose(session: Session, actor: Actor, url: str, teams: TeamsPost, *, at: datetime) -> None:
    """Keep where somebody wants cards; empty: nowhere any more.

    Raises:
        NotPermitted: nobody is signed in.
        BadInput: cards may not be posted there.
    """
    if actor.user_id is None:
        raise NotPermitted("Sign in to choose when you are reminded.")
    if url and (len(url) > LONGEST or not teams.allows(url)):
        raise BadInput(
            "Paste the address that Teams gave for the workflow: it starts with https:// and is on a host that this "
            "tracker may post to"
        )
    session.exec(db.for_update(session, select(User).where(User.id == actor.user_id))).one()
    row = session.get(ReminderChoice, actor.user_id) or ReminderChoice(user_id=actor.user_id, changed_at=at)
    row.teams_url, row.changed_at = url, at
    session.add(row)
    session.flush()


def card_of(subject: str, words: MailWords, restricted: frozenset[str], home: str) -> JsonObject:
    """What the card of a mail says: the same subject and items, without links, and nothing restricted by reference.

    A channel may have other readers than a mailbox: what is restricted is only counted, and no key is ever in a card.
    """
    if words.note:
        return card(subject, words.note[:-1], home)
    items = [*words.items, *words.waiting]
    shown = [item for item in items if item.reference not in restricted]
    lines = [_line(item) for item in shown[:MOST_LINES]]
    if left := len(items) - len(lines) + words.left_out:
        lines.append(f"{left} more {'stands' if left == 1 else 'stand'} in the e-mail.")
    return card(subject, tuple(lines), home)


def queue(session: Session, message_id: str, user_id: int, content: JsonObject, *, at: datetime) -> None:
    """Let a card follow the mail of that Message-ID, once."""
    row = {
        "message_id": message_id, "user_id": user_id, "card": content, "state": CardState.WAITING, "attempts": 0,
        "not_before": at, "last_error": "", "made_at": at,
    }  # fmt: skip
    db.insert_new(session, TeamsCard, [row])


def take(session: Session, at: datetime) -> Waiting | None:
    """Claim the card that has waited longest; None if none may go now. Those that nobody wants any more are given up."""
    rows: Sequence[TeamsCard] = session.exec(
        select(TeamsCard)
        .where(TeamsCard.state == CardState.WAITING, col(TeamsCard.not_before) <= at)
        .order_by(col(TeamsCard.id))
        .limit(20)
    ).all()
    for row in rows:
        claimed = session.connection().execute(
            update(TeamsCard)
            .where(
                col(TeamsCard.id) == row.id,
                col(TeamsCard.state) == CardState.WAITING,
                col(TeamsCard.not_before) <= at,
            )
            .values(not_before=at + CLAIM, attempts=TeamsCard.attempts + 1)
        )
        if claimed.rowcount != 1:
            continue
        content, url = dict(row.card), url_of(session, row.user_id)
        if url:
            return Waiting(row.id or 0, url, content)
        settle(session, row.id or 0, CardState.FAILED, "They want no cards any more.", at=at)
    return None


def settle(session: Session, number: int, state: CardState, why: str = "", *, at: datetime) -> None:
    """Write down what became of a try. A card that is posted or given up says nothing any more."""
    row = session.get_one(TeamsCard, number, populate_existing=True)
    row.last_error = why
    if state is CardState.WAITING and row.attempts <= len(WAITS):
        row.not_before = at + WAITS[row.attempts - 1]
    else:
        row.state = CardState.FAILED if state is CardState.WAITING else state
        row.card = {}
        row.posted_at = at if state is CardState.POSTED else None
    session.add(row)
    session.flush()


def last_problem(session: Session, user_id: int | None) -> str:
    """Why somebody's last card was not posted; empty if it was, or there was none."""
    row = session.exec(
        select(TeamsCard)
        .where(TeamsCard.user_id == user_id, TeamsCard.state != CardState.WAITING)
        .order_by(col(TeamsCard.made_at).desc(), col(TeamsCard.id).desc())
    ).first()
    return row.last_error if row is not None and row.state == CardState.FAILED else ""


def _line(item: MailItem) -> str:
    when = f", due {item.due_brief}" if item.due_brief else ""
    late = f" ({item.late})" if item.late else ""
    return f"{item.reference}: {item.what}{when}{late}"
