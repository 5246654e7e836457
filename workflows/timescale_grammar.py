"""Finds the dates and periods in a text: ranges, lists that share a year, the plan's own end, weeks.

    found  := week | plan phrase | length of time | chain
    chain  := item (list item)*          list  := , ; & / and or
    item   := part (range part)?         range := - to until till through (and, after "between")

A part without a year takes it from the next part of its chain ("April - June 2018", "4th and 8th June 2018"), or
from the plan where exactly one such period lies in it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from workflows.timescale_dates import part_at
from workflows.timescale_parts import Part, day_or_year, days_of
from workflows.timescale_relative import event_at, relative_at
from workflows.timescale_special import special_at
from workflows.timescale_tokens import Tokens
from workflows.timescale_values import Context, Found, Kind
from workflows.timescale_words import BEFORE_MONTH, COUNTED, MONTH_NAMES, MONTHS, MOVED, WEEKDAYS

_MOST_PARTS = 12
_NEAR_YEARS = 5
_RANGE, _LIST, _SLASH = "range", "list", "slash"


def find(tokens: Tokens, context: Context) -> list[Found]:
    """Give every date and period of the text in its order; weak ones only where there is no other."""
    every: list[Found] = []
    place = 0
    while place < len(tokens):
        here = _at(tokens, place, context)
        every += here
        place = here[-1].end if here else place + 1
    strong = [found for found in every if not found.weak]
    return strong or every


def _at(tokens: Tokens, place: int, context: Context) -> list[Found]:
    special = (
        special_at(tokens, place, context)
        or relative_at(tokens, place, context)
        or event_at(tokens, place, context)
    )
    return [special] if special is not None else _chain(tokens, place, context)


def _chain(tokens: Tokens, place: int, context: Context) -> list[Found]:
    """Read parts joined by words of range and list."""
    first = part_at(tokens, place) or _bare_day(tokens, place)
    if first is None:
        return []
    parts, starts, joins = [first], [place], list[str]()
    between = tokens.word(place - 1) == "between"
    moved = tokens.word(place - 1) == "from" and any(tokens.word(place - n) in MOVED for n in (2, 3))
    while len(parts) < _MOST_PARTS:
        join, at = _join(tokens, parts[-1].end, between=between)
        if not join or (join != _RANGE and _whole(parts[-1])) or (join == _RANGE and moved):
            break
        following = part_at(tokens, at) or _bare_day(tokens, at)
        if following is None:
            break
        if join != _RANGE and following.kind is Kind.YEAR:
            break
        parts.append(following)
        starts.append(at)
        joins.append(join)
    shared = _share(parts)
    whole = next((n for n, part in enumerate(shared) if _is_bare(part)), len(shared))
    if whole == 0 or (whole == 1 and shared[0].open_word and not _stands_as_month(tokens, place)):
        return []
    if shared[0].kind is Kind.DAY and tokens.word(place - 1) in COUNTED and tokens.number(place) >= 0:
        shared[0] = _maybe_counted(tokens, place, shared[0])
    return _items(shared[:whole], starts[:whole], joins[: whole - 1], context)


def _join(tokens: Tokens, place: int, *, between: bool) -> tuple[str, int]:
    """Say how the token at ``place`` joins the part before it to the one after, and where that one starts."""
    word, sign = tokens.word(place), tokens.sign(place)
    if tokens.says(place, "through", "to"):
        return _RANGE, _past_end(tokens, place + 2)
    if word in {"to", "until", "till", "through", "thru"} or sign == "-" or (word == "and" and between):
        return _RANGE, _past_end(tokens, place + 1)
    if sign == ",":
        return _LIST, place + 1 + (tokens.word(place + 1) in {"and", "or"})
    if word in {"and", "or"} or sign in {"&", ";"}:
        return _LIST, place + 1
    return (_SLASH, place + 1) if sign == "/" else ("", place)


def _past_end(tokens: Tokens, place: int) -> int:
    """Skip "the end of": a range ends on its last day anyway."""
    at = place + (tokens.word(place) == "the")
    if tokens.word(at) == "end":
        return at + 1 + (tokens.word(at + 1) == "of")
    return at


def _bare_day(tokens: Tokens, place: int) -> Part | None:
    """Read "4", "4th" or "Monday 4", which is a day only if a month follows in the same chain."""
    weekday = WEEKDAYS.get(tokens.word(place))
    at = place + (weekday is not None)
    if 1 <= tokens.number(at) <= 31 and len(tokens.digits(at)) <= 2:
        return Part(kind=Kind.DAY, end=at + 1, day=tokens.number(at), weekday=weekday)
    return None


def _stands_as_month(tokens: Tokens, place: int) -> bool:
    """Say whether "May" or "March" without a number is the month here, and not another word."""
    alone = all(not tokens.word(n) for n in range(len(tokens)) if n != place)
    return alone or tokens.word(place - 1) in BEFORE_MONTH


def _is_bare(part: Part) -> bool:
    return part.kind is Kind.DAY and part.month == 0 and part.trouble is None


def _whole(part: Part) -> bool:
    return part.trouble is not None or (part.year is not None and not _is_bare(part))


def _maybe_counted(tokens: Tokens, place: int, part: Part) -> Part:
    if tokens.ordinal(place) or part.month == 0 or tokens.word(place + 1) not in MONTHS:
        return part
    what = tokens.word(place - 1)
    trouble = f"Is {part.day} the day of {MONTH_NAMES[part.month - 1]}, or the number of the {what}?"
    return replace(part, trouble=trouble)


def _share(parts: Sequence[Part]) -> list[Part]:
    """Give parts without month or year those of the part after them, from the last to the first."""
    shared = list(parts)
    for n in range(len(shared) - 2, -1, -1):
        part, after = shared[n], shared[n + 1]
        if part.trouble is not None or after.trouble is not None:
            continue
        if _is_bare(part) and after.kind is Kind.DAY:
            part = replace(part, month=after.month, year=after.year)
        elif part.year is None and _same_calendar(part, after):
            part = replace(part, year=after.year, weak=after.weak, open_word=False)
        shared[n] = part
    return shared


def _same_calendar(part: Part, after: Part) -> bool:
    """A quarter's year is a financial one: it is no use to a month."""
    return (part.kind is Kind.QUARTER) == (after.kind is Kind.QUARTER) and after.kind in {
        Kind.DAY,
        Kind.MONTH,
        Kind.QUARTER,
        Kind.SEASON,
    }


