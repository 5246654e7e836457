"""Stored files: random names in one folder that no web server reads, and the virus scanner that looks at each first."""

import hashlib
import os
import re
import secrets
import socket
import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from tracker.errors import NotPossible

PATIENCE = 20.0
"""Seconds to wait for the scanner."""
_NAME = re.compile(r"[0-9a-f]{64}")
_CHUNK = 2**16
_ANSWER_MOST = 4096


class Verdict(StrEnum):
    """What the scanner says."""

    CLEAN = "clean"
    FOUND = "found"
    NO_ANSWER = "no answer"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on disk: its random name, how many bytes, their SHA-256."""

    name: str
    size: int
    digest: str


def keep(folder: Path, content: bytes) -> Kept:
    """Write a file under a new random name, readable by this service alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = secrets.token_hex(32)
    with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Kept(name, len(content), hashlib.sha256(content).hexdigest())


def drop(folder: Path, name: str) -> None:
    """Remove a file that was not recorded after all."""
    _path(folder, name).unlink(missing_ok=True)


def fetch(folder: Path, name: str, digest: str) -> bytes:
    """The bytes of a stored file, as they were stored.

    Raises:
        NotPossible: the file is gone, or is not what was stored.
    """
    path = _path(folder, name)
    if not path.is_file():
        raise NotPossible("The file is not where it was stored. Tell whoever looks after the service.")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise NotPossible("The file is not as it was stored. Tell whoever looks after the service.")
    return content


def scan(address: str, content: bytes) -> Verdict:
    """Ask a clamd at ``unix:/path`` or ``tcp://host:port`` (clamd's INSTREAM command)."""
    try:
        with _connected(address) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                part = content[start : start + _CHUNK]
                line.sendall(struct.pack(">I", len(part)) + part)
            line.sendall(struct.pack(">I", 0))
            answer = b""
            while (
                not answer.endswith(b"\0")
                and len(answer) < _ANSWER_MOST
                and (more := line.recv(_ANSWER_MOST))
            ):
                answer += more
    except OSError:
        return Verdict.NO_ANSWER
    said = answer.rstrip(b"\0\n")
    if said.endswith(b"FOUND"):
        return Verdict.FOUND
    return Verdict.CLEAN if said == b"stream: OK" else Verdict.NO_ANSWER


def _connected(address: str) -> socket.socket:
    if address.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(PATIENCE)
        try:
            line.connect(address.removeprefix("unix:"))
        except OSError:
            line.close()
            raise
        return line
    at = urlsplit(address)
    return socket.create_connection((at.hostname or "", at.port or 3310), timeout=PATIENCE)


def _path(folder: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise NotPossible("There is no such file.")
    return folder / name
