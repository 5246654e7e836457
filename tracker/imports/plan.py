"""A plan as read: one record for each printed row, and everything that is in no record with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tracker.imports.leads import LeadReading
from tracker.imports.statuses import StatusReading
from workflows.timescales import Reading

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where something stands in the file. Tables count from 1 through the whole file, rows as in the file."""

    table: int | None
    row: int | None
    sheet: str | None
    column: int | None = None
    hidden: bool = False
    struck_through: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One printed row. ``cells`` is verbatim, by heading, in printed order; the rest is what was read from it.

    ``theme_row`` is the row that the theme's words stand in, where that is another one.
    """

    source: Source
    cells: Mapping[str, str]
    theme: str
    theme_row: int | None
    action: str
    timescale_text: str
    timescale: Reading
    leads: tuple[LeadReading, ...]
    status_text: str
    status: StatusReading
    update: str
    warnings: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A cell or a line of text that is in no row, and why."""

    source: Source
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class TableFound:
    """One table that was read: its headings in printed order and how many rows it gave."""

    number: int
    sheet: str | None
    headings: tuple[str, ...]
    columns: Mapping[str, str]
    rows: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The reconciliation: every cell that held text is in a row or left out with a reason, or reading failed."""

    rows_in: int
    cells: int
    in_rows: int
    headings: int
    left_out: int

    @property
    def dropped(self) -> int:
        """Cells that are nowhere. Always 0: the reader fails rather than lose one."""
        return self.cells - self.in_rows - self.headings - self.left_out


@dataclass(frozen=True, slots=True)
class PlanReading:
    """What a file holds, read and not yet believed."""

    tables: tuple[TableFound, ...]
    rows: tuple[PlanRow, ...]
    left_out: tuple[LeftOut, ...]
    counts: Counts

    def as_json(self) -> dict[str, Json]:
        """The reading as ``tracker read-plan --json`` prints it; ``dropped`` is what the counts leave unexplained."""
        counts = self.counts
        return {
            "tables": len(self.tables),
            "rows": [_row(row) for row in self.rows],
            "left_out": [
                {"source": _source(one.source), "text": one.text, "why": one.why} for one in self.left_out
            ],
            "counts": {
                "rows_in": counts.rows_in,
                "rows_out": len(self.rows),
                "cells": counts.cells,
                "in_rows": counts.in_rows,
                "headings": counts.headings,
                "left_out": counts.left_out,
                "dropped": counts.dropped,
            },
        }


def _source(source: Source) -> Json:
    return {
        "table": source.table,
        "row": source.row,
        "sheet": source.sheet,
        "column": source.column,
        "hidden": source.hidden,
        "struck_through": source.struck_through,
    }


def _row(row: PlanRow) -> Json:
    source = _source(row.source)
    if isinstance(source, dict):
        del source["column"]
    return {
        "source": source,
        "cells": dict(row.cells),
        "theme": row.theme,
        "theme_row": row.theme_row,
        "action": row.action,
        "timescale": {"text": row.timescale_text, **_timescale(row.timescale)},
        "leads": [
            {"text": lead.text, "organisation": lead.organisation, "kind": lead.kind.value}
            for lead in row.leads
        ],
        "status": {"text": row.status_text, "reading": row.status.value},
        "update": row.update,
        "warnings": list(row.warnings),
        "questions": list(row.questions),
    }


def _timescale(reading: Reading) -> dict[str, Json]:
    return {
        "kind": str(reading.kind),
        "earliest": reading.earliest.isoformat() if reading.earliest else None,
        "latest": reading.latest.isoformat() if reading.latest else None,
        "condition": reading.condition or None,
        "question": reading.question or None,
        **(
            {"lines": [{"text": line.text, **_timescale(line)} for line in reading.lines]}
            if reading.lines
            else {}
        ),
    }
