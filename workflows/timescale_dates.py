"""Reads one date or period at one place of a text: a day, a month, a quarter, a season, a year. Looks at nothing around it."""

from calendar import monthrange
from dataclasses import replace

from workflows.timescale_parts import Part, day_or_year, plain_year, year_pair
from workflows.timescale_periods import (
    QUARTER_WORDS,
    christmas,
    financial_year_word,
    nth_quarter,
    quarter,
    quarter_of_year_before,
    season,
)
from workflows.timescale_tokens import Tokens
from workflows.timescale_values import FIRST_YEAR, LAST_YEAR, Kind
from workflows.timescale_words import ALSO_OTHER_WORDS, MONTH_NAMES, MONTHS, MOVEABLE, NTH, SEASONS, WEEKDAYS


def part_at(tokens: Tokens, place: int) -> Part | None:
    """Read the date or period that starts at ``place``, or None."""
    word = tokens.word(place)
    if word:
        return _at_word(tokens, place, word)
    if tokens.number(place) >= 0:
        return (
            nth_quarter(tokens, place)
            or _day_before_month(tokens, place)
            or quarter_of_year_before(tokens, _at_number(tokens, place))
        )
    return None


def _at_word(tokens: Tokens, place: int, word: str) -> Part | None:  # noqa: PLR0911  one for each form
    """Read what starts with a word."""
    if word in WEEKDAYS:
        return _after_weekday(tokens, place, WEEKDAYS[word])
    if word in MONTHS:
        return _at_month(tokens, place, MONTHS[word])
    if word in QUARTER_WORDS and 1 <= len(tokens.digits(place + 1)) <= 2:
        return quarter(tokens, place + 2, tokens.number(place + 1))
    if word in NTH and tokens.word(place + 1) in {"quarter", "qtr"}:
        return quarter(tokens, place + 2, NTH[word])
    if word in SEASONS:
        return season(tokens, place, word)
    if word in {"christmas", "xmas"}:
        return christmas(tokens, place)
    if word in MOVEABLE:
        year = plain_year(tokens, place + 1)
        end = place + 1 + (year is not None)
        return Part(
            kind=Kind.SEASON,
            end=end,
            weak=tokens.word(end) in WEEKDAYS,  # "Easter Monday 2 April 2018"
            trouble=f"On which day is {word.capitalize()} that year, or which day is meant?",
        )
    return quarter_of_year_before(tokens, financial_year_word(tokens, place))


# Days


def _after_weekday(tokens: Tokens, place: int, weekday: int) -> Part | None:
    """Read "Friday, the 1st of June 2018", "Friday June 1 2018", "Friday 01/06/2018"."""
    after = place + 1
    while tokens.sign(after) in {",", "."} or tokens.word(after) == "the":
        after += 1
    part = part_at(tokens, after) if tokens.word(after) not in WEEKDAYS else None
    if part is None or part.kind is not Kind.DAY:
        return None
    return replace(part, weekday=weekday)


def _day_before_month(tokens: Tokens, place: int) -> Part | None:
    """Read "1st of June 2018", "1-Jun-18", "1 June"."""
    day = tokens.number(place)
    if len(tokens.digits(place)) > 2:
        return None
    after = place + 1
    if tokens.word(after) in {"st", "nd", "rd", "th"}:
        after += 1
    if tokens.word(after) == "of" or (tokens.sign(after) in {"-", "/", "."} and tokens.glued(after)):
        after += 1
    month = MONTHS.get(tokens.word(after))
    if month is None:
        return None
    year, end = _year_after(tokens, after + 1, day_known=True)
    part = Part(kind=Kind.DAY, end=end, day=day, month=month, year=year)
    if tokens.sign(place + 1) == "." and not tokens.glued(after):
        return replace(part, trouble=_day_or_item(day, month))
    return replace(part, trouble=_unreadable_year(tokens, after + 1)) if year is None else part


def _day_or_item(day: int, month: int) -> str:
    return f"Is {day} the day of {MONTH_NAMES[month - 1]}, or the number of an item in a list?"


# Months


