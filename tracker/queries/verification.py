"""Does the record hold together? History, ledgers, folds, outbox keys: what is wrong, in words."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlmodel import Session, col, select

from tracker import audit
from tracker.models import Case, Deadline, DeadlineChange, DeadlineStatus, Event, Holiday, Outbox
from tracker.models.columns import JsonObject
from tracker.services.calendars import calendar_from, rows_for
from tracker.services.chasers import KIND as BY_HAND
from tracker.services.deadlines import change_from, standing
from tracker.services.leases import last_round
from tracker.services.reconciling import reconcile
from workflows.calendars import Calendar
from workflows.ledger import LedgerRefused
from workflows.released import RELEASED

WAITING = timedelta(minutes=5)
"""How long one act may have waited for another."""


def faults(session: Session, at: datetime | None = None) -> Iterator[str]:
    """Every fault found, one sentence each. Nothing is changed.

    With ``at``, also what is due then but not told, where reminders have ever run: before that nobody was to be told.
    """
    yield from _histories(session)
    yield from _dates(session)
    yield from _notices(session)
    if at is not None and last_round(session) is not None:
        yield from (one.words for one in reconcile(session, at).untold)


def _histories(session: Session) -> Iterator[str]:
    cases = {case.id: case for case in session.exec(select(Case).order_by(col(Case.id))).all()}
    seen: set[int] = set()
    ordered = session.exec(
        select(Event).order_by(col(Event.case_id), col(Event.seq)).execution_options(yield_per=2000)
    )
    for case_id, group in groupby(ordered, key=lambda event: event.case_id):
        case = cases.get(case_id)
        if case is None:
            yield f"There is a history of a case that does not exist (row {case_id})."
            continue
        seen.add(case_id)
        yield from _history(case, list(group))
    for case_id, case in cases.items():
        if case_id not in seen:
            yield f"{case.reference}: there is no history."


def _history(case: Case, events: list[Event]) -> Iterator[str]:
    ref, before = case.reference, ""
    for number, event in enumerate(events, start=1):
        if event.seq != number:
            yield f"{ref}: event {number} is missing from the history, or one was inserted."
            return
        if event.prev_hash != before or audit.digest(event) != event.hash:
            yield f"{ref}: event {number} of the history was changed, inserted or swapped."
            return
        before = event.hash
    if case.head_seq != len(events) or case.head_hash != before:
        yield f"{ref}: the end of the history is cut off, or events were added past it."
    yield from _fold(case, events)


def _fold(case: Case, events: list[Event]) -> Iterator[str]:
    ref, state = case.reference, ""
    facts: JsonObject = {}
    for event in events:
        facts = audit.fold(facts, event.facts)
        if event.to_state:
            if event.from_state != state:
                yield f"{ref}: event {event.seq} starts from a state that the case was not in."
            state = event.to_state
    if state != case.state:
        yield f"{ref}: the case is at “{case.state}”, but its history ends at “{state}”."
    if facts != case.facts:
        yield f"{ref}: the recorded facts differ from those of its history."
    if events and events[-1].workflow != f"{case.process}/{case.workflow_version}":
        yield f"{ref}: its history does not say how it came to version {case.workflow_version} of its process."
    workflow = RELEASED.get(f"{case.process}/{case.workflow_version}")
    if workflow is None:
        yield f"{ref}: its process {case.process}/{case.workflow_version} is not released here."
    elif case.state not in workflow.state_by_name:
        yield f"{ref}: its process has no state “{case.state}”."


def _dates(session: Session) -> Iterator[str]:
    references = dict(session.exec(select(Case.id, Case.reference)).all())
    partnerships = dict(session.exec(select(Case.id, Case.partnership_id)).all())
    holidays = rows_for(session, partnerships.values())
    calendars = {number: calendar_from(holidays, number) for number in set(partnerships.values())}
    ledgers: dict[int, list[DeadlineChange]] = {}
    for row in session.exec(
        select(DeadlineChange).order_by(col(DeadlineChange.deadline_id), col(DeadlineChange.seq))
    ).all():
        ledgers.setdefault(row.deadline_id, []).append(row)
    for deadline in session.exec(select(Deadline).order_by(col(Deadline.id))).all():
        name = f"{references.get(deadline.case_id, 'a case that does not exist')}, {deadline.label}"
        ledger = ledgers.pop(deadline.id or 0, [])
        partnership = partnerships.get(deadline.case_id)
        if [row.seq for row in ledger] != list(range(1, len(ledger) + 1)):
            yield f"{name}: the ledger of this date has a gap."
        elif partnership is None:
            yield f"There is a date of a case that does not exist (row {deadline.id})."
        else:
            if not ledger or not holidays or deadline.status == DeadlineStatus.RUNNING:
                yield from _date(name, deadline, ledger, calendars[partnership])
                continue
            # What has ended stays as it was: days off that were entered later do not touch it.
            instants = _instants(holidays, ledger[-1].recorded_at)
            known = (calendar_from(holidays, partnership, known_at=at) for at in instants)
            wrong = (list(_date(name, deadline, ledger, calendar)) for calendar in known)
            first = next(wrong)
            if first and all(wrong):
                yield from first
    for deadline_id in ledgers:
        yield f"There is a ledger of a date that does not exist (row {deadline_id})."


def _instants(holidays: Sequence[Holiday], ended_at: datetime) -> Iterator[datetime]:
    """When the days off may have been looked at that a date ended by: as it ended, or just before or after a change of
    them at about that time, because one of the two acts waited for the other.
    """
    yield ended_at
    for row in holidays:
        for at in (row.added_at, row.removed_at):
            if at is not None and abs(at - ended_at) <= WAITING:
                yield at
                yield at - timedelta(microseconds=1)


def _date(name: str, deadline: Deadline, ledger: list[DeadlineChange], calendar: Calendar) -> Iterator[str]:
    try:
        result = standing(deadline, tuple(change_from(row) for row in ledger), calendar)
    except LedgerRefused as refused:
        yield f"{name}: the ledger of this date does not fold: {refused}"
        return
    kept = (deadline.due_on, str(deadline.status), deadline.met_on, deadline.paused)
    worked = (result.due_on, str(result.status), result.met_on, result.paused)
    if kept != worked:
        yield f"{name}: the date or status kept differs from its ledger."


def _notices(session: Session) -> Iterator[str]:
    known = set(session.exec(select(Deadline.id)).all())
    for notice in session.exec(
        select(Outbox).where(col(Outbox.deadline_id).is_not(None)).order_by(col(Outbox.id))
    ).all():
        key = f"{notice.deadline_id}:{notice.generation}:{notice.rung}:"
        if notice.kind == BY_HAND:
            key = f"{BY_HAND}:{notice.deadline_id}:"
        if notice.deadline_id not in known:
            yield f"A reminder (row {notice.id}) is about a date that does not exist."
        elif not notice.dedupe_key.startswith(key):
            yield f"A reminder (row {notice.id}) does not carry the key of what it is about."
