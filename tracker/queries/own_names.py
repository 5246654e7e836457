"""Names of things as a page shows them: what each partnership calls its processes, and where a procedure says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from tracker import access
from tracker.models import Case, LocalPolicy, Partnership, SetupKind
from tracker.policy import Actor, Permission
from tracker.queries import set_up as setups
from tracker.queries.set_up import SetupEntry
from tracker.services import own_names, set_up
from tracker.services.process_names import TITLES
from workflows.traces import short


@dataclass(frozen=True, slots=True)
class NamesRow:
    """What one partnership calls each process, by process key."""

    key: str
    place: str
    names: Mapping[str, str]
    may_change: bool


@dataclass(frozen=True, slots=True)
class NamesPage:
    """Every partnership whose set-up the actor reads."""

    rows: tuple[NamesRow, ...]
    history: tuple[SetupEntry, ...]


@dataclass(frozen=True, slots=True)
class NamesChange:
    """What other names would do. ``named_otherwise`` are procedures whose own name comes first."""

    lines: tuple[tuple[str, str, str], ...]
    open_cases: int
    named_otherwise: tuple[str, ...]
    mark: str


def names_page(session: Session, actor: Actor) -> NamesPage:
    """The list."""
    readable = setups.partnerships(session, actor, Permission.SETUP_READ)
    mine = {place.id for place in setups.partnerships(session, actor, Permission.SETUP_CHANGE)}
    rows = tuple(
        NamesRow(place.key, place.name, own_names.own_names(place), place.id in mine) for place in readable
    )
    history = setups.entries(session, {place.id or 0 for place in readable}, SetupKind.NAMES_SET)
    return NamesPage(rows, history)


def partnership_of(session: Session, actor: Actor, key: str) -> Partnership:
    """The partnership whose names the actor changes.

    Raises:
        NotVisible: there is none, or it is not theirs.
    """
    return access.partnership_for(session, actor, key, Permission.SETUP_CHANGE)


def outlook(session: Session, partnership: Partnership, names: dict[str, str], today: date) -> NamesChange:
    """What these names would change, without changing it."""
    found = own_names.changes(partnership, names)
    open_cases = session.exec(
        select(func.count(col(Case.id))).where(
            Case.partnership_id == partnership.id,
            col(Case.process).in_(found),
            col(Case.closed_on).is_(None),
        )
    ).one()
    versions = session.exec(
        select(LocalPolicy)
        .where(
            LocalPolicy.partnership_id == partnership.id,
            col(LocalPolicy.process).in_(found),
            LocalPolicy.name_shown != "",
        )
        .order_by(col(LocalPolicy.effective_from))
    ).all()
    return NamesChange(
        tuple((TITLES[process], old, new) for process, (old, new) in found.items()),
        open_cases,
        tuple(
            f"“{row.name}”, from {short(row.effective_from)}, says “{row.name_shown}”"
            for row in versions
            if row.effective_to is None or row.effective_to >= today
        ),
        set_up.mark(session, partnership.id or 0),
    )
