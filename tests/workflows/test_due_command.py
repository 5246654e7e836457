"""``tracker due`` from outside: real processes, real bytes, one answer for each line."""

import json
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracker.commands.due import due
from tracker.commands.jsonlines import LONGEST_LINE, answer_lines
from tracker.errors import BadInput

ROOT = Path(__file__).parents[2]


def tracker(given: bytes, *more: str) -> tuple[int, list[dict[str, object]], str]:
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "due", *more],
        input=given,
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def ask(op: object, **args: object) -> dict[str, object]:
    done = CliRunner().invoke(due, input=json.dumps({"id": 7, "op": op, "args": args}) + "\n")
    answer = json.loads(done.stdout)
    assert answer.pop("id") == 7
    assert done.exit_code == (1 if "error" in answer else 0)
    assert isinstance(answer, dict)
    return answer


def test_the_example_of_the_interface() -> None:
    line = (
        b'{"id": "a", "op": "due_date", "args": {"start": "2026-04-01", "n": 20, "unit": "working_days", '
        b'"suspensions": [["2026-04-08", "2026-04-13"]]}}\n'
    )
    code, answers, errors = tracker(line)
    assert (code, errors) == (0, "")
    assert answers == [
        {
            "id": "a",
            "result": "2026-05-07",
            "trace": [
                "Clock starts Wednesday 1 April 2026: 20 working days",
                (
                    "Not counted: 8 Saturdays and Sundays; Good Friday (Fri 3 Apr 2026), "
                    "Easter Monday (Mon 6 Apr 2026), Early May bank holiday (Mon 4 May 2026)"
                ),
                "Stopped: Wed 8 Apr 2026 to Sun 12 Apr 2026: 3 working days not counted",
                "Friday 1 May 2026: First due date, before any stop or extension",
                "Thursday 7 May 2026: Due by the end of this day; overdue from Friday 8 May",
            ],
            "provisional": False,
        }
    ]


@pytest.mark.parametrize(
    ("op", "args", "result"),
    [
        ("due_date", {"start": "2026-11-22", "n": 5, "unit": "working_days"}, "2026-11-27"),
        (
            "due_date",
            {"start": "2026-12-22", "n": 5, "unit": "working_days", "closed": ["2026-12-24"]},
            "2027-01-04",
        ),
        ("due_date", {"start": "2026-01-31", "n": 1, "unit": "months", "extensions": [1]}, "2026-03-31"),
        (
            "due_date",
            {"start": "2026-11-22", "n": 56, "unit": "days", "mode": "beginning_with"},
            "2027-01-16",
        ),
        ("due_date", {"start": "2026-10-25", "n": 4, "unit": "weeks", "roll": "next_working"}, "2026-11-23"),
        (
            "due_date",
            {"start": "2026-10-25", "n": 4, "unit": "weeks", "roll": "previous_working"},
            "2026-11-20",
        ),
        (
            "due_date",
            {"start": "2026-11-22", "n": 1, "unit": "years", "day_zero": "first_working"},
            "2027-11-23",
        ),
        ("last_day_beginning_with", {"start": "2026-01-31", "n": 1}, "2026-02-28"),
        ("earliest_in_time", {"on": "2026-02-28", "n": 6}, "2025-08-29"),
        ("before", {"event": "2026-11-30", "n": 5}, "2026-11-23"),
        ("before", {"event": "2026-11-30", "n": 5, "closed": ["2026-11-26"]}, "2026-11-20"),
        ("clear_before", {"event": "2026-11-27", "n": 5}, "2026-11-19"),
        ("working_day", {"on": "2023-05-08"}, False),
        ("working_day", {"on": "2026-11-23"}, True),
        ("working_day", {"on": "2026-11-23", "closed": ["2026-11-23"]}, False),
        ("working_days_between", {"start": "2026-12-22", "end": "2026-12-31"}, 5),
        ("working_days_between", {"start": "2026-12-31", "end": "2026-12-22"}, 0),
        ("london_date", {"utc": "2026-06-30T23:00:00Z"}, "2026-07-01"),
        ("london_date", {"utc": "2026-06-30T23:00:00"}, "2026-07-01"),
        ("london_date", {"utc": "2026-07-01T02:00:00+05:00"}, "2026-06-30"),
        ("utc_of_london", {"on": "2026-07-01", "wall": "08:00"}, "2026-07-01T07:00:00Z"),
        ("utc_of_london", {"on": "2026-03-29", "wall": "01:30"}, "2026-03-29T01:30:00Z"),
        ("utc_of_london", {"on": "2026-10-25", "wall": "01:30:15"}, "2026-10-25T00:30:15Z"),
    ],
)
def test_every_operation(op: str, args: dict[str, object], result: object) -> None:
    answer = ask(op, **args)
    assert (answer["result"], answer["provisional"]) == (result, False)


