"""One page of a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

PER_PAGE = 25
"""Rows on a page (docs/ux.md (b), Lists)."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """The rows of one page, and how many there are on all of them."""

    rows: tuple[T, ...]
    total: int
    page: int = 1

    @property
    def pages(self) -> int:
        """How many pages there are; one for an empty list."""
        return pages_of(self.total)

    @property
    def showing(self) -> str:
        """``26 to 50 of 61``; nothing for an empty list."""
        first = (self.page - 1) * PER_PAGE + 1
        return f"{first} to {first + len(self.rows) - 1} of {self.total}" if self.rows else ""


def pages_of(total: int) -> int:
    """How many pages so many rows fill, at least one."""
    return max(1, -(-total // PER_PAGE))


def page_within(page: int, total: int) -> int:
    """The page asked for, or the nearest there is."""
    return min(max(1, page), pages_of(total))


def whole(rows: Iterable[T]) -> Paged[T]:
    """Every row on one page, for a file."""
    kept = tuple(rows)
    return Paged(kept, len(kept))
