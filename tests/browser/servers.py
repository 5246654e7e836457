"""Two trackers to look at from outside: the demonstration as `make run` starts it, and one that holds only people."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEY = "a key for tests, long enough to pass for one"
PASSWORD = "four plain words in a row"
PREFIX = "TRACKER_"


@dataclass(frozen=True, slots=True)
class Tracker:
    """A running tracker: where it answers, and the folder with its database and its mail."""

    address: str
    folder: Path


@contextmanager
def running(folder: Path, command: str, **settings: str) -> Iterator[Tracker]:
    """``tracker run`` or ``tracker serve`` on a free port, ended afterwards."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = _settings(folder) | {
        f"{PREFIX}PORT": str(port), f"{PREFIX}BASE_URL": address, f"{PREFIX}DEMO_PASSWORD": PASSWORD,
    } | settings  # fmt: skip
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tracker", command],
            cwd=ROOT,
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(address, process, folder)
            yield Tracker(address, folder)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(30)


def settle(folder: Path) -> None:
    """A migrated database with three people and nothing else: an officer, an administrator, an agency lead."""
    _tracker(folder, "migrate")
    for email, role, place in (
        ("officer@empty.example", "officer", ("--partnership", "herefordshire")),
        ("admin@empty.example", "administrator", ("--partnership", "herefordshire")),
        ("lead@empty.example", "lead", ("--organisation", "west-mercia-police")),
    ):
        _tracker(
            folder, "users", "add", "--email", email, "--name", f"The {role}", "--role", role, *place, "--ask",
            typed=PASSWORD,
        )  # fmt: skip


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _settings(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | {
        f"{PREFIX}DATABASE_URL": f"sqlite:///{folder / 'tracker.db'}", f"{PREFIX}SECRET_KEY": KEY,
        f"{PREFIX}MAIL_DIR": str(folder / "mail"), "HOME": str(folder),
    }  # fmt: skip


def _tracker(folder: Path, *words: str, typed: str = "") -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        cwd=ROOT,
        env=_settings(folder),
        input=typed.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def _wait(address: str, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    for _ in range(1200):
        try:
            with closing(http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)) as line:
                line.request("GET", "/status")
                assert line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            assert process.poll() is None, (folder / "said").read_text()
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The tracker did not start: " + (folder / "said").read_text())
