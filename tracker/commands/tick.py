"""``tracker tick``: one round of deciding and delivering."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

import click
import structlog
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from tracker import briefs, clock, keys, logs, rounds
from tracker.commands.opening import as_at_option, opened, settings
from tracker.errors import Refuses
from tracker.services.calendars import calendar_for
from tracker.services.foresight import foresee
from tracker.services.mornings import next_morning
from tracker.templating import count, day, instant
from workflows.calendars import england_and_wales

log = structlog.get_logger()

AGAIN = (1.0, 5.0, 15.0, 30.0)
"""Seconds to wait before a round that met a busy or restarting database is begun again; on SQLite each try waits
for half a minute by itself."""


@click.command()
@click.option(
    "--once", is_flag=True, required=True, help="Do one round and stop. `tracker scheduler` goes on."
)
@click.option(
    "--dry-run", is_flag=True, help="Say what the round would send; decide, send and write nothing."
)
@as_at_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def tick(*, once: bool, dry_run: bool, as_at: datetime | None, as_json: bool) -> None:
    """Decide which reminders are owed, and deliver what is due.

    Waits for nobody: two at once decide and send everything once. With --as-at everything is judged and dated as at
    then, and the heartbeat that pages show is left alone. A bare date means the round in which that day's reminders
    go: at a weekend or on a bank holiday, the next working day's. With --dry-run and no --as-at, the next morning.
    """
    if not once:
        raise Refuses("Give --once for one round, or use `tracker scheduler`.")
    logs.configure()
    if dry_run:
        _foresee(as_at, as_json=as_json)
        return
    holder = rounds.new_holder()
    with opened() as database:
        given = keys.completed(settings(), demonstration=False)
        if as_at is None:
            result = _patiently(
                lambda: rounds.in_turn(given, database, clock.now, holder=holder, insist=True)
            )
        else:
            on = _round_of(as_at)
            result = _patiently(lambda: rounds.run(given, database, on, holder=holder))
    counts = result.as_json() if result else {}
    if as_json:
        click.echo(json.dumps(counts))
        return
    click.echo(
        f"{counts['decided']} reminders decided, {counts['skipped']} skipped, {counts['mails']} mails sent with "
        f"{counts['notices']} reminders, {counts['retried']} to be tried again, {counts['failed']} failed, "
        f"{counts['cancelled']} not wanted any more"
    )
    if counts["down"]:
        click.echo(str(counts["down"]), err=True)


def _patiently(one_round: Callable[[], rounds.RoundResult | None]) -> rounds.RoundResult | None:
    """Do a round; where the database is busy, or restarts, wait and go on from what stands in it.

    Raises:
        Refuses: it was busy or away for minutes.
    """
    for pause in AGAIN:
        try:
            return one_round()
        except OperationalError as error:
            log.warning("round_begun_again", error=type(error).__name__)
            time.sleep(pause)
    try:
        return one_round()
    except OperationalError:
        raise Refuses(
            "The database is busy or cannot be reached. Nothing is lost: the next round does what is owed."
        ) from None


def _foresee(as_at: datetime | None, *, as_json: bool) -> None:
    with opened() as database, database.reading() as session:
        at = _round_of(as_at) if as_at else _next_morning(session)
        # Without an instant all of that day: some have chosen a later hour.
        until = at if as_at else clock.end_of(clock.london(at))
        mails = foresee(session, until, extra=briefs.week_ahead(session, at))
    if as_json:
        click.echo(json.dumps({"at": at.isoformat(), "mails": [asdict(mail) for mail in mails]}))
        return
    notices = sum(mail.notices for mail in mails)
    whole_day = at == clock.end_of(clock.london(at))
    click.echo(
        f"{day(clock.london(at)) if whole_day else instant(at)} would send {count(len(mails), 'mail')} with {count(notices, 'reminder')}"
    )
    for mail in mails:
        to = f"{mail.part}, {mail.agency}" if mail.agency else mail.part
        click.echo(f"{to}: {count(mail.notices, 'reminder')}{', on its own' if mail.singly else ''}")


def _next_morning(session: Session) -> datetime:
    now, calendar = clock.now(), calendar_for(session, None)
    today = clock.london(now)
    if calendar.is_working(today) and now < clock.morning_of(today):
        return clock.morning_of(today)
    return next_morning(today, calendar)


def _round_of(as_at: datetime) -> datetime:
    on = clock.london(as_at)
    if as_at != clock.end_of(on):
        return as_at
    return clock.end_of(england_and_wales().next_working(on))
