"""``tracker overdue`` and ``tracker verify``."""

import json
import sys
from datetime import datetime

import click

from tracker import access, clock
from tracker.commands.opening import as_at_option, opened
from tracker.policy import SYSTEM
from tracker.queries.overdue import overdue
from tracker.queries.verification import faults
from tracker.services.plans import partnership_keyed
from workflows.traces import short


@click.command("overdue")
@as_at_option
@click.option("--plan", default=None, help="Only the actions of this plan.")
@click.option("--partnership", default=None, help="Only the cases of this partnership.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def overdue_command(
    as_at: datetime | None, plan: str | None, partnership: str | None, *, as_json: bool
) -> None:
    """What is overdue: due before the day, running and not met. A plan or partnership that is not there is refused."""
    on = clock.london(as_at or clock.now())
    with opened() as database, database.reading() as session:
        if plan is not None:
            access.plan_for(session, SYSTEM, plan)
        if partnership is not None:
            partnership_keyed(session, partnership)
        items = overdue(session, SYSTEM, on, plan=plan, partnership=partnership)
    if as_json:
        click.echo(
            json.dumps({"as_at": on.isoformat(), "items": [item.as_json() for item in items]}, indent=1)
        )
        return
    click.echo(f"{len(items)} overdue on {short(on)}")
    for item in items:
        click.echo(
            f"{item.ref}  {short(item.due_on)}  {item.days_overdue:>4}  {item.what}  ({item.held_by or 'nobody'})"
        )


@click.command("verify")
def verify_command() -> None:
    """Check that the record holds together: histories, ledgers, folds, reminders due and told. Prints what is wrong."""
    with opened() as database, database.reading() as session:
        found = list(faults(session, clock.now()))
    for fault in found:
        click.echo(fault)
    if found:
        sys.exit(1)
    click.echo("Nothing is wrong: every history, date and reminder holds together.")
