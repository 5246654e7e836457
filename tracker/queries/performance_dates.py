"""Dates that fell due in the last 12 months, and what became of each: the rows behind every number of Performance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from tracker import access, clock
from tracker.models import ActionDetails, Case, Deadline, DeadlineStatus, Event, Organisation, Plan
from tracker.policy import ACTIONS, Actor
from tracker.queries.action_rag import moved_times
from tracker.queries.due_dates import address_of
from tracker.queries.met_dates import Met, among, were_met
from tracker.queries.overdue import what_of
from tracker.queries.risk_items import held_by, short_kind
from tracker.services.positions import workflow_for
from tracker.templating import safe_id
from workflows.deciders import Decider

DAYS = 365
"""How far back Performance looks: what fell due on these days, today not among them."""
NOBODY = "no-agency"
Row = tuple[Deadline, Case, Organisation | None, Event]
FROM_REVIEWS = "Actions from reviews"


class Outcome(StrEnum):
    """What became of a date, in words."""

    IN_TIME = "In time"
    LATE = "Late"
    NO_ANSWER = "No answer"


@dataclass(frozen=True, slots=True)
class PastDate:
    """One date. ``agency`` is the name and ``agency_key`` the key of who owed it, empty where it was not an agency's.

    ``before_us``: it fell due before its case, begun elsewhere, was brought in.
    """

    reference: str
    href: str
    what: str
    kind: str
    held_by: str
    agency: str
    agency_key: str
    source: str
    due_on: date
    met_on: date | None
    moved: int
    outcome: Outcome
    before_us: bool = False

    @property
    def source_key(self) -> str:
        """What an address calls the source."""
        return safe_id(self.source)


def counted(dates: Sequence[PastDate], *, before_us: bool) -> tuple[PastDate, ...]:
    """The dates that figures count: of cases that were brought in, those from then on, unless all are asked for."""
    return tuple(one for one in dates if before_us or not one.before_us)


def past_dates(session: Session, actor: Actor, today: date) -> tuple[PastDate, ...]:
    """Every duty that fell due in the last 12 months and was met, or runs on without an answer; the latest first."""
    rows = _rows(session, actor, _past_due(today))
    moved = moved_times(session, [deadline for deadline, *_ in rows])
    plans = _plans(session, [case.id for _, case, *_ in rows if case.process in ACTIONS])
    return tuple(
        _past(deadline, case, body, moved.get(deadline.id or 0, 0), plans, opening)
        for deadline, case, body, opening in rows
    )


def past_and_met(session: Session, actor: Actor, today: date) -> tuple[tuple[PastDate, ...], Met]:
    """The same dates, without how often they moved and from which plan, and what was met lately: one question for both."""
    rows = _rows(session, actor, or_(_past_due(today), were_met(today)))
    first = today - timedelta(days=DAYS)
    past = [row for row in rows if row[0].due_on and first <= row[0].due_on < today]
    lately = [(one.due_on, one.met_on) for one, *_ in rows if one.status == DeadlineStatus.MET]
    return tuple(_past(one, case, body, 0, {}, opening) for one, case, body, opening in past), among(
        lately, today
    )


def _past_due(today: date) -> ColumnElement[bool]:
    owed = and_(col(Deadline.status) == DeadlineStatus.RUNNING, col(Deadline.paused).is_(False))
    return and_(
        col(Deadline.due_on) >= today - timedelta(days=DAYS),
        col(Deadline.due_on) < today,
        or_(col(Deadline.status) == DeadlineStatus.MET, owed),
    )


def _rows(session: Session, actor: Actor, condition: ColumnElement[bool]) -> Sequence[Row]:
    agency = or_(
        and_(col(Deadline.instance) == "", col(Organisation.id) == col(Case.owner_organisation_id)),
        and_(col(Deadline.instance) != "", col(Organisation.key) == col(Deadline.instance)),
    )
    return session.exec(
        select(Deadline, Case, Organisation, Event)
        .select_from(Deadline)
        .join(Case, col(Deadline.case_id) == col(Case.id))
        .join(Event, and_(col(Event.case_id) == col(Case.id), col(Event.seq) == 1))
        .outerjoin(Organisation, agency)
        .where(access.visible(actor), col(Deadline.minimum).is_(False), condition)
        .order_by(col(Deadline.due_on).desc(), col(Case.reference), col(Deadline.id))
    ).all()


def _plans(session: Session, actions: Sequence[int | None]) -> Mapping[int, str]:
    """The plan of each action that is a row of one."""
    rows = session.exec(
        select(ActionDetails.case_id, Plan.name)
        .join(Plan, col(ActionDetails.plan_id) == col(Plan.id))
        .where(col(ActionDetails.case_id).in_(actions))
    ).all()
    return dict(rows)


def _past(
    deadline: Deadline, case: Case, body: Organisation | None, moved: int, plans: Mapping[int, str],
    opening: Event,
) -> PastDate:  # fmt: skip
    theirs, due_on = deadline.owner == Decider.AGENCY_LEAD, deadline.due_on or date.max
    if deadline.met_on is None or deadline.status != DeadlineStatus.MET:
        outcome = Outcome.NO_ANSWER
    else:
        outcome = Outcome.LATE if deadline.met_on > due_on else Outcome.IN_TIME
    source = plans.get(case.id or 0, FROM_REVIEWS) if case.process in ACTIONS else workflow_for(case).title
    return PastDate(
        reference=case.reference,
        href=address_of(case),
        what=what_of(deadline, case),
        kind=short_kind(deadline),
        held_by=held_by(deadline, body),
        agency=(body.name if body else "No agency named") if theirs else "",
        agency_key=(body.key if body else NOBODY) if theirs else "",
        source=source,
        due_on=due_on,
        met_on=deadline.met_on if deadline.status == DeadlineStatus.MET else None,
        moved=moved,
        outcome=outcome,
        before_us=bool(opening.detail.get("imported")) and due_on < clock.london(opening.recorded_at),
    )
