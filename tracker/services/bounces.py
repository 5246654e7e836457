"""Mail that came back: a delivery-status message (RFC 3464) marks the reminder, and the address it went to."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message

from sqlmodel import Session, col, select

from tracker import db
from tracker.models import Outbox, OutboxState
from tracker.services import returning

CAME_BACK = "It came back ({})."
_CODE = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Returned:
    """What one report says: which mail, to which address, and the code of the mail server, such as 5.1.1."""

    message_id: str
    address: str
    code: str

    @property
    def for_good(self) -> bool:
        """Whether the mail server says that there is no such mailbox, rather than that it was away for long."""
        return self.code.startswith("5")


def returned_in_bytes(raw: bytes) -> Returned | None:
    """Read a message as it came, from anybody at all; None if it is no report of a mail that came back."""
    try:
        return returned_in(message_from_bytes(raw, policy=policy.compat32))
    except RecursionError:  # parts within parts, deeper than any mail server writes
        return None


def returned_in(mail: Message) -> Returned | None:
    """Read a delivery-status message; None if it is something else, or reports a delay or a success."""
    if mail.get_content_type() != "multipart/report":
        return None
    address = code = message_id = ""
    for part in mail.walk():
        match part.get_content_type():
            case "message/delivery-status":
                for block in (one for one in part.walk() if one is not part):
                    if str(block.get("Action", "")).strip().lower() == "failed":
                        address = str(block.get("Final-Recipient", "")).rpartition(";")[2].strip().lower()
                        code = _code_of(str(block.get("Status", "")).strip())
            case "message/rfc822":
                inner = part.get_payload()
                first = inner[0] if isinstance(inner, list) and inner else None
                message_id = (
                    str(first.get("Message-ID", "")).strip() if isinstance(first, Message) else message_id
                )
            case "text/rfc822-headers":
                message_id = _header(str(part.get_payload()), "message-id") or message_id
    plain = message_id.isascii() and message_id.isprintable()
    return Returned(message_id, address, code) if message_id and plain and code else None


def came_back(session: Session, returned: Returned, *, at: datetime, for_good: bool | None = None) -> int:
    """Put on the ledger that a mail came back, and mark its address; return how many reminders it held.

    A report about a mail that is none of ours changes nothing: anybody can write one. Not ``for_good``
    (as the code says, unless it is known otherwise): the address stays as it is.
    """
    # A report may be quicker than the mark that the mail went, and that mark leaves it as it is then.
    went = col(Outbox.state).in_([OutboxState.SENT, OutboxState.SENDING])
    rows = session.exec(
        db.for_update(
            session,
            select(Outbox).where(Outbox.message_id == returned.message_id, went).order_by(col(Outbox.id)),
        )
    ).all()
    for row in rows:
        row.state, row.last_error = OutboxState.FAILED, CAME_BACK.format(returned.code)
        row.claimed_by = row.claimed_until = None
        row.sent_at = row.sent_at or at
        session.add(row)
    if rows and (returned.for_good if for_good is None else for_good):
        returning.mark(session, rows[0].to_address, returned.message_id, returned.code, at)
    session.flush()
    return len(rows)


def _code_of(status: str) -> str:
    """The code of a report; anything else that stands there is not kept."""
    found = _CODE.match(status)
    return found.group() if found else "4.0.0" if status.startswith("4") else "5.0.0"


def _header(text: str, name: str) -> str:
    lines = (line.partition(":") for line in text.replace("\r\n", "\n").split("\n"))
    return next((value.strip() for head, _, value in lines if head.strip().lower() == name), "")
