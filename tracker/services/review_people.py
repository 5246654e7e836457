"""People of a review, without names: who died, who is thought to have caused it, children, family. Nobody is deleted.

The tracker holds a pseudonym; the key to it lies in the council's restricted file store (docs 5.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, func, select

from tracker import audit
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput
from tracker.models import AGE_BANDS, Case, Event, ReviewSubject, SubjectRole
from tracker.policy import Actor
from tracker.services.guarded import done_before, require_recorder, require_review_pages

CHARACTERISTICS: Mapping[str, str] = {
    "age": "Age",
    "disability": "Disability",
    "gender_reassignment": "Gender reassignment",
    "marriage_and_civil_partnership": "Marriage and civil partnership",
    "pregnancy_and_maternity": "Pregnancy and maternity",
    "race": "Race",
    "religion_or_belief": "Religion or belief",
    "sex": "Sex",
    "sexual_orientation": "Sexual orientation",
}
"""Equality Act 2010 s.4: nine."""

ROLES: Mapping[SubjectRole, str] = {
    SubjectRole.DECEASED: "Person who died",
    SubjectRole.ALLEGED_PERPETRATOR: "Alleged perpetrator",
    SubjectRole.PERPETRATOR: "Perpetrator",
    SubjectRole.CHILD: "Child",
    SubjectRole.FAMILY: "Family",
    SubjectRole.FRIEND: "Friend",
    SubjectRole.EMPLOYER: "Employer",
    SubjectRole.NEIGHBOUR: "Neighbour",
    SubjectRole.OTHER: "Other",
}


@dataclass(frozen=True, slots=True)
class Person:
    """What is said of one person. ``characteristics``: per characteristic, (considered, relevant, note)."""

    role: str
    pseudonym: str = ""
    pseudonym_by: str = ""
    age_band: str = "not_known"
    relationship: str = ""
    is_deceased: bool = False
    characteristics: Mapping[str, tuple[bool, bool, str]] = field(default_factory=dict)


def people_of(session: Session, case: Case) -> list[ReviewSubject]:
    """Everybody in the review, in order; without those entered in error."""
    return list(
        session.exec(
            select(ReviewSubject)
            .where(ReviewSubject.case_id == case.id, col(ReviewSubject.removed_on).is_(None))
            .order_by(col(ReviewSubject.number))
        ).all()
    )


def save(
    session: Session,
    actor: Actor,
    case: Case,
    number: int | None,
    person: Person,
    *,
    seen_version: int,
    request_id: str | None = None,
    at: datetime,
) -> Event:
    """Add a person (``number`` None), or say anew what is known of one.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: the process of the case has no such pages.
        BadInput: an answer is not among those there are, or there is no such person.
    """
    if before := done_before(session, case, request_id):
        return before
    require_recorder(session, actor, case, seen_version)
    require_review_pages(case)
    if person.role not in set(SubjectRole) or person.age_band not in AGE_BANDS:
        raise BadInput("The part in the review and the age must be among the answers shown.")
    if set(person.characteristics) - set(CHARACTERISTICS):
        raise BadInput("There is no such protected characteristic.")
    if number is None:
        highest = session.exec(
            select(func.max(ReviewSubject.number)).where(ReviewSubject.case_id == case.id)
        ).one()
        row = ReviewSubject(case_id=case.id or 0, number=(highest or 0) + 1, role=person.role)
    else:
        row = _one(session, case, number)
    row.role = person.role
    row.pseudonym, row.pseudonym_by = person.pseudonym.strip(), person.pseudonym_by.strip()
    row.age_band, row.relationship = person.age_band, person.relationship.strip()
    row.is_deceased = person.is_deceased or person.role == SubjectRole.DECEASED
    row.characteristics = {
        name: {"considered": considered, "relevant": relevant, "note": note.strip()}
        for name, (considered, relevant, note) in person.characteristics.items()
        if considered or relevant or note.strip()
    }
    session.add(row)
    words = f"Person {row.number}: {ROLES[SubjectRole(row.role)]}"
    return _recorded(session, actor, case, row, words, "changed" if number else "added", "", request_id, at)


def remove(
    session: Session,
    actor: Actor,
    case: Case,
    number: int,
    why: str,
    *,
    seen_version: int,
    request_id: str | None = None,
    at: datetime,
) -> Event:
    """Take out a person who was entered in error. The row stays, with the reason.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: the process of the case has no such pages.
        BadInput: there is no such person, or no reason.
    """
    if before := done_before(session, case, request_id):
        return before
    require_recorder(session, actor, case, seen_version)
    require_review_pages(case)
    if not why.strip():
        raise BadInput("Say why this person was entered in error.")
    row = _one(session, case, number)
    row.removed_on, row.removed_why = time.london(at), why.strip()
    session.add(row)
    return _recorded(session, actor, case, row, f"Person {number}", "removed", why, request_id, at)


def _recorded(
    session: Session,
    actor: Actor,
    case: Case,
    row: ReviewSubject,
    words: str,
    what: str,
    why: str,
    request_id: str | None,
    at: datetime,
) -> Event:
    event = audit.record(
        session, case, actor, Happened.SUBJECT_RECORDED,
        name=what, occurred_on=time.london(at), at=at, reason=why.strip(),
        detail={"number": row.number, "said": f"{words}, {what}"}, request_id=request_id,
    )  # fmt: skip
    session.flush()
    return event


def _one(session: Session, case: Case, number: int) -> ReviewSubject:
    row = next((each for each in people_of(session, case) if each.number == number), None)
    if row is None:
        raise BadInput("There is no such person in this review.")
    return row
