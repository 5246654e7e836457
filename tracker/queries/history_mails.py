"""The askings of the timetable, put into a case's history where they belong: they are on the ledger and no events.

What was chased by hand is an event of its own. A history is paged by its events, so what went between two of them
stands on the page of the later one.
"""

from datetime import datetime
from heapq import merge
from itertools import groupby

from sqlmodel import Session, col, select

from tracker import clock
from tracker.models import Case, Deadline, Event
from tracker.policy import Actor
from tracker.queries.history import PER_PAGE, Entry, HistoryPage, events_of, whole
from tracker.queries.history_kinds import Shown
from tracker.services.chasers import Asking, askings
from workflows.deciders import Decider

_WITH = frozenset({Shown.ALL, Shown.MESSAGES})


def with_mails(
    session: Session, reader: Actor, case: Case, found: HistoryPage, shown: Shown = Shown.ALL
) -> HistoryPage:
    """The same page of a history with what the timetable asked the agency in that time; counted with the total."""
    if shown not in _WITH:
        return found
    asked = _askings(session, case)
    if not asked:
        return found
    entries = [entry for _, group in found.days for entry in group]
    before = _end_of(session, reader, case, found.page - 1, shown)
    first = entries[-1].recorded_at if found.page < found.pages else None
    here = [
        entry
        for entry in asked
        if (before is None or entry.recorded_at < before) and (first is None or entry.recorded_at >= first)
    ]
    # Each is in its own order; of one instant what was recorded stands above what went.
    merged = merge(entries, here, key=lambda entry: entry.recorded_at, reverse=True)
    days = tuple((day, tuple(group)) for day, group in groupby(merged, key=lambda entry: entry.on))
    return HistoryPage(days, found.total + len(asked), found.page, found.pages)


def _end_of(session: Session, reader: Actor, case: Case, page: int, shown: Shown) -> datetime | None:
    """When the last event of a page was recorded; None before the first page."""
    if page < 1:
        return None
    return session.exec(
        select(Event.recorded_at)
        .where(*events_of(case, shown, whole=whole(session, reader, case)))
        .order_by(col(Event.seq).desc())
        .offset(page * PER_PAGE - 1)
        .limit(1)
    ).first()


def _askings(session: Session, case: Case) -> list[Entry]:
    """What the timetable asked, the newest first."""
    dates = session.exec(
        select(Deadline).where(Deadline.case_id == case.id, Deadline.owner == Decider.AGENCY_LEAD)
    ).all()
    labels = {deadline.id or 0: deadline.label for deadline in dates}
    made = askings(session, labels)
    found = [
        _entry(one, labels[number], place)
        for number, some in made.items()
        for place, one in enumerate(some, start=1)
        if not one.by_hand
    ]
    return sorted(found, key=lambda entry: entry.recorded_at, reverse=True)


def _entry(one: Asking, label: str, number: int) -> Entry:
    to = "the named senior" if one.senior else "the lead"
    return Entry(
        seq=0,
        title="Agency chased" if one.late else "Agency reminded",
        at=one.at,
        on=clock.london(one.at),
        recorded_at=one.at,
        by="the system",
        recorded="",
        text=f"{label}: asked {to}, number {number}",
        reason="",
    )
