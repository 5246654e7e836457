"""What a service is asked to do, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.models import Sensitivity
from workflows.effects import Effect
from workflows.facts import FactValue


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to log. ``opened_on`` is the legally relevant date. ``section_8a_from``: the day from which deaths are
    reviewed under section 8A of the 2004 Act, if one is set; without it no review of that kind is opened.

    ``because`` is the reference of the case whose step opens it.

    For what began before the tracker knew of it: ``state`` other than the initial one, and the clocks that it starts
    with (``opening``) other than those of the definition.
    """

    process: str
    partnership_id: int
    opened_on: date
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    title: str = ""
    sensitivity: Sensitivity = Sensitivity.OPEN
    owner_user_id: int | None = None
    owner_organisation_id: int | None = None
    parent_id: int | None = None
    because: str = ""
    state: str | None = None
    opening: tuple[Effect, ...] | None = None
    imported: bool = False
    section_8a_from: date | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """One step. ``seen_version`` is the version of the case that the person was looking at.

    ``overridden`` names the soft requirements to go ahead without, for ``override_reason``; ``evidence`` is the minute
    or e-mail when the decision was somebody else's; ``late_reason`` is asked when a date that it meets has passed.
    """

    seen_version: int
    occurred_on: date
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    reason: str = ""
    overridden: frozenset[str] = frozenset()
    override_reason: str = ""
    evidence: str = ""
    late_reason: str = ""
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class FactsRequest:
    """Facts to record without a step. ``instance`` is the organisation they are about, where there is one for each."""

    seen_version: int
    occurred_on: date
    facts: Mapping[str, FactValue]
    instance: str = ""
    reason: str = ""
    late_reason: str = ""
    request_id: str | None = None
