"""What a procedure version must be: every fault at its field, in one sentence; published procedures fit."""

from datetime import date
from typing import Any

import pytest

from tracker.errors import BadInput
from tracker.services import policy_words
from tracker.services.policy_checks import faults
from tracker.services.policy_files import Version, file_of, read, read_file

FIRST = date(2026, 1, 1)


def made(**more: Any) -> Version:
    return Version(**({"partnership": "herefordshire", "name": "One", "effective_from": FIRST} | more))


def wd(n: int, **more: Any) -> dict[str, Any]:
    return {"n": n, "unit": "working_days"} | more


def days(n: int, **more: Any) -> dict[str, Any]:
    return {"n": n, "unit": "days"} | more


def weeks(n: int, **more: Any) -> dict[str, Any]:
    return {"n": n, "unit": "weeks"} | more


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"rules": {"number": 4}}, "rules.number", "The number should not exceed three: explanatory notes to section 104(4)."),
        ({"rules": {"number": 0}}, "rules.number", "at least one"),
        ({"rules": {"nmber": 3}}, "rules.nmber", "is not known in the rules"),
        ({"rules": {"number": "3"}}, "rules.number", "must be a whole number"),
        ({"rules": {"report_within_months": 1, "report_within_days": 30}}, "rules.report_within_days", "not both"),
        ({"rules": {"group_kind": "people"}}, "rules.group_people", "Say how many"),
        ({"rules": {"hate_months": 6}}, "rules.hate_number", "Say how many"),
        ({"process": "dhr_2016", "rules": {"number": 3}}, "rules", "Only an ASB case review"),
        ({"process": "magic"}, "process", "There is no process 'magic'"),
        ({"clocks": {"C99": wd(1)}}, "clocks.C99", "There is no clock 'C99' in ASB case review."),
        ({"clocks": {"C5": {"n": 3, "unit": "moons"}}}, "clocks.C5.unit", "The unit must be one of: working_days"),
        ({"clocks": {"C5": {"n": 3}}}, "clocks.C5.unit", "The unit must be one of"),
        ({"clocks": {"C5": wd(0)}}, "clocks.C5.n", "a whole number from 1 to 999"),
        ({"clocks": {"C5": wd(True)}}, "clocks.C5.n", "a whole number from 1 to 999"),
        ({"clocks": {"C5": wd(3, then=["7"])}}, "clocks.C5.n", "a whole number from 1 to 999"),
        ({"clocks": {"C5": wd(3, colour="red")}}, "clocks.C5", "takes only"),
        ({"clocks": {"C5": {}}}, "clocks.C5", "takes only"),
        ({"clocks": {"C5": wd(3, start="full_moon")}}, "clocks.C5.start", "There is no date 'full_moon'"),
        ({"clocks": {"C5": wd(3, start="L4")}}, "clocks.C5.start", "would end on the day that it begins"),
        ({"clocks": {"C5": wd(3, mode="before")}}, "clocks.C5.mode", "its direction cannot"),
        ({"clocks": {"C9": wd(3, mode="after")}}, "clocks.C9.mode", "its direction cannot"),
        ({"clocks": {"C9": wd(3, start="application_date")}}, "clocks.C9.start", "counts back"),
        ({"clocks": {"C13": wd(3, start="application_date")}}, "clocks.C13.start", "begins again each time"),
        ({"clocks": {"C5": wd(3, roll="next_working")}}, "clocks.C5.roll", "falls on one already"),
        ({"clocks": {"C5": wd(3, mode="beginning_with")}}, "clocks.C5.mode", "counted after an event"),
        ({"ladders": {"C5": [20]}}, "ladders.C5", "would come before Threshold decision told begins"),
        ({"clocks": {"C5": wd(5)}, "ladders": {"C5": [5]}}, "ladders.C5", "would come before"),
        ({"ladders": {"C5": [2, 2]}}, "ladders.C5", "there twice"),
        ({"ladders": {"C5": [-2]}}, "ladders.C5", "whole numbers from 1"),
        ({"ladders": {"C14": [2]}}, "ladders.C14", "nobody is reminded before it ends"),
        ({"ladders": {"C99": [2]}}, "ladders.C99", "There is no clock"),
        ({"closed_days": {"Christmas": "x"}}, "closed_days", "is not a date"),
        ({"closed_days": {"2026-12-29": " "}}, "closed_days", "a name"),
        ({"effective_to": date(2025, 1, 1)}, "effective_to", "cannot be before the first day"),
        ({"name": " "}, "name", "a name"),
        ({"published_url": "javascript:alert(1)"}, "published_url", "https://"),
        ({"chair_independence": "friend"}, "chair_independence", "must be one of"),
        ({"dissatisfaction": {"heard_by": "nobody"}}, "dissatisfaction.heard_by", "must be one of"),
        ({"dissatisfaction": {"live_plan_bar": "yes"}}, "dissatisfaction.live_plan_bar", "true or false"),
        ({"dissatisfaction": {"mood": 1}}, "dissatisfaction", "is not known"),
    ],
)  # fmt: skip
def test_each_fault_is_said_at_its_field(more: dict[str, Any], field: str, words: str) -> None:
    found = faults(made(**more))
    assert [fault.field for fault in found] == [field]
    assert words in found[0].words
    assert found[0].words.endswith((".", ")"))


