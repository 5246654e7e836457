"""What the service of letters is asked to do, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from workflows.letters import Channel, Form, To


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to draft. ``prose`` holds the words written for it; ``letter_on`` is the day that it is dated and goes
    out; ``instance`` the reference of the family contact; ``replaces`` the number of the letter that it takes the place of.
    """

    seen_version: int
    kind: str
    to: To
    channel: Channel
    letter_on: date
    label: str = ""
    address: str = ""
    organisation: str = ""
    instance: str = ""
    form: Form = Form.STANDARD
    language: str = "English"
    prose: Mapping[str, str] = field(default_factory=dict)
    replaces: int | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """The sending of a letter. ``note`` says how it went where it was read out."""

    seen_version: int
    sent_on: date
    channel: Channel
    form: Form = Form.STANDARD
    note: str = ""
    late_reason: str = ""
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class SentOutside:
    """A letter written and sent outside the tracker: whose, which way, and where it is kept."""

    kind: str
    to: To
    kept_at: str
    sending: Sending
    label: str = ""
    organisation: str = ""
    instance: str = ""
    language: str = "English"


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why one of those whom a letter must reach does not get it. ``whom`` as in :class:`~tracker.services.letter_parties.Party`."""

    seen_version: int
    kind: str
    to: To
    whom: str
    why: str
    late_reason: str = ""
    request_id: str | None = None
