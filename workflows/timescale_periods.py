"""Reads one quarter, season or financial year at one place of a text."""

from dataclasses import replace

from workflows.timescale_parts import Part, plain_year, year_pair
from workflows.timescale_tokens import Tokens
from workflows.timescale_values import Kind
from workflows.timescale_words import MONTHS, SEASONS

QUARTER_WORDS = frozenset({"q", "qtr", "quarter", "qu"})


def nth_quarter(tokens: Tokens, place: int) -> Part | None:
    """Read "3rd quarter of 2018/19"."""
    if tokens.ordinal(place) and tokens.word(place + 1) in {"quarter", "qtr"}:
        return quarter(tokens, place + 2, tokens.number(place))
    return None


def quarter(tokens: Tokens, place: int, nth: int) -> Part:
    """Read the financial year that a quarter's number is followed by, from ``place`` on."""
    at = place
    while tokens.sign(at) in {"(", ",", "-", ":"} or tokens.word(at) in {"of", "in", "fy", "f/y", "the"}:
        at += 1
    if tokens.says(at, "financial", "year"):
        at += 2
    part = Part(kind=Kind.QUARTER, end=place, nth=nth)
    pair = year_pair(tokens, at)
    said = tokens.digits(at)
    if pair is not None and pair[1] == pair[0] + 1:
        part = replace(part, end=pair[2], year=pair[0])
    elif plain_year(tokens, at) is not None or (len(said) == 2 and tokens.word(at + 1) not in MONTHS):
        trouble = f"Is this quarter {nth} of the calendar year {said}, or of a financial year? Which one?"
        part = replace(part, end=at + 1, trouble=trouble)
    if not 1 <= nth <= 4:
        part = replace(part, trouble=f"A year has four quarters. Which is meant by {nth}?")
    return part


def quarter_of_year_before(tokens: Tokens, part: Part | None) -> Part | None:
    """Read "2018/19 Q3": the quarter's number after its financial year. Any other part comes back as it is."""
    if part is None or part.kind is not Kind.FINANCIAL_YEAR or part.trouble is not None:
        return part
    at = part.end
    while tokens.sign(at) in {",", "-", ":", "("}:
        at += 1
    if tokens.word(at) not in QUARTER_WORDS or len(tokens.digits(at + 1)) != 1:
        return part
    own = quarter(tokens, at + 2, tokens.number(at + 1))
    if own.trouble is not None or own.year is not None:
        return part
    return replace(own, year=part.year)


def season(tokens: Tokens, place: int, word: str) -> Part:
    """Read "spring 2023", "winter 2018/19"; school terms and "winter 2018" are questions."""
    at = place + 1
    if tokens.word(at) in {"term", "half"}:
        year = plain_year(tokens, at + 1)
        trouble = f"On which days does the {word} term start and end?"
        return Part(kind=Kind.SEASON, end=at + 1 + (year is not None), trouble=trouble)
    while tokens.sign(at) in {",", "'"} or tokens.word(at) == "of":
        at += 1
    pair, year = year_pair(tokens, at), plain_year(tokens, at)
    part = Part(kind=Kind.SEASON, end=place + 1, month=SEASONS[word])
    if pair is not None:
        if word == "winter" and pair[1] == pair[0] + 1:
            return replace(part, end=pair[2], year=pair[0])
        return replace(part, end=pair[2], trouble=f"Which year's {word} is meant?")
    if year is None:
        if len(tokens.digits(at)) == 2 and (tokens.sign(at - 1) == "'" or not tokens.word(at + 1)):
            year = 2000 + tokens.number(at)
        else:
            return replace(part, weak=True)
    if word == "winter":
        trouble = f"Is this the winter that starts in December {year - 1}, or the one that starts in December {year}?"
        return replace(part, end=at + 1, trouble=trouble)
    return replace(part, end=at + 1, year=year)


def christmas(tokens: Tokens, place: int) -> Part:
    """Read "Christmas period 2017" and "Christmas Day 2017"; "Christmas 2017" can be any of several days."""
    at = place + 1
    what = tokens.word(at)
    if what in {"period", "day", "eve", "holiday", "holidays", "break"}:
        at += 1
    else:
        what = ""
    while tokens.sign(at) == "," or tokens.word(at) == "of":
        at += 1
    pair, year = year_pair(tokens, at), plain_year(tokens, at)
    if year is None:
        trouble = "Which year's Christmas is meant, and which day?"
        return Part(kind=Kind.SEASON, end=at, trouble=trouble)
    end = at + 1 if pair is None else pair[2]
    if what in {"day", "eve"}:
        return Part(kind=Kind.DAY, end=end, day=25 if what == "day" else 24, month=12, year=year)
    if what == "period" and (pair is None or pair[1] == year + 1):
        return Part(kind=Kind.SEASON, end=end, day=24, month=12, year=year)
    return Part(kind=Kind.SEASON, end=end, trouble=f"Which day at Christmas {year} is meant?")


def financial_year_word(tokens: Tokens, place: int) -> Part | None:
    """Read "FY 2018/19" and "financial year 18-19"; "FY18" can be either of two years."""
    at = place
    if tokens.word(at) in {"fy", "f/y"}:
        at += 1
    elif tokens.says(at, "financial", "year") or tokens.says(at, "fiscal", "year"):
        at += 2
    else:
        return None
    while tokens.sign(at) in {":", ",", "(", "-"} or tokens.word(at) == "of":
        at += 1
    pair = year_pair(tokens, at)
    if pair is not None and pair[1] == pair[0] + 1:
        return Part(kind=Kind.FINANCIAL_YEAR, end=pair[2], year=pair[0], last_year=pair[1])
    digits = tokens.digits(at)
    if len(digits) in {2, 4}:
        year = int(digits) + (2000 if len(digits) == 2 else 0)
        trouble = f"Is this the financial year that starts in April {year - 1}, or in April {year}?"
        return Part(kind=Kind.FINANCIAL_YEAR, end=at + 1, trouble=trouble)
    return None
