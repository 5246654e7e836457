"""The calendar that a partnership's clocks count by: bundled bank holidays, later ones, its own closed days."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, or_, select

from tracker import db
from tracker.models import Holiday
from workflows.calendars import Calendar, england_and_wales


def calendar_for(session: Session, partnership_id: int | None) -> Calendar:
    """The calendar of one partnership; of none, bank holidays alone."""
    return calendars_for(session, [partnership_id])[partnership_id]


def calendars_for(session: Session, partnership_ids: Iterable[int | None]) -> Mapping[int | None, Calendar]:
    """The calendars of several partnerships, in one query."""
    wanted = set(partnership_ids)
    rows = rows_for(session, wanted)
    return {partnership_id: calendar_from(rows, partnership_id) for partnership_id in wanted}


def rows_for(session: Session, partnership_ids: Iterable[int | None]) -> Sequence[Holiday]:
    """Every bank holiday that was entered, and the closed days of these partnerships, those taken out among them."""
    known = frozenset(number for number in partnership_ids if number is not None)
    rows = (
        select(Holiday)
        .where(or_(col(Holiday.partnership_id).is_(None), col(Holiday.partnership_id).in_(known)))
        .order_by(col(Holiday.on), col(Holiday.id))
    )
    return db.once(session, (rows_for, known), lambda: session.exec(rows).all())


def calendar_from(
    rows: Iterable[Holiday], partnership_id: int | None, *, known_at: datetime | None = None
) -> Calendar:
    """The calendar of one partnership, from rows already read; with ``known_at``, as it was known at that instant."""
    entered = [row for row in rows if _counts(row, known_at)]
    bank = {row.on: row.name for row in entered if row.partnership_id is None}
    closed = {
        row.on: row.name
        for row in entered
        if row.partnership_id is not None and row.partnership_id == partnership_id
    }
    calendar = england_and_wales()
    if bank:
        calendar = calendar.with_holidays(bank)
    return calendar.with_closed(closed) if closed else calendar


def _counts(row: Holiday, known_at: datetime | None) -> bool:
    """Whether the day is off: now, or as it was known at an instant."""
    if known_at is None:
        return row.removed_at is None
    return row.added_at <= known_at and (row.removed_at is None or row.removed_at > known_at)
