import io
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tracker.cli import main, tracker

DATA = Path(__file__).parents[1] / "data"
AS_PRINTED = DATA / "worcs_csa_action_plan_2018_19_as_printed.csv"


def run(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(tracker, ["read-plan", *arguments], input=given)


def test_json_has_the_agreed_shape() -> None:
    done = run(str(AS_PRINTED), "--json", "--plan-end", "2019-03-31")
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["tables"], len(told["rows"]), told["left_out"]) == (1, 12, [])
    first = told["rows"][0]
    assert first["source"] == {"table": 1, "row": 2, "sheet": None, "hidden": False, "struck_through": False}
    assert list(first["cells"].items())[-1] == ("Lead", "WCC PH / PCC")
    assert first["timescale"] | {"kind": "", "question": ""} == {
        "text": "Service to commence by July 2018",
        "kind": "",
        "earliest": first["timescale"]["earliest"],
        "latest": "2018-07-31",
        "condition": "Service to commence by",
        "question": "",
    }
    assert first["leads"][1] == {"text": "PCC", "organisation": "west-mercia-pcc", "kind": "organisation"}
    assert first["status"] == {"text": "", "reading": "none"}
    assert sum("due after the plan ends" in row["warnings"] for row in told["rows"]) == 1


def test_pasted_text_gives_the_same_reading_as_the_file() -> None:
    pasted = (DATA / "worcs_csa_action_plan_pasted_from_word.tsv").read_bytes()
    from_paste = json.loads(run("-", "--json", given=pasted).stdout)
    assert from_paste == json.loads(run(str(AS_PRINTED), "--json").stdout)


def test_a_person_reads_the_counts() -> None:
    shown = run(str(DATA / "office" / "tracker_as_kept_messy.xlsx"), "--plan-end", "2019-03-31").stdout
    assert "12 rows in, 12 out, 0 cells dropped." in shown
    assert "Live actions, row 12 (hidden): Review of current Hate Incident activity" in shown
    assert "  Look at    due after the plan ends" in shown
    assert "  Theme      Domestic Abuse (from row 4)" in shown


def test_a_file_cannot_steer_the_terminal() -> None:
    shown = run("-", given=b"Action,Lead,Timescale\nTrain\x1b[31m staff\xe2\x80\xae,PCC,May 2018\n").stdout
    assert "Train\ufffd[31m staff\ufffd" in shown


@pytest.mark.parametrize(
    ("arguments", "given", "code"),
    [
        (["missing.csv"], None, 1),
        (["."], None, 1),
        (["-"], b"", 1),
        (["-", "--plan-end", "31/03/2019"], b"x", 2),
        (["-", "--plan-start", "2019-04-01", "--plan-end", "2019-03-31"], b"x", 1),
        ([], None, 2),
    ],
)
def test_a_refusal_is_not_a_traceback(
    arguments: list[str],
    given: bytes | None,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["tracker", "read-plan", *arguments])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given or b"")))
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == code
    told = capsys.readouterr().err.strip()
    assert told
    assert code == 2 or len(told.splitlines()) == 1
