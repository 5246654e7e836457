"""A fortnight as it may go: two ticks at once each day, both killed at random, then a week of nothing. Nothing is missed.

What comes out is compared with what an office decides in which nothing ever went wrong: the same keys, each once.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cast import Cast, settle
from tests.crash.serving import ROOT
from tests.reminders.conftest import EIGHT, Office
from tracker.db import Database
from tracker.models import OutboxState

pytestmark = pytest.mark.crash

DISTURBED = [date(2026, 11, 9) + timedelta(days=n) for n in range(5)]
OUTAGE = [date(2026, 11, 16) + timedelta(days=n) for n in range(5)]
AFTER = [date(2026, 11, 23) + timedelta(days=n) for n in range(3)]


def fill(office: Office) -> None:
    """Dates that fall due before, in and after the outage, with leads, officers and an agency's mailbox."""
    for number, due_on in enumerate(
        (date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 18), date(2026, 11, 30))
    ):
        for _ in range(4):
            case = office.case(organisation=office.cast.police, officer=("officer", "officer2")[number % 2])
            office.deadline(case, due_on, asked_from=EIGHT(date(2026, 11, 9)))


@pytest.fixture
def undisturbed(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """The same dates in an office where every round came at eight and ended."""
    path = tmp_path / "undisturbed.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    office = Office(database, settle(database))
    fill(office)
    for day in (*DISTURBED, *OUTAGE, *AFTER):
        office.round(EIGHT(day) + timedelta(minutes=5))
    yield office
    database.dispose()


def tick(office: Office, mails: Path, day: date) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ, "TRACKER_DATABASE_URL": office.database.url, "TRACKER_MAIL_DIR": str(mails),
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "tracker", "tick", "--once", "--as-at", f"{day}T08:05:00+00:00"],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


@contextmanager
def ended(processes: list["subprocess.Popen[bytes]"]) -> Iterator[None]:
    """Kill with SIGKILL at the end of the block whatever still runs."""
    try:
        yield
    finally:
        for process in processes:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
            process.communicate(timeout=30)


def test_a_fortnight_of_kills_and_a_week_of_nothing_decide_what_was_owed(
    database: Database, cast: Cast, undisturbed: Office, tmp_path: Path
) -> None:
    office, mails = Office(database, cast), tmp_path / "mail"
    fill(office)
    chance = random.Random(20261109)  # noqa: S311 - the same kills each time
    seen: list[int] = []
    for day in DISTURBED:
        two = [tick(office, mails, day) for _ in range(2)]
        with ended(two):
            # From the first row on, some are killed while they decide and some while they send.
            before, until = len(office.rows()), time.monotonic() + 15
            while len(office.rows()) == before and any(one.poll() is None for one in two):
                if time.monotonic() > until:
                    break
                time.sleep(0.02)
            time.sleep(chance.random() * 0.15)
        seen.append(sum(one.returncode == -signal.SIGKILL for one in two))
    for day in AFTER:
        two = [tick(office, mails, day) for _ in range(2)]
        for process in two:
            _, said = process.communicate(timeout=120)
            assert process.returncode == 0, said.decode()
    assert sum(seen) >= 2, "hardly any tick was killed on its way"

    every, owed = office.rows(), undisturbed.rows()
    keys = Counter(row.dedupe_key for row in every)
    assert set(keys.values()) == {1}
    # The notes of a week are no date's: none for the week of nothing, and for the disturbed one if a round got so far.
    rows = [row for row in every if row.deadline_id is not None]
    weeks = {row.rung for row in every if row.deadline_id is None}
    assert {"2026-11-23"} <= weeks <= {"2026-11-09", "2026-11-23"}
    assert {row.dedupe_key for row in rows} == {row.dedupe_key for row in owed}
    assert not [
        row for row in rows if row.state in {OutboxState.QUEUED, OutboxState.SENDING, OutboxState.FAILED}
    ]
    # Nobody went without: whoever was told of a date there is told of it here, by that step or by a later one.
    told = {(row.deadline_id, row.to_address) for row in rows if row.state == OutboxState.SENT}
    assert told == {(row.deadline_id, row.to_address) for row in owed if row.state == OutboxState.SENT}
    last = {
        row.dedupe_key for row in owed if row.state == OutboxState.SENT and row.created_at >= EIGHT(AFTER[0])
    }
    assert last <= {row.dedupe_key for row in rows if row.state == OutboxState.SENT}
    # One mail for each name. A mail that went before its sender was killed may be overtaken by the next.
    went = {path.name.removesuffix(".eml") for path in mails.glob("*.eml")}
    sent = {(row.message_id or "").strip("<>") for row in every if row.state == OutboxState.SENT}
    assert sent <= went <= {(row.message_id or "").strip("<>") for row in every}
