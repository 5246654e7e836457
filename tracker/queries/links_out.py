"""The links by which one record can be answered, what was done by them, and what of it nobody has noted yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import access, clock
from tracker.models import Case, LinkUse, Membership, Organisation, Role, UpdateLink, UpdateLinkUse, User
from tracker.services import link_ends, update_links

SAID: Mapping[str, str] = {
    LinkUse.UPDATE: "Update sent",
    LinkUse.NOT_ME: "An update was taken back: it was not from the mailbox",
    LinkUse.COVERING: "Used by somebody new, who covers for a colleague",
    LinkUse.WRONG_PERSON: "The link is with the wrong person",
    LinkUse.ASKED: "Asks something about what is due",
    LinkUse.FRESH: "A fresh link was asked for",
}


@dataclass(frozen=True, slots=True)
class LinkOut:
    """One link. ``ends_on`` is None when it has ended; ``covers`` is the mailbox covered for."""

    number: int
    mailbox: str
    covers: str
    carried_on: date
    ends_on: date | None
    ended: str
    last_used: datetime | None
    agreed: bool


@dataclass(frozen=True, slots=True)
class UseShown:
    """One thing that was done by a link. ``given`` is who somebody said they are, not checked."""

    text: str
    at: datetime
    mailbox: str
    given: str
    words: str
    to_note: bool


@dataclass(frozen=True, slots=True)
class LinksOut:
    """All of it, and whether something waits to be noted. ``last_use`` is the number of the last use."""

    links: tuple[LinkOut, ...]
    uses: tuple[UseShown, ...]
    last_use: int = 0

    @property
    def to_note(self) -> int:
        """How many uses nobody has noted yet."""
        return sum(use.to_note for use in self.uses)


def links_out(session: Session, case: Case, at: datetime) -> LinksOut:
    """The links to a record that the reader may open."""
    today = clock.london(at)
    mailboxes = _mailboxes(session, case)
    rows = session.exec(
        select(UpdateLink).where(col(UpdateLink.address).in_(mailboxes)).order_by(col(UpdateLink.id))
    ).all()
    own = [row for row in rows if row.covers_id is None and update_links.opens(session, row, case, at)]
    ids = [row.id for row in own]
    covering = session.exec(
        select(UpdateLink).where(col(UpdateLink.covers_id).in_(ids)).order_by(col(UpdateLink.id))
    ).all()
    address = {row.id: row.address for row in (*own, *covering)}
    uses = session.exec(
        select(UpdateLinkUse)
        .where(col(UpdateLinkUse.link_id).in_(list(address)), link_ends.about(case))
        .order_by(col(UpdateLinkUse.id).desc())
    ).all()
    last = {}
    for use in reversed(uses):
        last[use.link_id] = use.at
    return LinksOut(
        links=tuple(_link(row, address, last.get(row.id or 0), today) for row in (*own, *covering)),
        uses=tuple(_use(use, address) for use in uses),
        last_use=max((use.id or 0 for use in uses), default=0),
    )


def _link(
    row: UpdateLink, address: Mapping[int | None, str], last_used: datetime | None, today: date
) -> LinkOut:  # fmt: skip
    ends_on = update_links.last_day(row)
    ended = row.ended_why if row.ended_at else ""
    if not row.ended_at and today > ends_on:
        ended = update_links.LAPSED
    return LinkOut(
        number=row.id or 0,
        mailbox=row.address,
        covers=address.get(row.covers_id, "") if row.covers_id else "",
        carried_on=clock.london(row.carried_at),
        ends_on=None if ended else ends_on,
        ended=ended,
        last_used=last_used,
        agreed=row.agreed_at is not None,
    )


def _use(use: UpdateLinkUse, address: Mapping[int | None, str]) -> UseShown:
    given = f"{use.given_name}, {use.given_address}" if use.given_name else ""
    return UseShown(
        text=SAID[use.what],
        at=use.at,
        mailbox=address[use.link_id],
        given=given,
        words=use.words,
        to_note=use.to_note and use.noted_at is None,
    )


def _mailboxes(session: Session, case: Case) -> Sequence[str]:
    """Every mailbox that may hold a link to the record: those of its bodies, and of the people who lead there."""
    bodies = access.subject_of(session, case).organisation_ids
    own = session.exec(select(Organisation.contact_email).where(col(Organisation.id).in_(bodies))).all()
    people = session.exec(
        select(User.email)
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(col(Membership.organisation_id).in_(bodies), Membership.role == Role.LEAD)
    ).all()
    return sorted({mailbox.lower() for mailbox in (*own, *people) if mailbox})
