"""Opening the zip inside an .xlsx or .docx without being harmed by it."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from tracker.errors import BadInput

MOST_UNPACKED = 200 * 1024 * 1024
MOST_XML = 40 * 1024 * 1024  # 100,000 rows of seven columns; reading takes about twelve times as much memory
MOST_RATIO = 300  # long repetitive tables reach about 70; deflate's own limit, which bombs aim at, is 1,032
SMALL = 10 * 1024 * 1024  # below this a high ratio does no harm
MOST_PARTS = 5_000
MOST_ROWS = 100_000
MOST_MERGED_CELLS = 2_000_000

ENCRYPTED_OR_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_XML = (".xml", ".rels", ".vml")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")


def open_office_file(source: bytes, *, holds: str, kind: str) -> zipfile.ZipFile:
    """Open an Office file after checking that it is safe to unpack.

    Args:
        source: the whole file.
        holds: the part that makes it what it claims to be, such as ``word/document.xml``.
        kind: what it claims to be, in words: "a Word document".

    Raises:
        BadInput: it is encrypted, broken, not what it claims to be, or would not be safe to open.
    """
    if source.startswith(ENCRYPTED_OR_OLD):
        if "EncryptedPackage".encode("utf-16-le") in source:
            raise BadInput(
                "The file is protected by a password: save a copy without the password and use that."
            )
        raise BadInput(
            "The file is protected by a password or saved in the old format of .doc and .xls: "
            "save a copy as .docx or .xlsx, without a password, and use that."
        )
    if not source.startswith(b"PK"):
        raise BadInput(
            f"The file is not {kind}, whatever its name says: open it and save it again as {kind}."
        )
    with _unpacking():
        archive = zipfile.ZipFile(io.BytesIO(source))
    _refuse_bomb(archive)
    names = set(archive.namelist())
    if holds not in names:
        raise BadInput(
            f"The file is not {kind}, whatever its name says: open it and save it again as {kind}."
        )
    for name in names:
        if name.endswith(_XML):
            _refuse_harmful_xml(read_part(archive, name), name)
    return archive


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part of the file.

    Raises:
        BadInput: that part is cut short or damaged.
    """
    with _unpacking():
        return archive.read(name)


@contextmanager
def _unpacking() -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        KeyError,
        NotImplementedError,  # zipfile says so of a way of packing that it does not know
    ) as broken:
        raise BadInput(
            "The file is broken or was cut short: ask for it again, or open and save it."
        ) from broken
    except RuntimeError as locked:  # zipfile says so of a part that has a password
        raise BadInput(
            "The file is protected by a password: save a copy without it and use that."
        ) from locked


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    """Judge by the sizes the file declares: the reader never unpacks more of a part than its declared size."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    xml = sum(part.file_size for part in parts if part.filename.endswith(_XML))
    bomb = unpacked > SMALL and unpacked / packed > MOST_RATIO
    if bomb or xml > MOST_XML or unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise BadInput("The file unpacks to far more than an action plan holds, so it was not opened.")


def _refuse_harmful_xml(part: bytes, name: str) -> None:
    """No Office program writes a document type: it is how entity bombs and outside files get in."""
    plain = part.replace(b"\0", b"") if b"\0" in part[:400] else part
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise BadInput(
            "The file holds a document type definition, which Office files never do, so it was not opened."
        )
    if name.startswith("xl/worksheets/"):
        if sum(1 for _ in _ROW.finditer(plain)) > MOST_ROWS:
            raise BadInput(
                f"A sheet of the file has more than {MOST_ROWS:,} rows: an action plan is far smaller."
            )
        merged = sum(
            (_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1)
            for left, top, right, bottom in _MERGED.findall(plain)
        )
        if merged > MOST_MERGED_CELLS:
            raise BadInput("A sheet of the file merges millions of cells into one, so it was not opened.")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
