"""An action plan's table back as it was printed: CSV, Excel and Word. Cells go out verbatim.

One exception: a cell that a spreadsheet would run as a formula is given an apostrophe in front in CSV, so that opening
the file does nothing. Excel and Word files hold every cell as text, which is never run, so nothing is put in front.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import docx
import xlsxwriter
from docx.oxml import OxmlElement

# What Excel and LibreOffice take for the start of a formula, and the control characters they skip before one.
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
# XML 1.0 has no way to write these; in a Word table they could show nothing anyway.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
MADE = datetime(2000, 1, 1)  # noqa: DTZ001  (both libraries take the file's own date without a zone)
"""One fixed day in the file's own properties: the same table gives the same bytes."""

Rows = Sequence[Mapping[str, str]]


def inert(text: str) -> str:
    """``text``, with an apostrophe in front if a spreadsheet would run it."""
    return f"'{text}" if text.startswith(_LIVE) else text


def to_csv(rows: Rows, headings: Sequence[str]) -> bytes:
    """The table as CSV (RFC 4180): UTF-8 without a mark, CRLF, quotation marks only where a cell needs them.

    A plan that was read from such a file comes back byte for byte, as long as no cell of it is a live formula.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow([inert(heading) for heading in headings])
    table.writerows([inert(row.get(heading, "")) for heading in headings] for row in rows)
    return text.getvalue().encode()


def to_xlsx(rows: Rows, headings: Sequence[str], *, title: str = "Action plan") -> bytes:
    """The table as an Excel workbook of one sheet, with the headings in bold. Every cell is text, none a formula."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": title, "created": MADE})
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "Action plan")
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, writable(heading), bold)
        longest = max((len(row.get(heading, "")) for row in rows), default=0)
        sheet.set_column(column, column, min(60, max(12, longest // 2)))
    for place, row in enumerate(rows, start=1):
        for column, heading in enumerate(headings):
            if text := row.get(heading, ""):
                sheet.write_string(place, column, writable(text), plain)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return held.getvalue()


def to_docx(rows: Rows, headings: Sequence[str], *, title: str = "Action plan") -> bytes:
    """The table as a Word document under its title; the heading row repeats on each page."""
    document = docx.Document()
    document.core_properties.title = writable(title)
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = MADE
    document.add_heading(writable(title), level=1)
    table = document.add_table(rows=len(rows) + 1, cols=len(headings))
    table.style = "Table Grid"
    lines = list(table.rows)
    for cell, heading in zip(lines[0].cells, headings, strict=True):
        cell.paragraphs[0].add_run(writable(heading)).bold = True
    lines[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  (the library has no other way to repeat headings)
    for line, row in zip(lines[1:], rows, strict=True):
        for cell, heading in zip(line.cells, headings, strict=True):
            cell.text = writable(row.get(heading, ""))
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def writable(text: str) -> str:
    """``text`` without the characters that no Word or Excel file can hold."""
    return _NOT_XML.sub("\ufffd", text)
