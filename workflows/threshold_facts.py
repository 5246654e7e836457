"""What the ASB case review threshold is worked out from: the application, its incidents and reports, the area's rules.

Values only, checked when they are made; the calculation is in ``workflows/threshold.py``, the sources of the numbers
in ``docs/asb-case-review.md``, section 3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from workflows.dates import last_day_beginning_with

MOST_COMPLAINTS = 3
"""The number may be lower, never higher: explanatory notes to s.104(4)."""

LONGEST_MONTHS = 120
LONGEST_DAYS = 3660
"""No local period is longer: a longer one is a slip of the keyboard."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Dates outside these years are slips of the keyboard too."""


class ThresholdRefused(Exception):
    """The application or its rules cannot be assessed; ``str(error)`` says why in one plain sentence."""


class Record(StrEnum):
    """What is known of a report at the body it was made to."""

    CONFIRMED = "confirmed"
    EVIDENCED = "evidenced"  # no agency's record, but the applicant can show it was made
    UNVERIFIED = "unverified"  # nobody has looked yet: it counts for now
    NOT_FOUND = "not_found"  # no record and no evidence


class CountUnit(StrEnum):
    """The three readings of "three qualifying complaints"; an area's procedures choose one."""

    COMPLAINT = "complaint"
    INCIDENT = "incident"
    DISTINCT_REPORT = "distinct_report"


class ApplyFrom(StrEnum):
    """From what the time to apply is counted.

    The first incident or report is the first of those that count: an older one never takes a review away.
    """

    REPORT = "report"
    INCIDENT = "incident"
    FIRST_REPORT = "first_report"
    FIRST_INCIDENT = "first_incident"


class GroupKind(StrEnum):
    """What a group rule counts, among those with a qualifying report."""

    PEOPLE = "people"
    HOUSEHOLDS = "households"
    REPORTS = "reports"
    OTHERS = "others"  # the applicant, and so many others


