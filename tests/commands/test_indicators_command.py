"""Indicators from a file at a shell."""

from pathlib import Path

from tests.commands.shell import tracker
from tracker.imports.indicators import COLUMNS

DEMONSTRATION = Path(__file__).resolve().parents[2] / "tracker" / "demo" / "herefordshire_indicators.csv"


def test_indicators_are_read_in_and_a_wrong_file_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    tracker("migrate", url=sqlite_url)
    for said in (
        b"12 indicators: 44 values added, 0 corrected.",
        b"12 indicators: 0 values added, 0 corrected.",
    ):
        done = tracker(
            "import-indicators", str(DEMONSTRATION), "--partnership", "herefordshire", url=sqlite_url
        )
        assert done.returncode == 0, done.stderr.decode()
        assert said in done.stdout
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(",".join(COLUMNS) + "\nI1,,Crime,,,,,Q1,2026-01-01,2026-03-31,ten\n")
    refused = tracker("import-indicators", str(wrong), "--partnership", "herefordshire", url=sqlite_url)
    assert refused.returncode == 1
    assert b"Line 2: ten is not a number." in refused.stderr
