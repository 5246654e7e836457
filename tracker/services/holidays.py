"""Bank holidays and closed days: what one would move is listed before anyone confirms, then moved with history.

A day that was entered by mistake is taken out the same way. It stays on record, because dates that ended while it
counted were right when they ended.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from tracker import audit, db, policy
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, NotPermitted
from tracker.models import Case, Deadline, DeadlineChange, DeadlineStatus, Holiday, Partnership
from tracker.policy import Actor, Permission, Subject
from tracker.services import deadlines
from tracker.services.calendars import calendar_from, rows_for
from workflows.calendars import Calendar
from workflows.ledger import Change, ChangeKind
from workflows.traces import in_words

FIRST, LAST = date(1995, 1, 1), date(2100, 12, 31)
"""Days that can be entered: those that a calendar can hold."""
NAME_LIMIT = 100


@dataclass(frozen=True, slots=True)
class _DayOff:
    """A day that does not count. Without a partnership it is a bank holiday for all."""

    on: date
    name: str
    partnership_id: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """One open date that a day off, or its removal, moves."""

    case_id: int
    reference: str
    label: str
    from_on: date
    to_on: date


def foresee_adding(
    session: Session, actor: Actor, on: date, name: str, partnership_id: int | None, *, at: datetime
) -> list[Moved]:
    """Every open date that the day would move, by reference. Changes nothing.

    Raises:
        NotPermitted: the actor enters no such days.
        BadInput: the day cannot be entered: it has no name, is a weekend or a day off already.
    """
    rows = _require_addable(session, actor, _DayOff(on, name.strip(), partnership_id))
    entered = Holiday(on=on, name=name, partnership_id=partnership_id, revision=0, added_at=at)
    return [moved for *_, moved in _moves(session, partnership_id, [*rows, entered])]


def foresee_removing(session: Session, actor: Actor, on: date, partnership_id: int | None) -> list[Moved]:
    """Every open date that taking the day out would move, by reference. Changes nothing.

    Raises:
        NotPermitted: the actor takes no such days out.
        BadInput: no such day was entered.
    """
    found, rows = _require_removable(session, actor, on, partnership_id)
    return [moved for *_, moved in _moves(session, partnership_id, [row for row in rows if row is not found])]


def add(
    session: Session, actor: Actor, on: date, name: str, partnership_id: int | None, *, at: datetime
) -> list[Moved]:
    """Enter a day that does not count, and move every open date that it touches. What is closed stays as it was.

    What moves is worked out again here: a case may have changed since somebody looked.

    Raises:
        NotPermitted, BadInput: see :func:`foresee_adding`.
    """
    day = _DayOff(on, name.strip(), partnership_id)
    _require_permission(actor, partnership_id)
    _hold(session, partnership_id)
    _require_addable(session, actor, day)
    revision = session.exec(select(func.max(Holiday.revision))).one() or 0
    session.add(
        Holiday(on=on, name=day.name, partnership_id=partnership_id, revision=revision + 1, added_at=at)
    )
    session.flush()
    return _move(
        session, actor, partnership_id, day.name, f"{day.name} on {in_words(on)} is not counted", at=at
    )


def remove(
    session: Session, actor: Actor, on: date, partnership_id: int | None, *, reason: str, at: datetime
) -> list[Moved]:
    """Take out a day that was entered by mistake, and move every open date that it had moved.

    Raises:
        NotPermitted, BadInput: see :func:`foresee_removing`; or no reason is given.
    """
    _require_permission(actor, partnership_id)
    _hold(session, partnership_id)
    found, _ = _require_removable(session, actor, on, partnership_id)
    if not reason.strip():
        raise BadInput("Say why the day counts after all.")
    found.removed_at = at
    session.add(found)
    session.flush()
    why = f"{in_words(on)} is a working day after all"
    return _move(session, actor, partnership_id, reason.strip(), why, at=at)


def _require_permission(actor: Actor, partnership_id: int | None) -> None:
    if policy.allows(actor, Permission.CLOSED_DAYS_CHANGE, Subject(partnership_id=partnership_id)):
        return
    if partnership_id is None:
        raise NotPermitted("Only an administrator enters bank holidays.")
    raise NotPermitted("Only a manager of the partnership enters its closed days.")


def _hold(session: Session, partnership_id: int | None) -> None:
    """Hold the open cases, then the partnerships: no date starts or moves meanwhile, and one day at a time is entered.

    Cases come first, in the order in which a step holds them, so that nobody waits for somebody who waits for them.
    """
    cases = select(Case).where(col(Case.closed_on).is_(None)).order_by(col(Case.id))
    places = select(Partnership).order_by(col(Partnership.id))
    if partnership_id is not None:
        cases = cases.where(Case.partnership_id == partnership_id)
        places = places.where(Partnership.id == partnership_id)
    anew = {"populate_existing": True}
    session.exec(db.for_update(session, cases), execution_options=anew).all()
    session.exec(db.for_update(session, places), execution_options=anew).all()
    session.exec(
        db.for_update(session, cases), execution_options=anew
    ).all()  # opened until the place was held


def _require_addable(session: Session, actor: Actor, day: _DayOff) -> Sequence[Holiday]:
    """The days that were entered so far, if this one can be entered."""
    _require_permission(actor, day.partnership_id)
    if not day.name:
        raise BadInput("Give the day a name; worked dates will show it.")
    if len(day.name) > NAME_LIMIT:
        raise BadInput(f"The name must be {NAME_LIMIT} characters or fewer.")
    if not FIRST <= day.on <= LAST:
        raise BadInput(f"The day must be between {FIRST.year} and {LAST.year}.")
    rows = _rows(session, day.partnership_id)
    before = calendar_from(rows, day.partnership_id)
    if not before.is_working(day.on):
        known = before.name_of(day.on) or f"a {day.on:%A}"
        raise BadInput(f"{in_words(day.on)} is no working day already: it is {known}.")
    return rows


def _require_removable(
    session: Session, actor: Actor, on: date, partnership_id: int | None
) -> tuple[Holiday, Sequence[Holiday]]:
    _require_permission(actor, partnership_id)
    rows = _rows(session, partnership_id)
    for row in rows:
        if row.on == on and row.partnership_id == partnership_id and row.removed_at is None:
            return row, rows
    raise BadInput(f"{in_words(on)} was not entered here, so it cannot be taken out.")


def _rows(session: Session, partnership_id: int | None) -> Sequence[Holiday]:
    """What the calendars of the partnership, or of all of them, are made from."""
    if partnership_id is not None:
        return rows_for(session, {partnership_id})
    return session.exec(select(Holiday).order_by(col(Holiday.on), col(Holiday.id))).all()


def _moves(
    session: Session, partnership_id: int | None, rows: Iterable[Holiday]
) -> list[tuple[Deadline, Case, Calendar, Moved]]:
    """The running dates that come out otherwise by these days off, with the calendar of each."""
    statement = (
        select(Deadline, Case)
        .join(Case, col(Deadline.case_id) == col(Case.id))
        .where(Deadline.status == DeadlineStatus.RUNNING)
        .order_by(col(Case.reference), col(Deadline.id))
    )
    if partnership_id is not None:
        statement = statement.where(Case.partnership_id == partnership_id)
    running = session.exec(statement).all()
    rows = tuple(rows)
    calendars = {
        number: calendar_from(rows, number) for number in {case.partnership_id for _, case in running}
    }
    ledgers = _ledgers(session, [deadline.id or 0 for deadline, _ in running])
    found: list[tuple[Deadline, Case, Calendar, Moved]] = []
    for deadline, case in running:
        calendar = calendars[case.partnership_id]
        now = deadlines.standing(deadline, ledgers.get(deadline.id or 0, ()), calendar)
        if now.due_on == deadline.due_on or now.due_on is None or deadline.due_on is None:
            continue
        moved = Moved(case.id or 0, case.reference, deadline.label, deadline.due_on, now.due_on)
        found.append((deadline, case, calendar, moved))
    return found


def _ledgers(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[Change, ...]]:
    """The ledgers of these dates, oldest entry first, in one query."""
    ledgers: dict[int, tuple[Change, ...]] = {}
    running = select(Deadline.id).where(Deadline.status == DeadlineStatus.RUNNING)
    rows = session.exec(
        select(DeadlineChange)
        .where(col(DeadlineChange.deadline_id).in_(running))
        .order_by(col(DeadlineChange.deadline_id), col(DeadlineChange.seq))
    ).all()
    wanted = set(ids)
    for row in rows:
        if row.deadline_id in wanted:
            ledgers[row.deadline_id] = (*ledgers.get(row.deadline_id, ()), deadlines.change_from(row))
    return ledgers


def _move(
    session: Session, actor: Actor, partnership_id: int | None, reason: str, why: str, *, at: datetime
) -> list[Moved]:
    """Move the dates, each with a line of history and a new generation."""
    done: list[Moved] = []
    for deadline, case, calendar, moved in _moves(session, partnership_id, _rows(session, partnership_id)):
        event = audit.record(
            session, case, actor, Happened.DEADLINE_CHANGED,
            name="recalculated", occurred_on=time.london(at), at=at, reason=reason,
            detail={
                "deadline": deadline.key, "instance": deadline.instance, "kind": "recalculate",
                "from_on": moved.from_on.isoformat(), "to_on": moved.to_on.isoformat(),
            },
        )  # fmt: skip
        session.flush()
        entry = Change(kind=ChangeKind.RECALCULATE, on=time.london(at), due_on=moved.to_on, reason=why)
        deadlines.change(session, case, deadline, entry, event=event, at=at, calendar=calendar)
        done.append(moved)
    return done
