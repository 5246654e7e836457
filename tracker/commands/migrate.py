"""``tracker migrate``: bring the database to the present schema."""

import click

from tracker import migrating
from tracker.commands.opening import opened


@click.command()
def migrate() -> None:
    """Bring the database to the present schema, and load the starting packs into one that knows no partnership."""
    with opened(any_schema=True) as database:
        migrating.prepare(database)
    click.echo("The database is at the present schema.")
