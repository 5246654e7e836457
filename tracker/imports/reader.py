"""From the bytes of a file to a plan: which format it is, its tables, its rows, and the account of every cell."""

from pathlib import PurePath

from tracker.errors import BadInput
from tracker.imports.archive import ENCRYPTED_OR_OLD
from tracker.imports.columns import Role
from tracker.imports.docx_table import read_docx
from tracker.imports.find_table import SetAside, Table, find_tables
from tracker.imports.grid import Grid
from tracker.imports.leads import Aliases, bundled_aliases
from tracker.imports.plan import Counts, LeftOut, PlanReading, PlanRow, Source, TableFound
from tracker.imports.readings import TableReader
from tracker.imports.rowkinds import names_section
from tracker.imports.text_table import decode, read_text
from tracker.imports.timings import TimescaleReader
from tracker.imports.xlsx_table import read_xlsx
from workflows.timescales import Context

PASTED = "-"
MOST_BYTES = 50 * 1024 * 1024  # a plan with photographs in it is under 20 MB
_TEXT = {".csv", ".tsv", ".tab", ".txt", ""}
_LONGEST_CAPTION = 100  # characters; longer is a paragraph, not a heading


def read_plan(source: bytes, name: str, context: Context, aliases: Aliases | None = None) -> PlanReading:
    """Read an action plan.

    Args:
        source: the whole file, or the bytes of a pasted text.
        name: its name, for its ending only; ``-`` for a pasted text.
        context: what is known of the plan's dates.
        aliases: what names in the Lead column mean; the bundled table if not given.

    Raises:
        BadInput: the file is empty, too large, encrypted, broken, unsafe or not what its name says, in one sentence.
    """
    if len(source) > MOST_BYTES:
        raise BadInput(
            f"The file is larger than {MOST_BYTES // 1024 // 1024} MB: an action plan is far smaller."
        )
    if not source.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise BadInput("The file is empty: there is no plan in it.")
    grids, below = _grids(source, "" if name == PASTED else PurePath(name).suffix.casefold())
    if (
        not below
        and not any(True for grid in grids for _ in grid.written())
        and not any(grid.above for grid in grids)
    ):
        raise BadInput("The file is empty: there is no plan in it.")
    return _Reading(TimescaleReader(context), aliases or bundled_aliases()).of(grids, below)


def _grids(source: bytes, ending: str) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    """The tables of the file, and the text of a document after its last table."""
    if ending in {".xlsx", ".xlsm"}:
        return read_xlsx(source), ()
    if ending in {".docx", ".docm"}:
        return _document(source)
    if ending not in _TEXT:
        raise BadInput(f"A {ending} file cannot be read: use .docx, .xlsx, .csv, .tsv or pasted text.")
    if source.startswith(b"PK\x03\x04"):
        if ending:
            raise BadInput(
                f"The file is not text, though its name ends in {ending}: use the .xlsx or .docx file itself."
            )
        return _document(source) if b"word/document.xml" in source else (read_xlsx(source), ())
    if source.startswith(ENCRYPTED_OR_OLD):
        raise BadInput("The file is an Office file, not text: save it as .docx or .xlsx, without a password.")
    if source.startswith(b"%PDF"):
        raise BadInput("The file is a PDF: copy the table out of it and paste the text instead.")
    text = decode(source)
    if text.lstrip()[:200].casefold().startswith(("<!doctype html", "<html", "<?xml", "{\\rtf")):
        raise BadInput(
            "The file is a web page or a formatted document, not a table: save it as .docx, .xlsx or .csv."
        )
    return (read_text(text, marks=("\t",)) if ending in {".tsv", ".tab"} else read_text(text),), ()


def _document(source: bytes) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    grids, below = read_docx(source)
    if not grids and any("\t" in line for line in below):
        return (read_text("\n".join(below), marks=("\t",)),), ()  # a table made with the tab key
    return grids, below


