"""Areas of a partnership: which one a case speaks of, and which bodies take part in it on a day."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, or_, select

from tracker import db
from tracker.models import Area, AreaBody, Organisation, Partnership


def areas_of(session: Session, partnership_id: int, on: date) -> Sequence[Area]:
    """The areas of a partnership on a day, by name; of a county board, those of the partnerships that it co-ordinates."""
    theirs = select(Partnership.id).where(
        or_(col(Partnership.id) == partnership_id, col(Partnership.coordinator_id) == partnership_id)
    )
    rows = (
        select(Area)
        .where(
            col(Area.partnership_id).in_(theirs),
            or_(col(Area.from_on).is_(None), col(Area.from_on) <= on),
            or_(col(Area.to_on).is_(None), col(Area.to_on) >= on),
        )
        .order_by(Area.name)
    )
    return db.once(session, (areas_of, partnership_id, on), lambda: session.exec(rows).all())


def area_named(session: Session, partnership_id: int, words: str, on: date) -> Area | None:
    """The area that somebody means, by its key or its name; None if it is not one of the partnership's on that day."""
    wanted = words.strip().casefold()
    return next(
        (
            area
            for area in (areas_of(session, partnership_id, on) if wanted else ())
            if wanted in {area.key, area.name.casefold()}
        ),
        None,
    )


def bodies_of(session: Session, area: Area, on: date) -> Sequence[tuple[AreaBody, Organisation]]:
    """The relevant bodies of an area on a day (s.105), by name: every application is passed on to each."""
    rows = (
        select(AreaBody, Organisation)
        .join(Organisation, col(AreaBody.organisation_id) == col(Organisation.id))
        .where(
            AreaBody.area_id == area.id,
            or_(col(AreaBody.from_on).is_(None), col(AreaBody.from_on) <= on),
            or_(col(AreaBody.to_on).is_(None), col(AreaBody.to_on) >= on),
        )
        .order_by(col(Organisation.name), col(Organisation.key))
    )
    return db.once(session, (bodies_of, area.id, on), lambda: session.exec(rows).all())
