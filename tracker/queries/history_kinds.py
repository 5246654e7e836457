"""What a history can be narrowed to (docs/ux.md (c), History)."""

from collections.abc import Mapping
from enum import StrEnum

from tracker.audit import Happened


class Shown(StrEnum):
    """One part of a history, as it stands in the address."""

    ALL = "all"
    STEPS = "steps"
    DATES = "dates"
    DOCUMENTS = "documents"
    MESSAGES = "messages"
    ACCESS = "access"


WORDS: Mapping[Shown, str] = {
    Shown.ALL: "Everything",
    Shown.STEPS: "Steps",
    Shown.DATES: "Dates",
    Shown.DOCUMENTS: "Documents",
    Shown.MESSAGES: "Messages",
    Shown.ACCESS: "Access",
}

KINDS: Mapping[Shown, frozenset[Happened]] = {
    Shown.STEPS: frozenset(
        {Happened.CASE_OPENED, Happened.CASE_MOVED, Happened.REGIME_CHANGED, Happened.WORKFLOW_MIGRATED}
    ),
    Shown.DATES: frozenset({Happened.DEADLINE_CHANGED, Happened.RISK_JUDGED}),
    Shown.DOCUMENTS: frozenset(kind for kind in Happened if kind.name.startswith("DOCUMENT_")),
    Shown.MESSAGES: frozenset(kind for kind in Happened if kind.name.startswith("LETTER_"))
    | {
        Happened.CHASED, Happened.ACTION_REPORTED, Happened.REQUEST_ANSWERED, Happened.UPDATE_WITHDRAWN,
        Happened.PASSED_ON,
    },
    Shown.ACCESS: frozenset({Happened.ACCESS_GRANTED, Happened.ACCESS_ENDED, Happened.OWNER_CHANGED}),
}  # fmt: skip
"""The events of each part. Dates that a step started, met or moved are found with the step and by their own part."""

UNITS_OWN = frozenset(
    {
        Happened.NOTE_ADDED,
        Happened.RISK_JUDGED,
        Happened.TAKEN_TO_BOARD,
        Happened.BOARD_DECIDED,
        Happened.RETENTION_DECIDED,
    }
)
"""What a partnership says for itself: its notes, what it expects of an agency, what it asks its board."""


def read(text: str) -> Shown:
    """The part that an address asks for; everything for what it does not know."""
    return Shown(text) if text in set(Shown) else Shown.ALL
