"""History: what happened to a case, in the transaction in which it happened. Rows are only ever added.

Each event carries the hash of the one before it; the case carries the number and hash of the last. So a changed,
removed, inserted or swapped event shows, and so does a cut tail: see ``tracker verify``.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum

from sqlmodel import Session

from tracker.models import Case, Event
from tracker.models.columns import JsonObject
from tracker.policy import Actor
from workflows.facts import JsonValue


class Happened(StrEnum):
    """What can stand in a history."""

    CASE_OPENED = "case_opened"
    CASE_MOVED = "case_moved"
    FACTS_RECORDED = "facts_recorded"
    DEADLINE_CHANGED = "deadline_changed"
    ACCESS_GRANTED = "access_granted"
    ACCESS_ENDED = "access_ended"
    OWNER_CHANGED = "owner_changed"
    ACTION_REPORTED = "action_reported"
    REQUEST_ANSWERED = "request_answered"
    UPDATE_WITHDRAWN = "update_withdrawn"
    TASKS_SETTLED = "tasks_settled"
    SUBJECT_RECORDED = "subject_recorded"
    PANEL_CHANGED = "panel_changed"
    AMENDMENT_RECORDED = "amendment_recorded"
    REGIME_CHANGED = "regime_changed"
    WORKFLOW_MIGRATED = "workflow_migrated"
    INCIDENT_RECORDED = "incident_recorded"
    REPORT_RECORDED = "report_recorded"
    PASSED_ON = "passed_on"
    HARM_ASSESSED = "harm_assessed"
    DOCUMENT_ADDED = "document_added"
    DOCUMENT_CHECKED = "document_checked"
    DOCUMENT_RELEASED = "document_released"
    DOCUMENT_SCANNED = "document_scanned"
    DOCUMENT_WITHDRAWN = "document_withdrawn"
    CHASED = "chased"
    LETTER_DRAFTED = "letter_drafted"
    LETTER_CHECKED = "letter_checked"
    LETTER_SENT = "letter_sent"
    LETTER_RETURNED = "letter_returned"
    LETTER_CANCELLED = "letter_cancelled"
    LETTER_WAIVED = "letter_waived"
    RISK_JUDGED = "risk_judged"
    RETENTION_DECIDED = "retention_decided"
    NOTE_ADDED = "note_added"
    TAKEN_TO_BOARD = "taken_to_board"
    BOARD_DECIDED = "board_decided"


DECLARED: Mapping[Happened, frozenset[str]] = {
    Happened.CASE_OPENED: frozenset({"imported", "plan", "position", "because"}),
    Happened.CASE_MOVED: frozenset(
        {"overridden", "on_behalf_of", "evidence", "late_reasons", "effects", "imported", "because"}
        | {"calculation"}
    ),
    Happened.FACTS_RECORDED: frozenset({"instance", "late_reasons", "imported", "because"}),
    Happened.DEADLINE_CHANGED: frozenset(
        {"deadline", "instance", "cycle", "kind", "from_on", "to_on", "n", "authorised_by", "evidence"}
        | {"on_behalf_of", "late", "code", "told"}
    ),
    Happened.ACCESS_GRANTED: frozenset({"user_id"}),
    Happened.ACCESS_ENDED: frozenset({"user_id"}),
    Happened.OWNER_CHANGED: frozenset({"from_user_id", "to_user_id", "from_organisation", "to_organisation"}),
    Happened.ACTION_REPORTED: frozenset({"answer", "asked_on", "from_on", "suggested"}),
    Happened.REQUEST_ANSWERED: frozenset({"answer", "from_on", "to_on", "suggested"}),
    Happened.UPDATE_WITHDRAWN: frozenset({"withdraws"}),
    Happened.TASKS_SETTLED: frozenset({"tasks"}),
    Happened.SUBJECT_RECORDED: frozenset({"number", "said"}),
    Happened.PANEL_CHANGED: frozenset({"said"}),
    Happened.AMENDMENT_RECORDED: frozenset({"submission_no", "number", "said"}),
    Happened.REGIME_CHANGED: frozenset({"from_process", "to_process"}),
    Happened.INCIDENT_RECORDED: frozenset({"number", "revision", "said"}),
    Happened.REPORT_RECORDED: frozenset({"number", "revision", "said"}),
    Happened.PASSED_ON: frozenset({"bodies", "method", "said"}),
    Happened.HARM_ASSESSED: frozenset({"number", "score", "scored_band", "band", "said"}),
    Happened.WORKFLOW_MIGRATED: frozenset(
        {"from_version", "to_version", "from_digest", "to_digest", "recalculated"}
    ),
    Happened.DOCUMENT_ADDED: frozenset({"number", "version", "said"}),
    Happened.DOCUMENT_CHECKED: frozenset({"number", "version", "said"}),
    Happened.DOCUMENT_RELEASED: frozenset({"number", "version", "said"}),
    Happened.DOCUMENT_SCANNED: frozenset({"number", "version", "said"}),
    Happened.DOCUMENT_WITHDRAWN: frozenset({"number", "version", "said"}),
    Happened.CHASED: frozenset({"deadline", "instance", "cycle", "number", "said"}),
    Happened.LETTER_DRAFTED: frozenset({"recipient", "channel", "replaces", "template"}),
    Happened.LETTER_CHECKED: frozenset({"recipient", "read_for_others"}),
    Happened.LETTER_SENT: frozenset({"recipient", "channel", "format", "outside"}),
    Happened.LETTER_RETURNED: frozenset({"recipient"}),
    Happened.LETTER_CANCELLED: frozenset({"recipient"}),
    Happened.LETTER_WAIVED: frozenset({"recipient"}),
    Happened.RETENTION_DECIDED: frozenset({"said"}),
    Happened.RISK_JUDGED: frozenset({"deadline", "instance", "cycle", "generation", "said"}),
    Happened.NOTE_ADDED: frozenset({"said"}),
    Happened.TAKEN_TO_BOARD: frozenset({"deadline", "instance", "said"}),
    Happened.BOARD_DECIDED: frozenset({"deadline", "instance", "said"}),
}
"""The details that each kind of event may carry; any other is refused."""


LINK = "link"
"""The detail that any event carries that was caused by an e-mail link: the row of the link, not the address."""


class UndeclaredDetail(TypeError):
    """An event was given a detail that its kind does not declare."""


def record(
    session: Session,
    case: Case,
    actor: Actor,
    kind: Happened,
    *,
    occurred_on: date,
    at: datetime,
    name: str = "",
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    facts: Mapping[str, JsonValue] | None = None,
    detail: JsonObject | None = None,
    request_id: str | None = None,
) -> Event:
    """Add one line to a case's history and fold its facts into the case.

    ``occurred_on`` is the London date on which it happened, ``at`` the instant of recording.

    Raises:
        UndeclaredDetail: the kind of event does not declare such a detail.
    """
    extra = set(detail or ()) - DECLARED[kind]
    if extra:
        raise UndeclaredDetail(f"{kind} does not declare {', '.join(sorted(extra))}")
    said = dict(detail or {}) | ({LINK: actor.link_id} if actor.link_id is not None else {})
    event = Event(
        case_id=_id(case),
        seq=case.head_seq + 1,
        kind=kind,
        name=name,
        from_state=from_state,
        to_state=to_state,
        actor_id=actor.user_id,
        occurred_on=occurred_on,
        recorded_at=at.astimezone(UTC),
        reason=reason,
        facts=dict(facts or {}),
        detail=said,
        workflow=f"{case.process}/{case.workflow_version}",
        request_id=request_id,
        prev_hash=case.head_hash,
        hash="",
    )
    event.hash = digest(event)
    case.head_seq, case.head_hash = event.seq, event.hash
    case.facts = fold(case.facts, event.facts)
    session.add(event)
    session.add(case)
    return event


def fold(facts: JsonObject, added: JsonObject) -> JsonObject:
    """The facts of a case after one more event: later values stand, earlier ones stay in the history."""
    return {**facts, **added}


def digest(event: Event) -> str:
    """SHA-256 over everything that the event says and the hash of the event before it."""
    said = {
        "case_id": event.case_id,
        "seq": event.seq,
        "kind": str(event.kind),
        "name": event.name,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "actor_id": event.actor_id,
        "occurred_on": event.occurred_on.isoformat(),
        "recorded_at": event.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "reason": event.reason,
        "facts": event.facts,
        "detail": event.detail,
        "workflow": event.workflow,
        "request_id": event.request_id,
        "prev_hash": event.prev_hash,
    }
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _id(case: Case) -> int:
    if case.id is None:
        raise ValueError("the case has no row yet: flush first")
    return case.id
