"""A board pack as a Word document: the sections, sentences and tables of the page, to send out before a meeting."""

import io
from collections.abc import Sequence

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from tracker.queries.board_pack import Pack
from tracker.queries.board_sections import Cell, Column, Table
from tracker.reports.plan_table import MADE, writable

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE = "en-GB"
_FONT, _BODY, _CELL, _SMALL = "Arial", Pt(11), Pt(9), Pt(8)


def to_docx(pack: Pack) -> bytes:
    """The pack. Real headings, heading rows that repeat, page n of m with the marking; nobody is named as its author."""
    document = docx.Document()
    _prepare(document, pack)
    document.add_heading(writable(pack.title), level=1)
    document.add_paragraph(writable(f"{pack.partnership}. {pack.meeting}."))
    if pack.note:
        document.add_paragraph(writable(pack.note))
    for section in pack.sections:
        document.add_heading(writable(section.title), level=2)
        for said in section.said:
            document.add_paragraph(writable(said))
        for table in section.tables:
            _add(document, table)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def words_of(cell: Cell) -> str:
    """A cell as it stands in the document: its words, and the quieter ones on a line of their own."""
    return "\n".join(part for part in (cell.text, cell.sub) if part)


def _add(document: Document, table: Table) -> None:
    document.add_heading(writable(table.caption), level=3)
    made = document.add_table(rows=len(table.rows) + 1, cols=len(table.columns))
    made.style = "Table Grid"
    lines = [list(row.cells) for row in made.rows]
    for cell, column in zip(lines[0], table.columns, strict=True):
        run = cell.paragraphs[0].add_run(writable(column.text))
        run.bold, run.font.size = True, _CELL
        _align(cell.paragraphs[0], column)
    for line, row in zip(lines[1:], table.rows, strict=True):
        for cell, words, column in zip(line, row, table.columns, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(writable(words_of(words))).font.size = _CELL
            _align(paragraph, column)
    _repeat_heading(made)
    document.add_paragraph()


def _align(paragraph: Paragraph, column: Column) -> None:
    paragraph.paragraph_format.space_after = Pt(2)
    if column.num:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat_heading(made: WordTable) -> None:
    for place, row in enumerate(made.rows):
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001  (the library has no other way to keep rows whole)
        properties.append(OxmlElement("w:cantSplit"))
        if not place:
            properties.append(OxmlElement("w:tblHeader"))


def _prepare(document: Document, pack: Pack) -> None:
    about = document.core_properties
    about.title, about.language = writable(pack.title), LANGUAGE
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.created = about.modified = MADE
    for name, size in (
        ("Normal", _BODY),
        ("Heading 1", Pt(18)),
        ("Heading 2", Pt(14)),
        ("Heading 3", Pt(11)),
    ):
        style = document.styles[name]
        style.font.name, style.font.size = _FONT, size
        fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            if fonts is not None and fonts.get(qn(attribute)) is not None:
                del fonts.attrib[qn(attribute)]
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(18)
    _write(page.header.paragraphs[0], (pack.mark,))
    _write(page.footer.paragraphs[0], (f"{pack.mark}. {pack.title}. Page ", "PAGE", " of ", "NUMPAGES"))


def _write(paragraph: Paragraph, parts: Sequence[str]) -> None:
    """Words and, in capitals at every second place, fields that Word fills in."""
    for place, part in enumerate(parts):
        run = paragraph.add_run("" if place % 2 else writable(part))
        run.font.size = _SMALL
        if place % 2:
            for kind, text in (("begin", ""), ("", part), ("end", "")):
                element = OxmlElement("w:fldChar" if kind else "w:instrText")
                if kind:
                    element.set(qn("w:fldCharType"), kind)
                else:
                    element.text = text
                run._r.append(element)  # noqa: SLF001  (the library has no fields)
