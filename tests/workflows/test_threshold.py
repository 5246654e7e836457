"""The ASB case review threshold: every worked example of the specification."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from workflows.threshold import (
    Application,
    Assessment,
    CountUnit,
    Incident,
    Outcome,
    Record,
    Report,
    Rules,
    ThresholdRefused,
    assess,
)

A = date(2026, 11, 22)
BODIES = frozenset({"council", "police", "landlord"})
HEREFORDSHIRE = Rules(hate_number=1, hate_months=6)
SOUTH_WORCESTERSHIRE = Rules(count_unit=CountUnit.DISTINCT_REPORT, group_people=3)
SHROPSHIRE = Rules(count_unit=CountUnit.DISTINCT_REPORT, hate_number=1, hate_months=3)
MET, LOCAL, DISCRETION = Outcome.MET_MANDATORY, Outcome.MET_LOCAL_RULE, Outcome.DISCRETION_REQUIRED


def three_counts(assessment: Assessment) -> tuple[int, int, int]:
    counts = assessment.counts
    return counts[CountUnit.COMPLAINT], counts[CountUnit.INCIDENT], counts[CountUnit.DISTINCT_REPORT]


def incident(name: str, on: str, **more: object) -> Incident:
    return replace(Incident(id=name, on=date.fromisoformat(on)), **more)


def report(
    name: str, on: str, incidents: str, *, person: str = "p", body: str = "council", **more: object
) -> Report:
    made = Report(
        id=name, on=date.fromisoformat(on), person=person, body=body, incidents=tuple(incidents.split())
    )
    return replace(made, record=Record.CONFIRMED, **more) if "record" not in more else replace(made, **more)


def application(
    incidents: Iterable[Incident],
    reports: Iterable[Report],
    rules: Rules = HEREFORDSHIRE,
    applied: date = A,
) -> Application:
    return Application(
        applied=applied, rules=rules, relevant=BODIES, incidents=tuple(incidents), reports=tuple(reports)
    )


GOOD = (incident("b", "2026-10-03"), incident("c", "2026-11-10"))
GOOD_REPORTS = (
    report("2", "2026-10-05", "b", body="police"),
    report("3", "2026-11-12", "c", body="landlord"),
)
ONE = (incident("a", "2026-09-01"),)
ONE_TO_THREE_BODIES = (
    report("1", "2026-09-02", "a"),
    report("2", "2026-09-02", "a", body="police"),
    report("3", "2026-09-03", "a", body="landlord"),
)
ONE_BY_THREE_HOMES = tuple(replace(made, person=f"home {made.id}") for made in ONE_TO_THREE_BODIES)
THREE = (incident("a", "2026-09-01"), *GOOD)
THREE_REPORTS = (report("1", "2026-09-02", "a"), *GOOD_REPORTS)
HATE = (incident("h", "2026-07-20", hate=True),)
MESSAGE = (report("1", "2026-11-11", "a b c"),)
RECENT = (incident("a", "2026-11-01"), incident("b", "2026-11-03"), incident("c", "2026-11-10"))

EXAMPLES = {
    "E1": (application(THREE, THREE_REPORTS), MET, (3, 3, 3), False),
    "E2": (application(ONE, ONE_TO_THREE_BODIES), DISCRETION, (3, 1, 1), True),
    "E3": (
        application((incident("a", "2026-06-03"), *GOOD), (report("1", "2026-07-03", "a"), *GOOD_REPORTS)),
        DISCRETION,
        (2, 2, 2),
        False,
    ),
    "E3 a day earlier": (
        application((incident("a", "2026-06-03"), *GOOD), (report("1", "2026-07-02", "a"), *GOOD_REPORTS)),
        MET,
        (3, 3, 3),
        False,
    ),
    "E4": (
        application((incident("a", "2026-05-22"), *GOOD), (report("1", "2026-05-22", "a"), *GOOD_REPORTS)),
        DISCRETION,
        (2, 2, 2),
        False,
    ),
    "E4b": (
        application((incident("a", "2026-05-22"), *GOOD), (report("1", "2026-05-23", "a"), *GOOD_REPORTS)),
        MET,
        (3, 3, 3),
        False,
    ),
    "E5 Herefordshire": (application(RECENT, MESSAGE), MET, (1, 3, 1), False),
    "E5 South Worcestershire": (
        application(RECENT, MESSAGE, SOUTH_WORCESTERSHIRE),
        DISCRETION,
        (1, 3, 1),
        True,
    ),
    "E6": (
        application(THREE, (replace(one, person=f"home {one.id}") for one in THREE_REPORTS), SHROPSHIRE),
        MET,
        (3, 3, 3),
        False,
    ),
    "E7 South Worcestershire": (
        application(ONE, ONE_BY_THREE_HOMES, SOUTH_WORCESTERSHIRE),
        LOCAL,
        (3, 1, 1),
        True,
    ),
    "E7 Herefordshire": (application(ONE, ONE_BY_THREE_HOMES), DISCRETION, (3, 1, 1), True),
    "E8 Herefordshire": (application(HATE, (report("1", "2026-07-20", "h"),)), LOCAL, (1, 1, 1), False),
    "E8 Shropshire": (
        application(HATE, (report("1", "2026-07-20", "h"),), SHROPSHIRE),
        DISCRETION,
        (1, 1, 1),
        False,
    ),
    "E9": (
        application(
            (incident("a", "2026-08-31"), *GOOD),
            (report("1", "2026-08-31", "a"), *GOOD_REPORTS),
            applied=date(2027, 2, 28),
        ),
        MET,
        (3, 3, 3),
        False,
    ),
    "E10": (
        application(
            (incident("a", "2026-11-01"), incident("b", "2026-11-03")),
            (report("1", "2026-11-04", "a b"), report("2", "2026-11-05", "a")),
            SOUTH_WORCESTERSHIRE,
        ),
        DISCRETION,
        (2, 2, 2),
        False,
    ),
    "E11": (
        application((*ONE, GOOD[0], replace(GOOD[1], linked=False)), THREE_REPORTS),
        DISCRETION,
        (2, 2, 2),
        False,
    ),
    "E12": (
        application(THREE, (*THREE_REPORTS[:2], report("3", "2026-11-23", "c"))),
        DISCRETION,
        (2, 2, 2),
        False,
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_examples_of_the_specification(name: str) -> None:
    given_application, result, counts, warning = EXAMPLES[name]
    assessment = assess(given_application)
    assert (assessment.result, three_counts(assessment), assessment.warning) == (result, counts, warning)
    assert any("manager must record why" in reason for reason in assessment.reasons) is warning


def test_a_number_above_three_or_below_one_is_refused() -> None:
    for number in (5, 4, 0, -1):
        with pytest.raises(ThresholdRefused) as refused:
            Rules(number=number)
        assert "should not exceed three (explanatory notes to s.104(4))" in str(refused.value)


FAULTS: Sequence[tuple[str, dict[str, object], dict[str, object]]] = (
    ("not part of the problem", {"linked": False}, {}),
    ("harassment, alarm or distress", {"alarm": False}, {}),
    ("not reported to one of the bodies", {}, {"body": "other"}),
    ("No agency has a record", {}, {"record": Record.NOT_FOUND}),
    ("before the incident on Saturday 1 August 2026", {}, {"on": date(2026, 7, 31)}),
    ("The last day to report it was Monday 31 August 2026", {}, {"on": date(2026, 9, 1)}),
    ("The application had to be made by Sunday 31 January 2027", {}, {}),
    ("would qualify if you apply again", {}, {}),
)


def faulty(*numbers: int) -> Assessment:
    """Assess one report of one incident that fails just these tests of section 3.3 (numbered from 1)."""
    happened, made, applied = incident("a", "2026-08-01"), report("1", "2026-08-01", "a"), A
    for number in numbers:
        _, of_incident, of_report = FAULTS[number - 1]
        happened, made = replace(happened, **of_incident), replace(made, **of_report)
    if 7 in numbers:
        applied = date(2027, 4, 1)
    if 8 in numbers:
        applied = date(2026, 7, 1)
    return assess(application((happened,), (made,), Rules(), applied))


@pytest.mark.parametrize("number", range(1, 9))
def test_each_test_alone_gives_its_reason(number: int) -> None:
    line = faulty(number).lines[0]
    assert not line.qualifies
    assert FAULTS[number - 1][0] in line.why


@pytest.mark.parametrize(
    ("first", "second"),
    [(a, b) for a in range(1, 9) for b in range(a + 1, 9) if (a, b) not in {(5, 6), (7, 8)}],
)
def test_the_first_failing_test_is_the_reason(first: int, second: int) -> None:
    """5 and 6, and 7 and 8, cannot fail together: a report is not both before and long after."""
    assert FAULTS[first - 1][0] in faulty(first, second).lines[0].why


@pytest.mark.parametrize(
    ("record", "good", "provisional"),
    [
        (Record.CONFIRMED, True, False),
        (Record.EVIDENCED, True, False),
        (Record.UNVERIFIED, True, True),
        (Record.NOT_FOUND, False, False),
    ],
)
def test_only_a_report_with_neither_record_nor_evidence_fails(
    record: Record, good: bool, provisional: bool
) -> None:
    line = assess(application(ONE, (report("1", "2026-09-02", "a", record=record),))).lines[0]
    assert (line.qualifies, line.provisional) == (good, provisional)


@pytest.mark.parametrize(
    ("earliest", "latest", "reported", "good"),
    [
        ("2026-08-01", "2026-08-20", "2026-09-19", True),  # the 20th began a month that ended that day
        ("2026-08-01", "2026-08-20", "2026-09-20", False),
        ("2026-08-01", "2026-08-20", "2026-08-05", True),  # it can have happened before the report
        ("2026-08-01", "2026-08-20", "2026-08-01", True),
        ("2026-08-01", "2026-08-20", "2026-07-31", False),
        ("2026-01-01", "2026-10-30", "2026-08-05", True),
    ],
)
def test_an_incident_whose_day_is_not_known_counts_if_any_day_does(
    earliest: str, latest: str, reported: str, good: bool
) -> None:
    unknown = incident("a", latest, earliest=date.fromisoformat(earliest))
    line = assess(application((unknown,), (report("1", reported, "a"),))).lines[0]
    assert (line.qualifies, line.provisional) == (good, good)


HATE_RULES = Rules(hate_number=1, hate_months=3)


@pytest.mark.parametrize(
    ("rules", "happened", "reported", "more", "hate"),
    [
        (HATE_RULES, "2026-08-23", "2026-08-23", {}, 1),
        (HATE_RULES, "2026-08-22", "2026-08-22", {}, 0),  # three months ended on 21 November
        (HATE_RULES, "2026-07-01", "2026-09-01", {}, 0),  # reported after the report window
        (replace(HATE_RULES, hate_needs_report_window=False), "2026-07-01", "2026-09-01", {}, 1),
        (replace(HATE_RULES, hate_needs_report_window=False), "2026-09-02", "2026-09-01", {}, 0),
        (
            replace(HATE_RULES, hate_months=9),
            "2026-04-01",
            "2026-04-02",
            {},
            1,
        ),  # outside the Act's six months
        (replace(HATE_RULES, hate_months=None), "2025-01-01", "2025-01-02", {}, 1),
        (HATE_RULES, "2026-11-20", "2026-11-23", {}, 0),  # after the application
        (HATE_RULES, "2026-11-20", "2026-11-20", {"body": "other"}, 0),
        (HATE_RULES, "2026-11-20", "2026-11-20", {"record": Record.NOT_FOUND}, 0),
    ],
)
def test_the_hate_rule_runs_from_the_report(
    rules: Rules, happened: str, reported: str, more: dict[str, object], hate: int
) -> None:
    asked = application((incident("h", happened, hate=True),), (report("1", reported, "h", **more),), rules)
    assessment = assess(asked)
    assert assessment.hate == hate
    assert assessment.result is (LOCAL if hate else DISCRETION)


def test_hate_incidents_are_counted_once_however_often_reported() -> None:
    rules = Rules(hate_number=2, hate_months=6)
    reports = (report("1", "2026-07-21", "h"), report("2", "2026-07-22", "h", body="police"))
    assert assess(application(HATE, reports, rules)).result is DISCRETION
    another = (*HATE, incident("i", "2026-07-22", hate=True))
    both = assess(application(another, (*reports, report("3", "2026-07-22", "i")), rules))
    assert (both.result, both.hate) == (LOCAL, 2)


def test_the_group_rule_adds_a_way_and_never_takes_one_away() -> None:
    alone = replace(SOUTH_WORCESTERSHIRE, group_people=50)
    assert assess(application(THREE, THREE_REPORTS, alone)).result is MET
    assert assess(application(ONE, ONE_BY_THREE_HOMES, alone)).result is DISCRETION


def test_a_person_nobody_can_name_is_not_a_further_person() -> None:
    nameless = tuple(replace(one, person=None) for one in ONE_BY_THREE_HOMES)
    assert assess(application(ONE, nameless, SOUTH_WORCESTERSHIRE)).people == 0


def test_reasons_come_in_the_order_of_the_tests() -> None:
    rules = Rules(hate_number=1, hate_months=6, group_people=2)
    reasons = assess(application(ONE, ONE_TO_THREE_BODIES, rules)).reasons
    assert reasons[0] == "1 of 3 qualifying incidents: the number is not reached."
    assert (
        reasons[1]
        == "0 of 1 hate incident reported within 6 months: the area's hate incident rule is not reached."
    )
    assert reasons[2] == "1 of 2 people with a qualifying report: the area's group rule is not reached."
    assert "s.104(5)" in reasons[3]
    assert "3 qualifying complaints" in reasons[4]


def test_what_is_said_holds_no_persons_or_bodys_name() -> None:
    for numbers in ((), *((n,) for n in range(1, 9))):
        reports = [report("1", "2026-09-02", "a", person="CANARY", body="CANARY BODY"), *THREE_REPORTS[1:]]
        said = assess(application(THREE, reports, SOUTH_WORCESTERSHIRE))
        words = " ".join((*said.reasons, *(line.why for line in said.lines), faulty(*numbers).lines[0].why))
        assert "CANARY" not in words


def test_lines_are_in_the_order_given() -> None:
    asked = application(RECENT, (report("2", "2026-11-12", "c a"), report("1", "2026-11-12", "b")))
    assert [(line.report, line.incident) for line in assess(asked).lines] == [
        ("2", "c"),
        ("2", "a"),
        ("1", "b"),
    ]
