"""``tracker demo``: the demonstration, for trying out."""

from datetime import datetime

import click
from sqlmodel import func, select

from tracker import clock, demo, keys
from tracker.commands import opening
from tracker.commands.opening import as_at_option, opened
from tracker.models import Case, User
from workflows.traces import in_words


@click.command("demo")
@as_at_option
def demo_command(as_at: datetime | None) -> None:
    """Load the demonstration into an empty database: a real plan, invented cases in every state, a person for each role.

    The dates lie around the day. A database that holds a person, a case or a plan is left as it is.
    """
    at = as_at or clock.now()
    settings = keys.completed(opening.settings(), demonstration=True)
    with opened() as database:
        password = demo.load(database, settings, at)
        with database.reading() as session:
            counted = session.exec(select(func.count()).select_from(Case)).one()
            emails = session.exec(select(User.email).order_by(User.email)).all()
    click.echo(
        f"The demonstration is loaded: {counted} cases and actions around {in_words(clock.london(at))}."
    )
    click.echo(f"Password of all its people: {password}")
    for email in emails:
        click.echo(f"  {email}")
