"""Mail that came back: a delivery-status message (RFC 3464) marks the reminder, and the address it went to."""

from dataclasses import dataclass
from datetime import datetime
from email.message import Message

from sqlmodel import Session, col, select

from tracker.models import Outbox, OutboxState, ReturningMail

CAME_BACK = "It came back ({})."


@dataclass(frozen=True, slots=True)
class Returned:
    """What one report says: which mail, to which address, and the code of the mail server, such as 5.1.1."""

    message_id: str
    address: str
    code: str


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
                        code = str(block.get("Status", "")).split()[0] if block.get("Status") else "5.0.0"
            case "message/rfc822":
                inner = part.get_payload()
                first = inner[0] if isinstance(inner, list) and inner else None
                message_id = (
                    str(first.get("Message-ID", "")).strip() if isinstance(first, Message) else message_id
                )
            case "text/rfc822-headers":
                message_id = _header(str(part.get_payload()), "message-id") or message_id
    return Returned(message_id, address, code) if message_id and code else None


def came_back(session: Session, returned: Returned, *, at: datetime) -> int:
    """Put on the ledger that a mail came back, and mark its address; return how many reminders it held.

    A report about a mail that is none of ours changes nothing: anybody can write one.
    """
    rows = session.exec(
        select(Outbox)
        .where(Outbox.message_id == returned.message_id, Outbox.state == OutboxState.SENT)
        .order_by(col(Outbox.id))
    ).all()
    for row in rows:
        row.state, row.last_error = OutboxState.FAILED, CAME_BACK.format(returned.code)
        session.add(row)
    if rows:
        address = rows[0].to_address
        marked = session.get(ReturningMail, address) or ReturningMail(address=address, since_at=at)
        marked.message_id, marked.why, marked.ended_at = returned.message_id, returned.code, None
        session.add(marked)
    session.flush()
    return len(rows)


def _header(text: str, name: str) -> str:
    lines = (line.partition(":") for line in text.replace("\r\n", "\n").split("\n"))
    return next((value.strip() for head, _, value in lines if head.strip().lower() == name), "")
