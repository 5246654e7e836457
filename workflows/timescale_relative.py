"""Reads lengths of time that run from something: "within 3 months of publication", "6 weeks after sign-off"."""

from datetime import date, timedelta

from workflows.periods import corresponding
from workflows.timescale_dates import part_at
from workflows.timescale_parts import Part, days_of
from workflows.timescale_tokens import Shape, Tokens
from workflows.timescale_values import Context, Found, Kind
from workflows.timescale_words import NUMBERS, UNITS

_LONGEST = 1200
"""A hundred years in months: a longer length is something else."""

_AFTER = ("of", "from", "after", "following", "post", "since", "starting", "beginning")
_BEFORE = ("before", "prior", "ahead", "until")
_OWN_PAPER = frozenset(
    {"report", "plan", "strategy", "review", "document", "overview", "final", "action", "this"}
)
_ON_EVENT = frozenset({"on", "at", "upon", "by", "before", "until", "after", "following", "from"})
_OWN_CALENDAR = frozenset({"working", "business", "clear", "school"})
_RECURRING = frozenset({"every", "each", "per", "once", "twice"})


def relative_at(tokens: Tokens, place: int, context: Context) -> Found | None:
    """Read a length of time that starts at ``place``, with what it runs from, or None."""
    span = _two_counts(tokens, place)
    if span is not None:
        return span
    count, at = _count(tokens, place)
    if count is None or tokens.word(place - 1) in _RECURRING:
        return None
    working = tokens.word(at) in _OWN_CALENDAR
    at += working or tokens.word(at) in {"calendar", "full", "consecutive"}
    unit = UNITS.get(tokens.word(at))
    if unit is None:
        return None
    at += 1
    if tokens.sign(at) == "'":
        at += 1
    if tokens.word(at) in {"time", "notice"}:
        at += 1
    preposition = tokens.word(at)
    if preposition not in _AFTER + _BEFORE:
        trouble = f"{tokens.said(place, at)} from which date?"
        return Found(start=place, end=at, kind=Kind.RELATIVE, trouble=trouble, weak=True)
    further = tokens.word(at + 1) in {"to", "of"} or tokens.sign(at + 1) == "-"
    anchor, end, what = _anchor(tokens, at + 1 + further, context)
    said = tokens.said(place, at)
    if anchor is None or working or preposition in _BEFORE or count > _LONGEST:
        trouble = f"{said} {preposition} {what}: which date is that?"
        return Found(start=place, end=end, kind=Kind.RELATIVE, trouble=trouble)
    last = _later(anchor, count, unit)
    return Found(start=place, end=end, kind=Kind.RELATIVE, last=last)


def event_at(tokens: Tokens, place: int, context: Context) -> Found | None:
    """Read the "publication" of "on publication" and "by publication": a day that the paper's own history gives."""
    if tokens.word(place) != "publication" or tokens.word(place - 1) not in _ON_EVENT:
        return None
    anchor, end, what = _anchor(tokens, place, context)
    if anchor is None:
        return Found(start=place, end=end, kind=Kind.RELATIVE, trouble=f"When is {what}?")
    return Found(start=place, end=end, kind=Kind.RELATIVE, first=anchor, last=anchor)


def _two_counts(tokens: Tokens, place: int) -> Found | None:
    """Ask about "3-6 months": two lengths, from nobody knows when."""
    between = tokens.sign(place + 1) in {"-", "/"} or tokens.word(place + 1) in {"to", "or"}
    if not between or tokens.number(place) < 0 or tokens.number(place + 2) < 0:
        return None
    end = place + 3 + (tokens.word(place + 3) in _OWN_CALENDAR | {"calendar"})
    if tokens.word(end) not in UNITS or tokens.word(place - 1) in _RECURRING:
        return None
    said = tokens.said(place, end + 1)
    return Found(start=place, end=end + 1, kind=Kind.RELATIVE, trouble=f"{said} from which date?", weak=True)


def _count(tokens: Tokens, place: int) -> tuple[int | None, int]:
    """Read how many: "3", "three", "six-", "3 (three)"; also give the first token after it."""
    word, at = tokens.word(place), place + 1
    if tokens.number(place) >= 0 and not tokens.ordinal(place) and len(tokens.digits(place)) <= 4:
        count = tokens.number(place)
    elif word in NUMBERS:
        count = NUMBERS[word]
        if count >= 20 and tokens.word(at + (tokens.sign(at) == "-")) in NUMBERS:
            at += tokens.sign(at) == "-"
            count += NUMBERS[tokens.word(at)]
            at += 1
    else:
        return None, place
    if tokens.sign(at) == "(":
        at = next((n + 1 for n in range(at, at + 5) if tokens.sign(n) == ")"), at)
    if tokens.sign(at) == "-" and tokens.word(at + 1) in UNITS:
        at += 1
    if tokens.sign(place - 1) in {"-", "/", ".", ","} and tokens.number(place - 2) >= 0:
        return None, place  # the second half of "3-6 months" says nothing by itself
    return count, at


def _anchor(tokens: Tokens, place: int, context: Context) -> tuple[date | None, int, str]:
    """Read what the length runs from: its day where that is known, the first token after it, and its words."""
    at = place
    while tokens.word(at) in {"the", "date", "of", "its"}:
        at += 1
    if tokens.word(at) in {"publication", "publishing"}:
        end, own = _own_paper(tokens, at + 1)
        return (context.published_on if own else None), end, tokens.said(at, end)
    if tokens.word(at) == "this" and tokens.word(at + 1) in _OWN_PAPER:
        end, own = _own_paper(tokens, at)
        return (context.document_date if own else None), end, tokens.said(at, end)
    part: Part | None = part_at(tokens, at)
    if part is not None and part.kind is Kind.DAY and part.year is not None:
        days = days_of(part)
        return (None if isinstance(days, str) else days[0]), part.end, tokens.said(at, part.end)
    end = part.end if part is not None else _end_of_clause(tokens, at)
    return None, end, tokens.said(at, end) or "what"


def _own_paper(tokens: Tokens, place: int) -> tuple[int, bool]:
    """Skip "of the report"; False when it is another paper than the one the text stands in."""
    end = _end_of_clause(tokens, place)
    words = {token.text for token in tokens.slice(place, end) if token.shape is Shape.WORD}
    numbers = any(token.shape is Shape.NUMBER for token in tokens.slice(place, end))
    return end, not numbers and words <= _OWN_PAPER | {"of", "the", "date"}


def _end_of_clause(tokens: Tokens, place: int) -> int:
    at = place
    while at < len(tokens) and tokens.sign(at) not in {"(", ")", ";", ",", ":"}:
        at += 1
    return at


def _later(anchor: date, count: int, unit: str) -> date:
    if unit == "day":
        return anchor + timedelta(days=count)
    if unit == "week":
        return anchor + timedelta(weeks=count)
    return corresponding(anchor, count * (12 if unit == "year" else 1))
