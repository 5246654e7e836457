"""The Status cell: how far an action has got, in one of a few words, or a question."""

import re
from enum import StrEnum

from tracker.imports.colours import colour_name
from tracker.imports.grid import Cell


class StatusReading(StrEnum):
    """What a status says. ``NONE``: nothing has been said. ``ASK``: something was, and only a person can tell what."""

    COMPLETE = "complete"
    IN_PROGRESS = "in_progress"
    ONGOING = "ongoing"
    ON_TARGET = "on_target"
    BEHIND = "behind"
    PAUSED = "paused"
    REJECTED = "rejected"
    NONE = "none"
    ASK = "ask"


# In this order: "not started" before "started", "not on track" before "on track", "partly complete" before "complete".
_WORDS: dict[StatusReading, str] = {
    StatusReading.NONE: (
        r"not (yet )?(started|begun|commenced|due)|to (start|be started)|yet to start|no update|none|n/?a|not applicable|to do"
    ),
    StatusReading.BEHIND: (
        r"behind( schedule)?|delayed|slipped|slippage|overdue|late|off (target|track)|not on (target|track)|missed"
    ),
    StatusReading.ON_TARGET: r"on (target|track|schedule|course)",
    StatusReading.IN_PROGRESS: (
        r"in[ -]progress|under ?way|started|begun|commenced|work in progress|wip|progressing|"
        r"(partially|partly|part|nearly|almost|mostly) (complete|completed|done|achieved|met)"
    ),
    StatusReading.PAUSED: r"on hold|paused|deferred|suspended|postponed|stalled",
    StatusReading.REJECTED: (
        r"rejected|not accepted|not agreed|withdrawn|abandoned|cancelled|superseded|dropped|"
        r"no longer (required|needed|relevant)|will not be (done|taken forward)"
    ),
    StatusReading.ONGOING: r"on-?going|on going|continuing|continuous|business as usual|bau",
    StatusReading.COMPLETE: (
        r"complete|completed|done|finished|closed|achieved|delivered|discharged|met|implemented"
    ),
}
_PATTERNS = tuple((reading, re.compile(rf"\b({words})\b")) for reading, words in _WORDS.items())
_NOT_DONE = re.compile(
    r"\b(not|never|isn.t|hasn.t|incomplete|un\w+|to be|yet to be|due to be|when|until|if|should be|will be)\b"
)
_LONGEST = 60  # characters; longer is an account of progress, not a status


def read_status(text: str) -> StatusReading:
    """The reading of the words of a status, from their own meaning only: a colour's name is asked about."""
    words = " ".join(text.casefold().replace("\u2019", "'").split())
    if not words:
        return StatusReading.NONE
    found: list[StatusReading] = []
    rest = words
    for reading, pattern in _PATTERNS:
        if pattern.search(rest):
            found.append(reading)
            rest = pattern.sub(" ", rest)
    if len(words) > _LONGEST or len(found) != 1:
        return StatusReading.ASK
    if found[0] is not StatusReading.NONE and _NOT_DONE.search(rest):
        return StatusReading.ASK
    if "?" in words:
        return StatusReading.ASK
    return found[0]


def ask_about_status(cell: Cell, heading: str) -> tuple[StatusReading, str]:
    """The reading of a status cell, and what to ask where its words, or its colour without words, leave it open."""
    text = cell.text.strip()
    reading = read_status(cell.standing if cell.partly_struck else text)
    if text:
        ask = f"What does “{text}” under {heading} mean here?" if reading is StatusReading.ASK else ""
        return reading, ask
    if cell.fill and cell.fill not in {"FFFFFF", "000000"}:
        colour = colour_name(cell.fill)
        seen = f"filled {colour}" if colour else f"filled with the colour {cell.fill}"
        return (
            StatusReading.ASK,
            f"The cell under {heading} is {seen} and has no words. What does the colour mean?",
        )
    return StatusReading.NONE, ""
