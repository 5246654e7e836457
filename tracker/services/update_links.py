"""Update links: one key for each mailbox, the same in every mail to it, for what that mailbox leads and nothing else.

A link is no sign-in: whoever holds it can see and update those records. It ends 90 days after the last mail that
carried it, when the unit ends it, and when the mailbox leads nothing any more. See docs/security.md, threat 15.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker import access, clock, db, policy
from tracker.errors import NotVisible, TrackerError
from tracker.models import (
    Case,
    Deadline,
    DeadlineStatus,
    Membership,
    Organisation,
    Role,
    Sensitivity,
    UpdateLink,
    User,
)
from tracker.policy import LED, Actor, Holding, Permission
from tracker.services import link_keys

DAYS = 90
"""How long a link works after the last mail that carried it (docs/ux.md (e))."""

LAPSED = "It had not been in a mail for 90 days."
RENEWED = "The secret of the server has changed."


class LinkEnded(TrackerError):
    """The link worked once and has ended. ``fresh``: a new one may be sent to the same mailbox."""

    def __init__(self, *, fresh: bool) -> None:
        super().__init__("This link has ended. Nothing has been changed.")
        self.fresh = fresh


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that works. ``ends_on`` is its last day in London; ``reads_restricted``: a code opens what is restricted."""

    link: UpdateLink
    actor: Actor
    ends_on: date
    reads_restricted: bool

    @property
    def link_id(self) -> int:
        """The row of the link."""
        return self.link.id or 0

    @property
    def address(self) -> str:
        """The mailbox that the link was sent to."""
        return self.link.address


class Carrier:
    """Puts links into the mails of one transaction. Without the server's secret there are none."""

    def __init__(self, session: Session, secret: str, base_url: str, at: datetime) -> None:
        self._session, self._secret, self._at = session, secret, at
        self._base_url = base_url.rstrip("/")
        self._known: dict[str, tuple[str, Actor]] = {}

    def address_for(self, mailbox: str, case: Case) -> str:
        """Where this mailbox answers about this record, without signing in; empty if it does not lead it.

        A mailbox that owes one date of a case that is not its own gets the list of what it owes. The link that is
        given works for another 90 days.
        """
        mailbox = mailbox.strip().lower()
        if not self._secret:
            return ""
        if mailbox not in self._known:
            actor = _actor(self._session, mailbox, clock.london(self._at))
            key = carry(self._session, self._secret, mailbox, self._at) if actor else ""
            self._known[mailbox] = (key, actor or Actor(None, ""))
        key, actor = self._known[mailbox]
        if not key:
            return ""
        if leads(self._session, actor, case):
            return f"{self._base_url}/u/{key}/{case.reference}"
        return f"{self._base_url}/u/{key}" if _owes(self._session, actor, case) else ""


def carry(session: Session, secret: str, mailbox: str, at: datetime) -> str:
    """The key of a mailbox's own link, made now if it has none; a mail carries it at ``at``."""
    for _ in range(2):  # of two that make one at once, the second finds the first one's
        link = session.exec(
            select(UpdateLink).where(
                UpdateLink.address == mailbox,
                col(UpdateLink.covers_id).is_(None),
                col(UpdateLink.ended_at).is_(None),
            )
        ).first()
        if link is not None:
            why = _over(secret, link, clock.london(at))
            if not why:
                link.carried_at = max(at, link.carried_at)
                session.add(link)
                session.flush()
                return link_keys.key_of(secret, link.nonce, mailbox)
            link.ended_at, link.ended_why = at, why
            session.add(link)
            session.flush()
        make(session, secret, mailbox, at)
    raise RuntimeError("a link was made and is not there")


def make(session: Session, secret: str, mailbox: str, at: datetime, *, covers_id: int | None = None) -> str:
    """A new link for a mailbox, unless it has one of that kind; its key."""
    nonce = link_keys.new_nonce()
    key = link_keys.key_of(secret, nonce, mailbox)
    row = {
        "address": mailbox, "nonce": nonce, "key_hash": link_keys.hashed(key), "created_at": at, "carried_at": at,
        "ended_why": "", "covers_id": covers_id,
    }  # fmt: skip
    db.insert_new(session, UpdateLink, [row])
    return key


def find(session: Session, secret: str, key: str, at: datetime) -> OpenLink:
    """The link of that key, with what its holder may do today.

    Raises:
        NotVisible: there never was such a key.
        LinkEnded: there was, and it has ended.
    """
    link = link_of(session, key)
    today = clock.london(at)
    above = session.get(UpdateLink, link.covers_id) if link.covers_id else None
    above_ended = above is not None and (above.ended_at is not None or bool(_over(secret, above, today)))
    if link.ended_at is not None or above_ended:
        ended_itself = link.ended_why in {LAPSED, RENEWED}
        raise LinkEnded(fresh=ended_itself and may_have_fresh(session, link, today))
    actor = _actor(session, above.address if above else link.address, today, link_id=link.id)
    if actor is None:
        raise LinkEnded(fresh=False)
    if _over(secret, link, today):
        raise LinkEnded(fresh=link.covers_id is None)
    return OpenLink(link, actor, last_day(link), above is None or link.agreed_at is not None)


