"""Partnerships' own facts as pages show them."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from tracker import access, policy
from tracker.models import Area, Partnership, PartnershipKind, SetupKind
from tracker.policy import Actor, Permission, Subject
from tracker.queries import set_up as setups
from tracker.queries.choices import Choices
from tracker.queries.set_up import SetupEntry
from tracker.services import partnership_facts, set_up
from tracker.services.partnership_facts import Facts

KINDS = {PartnershipKind.CSP: "Community Safety Partnership", PartnershipKind.BOARD: "Co-ordinating board"}


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One partnership with its facts; ``areas`` are names, ``board`` is a name."""

    key: str
    kind: str
    prefix: str
    facts: Facts
    board: str
    areas: tuple[str, ...]
    may_change: bool


@dataclass(frozen=True, slots=True)
class PlacesPage:
    """Every partnership whose set-up the actor reads."""

    rows: tuple[PlaceRow, ...]
    history: tuple[SetupEntry, ...]


@dataclass(frozen=True, slots=True)
class Changing:
    """One partnership about to be changed. ``boards`` is empty where the actor does not choose one."""

    place: Partnership
    facts: Facts
    boards: Choices
    mark: str


def places_page(session: Session, actor: Actor) -> PlacesPage:
    """The list, by name."""
    places = setups.partnerships(session, actor, Permission.SETUP_READ)
    ids = {place.id or 0 for place in places}
    names = {one.id: one.name for one in session.exec(select(Partnership)).all()}
    areas: dict[int, list[str]] = {}
    for area in session.exec(
        select(Area)
        .where(col(Area.partnership_id).in_(ids), col(Area.to_on).is_(None))
        .order_by(col(Area.name))
    ).all():
        areas.setdefault(area.partnership_id, []).append(area.name)
    rows = tuple(
        PlaceRow(
            place.key, KINDS[PartnershipKind(place.kind)], place.prefix,
            partnership_facts.facts_of(session, place), names.get(place.coordinator_id, ""),
            tuple(areas.get(place.id or 0, ())),
            policy.allows(actor, Permission.SETUP_CHANGE, Subject(partnership_id=place.id)),
        )
        for place in places
    )  # fmt: skip
    return PlacesPage(rows, setups.entries(session, ids, SetupKind.PARTNERSHIP_CHANGED))


def changing(session: Session, actor: Actor, key: str) -> Changing:
    """The partnership of that key, to be changed.

    Raises:
        NotVisible: there is none, or it is not theirs to change.
    """
    place = access.partnership_for(session, actor, key, Permission.SETUP_CHANGE)
    administers = policy.allows(actor, Permission.PEOPLE_MANAGE, Subject(partnership_id=place.id))
    boards = partnership_facts.boards(session, place) if administers else ()
    return Changing(
        place,
        partnership_facts.facts_of(session, place),
        tuple((one.key, one.name) for one in boards),
        set_up.mark(session, place.id or 0),
    )
