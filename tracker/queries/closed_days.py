"""Closed days and bank holidays as pages show them, and the dates that one would move: named only to who may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from tracker import access, policy
from tracker.models import Case, Holiday, Partnership
from tracker.policy import Actor, Permission, Subject
from tracker.services.holidays import Moved
from workflows.calendars import england_and_wales

EVERYWHERE = "all"
"""What an address and a form call the bank holidays of every partnership."""


@dataclass(frozen=True, slots=True)
class DayShown:
    """One day that was entered. ``key`` is the partnership's, or ``all``."""

    on: date
    name: str
    key: str
    whose: str
    removable: bool


@dataclass(frozen=True, slots=True)
class DaysPage:
    """What was entered, the next bank holidays that come with the tracker, and how far those reach."""

    entered: tuple[DayShown, ...]
    bundled: tuple[tuple[date, str], ...]
    known_to: date
    may_add: bool


@dataclass(frozen=True, slots=True)
class Moves:
    """The dates that move: those that the actor may see, and how many others."""

    seen: tuple[Moved, ...]
    hidden: int

    @property
    def total(self) -> int:
        """All of them."""
        return len(self.seen) + self.hidden


def days_page(session: Session, actor: Actor, today: date) -> DaysPage:
    """The days of the partnerships that the actor belongs to, the latest first."""
    places = {
        place.id: place for place in session.exec(select(Partnership).order_by(col(Partnership.id))).all()
    }
    readable = [
        n for n in places if policy.allows(actor, Permission.CLOSED_DAYS_READ, Subject(partnership_id=n))
    ]
    rows = session.exec(
        select(Holiday)
        .where(
            col(Holiday.removed_at).is_(None),
            or_(col(Holiday.partnership_id).is_(None), col(Holiday.partnership_id).in_(readable)),
        )
        .order_by(col(Holiday.on).desc(), col(Holiday.id))
    ).all()
    entered = tuple(
        DayShown(
            row.on,
            row.name,
            places[row.partnership_id].key if row.partnership_id else EVERYWHERE,
            places[row.partnership_id].name if row.partnership_id else "Every partnership",
            policy.allows(actor, Permission.CLOSED_DAYS_CHANGE, Subject(partnership_id=row.partnership_id)),
        )
        for row in rows
    )
    calendar = england_and_wales()
    bundled = tuple(sorted((on, name) for on, name in calendar.holidays.items() if on >= today))
    return DaysPage(entered, bundled, calendar.known_to, bool(places_for(session, actor)))


def places_for(session: Session, actor: Actor) -> tuple[tuple[str, str], ...]:
    """For whom the actor enters days off: key and name, the bank holidays of all first."""
    found = session.exec(select(Partnership).order_by(col(Partnership.name))).all()
    mine = tuple(
        (place.key, place.name)
        for place in found
        if policy.allows(actor, Permission.CLOSED_DAYS_CHANGE, Subject(partnership_id=place.id))
    )
    everywhere = policy.allows(actor, Permission.CLOSED_DAYS_CHANGE, Subject(partnership_id=None))
    return (((EVERYWHERE, "Every partnership: a new bank holiday"),) if everywhere else ()) + mine


def place_of(session: Session, actor: Actor, key: str) -> int | None:
    """The partnership of that key; None for every partnership.

    Raises:
        NotVisible: there is none, or the actor enters no days off there.
    """
    if key == EVERYWHERE and policy.allows(
        actor, Permission.CLOSED_DAYS_CHANGE, Subject(partnership_id=None)
    ):
        return None
    return access.partnership_for(session, actor, key, Permission.CLOSED_DAYS_CHANGE).id


def entered_day(session: Session, partnership_id: int | None, on: date) -> Holiday | None:
    """The day as it was entered, if it counts."""
    where = (
        col(Holiday.partnership_id).is_(None)
        if partnership_id is None
        else col(Holiday.partnership_id) == partnership_id
    )
    return session.exec(
        select(Holiday).where(Holiday.on == on, where, col(Holiday.removed_at).is_(None))
    ).first()


def shown(session: Session, actor: Actor, moved: Iterable[Moved]) -> Moves:
    """The dates that move, without those in cases that the actor cannot open: these are counted."""
    moved = tuple(moved)
    ids = {one.case_id for one in moved}
    visible = set(session.exec(select(Case.id).where(col(Case.id).in_(ids), access.visible(actor))).all())
    seen = tuple(one for one in moved if one.case_id in visible)
    return Moves(seen, len(moved) - len(seen))