def link_of(session: Session, key: str) -> UpdateLink:
    """The row of a key, whether it works or not.

    Raises:
        NotVisible: there never was such a key.
    """
    found = None
    if link_keys.plain(key):
        found = session.exec(select(UpdateLink).where(UpdateLink.key_hash == link_keys.hashed(key))).first()
    if found is None:
        raise NotVisible("There is no such page.")
    return found


def may_have_fresh(session: Session, link: UpdateLink, today: date) -> bool:
    """Whether a mailbox whose link has ended by itself may be sent another: it is its own, and still leads something."""
    return link.covers_id is None and bool(bodies_of(session, link.address, today))


def last_day(link: UpdateLink) -> date:
    """The last London day on which the link works."""
    return clock.london(link.carried_at) + timedelta(days=DAYS)


def leads(session: Session, actor: Actor, case: Case) -> bool:
    """Whether the record is one of those that the holder's bodies lead."""
    subject = access.subject_of(session, case)
    return case.process in LED and policy.allows(actor, Permission.CASE_READ, subject)


def bodies_of(session: Session, mailbox: str, today: date) -> frozenset[int]:
    """The organisations that a mailbox answers for: whose mailbox it is, or for which the person leads today."""
    own = session.exec(
        select(Organisation.id).where(
            func.lower(Organisation.contact_email) == mailbox,
            or_(col(Organisation.to_on).is_(None), col(Organisation.to_on) >= today),
        )
    ).all()
    led = session.exec(
        select(Membership.organisation_id)
        .join(User, col(User.id) == col(Membership.user_id))
        .where(
            func.lower(User.email) == mailbox,
            col(User.active),
            Membership.role == Role.LEAD,
            or_(col(Membership.from_on).is_(None), col(Membership.from_on) <= today),
            or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= today),
        )
    ).all()
    return frozenset(body for body in (*own, *led) if body is not None)


def opens(session: Session, link: UpdateLink, case: Case, at: datetime) -> bool:
    """Whether the record is among those that the link is for, whether or not the link still works."""
    above = session.get(UpdateLink, link.covers_id) if link.covers_id else None
    actor = _actor(session, above.address if above else link.address, clock.london(at))
    return actor is not None and leads(session, actor, case)


def restricted_of(session: Session, link: UpdateLink, at: datetime) -> list[Case]:
    """The restricted records that a link opens, with a code."""
    above = session.get(UpdateLink, link.covers_id) if link.covers_id else None
    actor = _actor(session, above.address if above else link.address, clock.london(at))
    if actor is None:
        return []
    rows = session.exec(
        select(Case)
        .where(access.visible(actor), Case.sensitivity == Sensitivity.RESTRICTED)
        .order_by(col(Case.id))
    ).all()
    return list(rows)


def held(session: Session, link_id: int) -> SelectOfScalar[UpdateLink]:
    """The row of a link, held until the end of the transaction."""
    return db.for_update(session, select(UpdateLink).where(UpdateLink.id == link_id))


def hold(session: Session, link: OpenLink) -> None:
    """Hold the link until the end of the transaction, before any record is held."""
    session.exec(held(session, link.link_id)).one()


def address_of(session: Session, link_id: object) -> str:
    """The mailbox of a link, for the history of what was done by it."""
    link = session.get(UpdateLink, link_id) if isinstance(link_id, int) else None
    return link.address if link else ""


def _owes(session: Session, actor: Actor, case: Case) -> bool:
    """Whether a date of the case, which is not theirs to open, is for one of the holder's bodies to meet."""
    found = session.exec(
        select(Deadline.id)
        .join(Organisation, col(Organisation.key) == col(Deadline.instance))
        .where(
            Deadline.case_id == case.id,
            Deadline.status == DeadlineStatus.RUNNING,
            col(Organisation.id).in_(actor.organisations(Role.LEAD)),
        )
    ).first()
    return found is not None


def _actor(session: Session, mailbox: str, today: date, *, link_id: int | None = None) -> Actor | None:
    bodies = bodies_of(session, mailbox, today)
    held = frozenset(Holding(Role.LEAD, organisation_id=body) for body in bodies)
    return Actor(None, "an e-mail link", holdings=held, link_id=link_id) if bodies else None


def _over(secret: str, link: UpdateLink, today: date) -> str:
    """Why a link that nobody ended does not work any more; empty if it does."""
    if today > last_day(link):
        return LAPSED
    key = link_keys.key_of(secret, link.nonce, link.address)
    return "" if link_keys.same(link_keys.hashed(key), link.key_hash) else RENEWED