def test_what_the_act_fixes_no_policy_changes() -> None:
    found = faults(made(process="dhr_2016", clocks={"DECISION": wd(10)}))
    assert [fault.field for fault in found] == ["clocks.DECISION"] or found == ()
    fixed = [
        key
        for key in ("DECISION", "REPORT_6M", "NOTIFY_HO")
        if faults(made(process="dhr_2016", clocks={key: wd(10)}))
    ]
    assert fixed, "at least one length of a review is not local"


PUBLISHED: dict[str, dict[str, Any]] = {
    "Herefordshire, older page": {
        "rules": {"number": 3, "group_people": 4, "group_kind": "others"}, "clocks": {"C1": wd(5)},
    },
    "Gosport": {"clocks": {"C1": wd(10), "C5": wd(15, start="L1"), "C6": wd(20)}},
    "East Herts": {
        "clocks": {"C1": wd(3), "C5": wd(14), "C6": days(21, start="decided_on"), "C16": wd(15)},
        "dissatisfaction": {"heard_by": "other_partnership"},
    },
    "Richmond": {
        "clocks": {
            "C1": wd(2), "C4": wd(14, start="application_date"), "C5": wd(21), "C6": wd(28, start="application_date"),
            "C8": wd(2), "C9": wd(2), "C10": wd(7),
        },
        "ladders": {"C9": [1]},
    },
    "Greenwich": {"clocks": {"C1": wd(5), "C5": wd(5), "C6": wd(15, start="application_date")}, "ladders": {"C5": [2]}},
    "Haringey": {"clocks": {"C5": wd(5), "C6": days(28, start="decided_on")}},
    "Cheltenham": {
        "clocks": {"C1": weeks(1), "C5": weeks(3), "C6": weeks(4), "C10": weeks(1)},
        "dissatisfaction": {"heard_by": "local_policing_body", "grounds": "In writing"},
    },
    "Birmingham": {"clocks": {"C1": wd(10), "C10": wd(10), "C14": wd(20)}},
    "Ashfield": {
        "clocks": {"C1": wd(5), "C6": wd(20), "C10": wd(10)},
        "dissatisfaction": {"heard_by": "local_policing_body", "grounds": "How it was dealt with, not the outcome"},
    },
    "Guildford": {"clocks": {"C1": wd(3), "C10": wd(25)}},
    "South Bucks": {"clocks": {"C1": wd(2), "C5": wd(28)}},
    "Hertsmere": {"clocks": {"C1": wd(2), "C5": wd(5, start="bodies_consulted_on")}},
    "Wyre": {"clocks": {"C4": wd(10), "C10": wd(10), "C14": days(10)}},
    "Tonbridge and Malling": {"clocks": {"C10": wd(25)}},
    "Suffolk": {"clocks": {"C14": wd(21)}, "dissatisfaction": {"heard_by": "countywide_panel", "live_plan_bar": True}},
    "Mid Suffolk": {"clocks": {"C14": days(21)}},
    "Wales": {
        "rules": {"number": 3, "count_unit": "distinct_report", "group_people": 5, "group_kind": "reports", "hate_number": 1},
        "clocks": {"C10": days(28, start="application_date")},
    },
    "Lincolnshire": {"rules": {"report_within_days": 30, "count_unit": "distinct_report"}},
    "Uttlesford": {"rules": {"hate_number": 1, "hate_months": 6}},
    "Bath and North East Somerset": {"rules": {"group_people": 5, "group_kind": "people"}},
    "A week, from the incident": {"rules": {"report_within_days": 7, "apply_within_months": 6, "apply_from": "first_incident"}},
    "Three, then a further seven": {"clocks": {"C5": wd(3, then=[7])}},
    "Fewer than three": {"rules": {"number": 2, "count_unit": "complaint"}},
    "Acknowledged and decided in one letter": {"clocks": {"C1": wd(10), "C5": wd(10)}, "notes": "One letter for both."},
}  # fmt: skip
"""docs/asb-case-review.md 3.5 and 4.2, as policies."""


