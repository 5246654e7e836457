"""``tracker tick``: one round of deciding and delivering."""

import json
from datetime import datetime

import click

from tracker import clock, logs, rounds
from tracker.commands.opening import as_at_option, opened, settings
from tracker.errors import Refuses
from workflows.calendars import england_and_wales


@click.command()
@click.option(
    "--once", is_flag=True, required=True, help="Do one round and stop. `tracker scheduler` goes on."
)
@as_at_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def tick(*, once: bool, as_at: datetime | None, as_json: bool) -> None:
    """Decide which reminders are owed, and deliver what is due.

    Waits for nobody: two at once decide and send everything once. With --as-at everything is judged and dated as at
    then, and the heartbeat that pages show is left alone. A bare date means the round in which that day's reminders
    go: at a weekend or on a bank holiday, the next working day's.
    """
    if not once:
        raise Refuses("Give --once for one round, or use `tracker scheduler`.")
    logs.configure()
    holder = rounds.new_holder()
    with opened() as database:
        if as_at is None:
            result = rounds.in_turn(settings(), database, clock.now, holder=holder, insist=True)
        else:
            result = rounds.run(settings(), database, _round_of(as_at), holder=holder)
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


def _round_of(as_at: datetime) -> datetime:
    on = clock.london(as_at)
    if as_at != clock.end_of(on):
        return as_at
    return clock.end_of(england_and_wales().next_working(on))
