"""Reviews that the actor may see: narrowed, sorted, one page at a time. Actions have a list of their own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from tracker import access
from tracker.models import Case, Deadline, Partnership, Sensitivity, User
from tracker.policy import READERS, REVIEWS, Actor
from tracker.queries.due_dates import Horizon, Window, running, with_calendars, within
from tracker.queries.overdue import unit_of
from tracker.queries.paging import PER_PAGE, Paged, page_within, whole
from tracker.queries.standing import due_words
from tracker.services.positions import workflow_for
from tracker.services.process_names import is_called, names_in, process_name, shown_on, words_to_find
from workflows.calendars import Calendar
from workflows.definition import HeldBy, State, Workflow
from workflows.released import RELEASED

_REVIEWS: tuple[Workflow, ...] = tuple(w for w in RELEASED.values() if w.key in REVIEWS)
TYPES: Mapping[str, tuple[str, str]] = {
    w.key.partition("_")[0]: (w.key, w.title) for w in sorted(_REVIEWS, key=lambda w: w.version)
}
"""What an address calls a process: ``dhr`` and ``asb``, with the process key and its title."""


def stages_of(
    workflows: Iterable[Workflow], names: Mapping[str, str] | None = None
) -> dict[str, tuple[str, frozenset[str]]]:
    """The stages of these definitions with their states; the stages of two versions of a process are one.

    ``names`` are what the processes are called where the list is read, by process key.
    """
    found: dict[str, tuple[str, frozenset[str]]] = {}
    called = names or {}
    for workflow in sorted(workflows, key=lambda w: w.version):
        for stage in workflow.stages:
            key = f"{workflow.key.partition('_')[0]}-{stage.key}"
            states = frozenset(state.name for state in workflow.states if state.stage == stage.key)
            earlier = found[key][1] if key in found else frozenset()
            title = called.get(workflow.key, workflow.title)
            found[key] = (f"{title}: {stage.label}", states | earlier)
    return found


STAGES: Mapping[str, tuple[str, frozenset[str]]] = stages_of(_REVIEWS)
"""What an address calls a stage: ``asb-review``, with its label and its states."""


def types_called(names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The types by their word in the address, under the names that they have where the list is read."""
    return tuple((key, names.get(process, title)) for key, (process, title) in TYPES.items())


