"""How long records are kept, as pages show it: the schedules, what is due, one record. Administrators get numbers only."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import access, policy
from tracker.errors import NotVisible
from tracker.models import (
    Case,
    DecisionState,
    LegalHold,
    Partnership,
    RecordType,
    RetentionDecision,
    RetentionSchedule,
    SetupKind,
    User,
)
from tracker.policy import READERS, Actor, Permission, Subject
from tracker.queries import set_up as setups
from tracker.queries.due_dates import address_of
from tracker.queries.set_up import SetupEntry
from tracker.services import set_up
from tracker.services.process_names import OF_PARTNERSHIP, name_of
from tracker.services.retention import RECORDS, USUAL, Kept, in_years, kept, kept_one

STANDING = {
    DecisionState.PROPOSED: "Disposal proposed",
    DecisionState.APPROVED: "Disposal approved",
    DecisionState.MADE: "Kept longer",
}


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One type of record in one partnership. ``closed``, ``due`` and ``held`` are numbers of records."""

    place: str
    key: str
    record: str
    name: str
    length: str
    authority: str
    closed: int
    due: int
    held: int
    may_change: bool


@dataclass(frozen=True, slots=True)
class DueRow:
    """One record whose time is over, or which somebody held or decided on."""

    reference: str
    href: str
    kind: str
    closed_on: date
    until_on: date
    standing: str
    hold: str


@dataclass(frozen=True, slots=True)
class RetentionPage:
    """The schedules with numbers; for whoever may open cases what is due, by reference. ``hidden``: those they may not open."""

    rows: tuple[ScheduleRow, ...]
    due: tuple[DueRow, ...]
    hidden: int
    reads_cases: bool
    history: tuple[SetupEntry, ...]


