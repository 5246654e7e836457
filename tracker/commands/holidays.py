"""``tracker holidays``: the bank-holiday table and the closed days of partnerships."""

import json
from collections.abc import Sequence
from datetime import date

import click
from sqlmodel import Session, col, select

from tracker import clock
from tracker.commands.opening import Day, opened
from tracker.errors import Refuses
from tracker.models import Holiday
from tracker.policy import SYSTEM
from tracker.services import holidays as service
from tracker.services.plans import partnership_keyed
from workflows.calendars import england_and_wales
from workflows.traces import short

ENOUGH_DAYS = 366


@click.group()
def holidays() -> None:
    """Bank holidays and closed days."""


@holidays.command("list")
@click.option("--year", type=click.IntRange(1995, 2100), default=None, help="Only this year.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(year: int | None, *, as_json: bool) -> None:
    """List the bundled bank holidays and every day that was added."""
    days = [(on, name, "bank holiday, bundled") for on, name in england_and_wales().holidays.items()]
    with opened() as database, database.reading() as session:
        days += [
            (row.on, row.name, "closed day" if row.partnership_id else "bank holiday, added")
            for row in session.exec(
                select(Holiday).where(col(Holiday.removed_at).is_(None)).order_by(col(Holiday.on))
            ).all()
        ]
    days = sorted(day for day in days if year is None or day[0].year == year)
    if as_json:
        click.echo(
            json.dumps([{"on": on.isoformat(), "name": name, "kind": kind} for on, name, kind in days])
        )
        return
    for on, name, kind in days:
        click.echo(f"{short(on)}  {name} ({kind})")


@holidays.command("add")
@click.argument("on", type=Day())
@click.option("--name", required=True, help="What the day is called.")
@click.option(
    "--partnership", default=None, help="Only this partnership is closed; without it, a bank holiday."
)
@click.option("--dry-run", is_flag=True, help="List every open date that would move, and change nothing.")
def add_command(on: date, name: str, partnership: str | None, *, dry_run: bool) -> None:
    """Add a day that does not count as a working day, and move the open dates that it touches."""
    with opened() as database:
        if dry_run:
            with database.reading() as session:
                place = _place(session, partnership)
                moved = service.foresee_adding(session, SYSTEM, on, name, place, at=clock.now())
        else:
            with database.transaction() as session:
                place = _place(session, partnership)
                moved = service.add(session, SYSTEM, on, name, place, at=clock.now())
    _tell(moved, f"{short(on)} was added.", dry_run=dry_run)


@holidays.command("remove")
@click.argument("on", type=Day())
@click.option("--reason", required=True, help="Why the day counts after all.")
@click.option(
    "--partnership", default=None, help="Whose closed day; without it, a bank holiday that was added."
)
@click.option("--dry-run", is_flag=True, help="List every open date that would move, and change nothing.")
def remove_command(on: date, reason: str, partnership: str | None, *, dry_run: bool) -> None:
    """Take out a day that was added by mistake, and move the open dates that it had moved."""
    with opened() as database:
        if dry_run:
            with database.reading() as session:
                moved = service.foresee_removing(session, SYSTEM, on, _place(session, partnership))
        else:
            with database.transaction() as session:
                place = _place(session, partnership)
                moved = service.remove(session, SYSTEM, on, place, reason=reason, at=clock.now())
    _tell(moved, f"{short(on)} was taken out.", dry_run=dry_run)


def _place(session: Session, partnership: str | None) -> int | None:
    return partnership_keyed(session, partnership).id if partnership else None


def _tell(moved: Sequence[service.Moved], done: str, *, dry_run: bool) -> None:
    for one in moved:
        click.echo(f"{one.reference}  {one.label}: {short(one.from_on)} to {short(one.to_on)}")
    if dry_run:
        click.echo(f"{len(moved)} open dates would move. Nothing was changed.")
    else:
        click.echo(f"{done} {len(moved)} open dates moved.")


@holidays.command("check")
def check_command() -> None:
    """Check that the table of bank holidays reaches far enough ahead."""
    known_to, today = england_and_wales().known_to, clock.today()
    if (known_to - today).days < ENOUGH_DAYS:
        raise Refuses(
            f"Bank holidays are known to {short(known_to)} only: dates after that are provisional. Add the new ones."
        )
    click.echo(f"Bank holidays are known to {short(known_to)}.")
