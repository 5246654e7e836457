"""Deadlines: started by a rule, changed by their ledger, never typed.

Every change is one row of the ledger and one fold of it: ``due_on`` is that fold's cache. When the date moves, the
generation counts up, so that notices already decided for the old date are no longer wanted. A stopped clock keeps its
generation until it runs again: if it comes out at the date that stood before, nobody is told of that date anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import clock as time
from tracker.models import Case, Deadline, DeadlineChange, DeadlineStatus, Event
from tracker.services.calendars import calendar_for
from tracker.services.ladders import ladder_to
from tracker.services.policies import closed_in, counted_by, rule_from, rule_to
from workflows.calendars import Calendar
from workflows.dates import Mode, Period
from workflows.definition import Clock
from workflows.ledger import Change, ChangeKind, Standing, fold


def start(
    session: Session,
    case: Case,
    clock: Clock,
    *,
    period: Period | None,
    starts_on: date,
    start_words: str,
    at: datetime,
    instance: str = "",
    entered_on: date | None = None,
    calendar: Calendar | None = None,
    closed: Mapping[date, str] | None = None,
    why: str = "",
) -> Deadline:
    """Start a clock of a case. ``entered_on`` is the date itself where it is entered and not computed.

    ``closed`` are the closed days of the policy that the case took, ``why`` is where an unusual length comes from: the
    deadline keeps both with its rule.

    ``starts_on`` is the London date of the start event, or of the event counted back from.
    """
    latest = session.exec(
        select(Deadline.cycle)
        .where(Deadline.case_id == case.id, Deadline.key == clock.key, Deadline.instance == instance)
        .order_by(col(Deadline.cycle).desc())
    ).first()
    deadline = Deadline(
        case_id=_row(case.id),
        key=clock.key,
        instance=instance,
        cycle=(latest or 0) + 1,
        label=clock.label,
        rule=rule_to(period, closed, why) if entered_on is None else {},
        ladder=ladder_to(clock.ladder),
        basis=clock.basis,
        force=str(clock.force),
        length_local=clock.length_local,
        owner=str(clock.owner),
        pausable=clock.pausable,
        extendable=clock.extendable,
        starts_on=starts_on,
        start_words=start_words,
        due_on=entered_on,
        first_due_on=entered_on,
        minimum=clock.minimum,
        recorded_at=at,
    )
    calendar = calendar or calendar_for(session, case.partnership_id)
    _take(deadline, standing(deadline, (), calendar))
    deadline.first_due_on = deadline.due_on
    deadline.generation = 1
    if deadline.due_on is not None:
        deadline.next_notice_at = time.morning_of(min(starts_on, deadline.due_on))
    session.add(deadline)
    session.flush()
    return deadline


def standing(deadline: Deadline, changes: tuple[Change, ...], calendar: Calendar) -> Standing:
    """Where a deadline stands: the fold of its start and its ledger, with the trace that explains it."""
    return fold(
        rule_from(deadline.rule),
        deadline.starts_on,
        changes,
        counted_by(calendar, closed_in(deadline.rule)),
        start_words=deadline.start_words,
        length_words=_length_words(deadline),
        typed_due_on=None if deadline.rule else deadline.first_due_on,
        first_due_on=deadline.first_due_on,
    )


def _length_words(deadline: Deadline) -> str:
    """Where the length comes from, or a date that was entered elsewhere than in a plan."""
    if deadline.rule:
        return str(deadline.rule.get("why", ""))
    return "" if deadline.key == "ACTION_TARGET" else "as it was recorded"


def ledger_of(session: Session, deadline: Deadline) -> tuple[Change, ...]:
    """The ledger of a deadline, oldest first."""
    rows = session.exec(
        select(DeadlineChange)
        .where(DeadlineChange.deadline_id == deadline.id)
        .order_by(col(DeadlineChange.seq))
    ).all()
    return tuple(change_from(row) for row in rows)


def change_from(row: DeadlineChange) -> Change:
    """One row of the ledger as the fold reads it."""
    return Change(
        kind=ChangeKind(row.kind),
        on=row.on,
        n=row.n,
        due_on=row.due_on,
        reason=row.reason,
        authorised_by=row.authorised_by,
    )


def change(
    session: Session,
    case: Case,
    deadline: Deadline,
    entry: Change,
    *,
    event: Event,
    at: datetime,
    calendar: Calendar | None = None,
) -> Standing:
    """Add one entry to the ledger and fold it.

    Raises:
        LedgerRefused: the entry does not fit (resume without pause, change after the end).
    """
    before = ledger_of(session, deadline)
    calendar = calendar or calendar_for(session, case.partnership_id)
    result = standing(deadline, (*before, entry), calendar)
    if entry.kind is ChangeKind.PAUSE:
        entry = replace(entry, due_on=deadline.due_on)
    session.flush()
    session.add(
        DeadlineChange(
            deadline_id=_row(deadline.id),
            seq=len(before) + 1,
            kind=str(entry.kind),
            on=entry.on,
            n=entry.n,
            due_on=entry.due_on,
            reason=entry.reason,
            authorised_by=entry.authorised_by,
            event_id=event.id,
            recorded_at=at,
        )
    )
    moved = result.due_on != _stood(deadline, before) and not (result.paused and result.due_on is None)
    was_paused = deadline.paused
    _take(deadline, result)
    if moved:
        deadline.generation += 1
    if deadline.status != DeadlineStatus.RUNNING or deadline.paused or deadline.due_on is None:
        deadline.next_notice_at = None
    elif moved or was_paused:
        deadline.next_notice_at = time.morning_of(min(time.london(at), deadline.due_on))
    session.add(deadline)
    session.flush()
    return result


def _stood(deadline: Deadline, ledger: Sequence[Change]) -> date | None:
    """The date of which people were told last: while a clock is stopped, the one that stood when it was stopped."""
    if deadline.due_on is not None or not deadline.paused:
        return deadline.due_on
    return next((one.due_on for one in reversed(ledger) if one.kind is ChangeKind.PAUSE), None)


def of_case(session: Session, case: Case) -> list[Deadline]:
    """Every deadline of a case, running or ended, in order of due date."""
    return list(
        session.exec(
            select(Deadline)
            .where(Deadline.case_id == case.id)
            .order_by(col(Deadline.due_on), col(Deadline.id))
        ).all()
    )


def running(session: Session, case: Case) -> list[Deadline]:
    """The running deadlines of a case, in order of due date."""
    return [one for one in of_case(session, case) if one.status == DeadlineStatus.RUNNING]


def counts_back(clock: Clock) -> bool:
    """Whether the clock counts back from an event (papers 5 working days before the meeting)."""
    return clock.period is not None and clock.period.mode is Mode.BEFORE


def _take(deadline: Deadline, result: Standing) -> None:
    deadline.status = DeadlineStatus(str(result.status))
    deadline.paused = result.paused
    deadline.due_on = result.due_on
    deadline.met_on = result.met_on
    deadline.provisional = result.provisional


def _row(number: int | None) -> int:
    if number is None:
        raise ValueError("flush first: the row has no number yet")
    return number
