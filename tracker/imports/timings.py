"""The Timescale cell: what a person wrote, or the date that a spreadsheet really holds, as a timescale reading."""

import re
from dataclasses import replace
from datetime import date

from tracker.imports.grid import Cell
from workflows.timescales import Context, Kind, Reading, read

_MIDNIGHT = re.compile(r"^(\d{4}-\d{2}-\d{2})[ T]00:00(:00(\.0+)?)?$")
_SERIAL = re.compile(r"^\d{5}\.0$")


class TimescaleReader:
    """Reads timescales against one plan, each different text once."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._known: dict[str, Reading] = {}

    def words(self, text: str) -> Reading:
        """The reading of a text."""
        if text not in self._known:
            self._known[text] = read(text, self.context)
        return self._known[text]

    def cell(self, cell: Cell) -> Reading:
        """The reading of a cell. A date that shows its month and year only stands for the month."""
        text = cell.text.strip()
        if cell.day is not None:
            return self._day(cell)
        if cell.formula and text.startswith("="):
            ask = f"The cell holds the formula {text} and no saved result. Which date does it give?"
            return without_date(self.words(""), ask)
        if cell.partly_struck:
            standing = self.words(cell.standing.strip())
            ask = (
                f"“{cell.struck.strip()}” is struck through. Is “{cell.standing.strip()}” the timescale now?"
            )
            return _asking(standing, ask)
        if cell.number is not None and cell.number.is_integer():
            text = str(
                int(cell.number)
            )  # a bare day number stays a question, whatever its thousands look like
        elif _SERIAL.match(text):
            text = text.removesuffix(".0")
        if match := _MIDNIGHT.match(text):
            text = match.group(1)
        return self.words(text)

    def _day(self, cell: Cell) -> Reading:
        day = cell.day
        if day is None:
            return self.words(cell.text)
        match cell.shows:
            case "my":
                return self.words(f"{day:%B %Y}")
            case "y":
                return self.words(f"{day:%Y}")
            case "dmy" | "":
                return self.words(f"{day.day} {day:%B %Y}")
        ask = f"The cell shows “{cell.text.strip()}” and holds {plain_date(day)}. Which date is meant?"
        return without_date(self.words(cell.text.strip()), ask)


def _asking(reading: Reading, ask: str) -> Reading:
    return replace(reading, question=f"{ask} {reading.question}".strip() if reading.question else ask)


def without_date(reading: Reading, ask: str) -> Reading:
    """A reading whose date a person must give first: nothing is guessed."""
    return replace(reading, kind=Kind.UNREADABLE, earliest=None, latest=None, question=ask, lines=())


def plain_date(day: date) -> str:
    """``Monday 23 November 2026``."""
    return f"{day:%A} {day.day} {day:%B %Y}"
