"""What a stored file says of whoever made it is taken out; what stays is said. The file stays a good one of its kind."""

import io
import zipfile

import pytest
from docx import Document as Word
from openpyxl import load_workbook
from sqlmodel import select

from tests.cast import Cast
from tests.services.test_cases import log_dhr
from tests.services.test_document_checks import GOOD, MOST, excel, jpeg, packed, pdf, png, unpacked
from tests.services.test_document_register import add
from tracker.db import Database
from tracker.errors import BadInput
from tracker.models import Document, Metadata, Scan
from tracker.services.document_checks import type_of
from tracker.services.document_metadata import without
from tracker.services.documents import StoredFile

NAME = "Canary Author"


def word(*, inside: bytes = b"") -> bytes:
    made, out = Word(), io.BytesIO()
    made.core_properties.author = made.core_properties.last_modified_by = NAME
    made.save(out)
    if not inside:
        return out.getvalue()
    return packed(
        unpacked(out.getvalue(), lambda name, c: c.replace(b"</w:body>", inside + b"</w:body>") if name == "word/document.xml" else c)
    )  # fmt: skip


def chunked(name: bytes) -> bytes:
    """A picture with its maker's name in a chunk before its end."""
    plain, text = png(), b"Author\0" + NAME.encode()
    return plain[:-12] + len(text).to_bytes(4, "big") + name + text + b"\0\0\0\0" + plain[-12:]


def marked(marker: int) -> bytes:
    said_there = NAME.encode()
    return (
        jpeg()[:2]
        + bytes([0xFF, marker])
        + (len(said_there) + 2).to_bytes(2, "big")
        + said_there
        + jpeg()[2:]
    )


def told(content: bytes) -> bool:
    """Whether the name stands anywhere in a file, packed or not."""
    if content.startswith(b"PK"):
        return any(NAME.encode() in part for _, part in unpacked(content, lambda _n, c: c))
    return NAME.encode() in content


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        ("docx", word()), ("png", chunked(b"tEXt")), ("png", chunked(b"eXIf")),
        ("jpg", marked(0xE1)), ("jpg", marked(0xED)), ("jpg", marked(0xFE)),
    ],
)  # fmt: skip
def test_the_maker_is_taken_out_and_the_file_stays_good(ending: str, content: bytes) -> None:
    assert told(content)
    kept, state = without(ending, content)
    assert state is Metadata.REMOVED
    assert not told(kept)
    assert type_of(f"x.{ending}", kept, most_bytes=MOST).ending == ending
    assert without(ending, kept)[0] == kept


def test_office_files_still_open_and_nothing_else_is_lost() -> None:
    kept, _ = without("docx", word())
    assert Word(io.BytesIO(kept)).core_properties.author == ""
    with zipfile.ZipFile(io.BytesIO(kept)) as new, zipfile.ZipFile(io.BytesIO(word())) as old:
        assert new.namelist() == old.namelist()
        assert new.read("word/document.xml") == old.read("word/document.xml")
    assert load_workbook(io.BytesIO(without("xlsx", excel())[0])).sheetnames == ["Sheet"]


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        ("pdf", pdf()),
        ("docx", word(inside=b'<w:p><w:ins w:id="1" w:author="Canary Author"><w:r/></w:ins></w:p>')),
        ("docx", packed([*unpacked(word(), lambda _n, c: c), ("word/comments.xml", NAME.encode())])),
    ],
)
def test_what_stays_is_known(ending: str, content: bytes) -> None:
    assert without(ending, content)[1] is Metadata.LEFT


@pytest.mark.parametrize("name", GOOD)
def test_every_good_file_stays_a_good_file(name: str) -> None:
    found = type_of(name, GOOD[name], most_bytes=MOST)
    assert type_of(name, without(found.ending, GOOD[name])[0], most_bytes=MOST) is found


def test_a_partnership_has_so_much_room_and_no_more(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, officer = log_dhr(session, cast), cast.actor(session, "officer")
        room = {"location": "", "quota": 1000}
        add(session, officer, case, file=stored("a", 600), **room)
        with pytest.raises(BadInput, match="are used up"):
            add(session, officer, case, file=stored("b", 401), **room)
        session.expunge_all()
    with database.transaction() as session:
        other = log_dhr(session, cast)
        add(session, cast.actor(session, "officer"), other, file=stored("c", 400), **room)
        assert session.exec(select(Document.metadata_state)).all() == ["left", "left"]


def stored(name: str, size: int) -> StoredFile:
    return StoredFile(name * 64, "pdf", size, "d" * 64, Scan.NONE, Metadata.LEFT)
