"""``tracker bench``: how the reminders stand up to very many dates."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from tracker import bench as benches
from tracker.bench import Figures
from tracker.commands.opening import settings
from tracker.db import Database
from tracker.errors import Refuses

OWED = 1000
"""Dates that owe a notice on the morning that is measured."""


@click.command("bench")
@click.option(
    "--size",
    type=click.IntRange(OWED, 5_000_000),
    default=1_000_000,
    show_default=True,
    help="Running dates.",
)
@click.option("--into", default="", help="Address of an empty database to fill, and to leave filled.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench(*, size: int, into: str, as_json: bool) -> None:
    """Time an idle tick, a morning's sweep and the daily check among very many running dates.

    It makes a scratch database beside the one in the settings (another file, or another name on the PostgreSQL server)
    and removes it; the one in the settings is not touched. The same is timed among a thousand dates first: each ratio
    is to that, in the same run on the same machine. A million dates take some minutes and 2 GB of disk.
    """
    with _place(into) as database:
        kind = "SQLite" if database.is_sqlite else "PostgreSQL"
        with benches.scratch(database.url) as thousand:
            small = _measured(thousand, OWED)
        large = _measured(database, size)
    if as_json:
        said = {
            "database": kind,
            "processors": os.cpu_count(),
            "small": asdict(small),
            "large": asdict(large),
        }
        click.echo(json.dumps(said | {"ratios": _ratios(small, large)}))
        return
    for line in _lines(kind, small, large):
        click.echo(line)


@contextmanager
def _place(into: str) -> Iterator[Database]:
    if into and not into.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise Refuses("Give the address as sqlite:///PATH or postgresql://user:password@host/name.")
    with benches.given(into) if into else benches.scratch(settings().database) as database:
        yield database


def _measured(database: Database, size: int) -> Figures:
    benches.fill(database, size, OWED)
    return benches.measure(database, size)


def _ratios(small: Figures, large: Figures) -> dict[str, float]:
    """How many times as long as among a thousand dates."""
    return {
        "idle": round(large.idle_ms / small.idle_ms, 2),
        "sweep": round(large.sweep_seconds / small.sweep_seconds, 2),
    }


def _lines(kind: str, small: Figures, large: Figures) -> Iterator[str]:
    ratios = _ratios(small, large)
    yield f"{large.size:,} running dates on {kind}, {large.owed:,} of them owed; {os.cpu_count()} processors"
    yield (
        f"An idle tick: {large.idle_ms:.2f} ms, 19 of 20 within {large.idle_p95_ms:.2f} ms, after the sweep "
        f"{large.idle_after_ms:.2f} ms; {ratios['idle']} times as long as among {small.size:,}"
    )
    yield (
        f"The sweep: {large.sweep_seconds:.2f} s for {large.told:,} notices, {large.sweep_processor_seconds:.2f} s of it at the "
        f"processor; {ratios['sweep']} times as long as "
        f"among {small.size:,}"
    )
    yield (
        f"The daily check: {large.check_seconds:.1f} s for {large.checked:,} dates, "
        f"{large.untold:,} due but not told"
    )
    yield "How the database looks for what is owed:"
    yield from (f"  {line}" for line in large.plan)