@dataclass(frozen=True, slots=True)
class Window:
    """A time that begins with a day: so many months, that day included, or so many days after it."""

    n: int
    in_days: bool = False

    def last_day(self, start: date) -> date:
        """The last day in time."""
        if self.in_days:
            return start + timedelta(days=self.n)
        return last_day_beginning_with(start, self.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One area's numbers and periods. The defaults are the Act's own, counted by incident.

    Raises:
        ThresholdRefused: the number is outside 1 to 3, or another value is outside what it can be.
    """

    number: int = MOST_COMPLAINTS
    report_within_months: int = 1  # beginning with the incident: s.104(11)
    apply_within_months: int = 6  # beginning with the report: s.104(11)
    count_unit: CountUnit = CountUnit.INCIDENT
    group_people: int | None = None
    hate_number: int | None = None
    hate_months: int | None = None  # beginning with the report; None: the hate rule has no period of its own
    hate_needs_report_window: bool = True
    report_within_days: int | None = None  # instead of the months, where the procedures say days
    apply_within_days: int | None = None
    hate_days: int | None = None
    apply_from: ApplyFrom = ApplyFrom.REPORT
    group_kind: GroupKind = GroupKind.PEOPLE

    @property
    def report_window(self) -> Window:
        """The time to report an incident."""
        return _window(self.report_within_days, self.report_within_months)

    @property
    def apply_window(self) -> Window:
        """The time to apply."""
        return _window(self.apply_within_days, self.apply_within_months)

    @property
    def hate_window(self) -> Window | None:
        """The time to apply under the hate rule; None: it has none of its own."""
        if self.hate_days is None and self.hate_months is None:
            return None
        return _window(self.hate_days, self.hate_months or 0)

    @property
    def from_incident(self) -> bool:
        """Whether the time to apply is counted from the incident."""
        return self.apply_from in {ApplyFrom.INCIDENT, ApplyFrom.FIRST_INCIDENT}

    def __post_init__(self) -> None:
        if not 1 <= self.number <= MOST_COMPLAINTS:
            raise ThresholdRefused(
                f"The number of qualifying complaints is {self.number}: it is at least one and "
                "should not exceed three (explanatory notes to s.104(4))."
            )
        for name, value in (
            ("report_within_months", self.report_within_months),
            ("apply_within_months", self.apply_within_months),
            ("hate_months", self.hate_months),
        ):
            if value is not None and not 1 <= value <= LONGEST_MONTHS:
                raise ThresholdRefused(f"{name} is {value}: give between 1 and {LONGEST_MONTHS} months.")
        for name, value in (
            ("report_within_days", self.report_within_days),
            ("apply_within_days", self.apply_within_days),
            ("hate_days", self.hate_days),
        ):
            if value is not None and not 1 <= value <= LONGEST_DAYS:
                raise ThresholdRefused(f"{name} is {value}: give between 1 and {LONGEST_DAYS} days.")
        for name, value in (("group_people", self.group_people), ("hate_number", self.hate_number)):
            if value is not None and value < 1:
                raise ThresholdRefused(f"{name} is {value}: give at least 1, or leave it out.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that happened.

    ``on`` is its day; of a continuing incident the last day; of one whose day is not known the latest it could be,
    and then ``earliest`` is the earliest it could be. ``linked`` and ``alarm`` are an officer's decisions; ``hate`` is
    how the victim or anyone else sees it.
    """

    id: str
    on: date
    earliest: date | None = None
    linked: bool = True
    hate: bool = False
    alarm: bool = True

    @property
    def first_possible(self) -> date:
        """The earliest day on which it can have happened, as far as is known."""
        return self.on if self.earliest is None else self.earliest


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One call, message or visit to one body, about one incident or several.

    ``on`` is the day of the call, not the day it was logged. ``person`` is None when nobody knows who reported;
    of one whose day is not known ``on`` is the latest it could be, and ``earliest`` the earliest. ``household`` is
    theirs, where it is known on any of their reports; without it a person is a household of their own.
    """

    id: str
    on: date
    person: str | None
    body: str
    incidents: tuple[str, ...]
    record: Record = Record.UNVERIFIED
    household: str | None = None
    earliest: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What is assessed.

    ``applied`` is the London day on which the application was made, complete or not. ``applicant`` is the person who
    applies, for a rule that asks for them and others; None where it is not said.

    Raises:
        ThresholdRefused: an id is used twice, a report names an unknown incident, or a date cannot be right.
    """

    applied: date
    rules: Rules
    relevant: frozenset[str]
    incidents: tuple[Incident, ...]
    reports: tuple[Report, ...]
    applicant: str | None = None

    def __post_init__(self) -> None:
        _once("incident", (incident.id for incident in self.incidents))
        _once("report", (report.id for report in self.reports))
        _plausible("the day of the application", self.applied)
        known = {incident.id for incident in self.incidents}
        for incident in self.incidents:
            _plausible(f"the day of incident {incident.id}", incident.on)
            _plausible(f"the earliest day of incident {incident.id}", incident.first_possible)
            if incident.first_possible > incident.on:
                raise ThresholdRefused(f"The earliest day of incident {incident.id} is after its latest day.")
        for report in self.reports:
            _plausible(f"the day of report {report.id}", report.on)
            if report.earliest is not None:
                _plausible(f"the earliest day of report {report.id}", report.earliest)
                if report.earliest > report.on:
                    raise ThresholdRefused(f"The earliest day of report {report.id} is after its latest day.")
            _once(f"incident of report {report.id}", report.incidents)
            for key in report.incidents:
                if key not in known:
                    raise ThresholdRefused(
                        f"Report {report.id} names incident {key}, which is not in the list."
                    )


def _window(days: int | None, months: int) -> Window:
    return Window(months) if days is None else Window(days, in_days=True)


def _once(noun: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ThresholdRefused(f"The {noun} id {key} is used twice.")
        seen.add(key)


def _plausible(what: str, on: date) -> None:
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise ThresholdRefused(
            f"{on.isoformat()} cannot be {what}: give a year from {FIRST_YEAR} to {LAST_YEAR}."
        )
