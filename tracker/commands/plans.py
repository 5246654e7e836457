"""``tracker read-plan``: show what a plan says before anything is done with it."""

import json
import re
import sys
from datetime import date, datetime
from pathlib import Path

import click

from tracker.commands.files import bytes_of
from tracker.errors import BadInput
from tracker.imports import MOST_BYTES, LeftOut, PlanReading, PlanRow, Source
from tracker.imports import read_plan as read_plan_file
from workflows.timescales import Context

# A file may hold codes that would move a terminal's cursor or change its colours.
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("read-plan")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--plan-start", type=_DAY, help="The plan's first day, as 2018-04-01.")
@click.option("--plan-end", type=_DAY, help="The plan's last day: a later date is warned about.")
@click.option("--document-date", type=_DAY, help="The day on the document, for words such as “next year”.")
@click.option("--json", "as_json", is_flag=True, help="Print the reading as JSON.")
def read_plan(
    *,
    file: Path,
    plan_start: datetime | None,
    plan_end: datetime | None,
    document_date: datetime | None,
    as_json: bool,
) -> None:
    """Read an action plan and show what it says. Nothing is stored.

    FILE is a .docx, .xlsx, .csv or .tsv file, or - for text pasted into standard input.
    """
    start, end = _day(plan_start), _day(plan_end)
    if start and end and end < start:
        raise BadInput("The plan's last day is before its first day.")
    context = Context(plan_start=start, plan_end=end, document_date=_day(document_date), published_on=None)
    reading = read_plan_file(_bytes_of(file), str(file), context)
    if as_json:
        click.echo(json.dumps(reading.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(as_text(reading))


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _bytes_of(file: Path) -> bytes:
    """The whole file, or standard input, never more than the reader takes.

    Raises:
        BadInput: there is no such file, or it cannot be read.
    """
    if str(file) == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    return bytes_of(file, MOST_BYTES)


def as_text(reading: PlanReading) -> str:
    """The reading for a person: each row with what to settle, what was left out, and the account of every cell."""
    blocks = [_row(row) for row in reading.rows]
    if reading.left_out:
        blocks.append("Left out of the rows\n" + "\n".join(_left_out(one) for one in reading.left_out))
    blocks.append(_account(reading))
    return _CONTROLS.sub("\ufffd", "\n\n".join(blocks))


def _row(row: PlanRow) -> str:
    marks = [
        word
        for word, on in (("hidden", row.source.hidden), ("struck through", row.source.struck_through))
        if on
    ]
    marked = f" ({', '.join(marks)})" if marks else ""
    head = f"{_place(row.source)}{marked}: {_one_line(row.action) or 'no action'}"
    filled = f" (from row {row.theme_row})" if row.theme_row else ""
    leads = "; ".join(
        f"{_one_line(lead.text)} ({lead.organisation or ('nobody' if lead.kind == 'nobody' else 'not matched')})"
        for lead in row.leads
    )
    timescale = _one_line(row.timescale_text) or "not given"
    lines = [
        f"  Theme      {_one_line(row.theme) or 'not given'}{filled}",
        f"  Timescale  {timescale} -> {_due(row)}",
        f"  Lead       {leads or 'not given'}",
        f"  Status     {_one_line(row.status_text) or 'not given'} -> {row.status.value.replace('_', ' ')}",
        *(f"  Look at    {_one_line(warning)}" for warning in row.warnings),
        *(f"  Settle     {_one_line(question)}" for question in row.questions),
    ]
    return "\n".join([head, *lines])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _due(row: PlanRow) -> str:
    reading = row.timescale
    kind = str(reading.kind).replace("_", " ")
    if reading.latest is None:
        return f"no date ({kind})"
    condition = f", {reading.condition}" if reading.condition else ""
    return f"{reading.latest:%a} {reading.latest.day} {reading.latest:%b %Y} ({kind}{condition})"


def _place(source: Source) -> str:
    if source.row is None:
        return "Text"
    sheet = f"{source.sheet}, " if source.sheet else ""
    return f"{sheet}{'r' if sheet else 'R'}ow {source.row}"


def _left_out(one: LeftOut) -> str:
    return f"  {_place(one.source)}: “{_one_line(one.text)}”: {one.why}"


def _account(reading: PlanReading) -> str:
    counts = reading.counts
    rows, tables = len(reading.rows), len(reading.tables)
    asked = sum(1 for row in reading.rows if row.questions)
    return (
        f"{tables} {'table' if tables == 1 else 'tables'}. "
        f"{counts.rows_in} rows in, {rows} out, {counts.dropped} cells dropped.\n"
        f"{counts.cells} cells: {counts.in_rows} in rows, {counts.headings} headings, {counts.left_out} left out with a reason. "
        f"{asked} {'row has' if asked == 1 else 'rows have'} something to settle."
    )