def stages_called(names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The stages by their word in the address, likewise."""
    return tuple((key, label) for key, (label, _) in stages_of(_REVIEWS, names).items())


HELD_BY: Mapping[HeldBy, str] = {
    HeldBy.US: "Us",
    HeldBy.AGENCY: "Agencies",
    HeldBy.APPLICANT: "The applicant",
    HeldBy.HOME_OFFICE: "The Home Office",
    HeldBy.NOBODY: "Nobody",
}

NOBODY = "nobody"
"""The filter for cases without a lead officer."""


class Ended(StrEnum):
    """Open cases, closed ones, or both."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


class Sort(StrEnum):
    """Columns that the list can be sorted by."""

    DUE = "due"
    REFERENCE = "reference"
    STAGE = "stage"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """What the list is narrowed to; empty fields narrow nothing.

    ``named`` leaves only what the actor is named for. ``type`` and ``stage`` are keys of :data:`TYPES` and :data:`STAGES`; ``officer`` a number or ``nobody``; ``q`` are
    parts of a reference, or words of any name of the process, old or new.
    """

    type: str = ""
    stage: str = ""
    held_by: HeldBy | None = None
    due: Window | None = None
    officer: str = ""
    ended: Ended = Ended.OPEN
    q: str = ""
    named: bool = False
    sort: Sort = Sort.DUE
    descending: bool = False


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One case on the list. ``days`` are those in its present state; ``next_what`` says what the next date is."""

    reference: str
    href: str
    type: str
    restricted: bool
    state: str
    state_tag: str
    days: int
    held_by: str
    due_on: date | None
    words: str
    due_state: str
    next_what: str
    officer: str


def cases(
    session: Session, actor: Actor, filters: CaseFilters, horizon: Horizon, *, page: int = 1
) -> Paged[CaseShown]:
    """One page of the cases that the filters leave."""
    conditions = _conditions(actor, filters, horizon)
    total = session.exec(select(func.count(col(Case.id))).where(*conditions)).one()
    page = page_within(page, total)
    rows = _rows(session, conditions, filters, offset=(page - 1) * PER_PAGE, limit=PER_PAGE)
    return Paged(_shown(session, rows, horizon), total, page)


def every_case(session: Session, actor: Actor, filters: CaseFilters, horizon: Horizon) -> Paged[CaseShown]:
    """All of the cases that the filters leave, for a file."""
    rows = _rows(session, _conditions(actor, filters, horizon), filters)
    return whole(_shown(session, rows, horizon))


def names_here(session: Session, actor: Actor, on: date) -> Mapping[str, str]:
    """What each process is called in the partnerships whose cases the actor reads."""
    return names_in(session, actor.partnerships(*READERS), on)


def officers(session: Session, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Who leads a case that the actor may see, by number and shown name."""
    leading = select(Case.owner_user_id).where(_is_review(), access.visible(actor))
    rows = session.exec(
        select(User).where(col(User.id).in_(leading)).order_by(col(User.name), col(User.id))
    ).all()
    return tuple((str(user.id), user.name) for user in rows)


_Row = tuple[Case, Partnership, User]


def _rows(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    filters: CaseFilters,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> Sequence[_Row]:
    next_due = (
        select(func.min(Deadline.due_on))
        .where(Deadline.case_id == Case.id, running())
        .correlate(Case)
        .scalar_subquery()
    )
    columns = {
        Sort.DUE: next_due,
        Sort.REFERENCE: col(Case.reference),
        Sort.STAGE: col(Case.state_since_on),
        Sort.OFFICER: func.lower(User.name),
    }
    chosen = columns[filters.sort]
    return session.exec(
        select(Case, Partnership, User)
        .select_from(Case)
        .join(Partnership, col(Partnership.id) == col(Case.partnership_id))
        .outerjoin(User, col(User.id) == col(Case.owner_user_id))
        .where(*conditions)
        .order_by(
            chosen.is_(None), chosen.desc() if filters.descending else chosen.asc(), col(Case.reference)
        )
        .offset(offset)
        .limit(limit)
    ).all()


def _conditions(actor: Actor, filters: CaseFilters, horizon: Horizon) -> list[ColumnElement[bool]]:
    conditions = [_is_review(), access.visible(actor)]
    if filters.type in TYPES:
        conditions.append(col(Case.process) == TYPES[filters.type][0])
    if filters.stage in STAGES:
        key = TYPES[filters.stage.partition("-")[0]][0]
        conditions += [col(Case.process) == key, col(Case.state).in_(STAGES[filters.stage][1])]
    if filters.held_by is not None:
        conditions.append(_in_states(lambda state: state.held_by is filters.held_by))
    if filters.ended is not Ended.ALL:
        final = filters.ended is Ended.CLOSED
        conditions.append(_in_states(lambda state: state.final is final))
    if filters.officer == NOBODY:
        conditions.append(col(Case.owner_user_id).is_(None))
    elif filters.officer.isdecimal():
        conditions.append(col(Case.owner_user_id) == int(filters.officer[:9]))
    if filters.due is not None:
        due = select(Deadline.id).where(Deadline.case_id == Case.id, running(), within(filters.due, horizon))
        conditions.append(due.correlate(Case).exists())
    if filters.named:
        conditions.append(col(Case.id).in_(actor.granted))
    if filters.q:
        conditions += [
            or_(col(Case.reference).contains(word.upper(), autoescape=True), is_called(word))
            for word in words_to_find(filters.q)
        ]
    return conditions


def _is_review() -> ColumnElement[bool]:
    return col(Case.process).in_(REVIEWS)


def _in_states(wanted: Callable[[State], bool]) -> ColumnElement[bool]:
    """Cases in a state of their own definition that is wanted: the same name may mean another thing elsewhere."""
    return or_(
        *(
            and_(
                col(Case.process) == workflow.key,
                col(Case.workflow_version) == workflow.version,
                col(Case.state).in_([state.name for state in workflow.states if wanted(state)]),
            )
            for workflow in RELEASED.values()
            if workflow.key in REVIEWS
        )
    )


def _shown(session: Session, rows: Sequence[_Row], horizon: Horizon) -> tuple[CaseShown, ...]:
    calendars = with_calendars(session, horizon.calendars, (case.partnership_id for case, _, _ in rows))
    soonest: dict[int, Deadline] = {}
    for deadline in session.exec(
        select(Deadline)
        .where(
            col(Deadline.case_id).in_([case.id for case, _, _ in rows]),
            running(),
            col(Deadline.due_on).is_not(None),
        )
        .order_by(col(Deadline.due_on), col(Deadline.id))
    ).all():
        soonest.setdefault(deadline.case_id, deadline)
    names = shown_on(session, (case for case, _, _ in rows))
    return tuple(
        _row(
            row,
            soonest.get(row[0].id or 0),
            calendars[row[0].partnership_id],
            horizon.today,
            process_name(row[1], workflow_for(row[0]), names.get(row[0].policy_id, "")),
        )
        for row in rows
    )


def _row(row: _Row, deadline: Deadline | None, calendar: Calendar, today: date, name: str) -> CaseShown:
    case, _, officer = row
    workflow = workflow_for(case)
    state = workflow.state_by_name[case.state]
    words, due_state = ("", "")
    if deadline is not None:
        words, due_state = due_words(deadline.due_on, unit_of(deadline), calendar, today)
    return CaseShown(
        reference=case.reference,
        href=f"/cases/{case.reference}",
        type=name,
        restricted=case.sensitivity == Sensitivity.RESTRICTED,
        state=state.label,
        state_tag={HeldBy.US: "working", HeldBy.NOBODY: "closed"}.get(state.held_by, "waiting"),
        days=max(0, ((case.closed_on or today) - case.state_since_on).days),
        held_by=HELD_BY[state.held_by],
        due_on=deadline.due_on if deadline else None,
        words=words,
        due_state=due_state,
        next_what=deadline.label if deadline else "",
        officer=officer.name if officer else "",
    )
