"""Reading .csv, .tsv and pasted text: whatever the encoding and the mark between the cells."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal

from tracker.errors import BadInput
from tracker.imports.columns import roles_in
from tracker.imports.grid import Cell, Grid, Row

LONGEST_CELL = 1_000_000  # characters; the longest real cell seen is under 5,000
MARKS = ("\t", ",", ";", "|")
_WIDE_GAP = re.compile(r" {2,}")
_SAMPLE = 200  # records looked at to find the mark
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Windows' western encoding; the five bytes it does not use stay as they are instead of being lost.
_WINDOWS = {byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(0x80, 0xA0)}


def decode(source: bytes) -> str:
    """The text of ``source``: UTF-8 or UTF-16 with or without a mark, else Windows' western encoding.

    Raises:
        BadInput: it is not text.
    """
    for mark, encoding in _BOMS:
        if source.startswith(mark):
            return _strictly(source, encoding)
    head = source[:4000]
    if head.count(0) > len(head) / 20:
        odd, even = head[1::2].count(0), head[0::2].count(0)
        if max(odd, even) < len(head) / 5:
            raise _not_text()
        return _strictly(source, "utf-16-le" if odd > even else "utf-16-be")
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError:
        text = source.decode("latin-1").translate(_WINDOWS)  # what Excel on Windows calls plain "CSV"
    controls = sum(1 for letter in text[:4000] if letter < " " and letter not in "\t\n\r\x0b\x0c")
    if controls * 20 > len(text[:4000]):
        raise _not_text()
    return text


def _strictly(source: bytes, encoding: str) -> str:
    try:
        return source.decode(encoding)
    except UnicodeDecodeError as broken:
        raise _not_text() from broken


def _not_text() -> BadInput:
    return BadInput(
        "The file is not text that can be read: save it as CSV (UTF-8), or use the .xlsx or .docx file itself."
    )


def read_text(text: str, *, marks: tuple[str, ...] = MARKS) -> Grid:
    """Cells of a separated text. A quoted cell may run over several lines.

    Row numbers count records, as a spreadsheet shows them; an empty line is a row too.

    Raises:
        BadInput: a cell is longer than any plan's.
    """
    mark = _mark_of(text, marks)
    if len(marks) > 1 and not _has_headings(_records(text, mark, _SAMPLE)):
        spaced = _WIDE_GAP.sub("\t", text)  # columns held apart by spaces, as a PDF or a terminal gives them
        if _has_headings(_records(spaced, "\t", _SAMPLE)):
            text, mark = spaced, "\t"
    records = _records(text, mark)
    rows = (
        Row(number, {column: Cell(value) for column, value in enumerate(record, start=1) if value})
        for number, record in enumerate(records, start=1)
    )
    return Grid(tuple(row for row in rows if row.cells))


def _records(text: str, mark: str, most: int | None = None) -> list[list[str]]:
    """The records of ``text``, or its first ``most``."""
    quoted = _parse(text, mark, csv.QUOTE_MINIMAL, most)
    if text.count('"') % 2 == 0:
        return quoted
    # A lone quotation mark at the start of a cell swallows everything after it: then no mark is a quote.
    plain = _parse(text, mark, csv.QUOTE_NONE, most)
    return plain if _alike(plain)[0] > _alike(quoted)[0] else quoted


def _parse(text: str, mark: str, quoting: Literal[0, 3], most: int | None) -> list[list[str]]:
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, quoting=quoting)
        return list(islice(reader, most))
    except csv.Error as broken:
        raise BadInput(
            f"A cell of the text is longer than {LONGEST_CELL:,} characters, so it was not read."
        ) from broken
    finally:
        csv.field_size_limit(before)


def _alike(records: Iterable[Sequence[str]]) -> tuple[int, int]:
    """How many records have the commonest number of cells above one, and that number."""
    widths = Counter(
        len(record) for record in records if len(record) > 1 and any(cell.strip() for cell in record)
    )
    width, rows = widths.most_common(1)[0] if widths else (0, 0)
    return rows, width


def _has_headings(records: Iterable[Sequence[str]]) -> int:
    """How many roles the best heading row among the records names."""
    return max((len(roles_in(record)) for record in records), default=0)


def _mark_of(text: str, marks: tuple[str, ...]) -> str:
    """The mark that finds the headings; failing headings, the one that gives most rows the same number of cells."""
    if len(marks) == 1:
        return marks[0]

    def worth(mark: str) -> tuple[int, float, int, int]:
        records = [record for record in _records(text, mark, _SAMPLE) if any(cell.strip() for cell in record)]
        headings = _has_headings(records)
        rows, width = _alike(records)
        return headings, rows / max(1, len(records)), width, text[:10_000].count(mark)

    return max(marks, key=worth)
