"""The case tracker: :func:`create_app` makes the web application."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings
    from tracker.clock import Now
    from tracker.db import Database


def create_app(
    settings: "Settings", *, now: "Now | None" = None, database: "Database | None" = None
) -> "Flask":
    """Make the web application. Starts no thread, connects to no database, reads no environment.

    ``now`` is the clock and ``database`` the database, where they are not the usual ones.

    Raises:
        Refuses: there is no secret key in the settings.

    """
    # Here and not above: `tracker due` and its like import this package too, and load no web server for it.
    from tracker import application  # noqa: PLC0415

    return application.create_app(settings, now=now, database=database)
