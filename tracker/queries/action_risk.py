"""Actions that are likely to be late, by the same seven rules as At risk: not overdue, but one of the signs is there."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from tracker.models import DeadlineStatus
from tracker.policy import Actor
from tracker.queries import risk_signs
from tracker.queries.action_rows import Row
from tracker.queries.due_dates import Found, Horizon, with_calendars
from tracker.queries.risk_items import WEEKS, item_of
from workflows.likely_late import last_day_of


def likely_late(
    session: Session, actor: Actor, rows: Sequence[Row], horizon: Horizon, moved: Mapping[int, int]
) -> Sequence[Row]:
    """Those of the rows that At risk would list as likely late; ``moved``: how often each date was."""
    limit = last_day_of(WEEKS, horizon.today)
    found: list[Found] = [
        (target, action, body)
        for action, target, body, _ in rows
        if target is not None
        and target.status == DeadlineStatus.RUNNING
        and not target.paused
        and target.due_on is not None
        and horizon.today <= target.due_on <= limit
    ]
    signs = risk_signs.read(session, actor, found, moved=moved)
    calendars = with_calendars(session, horizon.calendars, (action.partnership_id for _, action, _ in found))
    late = {
        action.id
        for target, action, body in found
        if item_of(target, action, body, signs, calendars[action.partnership_id], horizon.today).late
    }
    return [row for row in rows if row[0].id in late]
