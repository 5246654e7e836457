"""Reads the words around a date: by, from, before, the end of, early; what is left is the condition."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from workflows import timescale_words as words
from workflows.timescale_tokens import Shape, Token

_LONGEST_PHRASE = 5
EDGES = " \t\n-‐‑‒–—―−:,;.|*•·()[]\"'/&"
_COUNTS_FROM = frozenset({"from", "after", "following", "before", "post", "since"})
_SORTS: tuple[tuple[str, Iterable[str]], ...] = (
    ("by", words.BY),
    ("before", words.BEFORE),
    ("from", words.FROM),
    ("after", words.AFTER),
)


class Bound(StrEnum):
    """Which side of a period is open."""

    NONE = "none"
    BY = "by"
    BEFORE = "before"
    FROM = "from"
    AFTER = "after"


_BOUNDS = {phrase: Bound(sort) for sort, phrases in _SORTS for phrase in phrases}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the words before a date say of it.

    ``rest`` is what no rule knows, in small letters; ``said`` is all of them as written; ``vague`` is the word that
    makes the date inexact; ``offset``: the day is some while from the date ("a few weeks after"); ``from_start``: that word is only "start" or "beginning"; ``preposition`` is the last word.
    """

    bound: Bound
    at_end: bool
    vague: str
    offset: bool
    from_start: bool
    rest: str
    said: str
    preposition: str


def before(tokens: list[Token], text: str) -> Around:
    """Read the words before a date from the last to the first."""
    left = [token for token in tokens if token.shape in {Shape.WORD, Shape.NUMBER}]
    nearest = left[-1].text if left and left[-1].shape is Shape.WORD else ""
    said = text[tokens[0].start : tokens[-1].end].strip(EDGES) if left else ""
    bound, at_end, vague = Bound.NONE, False, list[str]()
    while left:
        size, what = _last_phrase(left, bound)
        if what == "end":
            at_end = True
        elif what == "vague":
            vague.append(_text(left[-size:]))
        elif what in set(Bound):
            bound = Bound(what)
        elif what != "filler":
            break
        del left[-size:]
    if bound in {Bound.BY, Bound.FROM} and left and left[-1].text in words.MOVED:
        bound = Bound.NONE
    return Around(
        bound=bound,
        at_end=at_end,
        vague=vague[0] if vague else "",
        offset=_is_offset([token.text for token in tokens if token.shape is Shape.WORD]),
        from_start=set(vague) <= {"start", "beginning"},
        rest=_text(left),
        said=said,
        preposition=nearest,
    )


def _is_offset(said: list[str]) -> bool:
    """Say whether the words end in a length of time and a word that counts from or to the date."""
    if len(said) < 2 or said[-2] not in words.UNITS:
        return said[-3:-2] != [] and said[-3] in words.UNITS and said[-2:] == ["prior", "to"]
    return said[-1] in _COUNTS_FROM or (said[-1] == "of" and said[-2].endswith("s"))


def _last_phrase(left: list[Token], bound: Bound) -> tuple[int, str]:
    """Give the size and sort of the longest known phrase at the end."""
    if len(left) > 1 and left[-1].text in words.STARTS and left[-2].text == "to":
        return 0, ""  # "service to start July 2018": a verb, not the start of July
    for size in range(min(_LONGEST_PHRASE, len(left)), 0, -1):
        phrase = _text(left[-size:])
        if bound is Bound.NONE and phrase in _BOUNDS:
            return size, _BOUNDS[phrase]
        if bound is Bound.NONE and phrase in words.END:
            return size, "end"
        if bound is Bound.NONE and phrase in words.VAGUE:
            return size, "vague"
        if phrase in words.FILLERS:
            return size, "filler"
    return 0, ""


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What the words after a date say of it, and ``said``: those that are left, as written.

    ``word_follows``: a word comes straight after the date. ``year_more``: there is nothing but another year.
    """

    bound: Bound = Bound.NONE
    unconfirmed: bool = False
    done: bool = False
    word_follows: bool = False
    year_more: bool = False
    said: str = ""


def after(tokens: list[Token], text: str) -> After:
    """Read the words after a date."""
    left = [token for token in tokens if token.shape in {Shape.WORD, Shape.NUMBER}]
    if not left:
        return After(unconfirmed=any(token.text == "?" for token in tokens))
    phrase = _text(left)
    if phrase in words.ONWARDS:
        return After(bound=Bound.FROM)
    if phrase in words.LATEST:
        return After(bound=Bound.BY)
    return After(
        bound=Bound.FROM if _open_ended(tokens, left) else Bound.NONE,
        unconfirmed=_is_unconfirmed(phrase, {token.text for token in left})
        or any(token.text == "?" for token in tokens),
        done=phrase in words.DONE,
        word_follows=tokens[0].shape is Shape.WORD,
        year_more=len(left) == 1 and left[0].shape is Shape.NUMBER and len(left[0].text) == 4,
        said=text[tokens[0].start : tokens[-1].end].strip(EDGES),
    )


def _is_unconfirmed(phrase: str, single: Collection[str]) -> bool:
    return not words.UNCONFIRMED.isdisjoint(single) or any(one in phrase for one in words.TO_BE_SET)


def _open_ended(tokens: list[Token], left: list[Token]) -> bool:
    """Say whether "- ongoing" or "to present" follows."""
    if not left or left[-1].text not in words.OPEN_ENDED or len(left) > 2:
        return False
    if len(left) == 1:
        return tokens[0].shape is Shape.DASH
    return left[0].text in {"to", "until", "till"}


def _text(tokens: Iterable[Token]) -> str:
    return " ".join(token.text for token in tokens)
