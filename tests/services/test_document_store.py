"""Stored files on disk and the virus scanner beside them."""

import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tracker.errors import NotPossible
from tracker.services import document_store
from tracker.services.document_store import Verdict


def test_a_file_gets_a_random_name_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    first, second = (document_store.keep(folder, b"the same") for _ in range(2))
    assert first.name != second.name
    assert first.digest == second.digest
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / first.name).stat().st_mode & 0o777 == 0o600
    assert document_store.fetch(folder, first.name, first.digest) == b"the same"
    document_store.drop(folder, first.name)
    with pytest.raises(NotPossible, match="not where it was stored"):
        document_store.fetch(folder, first.name, first.digest)
    (folder / second.name).write_bytes(b"something else")
    with pytest.raises(NotPossible, match="not as it was stored"):
        document_store.fetch(folder, second.name, second.digest)


@pytest.mark.parametrize("name", ["", "..", "../secret", "/etc/passwd", "a" * 63, "A" * 64, "\x00" * 64])
def test_no_other_name_reaches_the_disk(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    for act in (
        lambda: document_store.fetch(tmp_path, name, ""),
        lambda: document_store.drop(tmp_path, name),
    ):
        with pytest.raises(NotPossible, match="no such file"):
            act()


@contextmanager
def scanner(answer: bytes, got: list[bytes], path: str = "") -> Iterator[str]:
    """A clamd that reads one INSTREAM and answers."""
    if path:
        door = socket.socket(socket.AF_UNIX)
        door.bind(path)
        door.listen()
    else:
        door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = door.accept()
        with line, line.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack(">I", stream.read(4))[0]:
                content += stream.read(size)
            got.append(content)
            line.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"unix:{path}" if path else f"tcp://127.0.0.1:{door.getsockname()[1]}"
    thread.join()
    door.close()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"stream: OK\0", Verdict.CLEAN),
        (b"stream: Eicar-Test-Signature FOUND\0", Verdict.FOUND),
        (b"INSTREAM size limit exceeded. ERROR\0", Verdict.NO_ANSWER),
        (b"stream: something OK\0", Verdict.NO_ANSWER),
        (b"", Verdict.NO_ANSWER),
    ],
)
@pytest.mark.parametrize("by_path", [False, True])
def test_the_scanner_is_told_everything_and_believed_only_as_it_speaks(
    tmp_path: Path, answer: bytes, verdict: Verdict, *, by_path: bool
) -> None:
    content, got = os.urandom(200_000), []
    with scanner(answer, got, str(tmp_path / "s") if by_path else "") as address:
        assert document_store.scan(address, content) is verdict
    assert got == [content]


def test_a_scanner_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert document_store.scan(f"unix:{tmp_path}/nobody", b"x") is Verdict.NO_ANSWER
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    assert document_store.scan(f"tcp://127.0.0.1:{port}", b"x") is Verdict.NO_ANSWER
