"""What a mailbox says by its link: a lead's five answers, and the answers to what an agency is asked.

Each goes through the service that a signed-in lead's answer goes through. What is saved is reported, never verified.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, select

from tracker import audit
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotPossible
from tracker.models import Case, Event, LinkUse, UpdateLinkUse
from tracker.services import actions, cases, link_limits, link_mails
from tracker.services.actions import Answer, Update
from tracker.services.asked import MoveRequest
from tracker.services.update_links import OpenLink
from workflows.facts import FactValue

REQUEST, RECOMMENDATION = "information_request", "recommendation"
MORE_TIME, NOT_OURS = str(Answer.MORE_TIME), str(Answer.NOT_OURS)
_WORKING = ("requested", "in_progress")
_OUT = ("sent", "acknowledged")

OFFERED: Mapping[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    REQUEST: (
        ("in_hand", "We have it in hand", _WORKING),
        ("ready", "It is ready", (*_WORKING, "awaiting_agency_sign_off")),
        ("respond", "Here is our answer to the questions", ("queries_raised",)),
        ("nil", "We looked, and hold nothing", _WORKING),
        (MORE_TIME, "We need more time", (*_WORKING, "awaiting_agency_sign_off", "queries_raised")),
        (NOT_OURS, "It is not ours", (*_WORKING, "awaiting_agency_sign_off", "queries_raised")),
    ),
    RECOMMENDATION: (
        ("in_hand", "We have received it", ("sent",)),
        ("accept", "We accept it", _OUT),
        ("part", "We accept part of it", _OUT),
        ("already", "It is happening already", _OUT),
        ("reject", "We do not accept it", _OUT),
        (MORE_TIME, "We need more time", _OUT),
        (NOT_OURS, "It is not ours", _OUT),
    ),
}
"""By process: each answer, its words, and the states in which it can be given."""

NOTE_FOR: Mapping[str, str] = {
    "ready": "Say in a sentence what you send and where it is kept, or give the place below.",
    "respond": "Write the answer to the questions.",
    "nil": "Say what was searched, and that nothing is held.",
    MORE_TIME: "Say why more time is needed.",
    NOT_OURS: "Say why it is not yours, and whose it is if you know.",
    "accept": "Say what your service will do.",
    "part": "Say which part, and why not all of it.",
    "already": "Say what is happening already.",
    "reject": "Say why it is not accepted.",
}
"""What must be written with an answer, and how the form asks for it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to what an agency is asked. ``kept_at`` is a link or a file reference, ``signed_by`` a role."""

    answer: str
    seen_version: int
    note: str = ""
    kept_at: str = ""
    signed_by: str = ""
    asked_for_on: date | None = None
    belongs_to: str = ""
    request_id: str | None = None


def offered(case: Case) -> tuple[tuple[str, str], ...]:
    """The answers that can be given now, with their words."""
    return tuple((key, words) for key, words, states in OFFERED.get(case.process, ()) if case.state in states)


def report(session: Session, link: OpenLink, action: Case, update: Update, *, at: datetime) -> Event:
    """Save a lead's answer about an action. The same form twice is one answer and one mail of thanks.

    Raises what :func:`tracker.services.actions.report` raises.

    Raises:
        AskedTooOften: the link was used very often within the hour.
    """
    if before := _done_before(session, action, update.request_id):
        return before
    link_limits.saving(session, link.link_id, at)
    event = actions.report(session, link.actor, action, update, at=at)
    _note(session, link, action, event, LinkUse.UPDATE, at=at)
    return event


def reply(session: Session, link: OpenLink, case: Case, asked: Reply, *, at: datetime) -> Event:
    """Save an agency's answer to a request or a recommendation.

    Raises:
        ChangedMeanwhile: somebody else changed the record after the page was opened.
        BadInput: the words, the date or the place that the answer needs are missing.
        NotPossible: the answer cannot be given any more.
        MoveRefused: something else is missing.
        AskedTooOften: the link was used very often within the hour.
    """
    if before := _done_before(session, case, asked.request_id):
        return before
    link_limits.saving(session, link.link_id, at)
    if case.version != asked.seen_version:
        raise ChangedMeanwhile(case.reference)
    if asked.answer not in {key for key, _ in offered(case)}:
        raise NotPossible("This answer cannot be given any more.")
    if (
        not asked.note.strip()
        and asked.answer in NOTE_FOR
        and not (asked.answer == "ready" and asked.kept_at)
    ):
        raise BadInput(NOTE_FOR[asked.answer])
    if asked.answer in {MORE_TIME, NOT_OURS} or (asked.answer == "in_hand" and case.state == "in_progress"):
        event = _said(session, link, case, asked, at=at)
        what = LinkUse.ASKED if asked.answer in {MORE_TIME, NOT_OURS} else LinkUse.UPDATE
    else:
        event, what = _step(session, link, case, asked, at=at), LinkUse.UPDATE
    _note(session, link, case, event, what, at=at)
    return event


def _step(session: Session, link: OpenLink, case: Case, asked: Reply, *, at: datetime) -> Event:
    """Take the step of the process that the answer means."""
    today = time.london(at)
    name, facts = _as_step(case, asked, today)
    if name == "submit_draft" and case.state == "requested":
        first = MoveRequest(case.version, today, reason="Sent in without saying before that it was in hand")
        cases.move(session, link.actor, case, "acknowledge", first, at=at)
    move = MoveRequest(
        case.version, today, facts=facts, late_reason=asked.note or "It came after its date.", request_id=asked.request_id
    )  # fmt: skip
    return cases.move(session, link.actor, case, name, move, at=at)


def _as_step(case: Case, asked: Reply, today: date) -> tuple[str, dict[str, FactValue]]:
    note = asked.note.strip()
    if case.process == RECOMMENDATION:
        return _as_reply(asked, note, today)
    plain: Mapping[str, tuple[str, dict[str, FactValue]]] = {
        "in_hand": ("acknowledge", {}),
        "nil": ("return_nil", {"returned_on": today, "nil_statement": note}),
        "respond": ("respond", {"responded_on": today, "response": note}),
    }
    return plain[asked.answer] if asked.answer in plain else _as_return(case, asked, today)


def _as_reply(asked: Reply, note: str, today: date) -> tuple[str, dict[str, FactValue]]:
    """The answer to a recommendation."""
    if asked.answer == "in_hand":
        return "acknowledge", {"acknowledged_on": today}
    facts: dict[str, FactValue] = {"replied_on": today, "reply_text": note}
    if asked.answer in {"part", "reject"}:
        facts["reply_reasons"] = note
    return f"reply_{asked.answer}", facts


def _as_return(case: Case, asked: Reply, today: date) -> tuple[str, dict[str, FactValue]]:
    """What an agency sends in: a return, the draft of a management review, or the review that is signed off."""
    kept_at = asked.kept_at.strip()
    returned: dict[str, FactValue] = {
        "returned_on": today,
        "return_document": kept_at,
        "return_summary": asked.note.strip(),
    }
    if case.facts.get("kind") != "imr":
        return "submit_return", returned
    if case.state == "awaiting_agency_sign_off":
        if not asked.signed_by.strip():
            raise BadInput("Say which senior officer signed it off, by role.")
        return "agency_sign_off", returned | {"senior_signatory": asked.signed_by.strip()}
    if not kept_at:
        raise BadInput("Say where the draft is kept.")
    return "submit_draft", {"draft_on": today, "draft_document": kept_at}


def _said(session: Session, link: OpenLink, case: Case, asked: Reply, *, at: datetime) -> Event:
    """Record what the process has no step for: it waits for the business unit."""
    today = time.london(at)
    detail: dict[str, object] = {"answer": asked.answer}
    if asked.answer == MORE_TIME:
        if asked.asked_for_on is None:
            raise BadInput("Enter the new date you are asking for.")
        if asked.asked_for_on <= today:
            raise BadInput("The new date must be after today.")
        detail["to_on"] = asked.asked_for_on.isoformat()
    if asked.answer == NOT_OURS and asked.belongs_to.strip():
        detail["suggested"] = asked.belongs_to.strip()
    event = audit.record(
        session, case, link.actor, Happened.REQUEST_ANSWERED,
        name=asked.answer, occurred_on=today, at=at, reason=asked.note.strip(), request_id=asked.request_id,
        detail=detail,
    )  # fmt: skip
    session.flush()
    return event


def _note(session: Session, link: OpenLink, case: Case, event: Event, what: LinkUse, *, at: datetime) -> None:
    use = UpdateLinkUse(
        link_id=link.link_id, at=at, what=what, case_id=case.id, seq=event.seq, request_id=event.request_id,
        words=event.reason if what is LinkUse.ASKED else "", to_note=what is LinkUse.ASKED,
    )  # fmt: skip
    session.add(use)
    session.flush()
    link_mails.thank(session, link, case, event, at=at)


def _done_before(session: Session, case: Case, request_id: str | None) -> Event | None:
    if not request_id:
        return None
    return session.exec(select(Event).where(Event.case_id == case.id, Event.request_id == request_id)).first()
