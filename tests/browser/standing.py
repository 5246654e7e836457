"""A tracker whose clock stands until it is told: the demonstration of one Monday, a copy of its own for each test.

It is served by a thread of the test itself, so that the test may set the clock and look into the database.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Flask
from sqlmodel import select
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from config import Settings
from tests.browser.servers import KEY, PASSWORD, Tracker, free_port
from tracker import clock, create_app, demo, migrating, rounds
from tracker.db import Database
from tracker.models import Case

StartResponse = Callable[..., Any]
Answer = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@dataclass
class Standing:
    """The tracker, its database, the instant that its clock shows, and the mails that it has sent.

    ``section_8a_on``: the day on which section 8A begins, if one is set.
    """

    tracker: Tracker
    database: Database
    at: datetime = MONDAY
    mails: list[EmailMessage] = field(default_factory=list)
    section_8a_on: date | None = None

    def settings(self) -> Settings:
        """What it was started with."""
        return Settings(
            secret_key=KEY, base_url=self.tracker.address, scheduler="off", demo_password=PASSWORD,
            mail_dir=self.tracker.folder / "mail", dardr_in_force_from=self.section_8a_on,
        )  # fmt: skip

    def now(self) -> datetime:
        """What its clock shows."""
        return self.at

    def london(self, year: int, month: int, day: int, hour: int, minute: int = 0) -> None:
        """Set the clock, by the time in London."""
        self.at = datetime(year, month, day, hour, minute, tzinfo=clock.LONDON).astimezone(UTC)

    def forward(self, **by: float) -> None:
        """Set the clock on."""
        self.at += timedelta(**by)

    def send(self, mail: EmailMessage) -> None:
        """Keep a mail instead of sending it."""
        self.mails.append(mail)

    def round(self) -> None:
        """One round of the scheduler, decided and sent now, with its heartbeat."""
        given = self.settings()
        rounds.run(given, self.database, self.at, holder="the test", transport=self)
        rounds.in_turn(given, self.database, self.now, holder="the test")

    def reference(self, process: str, state: str, place: str = "HCSP") -> str:
        """The first case of this process in this state."""
        with self.database.reading() as session:
            found = session.exec(
                select(Case.reference)
                .where(Case.process == process, Case.state == state)
                .order_by(Case.reference)
            ).all()
        return next(reference for reference in found if reference.startswith(place + "-"))


def load(path: Path) -> None:
    """The demonstration as at :data:`MONDAY`, into a new file."""
    database = Database(f"sqlite:///{path}")
    try:
        migrating.upgrade(database)
        demo.load(database, Settings(demo_password=PASSWORD), MONDAY)
    finally:
        database.dispose()


def _closing(app: Flask) -> Answer:
    """The application, each answer read and closed before any of it is sent.

    A browser drops a connection when it goes on to another page. Werkzeug's server, which only the tests use,
    then leaves the answer open, and the file of a picture or a stylesheet with it; gunicorn closes it.
    """

    def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        return Response.from_app(app, environ, buffered=True)(environ, start_response)

    return answer


@contextmanager
def served(loaded: Path, folder: Path, section_8a_on: date | None = None) -> Iterator[Standing]:
    """A copy of the file, served on a free port."""
    path = folder / "tracker.db"
    source, copy = sqlite3.connect(loaded), sqlite3.connect(path)
    source.backup(copy)
    source.close()
    copy.close()
    database = Database(f"sqlite:///{path}")
    port = free_port()
    standing = Standing(Tracker(f"http://127.0.0.1:{port}", folder), database, section_8a_on=section_8a_on)
    app = create_app(standing.settings(), now=standing.now, database=database)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", port, _closing(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield standing
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
        database.dispose()
