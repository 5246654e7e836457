"""Reads what stands for a date without being one: weeks by a day, the plan's own end, "the financial year"."""

from dataclasses import replace
from datetime import date, timedelta

from workflows.timescale_dates import part_at
from workflows.timescale_parts import FINANCIAL_YEAR_STARTS, days_of
from workflows.timescale_tokens import Tokens
from workflows.timescale_values import Context, Found, Kind

_PLAN = frozenset({"plan", "strategy", "programme", "project"})
_WHOLE = frozenset({"life", "lifetime", "lifespan", "duration", "course", "term", "length"})


def special_at(tokens: Tokens, place: int, context: Context) -> Found | None:
    """Read one of them at ``place``, or None."""
    return (
        _week(tokens, place)
        or _plan(tokens, place, context)
        or _year_end(tokens, place)
        or _this_financial_year(tokens, place, context)
    )


def _week(tokens: Tokens, place: int) -> Found | None:
    """Read "w/c 4 June 2018" and "week ending 8/6/18": seven days."""
    word, at = tokens.word(place), place + 1
    if word in {"week", "wk", "w"} and tokens.word(at) in {
        "commencing",
        "beginning",
        "starting",
        "ending",
        "c",
    }:
        ending, at = tokens.word(at) == "ending", at + 1
    elif word in {"w/c", "w/b", "w/k", "wc", "wb", "w/e"}:
        ending = word == "w/e"
    else:
        return None
    while tokens.sign(at) in {":", "-", "."} or tokens.word(at) in {"the", "on"}:
        at += 1
    part = part_at(tokens, at)
    if part is None or part.kind is not Kind.DAY:
        return None
    no_year = part.year is None and part.trouble is None
    days = "Which year is this week in?" if no_year else days_of(part)
    if isinstance(days, str):
        return Found(start=place, end=part.end, kind=Kind.RANGE, trouble=days)
    first = days[0] - timedelta(days=6) if ending else days[0]
    return Found(start=place, end=part.end, kind=Kind.RANGE, first=first, last=first + timedelta(days=6))


def _plan(tokens: Tokens, place: int, context: Context) -> Found | None:
    """Read "end of the plan", "plan end date", "life of the plan"."""
    word = tokens.word(place)
    if word == "plan" and tokens.word(place + 1) == "end":
        in_brackets = tokens.sign(place - 1) == "("
        end = place + 2 + (tokens.word(place + 2) == "date")
        return replace(_plan_end(place, end, context), weak=in_brackets)
    at = place + 1
    while tokens.word(at) in {"of", "the", "this", "our", "action", "current"}:
        at += 1
    if word not in _WHOLE | {"end"} or tokens.word(at) not in _PLAN:
        return None
    if tokens.word(at) != "plan" or tokens.number(at + 1) >= 0:
        trouble = f"When does the {tokens.word(at)} end?"
        return Found(start=place, end=at + 1, kind=Kind.RELATIVE, trouble=trouble)
    end = at + 1 + (tokens.word(at + 1) == "period")
    if word == "end":
        return _plan_end(place, end, context)
    if context.plan_start is None or context.plan_end is None:
        return Found(start=place, end=end, kind=Kind.RANGE, trouble="When does the plan start and end?")
    return Found(start=place, end=end, kind=Kind.RANGE, first=context.plan_start, last=context.plan_end)


def _plan_end(start: int, end: int, context: Context) -> Found:
    if context.plan_end is None:
        return Found(start=start, end=end, kind=Kind.DAY, trouble="When does the plan end?")
    return Found(start=start, end=end, kind=Kind.DAY, first=context.plan_end, last=context.plan_end)


def _year_end(tokens: Tokens, place: int) -> Found | None:
    """Ask about "year end" and "year ending": there are several ends of the year."""
    word = tokens.word(place)
    if word in {"year", "y/e"} and tokens.word(place - 1) != "financial":
        dash = tokens.sign(place + 1) == "-"
        if word == "y/e" or tokens.word(place + 1 + dash) in {"end", "ending", "ended"}:
            return _ask_year_end(tokens, place, place + 1 + (word == "year") + dash)
    if word == "end":
        at = place + 1
        while tokens.word(at) in {"of", "the", "this"}:
            at += 1
        if tokens.word(at) == "year" and at > place + 1 and not tokens.digits(at + 1):
            return _ask_year_end(tokens, place, at + 1)
    return None


def _ask_year_end(tokens: Tokens, start: int, end: int) -> Found:
    part = part_at(tokens, end)
    end = end if part is None else part.end
    trouble = "Which day is the end of the year: 31 March, 31 December or another, and of which year?"
    return Found(start=start, end=end, kind=Kind.DAY, trouble=trouble, weak=part is None)


def _this_financial_year(tokens: Tokens, place: int, context: Context) -> Found | None:
    """Read "the financial year" and "this financial year" without a number."""
    word = tokens.word(place)
    if not (tokens.says(place, "financial", "year") or word == "fy"):
        return None
    end = place + (1 if word == "fy" else 2)
    if part_at(tokens, place) is not None:
        return None
    at_end = tokens.word(end) == "end"
    end += at_end
    if tokens.digits(end):
        trouble = f"Which day is meant by the financial year end {tokens.digits(end)[:8]}?"
        return Found(start=place, end=end + 1, kind=Kind.DAY, trouble=trouble)
    found_start = _the_one_in_plan(context)
    if tokens.word(place - 1) in {"this", "current"} and context.document_date is not None:
        on = context.document_date
        found_start = on.year - (on.month < FINANCIAL_YEAR_STARTS)
    elif tokens.word(place - 1) in {
        "next",
        "following",
        "last",
        "previous",
        "new",
        "each",
        "every",
        "coming",
    }:
        found_start = None
    kind = Kind.DAY if at_end else Kind.FINANCIAL_YEAR
    if found_start is None:
        trouble = "Which financial year is meant?"
        return Found(start=place, end=end, kind=kind, trouble=trouble, weak=True)
    first, last = (
        date(found_start, FINANCIAL_YEAR_STARTS, 1),
        date(found_start + 1, FINANCIAL_YEAR_STARTS - 1, 31),
    )
    return Found(start=place, end=end, kind=kind, first=last if at_end else first, last=last)


def _the_one_in_plan(context: Context) -> int | None:
    """Give the year in which the plan's only financial year starts, if the plan is one financial year or less."""
    start, end = context.plan_start, context.plan_end
    if start is None or end is None or start > end:
        return None
    years = {on.year - (on.month < FINANCIAL_YEAR_STARTS) for on in (start, end)}
    return years.pop() if len(years) == 1 else None
