"""A real server on a real port, and people who use it over the wire: a process, sockets, cookies, the CSRF check on."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from threading import Barrier
from typing import TypeVar
from urllib.parse import urlencode

from sqlmodel import Session, select

from tests.cast import NOON, Cast
from tracker import access, passwords
from tracker.db import Database
from tracker.models import Membership, Role, User
from tracker.policy import Actor

ROOT = Path(__file__).resolve().parents[2]
KEY = "a key for tests, long enough to pass for one"
PASSWORD = "four plain words in a row"
Pairs = list[tuple[str, str]]
T = TypeVar("T")

_FORM = re.compile(r'<form[^>]*\baction="([^"]*)"[^>]*\bmethod="post"[^>]*>(.*?)</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


@dataclass(frozen=True, slots=True)
class Server:
    """One running ``tracker serve``."""

    port: int
    process: "subprocess.Popen[bytes]"

    def workers(self) -> list[int]:
        """The process numbers of its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(one) for one in children.read_text().split()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(url: str, folder: Path, *, module: str = "tracker", **settings: str) -> Iterator[Server]:
    """A server on ``url``; its output goes to ``stdout`` and ``stderr`` in the folder, its mail to ``mail``."""
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TRACKER_")}
    environment |= {
        "TRACKER_DATABASE_URL": url, "TRACKER_SECRET_KEY": KEY, "TRACKER_PORT": str(port),
        "TRACKER_SCHEDULER": "off", "TRACKER_MAIL_DIR": str(folder / "mail"), "HOME": str(folder),
    } | settings  # fmt: skip
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "serve"], cwd=ROOT, env=environment, stdout=out, stderr=err
        )
        try:
            _wait(port, process, folder)
            yield Server(port, process)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(30)


def _wait(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, (folder / "stderr").read_text()
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over the wire."""

    status: int
    headers: tuple[tuple[str, str], ...]
    text: str

    @property
    def location(self) -> str:
        return next((value for name, value in self.headers if name.lower() == "location"), "")

    def form(self) -> tuple[str, Pairs]:
        """The address of the last form of the page itself that posts, and its hidden fields."""
        address, inside = _FORM.findall(self.text.partition("<main")[2].partition("</main>")[0])[-1]
        return unescape(address), [(unescape(n), unescape(v)) for n, v in _HIDDEN.findall(inside)]


@dataclass(slots=True)
class Visitor:
    """Somebody at a browser: one cookie, one connection for each request."""

    server: Server
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, address: str) -> Answer:
        return self._ask("GET", address)

    def post(self, address: str, pairs: Sequence[tuple[str, str]]) -> Answer:
        return self._ask("POST", address, urlencode(list(pairs)))

    def sign_in(self, email: str) -> "Visitor":
        address, hidden = self.get("/sign-in").form()
        answer = self.post(address, [*hidden, ("email", email), ("password", PASSWORD)])
        assert answer.status == 303, answer.text
        return self

    def _ask(self, method: str, address: str, body: str | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, address, body, headers)
            came = connection.getresponse()
            answer = Answer(came.status, tuple(came.getheaders()), came.read().decode())
        finally:
            connection.close()
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                key, _, kept = value.partition(";")[0].partition("=")
                self.cookies[key] = kept
        return answer


def add_officers(database: Database, cast: Cast, many: int) -> list[str]:
    """So many more officers of one partnership, with one password; their addresses."""
    stored = passwords.hashed(PASSWORD)
    emails = [f"person{number:02}@example.test" for number in range(many)]
    with database.transaction() as session:
        for email in emails:
            user = User(email=email, name=f"Officer {email[6:8]}", created_at=NOON, password_hash=stored)
            session.add(user)
            session.flush()
            session.add(Membership(user_id=user.id, role=Role.OFFICER, partnership_id=cast.herefordshire))
    return emails


def acting(session: Session, email: str) -> Actor:
    """The actor of that address."""
    return access.actor_for(session, session.exec(select(User).where(User.email == email)).one(), NOON)


def at_once(pool: ThreadPoolExecutor, jobs: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of it at the same moment: nobody starts before everybody stands at the line."""
    line = Barrier(len(jobs))

    def started(job: Callable[[], T]) -> T:
        line.wait(60)
        return job()

    return list(pool.map(started, jobs))
