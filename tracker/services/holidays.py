"""A new bank holiday or closed day: what it would move is listed before anyone confirms, then moved with history."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from tracker import audit, policy
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, NotPermitted
from tracker.models import Case, Deadline, DeadlineStatus, Holiday
from tracker.policy import Actor, Permission, Subject
from tracker.services import deadlines
from tracker.services.calendars import calendar_from, rows_for
from workflows.ledger import Change, ChangeKind


@dataclass(frozen=True, slots=True)
class Moved:
    """One open date that a new day off moves."""

    reference: str
    label: str
    from_on: date
    to_on: date


def add(
    session: Session, actor: Actor, on: date, name: str, partnership_id: int | None, *, at: datetime
) -> list[Moved]:
    """Enter a day that does not count, and move every open date that it touches. What is closed stays as it was.

    Without a partnership it is a bank holiday for all. To preview, call it in a transaction that is rolled back.

    Raises:
        NotPermitted: the actor does not change dates in that partnership.
        BadInput: the day is a weekend, or a day off already.
    """
    if not policy.allows(actor, Permission.DEADLINE_CHANGE, Subject(partnership_id=partnership_id)):
        raise NotPermitted("Only the partnership's business unit enters closed days.")
    if not name.strip():
        raise BadInput("Give the day a name; worked dates will show it.")
    ids = {partnership_id} if partnership_id else {None, *session.exec(select(Case.partnership_id)).all()}
    before = calendar_from(rows_for(session, ids), partnership_id)
    if not before.is_working(on):
        known = before.name_of(on) or f"a {on:%A}"
        raise BadInput(f"{on.day} {on:%B %Y} is no working day already: it is {known}.")
    revision = session.exec(select(func.max(Holiday.revision))).one() or 0
    session.add(
        Holiday(on=on, name=name.strip(), partnership_id=partnership_id, revision=revision + 1, added_at=at)
    )
    session.flush()
    return _recalculate(session, actor, on, name.strip(), partnership_id, at=at)


def _recalculate(
    session: Session, actor: Actor, on: date, name: str, partnership_id: int | None, *, at: datetime
) -> list[Moved]:
    statement = (
        select(Deadline, Case)
        .join(Case, col(Deadline.case_id) == col(Case.id))
        .where(Deadline.status == DeadlineStatus.RUNNING)
        .order_by(col(Case.reference), col(Deadline.id))
    )
    if partnership_id is not None:
        statement = statement.where(Case.partnership_id == partnership_id)
    rows = session.exec(statement).all()
    holidays = rows_for(session, {case.partnership_id for _, case in rows})
    calendars = {
        number: calendar_from(holidays, number) for number in {case.partnership_id for _, case in rows}
    }
    moved: list[Moved] = []
    for deadline, case in rows:
        calendar = calendars[case.partnership_id]
        now = deadlines.standing(deadline, deadlines.ledger_of(session, deadline), calendar)
        if now.due_on == deadline.due_on or now.due_on is None or deadline.due_on is None:
            continue
        moved.append(Moved(case.reference, deadline.label, deadline.due_on, now.due_on))
        event = audit.record(
            session, case, actor, Happened.DEADLINE_CHANGED,
            name="recalculated", occurred_on=time.london(at), at=at, reason=name,
            detail={
                "deadline": deadline.key, "instance": deadline.instance, "kind": "recalculate",
                "from_on": deadline.due_on.isoformat(), "to_on": now.due_on.isoformat(),
            },
        )  # fmt: skip
        session.flush()
        reason = f"{name} on {on.day} {on:%B %Y} is not counted"
        entry = Change(kind=ChangeKind.RECALCULATE, on=time.london(at), reason=reason)
        deadlines.change(session, case, deadline, entry, event=event, at=at)
    return moved