@pytest.mark.parametrize(
    ("op", "args", "provisional"),
    [
        ("due_date", {"start": "2028-12-20", "n": 20, "unit": "working_days"}, True),
        ("before", {"event": "2029-01-10", "n": 3}, True),
        ("clear_before", {"event": "2029-01-10", "n": 3}, True),
        ("working_day", {"on": "2029-01-10"}, True),
        ("working_day", {"on": "2028-12-31"}, False),
        ("working_days_between", {"start": "2028-12-01", "end": "2029-01-10"}, True),
        ("last_day_beginning_with", {"start": "2029-01-10", "n": 3}, False),
    ],
)
def test_provisional_beyond_what_is_published(op: str, args: dict[str, object], *, provisional: bool) -> None:
    assert ask(op, **args)["provisional"] is provisional


@pytest.mark.parametrize(
    ("op", "args", "words"),
    [
        ("due", {}, 'There is no operation "due"'),
        (None, {}, "There is no operation null"),
        (["due_date"], {}, "There is no operation a list"),
        ("due_date", {"n": 1, "unit": "days"}, "start is missing."),
        ("due_date", {"start": "2026-02-30", "n": 1, "unit": "days"}, "There is no such date as 2026-02-30."),
        ("due_date", {"start": "01/04/2026", "n": 1, "unit": "days"}, "start must be a date like 2026-11-23"),
        ("due_date", {"start": "20260401", "n": 1, "unit": "days"}, "start must be a date like 2026-11-23"),
        ("due_date", {"start": "2026-W14-3", "n": 1, "unit": "days"}, "start must be a date like 2026-11-23"),
        ("due_date", {"start": 20260401, "n": 1, "unit": "days"}, "not 20260401."),
        ("due_date", {"start": "2026-04-01", "n": "1", "unit": "days"}, 'n must be a whole number, not "1".'),
        ("due_date", {"start": "2026-04-01", "n": 1.0, "unit": "days"}, "n must be a whole number, not 1.0."),
        (
            "due_date",
            {"start": "2026-04-01", "n": True, "unit": "days"},
            "n must be a whole number, not true.",
        ),
        (
            "due_date",
            {"start": "2026-04-01", "n": None, "unit": "days"},
            "n must be a whole number, not null.",
        ),
        ("due_date", {"start": "2026-04-01", "n": -1, "unit": "days"}, "The length must be 0 or more."),
        ("due_date", {"start": "2026-04-01", "n": 10**40, "unit": "days"}, "too large"),
        ("due_date", {"start": "2026-04-01", "n": 9_000_000, "unit": "working_days"}, "outside the years"),
        ("due_date", {"start": "9999-12-01", "n": 1, "unit": "months"}, "outside the years"),
        (
            "due_date",
            {"start": "2026-04-01", "n": 1, "unit": "fortnights"},
            "unit must be one of working_days, days",
        ),
        ("due_date", {"start": "2026-04-01", "n": 1, "unit": ["days"]}, "not a list."),
        (
            "due_date",
            {"start": "2026-04-01", "n": 1, "unit": "days", "mode": "before"},
            "use the operation before",
        ),
        ("due_date", {"start": "2026-04-01", "n": 1, "unit": "days", "role": "none"}, 'takes no "role".'),
        (
            "due_date",
            {"start": "2026-04-01", "n": 1, "unit": "days", "closed": "2026-04-02"},
            "closed must be a list.",
        ),
        ("due_date", {"start": "2026-04-01", "n": 1, "unit": "days", "closed": [4]}, "closed must be a date"),
        (
            "due_date",
            {"start": "2026-04-01", "n": 1, "unit": "days", "suspensions": ["ab"]},
            "a pair of dates",
        ),
        (
            "due_date",
            {"start": "2026-04-01", "n": 1, "unit": "days", "suspensions": [["2026-04-01"]]},
            "a pair of dates",
        ),
        (
            "due_date",
            {"start": "2026-04-01", "n": 1, "unit": "days", "suspensions": [["2026-04-03", "2026-04-01"]]},
            "must not end before it begins",
        ),
        (
            "due_date",
            {"start": "2026-04-01", "n": 1, "unit": "days", "suspensions": [["2026-04-02", None]]},
            "no due date yet",
        ),
        ("due_date", {"start": "2026-04-01", "n": 1, "unit": "days", "extensions": [-1]}, "0 or more"),
        ("due_date", {"start": "2026-04-01", "n": 1, "unit": "days", "extensions": [False]}, "whole number"),
        ("last_day_beginning_with", {"start": "2026-04-01", "n": 0}, "1 or more"),
        ("earliest_in_time", {"on": "0001-01-01", "n": 1}, "outside the years"),
        ("before", {"event": "0001-01-01", "n": 1}, "outside the years"),
        ("clear_before", {"event": "0001-01-01", "n": 0}, "outside the years"),
        ("working_day", {}, "on is missing."),
        ("london_date", {"utc": "yesterday"}, "utc must be like 2026-11-23T08:00:00Z"),
        ("london_date", {"utc": "2026-02-30T08:00:00Z"}, "There is no such instant"),
        ("london_date", {"utc": "9999-12-31T23:30:00-12:00"}, "outside the years"),
        ("utc_of_london", {"on": "2026-04-01", "wall": "24:00"}, "There is no such time of day as 24:00."),
        ("utc_of_london", {"on": "2026-04-01", "wall": "8am"}, "wall must be like 08:00"),
        ("utc_of_london", {"on": "0001-01-01", "wall": "00:00"}, ""),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(
    op: object, args: dict[str, object], words: str
) -> None:
    answer = ask(op, **args)
    if words:
        assert words in str(answer["error"])
        assert str(answer["error"]).endswith(".")


GOOD = b'{"id": "good", "op": "working_day", "args": {"on": "2026-11-23"}}'


@pytest.mark.parametrize(
    ("bad", "name", "words"),
    [
        (b"", None, "The line is empty."),
        (b"   \t", None, "The line is empty."),
        (b"\xff\xfe{}", None, "The line is not UTF-8 text."),
        (b"not json", None, "The line is not JSON"),
        (b'{"id": 1', None, "The line is not JSON"),
        (b"[1, 2]", None, "Each line must be one JSON object."),
        (b"null", None, "Each line must be one JSON object."),
        (b'{"id": 5, "op": "working_day", "args": {"on": NaN}}', 5, "NaN is not a number."),
        (b'{"id": 5, "op": "working_day", "args": {"on": 1e999}}', 5, "1e999 is too large a number."),
        (b'{"id": 5, "op": "working_day", "args": {"on": -Infinity}}', 5, "-Infinity is not a number."),
        (
            b'{"id": 5, "op": "working_day", "args": {"on": "2026-11-23", "on": "2026-11-24"}}',
            5,
            '"on" is given twice.',
        ),
        (b'{"id": 5, "id": 6, "op": "working_day", "args": {"on": "2026-11-23"}}', 5, '"id" is given twice.'),
        (b'{"id": 5, "op": "working_day", "args": []}', 5, "args must be an object."),
        (b'{"id": 5, "op": "working_day", "arg": {}}', 5, 'There is no field "arg"'),
        (b'{"id": [5], "op": "working_day"}', None, "The id must be text or a number."),
        (b'{"id": 5, "op": ' + b"[" * 200_000, None, "too many brackets"),
        (b'{"id": 5, "n": ' + b"9" * 5000 + b"}", None, "too many digits"),
        (b'{"id": "\\ud800", "op": "\\udfff"}', "\ud800", "There is no operation"),
        (b'{"id": 5}' + b" " * LONGEST_LINE, None, "longer than 8,000,000 bytes."),
    ],
    ids=range(19),
)
def test_a_bad_line_is_an_error_on_that_line_only(bad: bytes, name: object, words: str) -> None:
    code, answers, errors = tracker(b"\n".join([GOOD, bad, GOOD, bad, GOOD]))
    good = {"id": "good", "result": True, "provisional": False}
    assert (code, errors) == (1, "")
    assert [answers[0], answers[2], answers[4]] == [good] * 3
    for answer in (answers[1], answers[3]):
        assert answer["id"] == name
        assert words in str(answer["error"])
        assert len(str(answer["error"])) < 250


def test_a_file_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_bytes(b"\xef\xbb\xbf" + GOOD + b"\r\n" + GOOD + b"\r\n")
    code, answers, _ = tracker(b"", "--file", str(asked))
    assert (code, len(answers)) == (0, 2)
    assert tracker(b"", "--file", str(tmp_path / "missing"))[0] == 2
    assert tracker(b"") == (0, [], "")


def test_ten_thousand_lines_in_time() -> None:
    units = ("working_days", "days", "weeks", "months")
    lines = [
        json.dumps(
            {
                "id": n,
                "op": "due_date",
                "args": {
                    "start": f"20{15 + n % 12}-{1 + n % 12:02}-{1 + n % 28:02}",
                    "n": n % 5000 if n % 4 == 0 else n % 100,
                    "unit": units[n % 4],
                    "closed": ["2026-12-24"] if n % 3 else [],
                    "suspensions": [["2026-04-08", "2026-04-13"], ["2026-04-10", "2026-05-01"]],
                },
            }
        )
        for n in range(10_000)
    ]
    began = time.monotonic()
    code, answers, _ = tracker("\n".join(lines).encode())
    assert time.monotonic() - began < 10
    assert (code, [answer["id"] for answer in answers]) == (0, list(range(10_000)))


def test_the_shared_loop_reads_text_in_memory_too() -> None:
    def answer(asked: object) -> dict[str, object]:
        if asked != {"id": 1}:
            raise BadInput("Only the first is answered.")
        return {"result": "café"}

    out = StringIO()
    assert not answer_lines(StringIO('{"id": 1}\n{"id": "\ud800"}\n{"id": 3}'), out, answer)
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [
        {"id": 1, "result": "café"},
        {"id": None, "error": "The line is not UTF-8 text."},
        {"id": 3, "error": "Only the first is answered."},
    ]
    assert out.getvalue().isascii()
    assert answer_lines(StringIO('{"id": 1}'), StringIO(), answer)
