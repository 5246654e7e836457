"""Telling an action's row from what stands between actions: sections, guidance, bare numbers."""

import re
from collections.abc import Mapping
from enum import StrEnum

from tracker.imports.columns import Role
from tracker.imports.grid import Cell, Grid, Row


class RowKind(StrEnum):
    """What a row below the headings is."""

    RECORD = "record"
    SECTION = "section"
    GUIDANCE = "guidance"
    NUMBER = "number"
    FURNITURE = "furniture"
    SPACER = "spacer"


_ASKS = re.compile(
    r"^\W*(please|note:|nb\b|n\.b\.|guidance|enter |insert |complete this|fill in|use this|describe |specify |"
    r"e\.g\.|eg |for example|i\.e\.|key:|what |which |when |who |how |why |should |have there |is this |are there )",
    re.IGNORECASE,
)
_PUT_IN = re.compile(
    r"^\s*(please|note:|nb\b|n\.b\.|guidance\b|enter |insert |complete this|fill in|use this|key:)",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"^\s*[\[(<{].*[\])>}]\s*$", re.DOTALL)
_NUMBER = re.compile(r"^\W*(\d+|[a-z]|[ivx]+)?([.\-/]?\d+)*\W*$", re.IGNORECASE)
_SECTION = re.compile(
    r"^\W*(\d+[.)]?\s+)?(priority|theme|objective|section|outcome|aim|strand|part|workstream|goal|pillar)\b"
    r"(\s*(\d+|[a-z]\b|[ivx]+\b|one|two|three|four|five|six))?\s*([:.\-–—]|$)",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"^\W*page\s+\d+(\s+of\s+\d+)?\W*$|^[\s\-=_|:+*.–—]+$|^\W*cont(inued|'?d)\W*$", re.IGNORECASE
)
_NEXT_PART = re.compile(
    r"^\W*((appendix|annex)\s+([A-Z]|\d{1,2})|end of (plan|table))\b(?!.*\bto be\b).{0,60}$", re.IGNORECASE
)
_STARTS_LIKE_AN_ACTION = re.compile(
    r"^\W*(\d+[.)]?\s+)?(agree|all|analyse|appoint|arrange|assess|attend|audit|brief|build|carry|cascade|circulate|"
    r"co-?ordinate|collate|commission|complete|conduct|consider|consult|continue|create|deliver|design|develop|"
    r"disseminate|draft|embed|engage|ensure|establish|evaluate|explore|extend|finalise|hold|identify|implement|improve|"
    r"include|increase|introduce|launch|lead|maintain|make|map|meet|monitor|offer|organise|pilot|prepare|produce|"
    r"progress|promote|provide|publish|raise|recruit|reduce|refresh|report|research|review|roll|run|scope|secure|send|"
    r"set|share|strengthen|submit|support|train|undertake|update|use|work|write)\b",
    re.IGNORECASE,
)


def ends_table(row: Row) -> bool:
    """Whether a row is the title of the next part of a document, with which the table before it has ended."""
    written = row.written()
    return len(written) == 1 and bool(_NEXT_PART.match(written[0][1].text))


def names_section(text: str) -> bool:
    """Whether a text begins as headings of sections do: "Priority 2: ...", "Theme - ..."."""
    return bool(_SECTION.match(text))


def looks_like_heading(text: str) -> bool:
    """Whether a lone text is a heading of rows below rather than an action: short, no sentence, no verb to begin."""
    words = text.split()
    if names_section(text):
        return True
    if (
        not words
        or text.rstrip().endswith((".", "?", ";"))
        or len(words) > 8
        or _STARTS_LIKE_AN_ACTION.match(text)
    ):
        return False
    lead = [word for word in words if word[0].isalpha() and len(word) > 3]
    return text.isupper() or text.rstrip().endswith(":") or all(word[0].isupper() for word in lead)


def kind_of(row: Row, grid: Grid, roles: Mapping[Role, int]) -> RowKind:
    """What ``row`` is, given which column is which."""
    written = row.written()
    if not written:
        return RowKind.SPACER
    if (
        all(_BRACKETED.match(cell.text) or _is_guidance(cell.text) for _, cell in written)
        and len(written) >= 2
    ):
        return RowKind.GUIDANCE
    if all(_FURNITURE.match(cell.text) for _, cell in written):
        return RowKind.FURNITURE
    telling = [(column, cell) for column, cell in written if not _is_number(column, cell, roles)]
    if not telling:
        return RowKind.NUMBER
    if len(telling) > 1:
        return RowKind.RECORD
    return _kind_of_lone_cell(row, *telling[0], grid, roles)


def is_wide(row: Row, column: int, grid: Grid) -> bool:
    """Whether a cell is merged with one beside it."""
    block = grid.merge_at(row.number, column)
    return block is not None and block.right > block.left


def _kind_of_lone_cell(row: Row, column: int, cell: Cell, grid: Grid, roles: Mapping[Role, int]) -> RowKind:
    block = grid.merge_at(row.number, column)
    wide = is_wide(row, column, grid)
    if _PUT_IN.match(cell.text) or (wide and _is_guidance(cell.text)):
        return RowKind.GUIDANCE
    if wide or column == roles.get(Role.THEME):
        return RowKind.SECTION
    action = roles.get(Role.ACTION)
    if column == action:
        shared = any(
            held is not None and held.top < row.number
            for role in (Role.TIMESCALE, Role.LEAD)
            if role in roles
            for held in [grid.merge_at(row.number, roles[role])]
        )
        return RowKind.SECTION if looks_like_heading(cell.text) and not shared else RowKind.RECORD
    own = column in roles.values()
    if not own and (action is None or column < action):
        return (
            RowKind.SECTION if not (block and block.bottom > block.top) or action is None else RowKind.RECORD
        )
    return RowKind.RECORD


def _is_guidance(text: str) -> bool:
    return bool(_ASKS.match(text)) and (
        text.rstrip().endswith("?") or bool(_PUT_IN.match(text)) or len(text.split()) > 5
    )


def _is_number(column: int, cell: Cell, roles: Mapping[Role, int]) -> bool:
    return (
        column not in roles.values()
        and len(cell.text.strip()) <= 8
        and bool(_NUMBER.match(cell.text.strip()))
    )
