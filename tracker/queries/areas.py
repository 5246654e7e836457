"""Areas and their relevant bodies as pages show them: by partnership, with dates, and what a change would touch."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access, policy
from tracker.errors import NotVisible
from tracker.models import Area, AreaBody, AreaKind, BodyKind, Case, Organisation, Partnership, SetupKind
from tracker.policy import Actor, Permission, Subject
from tracker.queries import choices
from tracker.queries import set_up as setups
from tracker.queries.choices import Choices
from tracker.queries.set_up import SetupEntry
from tracker.services import policies
from tracker.services.area_changes import AreaOutlook, Touched

AREA_KINDS = {
    AreaKind.DISTRICT: "A district, in two tiers",
    AreaKind.UNITARY: "A unitary area",
    AreaKind.WELSH: "A county or county borough in Wales",
}
BODY_KINDS = {
    BodyKind.COUNCIL: "The council",
    BodyKind.POLICE: "The chief officer of police",
    BodyKind.ICB: "An integrated care board",
    BodyKind.LOCAL_HEALTH_BOARD: "A local health board, in Wales",
    BodyKind.LANDLORD: "A co-opted provider of social housing",
    BodyKind.OTHER: "Another body",
}
_CHANGES = (SetupKind.AREA_ADDED, SetupKind.AREA_ENDED, SetupKind.BODY_ADDED, SetupKind.BODY_ENDED)
_BODIES = (
    select(AreaBody, Organisation)
    .join(Organisation, col(AreaBody.organisation_id) == col(Organisation.id))
    .order_by(col(AreaBody.to_on).is_not(None), col(Organisation.name), col(AreaBody.from_on))
)
"""Bodies in areas: those that still take part first, then by name."""


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One body's time in an area. ``standing`` is Now, To come or Ended, seen from today."""

    key: str
    name: str
    kind: str
    contact: str
    from_on: date | None
    to_on: date | None
    standing: str

    @property
    def open_ended(self) -> bool:
        """Whether it has no last day yet."""
        return self.to_on is None


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area in the list, with the bodies that take part today."""

    key: str
    name: str
    kind: str
    contact: str
    from_on: date | None
    to_on: date | None
    standing: str
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreasPage:
    """Every area that the actor reads, by partnership."""

    places: tuple[tuple[str, tuple[AreaRow, ...]], ...]
    history: tuple[SetupEntry, ...]
    may_add: bool


@dataclass(frozen=True, slots=True)
class AreaPage:
    """One area with every body's time in it. ``without``: no procedures hold there today."""

    row: AreaRow
    place: str
    bodies: tuple[BodyRow, ...]
    history: tuple[SetupEntry, ...]
    without: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class TouchedShown:
    """What a change touches: cases that the actor may open, and how many more there are."""

    seen: tuple[Touched, ...]
    hidden: int
    closed: int


def areas_page(session: Session, actor: Actor, today: date) -> AreasPage:
    """The list."""
    readable = setups.partnerships(session, actor, Permission.SETUP_READ)
    rows: dict[int, list[AreaRow]] = {}
    bodies: dict[int, list[tuple[AreaBody, Organisation]]] = {}
    for body, organisation in session.exec(_BODIES).all():
        bodies.setdefault(body.area_id, []).append((body, organisation))
    for area in session.exec(select(Area).order_by(col(Area.name))).all():
        row = _area_row(area, bodies.get(area.id or 0, []), today)
        rows.setdefault(area.partnership_id, []).append(row)
    places = tuple((place.name, tuple(rows.get(place.id or 0, ()))) for place in readable)
    return AreasPage(
        tuple(one for one in places if one[1]),
        setups.entries(session, {place.id or 0 for place in readable}, *_CHANGES),
        bool(setups.partnerships(session, actor, Permission.SETUP_CHANGE)),
    )


def area_page(session: Session, actor: Actor, key: str, today: date) -> AreaPage:
    """One area.

    Raises:
        NotVisible: there is none, or it is not theirs to see.
    """
    area, place = area_of(session, actor, key, Permission.SETUP_READ)
    taking = _bodies(session, area)
    bodies = tuple(
        BodyRow(
            organisation.key, organisation.name, BODY_KINDS[BodyKind(body.kind)], body.contact,
            body.from_on, body.to_on, _standing(body.from_on, body.to_on, today),
        )
        for body, organisation in taking
    )  # fmt: skip
    return AreaPage(
        _area_row(area, taking, today),
        place.name,
        bodies,
        setups.entries(session, {place.id or 0}, *_CHANGES, about=area.key),
        policies.in_area(session, "asb_case_review", area, today) is None,
        policy.allows(actor, Permission.SETUP_CHANGE, Subject(partnership_id=place.id)),
    )


def area_of(session: Session, actor: Actor, key: str, permission: Permission) -> tuple[Area, Partnership]:
    """The area of that key with its partnership, if the actor holds the permission there.

    Raises:
        NotVisible: there is none, or it is not theirs.
    """
    area = session.exec(select(Area).where(Area.key == key)).first()
    if area is None or not policy.allows(actor, permission, Subject(partnership_id=area.partnership_id)):
        raise NotVisible("There is no such area, or it is not one of yours.")
    return area, session.get_one(Partnership, area.partnership_id)


def partnership_of(session: Session, actor: Actor, key: str) -> Partnership:
    """The partnership whose areas the actor changes.

    Raises:
        NotVisible: there is none, or it is not theirs.
    """
    return access.partnership_for(session, actor, key, Permission.SETUP_CHANGE)


def places(session: Session, actor: Actor) -> Choices:
    """The partnerships whose areas the actor changes, by key and name."""
    return tuple(
        (place.key, place.name) for place in setups.partnerships(session, actor, Permission.SETUP_CHANGE)
    )


def taking_part(session: Session, area: Area) -> Choices:
    """The bodies of an area that have no last day yet, by key and name."""
    return tuple(
        (organisation.key, organisation.name)
        for body, organisation in _bodies(session, area)
        if body.to_on is None
    )


def could_take_part(session: Session, area: Area, today: date) -> Choices:
    """The organisations that exist today and belong to the area's partnership or to several."""
    return choices.organisations(session, area.partnership_id, today)


def touched(session: Session, actor: Actor, outlook: AreaOutlook) -> TouchedShown:
    """The open cases that a change touches, without those that the actor cannot open: these are counted."""
    ids = {one.case_id for one in outlook.touched}
    visible = set(session.exec(select(Case.id).where(col(Case.id).in_(ids), access.visible(actor))).all())
    seen = tuple(one for one in outlook.touched if one.case_id in visible)
    return TouchedShown(seen, len(outlook.touched) - len(seen), outlook.closed)


def _bodies(session: Session, area: Area) -> list[tuple[AreaBody, Organisation]]:
    return list(session.exec(_BODIES.where(AreaBody.area_id == area.id)).all())


def _area_row(area: Area, bodies: list[tuple[AreaBody, Organisation]], today: date) -> AreaRow:
    return AreaRow(
        area.key,
        area.name,
        AREA_KINDS[AreaKind(area.kind)],
        area.contact,
        area.from_on,
        area.to_on,
        _standing(area.from_on, area.to_on, today),
        tuple(
            organisation.name
            for body, organisation in bodies
            if _standing(body.from_on, body.to_on, today) == "Now"
        ),
    )


def _standing(first: date | None, last: date | None, today: date) -> str:
    if first is not None and first > today:
        return "To come"
    return "Now" if last is None or last >= today else "Ended"
