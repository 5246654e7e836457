"""What others owe: dates that agencies must meet, and cases that are with an agency or the Home Office.

A case that an agency holds shows by its agencies' dates; only where it has none does it stand here itself. A case with
the Home Office always does: the Home Office has no time limit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, literal_column
from sqlmodel import Session, and_, col, or_, select

from tracker import access, clock
from tracker.models import Case, Deadline, DeadlineStatus, Organisation
from tracker.policy import REVIEWS, Actor
from tracker.queries.due_dates import (
    Chased,
    Found,
    Horizon,
    Scope,
    address_of,
    chased,
    counted,
    dated,
    in_scope,
    shown,
    waited_for,
)
from tracker.queries.paging import PER_PAGE, Paged, page_within
from tracker.services import answered
from tracker.services.positions import workflow_for
from workflows.deciders import Decider
from workflows.definition import HeldBy
from workflows.released import RELEASED
from workflows.traces import in_words

WITH_US = "With us to decide"

ON_TODAY = 10
"""Rows that Today itself shows; the list behind the number has them all."""

_WHO: Mapping[HeldBy, str] = {HeldBy.AGENCY: "Agencies", HeldBy.HOME_OFFICE: "Home Office"}


@dataclass(frozen=True, slots=True)
class Waited:
    """One thing that somebody else owes. ``chased`` and ``next_chaser`` are words.

    ``key`` and ``instance`` name the date that can be chased by hand; no key where there is none.
    """

    agency: str
    asked_for: str
    reference: str
    href: str
    due_on: date | None
    words: str
    state: str
    first: date | None
    chased: str
    next_chaser: str
    key: str = ""
    instance: str = ""


def waiting(
    session: Session,
    actor: Actor,
    scope: Scope,
    horizon: Horizon,
    at: datetime,
    *,
    owed: int,
    held: Sequence[Case],
) -> tuple[Waited, ...]:
    """The first rows for Today. ``owed`` is the number of dates and ``held`` the cases, which were found already."""
    dates = _dates(session, actor, scope, horizon, at, offset=0, limit=ON_TODAY) if owed else ()
    return (*dates, *(_held(row, horizon.today) for row in held[: ON_TODAY - len(dates)]))


def page_of_waiting(
    session: Session, actor: Actor, scope: Scope, horizon: Horizon, at: datetime, *, page: int
) -> Paged[Waited]:
    """One page of all of it: dates first, soonest first; then the cases that wait without a date."""
    owed = counted(session, in_scope(actor, scope), waited_for(horizon))
    held = held_cases(session, actor, scope)
    page = page_within(page, owed + len(held))
    start = (page - 1) * PER_PAGE
    dates = _dates(session, actor, scope, horizon, at, offset=start, limit=PER_PAGE) if start < owed else ()
    first = max(0, start - owed)
    rest = held[first : first + PER_PAGE - len(dates)]
    return Paged((*dates, *(_held(row, horizon.today) for row in rest)), owed + len(held), page)


def of_case(session: Session, actor: Actor, case: Case, horizon: Horizon, at: datetime) -> tuple[Waited, ...]:
    """What agencies owe on one case, however far off, soonest first."""
    agencys = and_(col(Deadline.case_id) == case.id, col(Deadline.owner) == Decider.AGENCY_LEAD)
    return _waited(session, session.exec(dated(access.visible(actor), agencys)).all(), horizon, at)


def held_cases(session: Session, actor: Actor, scope: Scope) -> Sequence[Case]:
    """Cases that wait for somebody else without a date that an agency must meet, longest waiting first."""
    owed = (
        select(Deadline.id)
        .where(
            Deadline.case_id == Case.id,
            col(Deadline.status) == literal_column(f"'{DeadlineStatus.RUNNING}'"),
            Deadline.owner == Decider.AGENCY_LEAD,
        )
        .exists()
    )
    return session.exec(
        select(Case)
        .where(
            in_scope(actor, scope),
            or_(in_states(HeldBy.HOME_OFFICE), and_(in_states(HeldBy.AGENCY), ~owed)),
        )
        .order_by(col(Case.state_since_on), col(Case.reference))
    ).all()


def in_states(*held_by: HeldBy) -> ColumnElement[bool]:
    """Cases, not actions, in a state in which one of these must act next."""
    return or_(
        *(
            and_(
                col(Case.process) == workflow.key,
                col(Case.workflow_version) == workflow.version,
                col(Case.state).in_([s.name for s in workflow.states if s.held_by in held_by]),
            )
            for workflow in RELEASED.values()
            if workflow.key in REVIEWS
        )
    )


def _dates(
    session: Session, actor: Actor, scope: Scope, horizon: Horizon, at: datetime, *, offset: int, limit: int
) -> tuple[Waited, ...]:
    found = session.exec(dated(in_scope(actor, scope), waited_for(horizon)).offset(offset).limit(limit)).all()
    return _waited(session, found, horizon, at)


def _waited(session: Session, found: Sequence[Found], horizon: Horizon, at: datetime) -> tuple[Waited, ...]:
    reminders = chased(session, (deadline for deadline, _, _ in found))
    rows = zip(found, shown(session, found, horizon), strict=True)
    return tuple(
        Waited(
            agency=_agency(deadline, body),
            asked_for=row.what,
            reference=row.reference,
            href=row.href,
            due_on=row.due_on,
            words=row.words,
            state=row.state,
            first=row.first,
            chased=_chased(reminders[deadline.id or 0]),
            next_chaser=WITH_US if answered.reported(case) else _next(reminders[deadline.id or 0], at),
            key=deadline.key if body is not None and not answered.reported(case) else "",
            instance=deadline.instance,
        )
        for (deadline, case, body), row in rows
    )


def _agency(deadline: Deadline, body: Organisation | None) -> str:
    if body is not None:
        return body.name
    return deadline.instance or "No lead yet"


def _chased(reminders: Chased) -> str:
    if not reminders.times:
        return "Not yet"
    times = {1: "Once", 2: "Twice"}.get(reminders.times, f"{reminders.times} times")
    last = f", {_brief(clock.london(reminders.last_at))}" if reminders.last_at else ""
    return f"{times}{last}"


def _next(reminders: Chased, at: datetime) -> str:
    if reminders.next_at is None:
        return "No more reminders"
    if reminders.next_at <= at:
        return "With the next round"
    return f"Reminder, {_brief(clock.london(reminders.next_at))}"


def _held(case: Case, today: date) -> Waited:
    state = workflow_for(case).state_by_name[case.state]
    days = max(0, (today - case.state_since_on).days)
    return Waited(
        agency=_WHO[state.held_by],
        asked_for=state.label,
        reference=case.reference,
        href=address_of(case),
        due_on=None,
        words=f"{days} {'day' if days == 1 else 'days'} with them",
        state="",
        first=None,
        chased=f"Since {in_words(case.state_since_on)}",
        next_chaser="Nothing is sent by itself",
    )


def _brief(on: date) -> str:
    return f"{on.day} {on:%b}"