@dataclass(frozen=True, slots=True)
class HoldShown:
    """One legal hold, standing or ended."""

    reason: str
    until_on: date | None
    by: str
    placed_at: datetime
    ended: str


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """One decision about a record, with both people."""

    said: str
    reason: str
    by: str
    at: datetime
    then: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One closed record: until when it is kept, and what can be decided now."""

    case: Case
    href: str
    kind: str
    kept: Kept
    holds: tuple[HoldShown, ...]
    decisions: tuple[DecisionShown, ...]
    acts: tuple[tuple[str, str], ...]
    waits: str


ACTS = {
    "hold": "Place a legal hold",
    "end-hold": "End the legal hold",
    "keep": "Keep it longer",
    "propose": "Propose disposal",
    "approve": "Approve the disposal",
    "refuse": "Refuse the disposal",
}


def retention_page(session: Session, actor: Actor, today: date) -> RetentionPage:
    """The list."""
    places = {
        place.id or 0: place for place in setups.partnerships(session, actor, Permission.RETENTION_READ)
    }
    set_ = {
        (row.partnership_id, row.record): row
        for row in session.exec(
            select(RetentionSchedule).where(col(RetentionSchedule.partnership_id).in_(places))
        ).all()
    }
    cases = session.exec(
        select(Case)
        .where(
            col(Case.partnership_id).in_(places),
            col(Case.process).in_(list(RecordType)),
            col(Case.parent_id).is_(None),
            col(Case.closed_on).is_not(None),
        )
        .order_by(col(Case.closed_on), col(Case.id))
    ).all()
    found = kept(session, cases, today)
    closed, due, held = Counter[tuple[int, str]](), Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for case in cases:
        key = (case.partnership_id, case.process)
        closed[key] += 1
        due[key] += found[case.id or 0].is_due(today)
        held[key] += found[case.id or 0].hold is not None
    rows = tuple(
        _schedule_row(
            place, record, set_.get((number, record)), closed[number, record], due[number, record],
            held[number, record],
            may_change=policy.allows(actor, Permission.SETUP_CHANGE, Subject(partnership_id=number)),
        )
        for number, place in places.items()
        for record in RECORDS
    )  # fmt: skip
    told = [
        case
        for case in cases
        if found[case.id or 0].is_due(today)
        or found[case.id or 0].hold is not None
        or found[case.id or 0].decision is not None
    ]
    reads = actor.holds(*READERS)
    seen = _seen(session, actor, told) if reads else set()
    return RetentionPage(
        rows,
        tuple(_due_row(session, case, found[case.id or 0], today) for case in told if case.id in seen),
        len(told) - len(seen),
        reads,
        setups.entries(session, set(places), SetupKind.RETENTION_SET),
    )


def is_closed(session: Session, actor: Actor, reference: str) -> bool:
    """Whether there is a closed record of that reference, with a time of its own, that the actor may open."""
    found = session.exec(
        select(Case.id).where(
            Case.reference == reference.upper(),
            col(Case.closed_on).is_not(None),
            col(Case.parent_id).is_(None),
            col(Case.process).in_(list(RecordType)),
            access.visible(actor),
        )
    )
    return actor.holds(*READERS) and found.first() is not None


def record_page(session: Session, actor: Actor, reference: str, today: date) -> RecordPage:
    """One closed record.

    Raises:
        NotVisible: there is none of that reference that the actor may open, it is open, or no schedule speaks of it.
    """
    case = access.case_for(session, actor, reference)
    now = kept_one(session, case, today) if case.parent_id is None else None
    if now is None or not policy.allows(actor, Permission.RETENTION_READ, access.subject_of(session, case)):
        raise NotVisible("There is no such record, or how long it is kept is not yours to see.")
    holds = session.exec(
        select(LegalHold).where(LegalHold.case_id == case.id).order_by(col(LegalHold.id).desc())
    ).all()
    decisions = session.exec(
        select(RetentionDecision)
        .where(RetentionDecision.case_id == case.id)
        .order_by(col(RetentionDecision.id).desc())
    ).all()
    people = {row.placed_by_id for row in holds} | {row.ended_by_id for row in holds}
    people |= {number for row in decisions for number in (row.proposed_by_id, row.decided_by_id)}
    names = {
        user.id: user.name
        for user in session.exec(select(User).where(col(User.id).in_(people - {None}))).all()
    }
    subject = access.subject_of(session, case)
    manages = policy.allows(actor, Permission.RETENTION_DECIDE, subject)
    decides = policy.allows(actor, Permission.DISPOSAL_DECIDE, subject)
    proposed = now.decision is not None and now.decision.state == DecisionState.PROPOSED
    own = proposed and now.decision is not None and now.decision.proposed_by_id == actor.user_id
    return RecordPage(
        case,
        address_of(case),
        name_of(session, case),
        now,
        tuple(
            HoldShown(
                row.reason, row.until_on, names[row.placed_by_id], row.placed_at,
                f"Ended by {names[row.ended_by_id]}: {row.ended_why}" if row.ended_at else "",
            )
            for row in holds
        ),
        tuple(_decision(row, names) for row in decisions),
        tuple(
            (act, ACTS[act])
            for act in _possible(now, today, manages=manages, decides=decides and not own)
        ),
        "You proposed this yourself, so someone else must decide." if own else "",
    )  # fmt: skip


def schedule_of(
    session: Session, actor: Actor, place: str, record: str
) -> tuple[Partnership, RetentionSchedule | None, str]:
    """One schedule that the actor may change, its partnership, and the mark of the set-up.

    Raises:
        NotVisible: there is none, or it is not theirs to change.
    """
    found = access.partnership_for(session, actor, place, Permission.SETUP_CHANGE)
    if record not in RECORDS:
        raise NotVisible("There is no such type of record.")
    row = session.exec(
        select(RetentionSchedule).where(
            RetentionSchedule.partnership_id == found.id, RetentionSchedule.record == record
        )
    ).first()
    return found, row, set_up.mark(session, found.id or 0)


def _possible(now: Kept, today: date, *, manages: bool, decides: bool) -> list[str]:
    """The acts that are possible now, in order."""
    state = now.decision.state if now.decision else ""
    open_ = state not in {DecisionState.PROPOSED, DecisionState.APPROVED}
    over = now.until_on < today and now.hold is None
    wanted = (
        ("approve", decides and state == DecisionState.PROPOSED and over),
        ("refuse", decides and state == DecisionState.PROPOSED),
        ("propose", manages and open_ and over),
        ("keep", manages and open_),
        ("hold", manages and now.hold is None),
        ("end-hold", manages and now.hold is not None),
    )
    return [act for act, possible in wanted if possible]


def _schedule_row(
    place: Partnership, record: str, row: RetentionSchedule | None, closed: int, due: int, held: int, *,
    may_change: bool,
) -> ScheduleRow:  # fmt: skip
    own = OF_PARTNERSHIP.get(record)
    return ScheduleRow(
        place.name, place.key, record, str(getattr(place, own)) if own else RECORDS[record],
        in_years(row.months if row else USUAL), row.authority if row else "Not set here: six years is usual",
        closed, due, held, may_change,
    )  # fmt: skip


def _seen(session: Session, actor: Actor, cases: list[Case]) -> set[int | None]:
    ids = [case.id for case in cases]
    return set(session.exec(select(Case.id).where(col(Case.id).in_(ids), access.visible(actor))).all())


def _due_row(session: Session, case: Case, now: Kept, today: date) -> DueRow:
    standing = STANDING.get(DecisionState(now.decision.state), "") if now.decision else ""
    if not standing or (standing == STANDING[DecisionState.MADE] and now.is_due(today)):
        standing = "To be decided" if now.is_due(today) else "Kept"
    hold = ""
    if now.hold is not None:
        hold = "Held" if now.hold.until_on is None else f"Held until {now.hold.until_on:%-d %B %Y}"
    return DueRow(
        case.reference, f"/retention/{case.reference}", name_of(session, case),
        case.closed_on or date.max, now.until_on, standing, hold or "None",
    )  # fmt: skip


def _decision(row: RetentionDecision, names: dict[int | None, str]) -> DecisionShown:
    said = {
        DecisionState.MADE: "Kept longer",
        DecisionState.PROPOSED: "Disposal proposed; a second person decides",
        DecisionState.APPROVED: "Disposal approved",
        DecisionState.REFUSED: "Disposal refused",
    }[DecisionState(row.state)]
    then = ""
    if row.decided_by_id is not None:
        then = f"{names[row.decided_by_id]}: {row.decided_why}"
    reason = f"{row.reason} ({row.authority})" if row.authority else row.reason
    return DecisionShown(said, reason, names[row.proposed_by_id], row.proposed_at, then)
