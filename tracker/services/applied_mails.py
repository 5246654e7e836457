"""The mail that thanks an applicant for an application: its reference, and by when they hear from us.

It goes at once, at any hour, when an application is logged and the way to reach the applicant is an e-mail address and
nothing else: among other words an address may be one that is not to be used. The address stands on the case alone and is
looked up when the mail is written; the ledger says “the applicant of” the case.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.message import EmailMessage

from sqlmodel import Session

from tracker import clock, db
from tracker.mails import Envelope, MailWords, draw, sender_of
from tracker.models import Case, DeadlineStatus, Outbox, OutboxState, Partnership
from tracker.services import deadlines
from tracker.services.claims import AT_ONCE
from workflows.facts import FactValue
from workflows.traces import in_words

TEMPLATE = "applied"
SUBJECT = "We have your application"
APPLICATION = "asb_case_review"
ACKNOWLEDGED, _DECISION = "C1", "C5"
_ADDRESS = re.compile(r"[^@\s<>()\[\],;:\"\\]+@[^@\s<>()\[\],;:\"\\]+\.[A-Za-z0-9-]+")
_LONGEST = 254


@dataclass(frozen=True, slots=True)
class AppliedWords(MailWords):
    """The values of this mail. ``contact_by`` and ``decision_by`` are days in words, empty where no such date is to come."""

    reference: str = ""
    contact_by: str = ""
    decision_by: str = ""


def address_in(facts: Mapping[str, FactValue] | Mapping[str, object]) -> str:
    """The address at which the applicant is thanked; empty if there is none, or e-mail is not safe for them."""
    said = str(facts.get("applicant_contact") or "").strip()
    unsafe = facts.get("unsafe_channels") or ()
    if isinstance(unsafe, list | tuple | set | frozenset) and "email" in unsafe:
        return ""
    return said if len(said) <= _LONGEST and _ADDRESS.fullmatch(said) else ""


def thank(session: Session, case: Case, *, at: datetime) -> None:
    """Owe the applicant of a case that was logged just now their thanks. Once for a case."""
    if case.process != APPLICATION or not address_in(case.facts):
        return
    row: dict[str, object] = {
        "dedupe_key": f"applied:{case.id}",
        "kind": AT_ONCE,
        "recipient_id": None,
        "to_address": f"the applicant of {case.reference}",
        "who": "applicant",
        "case_id": case.id,
        "generation": 0,
        "rung": "",
        "singly": True,
        "template": TEMPLATE,
        "payload": {},
        "owed_on": clock.london(at),
        "not_before": at,
        "state": OutboxState.QUEUED,
        "attempts": 0,
        "ambiguous": 0,
        "last_error": "",
        "created_at": at,
    }
    db.insert_new(session, Outbox, [row])


def unwanted(session: Session, row: Outbox) -> str:
    """Why such a mail must not go any more; empty if it is still wanted."""
    case = session.get(Case, row.case_id or 0)
    return "" if case is not None and address_in(case.facts) else "There is no address for it any more."


def write(session: Session, row: Outbox, envelope: Envelope) -> EmailMessage:
    """Write the mail of one such row.

    Raises:
        CannotBeWritten: the address cannot stand in a mail.
    """
    case = session.get_one(Case, row.case_id)
    partnership = session.get_one(Partnership, case.partnership_id)
    envelope = replace(
        envelope,
        to=address_in(case.facts),
        sender=sender_of(partnership.name),
        reply_to=partnership.reply_to or partnership.unit_mailbox,
    )
    return draw(TEMPLATE, words_for(session, case, clock.london(envelope.at)), SUBJECT, envelope)


def words_for(session: Session, case: Case, today: date) -> AppliedWords:
    """What the applicant of this case is told, as its dates run now. Of what has passed it says nothing."""
    running = {
        row.key: in_words(row.due_on)
        for row in deadlines.of_case(session, case)
        if row.status == DeadlineStatus.RUNNING and row.due_on is not None and row.due_on >= today
    }
    return AppliedWords(
        (),
        phone=session.get_one(Partnership, case.partnership_id).unit_phone,
        reference=case.reference,
        contact_by=running.get(ACKNOWLEDGED, ""),
        decision_by=running.get(_DECISION, ""),
    )
