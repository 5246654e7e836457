"""Several `tracker scheduler` and web workers with schedulers of their own, at once: each mail once, and none is the leader."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.crash.serving import ROOT, serving
from tests.drills.clocks import CLOCK, MODULE, set_to
from tests.drills.mailserver import MailServer, mail_server
from tests.drills.sizes import size
from tests.reminders.conftest import EIGHT, Office
from tracker.db import Database
from tracker.models import Lease, Organisation, OutboxState
from tracker.services.claims import CLAIM
from tracker.services.leases import ROUND_SECONDS
from workflows.ladder import Who

pytestmark = pytest.mark.crash

START = EIGHT(date(2026, 11, 9))
MAILS = size(30, 600)
WAIT = size(120, 900)


@pytest.fixture
def office(database: Database, cast: Cast) -> Office:
    office = Office(database, cast)
    with database.transaction() as session:
        for number in range(MAILS):
            session.add(
                Organisation(
                    key=f"b{number}", name=f"Body {number}", kind="other", contact_email=f"b{number}@b.example"
                )
            )  # fmt: skip
    case = office.case()
    for number in range(MAILS):
        office.deadline(case, date(2026, 11, 23), key=f"R{number}", instance=f"b{number}")
    return office


@contextmanager
def scheduler(
    office: Office, mails: MailServer, folder: Path, at: datetime = START
) -> Iterator["subprocess.Popen[bytes]"]:
    """``tracker scheduler`` from an instant on; SIGTERM ends it at the end of the block, cleanly."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TRACKER_")}
    environment |= {
        "TRACKER_DATABASE_URL": office.database.url, "TRACKER_MAIL": "smtp", "TRACKER_SMTP_URL": mails.url,
        "TRACKER_TICK_SECONDS": "1", CLOCK: set_to(at),
    }  # fmt: skip
    with (folder / "scheduler").open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", MODULE, "scheduler"], cwd=ROOT, env=environment, stdout=said, stderr=said
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    assert process.returncode in {0, -signal.SIGKILL}, "it stops cleanly when told to"


def until(what: str, condition: object) -> None:
    end = time.monotonic() + WAIT
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, what
        time.sleep(0.05)


def is_done(office: Office) -> bool:
    """Each body has its reminder, and whoever else is told has theirs."""
    rows = [row for row in office.rows() if row.deadline_id is not None]
    told = sum(row.who == Who.LEAD for row in rows)
    return told == MAILS and {row.state for row in rows} == {OutboxState.SENT}


def test_schedulers_and_web_workers_share_the_work_and_stop_when_told(office: Office, tmp_path: Path) -> None:
    settings = {
        "TRACKER_SCHEDULER": "embedded", "TRACKER_WORKERS": "2", "TRACKER_MAIL": "smtp", "TRACKER_TICK_SECONDS": "1",
        CLOCK: set_to(START),
    }  # fmt: skip
    with (
        mail_server() as mails,
        scheduler(office, mails, tmp_path),
        scheduler(office, mails, tmp_path),
        serving(office.database.url, tmp_path, module=MODULE, TRACKER_SMTP_URL=mails.url, **settings) as server,
    ):  # fmt: skip
        until("one worker is missing", lambda: len(server.workers()) == 2)
        until("not everything was sent", lambda: is_done(office))
        time.sleep(2)  # some rounds more
    assert server.process.returncode == 0
    times = mails.times()
    assert set(times.values()) == {1}
    assert set(times) == {row.message_id for row in office.rows(OutboxState.SENT)}


def test_after_a_kill_others_take_over(office: Office, tmp_path: Path) -> None:
    """Their clocks are set on by what the hold and the claim of the killed one last: nothing has to be waited for."""
    with mail_server(delay=0.1) as mails:
        with scheduler(office, mails, tmp_path) as first:
            until("the first sends nothing", lambda: len(mails.taken) >= MAILS // 4)
            first.kill()
            first.wait(30)
        assert not is_done(office)
        with office.reading() as session:
            assert session.get_one(Lease, "reminders").expires_at > START, "it could not say goodbye"
        mails.delay = 0
        after = timedelta(seconds=ROUND_SECONDS) + timedelta(minutes=10)
        with scheduler(office, mails, tmp_path, START + after):
            until("nobody took over", lambda: len(mails.times()) >= MAILS - 1)
        with scheduler(office, mails, tmp_path, START + 3 * after + CLAIM):
            until("what the killed one held does not go", lambda: is_done(office))
    times = mails.times()
    assert set(times) == {row.message_id for row in office.rows(OutboxState.SENT)}
    assert sum(times.values()) - len(times) <= 1
