"""The calendar file of a private feed (RFC 5545, with RFC 7986's name and refresh interval)."""

import re
from collections.abc import Iterable
from datetime import timedelta

from icalendar import CLASS, STATUS, TRANSP, Calendar, Event, vDuration

from tracker.queries.feed_entries import Entry

PRODUCT = "-//Case tracker//Dates//EN"
NAME = "Case tracker dates"
EVERY = timedelta(hours=6)
"""How often a program is asked to read it again. Many decide for themselves."""

_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def calendar_file(entries: Iterable[Entry]) -> bytes:
    """The entries as a calendar file: all-day, without alarms, taking up nobody's time."""
    calendar = Calendar()
    for name, value in (
        ("VERSION", "2.0"),
        ("PRODID", PRODUCT),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("NAME", NAME),
        ("X-WR-CALNAME", NAME),
        ("X-PUBLISHED-TTL", vDuration(EVERY)),
    ):
        calendar.add(name, value)
    calendar.add("REFRESH-INTERVAL", vDuration(EVERY), parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: Entry) -> Event:
    return Event.new(
        uid=entry.uid,
        stamp=entry.stamp,
        sequence=entry.sequence,
        start=entry.due_on,
        end=entry.due_on + timedelta(days=1),
        summary=_text(entry.summary),
        description=_text(entry.description),
        url=entry.url,
        classification=CLASS.PRIVATE,
        transparency=TRANSP.TRANSPARENT,
        status=STATUS.CANCELLED if entry.cancelled else STATUS.CONFIRMED,
    )


def _text(words: str) -> str:
    """Words without what a calendar file cannot carry; a line end is one character.

    The library takes a backslash before an N for a line end of its own, so there is none.
    """
    return _NOT_TEXT.sub("", words.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "/"))
