"""Reading .docx: every table as a grid, and the text between the tables."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tracker.errors import BadInput
from tracker.imports.archive import open_office_file, read_part
from tracker.imports.grid import Cell, Grid, Merge, Row

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Documents saved as "strict" by Word use the standard's own namespace (ISO/IEC 29500-1).
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFF = {"0", "false", "none", "off"}
_WRAPPERS = {
    f"{_W}{name}"
    for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink", "fldSimple")
}


@dataclass(slots=True)
class _Text:
    """Words as they are gathered, with those that are struck through or deleted."""

    parts: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)

    def add(self, text: str, *, struck: bool) -> None:
        self.parts.append(text)
        (self.struck if struck else self.standing).append(text)


def read_docx(source: bytes) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    """The tables of a document, those inside cells last, and the paragraphs outside any table after the last one.

    Deleted text that is still tracked counts as struck through: a person sees it in the margin or crossed out.

    Raises:
        BadInput: it is not a Word document, or cannot be opened safely.
    """
    with open_office_file(source, holds="word/document.xml", kind="a Word document") as archive:
        part = read_part(archive, "word/document.xml").replace(_STRICT, _USUAL)
    try:
        return _read_body(fromstring(part).find(f"{_W}body"))
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as broken:
        raise BadInput(
            "The document is broken: open it in Word, save it again and use that copy."
        ) from broken


def _read_body(body: Element | None) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    grids: list[Grid] = []
    nested: list[Element] = []
    above: list[str] = []
    for block in _blocks(body) if body is not None else ():
        if block.tag == f"{_W}p":
            text = "".join(_paragraphs([block]).parts)
            above += [text] if text.strip() else []
        else:
            grids.append(_table(block, tuple(above), nested))
            above = []
    while nested:
        grids.append(_table(nested.pop(0), (), nested))
    return tuple(grids), tuple(above)


def _blocks(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables in reading order, through content controls and tracked insertions."""
    for child in parent:
        if child.tag in {f"{_W}p", f"{_W}tbl"}:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)


def _each(parent: Element, tag: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == f"{_W}{tag}":
            yield child
        elif child.tag in _WRAPPERS:
            yield from _each(child, tag)


def _value(properties: Element | None, name: str) -> str | None:
    """The setting ``name``: None if absent, its value, or "on" for a bare switch."""
    found = properties.find(f"{_W}{name}") if properties is not None else None
    return None if found is None else found.get(f"{_W}val", "on")


def _on(properties: Element | None, name: str) -> bool:
    value = _value(properties, name)
    return value is not None and value not in _OFF


def _whole(value: str | None, default: int) -> int:
    return int(value) if value is not None and value.isdecimal() and len(value) < 4 else default


def _table(table: Element, above: tuple[str, ...], nested: list[Element]) -> Grid:
    rows: list[Row] = []
    open_merges: dict[int, Merge] = {}
    merges: list[Merge] = []
    for number, line in enumerate(_each(table, "tr"), start=1):
        properties = line.find(f"{_W}trPr")
        column = 1 + _whole(_value(properties, "gridBefore"), 0)
        gone = properties is not None and properties.find(f"{_W}del") is not None
        cells: dict[int, Cell] = {}
        for held in _each(line, "tc"):
            look = held.find(f"{_W}tcPr")
            span = max(1, _whole(_value(look, "gridSpan"), 1))
            cells[column] = _cell(held, look, nested, gone=gone)
            _follow_merge(
                look,
                Merge(top=number, bottom=number, left=column, right=column + span - 1),
                open_merges,
                merges,
            )
            column += span
        if any(cell.text or cell.fill for cell in cells.values()):
            rows.append(Row(number, cells, hidden=_on(properties, "hidden")))
    merges += [
        merge for merge in open_merges.values() if merge.bottom > merge.top or merge.right > merge.left
    ]
    return Grid(tuple(rows), merges=tuple(merges), above=above)


def _follow_merge(
    look: Element | None, here: Merge, open_merges: dict[int, Merge], merges: list[Merge]
) -> None:
    """Word marks the first cell of a tall merge "restart" and each below it "continue"."""
    before = open_merges.get(here.left)
    if before is not None and _value(look, "vMerge") in {"on", "continue"} and before.bottom == here.top - 1:
        open_merges[here.left] = Merge(
            top=before.top, bottom=here.bottom, left=before.left, right=before.right
        )
        return
    if before is not None and (before.bottom > before.top or before.right > before.left):
        merges.append(before)
    open_merges[here.left] = here


def _cell(held: Element, look: Element | None, nested: list[Element], *, gone: bool) -> Cell:
    paragraphs: list[Element] = []
    for block in _blocks(held):
        if block.tag == f"{_W}p":
            paragraphs.append(block)
        else:
            nested.append(block)
    words = _paragraphs(paragraphs)
    text = "".join(words.parts)
    shade = look.find(f"{_W}shd") if look is not None else None
    fill = shade.get(f"{_W}fill", "") if shade is not None else ""
    return Cell(
        text,
        struck=text if gone else "".join(words.struck),
        standing="" if gone or not words.struck else "".join(words.standing),
        fill="" if fill == "auto" else fill.upper(),
    )


def _paragraphs(paragraphs: list[Element]) -> _Text:
    """The words of some paragraphs, one a line."""
    words = _Text()
    for place, paragraph in enumerate(paragraphs):
        if place:
            words.add("\n", struck=False)
        _gather(paragraph, words, struck=False)
    return words


_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_GONE = {f"{_W}del", f"{_W}moveFrom"}
_BOXES = {f"{_W}drawing", f"{_W}pict"}


def _gather(parent: Element, words: _Text, *, struck: bool) -> None:
    for child in parent:
        if child.tag == f"{_W}r":
            look = child.find(f"{_W}rPr")
            _gather(child, words, struck=struck or _on(look, "strike") or _on(look, "dstrike"))
        elif child.tag in {f"{_W}t", f"{_W}delText"}:
            words.add(child.text or "", struck=struck)
        elif child.tag in _MARKS:
            words.add(_MARKS[child.tag], struck=struck)
        elif child.tag in _GONE or child.tag in _WRAPPERS:
            _gather(child, words, struck=struck or child.tag in _GONE)
        elif child.tag in _BOXES:
            _gather_boxes(child, words, struck=struck)
        elif child.tag.endswith("}AlternateContent") and len(child):
            _gather(child[0], words, struck=struck)  # the same thing twice, for newer and older programs


def _gather_boxes(drawing: Element, words: _Text, *, struck: bool) -> None:
    """The words in text boxes that float over a cell."""
    for box in drawing.iter(f"{_W}txbxContent"):
        for paragraph in box.iter(f"{_W}p"):
            words.add("\n", struck=False)
            _gather(paragraph, words, struck=struck)
