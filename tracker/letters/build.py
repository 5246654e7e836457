"""Build the default Word templates from the words in ``wording``: ``python -m tracker.letters.build``.

The result is committed. Real headings and lists, the language set, no table for layout, no author.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Opened
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt

from workflows.letter_kinds import KINDS
from workflows.letters import PEOPLE, LetterKind

HERE = Path(__file__).parent
WORDING = HERE / "wording"
TEMPLATES = HERE / "templates"
LANGUAGE = "en-GB"

_TO_PEOPLE = (
    "# Other formats",
    (
        "You can have this letter in another language or format, such as large print, Easy Read, audio or British"
        " Sign Language. Tell us if another way of reaching you is safer or easier for you."
    ),
)
_UNWANTED = ("/stylesWithEffects", "/customXml", "/thumbnail")
_SIGNED = ("{{ contact_name }}", "{{ partnership }}")


def words() -> dict[str, tuple[str, ...]]:
    """The paragraphs of every kind of letter, as they are written."""
    found: dict[str, list[str]] = {}
    for path in sorted(WORDING.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("== "):
                found[line[3:]] = paragraphs = []
            elif line:
                paragraphs.append(line)
    return {code: tuple(lines) for code, lines in found.items()}


def build(kind: LetterKind, body: tuple[str, ...]) -> Opened:
    """The template of one kind."""
    document = Document()
    _prepare(document, kind)
    for line in _lines(kind, body):
        if line.startswith("# "):
            document.add_heading(line[2:], level=2)
        elif line.startswith("- "):
            document.add_paragraph(line[2:], style="List Bullet")
        else:
            document.add_paragraph(line)
    return document


def _lines(kind: LetterKind, body: tuple[str, ...]) -> Iterator[str]:
    people = bool(PEOPLE & set(kind.to))
    yield from body
    if people:
        yield from _TO_PEOPLE
    yield from _SIGNED


def _prepare(document: Opened, kind: LetterKind) -> None:
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.title, about.language = kind.code, LANGUAGE
    about.created = about.modified = datetime(2026, 11, 22, tzinfo=UTC).replace(tzinfo=None)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(12)
    normal.paragraph_format.space_after = Pt(10)
    _set_language(normal.element.get_or_add_rPr())
    for level in (1, 2):
        style = document.styles[f"Heading {level}"]
        style.font.name, style.font.size = "Arial", Pt(20 - 4 * level)
        fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
        for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            if fonts is not None and fonts.get(qn(name)) is not None:
                del fonts.attrib[qn(name)]
    _strip(document)
    for line in ("{{ partnership }}", "{{ letter_date }}", "Our reference: {{ reference }}"):
        document.add_paragraph(line)
    document.add_paragraph("{{ recipient }}")
    for line in ("{%p if address %}", "{{ address }}", "{%p endif %}"):
        document.add_paragraph(line)
    document.add_heading(kind.heading or kind.name, level=1)


def _strip(document: Opened) -> None:
    """Take out what a letter does not need: the library's picture of itself, styles of tables, doubles."""
    for rels, unwanted in ((document.part.rels, _UNWANTED), (document.part.package.rels, _UNWANTED)):
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(unwanted)]:
            del rels[key]
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and not style.element.default:
            style.element.getparent().remove(style.element)


def _set_language(properties: BaseOxmlElement) -> None:
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    properties.append(language)


def main() -> None:
    """Write every default template."""
    TEMPLATES.mkdir(exist_ok=True)
    written = words()
    for code, kind in KINDS.items():
        build(kind, written[code]).save(str(TEMPLATES / f"{code}.docx"))


if __name__ == "__main__":
    main()
