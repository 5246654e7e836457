"""The real indicators of Herefordshire for 2013-14, as they were printed; one of them never had a number."""

from importlib.resources import files

from sqlmodel import Session

from tracker.demo.people import HEREFORDSHIRE
from tracker.imports.indicators import read_indicators
from tracker.policy import SYSTEM
from tracker.services.indicators import read_in
from tracker.services.plans import partnership_keyed

SOURCE = "herefordshire_indicators.csv"


def add_indicators(session: Session) -> None:
    """Read them in."""
    printed = files("tracker.demo").joinpath(SOURCE).read_bytes()
    place = partnership_keyed(session, HEREFORDSHIRE)
    read_in(session, SYSTEM, place.id or 0, read_indicators(printed))
