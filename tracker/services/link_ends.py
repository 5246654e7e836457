"""What the business unit does about links: end one, agree that whoever covers may read what is restricted, note a use."""

from datetime import datetime

from sqlmodel import Session, col, select

from tracker import access, policy
from tracker.errors import BadInput, NotPermitted, NotVisible
from tracker.models import Case, UpdateLink, UpdateLinkUse
from tracker.policy import Actor, Permission
from tracker.services import update_links


def end(session: Session, actor: Actor, case: Case, link_id: int, why: str, *, at: datetime) -> UpdateLink:
    """End a link by which this record can be answered, and those of whoever covers for its holder.

    The next mail to the mailbox carries another key: to stop that, change who leads, or the mailbox.

    Raises:
        NotPermitted: the actor does not record things on this record.
        NotVisible: there is no such link to it.
        BadInput: no reason was given.
    """
    link = _link(session, actor, case, link_id, at)
    if not why.strip():
        raise BadInput("Say why the link ends.")
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
        NotPermitted: the actor does not record things on this record.
        NotVisible: there is no such link to it.
    """
    link = _link(session, actor, case, link_id, at)
    if link.covers_id is not None and link.agreed_at is None:
        link.agreed_at, link.agreed_by_id = at, actor.user_id
        session.add(link)
        session.flush()
    return link


def note(session: Session, actor: Actor, case: Case, *, at: datetime) -> int:
    """Say that somebody has seen what was done by links on this record; how many there were.

    Raises:
        NotPermitted: the actor does not record things on this record.
    """
    _permitted(session, actor, case)
    rows = session.exec(
        select(UpdateLinkUse).where(
            UpdateLinkUse.case_id == case.id,
            col(UpdateLinkUse.to_note).is_(True),
            col(UpdateLinkUse.noted_at).is_(None),
        )
    ).all()
    for row in rows:
        row.noted_at, row.noted_by_id = at, actor.user_id
        session.add(row)
    session.flush()
    return len(rows)


def _link(session: Session, actor: Actor, case: Case, link_id: int, at: datetime) -> UpdateLink:
    _permitted(session, actor, case)
    link = session.exec(update_links.held(session, link_id)).first()
    if link is None or not update_links.opens(session, link, case, at):
        raise NotVisible("There is no such link to this record.")
    return link


def _permitted(session: Session, actor: Actor, case: Case) -> None:
    if not policy.allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)):
        raise NotPermitted("Only the partnership's business unit looks after links.")
