"""What the business unit does about links: end one, agree that whoever covers may read what is restricted, note a use."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from tracker import access, clock, policy
from tracker.errors import BadInput, NotPermitted, NotPossible, NotVisible
from tracker.models import Case, LinkUse, UpdateLink, UpdateLinkUse
from tracker.policy import Actor, Permission
from tracker.services import update_links
from tracker.templating import day

OF_THE_LINK = (LinkUse.COVERING, LinkUse.WRONG_PERSON, LinkUse.FRESH)
"""Uses that are about the link itself and not about one record."""


def end(session: Session, actor: Actor, case: Case, link_id: int, why: str, *, at: datetime) -> UpdateLink:
    """End a link by which this record can be answered, and those of whoever covers for its holder.

    The next mail to the mailbox carries another key: to stop that, change who leads, or the mailbox.

    Raises:
        NotPermitted: the actor does not record things on this record.
        NotVisible: there is no such link to it.
        BadInput: no reason was given.
        NotPossible: it has ended, by somebody else or for another reason.
    """
    link = _link(session, actor, case, link_id, at)
    if not why.strip():
        raise BadInput("Say why the link ends.")
    if (link.ended_by_id, link.ended_why) == (actor.user_id, why.strip()):
        return link  # sent twice
    _not_ended(link)
    below = session.exec(
        select(UpdateLink).where(UpdateLink.covers_id == link.id, col(UpdateLink.ended_at).is_(None))
    ).all()
    for one in (link, *below):
        if one.ended_at is None:
            one.ended_at, one.ended_by_id, one.ended_why = at, actor.user_id, why.strip()
            session.add(one)
    session.flush()
    return link


def agree(session: Session, actor: Actor, case: Case, link_id: int, *, at: datetime) -> UpdateLink:
    """Agree that whoever covers by this link may read what is restricted, with a code.

    Raises:
        NotPermitted: the actor does not record things on this record, or may not open all that it would open.
        NotVisible: there is no such link to it.
        NotPossible: it has ended.
    """
    link = _link(session, actor, case, link_id, at)
    _not_ended(link)
    for one in update_links.restricted_of(session, link, at):
        if not policy.allows(actor, Permission.CASE_RECORD, access.subject_of(session, one)):
            raise NotPermitted(
                "Only somebody who can open every restricted record of this mailbox can agree."
            )
    if link.covers_id is not None and link.agreed_at is None:
        link.agreed_at, link.agreed_by_id = at, actor.user_id
        session.add(link)
        session.flush()
    return link


def note(session: Session, actor: Actor, case: Case, *, at: datetime, up_to: int | None = None) -> int:
    """Say that somebody has seen what was done by links on this record; how many came in after what they saw.

    ``up_to`` is the number of the last use that they were shown.

    Raises:
        NotPermitted: the actor does not record things on this record.
    """
    _permitted(session, actor, case)
    found = session.exec(
        select(UpdateLinkUse, UpdateLink)
        .join(UpdateLink, col(UpdateLink.id) == col(UpdateLinkUse.link_id))
        .where(about(case), col(UpdateLinkUse.to_note).is_(True), col(UpdateLinkUse.noted_at).is_(None))
        .order_by(col(UpdateLinkUse.id))
    ).all()
    every = [use for use, link in found if update_links.opens(session, link, case, at)]
    rows = [use for use in every if up_to is None or (use.id or 0) <= up_to]
    for row in rows:
        row.noted_at, row.noted_by_id = at, actor.user_id
        session.add(row)
    session.flush()
    return len(every) - len(rows)


def about(case: Case) -> ColumnElement[bool]:
    """What was done on this record; and what is about a link as such, told to the unit of the same partnership."""
    there = select(Case.id).where(Case.partnership_id == case.partnership_id)
    own = col(UpdateLinkUse.case_id)
    return or_(
        own == case.id,
        and_(col(UpdateLinkUse.what).in_(OF_THE_LINK), or_(own.is_(None), own.in_(there))),
    )


def _not_ended(link: UpdateLink) -> None:
    if link.ended_at is not None:
        raise NotPossible(
            f"This link has ended already, on {day(clock.london(link.ended_at))}: {link.ended_why}"
        )


def _link(session: Session, actor: Actor, case: Case, link_id: int, at: datetime) -> UpdateLink:
    _permitted(session, actor, case)
    link = session.exec(update_links.held(session, link_id)).first()
    if link is None or not update_links.opens(session, link, case, at):
        raise NotVisible("There is no such link to this record.")
    return link


def _permitted(session: Session, actor: Actor, case: Case) -> None:
    if not policy.allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)):
        raise NotPermitted("Only the partnership's business unit looks after links.")
