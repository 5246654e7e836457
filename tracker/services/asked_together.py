"""What several agencies were asked for at once: in the unit's digest one line, with how many are in.

``Agency reports in (3 of 5)`` stands for the two that are still out (docs/ux.md (i) 4). To an agency each is one thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker.models import Case, Deadline

ASKED = "information_request"
WITHIN = (ASKED, "hold", "parallel_process", "family_contact")
"""Processes that are part of the work on a case: their readers know them by the reference of that case."""
SEVERAL: Mapping[str, str] = {
    "SUMMARY": "Agency summaries in",
    "CHRONOLOGY": "Agency chronologies in",
    "IMR": "Agency reports in",
    "C4": "Agency returns in",
}
"""What they are together, by the clock that each runs on."""
NOT_WANTED = ("refused", "waived")
"""States of a request that nobody waits for and that is not in either."""


@dataclass(frozen=True, slots=True)
class Together:
    """Requests of one kind to several agencies: the same date, under the same case."""

    parent_id: int
    key: str
    due_on: date | None


def together(case: Case, deadline: Deadline | None) -> Together | None:
    """Which others a request was made with; None of anything else."""
    if deadline is None or case.process != ASKED or case.parent_id is None or deadline.key not in SEVERAL:
        return None
    return Together(case.parent_id, deadline.key, deadline.due_on)


def how_many_in(session: Session, request: Case, key: str) -> str:
    """``Agency reports in (3 of 5)``; empty where only one agency was asked, or for anything else."""
    if key not in SEVERAL or request.process != ASKED or request.parent_id is None:
        return ""
    rows = session.exec(
        select(Case)
        .where(Case.parent_id == request.parent_id, Case.process == ASKED, col(Case.state).not_in(NOT_WANTED))
        .order_by(col(Case.id))
    ).all()
    asked = [row for row in rows if row.facts.get("kind") == request.facts.get("kind")]
    came = sum(1 for row in asked if row.facts.get("returned_on"))
    return f"{SEVERAL[key]} ({came} of {len(asked)})" if len(asked) > 1 else ""
