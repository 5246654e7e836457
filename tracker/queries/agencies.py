"""Agencies as pages show them, with how much open work each has: a number, and no case."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, or_, select

from tracker.models import Case, Organisation, Partnership, SetupKind
from tracker.policy import LED, Actor, Permission
from tracker.queries import set_up as setups
from tracker.queries.choices import Choices
from tracker.queries.set_up import SetupEntry
from tracker.services import successions
from tracker.services.successions import OpenWork


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency. ``place`` is empty where it works for several partnerships, and then nobody changes it here."""

    key: str
    name: str
    kind: str
    place: str
    from_on: date | None
    to_on: date | None
    successor: str
    open_work: int
    may_end: bool
    hands_over: bool


@dataclass(frozen=True, slots=True)
class AgenciesPage:
    """Every agency that works in the partnerships that the administrator looks after."""

    rows: tuple[AgencyRow, ...]
    history: tuple[SetupEntry, ...]


def agencies_page(session: Session, actor: Actor) -> AgenciesPage:
    """The list, by name."""
    places = {one.id: one for one in setups.partnerships(session, actor, Permission.PEOPLE_MANAGE)}
    bodies = _bodies(session, places)
    names = {one.id: one.name for one in session.exec(select(Organisation)).all()}
    work = dict(
        session.exec(
            select(Case.owner_organisation_id, func.count())
            .where(
                col(Case.process).in_(LED),
                col(Case.closed_on).is_(None),
                col(Case.partnership_id).in_(places),
            )
            .group_by(col(Case.owner_organisation_id))
        ).all()
    )
    rows = tuple(
        AgencyRow(
            one.key, one.name, one.kind, places[one.partnership_id].name if one.partnership_id else "",
            one.from_on, one.to_on, names.get(one.successor_id, ""), work.get(one.id, 0),
            one.partnership_id is not None and one.to_on is None,
            one.to_on is not None and one.successor_id is not None,
        )
        for one in bodies
    )  # fmt: skip
    kinds = (
        SetupKind.AGENCY_ADDED, SetupKind.AGENCY_CHANGED, SetupKind.AGENCY_ENDED, SetupKind.AGENCY_REHOMED,
    )  # fmt: skip
    return AgenciesPage(rows, setups.entries(session, {number or 0 for number in places}, *kinds))


def open_work(session: Session, body: Organisation) -> int:
    """How many open actions, requests and recommendations the agency leads."""
    return session.exec(
        select(func.count()).where(
            Case.owner_organisation_id == body.id, col(Case.process).in_(LED), col(Case.closed_on).is_(None)
        )
    ).one()


@dataclass(frozen=True, slots=True)
class HandOverPage:
    """What is open with an ended agency: numbers by kind, no record. ``fault`` says why it cannot be handed over now."""

    name: str
    ended_on: date | None
    successor: str
    places: tuple[str, ...]
    work: OpenWork
    rows: tuple[tuple[str, int], ...]
    fault: str
    mark: str


def hand_over_page(session: Session, actor: Actor, key: str, today: date) -> HandOverPage:
    """The numbers.

    Raises:
        NotVisible: there is no such agency, or it is not theirs.
    """
    found = successions.find(session, actor, key)
    work = successions.open_work(session, found.body, found.ids())
    rows = (
        ("Actions that it leads", work.actions),
        ("Requests for information that it has", work.requests),
        ("Recommendations that are with it", work.recommendations),
        ("Actions, requests and recommendations whose lead it shares", work.shared),
        ("Places on panels of reviews", work.seats),
    )
    return HandOverPage(
        found.body.name,
        found.body.to_on,
        found.successor.name if found.successor else "",
        tuple(place.name for place in found.places if place.id in found.ids()),
        work,
        rows,
        successions.fault_of(found, today),
        successions.mark(session, found),
    )


def could_succeed(session: Session, body: Organisation) -> Choices:
    """The agencies that could take over from it, by key and name."""
    rows = _bodies(session, {body.partnership_id: None})
    return tuple((one.key, one.name) for one in rows if one.id != body.id and one.to_on is None)


def by_key(session: Session, key: str) -> Organisation | None:
    """The agency of that key."""
    return session.exec(select(Organisation).where(Organisation.key == key)).first()


def _bodies(
    session: Session, places: dict[int | None, Partnership] | dict[int | None, None]
) -> list[Organisation]:
    return list(
        session.exec(
            select(Organisation)
            .where(
                or_(
                    col(Organisation.partnership_id).is_(None),
                    col(Organisation.partnership_id).in_([one for one in places if one is not None]),
                )
            )
            .order_by(col(Organisation.name), col(Organisation.key))
        ).all()
    )
