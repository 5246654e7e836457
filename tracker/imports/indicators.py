"""Reading a table of indicators: one row for each value, or for an indicator that has none yet."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from math import isfinite, nan

from tracker.errors import BadInput

COLUMNS = (
    "ref", "priority", "indicator", "source", "unit", "direction", "target", "period", "from", "to", "value",
)  # fmt: skip
"""The headings that the table must have, in any order."""
MOST_ROWS = 5000


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One row. Without a value it only says that there is such an indicator."""

    ref: str
    priority: str
    name: str
    source: str
    unit: str
    direction: str
    target: float | None
    period: str
    from_on: date | None
    to_on: date | None
    value: float | None


def read_indicators(content: bytes) -> tuple[IndicatorRow, ...]:
    """The rows of a CSV file in UTF-8.

    Raises:
        BadInput: it is no such table; the message says in which line and why.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("The file is not CSV in UTF-8.") from None
    table = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
    if missing:
        raise BadInput(f"The file has no column called {', '.join(missing)}.")
    rows: list[IndicatorRow] = []
    for line in table:
        if len(rows) == MOST_ROWS:
            raise BadInput(f"The file has more than {MOST_ROWS} rows.")
        rows.append(_row({name: (line[name] or "").strip() for name in COLUMNS}, table.line_num))
    return tuple(rows)


def _row(cells: dict[str, str], line: int) -> IndicatorRow:
    if not cells["ref"] or not cells["indicator"]:
        raise BadInput(f"Line {line} has no ref or no indicator.")
    value = _number(cells["value"], line)
    first, last = _day(cells["from"], line), _day(cells["to"], line)
    if value is not None and (first is None or last is None or last < first):
        raise BadInput(f"Line {line} has a value and no period that it is for.")
    return IndicatorRow(
        cells["ref"], cells["priority"], cells["indicator"], cells["source"], cells["unit"], cells["direction"],
        _number(cells["target"], line), cells["period"], first, last, value,
    )  # fmt: skip


def _number(text: str, line: int) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = nan
    if not isfinite(number):
        raise BadInput(f"Line {line}: {text[:40]} is not a number.")
    return number


def _day(text: str, line: int) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"Line {line}: {text[:40]} is not a day such as 2026-11-23.") from None
