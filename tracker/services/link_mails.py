"""The mails about links themselves: thanks with a way to say "this was not me", codes, and links that are sent anew.

They go at any hour, singly, as soon as a sender looks: somebody sits and waits for them, or has just pressed a button.
They say no more than a reference. Keys and codes are worked out when the mail is written, and are in no row.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlmodel import Session

from tracker import clock, db
from tracker.mails import Envelope, MailWords, draw, sender_of
from tracker.models import Case, Event, Outbox, OutboxState, Partnership, UpdateLink, UpdateLinkCode
from tracker.services import link_keys
from tracker.services.claims import AT_ONCE
from tracker.services.update_links import OpenLink
from tracker.templating import clock_time, instant

CODE_WORKS = timedelta(minutes=15)
"""How long a code works after it was asked for (docs/ux.md (e))."""

THANKS, CODE, FRESH, COVERING = "link_thanks", "link_code", "link_fresh", "link_covering"
SUBJECTS = {
    THANKS: "We have your update",
    CODE: "Your six-digit code",
    FRESH: "A fresh link to what is with you",
    COVERING: "A link to what you cover for a colleague",
}

SAID = {
    "no_change": "no change",
    "progress": "there is progress",
    "done": "it is done",
    "more_time": "more time is needed",
    "not_ours": "it is not yours",
    "report_complete": "it is done",
    "start": "there is progress",
    "in_hand": "you have it in hand",
}
"""What was said, by the name of the event; of anything else the mail says only that it came."""


@dataclass(frozen=True, slots=True)
class LinkWords(MailWords):
    """The values of these mails. ``link`` is where to go, ``saved`` when it was saved, ``until`` when the code ends."""

    link: str = ""
    reference: str = ""
    code: str = ""
    saved: str = ""
    said: str = ""
    until: str = ""


def thank(session: Session, link: OpenLink, case: Case, event: Event, *, at: datetime) -> None:
    """Thank the mailbox for an update, with a way to say that it was somebody else's. Once for an event."""
    payload = {"seq": event.seq, "said": SAID.get(event.name, "")}
    _queue(session, link.link, THANKS, f"thanks:{event.id}", payload, at=at, case=case)


def send_code(session: Session, link: UpdateLink, code: UpdateLinkCode, case: Case, *, at: datetime) -> None:
    """Send a code to the mailbox of the link."""
    _queue(session, link, CODE, f"code:{code.id}", {"code": code.id}, at=at, case=case)


def send_link(session: Session, link: UpdateLink, template: str, use_id: int, *, at: datetime) -> None:
    """Send a link to its mailbox."""
    _queue(session, link, template, f"{template}:{use_id}", {}, at=at)


def unwanted(session: Session, row: Outbox, at: datetime) -> str:
    """Why such a mail must not go any more; empty if it is still wanted."""
    link = session.get(UpdateLink, row.payload.get("link", 0))
    if link is None or link.ended_at is not None:
        return "The link has ended."
    code = session.get(UpdateLinkCode, row.payload.get("code", 0))
    if code is not None and at > code.asked_at + CODE_WORKS:
        return "The code had run out before it could be sent."
    return ""


def write(session: Session, row: Outbox, envelope: Envelope, *, secret: str, base_url: str) -> EmailMessage:
    """Write the mail of one such row; if it carries the link, the link works for another 90 days.

    Raises:
        CannotBeWritten: the address cannot stand in a mail.
    """
    link = session.get_one(UpdateLink, row.payload["link"])
    case = session.get(Case, row.case_id) if row.case_id else None
    partnership = session.get_one(Partnership, case.partnership_id) if case else None
    home = f"{base_url.rstrip('/')}/u/{link_keys.key_of(secret, link.nonce, link.address)}"
    code = session.get(UpdateLinkCode, row.payload.get("code", 0))
    reference = case.reference if case else ""
    words = LinkWords(
        (),
        signature=partnership.name if partnership else "Case tracker",
        link=f"{home}/{reference}/not-me/{row.payload['seq']}" if row.template == THANKS else home,
        reference=reference,
        code=link_keys.code_of(secret, code.nonce, link.id or 0) if code else "",
        saved=instant(row.created_at),
        said=str(row.payload.get("said", "")),
        until=clock_time(code.asked_at + CODE_WORKS) if code else "",
    )
    if row.template != CODE:
        link.carried_at = max(link.carried_at, envelope.at)
        session.add(link)
    if partnership is not None:
        reply_to = partnership.reply_to or partnership.unit_mailbox
        envelope = replace(envelope, sender=sender_of(partnership.name), reply_to=reply_to)
    return draw(row.template, words, SUBJECTS[row.template], envelope)


def _queue(
    session: Session, link: UpdateLink, template: str, key: str, payload: dict[str, object], *,
    at: datetime, case: Case | None = None,
) -> None:  # fmt: skip
    row = {
        "dedupe_key": f"link:{key}",
        "kind": AT_ONCE,
        "recipient_id": None,
        "to_address": link.address,
        "who": "lead",
        "case_id": case.id if case else None,
        "generation": 0,
        "rung": "",
        "singly": True,
        "template": template,
        "payload": {"link": link.id, **payload},
        "owed_on": clock.london(at),
        "not_before": at,
        "state": OutboxState.QUEUED,
        "attempts": 0,
        "ambiguous": 0,
        "last_error": "",
        "created_at": at,
    }
    db.insert_new(session, Outbox, [row])
