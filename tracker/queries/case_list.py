"""Reviews that the actor may see: narrowed, sorted, one page at a time. Actions have a list of their own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker import access
from tracker.models import Area, Case, Deadline, Partnership, User
from tracker.policy import READERS, REVIEWS, Actor
from tracker.queries.case_rows import HOLD, CaseShown, Row, shown
from tracker.queries.choices import told_apart
from tracker.queries.due_dates import Horizon, Window, running, within
from tracker.queries.paging import PER_PAGE, Paged, page_within, whole
from tracker.services.process_names import is_called, names_in, words_to_find
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


NOBODY = "nobody"
"""The filter for cases without a lead officer."""


class Ended(StrEnum):
    """Open cases, closed ones, or both."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


class Holding(StrEnum):
    """Cases on hold, of whatever kind, or those that are not."""

    HELD = "yes"
    FREE = "no"


class Sort(StrEnum):
    """Columns that the list can be sorted by."""

    DUE = "due"
    REFERENCE = "reference"
    STAGE = "stage"
    OFFICER = "officer"


ORDERS: Mapping[Sort, tuple[str, str]] = {
    Sort.DUE: ("Next date first", "Latest date first"),
    Sort.REFERENCE: ("By reference", "By reference, last first"),
    Sort.STAGE: ("Longest in its state first", "Shortest in its state first"),
    Sort.OFFICER: ("By lead officer", "By lead officer, Z to A"),
}
"""What a sorted list says of its order, and of the other way round."""


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """What the list is narrowed to; empty fields narrow nothing.

    ``named`` leaves only what the actor is named for. ``type`` and ``stage`` are keys of :data:`TYPES` and :data:`STAGES`; ``officer`` a number or ``nobody``; ``q`` are
    parts of a reference, or words of any name of the process, old or new. ``area`` is a key; ``reports`` asks for the
    dates of the report as well.
    """

    type: str = ""
    stage: str = ""
    held_by: HeldBy | None = None
    due: Window | None = None
    officer: str = ""
    ended: Ended = Ended.OPEN
    q: str = ""
    named: bool = False
    hold: Holding | None = None
    area: str = ""
    reports: bool = False
    sort: Sort = Sort.DUE
    descending: bool = False


def cases(
    session: Session, actor: Actor, filters: CaseFilters, horizon: Horizon, *, page: int = 1
) -> Paged[CaseShown]:
    """One page of the cases that the filters leave."""
    conditions = _conditions(actor, filters, horizon)
    total = session.exec(select(func.count(col(Case.id))).where(*conditions)).one()
    page = page_within(page, total)
    rows = _rows(session, conditions, filters, offset=(page - 1) * PER_PAGE, limit=PER_PAGE)
    return Paged(shown(session, rows, horizon, reports=filters.reports), total, page)


def every_case(session: Session, actor: Actor, filters: CaseFilters, horizon: Horizon) -> Paged[CaseShown]:
    """All of the cases that the filters leave, for a file."""
    rows = _rows(session, _conditions(actor, filters, horizon), filters)
    return whole(shown(session, rows, horizon, reports=filters.reports))


def names_here(session: Session, actor: Actor, on: date) -> Mapping[str, str]:
    """What each process is called in the partnerships whose cases the actor reads."""
    return names_in(session, actor.partnerships(*READERS), on)


@dataclass(frozen=True, slots=True)
class CaseChoices:
    """What the filters offer: officers by number, what each process is called, areas by key."""

    officers: tuple[tuple[str, str], ...]
    names: Mapping[str, str]
    areas: tuple[tuple[str, str], ...]


def choices(session: Session, actor: Actor, on: date) -> CaseChoices:
    """What the reader can narrow the list to."""
    return CaseChoices(officers(session, actor), names_here(session, actor, on), areas(session, actor))


def areas(session: Session, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The areas of the partnerships whose cases the actor reads, by key and name."""
    rows = session.exec(
        select(Area)
        .where(col(Area.partnership_id).in_(actor.partnerships(*READERS)))
        .order_by(col(Area.name), col(Area.id))
    ).all()
    return tuple((area.key, area.name) for area in rows)


def officers(session: Session, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Who leads a case that the actor may see, by number and shown name."""
    leading = select(Case.owner_user_id).where(_is_review(), access.visible(actor))
    rows = session.exec(
        select(User).where(col(User.id).in_(leading)).order_by(col(User.name), col(User.id))
    ).all()
    return tuple((str(user.id), words) for user, words in told_apart(session, rows))


def _rows(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    filters: CaseFilters,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> Sequence[Row]:
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
    conditions += _further(actor, filters, horizon)
    if filters.q:
        conditions += [
            or_(col(Case.reference).contains(word.upper(), autoescape=True), is_called(word))
            for word in words_to_find(filters.q)
        ]
    return conditions


def _further(actor: Actor, filters: CaseFilters, horizon: Horizon) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.officer == NOBODY:
        conditions.append(col(Case.owner_user_id).is_(None))
    elif filters.officer.isdecimal():
        conditions.append(col(Case.owner_user_id) == int(filters.officer[:9]))
    if filters.due is not None:
        due = select(Deadline.id).where(Deadline.case_id == Case.id, running(), within(filters.due, horizon))
        conditions.append(due.correlate(Case).exists())
    if filters.hold is not None:
        held = col(Case.id).in_(_held().correlate(None))
        conditions.append(held if filters.hold is Holding.HELD else ~held)
    if filters.area:
        conditions.append(_in_area(filters.area))
    if filters.named:
        conditions.append(col(Case.id).in_(actor.granted))
    return conditions


def _held() -> SelectOfScalar[int] | SelectOfScalar[None]:
    return select(Case.parent_id).where(
        Case.process == HOLD, col(Case.closed_on).is_(None), col(Case.parent_id).is_not(None)
    )


def _in_area(key: str) -> ColumnElement[bool]:
    """Said to be in that area, or, where nothing is said, of a partnership that has no other."""
    said = col(Case.facts)["area"].as_string()
    named = select(Area.name).where(Area.key == key).scalar_subquery()
    place = select(Area.partnership_id).where(Area.key == key).scalar_subquery()
    others = select(Area.partnership_id).where(Area.key != key)
    alone = and_(said.is_(None), col(Case.partnership_id) == place, col(Case.partnership_id).not_in(others))
    return or_(said == key, said == named, alone)


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