def _at_month(tokens: Tokens, place: int, month: int) -> Part:
    """Read "June 2018", "Jun-18", "June 1st, 2018", "June"."""
    after = place + 1
    day = tokens.number(after)
    if 1 <= day <= 31:
        year = plain_year(tokens, after + 1 + (tokens.sign(after + 1) == ","))
        if year is not None and len(tokens.digits(after)) <= 2:
            end = after + 2 + (tokens.sign(after + 1) == ",")
            return Part(kind=Kind.DAY, end=end, day=day, month=month, year=year)
        if tokens.ordinal(after) or len(tokens.digits(after)) == 1:
            return Part(kind=Kind.DAY, end=after + 1, day=day, month=month)
    year, end = _year_after(tokens, after, day_known=False)
    if year is None:
        open_word = tokens.word(place) in ALSO_OTHER_WORDS
        part = Part(kind=Kind.MONTH, end=after, month=month, weak=open_word, open_word=open_word)
        trouble = _unreadable_year(tokens, after)
        return part if trouble is None else replace(part, trouble=trouble, weak=False)
    part = Part(kind=Kind.MONTH, end=end, month=month, year=year)
    if len(tokens.digits(after)) != 2:
        return part
    said = tokens.number(after)
    if tokens.digits(after).startswith("0") or _last_day(month) <= said <= 31:
        return replace(part, year=None, trouble=day_or_year(said, month))
    return replace(part, short_year=True)


def _last_day(month: int) -> int:
    """Give the number of a month's last day: "March 31" is as likely the day as the year."""
    return monthrange(2001, month)[1]


def _year_after(tokens: Tokens, place: int, *, day_known: bool) -> tuple[int | None, int]:
    """Read the year that follows a month's name; also give the first token after it, or ``place`` for no year."""
    at = place
    while tokens.sign(at) in {"-", "/", ".", ",", "'"} or tokens.word(at) == "of":
        if tokens.sign(at) in {"-", "/"} and not (tokens.glued(at) and tokens.glued(at + 1)):
            return None, place  # "June - 18 July" is a range, "June-18" a month
        at += 1
    year = plain_year(tokens, at)
    if year is not None:
        return year, at + 1
    follows_month = tokens.word(at + 1) in MONTHS or tokens.word(at + 1) in {"st", "nd", "rd", "th"}
    if (
        len(tokens.digits(at)) == 2
        and not tokens.ordinal(at)
        and not follows_month
        and (day_known or at - place < 3)
    ):
        return 2000 + tokens.number(at), at + 1
    return None, place


def _unreadable_year(tokens: Tokens, place: int) -> str | None:
    """Ask about digits that stand where the year should and are none: "June 20118"."""
    at = place + (tokens.sign(place) in {"-", "/", ".", ",", "'"})
    digits = tokens.digits(at)
    if len(digits) >= 3 and not tokens.ordinal(at):
        return f"Which year is meant by {digits[:12]}?"
    return None


# Numbers


def _at_number(tokens: Tokens, place: int) -> Part | None:
    separator = tokens.sign(place + 1)
    if separator in {"/", "-", "."} and tokens.number(place + 2) >= 0:
        if tokens.sign(place + 3) in {"/", "-", "."} and tokens.number(place + 4) >= 0:
            triple = _three_numbers(tokens, place)
            if triple is not None:
                return triple
        return _two_numbers(tokens, place, separator)
    year = plain_year(tokens, place)
    if year is None or tokens.sign(place - 1) in {"£", "$", "€", "#"}:
        return None
    month = MONTHS.get(tokens.word(place + 1 + (tokens.sign(place + 1) == "-" and tokens.glued(place + 1))))
    if month is not None and plain_year(tokens, place + 2) is None and tokens.sign(place + 2) != "'":
        end = place + 2 + (tokens.sign(place + 1) == "-")
        if tokens.number(end) < 0:
            return Part(kind=Kind.MONTH, end=end, month=month, year=year)
    if tokens.word(place + 1) in QUARTER_WORDS:
        return None
    return Part(kind=Kind.YEAR, end=place + 1, year=year, weak=True)


