"""What the rules of "likely late" look at, read for many running dates together: a handful of queries for all of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import case as when
from sqlmodel import Session, and_, col, func, or_, select

from tracker import access
from tracker.audit import Happened
from tracker.models import Case, Deadline, Event, Outbox, OutboxState, ReturningMail
from tracker.policy import ACTIONS, REVIEWS, Actor
from tracker.queries.action_rag import moved_times
from tracker.queries.date_words import PLAN_DATE
from tracker.queries.due_dates import Found
from tracker.services.families import chasers_of
from tracker.services.judgements import Judged, Place, judged_by
from tracker.services.positions import workflow_for
from tracker.services.recording import facts_of
from tracker.services.returning import RETURNS
from workflows.calendars import Calendar
from workflows.dates import Mode, Period, Unit, compute
from workflows.deciders import Decider
from workflows.ladder import Who
from workflows.likely_late import EarlierStep, Running, Said
from workflows.likely_late import Event as Awaited
from workflows.onward import Way, not_begun, way_to
from workflows.position import Child
from workflows.rag import REPORTED
from workflows.released import workflow_of
from workflows.traces import amount

_BESIDE = ("hold", "parallel_process", "information_request")
_OUT = frozenset({"requested", "in_progress", "draft_received", "awaiting_agency_sign_off", "queries_raised"})
"""States in which what an agency was asked for is not in."""

_EVENTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "criminal_proceedings": ("the criminal proceedings", ("criminal",)),
    "police_or_cps_request": ("the police or the CPS", ("criminal",)),
    "inquest": ("the inquest", ("inquest",)),
    "iopc_or_misconduct": ("the IOPC or misconduct proceedings", ("iopc",)),
    "parallel_review": ("the other review", ()),
    "family_request_or_wellbeing": ("the end of a hold that the family asked for", ()),
    "chair_or_author_unavailable": ("the chair or the author", ()),
}
"""What a hold waits for, by its reason, and the proceedings whose next date is its date."""


Reviews = Sequence[tuple[Case, Deadline | None]]
"""Open reviews, each with one of its dates."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a review: its active holds, its proceedings, what agencies have not sent in yet."""

    holds: tuple[Case, ...] = ()
    proceedings: tuple[Case, ...] = ()
    returns: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Signs:
    """Everything that was read, by the number of a date or of a case."""

    moved: Mapping[int, int] = field(default_factory=dict)
    reminders: Mapping[int, int] = field(default_factory=dict)
    undelivered: Mapping[int, int] = field(default_factory=dict)
    beside: Mapping[int, Beside] = field(default_factory=dict)
    judged: Mapping[Place, Judged] = field(default_factory=dict)


NOTHING_BESIDE = Beside()


def read(
    session: Session,
    actor: Actor,
    found: Sequence[Found],
    reviews: Reviews = (),
    *,
    moved: Mapping[int, int] | None = None,
) -> Signs:
    """Read the signs of these dates; ``reviews`` are further cases whose surroundings are wanted, with a date of each.

    ``moved`` is given where it is known already how often each date was moved.
    """
    deadlines = [deadline for deadline, _, _ in found]
    cases = {case.id or 0 for _, case, _ in found}
    parents = {case.id or 0 for _, case, _ in found if case.process in REVIEWS}
    reminders, undelivered = _sent(session, deadlines)
    parents |= {case.id or 0 for case, _ in reviews}
    further = {one.id: one for one in (*deadlines, *(date for _, date in reviews if date))}
    return Signs(
        moved_times(session, further.values()) if moved is None else moved,
        reminders,
        undelivered,
        _beside(session, actor, parents),
        _judged(session, cases),
    )


def running_of(deadline: Deadline, case: Case, signs: Signs, calendar: Calendar, today: date) -> Running:
    """One date as the rules look at it. It has a due date."""
    number, due_on = deadline.id or 0, deadline.due_on
    if due_on is None:
        raise ValueError("only a date that is due can be late")
    target = case.process in ACTIONS and deadline.key == PLAN_DATE
    beside = signs.beside.get(case.id or 0, NOTHING_BESIDE)
    way = way_to(workflow_for(case), case.state, deadline.key) if case.process in REVIEWS else None
    return Running(
        due_on=due_on,
        heard_on=_heard_on(deadline, case),
        reminders=signs.reminders.get(number, 0) + chasers_of(case),
        moved=signs.moved.get(number, 0),
        said=_said(case) if target else Said.NOTHING,
        asked_for_on=_day(case, "asked_for_on") if target else None,
        waits_for=_awaited(deadline, case, beside) if way else None,
        returns_out=len(beside.returns) if way else int(_is_return(deadline, case)),
        working_days_left=calendar.working_days(today, due_on),
        earlier=_earlier(deadline, case, way, calendar, today) if way else None,
        undelivered=signs.undelivered.get(number, 0),
        reported_done=target and case.state == REPORTED,
    )


def forbidden_by(case: Case, beside: Beside) -> frozenset[str]:
    """The steps that the active holds on a review forbid together."""
    return workflow_for(case).holds(tuple(_child(hold) for hold in beside.holds))


def _child(case: Case) -> Child:
    """A case that belongs to another, as a rule of the other looks at it; it has not ended."""
    return Child(case.process, case.state, final=False, facts=facts_of(workflow_for(case), case))


