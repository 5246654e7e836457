"""``tracker policies``: the procedures that partnerships have published, as versions with dates."""

import json
from datetime import date
from typing import TextIO

import click

from tracker import clock
from tracker.commands.opening import Day, opened
from tracker.errors import BadInput, Refuses
from tracker.policy import SYSTEM
from tracker.services import policy_versions as service
from tracker.services import policy_words as words
from tracker.services.policy_files import LONGEST_FILE, Version, file_of, read_file, written
from workflows.traces import short

area_option = click.option("--area", default=None, help="Key of one area; without it, all versions.")


@click.group()
def policies() -> None:
    """Read, import and export the versions of local procedures."""


@policies.command("list")
@click.option("--partnership", default="", help="Key of one partnership.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(partnership: str, *, as_json: bool) -> None:
    """List every version with its dates."""
    found = _versions(partnership)
    if as_json:
        names = ("partnership", "area", "process", "name", "effective_from", "effective_to")
        click.echo(json.dumps([{name: written(each)[name] for name in names} for each in found]))
        return
    for each in found:
        where = each.partnership + (f"/{each.area}" if each.area else "")
        click.echo(f"{where}  {each.process}  {words.in_force(each)}  {each.name}")


@policies.command()
@click.argument("partnership", metavar="KEY")
@area_option
@click.option("--process", default="asb_case_review", help="Key of the process. Default: asb_case_review.")
@click.option("--on", type=Day(), default=None, help="The version in force on this day. Default: today.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(partnership: str, area: str | None, process: str, on: date | None, *, as_json: bool) -> None:
    """Show in words what the partnership KEY has in force on a day; an area's own before the partnership's."""
    day = on or clock.today()
    held = [
        each for each in _versions(partnership)
        if each.process == process and each.area in {"", area or ""}
        and each.effective_from <= day and (each.effective_to is None or day <= each.effective_to)
    ]  # fmt: skip
    version = max(held, key=lambda each: bool(each.area), default=None)
    if version is None:
        raise Refuses(f"{partnership} has no version for {process} in force on {day.isoformat()}.")
    if as_json:
        click.echo(json.dumps(written(version), ensure_ascii=False))
        return
    click.echo(f"{version.name} ({words.in_force(version)})")
    for sentence in words.threshold(version):
        click.echo(f"  {sentence}")
    for said in words.lengths(version):
        click.echo(f"  {said.what}: {said.words}{'' if said.own else ' (default)'}")
    for said in words.papers(version):
        click.echo(f"  {said.what}: {said.words or 'not given'}")


@policies.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--dry-run", is_flag=True, help="Say what would be added, and change nothing.")
def import_command(file: TextIO, *, dry_run: bool) -> None:
    """Add the versions of a JSON FILE (- reads standard input): all of them, or none."""
    try:
        text = file.read(LONGEST_FILE + 1)
    except UnicodeDecodeError:
        raise BadInput("The file is not UTF-8 text.") from None
    given = read_file(text)
    at = clock.now()
    with opened() as database, database.rehearsal() if dry_run else database.transaction() as session:
        for version in given:
            seen = service.outlook(session, version)
            if seen.faults:
                fault = seen.faults[0]
                raise BadInput(f"{version.name}, {fault.field}: {fault.words}")
            if seen.ends is not None:
                click.echo(f"“{seen.ends.name}” ends the day before {short(version.effective_from)}.")
            service.add(session, SYSTEM, version, at=at)
            click.echo(f"{version.partnership}: “{version.name}”, {words.in_force(version)}.")
    if dry_run:
        click.echo("Nothing was changed.")
    else:
        click.echo("Added. No date that is already running moves.")


@policies.command()
@click.argument("partnership", metavar="KEY")
@area_option
def export(partnership: str, area: str | None) -> None:
    """Print the versions of the partnership KEY as a file that `import` reads."""
    found = [each for each in _versions(partnership) if area is None or each.area == area]
    if not found:
        raise Refuses(f"There is no version for {partnership}{f' and the area {area}' if area else ''}.")
    click.echo(file_of(found), nl=False)


def _versions(partnership: str) -> list[Version]:
    with opened() as database, database.reading() as session:
        rows = service.versions(session, SYSTEM, partnership=partnership)
        return [service.version_of(row, owner.key) for row, owner in rows]
