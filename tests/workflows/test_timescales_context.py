"""Reading timescales: several in a cell, and what the plan around them makes clear."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from tracker.commands.timescale import timescale
from workflows.timescales import Context, Kind, read

PLAN = Context(
    plan_start=date(2018, 4, 1),
    plan_end=date(2019, 3, 31),
    document_date=date(2018, 5, 14),
    published_on=date(2018, 5, 31),
)
THREE_YEARS = Context(plan_start=date(2014, 4, 1), plan_end=date(2017, 3, 31))


@pytest.mark.parametrize(
    ("text", "expected", "condition"),
    [
        ("June", "2018-06-01 2018-06-30", "the only June in the plan"),
        ("by June", "None 2018-06-30", "the only June in the plan"),
        ("March", "2019-03-01 2019-03-31", "the only March in the plan"),
        ("by end of June", "None 2018-06-30", "the only June in the plan"),
        ("31 March", "2019-03-31 2019-03-31", "the only 31 March in the plan"),
        ("before 1 June", "None 2018-05-31", "the only 1 June in the plan"),
        ("Winter", "2018-12-01 2019-02-28", "the only winter in the plan"),
        ("Draft report June", "2018-06-01 2018-06-30", "Draft report; the only June in the plan"),
        ("June to September", "2018-06-01 2018-09-30", "the only June in the plan"),
        ("end of the plan", "2019-03-31 2019-03-31", None),
        ("by the end of plan", "None 2019-03-31", None),
        ("throughout the life of the plan", "2018-04-01 2019-03-31", None),
        ("end of the financial year", "2019-03-31 2019-03-31", None),
        ("plan end date", "2019-03-31 2019-03-31", None),
        ("this financial year", "2018-04-01 2019-03-31", None),
        ("within 3 months of publication", "None 2018-08-31", None),
        ("within one month of the publication of the report", "None 2018-06-30", None),
        ("three months post-publication", "None 2018-08-31", None),
        ("Sept 18", "2018-09-01 2018-09-30", None),
        ("4 weeks after publication", "None 2018-06-28", None),
        ("on publication", "2018-05-31 2018-05-31", None),
        ("by publication", "None 2018-05-31", None),
        ("within 6 months of the date of this report", "None 2018-11-14", None),
        ("April 2019", "2019-04-01 2019-04-30", None),
    ],
)
def test_what_the_plan_makes_clear_is_read(text: str, expected: str, condition: str | None) -> None:
    reading = read(text, PLAN)
    assert f"{reading.earliest} {reading.latest}" == expected
    assert (reading.condition, reading.question) == (condition, None)


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("June", THREE_YEARS),  # three Junes
        ("end of the financial year", THREE_YEARS),
        ("Spring", PLAN),  # April and May of one, March of the next
        ("30 February", PLAN),
        ("Q2", PLAN),  # of the financial or the calendar year
        ("within 3 months of publication of the statutory guidance", PLAN),  # another paper
        ("within 20 working days of publication", PLAN),
        ("3 months before publication", PLAN),
        ("May review", PLAN),
        ("June", Context(plan_start=date(2018, 4, 1))),
        ("June", Context(plan_start=date(2018, 6, 15), plan_end=date(2018, 12, 31))),  # half a June
        ("June", Context(document_date=date(2018, 5, 14), published_on=date(2018, 5, 31))),
        ("next financial year", PLAN),
        ("end of the plan", Context(plan_start=date(2018, 4, 1))),
        ("year end", PLAN),
        ("within 3 months of publication", Context(document_date=date(2018, 5, 14))),
        ("Sept 29", PLAN),  # so far from the plan that it is rather the day
        ("Monday 1 June", PLAN),  # a Friday
    ],
)
def test_what_the_plan_leaves_open_is_asked(text: str, context: Context) -> None:
    reading = read(text, context)
    assert (reading.earliest, reading.latest) == (None, None)
    assert reading.question is not None


SEVERAL = [
    ("May 2018\nJuly 2018", ["May 2018: 2018-05-31", "July 2018: 2018-07-31"]),
    ("1) May 2018\n2) July 2018", ["May 2018: 2018-05-31", "July 2018: 2018-07-31"]),
    ("1) May 2018 2) July 2018", ["May 2018: 2018-05-31", "July 2018: 2018-07-31"]),
    ("1. May 2018\r\n2. July 2018", ["May 2018: 2018-05-31", "July 2018: 2018-07-31"]),
    ("(a) May 2018 (b) July 2018", ["May 2018: 2018-05-31", "July 2018: 2018-07-31"]),
    ("i) May 2018 ii) July 2018", ["May 2018: 2018-05-31", "July 2018: 2018-07-31"]),
    ("a) May 2018\nb) ongoing", ["May 2018: 2018-05-31", "ongoing: None"]),
    ("• May 2018\n• TBC", ["May 2018: 2018-05-31", "TBC: None"]),
    ("May 2018\x0bJuly 2018", ["May 2018: 2018-05-31", "July 2018: 2018-07-31"]),
    ("May 2018_x000D_\nJuly 2018", ["May 2018: 2018-05-31", "July 2018: 2018-07-31"]),
    ("Sept\n2018\nDec\n2018", ["Sept 2018: 2018-09-30", "Dec 2018: 2018-12-31"]),
    ("2018/19 Q5", ["2018/19: 2019-03-31", "Q5: None"]),
    ("Dec-18\n43312", ["Dec-18: 2018-12-31", "43312: None"]),
    ("31 September 2018\nMay 2018", ["31 September 2018: None", "May 2018: 2018-05-31"]),
    ("March 2019 / June 2019", ["March 2019: 2019-03-31", "June 2019: 2019-06-30"]),
    ("March 2019 and June 2019", ["March 2019: 2019-03-31", "June 2019: 2019-06-30"]),
    ("May, July and October 2018", ["May: 2018-05-31", "July: 2018-07-31", "October 2018: 2018-10-31"]),
    ("4th & 8th June 2018", ["4th: 2018-06-04", "8th June 2018: 2018-06-08"]),
    ("Draft May 2018, final by July 2018", ["Draft May 2018: 2018-05-31", "final by July 2018: 2018-07-31"]),
    ("May 2018 (draft), July 2018 (final)", ["May 2018 (draft: 2018-05-31", "July 2018 (final: 2018-07-31"]),
    ("was March 2019 now June 2019", ["was March 2019: 2019-03-31", "now June 2019: 2019-06-30"]),
    ("March 2019 (extended to June 2019)", ["March 2019: 2019-03-31", "extended to June 2019: 2019-06-30"]),
    ("moved from March 2019 to June 2019", ["moved from March 2019: 2019-03-31", "to June 2019: 2019-06-30"]),
]


@pytest.mark.parametrize(("text", "expected"), SEVERAL)
def test_several_dates_are_lines_and_none_is_chosen(text: str, expected: list[str]) -> None:
    reading = read(text)
    assert [f"{line.text}: {line.latest}" for line in reading.lines] == expected
    assert (reading.text, reading.earliest, reading.latest) == (text, None, None)
    assert "Which one is it due by?" in (reading.question or "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("June\n2018", "2018-06-30"),
        ("Q3\n2018/19", "2018-12-31"),
        ("April 2021 to\nMarch 2024", "2024-03-31"),
        ("April 2021\nto March 2024", "2024-03-31"),
        ("June 2018\n(New CTLP)", "2018-06-30"),
        ("\n\nJune 2018\n", "2018-06-30"),
        ("by end of\nMarch 2019", "2019-03-31"),
    ],
)
def test_a_line_that_was_only_wrapped_is_one_timescale(text: str, expected: str) -> None:
    reading = read(text)
    assert (str(reading.latest), reading.lines, reading.question) == (expected, (), None)


def answers(*asked: dict[str, object]) -> tuple[int, list[dict[str, object]]]:
    done = CliRunner().invoke(timescale, input="\n".join(json.dumps(one) for one in asked))
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


def test_the_command_answers_line_by_line() -> None:
    code, (month, several, blank) = answers(
        {"id": 1, "text": "by June", "context": {"plan_start": "2018-04-01", "plan_end": "2019-03-31"}},
        {"id": 2, "text": "May 2018\nTBC\nJuly 2018", "context": None},
        {"id": 3, "text": ""},
    )
    assert code == 0
    assert month == {
        "id": 1,
        "kind": "month",
        "earliest": None,
        "latest": "2018-06-30",
        "condition": "the only June in the plan",
        "question": None,
        "lines": [],
    }
    assert [line["latest"] for line in several["lines"]] == ["2018-05-31", None, "2018-07-31"]
    assert several["lines"][0] == {
        "text": "May 2018",
        "kind": "month",
        "earliest": "2018-05-01",
        "latest": "2018-05-31",
        "condition": None,
        "question": None,
    }
    assert (blank["kind"], blank["latest"]) == ("none", None)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, '"text" must be text'),
        ({"text": None}, '"text" must be text'),
        ({"text": 43312}, '"text" must be text'),
        ({"text": "June", "plan": 1}, '"plan" is not known'),
        ({"text": "June", "context": []}, "named values"),
        ({"text": "June", "context": {"today": "2018-01-01"}}, '"today" is not known'),
        ({"text": "June", "context": {"plan_start": "1/4/18"}}, "like 2026-11-22"),
        ({"text": "June", "context": {"plan_start": 20180401}}, "like 2026-11-22"),
        ({"text": "June", "context": {"plan_end": "2018-02-30"}}, "does not exist"),
        (
            {"text": "June", "context": {"plan_start": "2019-04-01", "plan_end": "2018-03-31"}},
            "ends before it starts",
        ),
    ],
)
def test_a_line_that_cannot_be_used_is_an_error_on_that_line_only(
    asked: dict[str, object], words: str
) -> None:
    code, (first, second) = answers({"id": "a", **asked}, {"id": "b", "text": "May 2018"})
    assert code == 1
    assert first["id"] == "a"
    assert words in str(first["error"])
    assert second["kind"] == Kind.MONTH
