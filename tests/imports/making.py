"""Files made for a test, as bytes."""

import io
from collections.abc import Callable, Sequence
from typing import BinaryIO, Protocol

import docx
import openpyxl

from tracker.imports import PlanReading

Table = Sequence[Sequence[object]]


class Read(Protocol):
    """Reads a plan of 1 April 2018 to 31 March 2019."""

    def __call__(self, source: bytes | str, name: str = "plan.csv") -> PlanReading: ...


class Saves(Protocol):
    """A workbook or a document."""

    def save(self, held: BinaryIO) -> None: ...


Build = Callable[[Table], bytes]


def saved(made: Saves) -> bytes:
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def workbook_of(rows: Table) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def document_of(*tables: Table, between: str = "") -> bytes:
    made = docx.Document()
    if between:
        made.add_heading(between)
    for rows in tables:
        table = made.add_table(rows=len(rows), cols=len(rows[0]))
        for line, row in zip(table.rows, rows, strict=True):
            for cell, text in zip(line.cells, row, strict=True):
                cell.text = str(text)
        made.add_paragraph("Continued")
    return saved(made)
