"""``tracker threshold``: what may be left out, what is refused, and that a bad line harms no other."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner

from tracker.commands.threshold import threshold
from workflows.threshold import CountUnit, Record, Rules, ThresholdRefused
from workflows.threshold_reading import application_from, rules_from

WHOLE: Mapping[str, object] = {
    "applied": "2026-11-22",
    "rules": {
        "number": 3,
        "report_within_months": 1,
        "apply_within_months": 6,
        "count_unit": "incident",
        "group_people": None,
        "hate_number": 1,
        "hate_months": 6,
        "hate_needs_report_window": True,
    },
    "relevant": ["police", "council"],
    "incidents": [{"id": "i1", "on": "2026-11-01", "linked": True, "hate": True, "alarm": True}],
    "reports": [
        {
            "id": "r1",
            "on": "2026-11-02",
            "person": "p1",
            "body": "police",
            "incidents": ["i1"],
            "record": "confirmed",
        }
    ],
}


def changed(path: str, value: object) -> dict[str, object]:
    """Give the whole application with the value at ``path`` put in, or taken out where it is ``...``."""
    copy = cast("dict[str, object]", json.loads(json.dumps(WHOLE)))
    *way, last = path.split(".")
    place: object = copy
    for step in way:
        place = place[int(step)] if isinstance(place, list) else cast("dict[str, object]", place)[step]
    target = cast("dict[str, object]", place)
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("rules.number", 4, "should not exceed three (explanatory notes to s.104(4))"),
        ("rules.number", 0, "should not exceed three (explanatory notes to s.104(4))"),
        ("rules.number", True, "whole number"),
        ("rules.number", 3.0, "whole number"),
        ("rules.number", "3", "whole number"),
        ("rules.number", None, "whole number"),
        ("rules.report_within_months", 0, "between 1 and 120 months"),
        ("rules.apply_within_months", 121, "between 1 and 120 months"),
        ("rules.hate_months", -1, "between 1 and 120 months"),
        ("rules.group_people", 0, "at least 1"),
        ("rules.hate_number", False, "whole number"),
        ("rules.count_unit", "reports", "incident, distinct_report"),
        ("rules.hate_needs_report_window", 1, "true or false"),
        ("rules.hate_month", 6, '"hate_month" is not known'),
        ("rules", None, "not set"),
        ("rules", ..., '"rules" is missing'),
        ("rules", [], "named values"),
        ("applied", ..., '"applied" is missing'),
        ("applied", "22/11/2026", "like 2026-11-22"),
        ("applied", "20261122", "like 2026-11-22"),
        ("applied", "2026-11-22T10:00:00Z", "like 2026-11-22"),
        ("applied", "2026-02-30", "does not exist"),
        ("applied", "0026-11-22", "from 1900 to 2199"),
        ("applied", 20261122, "like 2026-11-22"),
        ("relevant", "police", "must be a list"),
        ("relevant", [1], "must be text"),
        ("incidents", {}, "must be a list"),
        ("incidents", ["i1"], "named values"),
        ("incidents.0.id", 1, "must be text"),
        ("incidents.0.id", " ", "must be text"),
        ("incidents.0.linked", "yes", "true or false"),
        ("incidents.0.hate", 1, "true or false"),
        ("incidents.0.on", ..., '"on" is missing'),
        ("incidents.0.latest", "2026-11-02", "not both"),
        ("incidents.0.place", "High Street", '"place" is not known'),
        ("incidents", [{"id": "i1", "on": "2026-11-01"}] * 2, "id i1 is used twice"),
        ("incidents", [{"id": "i1", "earliest": "2026-11-05", "latest": "2026-11-01"}], "after its latest"),
        ("reports.0.incidents", ["i2"], "names incident i2, which is not in the list"),
        ("reports.0.incidents", ["i1", "i1"], "used twice"),
        ("reports.0.incidents", "i1", "must be a list"),
        ("reports.0.record", "lost", "confirmed, evidenced, unverified, not_found"),
        ("reports.0.body", None, "must be text"),
        ("reports.0.on", None, "like 2026-11-22"),
        ("extra", 1, '"extra" is not known'),
    ],
)
def test_what_cannot_be_used_is_refused_with_one_sentence(path: str, value: object, words: str) -> None:
    with pytest.raises(ThresholdRefused) as refused:
        application_from(changed(path, value))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_id_of_a_report_used_twice_is_refused() -> None:
    reports = cast("list[object]", WHOLE["reports"])
    with pytest.raises(ThresholdRefused, match="report id r1 is used twice"):
        application_from({**WHOLE, "reports": reports * 2})


def test_what_is_left_out_of_the_rules_takes_the_acts_own_value() -> None:
    assert rules_from({}) == Rules(
        number=3,
        report_within_months=1,
        apply_within_months=6,
        count_unit=CountUnit.INCIDENT,
        group_people=None,
        hate_number=None,
        hate_months=None,
        hate_needs_report_window=True,
    )


def test_what_is_left_out_of_an_incident_or_a_report_does_not_harm_the_applicant() -> None:
    bare = {
        **WHOLE,
        "incidents": [{"id": "i1", "earliest": "2026-11-01", "latest": "2026-11-03"}],
        "reports": [{"id": "r1", "on": "2026-11-02", "body": "police", "incidents": ["i1"]}],
    }
    read = application_from(bare)
    assert (read.incidents[0].linked, read.incidents[0].alarm, read.incidents[0].hate) == (True, True, False)
    assert (read.reports[0].record, read.reports[0].person) == (Record.UNVERIFIED, None)
    assert read.incidents[0].first_possible < read.incidents[0].on


def test_a_bad_line_is_an_error_on_that_line_only() -> None:
    good, bad = {"id": "a", **WHOLE}, {"id": "b", **changed("rules.number", 5)}
    done = CliRunner().invoke(threshold, input="\n".join(json.dumps(one) for one in (good, bad, good)))
    first, second, third = (json.loads(line) for line in done.stdout.splitlines())
    assert done.exit_code == 1
    assert (
        first
        == third
        == {
            "id": "a",
            "result": "met_local_rule",
            "counts": {"complaint": 1, "incident": 1, "distinct_report": 1},
            "people": 1,
            "hate": 1,
            "warning": False,
            "reasons": [
                "1 of 3 qualifying incidents: the number is not reached.",
                "1 of 1 hate incident reported within 6 months: the area's hate incident rule is met.",
            ],
            "lines": [["r1", "i1", True, "It counts."]],
        }
    )
    assert second["id"] == "b"
    assert "should not exceed three" in second["error"]
    assert set(second) == {"id", "error"}


def test_good_lines_end_well(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps({"id": 7, **WHOLE}) + "\n", encoding="utf-8")
    done = CliRunner().invoke(threshold, ["--file", str(file)])
    assert (done.exit_code, json.loads(done.stdout)["id"]) == (0, 7)