class _Reading:
    """The tables, rows and remainders of one file as they are found."""

    def __init__(self, timescales: TimescaleReader, aliases: Aliases) -> None:
        self._timescales = timescales
        self._aliases = aliases
        self._tables: list[TableFound] = []
        self._rows: list[PlanRow] = []
        self._left_out: list[LeftOut] = []
        self._counted = Counts(rows_in=0, cells=0, in_rows=0, headings=0, left_out=0)
        self._several = False

    def of(self, grids: tuple[Grid, ...], below: tuple[str, ...]) -> PlanReading:
        before: Table | None = None
        self._several = sum(1 for grid in grids if len(grid.rows) > 1) > 1
        for grid in grids:
            self._left_out += [_line(text) for text in grid.above]
            tables, aside = find_tables(grid, before)
            self._account(grid, tables, aside)
            self._keep(grid, aside, len(self._tables) + 1 if any(table.rows for table in tables) else None)
            for table in tables:
                self._read(table)
                before = table if table.rows else before
        self._left_out += [_line(text) for text in below]
        return PlanReading(tuple(self._tables), tuple(self._rows), tuple(self._left_out), self._counted)

    def _read(self, table: Table) -> None:
        number = len(self._tables) + 1 if table.rows else None
        self._keep(table.grid, table.set_aside, number)
        if number is None:
            return
        caption = "" if Role.THEME in table.roles else _caption(table.grid, several=self._several)
        rows = list(TableReader(table, number, self._timescales, self._aliases, caption).rows())
        self._rows += rows
        columns = {
            str(role): table.headings[column]
            for role, column in table.roles.items()
            if column in table.headings
        }
        headings = tuple(heading for _, heading in sorted(table.headings.items()))
        self._tables.append(TableFound(number, table.grid.name, headings, columns, len(rows)))

    def _keep(self, grid: Grid, aside: list[SetAside] | tuple[SetAside, ...], number: int | None) -> None:
        hidden = {row.number for row in grid.rows if row.hidden}
        rows = {row.number: row for row in grid.rows}
        for cell in sorted(aside, key=lambda one: (one.row, one.column)):
            held = rows[cell.row].cell(cell.column)
            source = Source(
                table=number,
                row=cell.row,
                sheet=grid.name,
                column=cell.column,
                hidden=grid.hidden or cell.row in hidden,
                struck_through=bool(held.struck) and not held.partly_struck,
            )
            self._left_out.append(LeftOut(source, cell.text, cell.why))
            if held.comment:
                self._left_out.append(LeftOut(source, held.comment, "a comment on a cell that is in no row"))

    def _account(self, grid: Grid, tables: list[Table], aside: list[SetAside]) -> None:
        """Every cell that holds text is in exactly one place.

        Raises:
            AssertionError: one is in none or in two. That is a fault of ours, never of the file.
        """
        every = {(row, column) for row, column, _ in grid.written()}
        in_rows = [
            (printed.row.number, column)
            for table in tables
            for printed in table.rows
            for column, _ in printed.row.written()
            if column in table.headings
        ]
        set_aside = [
            (cell.row, cell.column)
            for cell in (*aside, *(cell for table in tables for cell in table.set_aside))
        ]
        heads = {table.header_row for table in tables if table.rows}
        headings = [(row, column) for row, column in every if row in heads]
        places = [*in_rows, *set_aside, *headings]
        if len(places) != len(every) or set(places) != every:
            lost = sorted(every - set(places))[:3]
            twice = len(places) - len(set(places))
            raise AssertionError(f"cells not accounted for: {lost}, accounted for twice: {twice}")
        before = self._counted
        self._counted = Counts(
            rows_in=before.rows_in + len({row for row, _ in every - {*set_aside, *headings}}),
            cells=before.cells + len(every),
            in_rows=before.in_rows + len(in_rows),
            headings=before.headings + len(headings),
            left_out=before.left_out + len(set_aside),
        )


def _line(text: str) -> LeftOut:
    return LeftOut(Source(table=None, row=None, sheet=None), text, "text outside the tables")


def _caption(grid: Grid, *, several: bool) -> str:
    """The last short line printed over a Word table: its theme, where no column is and there is a table for each.

    Over the only table stands the plan's title, unless it says "Priority 2" or the like.
    """
    lines = [line.strip() for line in grid.above if len(line.strip()) <= _LONGEST_CAPTION]
    return lines[-1] if lines and (several or names_section(lines[-1])) else ""