def _three_numbers(tokens: Tokens, place: int) -> Part | None:
    """Read "31/03/2019", "31.3.19", "2019-03-31". Day first; a year of two digits is of this century."""
    if tokens.sign(place + 1) != tokens.sign(place + 3) or tokens.glued(place + 1) != tokens.glued(place + 3):
        return None  # "2018/19 - 2020/21"
    first, second, third = (tokens.digits(place + n) for n in (0, 2, 4))
    written = f"{first}/{second}/{third}"[:40]
    if len(first) == 4:
        year_digits, month, day_digits = first, int(second), third
    else:
        year_digits, month, day_digits = third, int(second), first
    part = Part(kind=Kind.DAY, end=place + 5)
    plausible = len(year_digits) == 2 or (
        len(year_digits) == 4 and FIRST_YEAR <= int(year_digits) <= LAST_YEAR
    )
    if not plausible or len(day_digits) > 2 or len(second) > 2:
        return replace(part, trouble=f"Which day is meant by {written}?")
    if not 1 <= month <= 12:
        return replace(
            part, trouble=f"Dates are read day first, and there is no month {month}. Which day is {written}?"
        )
    year = int(year_digits) + (2000 if len(year_digits) == 2 else 0)
    return replace(part, day=int(day_digits), month=month, year=year)


def _two_numbers(tokens: Tokens, place: int, separator: str) -> Part | None:  # noqa: PLR0911  one for each form
    """Read "2018/19", "2014 - 17", "2018-12", "12/2018"; ask about "07/11" and about "2011-12"."""
    first, second = tokens.digits(place), tokens.digits(place + 2)
    end, a, b = place + 3, int(first), int(second)
    if tokens.ordinal(place) or tokens.ordinal(place + 2) or tokens.sign(place - 1) in {"£", "$", "€"}:
        return None
    if len(first) <= 2 and plain_year(tokens, place + 2) is not None and tokens.glued(place + 1):
        if 1 <= a <= 12:
            return Part(kind=Kind.MONTH, end=end, month=a, year=b)
        return Part(kind=Kind.MONTH, end=end, trouble=f"There is no month {a}. Which month of {b} is meant?")
    pair = year_pair(tokens, place) if separator != "." else None
    if plain_year(tokens, place) is not None:
        return _year_first(tokens, place, pair)
    if len(first) > 2 or len(second) > 2 or tokens.word(end) in MONTHS:
        return None
    if separator == "/" and pair is not None and b == a + 1 and a > 12:
        return Part(kind=Kind.FINANCIAL_YEAR, end=end, year=pair[0], last_year=pair[1])
    trouble = f"What is {first}{separator}{second}: a day and a month, a month and a year, or something else?"
    return Part(kind=Kind.UNREADABLE, end=end, trouble=trouble, weak=separator != "/")


def _year_first(tokens: Tokens, place: int, pair: tuple[int, int, int] | None) -> Part:
    """Read "2018-12", "2018/19", "2014 - 17"."""
    year, second = tokens.number(place), tokens.digits(place + 2)
    end = place + 3
    in_a_row = pair is not None and pair[1] == pair[0] + 1
    month = int(second) if len(second) == 2 and 1 <= int(second) <= 12 and tokens.glued(place + 1) else 0
    if pair is None:
        if month and tokens.glued(place + 2):
            return Part(kind=Kind.MONTH, end=end, month=month, year=year)
        trouble = f"Which month or years are meant by {year}{tokens.sign(place + 1)}{second[:12]}?"
        return Part(kind=Kind.UNREADABLE, end=end, trouble=trouble)
    hyphen = tokens[place + 1].text == "-" and tokens.glued(place + 2)
    if month and hyphen:
        trouble = f"Is this {MONTH_NAMES[month - 1]} {year}, or the years {year} to {pair[1]}?"
        return Part(kind=Kind.UNREADABLE, end=end, trouble=trouble)
    if in_a_row:
        return Part(kind=Kind.FINANCIAL_YEAR, end=end, year=year, last_year=pair[1])
    if len(second) == 4:
        trouble = f"Does {year} to {pair[1]} mean whole calendar years, or April {year} to March {pair[1]}?"
        return Part(kind=Kind.RANGE, end=end, trouble=trouble)
    return Part(kind=Kind.RANGE, end=end, year=year, last_year=pair[1])
