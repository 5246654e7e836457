"""Serving, as a process: refusals in one sentence, no surprise headers, a clean end."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from tests.cast import settle
from tests.commands.shell import ROOT, tracker
from tracker.db import Database
from tracker.models import Lease, User

KEY = "a key for tests, long enough to pass for one"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def get(port: int, path: str, *, host: str = "127.0.0.1") -> tuple[int, set[str], str]:
    """Status, names of the headers and text of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, {name.lower() for name, _ in answer.getheaders()}, answer.read().decode()
    finally:
        connection.close()


def rounds_done(url: str) -> bool:
    """Whether reminders have run, waiting a while for the first time."""
    database = Database(url)
    try:
        for _ in range(100):
            with database.reading() as session:
                if session.exec(select(Lease.last_ok_at).where(col(Lease.last_ok_at).is_not(None))).first():
                    return True
            time.sleep(0.1)
        return False
    finally:
        database.dispose()


def said(result: subprocess.CompletedProcess[bytes]) -> str:
    """The one sentence of a refusal."""
    text = result.stderr.decode()
    assert result.returncode == 1, text
    assert "Traceback" not in text
    assert text.count("\n") == 1
    return text.strip()


@pytest.fixture
def served(sqlite_url: str, tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A server with the scheduler embedded; its port and its process."""
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TRACKER_")}
    environment |= {
        "TRACKER_DATABASE_URL": sqlite_url, "TRACKER_SECRET_KEY": KEY, "TRACKER_PORT": str(port),
        "TRACKER_MAIL_DIR": str(tmp_path / "mail"), "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "serve"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    for _ in range(300):
        try:
            get(port, "/sign-in")
            break
        except OSError:
            assert process.poll() is None, process.communicate()[1].decode()
            time.sleep(0.1)
    yield port, process
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.crash
def test_serving_names_no_product_and_ends_when_told(
    served: tuple[int, subprocess.Popen[bytes]], sqlite_url: str, tmp_path: Path
) -> None:
    port, process = served
    status, names, text = get(port, "/sign-in")
    assert status == 200
    assert "server" not in names
    assert "content-security-policy" in names
    assert "<h1" in text
    assert get(port, "/sign-in", host="evil.example")[0] == 400
    assert rounds_done(sqlite_url), "the embedded scheduler did no round"
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err.decode()
    assert out.decode().splitlines() == [f"The case tracker is at http://127.0.0.1:{port} (Ctrl+C stops it)"]
    assert "Traceback" not in err.decode()
    assert not list(tmp_path.rglob("*.ctl")), "no control socket"


def test_an_empty_database_is_not_served(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    refusal = said(tracker("serve", url=url, TRACKER_SECRET_KEY=KEY))
    assert refusal == "The database is not at the present schema. Run `tracker migrate` first."


def test_a_port_that_is_taken_is_said_so(sqlite_url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refusal = said(tracker("serve", url=sqlite_url, TRACKER_SECRET_KEY=KEY, TRACKER_PORT=str(port)))
    assert refusal == f"Port {port} is in use. Choose another one with TRACKER_PORT."


PRODUCTION = {"TRACKER_BASE_URL": "https://tracker.example.gov.uk", "TRACKER_SECRET_KEY": KEY}


def test_production_refuses_people_of_the_demonstration(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    settle(database)
    with database.transaction() as session:
        user = session.exec(select(User).where(User.email == "officer@example.test")).one()
        user.demonstration = True
        session.add(user)
    database.dispose()
    assert "people of the demonstration" in said(tracker("serve", url=sqlite_url, **PRODUCTION))


def test_trying_out_is_not_for_production(sqlite_url: str) -> None:
    assert "`tracker run` is for trying out" in said(tracker("run", url=sqlite_url, **PRODUCTION))


def test_an_unknown_setting_stops_every_command(sqlite_url: str) -> None:
    for command in ("serve", "run", "migrate", "settings"):
        assert "There is no setting TRACKER_COLOUR" in said(
            tracker(command, url=sqlite_url, TRACKER_COLOUR="blue")
        )


def test_people_are_added_listed_and_disabled(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    settle(database)
    database.dispose()
    words = ("users", "add", "--email", "new@example.test", "--name", "Review officer", "--role", "officer")
    assert "needs a partnership" in said(tracker(*words, url=sqlite_url))
    added = tracker(*words, "--partnership", "herefordshire", url=sqlite_url)
    assert added.returncode == 0, added.stderr
    first, second = added.stdout.decode().splitlines()
    assert first == "new@example.test is added as officer."
    password = re.fullmatch(r"Password, shown this once: (\S{27})", second)
    assert password is not None
    again = tracker("users", "set-password", "new@example.test", "--ask", url=sqlite_url, given="short\n")
    assert "14 characters or more" in again.stderr.decode()
    assert again.returncode == 1
    assert tracker("users", "disable", "new@example.test", url=sqlite_url).returncode == 0
    listed = tracker("users", "list", url=sqlite_url).stdout.decode().splitlines()
    row = "new@example.test  Review officer  officer, Herefordshire Community Safety Partnership  (disabled)"
    assert row in listed
    assert password[1] not in "".join(listed)


@pytest.mark.parametrize(
    "words", [("users", "add"), ("users", "disable"), ("serve", "now"), ("settings", "--yaml")]
)
def test_wrong_usage_is_2(sqlite_url: str, words: tuple[str, ...]) -> None:
    result = tracker(*words, url=sqlite_url)
    assert result.returncode == 2
    assert b"Usage: tracker" in result.stderr


@pytest.mark.parametrize("command", ["serve", "run", "migrate", "settings", "users"])
def test_each_command_explains_itself(sqlite_url: str, command: str) -> None:
    result = tracker(command, "--help", url=sqlite_url)
    assert result.returncode == 0
    assert b"Usage: tracker" in result.stdout
