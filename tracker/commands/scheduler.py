"""``tracker scheduler``: rounds of reminders in a process of their own, until told to stop."""

import signal
from threading import Event

import click

from tracker import keys, logs
from tracker import scheduler as timetable
from tracker.commands.opening import opened, settings


@click.command("scheduler")
def scheduler() -> None:
    """Decide and deliver reminders, every TRACKER_TICK_SECONDS seconds. SIGTERM or Ctrl+C stops it cleanly.

    Any number of these may run beside each other and beside web servers.
    """
    logs.configure()
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    with opened() as database:
        stop = timetable.start(keys.completed(settings(), demonstration=False), database)
        click.echo("Reminders are being decided and sent (Ctrl+C stops it)")
        stopped.wait()
        stop()
