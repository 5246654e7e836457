"""Finding the tables in a grid: where the headings are, which column is which, which rows are records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.imports.columns import Role, heading_of, joins_lead_and_date, roles_by_column, roles_in
from tracker.imports.grid import Grid, Row
from tracker.imports.guess import guess_columns
from tracker.imports.rowkinds import RowKind, ends_table, is_wide, kind_of


@dataclass(frozen=True, slots=True)
class Printed:
    """One row of a table that is a record, the section heading it stands under, and what to ask because of it."""

    row: Row
    section: str = ""
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetAside:
    """One cell that is in no record, and why."""

    row: int
    column: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a grid. ``headings`` by column number: every column of the table that holds anything."""

    grid: Grid
    headings: Mapping[int, str]
    roles: Mapping[Role, int]
    rows: tuple[Printed, ...]
    set_aside: tuple[SetAside, ...] = ()
    header_row: int | None = None


_LAX_ROWS = 8  # a heading row in unusual words is looked for in the first rows only


def find_tables(grid: Grid, before: Table | None = None) -> tuple[list[Table], list[SetAside]]:
    """The tables of ``grid`` from top to bottom, and the cells that belong to none of them.

    ``before`` is the table printed before this grid: a Word table that a page break has cut in two goes on without
    headings, with the same columns.
    """
    headers = [
        place for place, row in enumerate(grid.rows) if roles_in([cell.text for _, cell in row.written()])
    ]
    if not headers:
        headers = [
            place
            for place, row in enumerate(grid.rows[:_LAX_ROWS])
            if roles_in([cell.text for _, cell in row.written()], lax=True)
        ][:1]
    if not headers or _laid_out_downwards(grid):
        return _without_headings(grid, before)
    aside = [_aside(row, "above the table") for row in grid.rows[: headers[0]]]
    starts: list[int] = []
    for place in headers:
        since = grid.rows[starts[-1] : place] if starts else ()
        if (
            not starts
            or _words(grid.rows[place]) != _words(since[0])
            or any(ends_table(row) for row in since)
        ):
            starts.append(place)
    repeats = set(headers) - set(starts)
    tables: list[Table] = []
    carried = ""
    for start, end in zip(starts, [*starts[1:], len(grid.rows)], strict=True):
        foot = next((place for place in range(start + 1, end) if ends_table(grid.rows[place])), end)
        body = [grid.rows[place] for place in range(start + 1, foot) if place not in repeats]
        again = [grid.rows[place] for place in sorted(repeats) if start < place < foot]
        aside += [_aside(grid.rows[place], "after the table") for place in range(foot, end)]
        table, carried = _table(grid, grid.rows[start], body, again, carried)
        tables.append(table)
    return tables, [cell for row in aside for cell in row]


def _laid_out_downwards(grid: Grid) -> bool:
    """Whether the headings stand below each other in the first column: a form for one action, not a table."""
    first = min((column for row in grid.rows for column in row.cells), default=1)
    return len(roles_in([row.cell(first).text for row in grid.rows])) >= 3


def _words(row: Row) -> list[str]:
    return [heading_of(cell.text).casefold() for _, cell in row.written()]


def _aside(row: Row, why: str) -> list[SetAside]:
    return [SetAside(row.number, column, cell.text, why) for column, cell in row.written()]


def _table(
    grid: Grid, header: Row, body: Sequence[Row], again: Sequence[Row], carried: str
) -> tuple[Table, str]:
    """The table under one heading row, and the section heading at its foot that no row followed."""
    second = body[0] if body and _goes_under(body[0], header, grid) else None
    body = body[1:] if second else body
    headings = _headings(grid, header, body, second)
    roles = roles_by_column(headings)
    joined = [column for column, text in headings.items() if joins_lead_and_date(text)]
    if joined and roles.get(Role.TIMESCALE, joined[0]) == joined[0]:
        roles = {role: column for role, column in roles.items() if column != joined[0]} | {
            Role.LEAD: joined[0]
        }
    rows, aside, carried = _sort_rows(grid, body, roles, carried)
    if second:
        aside += _aside(second, "the second row of the headings")
    for row in again:
        aside += _aside(row, "the headings again")
    if not rows:
        aside += _aside(header, "headings with no rows under them")
    return (
        Table(grid, headings, roles, tuple(rows), tuple(aside), header.number),
        carried,
    )


def _goes_under(row: Row, header: Row, grid: Grid) -> bool:
    """Whether a row only divides headings above it that are merged across: "Lead" into "Agency" and "Officer"."""
    written = row.written()
    return (
        row.number == header.number + 1
        and bool(written)
        and all(is_wide(header, column, grid) and len(cell.text) <= 40 for column, cell in written)
    )


def _headings(grid: Grid, header: Row, body: Sequence[Row], second: Row | None) -> dict[int, str]:
    """A heading for each column in use, each different: its own words, those of its merged block, or its number."""
    columns = sorted(
        {column for column, _ in header.written()}
        | {column for row in body for column, cell in row.cells.items() if cell.filled_in}
    )
    used: dict[str, int] = {}
    headings: dict[int, str] = {}
    for column in columns:
        block = grid.merge_at(header.number, column)
        text = heading_of(header.cell(block.left if block and block.top == header.number else column).text)
        under = heading_of(second.cell(column).text) if second else ""
        text = f"{text}: {under}" if text and under else text or f"Column {column}"
        used[text] = used.get(text, 0) + 1
        while used[text] > 1 and f"{text} ({used[text]})" in used:
            used[text] += 1
        name = text if used[text] == 1 else f"{text} ({used[text]})"
        used.setdefault(name, 1)
        headings[column] = name
    return headings


