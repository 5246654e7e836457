"""What the reading of timescales is made of: the kinds, what is known of the paper, and what was found in the text."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FIRST_YEAR, LAST_YEAR = 1950, 2199
"""A number outside these years is not the year of a plan."""


class Kind(StrEnum):
    """What sort of timescale a text is; ``workflows/timescales.py`` has the table."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR = "year"
    FINANCIAL_YEAR = "financial_year"
    RANGE = "range"
    RELATIVE = "relative"
    ONGOING = "ongoing"
    DONE = "done"
    NONE = "none"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known of the paper that the text stands in; None where it is not known.

    ``document_date`` is the day the paper bears, ``published_on`` the day it was published.
    """

    plan_start: date | None = None
    plan_end: date | None = None
    document_date: date | None = None
    published_on: date | None = None

    def plausible(self) -> "Context":
        """Leave out days that no paper bears, so that reckoning from them stays within the calendar."""
        days = (self.plan_start, self.plan_end, self.document_date, self.published_on)
        start, end, dated, published = (
            on if on is not None and FIRST_YEAR <= on.year <= LAST_YEAR else None for on in days
        )
        return Context(plan_start=start, plan_end=end, document_date=dated, published_on=published)


NOTHING_KNOWN = Context()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One date or period named in a text, as tokens ``start`` to ``end`` (not included).

    Either ``first`` and ``last`` are its days, or ``trouble`` is the question that has to be answered first.
    ``weak``: it only counts as a date when the text names no better one ("Care Act 2014", "Phase 1.2").
    ``derived`` says what was taken from the plan to complete it.
    """

    start: int
    end: int
    kind: Kind
    first: date | None = None
    last: date | None = None
    trouble: str | None = None
    weak: bool = False
    derived: str | None = None
    yearless: bool = False
