"""All that a definition says, as plain values: what its digest locks.

Every field of every part is there by itself, so that whatever is added to the vocabulary is locked with it. Left out
are only the words that explain (hints, notes, what a state or a step means). The body of a check cannot be written
down: its name and what it was made with stand for it (``answered`` with which fact and which answers), and the golden
tables of ``tests/workflows/golden`` hold what it does.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from types import FunctionType

EXPLAINS = frozenset({"hint", "note", "meaning", "does"})
"""Fields that may be put in better words without changing what a process does."""

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]


class Unspeakable(TypeError):
    """A part of a definition that cannot be written down, so that nothing would lock it."""


def meaning_of(part: object) -> Plain:
    """A part of a definition as plain values; the same definition always gives the same.

    Raises:
        Unspeakable: it holds something that is no data and no function.
    """
    match part:
        case Enum():
            return str(part.value)
        case None | str() | bool() | int() | float():
            return part
        case date():
            return part.isoformat()
        case FunctionType():
            return _function(part)
    return _several(part)


def _several(part: object) -> Plain:
    """A part made of parts."""
    if isinstance(part, Mapping):
        return {str(key): meaning_of(value) for key, value in part.items()}
    if isinstance(part, set | frozenset):
        return sorted((meaning_of(each) for each in part), key=str)
    if isinstance(part, list | tuple):
        return [meaning_of(each) for each in part]
    if is_dataclass(part) and not isinstance(part, type):
        said = {f.name: meaning_of(getattr(part, f.name)) for f in fields(part) if f.name not in EXPLAINS}
        return {"is": type(part).__name__, **said}
    raise Unspeakable(f"{part!r} cannot be part of a definition")


def _function(check: FunctionType) -> Plain:
    """What a function is called, and what it was made with."""
    cells = zip(check.__code__.co_freevars, check.__closure__ or (), strict=True)
    made_with = {name: meaning_of(cell.cell_contents) for name, cell in cells}
    return {"is": "function", "called": check.__qualname__, "with": made_with}
