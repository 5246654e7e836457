"""Asks where the words around a date deny it, look back on it, or make it the number of something."""

from collections.abc import Sequence
from itertools import pairwise

from workflows import timescale_words as words
from workflows.timescale_bounds import After, Around, Bound
from workflows.timescale_tokens import Shape, Token
from workflows.timescale_values import Found, Kind


def doubt(
    tokens: Sequence[Token], text: str, found: Found, around: Around, behind: After, *, alone: bool
) -> str | None:
    """Give the question to ask instead of believing the date, or None.

    ``alone``: there is no other date. Where there are several, the person who chooses sees which one looks back.
    """
    said = text[tokens[found.start].start : tokens[found.end - 1].end]
    piece = text[tokens[0].start : tokens[-1].end][:80]
    left = around.rest.split()
    right = (
        [token.text for token in tokens[found.end :] if token.shape is Shape.WORD]
        if behind.bound is Bound.NONE
        else []
    )
    if any(_denies(word) for word in left + right):
        return f"Do the words around {said} call it off: {piece}? By which day is it due?"
    if alone and (not words.PAST.isdisjoint(left + right) or _looks_back(left, around)):
        return f"Do the words around {said} look back: {piece}? By which day is it due now?"
    if any(token.text == "?" for token in tokens[: found.start]):
        return f"Is {said} the date that is meant? By which day is it due?"
    if _is_number(tokens, found, around, behind):
        return f"Is {said} a date, or the number of something? By which day is it due?"
    return None


def goes_on(tokens: Sequence[Token], around: Around) -> bool:
    """Say whether the date is only when something began that goes on: "Began in 2016, ongoing"."""
    left = around.rest.split()
    ongoing = any(token.text == "ongoing" for token in tokens)
    return ongoing and (_since(left, around) or _began(left, around))


def _since(left: list[str], around: Around) -> bool:
    return left[-1:] == ["ongoing"] and around.preposition == "since"


def _denies(word: str) -> bool:
    return word in words.DENIED or word.endswith("n't")


def _looks_back(left: list[str], around: Around) -> bool:
    moved_from = around.preposition == "from" and bool(left) and left[-1] in words.MOVED
    return moved_from or _began(left, around)


def _began(left: list[str], around: Around) -> bool:
    """Say whether it has begun: "began in 2016", but not "to be started in 2016" or "started by 2016"."""
    return left[-1:] != [] and left[-1] in words.BEGAN and "be" not in left and around.bound is not Bound.BY


def _is_number(tokens: Sequence[Token], found: Found, around: Around, behind: After) -> bool:
    """Say whether the date's digits number or count something: "v1.2.2018", "1 in 2018 people", "12.5.2018.3"."""
    if _longer(tokens, found):
        return True
    if found.start == 0 or found.kind is Kind.RELATIVE:
        return False
    left = around.rest.split()
    return _is_marked(tokens[found.start - 1], tokens[found.start], left, around) or (
        found.kind is Kind.YEAR and _is_counted(left, behind)
    )


def _is_marked(previous: Token, first: Token, left: list[str], around: Around) -> bool:
    """Say whether a sign, one letter or a word such as "version" stands straight before the date."""
    if left[-1:] != [] and left[-1] in words.NUMBERED:
        return around.preposition == left[-1]
    if first.shape is not Shape.NUMBER:
        return False
    letter = previous.shape is Shape.WORD and len(previous.text) == 1 and previous.end == first.start
    return letter or previous.text in {"£", "$", "€", "#"}


def _is_counted(left: list[str], behind: After) -> bool:
    """Say whether a number goes before a bare year: "1 in 2018 people", "page 12 of 2018"."""
    if left[-1:] == [] or not left[-1].isdecimal():
        return False
    return len(left) == 1 or left[-2] in words.NUMBERED or behind.word_follows


def _longer(tokens: Sequence[Token], found: Found) -> bool:
    """Say whether the digits go on, before or behind, with a point or a stroke between: "12.5.2018.3"."""
    ahead, after = tokens[: found.start], tokens[found.end :]
    goes_on = len(after) > 1 and _glued([tokens[found.end - 1], *after[:2]]) and _point(after[0])
    came_from = len(ahead) > 1 and _glued([*ahead[-2:], tokens[found.start]]) and _point(ahead[-1])
    return (goes_on and after[1].shape is Shape.NUMBER) or (came_from and ahead[-2].shape is Shape.NUMBER)


def _point(token: Token) -> bool:
    return token.text in {".", "/", "-"}


def _glued(tokens: Sequence[Token]) -> bool:
    return all(one.end == two.start for one, two in pairwise(tokens))
