"""How alike two short texts are, by the words that they share. The same two texts always give the same number."""

import re

LIKE = 0.4
"""From here on two recommendations count as alike."""

_WORD = re.compile(r"[a-z]{3,}")
_COMMON = frozenset(
    [
        "the",
        "and",
        "for",
        "are",
        "was",
        "were",
        "been",
        "has",
        "have",
        "had",
        "that",
        "this",
        "these",
        "those",
        "with",
        "without",
        "from",
        "into",
        "onto",
        "upon",
        "than",
        "then",
        "its",
        "their",
        "his",
        "her",
        "our",
        "your",
        "they",
        "them",
        "who",
        "whom",
        "whose",
        "which",
        "what",
        "when",
        "where",
        "while",
        "will",
        "would",
        "should",
        "shall",
        "must",
        "can",
        "could",
        "may",
        "might",
        "all",
        "any",
        "each",
        "every",
        "both",
        "other",
        "others",
        "such",
        "not",
        "but",
        "about",
        "between",
        "within",
        "across",
        "through",
        "over",
        "under",
        "after",
        "before",
        "during",
        "make",
        "made",
        "makes",
        "making",
        "ensure",
        "ensures",
        "ensuring",
        "review",
        "reviews",
        "consider",
    ]
)
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "ers", "ed", "es", "s", "e", "y")
_SHORTEST = 4


def stems(text: str) -> frozenset[str]:
    """The words that carry the meaning, without their endings: ``trains``, ``trained`` and ``training`` are one."""
    return frozenset(_stem(word) for word in _WORD.findall(text.lower()) if word not in _COMMON)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0.0, no word in common, to 1.0, the same words: twice the shared ones over all of both (Dice)."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word.removesuffix(ending)
    return word
