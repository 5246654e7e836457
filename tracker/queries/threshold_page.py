"""What the pages of incidents, passing on, harm and the threshold of an ASB case review show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from tracker.models import AsbReport, Case, Dated, HarmAssessment, IncidentRecord, Organisation
from tracker.services import threshold
from tracker.services.asb_records import Told, incidents_of, pass_ons_of, relevant_bodies, reports_of
from tracker.services.harm import assessments_of
from tracker.services.threshold import Standing
from workflows.dates import in_words
from workflows.harm import questionnaire
from workflows.threshold import Assessment, CountUnit, Line, Outcome, Rules
from workflows.threshold_facts import GroupKind
from workflows.threshold_words import DISCRETION, GROUPS, UNIT_NOUNS, length_words, many, window_words
from workflows.traces import short

RESULTS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.MET_MANDATORY: (
        "Section 104(4) is reached: the bodies must decide that the threshold is met.",
        "good",
    ),
    Outcome.MET_LOCAL_RULE: ("A local rule is met.", "good"),
    Outcome.DISCRETION_REQUIRED: (DISCRETION, "waiting"),
}
_PERSON = {"applicant": "The applicant", "victim": "The victim"}
_RECORDS = {
    "confirmed": "Confirmed", "evidenced": "Shown by the applicant", "unverified": "Not checked yet", "not_found": "No record found",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class IncidentShown:
    """One incident in a list. ``marks`` are the officer's decisions that are not the usual ones."""

    number: int
    days: str
    what: str
    place: str
    marks: tuple[str, ...]
    note: str
    revision: int


@dataclass(frozen=True, slots=True)
class ReportShown:
    """One report in a list."""

    number: int
    days: str
    body: str
    person: str
    about: str
    record: str
    revision: int


@dataclass(frozen=True, slots=True)
class BodyShown:
    """A relevant body, and how it got the application. ``key`` names it in the form."""

    key: str
    name: str
    contact: str
    went: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineShown:
    """One report of one incident in the table of the threshold. ``colour`` is good, waiting or closed."""

    incident: str
    happened: str
    body: str
    reported: str
    counts: str
    colour: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One of the three ways to count."""

    words: str
    found: int
    needed: int
    own: bool

    @property
    def reached(self) -> bool:
        """Whether it reaches the number."""
        return self.found >= self.needed


@dataclass(frozen=True, slots=True)
class ThresholdShown:
    """The whole page of the threshold. ``rules`` is empty where the area has none; ``listed``: there are incidents."""

    result: str
    colour: str
    rules: tuple[str, ...]
    procedure: str
    applied: date
    lines: tuple[LineShown, ...]
    readings: tuple[Reading, ...]
    reasons: tuple[str, ...]
    warning: bool
    differs: str
    missing: tuple[str, ...]
    harm: HarmAssessment | None
    listed: bool


def incidents(session: Session, case: Case) -> tuple[IncidentShown, ...]:
    """Every incident, by number."""
    return tuple(_incident(row) for row in incidents_of(session, case))


def reports(session: Session, case: Case) -> tuple[ReportShown, ...]:
    """Every report, by number."""
    return tuple(
        ReportShown(
            number=told.row.number,
            days=span(told.row.earliest_on, told.row.latest_on),
            body=told.body.name if told.body else told.row.other_body,
            person=whose(told.row),
            about=", ".join(map(str, told.incidents)),
            record=_RECORDS[told.row.record],
            revision=told.row.revision,
        )
        for told in reports_of(session, case)
    )


def told_of(session: Session, case: Case, number: int) -> Told | None:
    """One report, by number."""
    return next((told for told in reports_of(session, case) if told.row.number == number), None)


def incident_of(session: Session, case: Case, number: int) -> IncidentRecord | None:
    """One incident, by number."""
    return next((row for row in incidents_of(session, case) if row.number == number), None)


def body_choices(session: Session, case: Case) -> tuple[tuple[str, str], ...]:
    """The relevant bodies, for a report; others are written down."""
    return tuple((body.organisation.key, body.organisation.name) for body in relevant_bodies(session, case))


def bodies(session: Session, case: Case) -> tuple[BodyShown, ...]:
    """Every relevant body, with each pass-on to it."""
    rows = pass_ons_of(session, case)
    return tuple(
        BodyShown(
            body.organisation.key,
            body.organisation.name,
            body.contact,
            tuple(
                f"{in_words(row.on)}, {_how(row.method)}"
                for row in rows
                if row.organisation_id == body.organisation.id
            ),
        )
        for body in relevant_bodies(session, case)
    )


def harm(session: Session, case: Case) -> tuple[HarmAssessment, ...]:
    """Every harm assessment, newest first."""
    return tuple(assessments_of(session, case))


def highest(row: HarmAssessment) -> int:
    """The highest score that the questions of this assessment can give."""
    return questionnaire(row.questionnaire).highest


def shown(session: Session, case: Case) -> ThresholdShown:
    """How the application stands under the rules of its area."""
    standing = threshold.standing_of(session, case)
    made, rules = standing.assessment, standing.rules
    words, colour = RESULTS[made.result] if made else (standing.missing[0], "waiting")
    return ThresholdShown(
        result=words,
        colour=colour,
        rules=rules_words(rules) if rules else (),
        procedure=standing.policy.name if standing.policy else "",
        applied=standing.applied,
        lines=tuple(_line(standing, line) for line in made.lines) if made else (),
        readings=_readings(made, rules) if made and rules else (),
        reasons=tuple(reason for reason in made.reasons if reason != DISCRETION) if made else (),
        warning=bool(made and made.warning),
        differs=RESULTS[standing.by_agency.result][0] if standing.differs and standing.by_agency else "",
        missing=standing.missing,
        harm=next(iter(assessments_of(session, case)), None),
        listed=bool(incidents_of(session, case)),
    )


def rules_words(rules: Rules) -> tuple[str, ...]:
    """An area's rules in words."""
    one, more = UNIT_NOUNS[rules.count_unit]
    said = [
        f"{many(rules.number, one, more)}.",
        f"Reported within {window_words(rules.report_window)}.",
        f"Application made within {window_words(rules.apply_window, 'day of the incident' if rules.from_incident else 'day of the report')}.",
    ]
    if rules.hate_number is not None:
        window = (
            f", reported within {length_words(rules.hate_window)} of the application"
            if rules.hate_window
            else ""
        )
        said.append(f"Or {many(rules.hate_number, 'hate incident', 'hate incidents')}{window}.")
    if rules.group_people is not None:
        who = GROUPS[rules.group_kind][rules.group_people != 1]
        besides = " besides the applicant" if rules.group_kind is GroupKind.OTHERS else ""
        said.append(f"Or {rules.group_people} {who}{besides} with a qualifying report.")
    return tuple(said)


