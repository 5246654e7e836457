"""Reading .xlsx: every sheet as a grid, hidden ones too, with what only the eye sees: colour, strike-through, merges."""

import io
import re
import warnings
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.styles.colors import COLOR_INDEX, Color
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tracker.errors import BadInput
from tracker.imports.archive import open_office_file
from tracker.imports.excel_text import shown_date, shown_number
from tracker.imports.grid import Cell, Grid, Merge, Row

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>]")
# Office's own theme, by index: enough to tell the colour of a cell that names a theme colour.
_THEME = ("FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646")


def read_xlsx(source: bytes) -> tuple[Grid, ...]:
    """The sheets of a workbook, in its order. Formulas show the value that was saved with them.

    Raises:
        BadInput: it is not a workbook, or cannot be opened safely.
    """
    with open_office_file(source, holds="xl/workbook.xml", kind="an Excel workbook") as archive:
        formulas = any(
            _FORMULA.search(archive.read(name))
            for name in archive.namelist()
            if name.startswith("xl/worksheets/")
        )
    book = _load(source, values=False)
    values = _load(source, values=True) if formulas else None
    return tuple(_sheet(sheet, values[sheet.title] if values else None) for sheet in book.worksheets)


def _load(source: bytes, *, values: bool) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions it does not know: none of them holds a cell
            return load_workbook(io.BytesIO(source), data_only=values, rich_text=True, keep_links=False)
    except BadInput:
        raise
    except (
        Exception
    ) as broken:  # the library raises whatever its parser met: KeyError, TypeError, ParseError, ...
        raise BadInput(
            "The workbook is broken: open it in Excel, save it again and use that copy."
        ) from broken


class _Looks:
    """Strike-through and fill by style, worked out once for each style of the workbook."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[bool, str]] = {}

    def of(self, cell: SheetCell | MergedCell) -> tuple[bool, str]:
        style = cell.style_id
        if style not in self._known:
            self._known[style] = (bool(cell.font and cell.font.strike), _fill(cell))
        return self._known[style]


def _fill(cell: SheetCell | MergedCell) -> str:
    fill = cell.fill
    colour = getattr(fill, "fgColor", None)  # a gradient has none
    if not isinstance(colour, Color) or fill.fill_type in {None, "none"}:
        return ""
    if colour.type == "rgb" and isinstance(colour.rgb, str):
        return colour.rgb[-6:].upper()
    if colour.type == "theme" and isinstance(colour.theme, int) and colour.theme < len(_THEME):
        return "" if (colour.tint or 0) > 0.5 else _THEME[colour.theme]
    if colour.type == "indexed" and isinstance(colour.indexed, int) and colour.indexed < len(COLOR_INDEX):
        return COLOR_INDEX[colour.indexed][-6:].upper()
    return ""


def _sheet(sheet: Worksheet, values: Worksheet | None) -> Grid:
    looks = _Looks()
    cells: dict[int, dict[int, Cell]] = {}
    # Only the cells the file holds: a sheet formatted down to its last row would otherwise be a million of them.
    held: Iterable[tuple[tuple[int, int], SheetCell | MergedCell]] = sheet._cells.items()  # noqa: SLF001
    for (row, column), found in held:
        cell = _cell(found, looks, values)
        if cell is not None:
            cells.setdefault(row, {})[column] = cell
    merges = tuple(
        Merge(top=block.min_row, bottom=block.max_row, left=block.min_col, right=block.max_col)
        for block in sheet.merged_cells.ranges
    )
    rows = tuple(
        Row(
            number,
            cells[number],
            hidden=bool(sheet.row_dimensions[number].hidden) if number in sheet.row_dimensions else False,
        )
        for number in sorted(cells)
    )
    return Grid(rows, sheet.title, merges, sheet.sheet_state != "visible", _hidden_columns(sheet))


def _hidden_columns(sheet: Worksheet) -> frozenset[int]:
    hidden: set[int] = set()
    for held in sheet.column_dimensions.values():
        if held.hidden and held.min and held.max:
            hidden.update(range(held.min, min(held.max, held.min + 1000) + 1))
    return frozenset(hidden)


def _cell(found: SheetCell | MergedCell, looks: _Looks, values: Worksheet | None) -> Cell | None:
    struck, fill = looks.of(found)
    comment = found.comment.text.strip() if found.comment and found.comment.text else ""
    value: object = found.value
    formula = isinstance(found, SheetCell) and found.data_type == "f"
    if formula:
        saved = values[found.coordinate].value if values is not None else None
        value = saved if saved is not None else getattr(value, "text", value)
    if value is None:
        return Cell("", fill=fill, comment=comment) if fill or comment else None
    text, shows, day, number = _shown(value, found.number_format)
    crossed, standing = (text, "") if struck else _struck_part(value)
    return Cell(
        text,
        day=day,
        shows=shows,
        number=number,
        struck=crossed,
        standing=standing,
        fill=fill,
        comment=comment,
        formula=formula,
    )


def _shown(value: object, number_format: str) -> tuple[str, str, date | None, float | None]:
    match value:
        case bool():
            return str(value).upper(), "", None, None
        case datetime() | date():
            text, shows = shown_date(value, number_format)
            return text, shows, value.date() if isinstance(value, datetime) else value, None
        case time() | timedelta():
            return shown_date(value, number_format)[0], "", None, None
        case int() | float():
            return shown_number(value, number_format), "", None, float(value)
    return str(value), "", None, None


def _struck_part(value: object) -> tuple[str, str]:
    """What is struck through inside a cell of several runs, and what stands; nothing for any other cell."""
    if not isinstance(value, CellRichText):
        return "", ""
    runs = [(str(run), isinstance(run, TextBlock) and bool(run.font.strike)) for run in value]
    struck = "".join(text for text, crossed in runs if crossed)
    return (struck, "".join(text for text, crossed in runs if not crossed)) if struck else ("", "")