def _heard_on(deadline: Deadline, case: Case) -> date | None:
    """The last word of whoever owes the date, or its beginning. A date that asks for the word itself has no silence."""
    clock = workflow_for(case).clock_by_key.get(deadline.key)
    if deadline.owner != Decider.AGENCY_LEAD or (clock is not None and clock.repeats):
        return None
    words = (deadline.starts_on, case.state_since_on, _day(case, "last_update_on"))
    return max(on for on in words if on is not None)


def _said(case: Case) -> Said:
    asked = str(case.facts.get("update_kind", ""))
    if asked in {Said.MORE_TIME, Said.NOT_OURS}:
        return Said(asked)
    return Said.AT_RISK if case.facts.get("at_risk") is True else Said.NOTHING


def _is_return(deadline: Deadline, case: Case) -> bool:
    return (
        case.process == "information_request" and case.state in _OUT and deadline.owner == Decider.AGENCY_LEAD
    )


def _awaited(deadline: Deadline, case: Case, beside: Beside) -> Awaited | None:
    """What stands in the way of the step that meets the date, if a hold does; of several, the last to come."""
    forbidden = forbidden_by(case, beside)
    if not forbidden or way_to(workflow_for(case), case.state, deadline.key, forbidden=forbidden):
        return None
    events = [_event(hold, beside.proceedings) for hold in beside.holds]
    return max(events, key=lambda event: event.on or date.max)


def _event(hold: Case, proceedings: Iterable[Case]) -> Awaited:
    words, kinds = _EVENTS.get(str(hold.facts.get("reason")), ("the end of a hold", ()))
    dates = [_day(one, "next_date_on") for one in proceedings if one.facts.get("kind") in kinds]
    return Awaited(words, max((on for on in dates if on is not None), default=None))


def _earlier(deadline: Deadline, case: Case, way: Way, calendar: Calendar, today: date) -> EarlierStep | None:
    """Of the times that have still to begin and end before the date is met, the one that would end last."""
    found = []
    for clock in not_begun(workflow_for(case), way, deadline.key):
        if clock.period is not None and clock.period.mode is Mode.AFTER:
            length = amount(clock.period.n, clock.period.unit)
            ends_on = compute(today, clock.period, calendar).due_on
            left = _left(clock.period, calendar, today, deadline.due_on or today)
            found.append(EarlierStep(clock.label, length, left, ends_on))
    return max(found, key=lambda step: step.would_end_on, default=None)


def _left(period: Period, calendar: Calendar, today: date, due_on: date) -> str:
    if period.unit is Unit.WORKING_DAYS:
        return amount(calendar.working_days(today, due_on), Unit.WORKING_DAYS)
    return amount((due_on - today).days, Unit.DAYS)


def _sent(session: Session, deadlines: Sequence[Deadline]) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Reminders that went to the lead for each date, and those for the date as it stands that did not arrive."""
    returning = select(ReturningMail.address).where(col(ReturningMail.ended_at).is_(None))
    left_out = and_(
        col(Outbox.state) == OutboxState.SKIPPED,
        col(Outbox.last_error) == RETURNS,
        col(Outbox.to_address).in_(returning),
    )
    failed = and_(
        or_(col(Outbox.state) == OutboxState.FAILED, left_out),
        col(Outbox.generation) == col(Deadline.generation),
    )
    went = and_(col(Outbox.state) == OutboxState.SENT, col(Outbox.who) == Who.LEAD)
    rows = session.exec(
        select(Outbox.deadline_id, func.sum(when((went, 1), else_=0)), func.sum(when((failed, 1), else_=0)))
        .join(Deadline, col(Deadline.id) == col(Outbox.deadline_id))
        .where(
            col(Outbox.deadline_id).in_([deadline.id for deadline in deadlines]),
            col(Outbox.state).in_((OutboxState.SENT, OutboxState.FAILED, OutboxState.SKIPPED)),
        )
        .group_by(col(Outbox.deadline_id))
    ).all()
    sent = {number or 0: int(times or 0) for number, times, _ in rows}
    return sent, {number or 0: int(times or 0) for number, _, times in rows}


def _beside(session: Session, actor: Actor, parents: set[int]) -> Mapping[int, Beside]:
    if not parents:
        return {}
    rows = session.exec(
        select(Case)
        .where(col(Case.parent_id).in_(parents), col(Case.process).in_(_BESIDE), access.visible(actor))
        .order_by(col(Case.id))
    ).all()
    grouped: dict[int, list[Case]] = defaultdict(list)
    for row in rows:
        if not workflow_of(row.process, row.workflow_version).state_by_name[row.state].final:
            grouped[row.parent_id or 0].append(row)
    return {
        number: Beside(
            tuple(one for one in there if one.process == "hold"),
            tuple(one for one in there if one.process == "parallel_process"),
            tuple(one for one in there if one.process == "information_request" and one.state in _OUT),
        )
        for number, there in grouped.items()
    }


def _judged(session: Session, cases: set[int]) -> Mapping[Place, Judged]:
    rows = session.exec(
        select(Event)
        .where(col(Event.case_id).in_(cases), col(Event.kind) == Happened.RISK_JUDGED)
        .order_by(col(Event.case_id), col(Event.seq))
    ).all()
    return dict(judged_by(row) for row in rows)


def _day(case: Case, fact: str) -> date | None:
    value = case.facts.get(fact)
    return date.fromisoformat(str(value)) if value else None
