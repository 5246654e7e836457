"""The ASB case review threshold: is a review owed, and why (Anti-social Behaviour, Crime and Policing Act 2014, s.104).

Qualifying complaints are those of s.104(11): made within one month beginning with the behaviour, the application
within six months beginning with the complaint. Local procedures may set other periods and a lower number. The three
ways to count "three" and the order of the tests are in ``docs/asb-case-review.md``, section 3. There is no result
"not met": what the rules do not decide, people decide under s.104(5).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from workflows import threshold_words as words
from workflows.matching import maximum_matching
from workflows.threshold_facts import (
    Application,
    ApplyFrom,
    CountUnit,
    GroupKind,
    Incident,
    Record,
    Report,
    Rules,
    ThresholdRefused,
    Window,
)

__all__ = [
    "Application",
    "ApplyFrom",
    "Assessment",
    "CountUnit",
    "GroupKind",
    "Incident",
    "Line",
    "Outcome",
    "Record",
    "Report",
    "Rules",
    "ThresholdRefused",
    "assess",
]


class Outcome(StrEnum):
    """What the rules decide. Never "not met"."""

    MET_MANDATORY = "met_mandatory"
    MET_LOCAL_RULE = "met_local_rule"
    DISCRETION_REQUIRED = "discretion_required"


@dataclass(frozen=True, slots=True)
class Line:
    """How one report of one incident stands: it counts, or the first reason why not.

    ``why`` is fit for a letter. ``provisional`` is true when it counts only until something is checked.
    """

    report: str
    incident: str
    qualifies: bool
    why: str
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The result with everything that it rests on.

    ``warning``: another reading of the Act reaches the number and the area's own does not; a manager records why.
    """

    result: Outcome
    counts: Mapping[CountUnit, int]
    people: int
    hate: int
    warning: bool
    reasons: tuple[str, ...]
    lines: tuple[Line, ...]


def assess(application: Application) -> Assessment:
    """Work out whether the threshold is met, with the reasons in the order of the tests."""
    incidents = {incident.id: incident for incident in application.incidents}
    judge = _Judge(application)
    lines: list[Line] = []
    hateful: set[str] = set()
    for report in application.reports:
        for key in report.incidents:
            incident = incidents[key]
            dated = judge.on_its_best_day(report, incident)
            lines.append(judge.line(dated, incident))
            if incident.hate and judge.counts_as_hate(dated, incident):
                hateful.add(key)
    qualifying = [line for line in lines if line.qualifies]
    reports = {line.report for line in qualifying}
    counts = {
        CountUnit.COMPLAINT: len(reports),
        CountUnit.INCIDENT: len({line.incident for line in qualifying}),
        CountUnit.DISTINCT_REPORT: _distinct_reports(qualifying),
    }
    people = {report.person for report in application.reports if report.id in reports} - {None}
    group = _group(application, reports, people)
    return _decide(application.rules, counts, len(people), group, len(hateful), tuple(lines))


def _group(application: Application, reports: Collection[str], people: Collection[str | None]) -> int:
    """Count what the area's group rule counts. It can only add a route: it never reduces what the Act counts."""
    match application.rules.group_kind:
        case GroupKind.HOUSEHOLDS:
            return _households(
                [report for report in application.reports if report.id in reports], application
            )
        case GroupKind.REPORTS:
            return len(reports)
        case GroupKind.OTHERS:
            applies = application.applicant
            if applies is not None and applies not in people:
                return 0  # the applicant and so many others: without a report of the applicant's the rule says nothing
            return max(0, len(people) - 1)
        case _:
            return len(people)


def _households(counted: Collection[Report], application: Application) -> int:
    """Count households. One that is said of any report of a person is theirs; a person without one is one alone."""
    said = {report.person: report.household for report in application.reports if report.household}
    home = ((report.household or said.get(report.person), report.person) for report in counted)
    return len({(household, None if household else person) for household, person in home} - {(None, None)})


