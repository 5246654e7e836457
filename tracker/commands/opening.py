"""What several commands need: the database of the settings, a day or an instant given as ``--as-at``."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import click
from sqlalchemy import make_url
from typing_extensions import override

import config
from tracker import clock, migrating
from tracker.db import Database
from tracker.errors import Refuses

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years in which a command can act: wide enough for every record, far from the ends of the calendar."""

# Python also reads week dates (2026-W47-7), which nobody here writes.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def settings() -> config.Settings:
    """The settings, or a refusal in one sentence."""
    try:
        return config.load()
    except config.SettingsRefused as refused:
        raise Refuses(str(refused)) from None


def database_is_there() -> bool:
    """Whether there is anything to open: a SQLite file is not made by looking for it."""
    address = make_url(settings().database)
    return address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()


@contextmanager
def opened(*, any_schema: bool = False) -> Iterator[Database]:
    """The database of the settings, at the present schema.

    Raises:
        Refuses: it was never migrated, or is behind.
    """
    database = Database(settings().database)
    try:
        if not any_schema and not migrating.is_current(database):
            raise Refuses("The database is not at the present schema. Run `tracker migrate` first.")
        yield database
    finally:
        database.dispose()


class AsAt(click.ParamType[datetime]):
    """A date (its end, in London) or an instant with its zone."""

    name = "date or instant"

    @override
    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        text = str(value)
        instant = None
        try:
            if _DAY.fullmatch(text):
                instant = clock.end_of(date.fromisoformat(text))
            elif _INSTANT.fullmatch(text):
                instant = datetime.fromisoformat(text)
        except ValueError:
            pass  # such as 2026-02-30: refused like every other shape
        if instant is None:
            self.fail(f"{text} is neither a date (2026-11-22) nor an instant with its zone.", param, ctx)
        if instant.tzinfo is None:
            self.fail(
                f"{text} does not say its zone; write 2026-11-22T08:00:00+00:00, for example.", param, ctx
            )
        # At the ends of the calendar, a zone or the counting of working days runs out of it.
        if not FIRST_YEAR <= instant.year <= LAST_YEAR:
            self.fail(f"{text} lies outside the years {FIRST_YEAR} to {LAST_YEAR}.", param, ctx)
        return instant.astimezone(UTC)


class Day(click.ParamType[date]):
    """A calendar date."""

    name = "date"

    @override
    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        on = None
        try:
            if _DAY.fullmatch(str(value)):
                on = date.fromisoformat(str(value))
        except ValueError:
            pass
        if on is None:
            self.fail(f"{value} is not a date; write it as 2026-11-22.", param, ctx)
        return on


as_at_option = click.option(
    "--as-at",
    type=AsAt(),
    default=None,
    help="Act as at the end of this day, or at this instant. Default: now.",
)
