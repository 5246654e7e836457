"""The two domain documents, read as data: the tests compare every table of theirs with what the definitions say."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from workflows.definition import Move

DOCS = Path(__file__).parents[2] / "docs"
DHR = (DOCS / "domestic-homicide-review.md").read_text(encoding="utf-8")
ASB = (DOCS / "asb-case-review.md").read_text(encoding="utf-8")

Row = dict[str, str]

_UNITS = {"working day": "working_days", "wd": "working_days", "day": "days", "month": "months"}


def table(text: str, first_columns: str) -> list[Row]:
    """The table whose heading row begins so; backticks and stars are taken off."""
    lines = iter(text.splitlines())
    head = next(line for line in lines if line.startswith(f"| {first_columns} |"))
    names = _cells(head)
    return [dict(zip(names, _cells(line), strict=True)) for line in _body(lines)]


def _body(lines: Iterator[str]) -> Iterator[str]:
    next(lines)  # the rule under the heading
    for line in lines:
        if not line.startswith("|"):
            return
        yield line


def _cells(line: str) -> list[str]:
    parts = re.split(r"(?<!\\)\|", line)[1:-1]
    return [part.replace("\\|", "|").replace("`", "").replace("**", "").strip() for part in parts]


def listed(cell: str) -> list[str]:
    """What a cell lists; "-" is nothing. A comma in brackets or without a space after it belongs to the item."""
    return [] if cell == "-" else re.split(r", (?![^(]*\))", cell)


def alternatives(cell: str) -> list[tuple[str, ...]]:
    """Required data, with "a or b" as alternatives."""
    return [tuple(item.split(" or ")) for item in listed(cell)]


def length(cell: str) -> tuple[int, str] | None:
    """Number and unit of "5 working days", "1 month", "10 WD, chaser at 5"; None where there is no number."""
    if "next WD" in cell:
        return 1, "working_days"
    match = re.match(r"(\d+) (working day|WD|day|month)", cell)
    return (int(match[1]), _UNITS[match[2].lower()]) if match else None


def names_in(cell: str) -> list[str]:
    """The names with an underscore in a cell: facts and steps."""
    return re.findall(r"[a-z]+(?:_[a-z0-9]+)+", cell)


def numbers(cell: str) -> set[int]:
    """The numbers of "14/7/3/1/0" or "5, 2"."""
    return {int(number) for number in re.findall(r"\d+", cell)}


def escalations(cell: str) -> dict[str, set[int]]:
    """Roles and offsets of "bu_manager T-7; csp_chair T-3 and when overdue"; a bare role is told when overdue."""
    found: dict[str, set[int]] = {}
    for part in cell.split(";"):
        role = part.strip().split(" T")[0].split(" when")[0].split(" monthly")[0].split(" at ")[0]
        offsets = {int(sign) for sign in re.findall(r"T([+-]\d+)", part)}
        if "when overdue" in part or not offsets:
            offsets.add(1)
        if role != "none":
            found[role] = offsets
    return found


def python_of(text: str, mark: str) -> dict[str, object]:
    """The values that the Python listing which contains ``mark`` builds."""
    block = next(block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if mark in block)
    built: dict[str, object] = {}
    exec(block, {}, built)  # noqa: S102 - our own document: lists and dictionaries, in one scope
    return built


def in_rows(moves: Iterable[Move]) -> list[Move]:
    """The moves as the document counts them: where only the clocks differ from source to source, it is one row."""
    rows: dict[tuple[object, ...], Move] = {}
    for move in moves:
        key = (move.name, move.to, move.decided_by, tuple(r.name for r in move.requirements))
        sources = (*rows[key].sources, *move.sources) if key in rows else move.sources
        rows[key] = replace(move, sources=sources)
    return list(rows.values())
