"""What a Home Office quality assurance letter asks for, point by point, and what became of each.

docs/domestic-homicide-review.md 4.6, “Amending after QA letter”. Points belong to the submission that the letter answers.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import audit
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput
from tracker.models import Amendment, Case, Event
from tracker.policy import Actor
from tracker.services.guarded import done_before, require_recorder, require_review_pages


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the letter. Without ``resolved_on`` it is open; resolving it needs the response."""

    text: str
    assigned: str = ""
    response: str = ""
    resolved_on: date | None = None


def amendments_of(session: Session, case: Case) -> list[Amendment]:
    """Every point of every letter, the latest submission first."""
    return list(
        session.exec(
            select(Amendment)
            .where(Amendment.case_id == case.id)
            .order_by(col(Amendment.submission_no).desc(), col(Amendment.number))
        ).all()
    )


def save(
    session: Session,
    actor: Actor,
    case: Case,
    number: int | None,
    point: Point,
    *,
    seen_version: int,
    request_id: str | None = None,
    at: datetime,
) -> Event:
    """Add a point of the latest letter (``number`` None), or say what became of one.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: the process of the case has no such pages.
        BadInput: nothing was submitted yet, words are missing, or a day lies ahead.
    """
    if before := done_before(session, case, request_id):
        return before
    require_recorder(session, actor, case, seen_version)
    require_review_pages(case)
    today = time.london(at)
    submission = case.facts.get("submission_no") or 0
    if not submission:
        raise BadInput("Nothing was submitted to the Home Office yet.")
    if not point.text.strip():
        raise BadInput("Enter what the letter asks for.")
    if point.resolved_on and point.resolved_on > today:
        raise BadInput("The day it was made or answered must be today or in the past.")
    if point.resolved_on and not point.response.strip():
        raise BadInput("Say what was changed, or why not.")
    there = [row for row in amendments_of(session, case) if row.submission_no == submission]
    if number is None:
        row = Amendment(
            case_id=case.id or 0,
            submission_no=submission,
            number=max((each.number for each in there), default=0) + 1,
            text="",
        )
    else:
        found = next((each for each in there if each.number == number), None)
        if found is None:
            raise BadInput("There is no such point in the letter on the latest submission.")
        row = found
    row.text, row.assigned = point.text.strip(), point.assigned.strip()
    row.response, row.resolved_on = point.response.strip(), point.resolved_on
    session.add(row)
    state = "made or answered" if row.resolved_on else "open"
    event = audit.record(
        session, case, actor, Happened.AMENDMENT_RECORDED,
        name="changed" if number else "added", occurred_on=row.resolved_on or today, at=at, request_id=request_id,
        detail={"submission_no": submission, "number": row.number, "said": f"Amendment {row.number}, {state}"},
    )  # fmt: skip
    session.flush()
    return event
