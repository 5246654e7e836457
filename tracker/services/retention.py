"""How long closed records are kept: the schedule of a partnership, and until when one record is kept under it.

No statutory period was found: the council's schedule says it, six years from closure unless it says otherwise
(docs/security.md section 3). What is decided of one record, ``tracker.services.disposals`` says.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from tracker import clock
from tracker.errors import BadInput
from tracker.models import (
    Case,
    Deadline,
    DeadlineStatus,
    DecisionState,
    LegalHold,
    Partnership,
    RecordType,
    RetentionDecision,
    RetentionSchedule,
    SetupChange,
    SetupKind,
)
from tracker.policy import Actor
from tracker.services import set_up
from tracker.services.calendars import calendar_for
from tracker.services.person_changes import Why
from tracker.services.process_names import TITLES
from tracker.templating import day
from workflows.calendars import Calendar
from workflows.dates import compute
from workflows.periods import Period, Unit

USUAL = 72
MOST = 1200
RECORDS: Mapping[str, str] = {
    **{record: TITLES[record] for record in (RecordType.DHR, RecordType.DARDR, RecordType.ASB)},
    RecordType.ACTION: "Actions of a plan",
}
"""What a schedule speaks of, in words."""

CLOCK = "RETENTION"
"""The clock of a case on which its retention review falls due."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Until when a closed record is kept, and why then. ``hold``: it must not be disposed of, whatever the date."""

    until_on: date
    months: int
    scheduled_on: date
    why: str
    hold: LegalHold | None
    decision: RetentionDecision | None

    def is_due(self, today: date) -> bool:
        """Whether its time is over and somebody has to decide."""
        settled = self.decision is not None and self.decision.state == DecisionState.APPROVED
        return self.until_on < today and not settled


def months_of(session: Session, partnership_ids: Collection[int]) -> dict[tuple[int, str], int]:
    """The months that these partnerships have set, by partnership and type of record."""
    rows = session.exec(
        select(RetentionSchedule).where(col(RetentionSchedule.partnership_id).in_(partnership_ids))
    ).all()
    return {(row.partnership_id, row.record): row.months for row in rows}


def kept(session: Session, cases: Collection[Case], today: date) -> dict[int, Kept]:
    """Until when these records are kept, by row number; only closed ones that a schedule speaks of."""
    closed = [case for case in cases if case.closed_on is not None and case.process in set(RecordType)]
    ids = [case.id or 0 for case in closed]
    months = months_of(session, {case.partnership_id for case in closed})
    holds = {
        row.case_id: row
        for row in session.exec(
            select(LegalHold)
            .where(
                col(LegalHold.case_id).in_(ids),
                col(LegalHold.ended_at).is_(None),
                or_(col(LegalHold.until_on).is_(None), col(LegalHold.until_on) >= today),
            )
            .order_by(col(LegalHold.id))
        ).all()
    }
    decisions: dict[int, list[RetentionDecision]] = {}
    for row in session.exec(
        select(RetentionDecision)
        .where(col(RetentionDecision.case_id).in_(ids))
        .order_by(col(RetentionDecision.id))
    ).all():
        decisions.setdefault(row.case_id, []).append(row)
    dated = {
        row.case_id: row.due_on
        for row in session.exec(
            select(Deadline).where(
                col(Deadline.case_id).in_(ids),
                Deadline.key == CLOCK,
                Deadline.status == DeadlineStatus.RUNNING,
            )
        ).all()
    }
    calendar = calendar_for(session, None)
    found = {}
    for case in closed:
        number = case.id or 0
        length = months.get((case.partnership_id, case.process), USUAL)
        made = decisions.get(number, [])
        found[number] = _kept(case, length, holds.get(number), made, dated.get(number), calendar)
    return found


def kept_one(session: Session, case: Case, today: date) -> Kept | None:
    """The same for one record; None where it is open or no schedule speaks of it."""
    return kept(session, [case], today).get(case.id or 0)


def _kept(
    case: Case, months: int, hold: LegalHold | None, made: list[RetentionDecision], review_on: date | None,
    calendar: Calendar,
) -> Kept:  # fmt: skip
    """The latest of what the schedule says, what somebody decided, and the review date that runs on the case itself."""
    closed_on = case.closed_on or date.max
    scheduled = compute(closed_on, Period(months, Unit.MONTHS), calendar).due_on
    until, why = scheduled, f"{in_years(months)} from {day(closed_on)}, when it was closed"
    if review_on is not None and review_on > until:
        until, why = review_on, "The retention review date of the case itself"
    for one in made:
        if one.keep_until_on is not None and one.keep_until_on > until:
            until, why = one.keep_until_on, "Somebody decided to keep it longer"
    standing = [one for one in made if one.state != DecisionState.REFUSED]
    return Kept(until, months, scheduled, why, hold, standing[-1] if standing else None)


def in_years(months: int) -> str:
    """A length as a sentence says it: ``6 years``, ``18 months``."""
    number, unit = (months // 12, "year") if months % 12 == 0 else (months, "month")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def set_schedule(
    session: Session, actor: Actor, place: Partnership, record: str, months: int, authority: str, why: Why
) -> SetupChange:
    """Say how long a partnership keeps a type of record after closure. It counts for every closed record at once.

    Raises:
        NotPermitted: the actor is neither manager nor administrator of the partnership.
        BadInput: the type or the length is none, no authority or reason is given, or nothing changes.
        ChangedMeanwhile: the set-up was changed after they looked.
    """
    if before := set_up.done_before(session, why.request_id):
        return before
    set_up.require(session, actor, place, why.reason, why.seen)
    if record not in RECORDS:
        raise BadInput("Choose the type of record.")
    if not 1 <= months <= MOST:
        raise BadInput("The time must be from 1 month to 100 years.")
    if not authority.strip():
        raise BadInput("Say which schedule it comes from.")
    row = session.exec(
        select(RetentionSchedule).where(
            RetentionSchedule.partnership_id == place.id, RetentionSchedule.record == record
        )
    ).first()
    old = (row.months, row.authority) if row else (USUAL, "")
    if (months, authority.strip()) == old:
        raise BadInput("That is how it is.")
    row = row or RetentionSchedule(
        partnership_id=place.id or 0, record=record, months=months, authority="", set_at=why.at
    )
    row.months, row.authority, row.set_at = months, authority.strip(), why.at
    session.add(row)
    session.flush()
    said = f"{RECORDS[record]}: kept {in_years(months)} from closure, not {in_years(old[0])}. {authority.strip()}"
    return set_up.record(
        session, actor, place, SetupKind.RETENTION_SET, said,
        detail={"record": record, "from": old[0], "to": months},
        reason=why.reason, at=why.at, request_id=why.request_id, about=f"retention:{record}",
    )  # fmt: skip


def kept_words(session: Session, case: Case) -> str:
    """Until when a closed case is kept, in a sentence or two; empty where nothing is known of it."""
    if case.parent_id is not None:
        return "Records are kept as long as the case that it belongs to."
    now = kept_one(session, case, clock.today())
    if now is None:
        return ""
    if now.decision is not None and now.decision.state == DecisionState.APPROVED:
        return "Its disposal is approved; nothing is erased yet."
    held = " A legal hold stands, so they are kept beyond it." if now.hold is not None else ""
    return f"Records are kept until {day(now.until_on)}.{held}"
