"""Filling a Word template: a sandbox for its tags, every value escaped, no name left in the file's properties."""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from docx.document import Document as Opened
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

TEMPLATES = Path(__file__).parent / "templates"

_MADE_BY = re.compile(rb"<(Company|Manager|HyperlinkBase|Template)>.*?</\1>", re.DOTALL)
_OWN = re.compile(rb"<property\b.*?</property>", re.DOTALL)

Filling = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a letter, for the page. ``sort`` is heading, point or plain; ``level`` that of a heading."""

    text: str
    sort: str = "plain"
    level: int = 0


def environment() -> ImmutableSandboxedEnvironment:
    """Where the tags of a template run: no attribute of Python's own can be reached, no value changed."""
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def default_template(code: str) -> bytes:
    """The default template of a kind."""
    return (TEMPLATES / f"{code}.docx").read_bytes()


def digest(document: bytes) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(document).hexdigest()


def fill(template: bytes, values: Filling) -> bytes:
    """The letter: the template with the values in it. Whatever a value holds stays text."""
    opened = DocxTemplate(io.BytesIO(template))
    opened.render(dict(values), environment(), autoescape=True)
    about = opened.docx.core_properties
    for name in ("author", "last_modified_by", "comments", "keywords", "subject", "category"):
        setattr(about, name, "")
    about.title = str(values.get("reference", ""))
    written = io.BytesIO()
    opened.save(written)
    return _nameless(written.getvalue())


def paragraphs(document: bytes) -> tuple[Paragraph, ...]:
    """The letter as paragraphs, without empty ones."""
    return tuple(
        _shown(each.style.name if each.style else "", each.text)
        for each in Document(io.BytesIO(document)).paragraphs
        if each.text.strip()
    )


def text_of(document: bytes) -> str:
    """All the words of a letter: body, tables, headers and footers."""
    opened = Document(io.BytesIO(document))
    found = _words(opened)
    for section in opened.sections:
        for part in (
            section.header, section.footer, section.first_page_header, section.first_page_footer,
            section.even_page_header, section.even_page_footer,
        ):  # fmt: skip
            if not part.is_linked_to_previous:
                found += [each.text for each in part.paragraphs]
    return "\n".join(found)


def _nameless(document: bytes) -> bytes:
    """The file without the company, manager and own properties of whoever made its template."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "docProps/app.xml":
                content = _MADE_BY.sub(b"", content)
            if part.filename == "docProps/custom.xml":
                content = _OWN.sub(b"", content)
            new.writestr(part, content)
    return written.getvalue()


def _words(opened: Opened) -> list[str]:
    found = [each.text for each in opened.paragraphs]
    for table in opened.tables:
        found += [cell.text for row in table.rows for cell in row.cells]
    return found


def _shown(style: str, text: str) -> Paragraph:
    if style.startswith("Heading ") and style[8:].isdigit():
        return Paragraph(text, "heading", int(style[8:]))
    return Paragraph(text, "point" if style.startswith("List") else "plain")
