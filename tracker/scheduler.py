"""The timetable: one job, every few seconds. It only wakes us; what is owed stands in the database.

In memory, so that nothing has to be restored after a crash; by the interval, in UTC, so that no change of the clocks
can repeat or lose a run; late runs are made up for by one.
"""

import logging
import traceback
from collections.abc import Callable
from datetime import UTC
from threading import Event

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from config import Settings
from tracker import clock, rounds
from tracker.db import Database

log = structlog.get_logger()


def start(settings: Settings, database: Database) -> Callable[[], None]:
    """Begin doing rounds in a thread of this process, the first at once. Returns what stops it, cleanly."""
    stopping = Event()
    holder = rounds.new_holder()
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(
        lambda: one_round(settings, database, holder, stopping.is_set),
        "interval",
        id="reminders",
        seconds=settings.tick_seconds,
        next_run_time=clock.now(),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    # A round may last longer than the interval; that one is then left out is as it should be.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    scheduler.start()

    def stop() -> None:
        stopping.set()
        scheduler.shutdown(wait=True)

    return stop


def one_round(
    settings: Settings, database: Database, holder: str, stopping: Callable[[], bool]
) -> rounds.RoundResult | None:
    """Do a round in turn. What goes wrong is logged, without the values it went wrong with, and tried again."""
    try:
        return rounds.in_turn(settings, database, clock.now, holder=holder, stopping=stopping)
    except Exception as error:  # noqa: BLE001 - the next round must come, whatever went wrong with this one
        where = " < ".join(
            f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}"
            for frame in reversed(traceback.extract_tb(error.__traceback__))
        )
        log.error("round_ended_early", error=type(error).__name__, where=where)  # noqa: TRY400 - no values
        return None
