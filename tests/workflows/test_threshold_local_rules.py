"""Shapes of published rules beyond the three packs: days for months, time from the incident, groups of other kinds."""

from datetime import date, timedelta

import pytest

from workflows.threshold import (
    Application,
    ApplyFrom,
    CountUnit,
    GroupKind,
    Incident,
    Outcome,
    Report,
    Rules,
    ThresholdRefused,
    assess,
)
from workflows.threshold_reading import rules_from

A = date(2026, 11, 22)


def one(rules: Rules, happened: date, reported: date) -> tuple[bool, str]:
    """How one report of one incident stands."""
    incident = Incident(id="a", on=happened)
    report = Report(id="r", on=reported, person="p", body="council", incidents=("a",))
    line = assess(Application(
        applied=A, rules=rules, relevant=frozenset({"council"}), incidents=(incident,), reports=(report,)
    )).lines[0]  # fmt: skip
    return line.qualifies, line.why


@pytest.mark.parametrize("days", [7, 28, 30])
def test_a_report_window_in_days_ends_so_many_days_after_the_incident(days: int) -> None:
    rules, happened = Rules(report_within_days=days), date(2026, 9, 3)
    assert one(rules, happened, happened + timedelta(days=days))[0]
    qualifies, why = one(rules, happened, happened + timedelta(days=days + 1))
    assert not qualifies
    assert f"{days} days after the day of the incident" in why


@pytest.mark.parametrize("month", range(1, 13))
def test_thirty_days_are_never_stricter_than_the_month_of_the_act(month: int) -> None:
    happened = date(2026, month, 3)
    assert Rules(report_within_days=30).report_window.last_day(happened) >= Rules().report_window.last_day(
        happened
    )


@pytest.mark.parametrize(
    ("apply_from", "qualifies"),
    [("report", True), ("first_report", True), ("incident", False), ("first_incident", False)],
)
def test_the_time_to_apply_may_be_counted_from_the_incident(apply_from: str, qualifies: bool) -> None:
    rules = Rules(apply_from=ApplyFrom(apply_from))
    found, why = one(rules, date(2026, 5, 10), date(2026, 6, 1))
    assert found is qualifies
    assert qualifies or why == (
        "It happened on Sunday 10 May 2026. The application had to be made by Monday 9 November 2026: "
        "6 months beginning with the day of the incident."
    )


def test_a_time_to_apply_in_days() -> None:
    assert one(Rules(apply_within_days=180), A - timedelta(days=180), A - timedelta(days=180))[0]
    assert not one(Rules(apply_within_days=180), A - timedelta(days=181), A - timedelta(days=181))[0]


def test_a_hate_rule_in_days() -> None:
    def result(days_ago: int) -> Outcome:
        on = A - timedelta(days=days_ago)
        return assess(Application(
            applied=A, rules=Rules(hate_number=1, hate_days=90), relevant=frozenset({"council"}),
            incidents=(Incident(id="a", on=on, hate=True),),
            reports=(Report(id="r", on=on, person="p", body="council", incidents=("a",)),),
        )).result  # fmt: skip

    assert result(90) is Outcome.MET_LOCAL_RULE
    assert result(91) is Outcome.DISCRETION_REQUIRED


@pytest.mark.parametrize(
    ("kind", "number", "applicant", "met"),
    [
        ("people", 3, None, True), ("people", 4, None, False),
        ("households", 2, None, True), ("households", 3, None, False),
        ("reports", 4, None, True), ("reports", 5, None, False),
        ("others", 2, "p1", True), ("others", 3, "p1", False), ("others", 2, None, True), ("others", 1, "p9", False),
    ],
)  # fmt: skip
def test_what_a_group_rule_counts(kind: str, number: int, applicant: str | None, met: bool) -> None:
    """One incident, four reports by three people of two households: the Act's number by incident is not reached."""
    who = (("p1", "h1"), ("p2", "h1"), ("p3", "h2"), ("p3", "h2"))
    reports = tuple(
        Report(id=f"r{n}", on=date(2026, 10, 3), person=p, household=h, body="council", incidents=("a",))
        for n, (p, h) in enumerate(who)
    )
    found = assess(Application(
        applied=A, rules=Rules(group_people=number, group_kind=GroupKind(kind)), relevant=frozenset({"council"}),
        incidents=(Incident(id="a", on=date(2026, 10, 1)),), reports=reports, applicant=applicant,
    ))  # fmt: skip
    assert (found.result is Outcome.MET_LOCAL_RULE) is met
    assert found.counts[CountUnit.INCIDENT] == 1


@pytest.mark.parametrize(
    ("who", "households"),
    [
        ("", 0),
        ("p:A q:B r:C", 3),  # E7: one incident, three households
        ("p:A q:A r:B", 2),
        ("p q r", 3),  # nothing said: each a household of their own
        ("p:A q r", 3),
        ("p:A p q:A", 1),  # said once, it holds for all their reports
        ("p p:A", 1),
        ("p:A p:B", 2),  # the officer said so
        ("?:A ?:A", 1),  # nobody knows who, but where
        ("? ?", 0),
        ("A q:A", 2),  # a person is not a household of the same letter
    ],
)
def test_how_households_are_counted(who: str, households: int) -> None:
    reports = tuple(
        Report(
            id=f"r{n}", on=date(2026, 10, 3), person=None if p == "?" else p, household=h or None, body="council",
            incidents=("a",),
        )
        for n, (p, _, h) in enumerate(one.partition(":") for one in who.split())
    )  # fmt: skip
    made = assess(Application(
        applied=A, rules=Rules(group_people=3, group_kind=GroupKind.HOUSEHOLDS), relevant=frozenset({"council"}),
        incidents=(Incident(id="a", on=date(2026, 10, 1)),), reports=reports,
    ))  # fmt: skip
    assert f"{households} of 3 households with a qualifying report" in made.reasons[1]
    assert (made.result is Outcome.MET_LOCAL_RULE) is (households >= 3)


def test_the_new_keys_are_read_and_slips_are_refused() -> None:
    given = {"report_within_days": 30, "apply_from": "incident", "group_people": 4, "group_kind": "others"}
    rules = rules_from(given)
    assert (rules.report_within_days, rules.apply_from, rules.group_kind) == (30, "incident", "others")
    for wrong in ({"report_within_days": 0}, {"apply_from": "sunrise"}, {"group_kind": "cats"}):
        with pytest.raises(ThresholdRefused):
            rules_from(wrong)
