"""Posting the cards that wait. The mails that they follow have gone: nothing is lost where a card cannot be posted."""

from collections.abc import Callable
from datetime import datetime

from tracker import clock
from tracker.db import Database
from tracker.models import CardState
from tracker.services import teams
from tracker.transports import Ambiguous, NotHandedOver, Permanent
from tracker.transports.teams import TeamsPost

LONGEST = 60.0
"""Seconds after which the next round goes on."""


def post(
    database: Database, way: TeamsPost, at: datetime, *, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Post what waits; return how many were posted. What nobody can tell about is not posted again."""
    if not way.hosts:
        return 0
    began, posted = clock.seconds(), 0
    while clock.seconds() - began < LONGEST and not stopping():
        with database.transaction() as session:
            waiting = teams.take(session, at)
        if waiting is None:
            break
        state, why = CardState.POSTED, ""
        try:
            way.post(waiting.url, waiting.card)
        except (Permanent, Ambiguous) as error:
            state, why = CardState.FAILED, str(error)
        except NotHandedOver as error:
            state, why = CardState.WAITING, str(error)
        with database.transaction() as session:
            teams.settle(session, waiting.number, state, why, at=at)
        posted += state is CardState.POSTED
    return posted
