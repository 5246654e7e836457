"""The colour of an action, worked out and never stored (docs/domestic-homicide-review.md 4.5).

Blue is verified, grey ended otherwise; red is past the current target and not reported as done; amber is due within
28 days without an update in 28 days, or at risk, or moved twice or more, or reported as done and not verified.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SOON = timedelta(days=28)
"""How near a target is soon, and how old an update is too old."""
MOVED_OFTEN = 2
REPORTED = "completed_unverified"

_ENDED = {
    "verified": "It is done and verified.",
    "not_accepted": "The agency did not accept it.",
    "superseded": "Another action took its place.",
    "abandoned": "The CSP chair decided that it will not be carried out.",
}


class Colour(StrEnum):
    """Shown as this word: nobody has to see a colour."""

    RED = "Red"
    AMBER = "Amber"
    GREEN = "Green"
    BLUE = "Blue"
    GREY = "Grey"


@dataclass(frozen=True, slots=True)
class Progress:
    """All that the colour looks at. ``target_on`` is the current target; ``moved`` how often it was moved."""

    state: str
    target_on: date | None = None
    last_update_on: date | None = None
    at_risk: bool = False
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Rag:
    """A colour, and why, in one sentence."""

    colour: Colour
    why: str


def rag(action: Progress, today: date) -> Rag:
    """The colour of an action on a London date."""
    if why := _ENDED.get(action.state):
        return Rag(Colour.BLUE if action.state == "verified" else Colour.GREY, why)
    if action.state == REPORTED:
        return Rag(Colour.AMBER, "It is reported as done, and nobody has verified it yet.")
    if action.target_on is not None and action.target_on < today:
        return Rag(Colour.RED, f"Its target date of {_day(action.target_on)} has passed.")
    if why := _doubt(action, today):
        return Rag(Colour.AMBER, why)
    return Rag(Colour.GREEN, "No date has passed, and nobody says that it is at risk.")


def _doubt(action: Progress, today: date) -> str:
    """The first thing that makes an open action amber."""
    if action.at_risk:
        return "Its lead says that it is at risk."
    if action.moved >= MOVED_OFTEN:
        return f"Its target date was moved {times(action.moved)}."
    soon = action.target_on is not None and action.target_on - today <= SOON
    if soon and (action.last_update_on is None or today - action.last_update_on > SOON):
        return "It is due within 28 days, and nobody has said anything for 28 days."
    return ""


def times(count: int) -> str:
    """How often, in words: ``twice``."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
