"""Cuts a timescale into words, numbers and signs. One pass, whatever the text: no pattern here can backtrack far."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

_SPELT = (("‘", "'"), ("’", "'"), ("ʼ", "'"), ("`", "'"), ("´", "'"), ("′", "'"), ("“", '"'), ("”", '"'))
_BREAKS = re.compile(r"\r\n?|\x0b|\x0c|\x85|\u2028|\u2029|_x000D_\n?")  # Word's and Excel's line breaks too

_TOKEN = re.compile(
    r"""
      (?P<time>(?<![0-9./-])T?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?\s?(?:am|pm|z|hrs)?(?![a-z0-9])
              |(?<![0-9./-])[0-9]{1,2}(?:\.[0-9]{2})?\s?(?:am|pm|noon)(?![a-z0-9]))
    | (?P<number>[0-9]+)(?P<ordinal>(?:st|nd|rd|th)(?![a-z]))?
    | (?P<word>(?:n/a|w/c|w/e|w/b|w/k|y/e|f/y)(?![a-z])
              |on[-‐‑ ]going(?![a-z])
              |(?:[a-z]\.){2,4}[a-z]?(?![a-z])
              |[^\W\d_]+(?:'[^\W\d_]+)*)
    | (?P<dash>[-‐‑‒–—―−]+)
    | (?P<sign>\S)
    """,
    re.VERBOSE | re.IGNORECASE,
)


class Shape(Enum):
    """What a token is."""

    WORD = auto()
    NUMBER = auto()
    TIME = auto()  # a time of day
    DASH = auto()
    SIGN = auto()  # any other single character


@dataclass(frozen=True, slots=True)
class Token:
    """A word in small letters without dots, a number, or a sign, and where it stands in the text."""

    shape: Shape
    text: str
    start: int
    end: int
    ordinal: bool = False  # "1st"

    @property
    def number(self) -> int:
        """The value of a number; -1 for anything else."""
        return int(self.text) if self.shape is Shape.NUMBER else -1


def clean(text: str) -> str:
    """Put full-width digits, raised letters, odd spaces, quotation marks and line breaks into their plain form."""
    text = unicodedata.normalize("NFKC", _BREAKS.sub("\n", text))
    for odd, plain in _SPELT:
        text = text.replace(odd, plain)
    return "".join(
        one if one == "\n" or unicodedata.category(one)[0] != "C" else " " * (one.isspace()) for one in text
    )


def tokenise(text: str) -> list[Token]:
    """Cut cleaned text into tokens; spaces fall away."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        found = match.group()
        start, end = match.span()
        if match["time"]:
            shape = Shape.TIME
        elif match["number"]:
            tokens.append(Token(Shape.NUMBER, match["number"], start, end, ordinal=bool(match["ordinal"])))
            continue
        elif match["word"]:
            shape = Shape.WORD
            found = found.lower().replace(".", "")
            found = "ongoing" if found.startswith("on") and found.endswith("going") else found
        else:
            shape = Shape.DASH if match["dash"] else Shape.SIGN
        tokens.append(Token(shape, found, start, end))
    return tokens


class Tokens:
    """The tokens of one text, asked for by place; places outside the text hold nothing."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens

    def __len__(self) -> int:
        return len(self._tokens)

    def __getitem__(self, place: int) -> Token:
        return self._tokens[place]

    def slice(self, start: int, end: int) -> Sequence[Token]:
        """Give the tokens from ``start`` to ``end`` (not included)."""
        return self._tokens[start:end]

    def word(self, place: int) -> str:
        """Give the word at ``place``, or nothing."""
        token = self._at(place)
        return token.text if token is not None and token.shape is Shape.WORD else ""

    def number(self, place: int) -> int:
        """Give the number at ``place``, or -1."""
        token = self._at(place)
        return -1 if token is None else token.number

    def digits(self, place: int) -> str:
        """Give the digits of the number at ``place`` as written, or nothing."""
        token = self._at(place)
        return token.text if token is not None and token.shape is Shape.NUMBER else ""

    def ordinal(self, place: int) -> bool:
        """Say whether the number at ``place`` is written "1st"."""
        token = self._at(place)
        return token is not None and token.ordinal

    def sign(self, place: int) -> str:
        """Give the sign at ``place`` ("-" for every dash), or nothing."""
        token = self._at(place)
        if token is None:
            return ""
        if token.shape is Shape.DASH:
            return "-"
        return token.text if token.shape is Shape.SIGN else ""

    def glued(self, place: int) -> bool:
        """Say whether there is no space between the token at ``place`` and the one before it."""
        return 0 < place < len(self._tokens) and self._tokens[place - 1].end == self._tokens[place].start

    def says(self, place: int, *words: str) -> bool:
        """Say whether these words stand at ``place``, one after another."""
        return all(self.word(place + n) == word for n, word in enumerate(words))

    def said(self, start: int, end: int) -> str:
        """Give the tokens from ``start`` to ``end`` (not included) as one phrase, for use in a question."""
        pieces = [
            (" " if n > start and not self.glued(n) else "") + self[n].text
            for n in range(start, min(end, len(self)))
        ]
        return "".join(pieces)[:80]

    def _at(self, place: int) -> Token | None:
        return self._tokens[place] if 0 <= place < len(self._tokens) else None