def span(first: date | None, last: date | None) -> str:
    """A day, or the days between which it lies."""
    if first is None or last is None:
        return "Not known"
    return short(first) if first == last else f"{short(first)} to {short(last)}"


def person(part: str) -> str:
    """Who, without a name."""
    return _PERSON.get(part) or f"Another person ({part.partition('-')[2]})"


def whose(row: AsbReport) -> str:
    """Who reported, and of which household where that is said."""
    return f"{person(row.person)}, household {row.household}" if row.household else person(row.person)


def _incident(row: IncidentRecord) -> IncidentShown:
    marks = []
    if row.hate:
        marks.append("Seen as hate")
    if not row.linked:
        marks.append("Not part of the problem")
    if not row.alarm:
        marks.append("Could not cause harassment, alarm or distress")
    days = span(row.first_on, row.last_on)
    if row.dated == Dated.BETWEEN and row.first_on != row.last_on:
        days = f"Between {days.replace(' to ', ' and ')}"
    return IncidentShown(row.number, days, row.what, row.place, tuple(marks), row.note, row.revision)


def _how(method: str) -> str:
    return {"email": "by e-mail", "system": "on the shared system", "in_person": "in person", "phone": "by phone", "letter": "by letter", "online": "online"}.get(method, "another way")  # fmt: skip


def _line(standing: Standing, line: Line) -> LineShown:
    told = standing.told[line.report]
    body: Organisation | None = told.body
    incident = next(
        i for i in (standing.application.incidents if standing.application else ()) if i.id == line.incident
    )
    counts, colour = ("Yes", "good") if line.qualifies else ("No", "closed")
    if line.provisional:
        counts, colour = "For now", "waiting"
    return LineShown(
        incident=line.incident,
        happened=span(incident.first_possible, incident.on),
        body=f"{body.name if body else told.row.other_body}. {whose(told.row)}",
        reported=span(told.row.earliest_on, told.row.latest_on),
        counts=counts,
        colour=colour,
        why=line.why,
    )


def _readings(made: Assessment, rules: Rules) -> tuple[Reading, ...]:
    units = (rules.count_unit, *(unit for unit in CountUnit if unit is not rules.count_unit))
    return tuple(
        Reading(UNIT_NOUNS[unit][1].capitalize(), made.counts[unit], rules.number, unit is rules.count_unit)
        for unit in units
    )
