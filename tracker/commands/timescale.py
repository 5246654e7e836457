"""``tracker timescale``: read what people write in the Timescale column, one JSON object a line."""

import re
import sys
from collections.abc import Mapping
from datetime import date
from typing import TextIO

import click

from tracker.commands.jsonlines import answer_lines
from tracker.errors import BadInput
from workflows.timescales import Context, Reading, read

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KNOWN = ("plan_start", "plan_end", "document_date", "published_on")


@click.command()
@click.option(
    "--file",
    "source",
    type=click.File(encoding="utf-8"),
    default="-",
    show_default="standard input",
    help="Where the JSON Lines are read from.",
)
def timescale(source: TextIO) -> None:
    """Read timescales such as "Sept 2018" or "within 3 months of publication" into dates, without guessing.

    Reads JSON Lines and writes one line for each. A line that cannot be used gives an error of its own; the exit
    status is then 1. Input and output: docs/interfaces.md, section 5.
    """
    if not answer_lines(source, sys.stdout, _answer):
        sys.exit(1)


def _answer(given: Mapping[str, object]) -> dict[str, object]:
    """Read the timescale on one line."""
    for name in given:
        if name not in {"id", "text", "context"}:
            raise BadInput(f'"{name}" is not known. Known: id, text, context.')
    text = given.get("text")
    if not isinstance(text, str):
        raise BadInput('"text" must be text.')
    reading = read(text, _context(given.get("context")))
    return {**_as_json(reading), "lines": [{"text": one.text, **_as_json(one)} for one in reading.lines]}


def _context(given: object) -> Context:
    """Read what is known of the paper that the text stands in."""
    if given is None:
        return Context()
    if not isinstance(given, Mapping):
        raise BadInput('"context" must be an object with named values.')
    for name in given:
        if name not in _KNOWN:
            raise BadInput(f'"{name}" is not known in the context. Known: {", ".join(_KNOWN)}.')
    plan_start, plan_end, document_date, published_on = (_day(name, given.get(name)) for name in _KNOWN)
    if plan_start is not None and plan_end is not None and plan_start > plan_end:
        raise BadInput("The plan ends before it starts.")
    return Context(
        plan_start=plan_start, plan_end=plan_end, document_date=document_date, published_on=published_on
    )


def _day(name: str, value: object) -> date | None:
    if value is None:
        return None
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise BadInput(f'"{name}" is {value}, a day that does not exist.') from None
    raise BadInput(f'"{name}" must be a date written like 2026-11-22.')


def _as_json(reading: Reading) -> dict[str, object]:
    """Give a reading the names that ``docs/interfaces.md`` promises."""
    return {
        "kind": reading.kind,
        "earliest": None if reading.earliest is None else reading.earliest.isoformat(),
        "latest": None if reading.latest is None else reading.latest.isoformat(),
        "condition": reading.condition,
        "question": reading.question,
    }
