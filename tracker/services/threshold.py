"""The threshold of one application, from its incidents and reports, under the rules of its area (docs/asb-case-review.md 3).

The calculation itself is in :mod:`workflows.threshold`. Here its input is put together, the calculation is made with
the applicant's dates and once more with those that agencies' records give, and what is missing is said. Where the two
differ in their result, the applicant's counts and a reason is recorded.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from tracker.models import Case, Dated, LocalPolicy
from tracker.models.columns import JsonObject
from tracker.services.asb_records import Told, applied_on, incidents_of, relevant_bodies, reports_of
from tracker.services.policies import policy_for
from workflows.dates import in_words
from workflows.threshold import (
    Application,
    Assessment,
    Incident,
    Line,
    Record,
    Report,
    Rules,
    ThresholdRefused,
    assess,
)
from workflows.threshold_reading import rules_from
from workflows.threshold_words import NO_RULES, NOT_DATED, REPORT_NOT_DATED

OTHER_BODY = "other"
"""A report to nobody on the list: it fails the third question, and goes to persistence."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an application stands. ``assessment`` is None where there are no rules; ``missing`` says what to ask for.

    ``by_agency`` is the same calculation with the dates of the agencies' records, where any are others; ``applied`` is
    the day of the application. ``told`` are the reports behind the lines, by their id.
    """

    policy: LocalPolicy | None
    rules: Rules | None
    applied: date
    application: Application | None
    assessment: Assessment | None
    by_agency: Assessment | None
    missing: tuple[str, ...]
    told: Mapping[str, Told]

    @property
    def differs(self) -> bool:
        """Whether an agency's dates would give another result."""
        both = self.assessment, self.by_agency
        return both[0] is not None and both[1] is not None and both[0].result is not both[1].result


def standing_of(session: Session, case: Case, *, policy: LocalPolicy | None = None) -> Standing:
    """Work out the threshold as the records stand now. ``policy``: under these rules instead of the case's own."""
    taken = policy or policy_for(session, case)
    applied = applied_on(case)
    told = {str(each.row.number): each for each in reports_of(session, case)}
    incidents, missing = _incidents(session, case)
    reports, undated = _reports(case, told, {incident.id for incident in incidents})
    missing = (*missing, *undated)
    rules, refusal = _rules(taken)
    if rules is None:
        return Standing(taken, None, applied, None, None, None, (refusal, *missing), told)
    application = Application(
        applied=applied,
        rules=rules,
        relevant=frozenset(body.organisation.key for body in relevant_bodies(session, case)),
        incidents=incidents,
        reports=reports,
        applicant="applicant",
    )
    theirs = tuple(_as_recorded(report, told[report.id]) for report in reports)
    by_agency = assess(replace(application, reports=theirs)) if theirs != reports else None
    return Standing(taken, rules, applied, application, assess(application), by_agency, missing, told)


def _rules(policy: LocalPolicy | None) -> tuple[Rules | None, str]:
    if policy is None or not policy.rules:
        return None, NO_RULES
    try:
        return rules_from(policy.rules), ""
    except ThresholdRefused as refused:
        return None, str(refused)


def _incidents(session: Session, case: Case) -> tuple[tuple[Incident, ...], tuple[str, ...]]:
    """The incidents that have days; for the others, what to ask for."""
    dated: list[Incident] = []
    missing: list[str] = []
    for row in incidents_of(session, case):
        if row.last_on is None:
            missing.append(NOT_DATED.format(number=row.number))
            continue
        earliest = row.first_on if row.dated == Dated.BETWEEN else None
        dated.append(
            Incident(
                id=str(row.number),
                on=row.last_on,
                earliest=earliest,
                linked=row.linked,
                hate=row.hate,
                alarm=row.alarm,
            )
        )
    return tuple(dated), tuple(missing)


def _reports(
    case: Case, told: Mapping[str, Told], dated: set[str]
) -> tuple[tuple[Report, ...], tuple[str, ...]]:
    """The reports that have days, of the incidents that have days; for the others, what to ask for."""
    reports: list[Report] = []
    missing: list[str] = []
    for key, each in told.items():
        row = each.row
        if row.latest_on is None:
            missing.append(REPORT_NOT_DATED.format(number=row.number))
            continue
        about = tuple(str(number) for number in each.incidents if str(number) in dated)
        reports.append(
            Report(
                id=key,
                on=row.latest_on,
                earliest=row.earliest_on if row.earliest_on != row.latest_on else None,
                person=_person(case, row.person),
                household=row.household or None,
                body=each.body.key if each.body else OTHER_BODY,
                incidents=about,
                record=Record(row.record),
            )
        )
    return tuple(reports), tuple(missing)


