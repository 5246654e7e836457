"""``tracker migrate``: bring the database to the present schema."""

import click

from tracker import migrating
from tracker.commands.opening import opened


@click.command()
def migrate() -> None:
    """Bring the database to the present schema. Does nothing where it is there already."""
    with opened(any_schema=True) as database:
        if migrating.is_current(database):
            click.echo("The database is at the present schema already.")
            return
        migrating.prepare(database)
    click.echo("The database is at the present schema.")
