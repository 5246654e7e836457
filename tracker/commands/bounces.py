"""``tracker bounces``: reading what mail servers sent back."""

from pathlib import Path

import click

from tracker import clock
from tracker.commands.opening import opened
from tracker.services.bounces import came_back, returned_in_bytes
from tracker.templating import count

MOST_BYTES = 1_000_000
"""A report is short; what is longer is left where it is."""


@click.command("bounces")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def bounces(folder: Path) -> None:
    """Read the delivery reports in a folder (.eml files) and put on record which reminders came back.

    Reading one twice changes nothing. Nothing in the folder is moved or removed.
    """
    reminders = mails = 0
    with opened() as database:
        for path in sorted(folder.glob("*.eml")):
            if path.stat().st_size > MOST_BYTES:
                continue
            returned = returned_in_bytes(path.read_bytes())
            if returned is None:
                continue
            with database.transaction() as session:
                held = came_back(session, returned, at=clock.now())
            mails += bool(held)
            reminders += held
    click.echo(f"{count(mails, 'mail')} came back, with {count(reminders, 'reminder')}")
