"""``tracker holidays`` and ``tracker figures`` from a shell: what would move first, then what moved, then back again."""

import json
from datetime import date

import pytest

from tests.cast import settle
from tests.commands.shell import tracker
from tests.driving import applied
from tracker.db import Database

DAY = "2026-11-25"


@pytest.fixture
def url(sqlite_database: Database) -> str:
    """A database with one application of Friday 20 November 2026."""
    cast = settle(sqlite_database)
    with sqlite_database.transaction() as session:
        applied(session, cast, date(2026, 11, 20))
    return sqlite_database.url


def said(*words: str, url: str) -> list[str]:
    done = tracker(*words, url=url)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode().splitlines()


def test_a_day_is_tried_added_and_taken_out(url: str) -> None:
    add = ("holidays", "add", DAY, "--name", "Council closed", "--partnership", "herefordshire")
    tried = said(*add, "--dry-run", url=url)
    assert "HCSP-ASB-2026-001  Threshold decision told: Fri 11 Dec 2026 to Mon 14 Dec 2026" in tried
    assert tried[-1] == f"{len(tried) - 1} open dates would move. Nothing was changed."
    assert said("holidays", "list", "--year", "2026", url=url)[-1].startswith("Mon 28 Dec 2026")
    assert said(*add, url=url)[:-1] == tried[:-1]
    assert "Wed 25 Nov 2026  Council closed (closed day)" in said("holidays", "list", url=url)
    remove = ("holidays", "remove", DAY, "--reason", "The wrong week", "--partnership", "herefordshire")
    back = said(*remove, "--dry-run", url=url)
    assert "HCSP-ASB-2026-001  Threshold decision told: Mon 14 Dec 2026 to Fri 11 Dec 2026" in back
    assert said(*remove, url=url)[-1] == f"Wed 25 Nov 2026 was taken out. {len(back) - 1} open dates moved."
    assert "Wed 25 Nov 2026  Council closed (closed day)" not in said("holidays", "list", url=url)
    assert said("verify", url=url) == ["Nothing is wrong: every history, date and reminder holds together."]


@pytest.mark.parametrize(
    "words",
    [
        ("holidays", "remove", DAY, "--reason", "x"),
        ("holidays", "add", "2026-11-28", "--name", "x"),
        ("holidays", "add", "1900-01-02", "--name", "x"),
        ("holidays", "add", DAY, "--name", "x", "--partnership", "nowhere"),
        ("figures", "asb", "--area", "nowhere", "--from", "2026-01-01", "--to", "2026-12-31"),
        ("figures", "asb", "--area", "herefordshire", "--from", "2026-01-01", "--to", "2027-01-31"),
        ("workflows", "migrate", "asb_case_review", "--to", "7"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(url: str, words: tuple[str, ...]) -> None:
    done = tracker(*words, url=url)
    assert done.returncode == 1
    assert len(done.stderr.decode().splitlines()) == 1


def test_wrong_usage_is_2(url: str) -> None:
    both = (
        "figures",
        "asb",
        "--area",
        "a",
        "--partnership",
        "b",
        "--from",
        "2026-01-01",
        "--to",
        "2026-12-31",
    )
    assert tracker(*both, url=url).returncode == 2
    assert (
        tracker("workflows", "migrate", "asb_case_review", "--to", "2", "--map", "a", url=url).returncode == 2
    )


def test_figures_from_a_shell(url: str) -> None:
    words = (
        "figures",
        "asb",
        "--area",
        "herefordshire",
        "--from",
        "2026-01-01",
        "--to",
        "2026-12-31",
        "--json",
    )
    told = json.loads("\n".join(said(*words, url=url)))
    assert told["figures"] == {"a": 1, "b": 0, "c": 0, "d": 0}
    assert told["behind"]["applications"] == ["HCSP-ASB-2026-001"]


def test_check_says_how_many_open_cases_run(url: str) -> None:
    assert said("workflows", "check", url=url)[-1].endswith("1 open case runs on them.")
