"""What can be asked of a running date, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.errors import BadInput


class Act(StrEnum):
    """What can be done to a running date. The value is the last part of its address."""

    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    CORRECT = "correct"


class PauseReason(StrEnum):
    """Why a clock is stopped (docs/asb-case-review.md 4.3). That an agency is slow is not among them."""

    APPLICANT = "waiting_for_applicant"
    DELAY = "applicant_asked_for_delay"
    COURT = "court_or_criminal_proceedings"
    SAFEGUARDING = "safeguarding"

    @property
    def label(self) -> str:
        """The reason in words."""
        return _PAUSE_LABELS[self]


_PAUSE_LABELS: Mapping[PauseReason, str] = {
    PauseReason.APPLICANT: "Waiting for the applicant",
    PauseReason.DELAY: "The applicant asked for a delay",
    PauseReason.COURT: "Court or criminal proceedings",
    PauseReason.SAFEGUARDING: "Safeguarding",
}


@dataclass(frozen=True, slots=True)
class Extension:
    """More time: ``n`` units of the clock's own unit, agreed on ``agreed_on``. ``told`` is who was told, and when."""

    n: int
    agreed_on: date
    reason: str
    evidence: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stops: ``from_on`` is the first day that does not count."""

    code: PauseReason
    from_on: date
    reason: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Resume:
    """The clock runs again: ``from_on`` is the first day that counts."""

    from_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What was recorded wrongly: ``due_on`` the date itself, or ``started_on`` the day the clock started."""

    reason: str
    due_on: date | None = None
    started_on: date | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class LateReason:
    """Why a date that cannot be extended is late. It changes nothing but the history."""

    reason: str


Asked = Extension | Pause | Resume | Correction | LateReason


ACTS: Mapping[type[Asked], Act] = {
    Extension: Act.EXTEND,
    Pause: Act.PAUSE,
    Resume: Act.RESUME,
    Correction: Act.CORRECT,
}
"""Which act each request is."""


class DoesNotFit(BadInput):
    """An answer that cannot be used. ``about`` is the name of the answer."""

    def __init__(self, about: str, words: str) -> None:
        super().__init__(words)
        self.about = about
