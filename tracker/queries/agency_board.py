"""Who was asked for what: every date that an agency owes, how often it was chased, and what came back.

A request for information stands here once, whatever its date: while an agency has it, it is open. Of everything else
the running dates are open, and those that were met are answered.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from tracker import access
from tracker.models import Case, Deadline, DeadlineStatus, Organisation, Outbox
from tracker.policy import ACTIONS, Actor
from tracker.queries.agency_askings import Made, made_of, next_asked, when_answered
from tracker.queries.choices import Choices
from tracker.queries.date_words import due_words
from tracker.queries.due_dates import Horizon, address_of, with_calendars
from tracker.queries.overdue import unit_of, what_of
from tracker.queries.paging import PER_PAGE, Paged, page_within
from tracker.services import answered
from tracker.services.chasers import Asking, askings, is_asking
from tracker.services.positions import workflow_for
from workflows.calendars import Calendar
from workflows.deciders import Decider
from workflows.definition import HeldBy
from workflows.ladder import Who
from workflows.released import RELEASED

REQUEST = "information_request"
NOBODY = "nobody"
"""Choice of agency: what no agency is named for."""


class What(StrEnum):
    """What was asked for."""

    CASES = "cases"
    ACTIONS = "actions"
    ALL = "all"


class Answer(StrEnum):
    """Whether an answer is still owed."""

    OPEN = "open"
    ENDED = "ended"
    ALL = "all"


class Often(StrEnum):
    """How often the agency was asked."""

    NEVER = "never"
    ONCE = "yes"
    SENIOR = "senior"


class Sort(StrEnum):
    """The columns that the board can be sorted by."""

    AGENCY = "agency"
    CASE = "case"
    ASKED = "asked"
    DUE = "due"


ORDERS: Mapping[Sort, tuple[str, str]] = {
    Sort.AGENCY: ("By agency, what is due soonest first.", "By agency, the last in the alphabet first."),
    Sort.CASE: ("By reference.", "By reference, the last first."),
    Sort.ASKED: ("Asked for longest ago first.", "Asked for last first."),
    Sort.DUE: ("Due soonest first.", "Due last first."),
}


@dataclass(frozen=True, slots=True)
class BoardFilters:
    """What the board is narrowed to; empty fields narrow nothing. ``agency`` is a key, ``case`` a reference."""

    agency: str = ""
    case: str = ""
    what: What = What.CASES
    answer: Answer = Answer.OPEN
    chased: Often | None = None
    overdue: bool = False
    sort: Sort = Sort.AGENCY
    descending: bool = False


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One thing that an agency was asked for. ``above`` is the case that the request belongs to, if it is open to the reader.

    ``made`` are the askings in order, ``next_on`` the day of the next with ``next_to`` in words, or only words.
    ``chase``: whether somebody can be chased for it by hand now.
    """

    agency: str
    asked_for: str
    reference: str
    href: str
    above: str
    asked_on: date
    due_on: date | None
    words: str
    state: str
    made: tuple[Made, ...]
    answered_on: date | None
    answer: str
    next_on: date | None
    next_to: str
    chase: bool

    @property
    def chased(self) -> str:
        """The askings in words, as the file has them."""
        return "; ".join(one.words for one in self.made)


Found = tuple[Deadline, Case, Organisation]


def board(
    session: Session, actor: Actor, filters: BoardFilters, horizon: Horizon, at: datetime, *, page: int
) -> Paged[BoardRow]:
    """One page of the board."""
    conditions = _conditions(actor, filters, horizon.today)
    found, total = _found(session, conditions, filters, offset=(max(1, page) - 1) * PER_PAGE, limit=PER_PAGE)
    if not found and page > 1:
        counted: int = session.exec(
            _joined(select(func.count(), literal_column("1"))).where(*conditions)
        ).one()[0]
        return board(session, actor, filters, horizon, at, page=min(page_within(page, counted), page - 1))
    return Paged(_shown(session, actor, found, horizon, at), total, max(1, page))


