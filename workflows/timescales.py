"""Reads the timescales that people write in action plans. It never invents a date.

| kind           | for example                                                  | earliest, latest                       |
|----------------|--------------------------------------------------------------|----------------------------------------|
| day            | 1st June 2014, 31/3/19, end of June 2019                     | the day, twice                         |
| month          | Sept 2018, Dec-18, 12/2018                                   | first and last day                     |
| quarter        | Q3 2018/19 (of the financial year)                           | first and last day                     |
| season         | spring 2023 (March to May), Christmas period 2017            | first and last day                     |
| year           | in 2018                                                      | 1 January, 31 December                 |
| financial_year | 2018/19                                                      | 1 April, 31 March                      |
| range          | April 2021 to March 2024, 2014 - 17, w/c 4 June 2018         | first and last day                     |
| relative       | within 3 months of publication, once funding is agreed       | nothing, and the last day where known  |
| ongoing        | ongoing, quarterly                                           | nothing                                |
| done           | complete; Completed May 2018                                 | nothing; when it was done              |
| none           | TBC, n/a, -, nothing at all                                  | nothing                                |
| unreadable     | in the future, ASAP                                          | nothing                                |

"by", "until" and "before" take the earliest day away, "from" and "after" the latest, and the kind stays. A kind can
come without dates: 31 September 2018 is a day, and a question. Where both dates are None there is always a question.
Words that deny a date, look back on it or number something ("not April 2018", "was due", "version 1.5.18") leave no
date but a question. What a text says besides its date is the condition, in its own words: "Service to commence by", "New CTLP". The one
"by" that keeps its earliest day is a start: a service "to commence by July 2018" is planned for July in the paper
that says so. Dates are day first, a year of two digits is of this century.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from workflows import timescale_words as words
from workflows.dates import in_words
from workflows.timescale_bounds import EDGES, After, Around, Bound, after, before
from workflows.timescale_doubts import doubt, goes_on
from workflows.timescale_grammar import find
from workflows.timescale_parts import meant_month
from workflows.timescale_pieces import pieces
from workflows.timescale_tokens import Shape, Token, Tokens, clean, tokenise
from workflows.timescale_values import NOTHING_KNOWN, Context, Found, Kind

__all__ = ["Context", "Kind", "Reading", "read"]

LONGEST = 1_000
"""Characters. A longer text is a passage, and somebody has to say which part of it is the timescale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a text says about time; the module's table says which dates each kind has.

    ``lines`` holds a reading for each of several dates, and then the reading itself has none.
    """

    text: str
    kind: Kind
    earliest: date | None = None
    latest: date | None = None
    condition: str | None = None
    question: str | None = None
    lines: tuple["Reading", ...] = ()


def read(text: str, context: Context = NOTHING_KNOWN) -> Reading:
    """Read a timescale as it stands in a plan. Never raises; what cannot be read comes back as a question."""
    context = context.plausible()
    cleaned = clean(text[: 4 * LONGEST])
    if len(text) > 4 * LONGEST or len(cleaned.strip()) > LONGEST:
        return Reading(
            text=text, kind=Kind.UNREADABLE, question="This is a long passage. Which part is the timescale?"
        )
    items, marked = pieces(cleaned)
    if len(items) > 1:
        readings = tuple(_one(item, context) for item in items)
        listed = marked and all(one.kind is not Kind.UNREADABLE for one in readings)
        if listed or sum(_says_when(one) for one in readings) > 1:
            return _several(text, tuple(line for one in readings for line in (one.lines or (one,))))
    return replace(_one(" ".join(items), context), text=text)


_YEARS = frozenset({Kind.YEAR, Kind.FINANCIAL_YEAR, Kind.RANGE})
_PERIODS = frozenset(Kind) - {Kind.RELATIVE, Kind.ONGOING, Kind.DONE, Kind.NONE, Kind.UNREADABLE}


def _says_when(reading: Reading) -> bool:
    """Say whether a line names a date of its own, even one that has to be asked about."""
    return reading.kind in _PERIODS or reading.latest is not None or bool(reading.lines)


def _several(text: str, readings: tuple[Reading, ...]) -> Reading:
    """Give every date its own reading, and ask which one counts."""
    kinds = {reading.kind for reading in readings}
    named = "; ".join(reading.text for reading in readings[:6])
    return Reading(
        text=text,
        kind=kinds.pop() if len(kinds) == 1 else Kind.UNREADABLE,
        question=f"More than one date is given: {named}. Which one is it due by?",
        lines=readings,
    )


_SERIAL = re.compile(r"([1-6][0-9]{4})(?:\.0+)?")
_SERIAL_ZERO = date(1899, 12, 30)
"""Spreadsheets count days from here; the numbers 10000 to 69999 are the years 1927 to 2091."""


def _one(text: str, context: Context) -> Reading:
    """Read a text that has no items of its own."""
    text = text.strip()
    tokens = tokenise(text)
    founds = find(Tokens(tokens), context)
    if not any(not found.weak for found in founds):
        month = _misspelt(tokens)
        if month is not None:
            return Reading(text=text, kind=Kind.UNREADABLE, question=f"Is {month} meant? Which date is this?")
    if not founds:
        return _without_date(text, tokens)
    if len(founds) == 1:
        return _dated(text, tokens, founds[0])
    readings = []
    start = 0
    for found, following in zip(founds, [*founds[1:], None], strict=True):
        stop, next_start = (len(tokens), 0) if following is None else _cut(tokens, found, following)
        own = tokens[start:stop]
        piece = _dated(
            text, own, replace(found, start=found.start - start, end=found.end - start), alone=False
        )
        readings.append(replace(piece, text=text[own[0].start : own[-1].end].strip(EDGES)))
        start = next_start
    return _several(text, tuple(readings))


def _cut(tokens: list[Token], one: Found, two: Found) -> tuple[int, int]:
    """Say where the words of one date end and those of the next begin: brackets belong to the date before them."""
    at = one.end
    if tokens[at].text == "(":
        closing = [n for n in range(at, two.start) if tokens[n].text == ")"]
        at = closing[0] + 1 if closing else at
    while at < two.start and (tokens[at].text in words.ONWARDS or tokens[at].text == "?"):
        at += 1
    start = at
    while start < two.start and tokens[start].text in _BETWEEN:
        start += 1
    return at, start


_BETWEEN = frozenset({",", ";", "/", "&", ".", "and", "or"})


def _misspelt(tokens: list[Token]) -> str | None:
    """Give the month that a word next to a number is close to. Comparing is slow, so only a short text is tried."""
    for n, token in enumerate(tokens[:12]):
        beside = tokens[max(0, n - 1) : n] + tokens[n + 1 : n + 2]
        if token.shape is Shape.WORD and any(one.shape is Shape.NUMBER for one in beside):
            month = meant_month(token.text)
            if month is not None:
                return month
    return None


def _dated(  # noqa: PLR0911  one for each question
    text: str, tokens: list[Token], found: Found, *, alone: bool = True
) -> Reading:
    """Read what the words around one date make of it."""
    around = before(tokens[: found.start], text)
    behind = after(tokens[found.end :], text)
    piece = text[tokens[0].start : tokens[-1].end]
    said = text[tokens[found.start].start : tokens[found.end - 1].end]
    exact = found.kind is Kind.DAY and around.vague not in words.ROUGHLY
    vague = bool(around.vague) and not exact and not (around.from_start and around.bound is Bound.FROM)
    vague = vague or around.offset
    conditions = (around.said if around.rest or around.vague else "", behind.said, found.derived or "")
    reading = Reading(
        text=text, kind=found.kind, condition="; ".join(one for one in conditions if one) or None
    )
    if found.yearless and not words.EACH_YEAR.isdisjoint(token.text for token in tokens):
        return Reading(
            text=text,
            kind=Kind.ONGOING,
            condition=piece,
            question="This comes every year. When is it next due?",
        )
    if found.trouble is not None:
        if found.kind is Kind.RELATIVE:
            return replace(reading, condition=piece, question=f"Which date is this: {piece[:80]}?")
        return replace(reading, question=found.trouble)
    if goes_on(tokens, around):
        question = "This has no end date. When is it next to be reviewed?"
        return replace(reading, kind=Kind.ONGOING, condition=piece, question=question)
    doubted = doubt(tokens, text, found, around, behind, alone=alone)
    if doubted is not None:
        return replace(reading, question=doubted)
    if vague:
        return replace(reading, question=f"No exact day is given: {piece[:80]}. By which day is it due?")
    if _may_be_a_name(said, found, around, behind):
        return replace(
            reading, question=f"Is {said} when this is due, or part of a name? By which day is it due?"
        )
    if around.said.isdecimal() and found.kind is Kind.MONTH:
        return replace(
            reading, question=f"Is {around.said} the day, or the number of something? When is this due?"
        )
    if behind.done:
        question = f"Was this done in {said}, or was {said} when it was due?"
        return replace(reading, kind=Kind.DONE, condition=None, question=question)
    return _bounded(reading, said, found, around, behind)


def _may_be_a_name(said: str, found: Found, around: Around, behind: After) -> bool:
    """Say whether bare years may belong to a name: "Care Act 2014", "the Strategy 2018-21 refresh"."""
    if found.derived or any(letter.isalpha() for letter in said) or found.kind not in _YEARS:
        return behind.year_more
    if around.preposition in words.DURING_YEAR or behind.bound is not Bound.NONE:
        return False
    if found.kind is Kind.YEAR and around.preposition not in words.BEFORE_YEAR and around.rest:
        return True
    return bool(behind.word_follows and (around.rest or found.kind is Kind.YEAR))


def _bounded(reading: Reading, said: str, found: Found, around: Around, behind: After) -> Reading:
    """Take away the side of the period that "by" or "from" leaves open."""
    first, last, kind = found.first, found.last, found.kind
    bound = around.bound if around.bound is not Bound.NONE else behind.bound
    at_end = around.at_end and kind not in {Kind.DAY, Kind.RELATIVE}
    if at_end and kind is Kind.RANGE:
        return replace(reading, question=f"Which day is the end meant before {said}?")
    if at_end:
        first, kind = last, Kind.DAY
        bound = Bound.BY if bound is Bound.BEFORE else bound
    if around.rest in words.DONE and bound is Bound.NONE:
        return replace(reading, kind=Kind.DONE, earliest=first, latest=last, condition=behind.said or None)
    starts = around.rest.rpartition(" ")[2] in words.STARTS and kind is not Kind.DAY
    if bound is Bound.BEFORE and first is not None:
        last, first = first - timedelta(days=1), None
    elif bound is Bound.AFTER and last is not None:
        first, last = last + timedelta(days=1), None
    elif bound is Bound.BY and not starts:
        first = None
    elif bound is Bound.FROM and kind is not Kind.RANGE:
        first, last = first or last, None
    doubtful = behind.unconfirmed or not words.UNCONFIRMED.isdisjoint(around.rest.split())
    question = f"{said} is not confirmed. Is it agreed?" if doubtful else None
    return replace(reading, kind=kind, earliest=first, latest=last, question=question)


def _without_date(text: str, tokens: list[Token]) -> Reading:  # noqa: PLR0911  one for each kind
    """Read a text that names no date."""
    said = [token.text for token in tokens if token.shape is Shape.WORD]
    phrase = " ".join(said)
    serial = _SERIAL.fullmatch(text)
    if serial is not None:
        on = _SERIAL_ZERO + timedelta(days=int(serial[1]))
        question = f"Is {text} a spreadsheet's number for {in_words(on)}?"
        return Reading(text=text, kind=Kind.DAY, question=question)
    if any(token.shape in {Shape.NUMBER, Shape.TIME} for token in tokens) and not said:
        return Reading(
            text=text, kind=Kind.UNREADABLE, question=f"What does {text[:40]} stand for? When is this due?"
        )
    tbc = not words.UNSET.isdisjoint(said) or any(one in phrase for one in words.TO_BE_SET)
    if phrase in words.NO_TIMESCALE or tbc:
        return Reading(text=text, kind=Kind.NONE, question="No timescale is given. When is this due?")
    if phrase in words.DONE:
        return Reading(text=text, kind=Kind.DONE, question="When was this done?")
    if not words.ONGOING.isdisjoint(said):
        condition = text if len(said) > 1 else None
        question = "This has no end date. When is it next to be reviewed?"
        return Reading(text=text, kind=Kind.ONGOING, condition=condition, question=question)
    if not words.EVENTS.isdisjoint(said):
        question = f"This waits for something else: {text}. On which date is that?"
        return Reading(text=text, kind=Kind.RELATIVE, condition=text, question=question)
    return Reading(text=text, kind=Kind.UNREADABLE, question="This does not say a date. When is this due?")
