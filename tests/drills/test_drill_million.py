"""``tracker bench``: its own database, the figures, the plan of the query; nothing of anybody's is touched."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.cast import settle
from tests.commands.shell import ROOT, tracker
from tests.drills.sizes import FULL, size
from tracker.db import Database
from tracker.queries.verification import faults

SIZE = size(4_000, 1_000_000)


def test_it_measures_beside_the_database_and_leaves_nothing(database: Database) -> None:
    settle(database)
    said = subprocess.run(
        [sys.executable, "-m", "tracker", "bench", "--size", str(SIZE), "--json"],
        cwd=ROOT, env={**os.environ, "TRACKER_DATABASE_URL": database.url},
        capture_output=True, check=False, timeout=size(120, 3600),
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    print(said.stdout.decode())  # noqa: T201 - for docs/drills.md
    figures = json.loads(said.stdout)
    large = figures["large"]
    assert (large["size"], large["owed"], large["told"], large["checked"]) == (SIZE, 1000, 2000, SIZE)
    assert large["untold"] == 0
    assert any("ix_deadlines_next_notice_at" in line for line in large["plan"])
    assert figures["ratios"].keys() == {"idle", "sweep"}
    with database.reading() as session:
        assert list(faults(session)) == []
    if database.is_sqlite:
        beside = Path(database.engine.url.database or "").parent
        assert not list(beside.glob("bench-*"))
    if FULL:
        assert large["sweep_seconds"] < 2
        assert large["idle_ms"] < 5


def test_a_database_that_holds_something_is_refused_and_ones_own_empty_one_is_kept(
    sqlite_database: Database, tmp_path: Path
) -> None:
    own = f"sqlite:///{tmp_path}/own.db"
    refused = tracker("bench", "--into", sqlite_database.url, url=own)
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert b"holds something already" in refused.stderr
    assert tracker("bench", "--size", "1000", "--into", own, url=own).returncode == 0
    assert (tmp_path / "own.db").stat().st_size > 1_000_000
