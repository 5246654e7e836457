"""Reminders and ``kill -9``: nothing owed is lost, and at most one mail is repeated for each kill, under its own name."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.crash.reminders_sender import POINTS
from tests.reminders.conftest import EIGHT, Office
from tracker.db import Database
from tracker.models import Organisation, OutboxState
from tracker.services import leases
from tracker.services.claims import CLAIM

pytestmark = pytest.mark.crash

ROOT = Path(__file__).resolve().parents[2]
NINTH = EIGHT(date(2026, 11, 9))
LATER = CLAIM + timedelta(minutes=1)


@pytest.fixture
def office(database: Database, cast: Cast) -> Office:
    return Office(database, cast)


def fill(office: Office, boxes: int) -> None:
    """One action with a date for each of so many agencies, and one officer who owes a date of their own."""
    with office.database.transaction() as session:
        for number in range(boxes):
            session.add(
                Organisation(key=f"b{number}", name=f"Body {number}", kind="other", contact_email=f"b{number:03}@b.example")
            )  # fmt: skip
    case = office.case(officer="officer")
    for number in range(boxes):
        office.deadline(case, date(2026, 11, 23), key="RETURN", instance=f"b{number}")


def sender(office: Office, journal: Path, at: datetime, pause_at: str = "") -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [
            sys.executable, "-m", "tests.crash.reminders_sender", office.database.url, str(journal), at.isoformat(),
            pause_at,
        ],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@contextmanager
def killed(process: "subprocess.Popen[str]") -> Iterator[None]:
    """Kill with SIGKILL at the end of the block: no cleaning up, no goodbye."""
    try:
        yield
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def finish(office: Office, journal: Path, at: datetime) -> None:
    """Let senders run to their end until nothing waits any more."""
    for _ in range(3):
        process = sender(office, journal, at)
        process.communicate(timeout=120)
        assert process.returncode == 0
        if not office.rows(OutboxState.QUEUED) and not office.rows(OutboxState.SENDING):
            return
        at += LATER
    raise AssertionError("something still waits")


def handed_over(journal: Path) -> tuple[Counter[str], dict[str, set[str]]]:
    """How often each mail was handed over, and the mails of each mailbox."""
    times: Counter[str] = Counter()
    names: dict[str, set[str]] = {}
    for line in journal.read_text().splitlines():
        message_id, mailbox = line.split()
        times[message_id] += 1
        names.setdefault(mailbox, set()).add(message_id)
    return times, names


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_between_any_two_steps_loses_nothing(office: Office, tmp_path: Path, point: str) -> None:
    fill(office, 2)
    journal = tmp_path / "journal"
    process = sender(office, journal, NINTH, point)
    with killed(process):
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
    finish(office, journal, NINTH + LATER)
    times, names = handed_over(journal)
    assert set(names) == {"b000@b.example", "b001@b.example", "officer@example.test"}
    assert all(len(ids) == 1 for ids in names.values())
    repeated = sum(times.values()) - len(times)
    assert repeated == (
        1 if point in {"after the mail went", "after the mark is written, before it is committed"} else 0
    )
    rows = office.rows()
    assert {row.state for row in rows} == {OutboxState.SENT}
    assert len({row.dedupe_key for row in rows}) == len(rows) == 4


def test_kills_at_random_lose_nothing_and_repeat_at_most_one_mail_each(
    office: Office, tmp_path: Path
) -> None:
    boxes, kills = 40, 5
    fill(office, boxes)
    journal, at = tmp_path / "journal", NINTH
    chance = random.Random(20261109)  # noqa: S311 - the same kills each time
    for _ in range(kills):
        two = [sender(office, journal, at) for _ in range(2)]
        with killed(two[0]), killed(two[1]):
            time.sleep(0.8 + chance.random() * 1.2)
        at += LATER
    finish(office, journal, at)
    times, names = handed_over(journal)
    assert len(names) == boxes + 1
    assert all(len(ids) == 1 for ids in names.values())
    assert sum(times.values()) - len(times) <= 2 * kills
    assert {row.state for row in office.rows()} == {OutboxState.SENT}


def test_senders_that_are_not_killed_repeat_nothing(office: Office, tmp_path: Path) -> None:
    fill(office, 40)
    journal = tmp_path / "journal"
    three = [sender(office, journal, NINTH) for _ in range(3)]
    for process in three:
        process.communicate(timeout=120)
        assert process.returncode == 0
    times, names = handed_over(journal)
    assert len(names) == 41
    assert set(times.values()) == {1}


def test_two_ticks_from_the_command_line_at_once(office: Office, tmp_path: Path) -> None:
    fill(office, 20)
    environment = {
        **os.environ, "TRACKER_DATABASE_URL": office.database.url, "TRACKER_MAIL_DIR": str(tmp_path / "mail"),
    }  # fmt: skip
    command = [sys.executable, "-m", "tracker", "tick", "--once", "--as-at", "2026-11-09"]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in both:
        process.communicate(timeout=120)
        assert process.returncode == 0
    # Twenty-one mailboxes with a date; a note of the week goes to nobody for whom it would be empty.
    rows = [row for row in office.rows() if row.state != OutboxState.SKIPPED or row.deadline_id]
    assert len({row.to_address for row in rows if row.deadline_id}) == 21
    assert len(list((tmp_path / "mail").glob("*.eml"))) == len({row.to_address for row in rows})
    assert {row.state for row in rows} == {OutboxState.SENT}
    assert {row.attempts for row in rows} == {1}


def test_the_scheduler_stops_cleanly_when_told_to(sqlite_database: Database, tmp_path: Path) -> None:
    environment = {
        **os.environ, "TRACKER_DATABASE_URL": sqlite_database.url, "TRACKER_MAIL_DIR": str(tmp_path / "mail"),
        "TRACKER_TICK_SECONDS": "1",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "scheduler"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with sqlite_database.reading() as session:
                if leases.last_round(session) is not None:
                    break
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        said, wrong = process.communicate(timeout=30)
    finally:
        if process.poll() is None:
            process.kill()
    assert (process.returncode, said, wrong) == (
        0,
        "Reminders are being decided and sent (Ctrl+C stops it)\n",
        "",
    )
    with sqlite_database.reading() as session:
        assert leases.last_round(session) is not None