def _person(case: Case, part: str) -> str:
    """The applicant and the victim are one person where the applicant is the victim."""
    return "applicant" if part == "victim" and case.facts.get("applicant_is_victim") is True else part


def _as_recorded(report: Report, told: Told) -> Report:
    """The report on the day that the agency's record gives."""
    return replace(report, on=told.row.agency_on, earliest=None) if told.row.agency_on else report


def snapshot(standing: Standing) -> JsonObject:
    """The calculation with all that it rests on, without names or words of anybody: kept with the decision."""
    application, made = standing.application, standing.assessment
    if application is None or made is None:
        return {}
    return {
        "policy": {"id": standing.policy.id, "name": standing.policy.name} if standing.policy else {},
        "application": {
            "applied": application.applied.isoformat(),
            "applicant": application.applicant,
            "rules": standing.policy.rules if standing.policy else {},
            "relevant": sorted(application.relevant),
            "incidents": [_incident_json(incident) for incident in application.incidents],
            "reports": [_report_json(report) for report in application.reports],
        },
        "outcome": _outcome_json(made),
        "by_agency": _outcome_json(standing.by_agency) if standing.by_agency else None,
        "missing": list(standing.missing),
    }


def as_text(standing: Standing) -> str:
    """The snapshot as one canonical line of JSON; empty where nothing could be calculated."""
    made = snapshot(standing)
    return json.dumps(made, sort_keys=True, separators=(",", ":")) if made else ""


def reasons_for_letter(session: Session, case: Case, person: str = "applicant") -> tuple[str, ...]:
    """Report by report, why it counts or not, in words for a letter to one person: of that person's own reports alone.

    ``person`` is ``applicant``, ``victim`` or ``other-1`` ...; others' reports are not even mentioned.
    """
    standing = standing_of(session, case)
    if standing.assessment is None:
        return ()
    wanted = _person(case, person)
    lines = [
        f"{_report_words(standing.told[line.report])}, about what happened {_happened(standing, line)}: {line.why}"
        for line in standing.assessment.lines
        if _person(case, standing.told[line.report].row.person) == wanted
    ]
    undated = [
        REPORT_NOT_DATED.format(number=each.row.number)
        for each in standing.told.values()
        if each.row.latest_on is None and _person(case, each.row.person) == wanted
    ]
    return (*lines, *undated)


def _report_words(told: Told) -> str:
    row = told.row
    body = told.body.name if told.body else row.other_body
    if row.earliest_on and row.latest_on and row.earliest_on != row.latest_on:
        return f"Your report to {body} between {in_words(row.earliest_on)} and {in_words(row.latest_on)}"
    return (
        f"Your report to {body} on {in_words(row.latest_on)}" if row.latest_on else f"Your report to {body}"
    )


def _happened(standing: Standing, line: Line) -> str:
    application = standing.application
    incident = next(i for i in (application.incidents if application else ()) if i.id == line.incident)
    if incident.earliest is not None and incident.earliest != incident.on:
        return f"between {in_words(incident.earliest)} and {in_words(incident.on)}"
    return f"on {in_words(incident.on)}"


def _incident_json(incident: Incident) -> JsonObject:
    days = (
        {"on": incident.on.isoformat()}
        if incident.earliest is None
        else {"earliest": incident.earliest.isoformat(), "latest": incident.on.isoformat()}
    )
    return {
        "id": incident.id,
        "linked": incident.linked,
        "hate": incident.hate,
        "alarm": incident.alarm,
        **days,
    }


def _report_json(report: Report) -> JsonObject:
    made: JsonObject = {
        "id": report.id,
        "on": report.on.isoformat(),
        "person": report.person,
        "body": report.body,
        "incidents": list(report.incidents),
        "record": str(report.record),
    }
    made |= {"earliest": report.earliest.isoformat()} if report.earliest else {}
    return made | ({"household": report.household} if report.household else {})


def _outcome_json(made: Assessment) -> JsonObject:
    return {
        "result": str(made.result),
        "counts": {str(unit): found for unit, found in made.counts.items()},
        "people": made.people,
        "hate": made.hate,
        "warning": made.warning,
        "reasons": list(made.reasons),
        "lines": [
            {
                "report": line.report,
                "incident": line.incident,
                "qualifies": line.qualifies,
                "why": line.why,
                "provisional": line.provisional,
            }
            for line in made.lines
        ],
    }