def every_row(
    session: Session, actor: Actor, filters: BoardFilters, horizon: Horizon, at: datetime
) -> tuple[BoardRow, ...]:
    """All pages of the board, for a file."""
    found, _ = _found(session, _conditions(actor, filters, horizon.today), filters)
    return _shown(session, actor, found, horizon, at)


def agencies(session: Session, actor: Actor) -> Choices:
    """The agencies that were asked for anything that the actor may see: key and name."""
    rows = session.exec(
        _joined(select(Organisation.key, Organisation.name))
        .where(
            access.visible(actor), Deadline.owner == Decider.AGENCY_LEAD, col(Organisation.id).is_not(None)
        )
        .distinct()
        .order_by(Organisation.name, Organisation.key)
    ).all()
    return (*((key, name) for key, name in rows), (NOBODY, "No agency named"))


def _joined(statement: Select) -> Select:  # type: ignore[type-arg]
    """Dates with their case and the agency that owes them."""
    agency = or_(
        and_(col(Deadline.instance) == "", col(Organisation.id) == col(Case.owner_organisation_id)),
        and_(col(Deadline.instance) != "", col(Organisation.key) == col(Deadline.instance)),
    )
    return (
        statement.select_from(Deadline)
        .join(Case, col(Case.id) == col(Deadline.case_id))
        .outerjoin(Organisation, agency)
    )


