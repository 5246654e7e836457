"""The calendar that a partnership's clocks count by: bundled bank holidays, later ones, its own closed days."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from sqlmodel import Session, col, or_, select

from tracker.models import Holiday
from workflows.calendars import Calendar, england_and_wales


def calendar_for(session: Session, partnership_id: int | None) -> Calendar:
    """The calendar of one partnership; of none, bank holidays alone."""
    return calendars_for(session, [partnership_id])[partnership_id]


def calendars_for(session: Session, partnership_ids: Iterable[int | None]) -> Mapping[int | None, Calendar]:
    """The calendars of several partnerships, in one query."""
    wanted = set(partnership_ids)
    known = {p for p in wanted if p is not None}
    statement = select(Holiday).where(
        or_(col(Holiday.partnership_id).is_(None), col(Holiday.partnership_id).in_(known))
    )
    bank: dict[date, str] = {}
    closed: dict[int, dict[date, str]] = defaultdict(dict)
    for row in session.exec(statement.order_by(col(Holiday.on))).all():
        if row.partnership_id is None:
            bank[row.on] = row.name
        else:
            closed[row.partnership_id][row.on] = row.name
    common = england_and_wales().with_holidays(bank) if bank else england_and_wales()
    return {p: common.with_closed(closed[p]) if p is not None and closed.get(p) else common for p in wanted}
