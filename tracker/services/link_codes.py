"""Six digits for what is restricted: sent to the mailbox of the link, entered in the browser that asks.

A code works for 15 minutes and 5 tries. Entered rightly, it opens restricted records in that one browser for two hours.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from tracker import db
from tracker.errors import NotPermitted
from tracker.models import Case, UpdateLinkCode
from tracker.services import link_keys, link_limits, link_mails, update_links
from tracker.services.link_mails import CODE_WORKS
from tracker.services.update_links import OpenLink
from tracker.throttle import digest

TRIES = 5
STAYS_OPEN = timedelta(hours=2)
NOT_AGREED = "The business unit has first to agree that you may read this."


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a code that was entered: the token for the browser, or why it was refused."""

    token: str = ""
    refused: str = ""


def send(session: Session, link: OpenLink, case: Case, *, at: datetime) -> None:
    """Send a new code; the earlier ones do not work any more.

    Raises:
        NotPermitted: whoever covers for a colleague may not read what is restricted yet.
        AskedTooOften: too many codes were sent.
    """
    if not link.reads_restricted:
        raise NotPermitted(NOT_AGREED)
    # Two that are asked for at once are counted one after the other.
    session.exec(update_links.held(session, link.link_id)).one()
    link_limits.code(session, link.link_id, at)
    code = UpdateLinkCode(link_id=link.link_id, nonce=link_keys.new_nonce(), asked_at=at)
    session.add(code)
    session.flush()
    link_mails.send_code(session, link.link, code, case, at=at)


def enter(session: Session, secret: str, link: OpenLink, typed: str, *, at: datetime) -> Tried:
    """Try a code. A wrong one counts, so the transaction must be kept either way."""
    digits = link_keys.digits_of(typed)
    if not digits:
        return Tried(refused="Enter the six digits of the code that we sent")
    latest = (
        select(UpdateLinkCode)
        .where(UpdateLinkCode.link_id == link.link_id)
        .order_by(col(UpdateLinkCode.id).desc())
        .limit(1)
    )
    code = session.exec(db.for_update(session, latest)).first()
    if (
        code is None
        or not link.reads_restricted
        or code.entered_at is not None
        or at > code.asked_at + CODE_WORKS
    ):
        return Tried(refused="This code does not work any more. Ask for a new one")
    if code.tries >= TRIES:
        return Tried(refused="There were too many tries. Ask for a new code")
    if not link_keys.same(link_keys.code_of(secret, code.nonce, link.link_id), digits):
        code.tries += 1
        session.add(code)
        left = TRIES - code.tries
        if not left:
            return Tried(refused="That is not the code, and there were too many tries. Ask for a new code")
        return Tried(refused=f"That is not the code. You have {left} {'try' if left == 1 else 'tries'} left")
    token = secrets.token_urlsafe(32)
    code.entered_at, code.opened_hash = at, digest(token)
    session.add(code)
    session.flush()
    return Tried(token=token)


def waiting(session: Session, link: OpenLink, at: datetime) -> UpdateLinkCode | None:
    """The code that was sent and can still be entered."""
    return session.exec(
        select(UpdateLinkCode)
        .where(
            UpdateLinkCode.link_id == link.link_id,
            col(UpdateLinkCode.entered_at).is_(None),
            UpdateLinkCode.tries < TRIES,
            UpdateLinkCode.asked_at >= at - CODE_WORKS,
        )
        .order_by(col(UpdateLinkCode.id).desc())
    ).first()


def is_open(session: Session, link: OpenLink, token: str, at: datetime) -> bool:
    """Whether a browser with this token has entered a code for this link within two hours."""
    if not token or not link.reads_restricted:
        return False
    found = session.exec(
        select(UpdateLinkCode.id).where(
            UpdateLinkCode.link_id == link.link_id,
            UpdateLinkCode.opened_hash == digest(token),
            col(UpdateLinkCode.entered_at) > at - STAYS_OPEN,
        )
    ).first()
    return found is not None
