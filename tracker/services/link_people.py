"""Who really holds a link: a colleague who covers, the wrong person, or a mailbox whose link had ended.

The unit sees each on Today at once. Nobody's name is checked, so none stands in a history.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.errors import NotPermitted
from tracker.models import Case, LinkUse, UpdateLink, UpdateLinkUse
from tracker.services import link_limits, link_mails, update_links
from tracker.services.update_links import LinkEnded, OpenLink


def cover(
    session: Session, link: OpenLink, *, name: str, email: str, about: Sequence[Case], secret: str,
    request_id: str | None, at: datetime,
) -> None:  # fmt: skip
    """Send whoever covers a link of their own, and tell the unit. ``about`` are records that the link opens.

    Their link opens the same, but nothing restricted before the unit has agreed. It ends with the one they cover for.

    Raises:
        NotPermitted: the link is itself that of somebody who covers.
        AskedTooOften: three were sent on account of this link within the day.
    """
    if link.link.covers_id is not None:
        raise NotPermitted("Only the mailbox that the reminders go to can name somebody who covers.")
    _hold(session, link)
    if _done_before(session, link, LinkUse.COVERING, request_id):
        return
    link_limits.sending(session, link.link_id, LinkUse.COVERING, at)
    theirs = _covering(session, link.link_id, email)
    if theirs is None:
        update_links.make(session, secret, email, at, covers_id=link.link_id)
        theirs = _covering(session, link.link_id, email)
    if theirs is None:
        raise RuntimeError("a link was made and is not there")
    told: list[Case | None] = [*one_for_each_partnership(about)] or [None]
    uses = [
        UpdateLinkUse(
            link_id=link.link_id, at=at, what=LinkUse.COVERING, case_id=case.id if case else None,
            request_id=request_id, given_name=name, given_address=email, to_note=case is not None,
        )
        for case in told
    ]  # fmt: skip
    session.add_all(uses)
    session.flush()
    link_mails.send_link(session, theirs, link_mails.COVERING, uses[0].id or 0, at=at)


def wrong_person(
    session: Session, link: OpenLink, words: str, about: Sequence[Case], *, request_id: str | None, at: datetime
) -> None:  # fmt: skip
    """Tell the unit that the link is with the wrong person. It goes on working until the unit ends it.

    Raises:
        AskedTooOften: the link was used very often within the hour.
    """
    _hold(session, link)
    if _done_before(session, link, LinkUse.WRONG_PERSON, request_id):
        return
    link_limits.saving(session, link.link_id, at)
    session.add_all(
        UpdateLinkUse(
            link_id=link.link_id, at=at, what=LinkUse.WRONG_PERSON, case_id=case.id, request_id=request_id,
            words=words, to_note=True,
        )
        for case in one_for_each_partnership(about)
    )  # fmt: skip
    session.flush()


def send_fresh(session: Session, key: str, *, secret: str, at: datetime) -> None:
    """Send the mailbox of a link that has ended by itself a new one.

    Raises:
        NotVisible: there never was such a key.
        NotPermitted: the link works, was ended by the unit, or its mailbox leads nothing any more.
        AskedTooOften: three were sent on account of this link within the day.
    """
    old = update_links.link_of(session, key)
    session.exec(update_links.held(session, old.id or 0)).one()  # two at once are counted one after the other
    try:
        update_links.find(session, secret, key, at)
    except LinkEnded as ended:
        if not ended.fresh:
            raise NotPermitted("A fresh link cannot be sent. Ask the business unit.") from None
    else:
        raise NotPermitted("The link works. Nothing was sent.")
    link_limits.sending(session, old.id or 0, LinkUse.FRESH, at)
    use = UpdateLinkUse(link_id=old.id or 0, at=at, what=LinkUse.FRESH)
    session.add(use)
    update_links.carry(session, secret, old.address, at)
    session.flush()
    new = session.exec(
        select(UpdateLink).where(
            UpdateLink.address == old.address,
            col(UpdateLink.covers_id).is_(None),
            col(UpdateLink.ended_at).is_(None),
        )
    ).one()
    link_mails.send_link(session, new, link_mails.FRESH, use.id or 0, at=at)


def one_for_each_partnership(about: Sequence[Case]) -> list[Case]:
    """The first record of each partnership, so that each unit is told once."""
    return list({case.partnership_id: case for case in reversed(about)}.values())


def _covering(session: Session, link_id: int, email: str) -> UpdateLink | None:
    return session.exec(
        select(UpdateLink).where(
            UpdateLink.covers_id == link_id, UpdateLink.address == email, col(UpdateLink.ended_at).is_(None)
        )
    ).first()


def _done_before(session: Session, link: OpenLink, what: LinkUse, request_id: str | None) -> bool:
    if not request_id:
        return False
    found = select(UpdateLinkUse.id).where(
        UpdateLinkUse.link_id == link.link_id,
        UpdateLinkUse.what == what,
        UpdateLinkUse.request_id == request_id,
    )
    return session.exec(found).first() is not None


def _hold(session: Session, link: OpenLink) -> None:
    """Hold the link until the end of the transaction, so that of two equal forms the second finds the first one's."""
    session.exec(update_links.held(session, link.link_id)).one()
