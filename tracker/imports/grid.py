"""A sheet, a Word table or a pasted text as it stands: every cell verbatim, nothing read into it yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. ``text`` is what a person sees, spaces and line breaks kept.

    ``day`` is the date that a spreadsheet really holds; ``shows`` says which parts of it the sheet displays:
    any of ``d``, ``m`` and ``y``. ``fill`` is ``RRGGBB`` or empty. ``struck`` is what is struck through and, where that
    is a part of the text only, ``standing`` is the rest.
    """

    text: str
    day: date | None = None
    shows: str = ""
    number: float | None = None
    struck: str = ""
    standing: str = ""
    fill: str = ""
    comment: str = ""
    formula: bool = False

    @property
    def filled_in(self) -> bool:
        """Whether anything is written here."""
        return bool(self.text.strip())

    @property
    def partly_struck(self) -> bool:
        """Whether some words are struck through and others stand."""
        return bool(self.struck.strip()) and bool(self.standing.strip())


EMPTY = Cell("")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as in the file, from 1, and its cells by column number, from 1."""

    number: int
    cells: Mapping[int, Cell]
    hidden: bool = False

    def cell(self, column: int) -> Cell:
        """The cell of ``column``, an empty one where the file has none."""
        return self.cells.get(column, EMPTY)

    def written(self) -> list[tuple[int, Cell]]:
        """The cells that hold text, from left to right."""
        return [(column, cell) for column, cell in sorted(self.cells.items()) if cell.filled_in]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A block of cells shown as one; its words stand in the first cell."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells of one sheet, one Word table or one text.

    ``name`` is the sheet's name, None for anything else. ``above`` is the text that a document prints between the
    table before and this one.
    """

    rows: tuple[Row, ...]
    name: str | None = None
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    above: tuple[str, ...] = ()
    _merged: Mapping[tuple[int, int], Merge] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the merged blocks by their cells, within the rows and columns in use."""
        last = max((row.number for row in self.rows), default=0)
        wide = max((column for row in self.rows for column in row.cells), default=0)
        index = {
            (row, column): merge
            for merge in self.merges
            for row in range(merge.top, min(merge.bottom, last) + 1)
            for column in range(merge.left, min(merge.right, wide) + 1)
        }
        object.__setattr__(self, "_merged", index)

    def merge_at(self, row: int, column: int) -> Merge | None:
        """The merged block that covers this cell, if any."""
        return self._merged.get((row, column))

    def written(self) -> Iterator[tuple[int, int, Cell]]:
        """Every cell that holds text, with its row and column."""
        for row in self.rows:
            for column, cell in row.written():
                yield row.number, column, cell