def _sort_rows(
    grid: Grid, body: Sequence[Row], roles: Mapping[Role, int], section: str
) -> tuple[list[Printed], list[SetAside], str]:
    rows: list[Printed] = []
    aside: list[SetAside] = []
    questions: tuple[str, ...] = ()
    fresh = bool(section)
    for row, kind in _kinds(grid, body, roles):
        if kind is RowKind.RECORD:
            rows.append(Printed(row, section, questions))
            questions, fresh = (), False
        elif kind is RowKind.SECTION:
            words = [cell.text.strip() for column, cell in row.written()]
            heading = max(words, key=len)
            section = (
                f"{section}: {heading}" if fresh and section and not _same(section, heading) else heading
            )
            fresh = True
            in_theme_column = row.cell(roles.get(Role.THEME, -1)).filled_in
            if not in_theme_column:
                questions = (
                    f"Row {row.number}, “{heading}”, was read as a heading of the rows below it. Is it one?",
                )
            aside += _aside(row, "a heading: it is the theme of the rows below it")
        elif kind is RowKind.GUIDANCE:
            aside += _aside(row, "guidance for whoever fills in the table")
        elif kind is RowKind.FURNITURE:
            aside += _aside(row, "a page number or a ruled line")
        elif kind is RowKind.NUMBER:
            aside += _aside(row, "a number with nothing beside it")
    if fresh:
        last = [cell for cell in aside if cell.why.startswith("a heading:")]
        foot = max((cell.row for cell in last), default=0)
        top = max((printed.row.number for printed in rows), default=0)
        aside = [
            SetAside(cell.row, cell.column, cell.text, "a heading with no rows under it")
            if cell.row > top and cell.row <= foot and cell in last
            else cell
            for cell in aside
        ]
    return rows, aside, section if fresh else ""


def _same(first: str, second: str) -> bool:
    return heading_of(first).casefold() == heading_of(second).casefold()


def _kinds(grid: Grid, body: Sequence[Row], roles: Mapping[Role, int]) -> list[tuple[Row, RowKind]]:
    """What each row is. In a plan that gives most actions without lead or date, a lone action is no heading."""
    kinds = [(row, kind_of(row, grid, roles)) for row in body]
    action = roles.get(Role.ACTION)
    if action is None:
        return kinds
    acts = [
        (row, kind)
        for row, kind in kinds
        if row.cell(action).filled_in
        and kind in {RowKind.RECORD, RowKind.SECTION}
        and not is_wide(row, action, grid)
    ]
    if sum(len(row.written()) == 1 for row, _ in acts) * 2 <= len(acts):
        return kinds
    lone = {row.number for row, kind in acts if kind is RowKind.SECTION}
    return [(row, RowKind.RECORD if row.number in lone else kind) for row, kind in kinds]


def _without_headings(grid: Grid, before: Table | None) -> tuple[list[Table], list[SetAside]]:
    """A table without a heading row: the one before goes on, or the columns are guessed and asked about."""
    if _laid_out_downwards(grid):
        why = "a form with its headings one below the other: each action has to be on a row of its own"
        return [], [cell for row in grid.rows for cell in _aside(row, why)]
    width = max((column for row in grid.rows for column, _ in row.written()), default=0)
    goes_on = (
        before is not None
        and before.rows
        and grid.name is None
        and 1 < width <= max(before.headings, default=0)
    )
    if goes_on and before is not None and _fits(grid, before):
        headings = dict(before.headings)
        roles: Mapping[Role, int] = before.roles
        ask = "This table has no headings of its own: it was read with those of the table before. Is it the same table?"
        first = 0
    else:
        guessed, first = guess_columns(grid)
        if not guessed:
            why = "not part of an action plan: no column of actions was found"
            return [], [cell for row in grid.rows for cell in _aside(row, why)]
        roles = guessed
        columns = sorted({column for row in grid.rows[first:] for column, _ in row.written()})
        headings = {column: f"Column {column}" for column in columns}
        named = ", ".join(
            f"column {column} is the {role}" for role, column in sorted(roles.items(), key=lambda x: x[1])
        )
        ask = f"The table has no headings. From what is in it, {named}. Is that right?"
    rows, aside, _ = _sort_rows(
        grid, grid.rows[first:], roles, before.rows[-1].section if goes_on and before else ""
    )
    if rows:
        rows[0] = Printed(rows[0].row, rows[0].section, (ask, *rows[0].questions))
    above = [cell for row in grid.rows[:first] for cell in _aside(row, "above the table")]
    return [Table(grid, headings, roles, tuple(rows), tuple(aside))], above


def _fits(grid: Grid, before: Table) -> bool:
    """Whether a headless Word table looks like the rest of the one before: as wide, with actions where they stood."""
    action = before.roles.get(Role.ACTION)
    widest = max(column for row in grid.rows for column in row.cells)
    held = [row for row in grid.rows if action is not None and row.cell(action).filled_in]
    return widest == max(column for printed in before.rows for column in printed.row.cells) and len(
        held
    ) * 2 >= len(grid.rows)