def _found(
    session: Session,
    conditions: Iterable[ColumnElement[bool]],
    filters: BoardFilters,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> tuple[Sequence[Found], int]:
    """The rows of a page, and how many there are on all of them; 0 beyond the last page."""
    total = func.count().over()
    statement = _joined(select(Deadline, Case, Organisation, total)).where(*conditions)
    rows = session.exec(statement.order_by(*_order(filters)).offset(offset).limit(limit)).all()
    return [(deadline, case, body) for deadline, case, body, _ in rows], rows[0][3] if rows else 0


def _order(filters: BoardFilters) -> list[Any]:
    due = [
        col(Deadline.due_on).is_(None), col(Deadline.due_on), col(Case.reference), col(Deadline.id)
    ]  # fmt: skip
    by: Any = {
        Sort.AGENCY: col(Organisation.name),
        Sort.CASE: col(Case.reference),
        Sort.ASKED: col(Deadline.starts_on),
        Sort.DUE: col(Deadline.due_on),
    }[filters.sort]
    return [by.is_(None), by.desc() if filters.descending else by, *due]


def _conditions(actor: Actor, filters: BoardFilters, today: date) -> list[ColumnElement[bool]]:
    running = col(Deadline.status) == literal_column(f"'{DeadlineStatus.RUNNING}'")
    a_request = col(Case.process) == REQUEST
    is_open = or_(running, and_(a_request, _with_the_agency()))
    ended = and_(~is_open, or_(a_request, col(Deadline.status) == DeadlineStatus.MET))
    found = [
        access.visible(actor),
        col(Deadline.owner) == Decider.AGENCY_LEAD,
        col(Deadline.minimum).is_(False),
        {Answer.OPEN: is_open, Answer.ENDED: ended, Answer.ALL: or_(is_open, ended)}[filters.answer],
    ]
    if filters.what is not What.ALL:
        actions = col(Case.process).in_(ACTIONS)
        found.append(actions if filters.what is What.ACTIONS else ~actions)
    if filters.agency:
        nobody = filters.agency == NOBODY
        found.append(col(Organisation.id).is_(None) if nobody else col(Organisation.key) == filters.agency)
    if filters.case.strip():
        given = filters.case.strip().upper()
        above = select(Case.id).where(Case.reference == given, access.visible(actor))
        found.append(or_(col(Case.reference) == given, col(Case.parent_id).in_(above)))
    if filters.overdue:
        found += [running, col(Deadline.due_on) < today]
    return [*found, *_asked(filters.chased)]


def _asked(chased: Often | None) -> list[ColumnElement[bool]]:
    if chased is None:
        return []
    went = select(Outbox.id).where(Outbox.deadline_id == Deadline.id, is_asking())
    outside = and_(col(Case.process) == REQUEST, col(Case.facts)["chased_on"].as_string().is_not(None))
    raised = and_(col(Case.process) == REQUEST, col(Case.facts)["escalated_on"].as_string().is_not(None))
    if chased is Often.SENIOR:
        return [or_(went.where(Outbox.who == Who.ESCALATION).exists(), raised)]
    asked = or_(went.exists(), outside, raised)
    return [asked if chased is Often.ONCE else ~asked]


def _with_the_agency() -> ColumnElement[bool]:
    """Requests that the agency must act on next."""
    return or_(
        *(
            and_(
                col(Case.workflow_version) == workflow.version,
                col(Case.state).in_([s.name for s in workflow.states if s.held_by is HeldBy.AGENCY]),
            )
            for workflow in RELEASED.values()
            if workflow.key == REQUEST
        )
    )


def _shown(
    session: Session, actor: Actor, found: Sequence[Found], horizon: Horizon, at: datetime
) -> tuple[BoardRow, ...]:
    calendars = with_calendars(session, horizon.calendars, (case.partnership_id for _, case, _ in found))
    made = askings(session, [deadline.id or 0 for deadline, _, _ in found])
    above = _above(session, actor, {case.parent_id for _, case, _ in found if case.parent_id})
    asks = answered.asked(session)
    return tuple(
        _row(
            one,
            made.get(one[0].id or 0, ()),
            above.get(one[1].parent_id or 0, ""),
            calendars[one[1].partnership_id],
            horizon.today,
            at,
            with_us=answered.reported(one[1]) or one[1].id in asks,
        )
        for one in found
    )


def _row(
    found: Found,
    made: Sequence[Asking],
    above: str,
    calendar: Calendar,
    today: date,
    at: datetime,
    *,
    with_us: bool,
) -> BoardRow:
    deadline, case, body = found
    running = deadline.status == DeadlineStatus.RUNNING
    words, state = _standing(deadline, case, calendar, today)
    owed = case.process == REQUEST and workflow_for(case).state_by_name[case.state].held_by is HeldBy.AGENCY
    next_on, next_to = next_asked(deadline, body, calendar, today, at, with_us=with_us, still_owed=owed)
    answered_on, answer = when_answered(deadline, case)
    return BoardRow(
        agency=body.name if body else deadline.instance or "No agency named",
        asked_for=what_of(deadline, case),
        reference=case.reference,
        href=address_of(case),
        above=above,
        asked_on=deadline.starts_on,
        due_on=deadline.due_on,
        words=words,
        state=state,
        made=made_of(case, made),
        answered_on=answered_on,
        answer=answer,
        next_on=next_on,
        next_to=next_to,
        chase=running
        and not deadline.paused
        and deadline.due_on is not None
        and body is not None
        and not with_us,
    )


def _standing(deadline: Deadline, case: Case, calendar: Calendar, today: date) -> tuple[str, str]:
    """How it stands, and the state of the date for the page: that of a request whose date has ended is its own."""
    if deadline.status == DeadlineStatus.RUNNING:
        if deadline.paused:
            return "Paused", ""
        return due_words(deadline.due_on, unit_of(deadline), calendar, today)
    if case.process == REQUEST:
        return workflow_for(case).state_by_name[case.state].label, ""
    late = deadline.met_on and deadline.due_on and deadline.met_on > deadline.due_on
    return ("Met late" if late else "Met"), ""


def _above(session: Session, actor: Actor, numbers: Collection[int]) -> Mapping[int, str]:
    """The references of the cases above, of those that the actor may see."""
    if not numbers:
        return {}
    rows = session.exec(
        select(Case.id, Case.reference).where(col(Case.id).in_(numbers), access.visible(actor))
    ).all()
    return {number or 0: reference for number, reference in rows}
