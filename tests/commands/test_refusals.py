"""What a command cannot use is refused in words, whatever it is: never a traceback, never an empty answer."""

from pathlib import Path

import click
import pytest

from tests.cast import settle
from tests.commands.shell import tracker
from tracker.commands.opening import AsAt, Day
from tracker.db import Database

DATA = Path(__file__).resolve().parents[1] / "data"
PRINTED = DATA / "worcs_csa_action_plan_2018_19_as_printed.csv"
KEY = "community-safety-agreement-2018-19"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("0001-01-01T00:00:00+14:00", "outside the years 1900 to 2199"),
        ("9999-12-31T23:59:59-14:00", "outside the years 1900 to 2199"),
        ("0001-01-01", "outside the years 1900 to 2199"),
        ("9999-12-31", "outside the years 1900 to 2199"),
        ("2026-W47-7", "neither a date"),
        ("2026-W47-7T08:00:00+00:00", "neither a date"),
        ("20261122", "neither a date"),
        ("2026-02-30", "neither a date"),
        ("2026-11-22T25:00:00+00:00", "neither a date"),
        ("2026-11-22T08:00:00+25:00", "neither a date"),
        ("٢٠٢٦-11-22", "neither a date"),
        ("2026-11-22T08:00:00", "does not say its zone"),
    ],
)
def test_a_moment_that_cannot_be_used_is_refused(given: str, said: str) -> None:
    with pytest.raises(click.UsageError, match=said):
        AsAt().convert(given, None, None)


@pytest.mark.parametrize(
    ("given", "utc"),
    [
        ("2026-11-22", "2026-11-22T23:59:59+00:00"),
        ("2026-07-01", "2026-07-01T22:59:59+00:00"),
        ("2026-11-22T08:00:00Z", "2026-11-22T08:00:00+00:00"),
        ("2026-11-22 08:00+01:00", "2026-11-22T07:00:00+00:00"),
        ("2199-12-31T23:59:59-14:00", "2200-01-01T13:59:59+00:00"),
    ],
)
def test_a_moment_is_a_date_or_an_instant_with_its_zone(given: str, utc: str) -> None:
    assert AsAt().convert(given, None, None).isoformat() == utc


@pytest.mark.parametrize("given", ["2026-W47-7", "20261122", "2026-02-30", "tomorrow"])
def test_a_day_is_written_in_one_way(given: str) -> None:
    with pytest.raises(click.UsageError, match="is not a date; write it as 2026-11-22"):
        Day().convert(given, None, None)


@pytest.fixture
def imported(sqlite_url: str) -> str:
    database = Database(sqlite_url)
    settle(database)
    database.dispose()
    done = tracker(
        "import-plan", str(PRINTED), "--partnership", "worcestershire",
        "--plan", "Community Safety Agreement 2018-19", "--accept-questions", url=sqlite_url,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return sqlite_url


def test_files_that_cannot_be_read_or_written_are_one_sentence(imported: str, tmp_path: Path) -> None:
    gone, folder = str(tmp_path / "no" / "such"), str(tmp_path)
    plan = ("--partnership", "worcestershire", "--plan", "x")
    for words, said in (
        (("export-plan", KEY, "--output", gone), f"There is no folder {Path(gone).parent}."),
        (("export-plan", KEY, "--output", folder), "cannot be written: Is a directory."),
        (("import-plan", gone, *plan), f"There is no file {gone}."),
        (("import-plan", folder, *plan), "cannot be read: Is a directory."),
        (("read-plan", gone), f"There is no file {gone}."),
        (("read-plan", folder), "cannot be read: Is a directory."),
    ):
        refused = tracker(*words, url=imported)
        assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1), refused.stderr.decode()
        assert said in refused.stderr.decode()


@pytest.mark.parametrize("command", ["due", "threshold", "timescale"])
def test_lines_come_from_a_file_that_is_there(command: str, sqlite_url: str, tmp_path: Path) -> None:
    for name in (tmp_path / "gone", tmp_path):
        refused = tracker(command, "--file", str(name), url=sqlite_url)
        assert refused.returncode in {1, 2}
        assert b"Traceback" not in refused.stderr
        assert str(name).encode() in refused.stderr


def test_overdue_refuses_a_plan_or_a_partnership_that_is_not_there(imported: str) -> None:
    for words, said in (
        (("--plan", "nope"), "There is no such plan"),
        (("--partnership", "nope"), "There is no partnership called nope"),
    ):
        for also in ((), ("--json",)):
            refused = tracker("overdue", *words, *also, url=imported)
            assert (refused.returncode, refused.stdout) == (1, b"")
            assert len(refused.stderr.splitlines()) == 1
            assert said in refused.stderr.decode()
    known = tracker("overdue", "--plan", KEY, "--partnership", "worcestershire", url=imported)
    assert (known.returncode, known.stderr) == (0, b"")
    assert b" overdue on " in known.stdout
