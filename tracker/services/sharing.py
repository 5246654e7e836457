"""Which of many applications went to every relevant body: the records of all of them, read at once.

The same rule as for one case in :mod:`tracker.services.asb_records`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, or_, select

from tracker.models import Area, AreaBody, Case, Organisation, Partnership, PassOn
from tracker.services.asb_records import applied_on


def bodies_and_shared(session: Session, cases: Sequence[Case]) -> Mapping[int, tuple[set[int], set[int]]]:
    """For each case the organisations that are relevant, and those of them that have the application."""
    areas = _areas(session, cases)
    listed = _listed(session, [area.id for area, _ in areas])
    keys = {str(key) for case in cases for key in case.facts.get("relevant_bodies") or []}
    numbers = {
        body.key: body.id or 0
        for body in session.exec(select(Organisation).where(col(Organisation.key).in_(keys))).all()
    }
    have: dict[int, set[int]] = defaultdict(set)
    for row in session.exec(select(PassOn).where(col(PassOn.case_id).in_([case.id for case in cases]))).all():
        have[row.case_id].add(row.organisation_id)
    found = {}
    for case in cases:
        on = applied_on(case)
        area = _area_of(case, areas, on)
        bodies = {row.organisation_id for row in listed[area] if _there(row, on)} if area else set()
        named = {numbers[key] for key in case.facts.get("relevant_bodies") or [] if key in numbers}
        relevant = bodies or named
        found[case.id or 0] = (relevant, relevant & have[case.id or 0])
    return found


def _areas(session: Session, cases: Sequence[Case]) -> Sequence[tuple[Area, int | None]]:
    """The areas of the partnerships, by name, each with the board that co-ordinates its own."""
    theirs = {case.partnership_id for case in cases}
    return session.exec(
        select(Area, Partnership.coordinator_id)
        .join(Partnership, col(Partnership.id) == col(Area.partnership_id))
        .where(or_(col(Partnership.id).in_(theirs), col(Partnership.coordinator_id).in_(theirs)))
        .order_by(Area.name)
    ).all()


def _listed(session: Session, areas: Collection[int | None]) -> Mapping[int, list[AreaBody]]:
    listed: dict[int, list[AreaBody]] = defaultdict(list)
    for row in session.exec(select(AreaBody).where(col(AreaBody.area_id).in_(areas))).all():
        listed[row.area_id].append(row)
    return listed


def _area_of(case: Case, areas: Sequence[tuple[Area, int | None]], on: date) -> int | None:
    wanted = str(case.facts.get("area") or "").strip().casefold()
    return next(
        (
            area.id
            for area, coordinator in areas
            if wanted in {area.key, area.name.casefold()}
            and case.partnership_id in {area.partnership_id, coordinator}
            and _there(area, on)
        ),
        None,
    )


def _there(row: Area | AreaBody, on: date) -> bool:
    return (row.from_on is None or row.from_on <= on) and (row.to_on is None or row.to_on >= on)
