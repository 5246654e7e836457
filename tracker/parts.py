"""What the application was made with, and the one instant of a request."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask, current_app, g

from config import Settings
from tracker import clock
from tracker.clock import Now
from tracker.db import Database

NAME = "tracker"


@dataclass(frozen=True, slots=True)
class Parts:
    """The database, the settings and the clock of one application."""

    database: Database
    settings: Settings
    now: Now


def give(app: Flask, parts: Parts) -> None:
    """Put the parts where :func:`parts` finds them."""
    app.extensions[NAME] = parts


def parts() -> Parts:
    """The parts of the application that answers."""
    found = current_app.extensions[NAME]
    if not isinstance(found, Parts):
        raise TypeError("the application was not made by create_app")
    return found


def database() -> Database:
    """The database of the application that answers."""
    return parts().database


def settings() -> Settings:
    """The settings of the application that answers."""
    return parts().settings


def at() -> datetime:
    """The instant of this request, aware, in UTC: read once, so that everything in it agrees."""
    if "at" not in g:
        g.at = parts().now()
    instant = g.at
    if not isinstance(instant, datetime):
        raise TypeError("the clock did not give an instant")
    return instant


def today() -> date:
    """The London date of this request."""
    return clock.london(at())
