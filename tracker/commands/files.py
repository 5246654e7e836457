"""Files that commands are given by name: read and written, or refused in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.errors import BadInput


@contextmanager
def _refused(file: Path, done: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        what = "file" if done == "read" else "folder"
        raise BadInput(f"There is no {what} {file if done == 'read' else file.parent}.") from None
    except (OSError, ValueError) as refused:  # ValueError: a name with a NUL in it
        why = getattr(refused, "strerror", None) or refused
        raise BadInput(f"The file {file} cannot be {done}: {why}.") from None


def bytes_of(file: Path, most: int) -> bytes:
    """The whole file, never more than ``most`` bytes and one.

    Raises:
        BadInput: there is no such file, or it cannot be read.
    """
    with _refused(file, "read"), file.open("rb") as held:
        return held.read(most + 1)


def write_out(file: Path, made: bytes) -> None:
    """Write a file, over one that is there.

    Raises:
        BadInput: there is no such folder, or the file cannot be written.
    """
    with _refused(file, "written"):
        file.write_bytes(made)
