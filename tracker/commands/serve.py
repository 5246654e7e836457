"""``tracker serve`` and ``tracker run``."""

import click

from config import Settings
from tracker import clock, keys, migrating
from tracker.commands import opening
from tracker.db import Database
from tracker.errors import Refuses
from tracker.services import people


@click.command()
def serve() -> None:
    """Serve the pages on this machine's own address, and send reminders unless TRACKER_SCHEDULER is off.

    SIGTERM or Ctrl+C lets the requests that are being answered end first.
    """
    from tracker import server  # noqa: PLC0415 - the other commands need no web server

    settings = keys.completed(opening.settings(), demonstration=False)
    server.check(settings)
    click.echo(f"The case tracker is at {settings.base_url} (Ctrl+C stops it)")
    server.run(settings)


@click.command()
def run() -> None:
    """Try the tracker out: migrate, load the demonstration into an empty database, serve."""
    from tracker import server  # noqa: PLC0415 - the other commands need no web server

    settings = keys.completed(opening.settings(), demonstration=True)
    if settings.production:
        raise Refuses(
            "`tracker run` is for trying out on one's own machine. Use `tracker migrate` and `tracker serve`."
        )
    database = Database(settings.database)
    try:
        migrating.prepare(database)
        _fill(database, settings)
    finally:
        database.dispose()
    server.check(settings)
    click.echo(f"The case tracker is at {settings.base_url} (Ctrl+C stops it)")
    server.run(settings)


def _fill(database: Database, settings: Settings) -> None:
    """Load the demonstration where there is nothing, and give its people the password that the page shows."""
    from tracker import demo  # noqa: PLC0415 - `tracker serve` does without

    with database.reading() as session:
        empty = demo.is_empty(session)
    if empty:
        click.echo("Loading the demonstration ...")
        demo.load(database, settings, clock.now())
    if settings.demo_password is not None:
        password = settings.demo_password.get_secret_value()
        with database.transaction() as session:
            people.set_demonstration_password(session, password)
