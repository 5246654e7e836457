"""Cuts a cell of a plan into the items that its lines, bullets and numbers make."""

import re

from workflows import timescale_words as words

_ITEM = re.compile(r"\s*(?:\(?[0-9]{1,2}\)|\(?[A-Za-z]\)|[•*·▪●◦‣–-](?=\s))\s*")
_NUMBERED = re.compile(r"\s*([0-9]{1,2})\.\s+")
_INLINE_ITEM = re.compile(r"(?:^|(?<=\s))\(?([0-9]{1,2}|[a-h]|i{1,3}|iv)\)(?=\s)")
_GOES_ON = re.compile(
    r"(?:\b(?:to|and|by|until|or|of|end|from|before|within|the)|[-–—/&,])\s*\Z", re.IGNORECASE
)
_GOES_BACK = re.compile(r"(?:to|and|until|or|then|through)\b|[/&(]", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"'?[0-9]{2,4}\b")
_LAST_WORD = re.compile(r"(\bq[1-4]|[^\W\d_]+)\.?\s*\Z", re.IGNORECASE)
_WANT_YEAR = frozenset(words.MONTHS) | frozenset(words.SEASONS) | words.MOVEABLE | {"q1", "q2", "q3", "q4"}


def pieces(text: str) -> tuple[list[str], bool]:
    """Cut a cell into its items: lines, bullets, "1) ... 2) ..."; a line that was only wrapped is joined again.

    Also says whether the items were marked as such, by numbers, letters or bullets.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) == 1:
        inline = list(_INLINE_ITEM.finditer(lines[0]))
        if len(inline) > 1 and _in_order([match[1] for match in inline]):
            ends = [match.start() for match in inline[1:]] + [len(lines[0])]
            head = lines[0][: inline[0].start()].strip()
            items = [
                lines[0][match.end() : end].strip(" ;,") for match, end in zip(inline, ends, strict=True)
            ]
            return ([head, *items] if head else items), True
        return lines, False
    numbered = [_NUMBERED.match(line) for line in lines]
    if all(match and int(match[1]) == n for n, match in enumerate(numbered, start=1)):
        return [_NUMBERED.sub("", line, count=1) for line in lines], True
    if len(lines) > 1 and all(_ITEM.match(line) for line in lines):
        return [_ITEM.sub("", line, count=1) for line in lines], True
    joined: list[str] = []
    for line in lines:
        if joined and _wrapped(joined[-1], line):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined, False


def _in_order(labels: list[str]) -> bool:
    """Say whether the labels count from the first: 1, 2, 3 or a, b, c or i, ii, iii."""
    size = len(labels)
    return labels in (
        [str(n) for n in range(1, size + 1)],
        list("abcdefgh"[:size]),
        ["i", "ii", "iii", "iv"][:size],
    )


def _wrapped(above: str, line: str) -> bool:
    """Say whether a line only goes on from the one above."""
    if _GOES_ON.search(above) or _GOES_BACK.match(line):
        return True
    word = _LAST_WORD.search(above)
    return word is not None and word[1].lower() in _WANT_YEAR and _YEAR_FIRST.match(line) is not None