def _items(
    parts: Sequence[Part], starts: Sequence[int], joins: Sequence[str], context: Context
) -> list[Found]:
    """Make one found of each item: a part, or two joined into a range."""
    founds: list[Found] = []
    n = 0
    while n < len(parts):
        last = n
        while last < len(joins) and (
            joins[last] == _RANGE or (joins[last] == _SLASH and _neighbours(parts[last], parts[last + 1]))
        ):
            last += 1
        singles = [_single(parts[k], starts[k], context) for k in range(n, last + 1)]
        founds.append(singles[0] if len(singles) == 1 else _range(parts[n : last + 1], singles))
        n = last + 1
    return founds


def _neighbours(one: Part, two: Part) -> bool:
    """Say whether "June/July 2018" stands here: two months in a row, written as one period."""
    both_months = one.kind is two.kind is Kind.MONTH and one.year is not None and one.year == two.year
    return both_months and two.month == one.month + 1


def _range(parts: Sequence[Part], singles: Sequence[Found]) -> Found:
    start, end = singles[0], singles[-1]
    whole = replace(start, end=end.end, kind=Kind.RANGE, weak=False, first=None, last=None, yearless=False)
    trouble = next((single.trouble for single in singles if single.trouble is not None), None)
    mixed = (parts[0].kind is Kind.YEAR) != (parts[-1].kind is Kind.YEAR)
    if trouble is None and (len(parts) > 2 or mixed):
        trouble = "What are the first and the last day of this period?"
    if trouble is None and parts[0].kind is parts[-1].kind is Kind.YEAR and parts[0].year != parts[-1].year:
        one, two = parts[0].year, parts[-1].year
        trouble = f"Does {one} to {two} mean whole calendar years, or April {one} to March {two}?"
    if trouble is None and start.first is not None and end.last is not None and start.first > end.last:
        trouble = "This period ends before it starts. What are its first and last day?"
    if trouble is not None:
        return replace(whole, trouble=trouble)
    return replace(whole, first=start.first, last=end.last, derived=start.derived or end.derived)


def _single(part: Part, start: int, context: Context) -> Found:
    found = Found(start=start, end=part.end, kind=part.kind, weak=part.weak)
    if part.trouble is not None:
        return replace(found, trouble=part.trouble)
    if part.year is None:
        return _from_plan(part, found, context)
    if part.short_year and _far_from_plan(part.year, context):
        return replace(found, trouble=day_or_year(part.year - 2000, part.month))
    days = days_of(part)
    if isinstance(days, str):
        return replace(found, trouble=days)
    return replace(found, first=days[0], last=days[1])


def _far_from_plan(year: int, context: Context) -> bool:
    """Say whether a year lies so far outside the plan that "Sept 18" is rather its day."""
    early = context.plan_start is not None and year < context.plan_start.year - _NEAR_YEARS
    return early or (context.plan_end is not None and year > context.plan_end.year + _NEAR_YEARS)


def _from_plan(part: Part, found: Found, context: Context) -> Found:
    """Complete a part without a year from the plan, if exactly one such period lies in it."""
    found = replace(found, yearless=True)
    what = name_of(part)
    ask = replace(found, trouble=f"Which year is {what} in?")
    if part.kind is Kind.QUARTER:
        return replace(found, trouble=f"Which year is {what} in, and is it a financial or a calendar year?")
    if context.plan_start is None or context.plan_end is None or part.kind is Kind.UNREADABLE:
        return ask
    fits = list[tuple[date, date]]()
    for year in range(
        context.plan_start.year - 1, min(context.plan_end.year, context.plan_start.year + 50) + 1
    ):
        days = days_of(replace(part, year=year))
        if isinstance(days, str):
            continue
        if days[0] <= context.plan_end and days[1] >= context.plan_start:
            fits.append(days)
    if len(fits) != 1:
        return ask
    first, last = fits[0]
    if first < context.plan_start or last > context.plan_end:
        return ask
    return replace(found, first=first, last=last, derived=f"the only {what} in the plan")


def name_of(part: Part) -> str:
    """Name a part without its year."""
    if part.kind is Kind.QUARTER:
        return f"quarter {part.nth}"
    if part.kind is Kind.SEASON:
        return {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}[part.month]
    month = MONTH_NAMES[part.month - 1]
    return f"{part.day} {month}" if part.kind is Kind.DAY else month
