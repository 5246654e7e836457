"""``tracker import-indicators``: the numbers that a partnership watches."""

from pathlib import Path

import click

from tracker.commands.files import bytes_of
from tracker.commands.opening import opened
from tracker.imports import MOST_BYTES
from tracker.imports.indicators import read_indicators
from tracker.policy import SYSTEM
from tracker.services.indicators import read_in
from tracker.services.plans import partnership_keyed


@click.command("import-indicators")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--partnership", required=True, help="Whose indicators: the partnership's key.")
def import_indicators(file: Path, partnership: str) -> None:
    """Read indicators with their values from a CSV file: for the board pack. Again, it adds and corrects.

    Columns: ref, priority, indicator, source, unit, direction (bigger or smaller is better), target, period, from, to,
    value. An indicator without a value is kept as one without data.
    """
    rows = read_indicators(bytes_of(file, MOST_BYTES))
    with opened() as database, database.transaction() as session:
        done = read_in(session, SYSTEM, partnership_keyed(session, partnership).id or 0, rows)
    click.echo(f"{done.indicators} indicators: {done.added} values added, {done.corrected} corrected.")