@pytest.mark.parametrize("area", PUBLISHED)
def test_a_published_procedure_is_a_policy_and_its_file_comes_back_exactly(area: str) -> None:
    version = made(name=area, **PUBLISHED[area])
    assert faults(version) == ()
    assert read_file(file_of([version])) == (version,)
    assert file_of(read_file(file_of([version]))) == file_of([version])
    said = {one.what: one.words for one in policy_words.lengths(version) if one.own}
    ladders = set(version.ladders) - set(version.clocks)
    assert len(said) == len(version.clocks) + len(ladders)
    assert policy_words.threshold(version)


def test_a_length_is_said_in_words() -> None:
    own = {"C5": wd(15), "C9": wd(2), "C6": days(21, start="decided_on"), "C1": wd(3, then=[7])}
    said = {one.what: one.words for one in policy_words.lengths(made(clocks=own)) if one.own}
    assert said == {
        "Acknowledge the application": "within 3 working days, then a further 7 working days of “Date the application was made”",
        "Threshold decision told": "within 15 working days of “Date the application was made”",
        "Review meeting held": "within 21 days of “Date of the decision”",
        "Panel papers": "2 working days before “Date of the review meeting”",
    }  # fmt: skip


def test_rules_are_said_in_words() -> None:
    rules = {
        "number": 2,
        "report_within_days": 30,
        "group_people": 4,
        "group_kind": "others",
        "hate_number": 1,
        "hate_days": 90,
    }
    assert policy_words.threshold(made(rules=rules))[1:4] == (
        "Each is reported within 30 days of the incident, and the application made within 6 months of the report.",
        "Or 4 other people besides the applicant reported the same problem.",
        "Or 1 hate incident within 90 days.",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "The file is not JSON"), ("[]", "holds no policy"), ("3", "JSON object"), ('{"a": 1}', "is not known"),
        ("[" * 100_000, "not JSON"), ('{"name": "x", "name": "y"}', "given twice"), ('{"rules": NaN}', "not a number"),
        ('{"partnership": "h"}', "A policy needs name."),
        ('{"partnership": "h", "name": "x", "effective_from": "2026-02-30"}', "effective_from must be a date"),
        ('{"partnership": "h", "name": 3, "effective_from": "2026-02-03"}', "name must be text"),
        ('{"partnership": "h", "name": "x", "effective_from": "2026-02-03", "rules": []}', "rules must be an object"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_file(text)


def test_what_is_left_out_takes_its_default() -> None:
    assert read({"partnership": "herefordshire", "name": "One", "effective_from": "2026-01-01"}) == made()
