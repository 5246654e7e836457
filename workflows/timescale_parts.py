"""One date or period as it is written, and the days that it stands for."""

import difflib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from workflows.timescale_tokens import Tokens
from workflows.timescale_values import FIRST_YEAR, LAST_YEAR, Kind
from workflows.timescale_words import MONTH_NAMES, MONTHS, WEEKDAY_NAMES

FINANCIAL_YEAR_STARTS = 4
"""April: the financial year of public bodies in England and Wales is 1 April to 31 March."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One date or period as it is written, up to token ``end`` (not included). ``year`` is None where none is written.

    ``nth`` numbers a quarter; ``month`` is a season's first month. ``year`` is the year in which a financial year, or
    the financial year of a quarter, starts. ``trouble`` is the question to ask where it cannot be read in one way.
    """

    kind: Kind
    end: int
    day: int = 0
    month: int = 0
    nth: int = 0
    year: int | None = None
    last_year: int = 0
    weekday: int | None = None
    trouble: str | None = None
    weak: bool = False
    short_year: bool = False  # "Sept 18", where 18 could be the day
    open_word: bool = False  # a month's name that is also another word, in small letters or alone


def days_of(part: Part) -> tuple[date, date] | str:  # noqa: PLR0911  one for each kind
    """Give the first and last day of a part that has its year, or the question to ask."""
    if part.trouble is not None:
        return part.trouble
    year = part.year or 0
    if part.kind is Kind.DAY:
        return _one_day(part, year)
    if part.kind is Kind.MONTH:
        return date(year, part.month, 1), date(year, part.month, monthrange(year, part.month)[1])
    if part.kind is Kind.QUARTER:
        first = FINANCIAL_YEAR_STARTS + 3 * (part.nth - 1)
        return _months(year + (first > 12), (first - 1) % 12 + 1, 3)
    if part.kind is Kind.SEASON:
        if part.day:  # the Christmas period, as the partnership's own papers use it
            return date(year, 12, 24), date(year + 1, 1, 1)
        return _months(year, part.month, 3)
    if part.kind is Kind.YEAR:
        return date(year, 1, 1), date(year, 12, 31)
    return date(year, FINANCIAL_YEAR_STARTS, 1), date(part.last_year, FINANCIAL_YEAR_STARTS - 1, 31)


def _one_day(part: Part, year: int) -> tuple[date, date] | str:
    name = MONTH_NAMES[part.month - 1]
    length = monthrange(year, part.month)[1]
    if not 1 <= part.day <= length:
        return f"{name} {year} has {length} days. Which day is meant?"
    on = date(year, part.month, part.day)
    if part.weekday is not None and on.weekday() != part.weekday:
        said, real = WEEKDAY_NAMES[part.weekday], WEEKDAY_NAMES[on.weekday()]
        return f"{part.day} {name} {year} is a {real}, not a {said}. Which day is meant?"
    return on, on


def _months(year: int, month: int, length: int) -> tuple[date, date]:
    after = year * 12 + month - 1 + length
    return date(year, month, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def plain_year(tokens: Tokens, place: int) -> int | None:
    """Give a year written with four digits."""
    if len(tokens.digits(place)) == 4 and FIRST_YEAR <= tokens.number(place) <= LAST_YEAR:
        return tokens.number(place)
    return None


def year_pair(tokens: Tokens, place: int) -> tuple[int, int, int] | None:
    """Read "2018/19", "2018-2019", "18-19": the two years, and the first token after them."""
    first, second = tokens.digits(place), tokens.digits(place + 2)
    if tokens.sign(place + 1) not in {"/", "-"} or tokens.ordinal(place) or tokens.ordinal(place + 2):
        return None
    if tokens.sign(place + 3) in {"/", "-"} and tokens.glued(place + 4) and tokens.number(place + 4) >= 0:
        return None  # a date in numbers
    if len(first) not in {2, 4} or len(second) not in {2, 4} or len(second) > len(first):
        return None
    start = int(first) if len(first) == 4 else 2000 + int(first)
    end = int(second) if len(second) == 4 else start // 100 * 100 + int(second)
    if not (FIRST_YEAR <= start < end <= LAST_YEAR):
        return None
    return start, end, place + 3


def day_or_year(said: int, month: int) -> str:
    """Ask whether the number after a month is its day or its year."""
    name = MONTH_NAMES[month - 1]
    return f"Is this {said} {name}, or {name} {2000 + said}?"


def meant_month(word: str) -> str | None:
    """Give the month's name that a misspelt word is close to ("Febuary"), or None."""
    if len(word) < 4 or word in MONTHS:
        return None
    close = difflib.get_close_matches(word, [name.lower() for name in MONTH_NAMES], n=1, cutoff=0.78)
    return close[0].capitalize() if close else None