def _decide(
    rules: Rules,
    counts: Mapping[CountUnit, int],
    people: int,
    group: int,
    hate: int,
    lines: tuple[Line, ...],
) -> Assessment:
    """Put the tests in their order: the Act's number, the hate rule, the group rule, then people."""
    reached = counts[rules.count_unit] >= rules.number
    warning = not reached and any(found >= rules.number for found in counts.values())
    reasons = [words.count_reason(counts[rules.count_unit], rules.number, rules.count_unit)]
    local_rule = False
    if rules.hate_number is not None:
        local_rule |= hate >= rules.hate_number
        reasons.append(words.hate_reason(hate, rules.hate_number, rules.hate_window))
    if rules.group_people is not None:
        local_rule |= group >= rules.group_people
        reasons.append(words.group_reason(group, rules.group_people, rules.group_kind))
    if reached:
        result = Outcome.MET_MANDATORY
    elif local_rule:
        result = Outcome.MET_LOCAL_RULE
    else:
        result = Outcome.DISCRETION_REQUIRED
        reasons.append(words.DISCRETION)
    if warning:
        reasons.append(
            words.warning_reason(
                {unit.value: found for unit, found in counts.items()}, rules.number, rules.count_unit
            )
        )
    return Assessment(
        result=result,
        counts=counts,
        people=people,
        hate=hate,
        warning=warning,
        reasons=tuple(reasons),
        lines=lines,
    )


class _Judge:
    """Asks the eight questions of a report of an incident, in their order (section 3.3 of the specification)."""

    def __init__(self, application: Application) -> None:
        self._applied = application.applied
        self._rules = application.rules
        self._relevant = application.relevant
        self._last_day = cache(Window.last_day)  # 2,000 reports of 2,000 incidents share a few hundred days

    def on_its_best_day(self, report: Report, incident: Incident) -> Report:
        """The report on the day, of those it could be, that serves the applicant best: the last that is in time."""
        if report.earliest is None:
            return report
        in_time = min(report.on, self._last_day(self._rules.report_window, incident.on), self._applied)
        return replace(report, on=max(in_time, report.earliest))

    def line(self, report: Report, incident: Incident) -> Line:
        """Say whether the pair qualifies, or the first reason why not."""
        refusal = self._facts(report, incident) or self._reported_late(report, incident)
        refusal = refusal or self._applied_late(report, self._rules.apply_window, incident)
        if refusal is None and report.on > self._applied:
            refusal = words.reported_after_application(report.on, self._applied)
        if refusal is not None:
            return Line(report.id, incident.id, qualifies=False, why=refusal)
        if report.record is Record.UNVERIFIED:
            why, provisional = words.COUNTS_UNCHECKED, True
        elif report.earliest is not None:
            why, provisional = words.COUNTS_REPORT_DAY_UNKNOWN, True
        elif incident.first_possible < incident.on:
            why, provisional = words.COUNTS_DAY_UNKNOWN, True
        elif report.record is Record.EVIDENCED:
            why, provisional = words.COUNTS_WITH_EVIDENCE, False
        else:
            why, provisional = words.COUNTS, False
        return Line(report.id, incident.id, qualifies=True, why=why, provisional=provisional)

    def counts_as_hate(self, report: Report, incident: Incident) -> bool:
        """Say whether the pair counts for the hate rule: its own months, and the report window unless waived."""
        rules = self._rules
        if self._facts(report, incident) is not None or report.on > self._applied:
            return False
        if rules.hate_needs_report_window and self._reported_late(report, incident) is not None:
            return False
        return rules.hate_window is None or self._applied_late(report, rules.hate_window) is None

    def _facts(self, report: Report, incident: Incident) -> str | None:
        """Questions 1 to 5; the answer is the first reason against, or None."""
        if not incident.linked:
            return words.NOT_LINKED
        if not incident.alarm:
            return words.NOT_HARMFUL
        if report.body not in self._relevant:
            return words.OTHER_BODY
        if report.record is Record.NOT_FOUND:
            return words.NO_RECORD
        if report.on < incident.first_possible:
            return words.reported_before_it_happened(report.on, incident.first_possible)
        return None

    def _reported_late(self, report: Report, incident: Incident) -> str | None:
        """Question 6. Of the days it could have happened, the latest leaves most time."""
        last = self._last_day(self._rules.report_window, incident.on)
        if report.on <= last:
            return None
        return words.reported_too_late(report.on, last, self._rules.report_window)

    def _applied_late(self, report: Report, window: Window, incident: Incident | None = None) -> str | None:
        """Question 7, for the Act's period or the hate rule's. It may be counted from the incident instead."""
        happened = incident.on if incident is not None and self._rules.from_incident else None
        last = self._last_day(window, happened or report.on)
        return None if self._applied <= last else words.applied_too_late(report.on, last, window, happened)


def _distinct_reports(qualifying: Collection[Line]) -> int:
    """Count the incidents that can each be given a qualifying report of their own."""
    columns: dict[str, int] = {}
    rows: dict[str, list[int]] = {}
    for line in qualifying:
        rows.setdefault(line.report, []).append(columns.setdefault(line.incident, len(columns)))
    return maximum_matching(list(rows.values()), right_size=len(columns))
