"""The real plan, from the file to the mails and back to the file, as a person at a shell sees it."""

import email
import json
import re
from email import policy
from pathlib import Path

import pytest

from tests.commands.shell import tracker

DATA = Path(__file__).resolve().parents[1] / "data"
PRINTED = DATA / "worcs_csa_action_plan_2018_19_as_printed.csv"
FILES = (
    PRINTED,
    DATA / "worcs_csa_action_plan_pasted_from_word.tsv",
    DATA / "office" / "worcs_csa_action_plan_merged_themes.xlsx",
    DATA / "office" / "worcs_csa_action_plan.docx",
)
OVERDUE = {
    "2018-06-01": 1, "2018-07-02": 3, "2018-08-01": 5, "2018-10-01": 7,
    "2019-01-01": 10, "2019-04-01": 11, "2019-05-01": 12,
}  # fmt: skip
IMPORT = (
    "--partnership", "worcestershire", "--plan", "Community Safety Agreement 2018-19",
    "--plan-start", "2018-04-01", "--plan-end", "2019-03-31",
)  # fmt: skip
KEY = "community-safety-agreement-2018-19"


@pytest.fixture
def imported(database_url: str) -> str:
    assert tracker("migrate", url=database_url).returncode == 0
    done = tracker("import-plan", str(PRINTED), *IMPORT, "--accept-questions", url=database_url)
    assert done.returncode == 0, done.stderr.decode()
    assert b"12 rows in the file: 12 became actions" in done.stdout
    assert b"0 dropped" in done.stdout
    return database_url


def test_open_questions_are_printed_and_stop_the_import(sqlite_url: str) -> None:
    tracker("migrate", url=sqlite_url)
    refused = tracker("import-plan", str(PRINTED), *IMPORT, url=sqlite_url)
    assert refused.returncode == 1
    assert b"questions are open" in refused.stderr.splitlines()[-1]
    assert b"Traceback" not in refused.stderr
    assert json.loads(tracker("overdue", "--json", url=sqlite_url).stdout)["items"] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.suffix)
def test_every_form_of_the_plan_gives_the_printed_columns_back(sqlite_url: str, path: Path) -> None:
    tracker("migrate", url=sqlite_url)
    assert tracker("import-plan", str(path), *IMPORT, "--accept-questions", url=sqlite_url).returncode == 0
    exported = tracker("export-plan", KEY, "--format", "csv", url=sqlite_url)
    assert exported.returncode == 0
    if path == PRINTED:
        assert exported.stdout == PRINTED.read_bytes()
    assert len(exported.stdout.splitlines()) == 13


def test_the_overdue_counts_are_those_of_the_papers(imported: str) -> None:
    for day, count in OVERDUE.items():
        printed = json.loads(tracker("overdue", "--as-at", day, "--plan", KEY, "--json", url=imported).stdout)
        assert (printed["as_at"], len(printed["items"])) == (day, count)
        assert all(item["due_on"] < day for item in printed["items"])
        assert all(item["first_due_on"] == item["due_on"] for item in printed["items"])


def test_verify_is_content_with_what_was_imported(imported: str) -> None:
    checked = tracker("verify", url=imported)
    assert (checked.returncode, checked.stderr) == (0, b"")


def test_a_plan_cannot_be_brought_in_twice_or_nowhere(imported: str) -> None:
    again = tracker("import-plan", str(PRINTED), *IMPORT, "--accept-questions", url=imported)
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)
    elsewhere = tracker(
        "import-plan",
        str(PRINTED),
        "--partnership",
        "nowhere",
        "--plan",
        "x",
        "--accept-questions",
        url=imported,
    )
    assert elsewhere.returncode == 1
    assert b"There is no partnership called nowhere" in elsewhere.stderr


def test_an_unknown_plan_is_refused_in_one_sentence(imported: str) -> None:
    refused = tracker("export-plan", "no-such-plan", url=imported)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)


def test_the_mails_name_as_many_overdue_actions_as_there_are(imported: str, tmp_path: Path) -> None:
    added = tracker(
        "users", "add", "--email", "officer@example.test", "--name", "Business unit officer", "--role", "officer",
        "--partnership", "worcestershire", url=imported,
    )  # fmt: skip
    assert added.returncode == 0, added.stderr.decode()
    for day, count in OVERDUE.items():
        folder = tmp_path / day
        done = tracker(
            "tick", "--once", "--as-at", day, url=imported, TRACKER_MAIL="file", TRACKER_MAIL_DIR=str(folder)
        )
        assert done.returncode == 0, done.stderr.decode()
        mails = [
            email.message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in folder.glob("*.eml")
        ]
        assert len(mails) == 1, "an old plan brought in gives one digest, not a flood"
        body = mails[0].get_body(("plain",))
        assert body is not None
        overdue = body.get_content().partition("OVERDUE")[2].partition("CANNOT BE REMINDED")[0]
        assert len(set(re.findall(r"WSCB-ACT-\d{4}-\d{3}", overdue))) == count
        assert f"{count} overdue" in mails[0]["Subject"]
