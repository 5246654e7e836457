"""What a file is by its content, and what is refused: a table of the types that are taken, each with its own look.

A file is taken only if its name's ending, its first bytes and its inside agree, nothing stands before or behind it, and
nothing in it can act: macros, scripts, embedded programs, links that fetch. It is never opened by this server.
"""

import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracker.errors import BadInput
from tracker.services import document_office

MOST_PIXELS = 50_000_000
_ACTIVE_PDF = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE)(?![A-Za-z])"
)
_HASHED_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_MARKUP = re.compile(
    r"\s*(<\?xml|<!doctype|<!--|<html|<svg|<script|<body|<head|<iframe|<\?php)", re.IGNORECASE
)
_PNG, _JPEG, _ZIP_END = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x05\x06"


@dataclass(frozen=True, slots=True)
class FileType:
    """One type that is taken. ``look`` raises BadInput for content that is not that, or not safe."""

    ending: str
    words: str
    mimetype: str
    look: Callable[[bytes], None]


def type_of(name: str, content: bytes, *, most_bytes: int) -> FileType:
    """The type of an uploaded file, by its name's ending and its content.

    Raises:
        BadInput: it is empty, too large, of no type that is taken, or holds something that could act.
    """
    if not content:
        raise BadInput("The file is empty.")
    if len(content) > most_bytes:
        raise BadInput(f"The file must be {most_bytes // 2**20} megabytes or smaller.")
    ending = name.rpartition(".")[2].strip().lower() if "." in name else ""
    found = TYPES.get({"jpeg": "jpg"}.get(ending, ending))
    if found is None:
        raise BadInput(f"The file must be one of these types: {', '.join(TYPES)}.")
    found.look(content)
    return found


def _pdf(content: bytes) -> None:
    if not re.match(rb"%PDF-[12]\.\d", content) or b"%%EOF" not in content[-1024:]:
        raise _is_not("a PDF")
    if _ZIP_END in content[-66_000:]:
        raise BadInput("The file is two kinds of file in one. Save it again and choose that copy.")
    if _ACTIVE_PDF.search(_HASHED_NAME.sub(lambda code: bytes([int(code[1], 16)]), content)):
        raise BadInput(
            "The PDF holds a script, a form or another file. Print it to a new PDF and choose that."
        )


def _png(content: bytes) -> None:
    """Chunks from the signature to IEND and not a byte more (PNG specification, 5)."""
    if not content.startswith(_PNG) or content[12:16] != b"IHDR":
        raise _is_not("a PNG picture")
    _pixels(*struct.unpack(">II", content[16:24].ljust(8, b"\0")))
    at = len(_PNG)
    while at + 12 <= len(content):
        size, name = struct.unpack(">I4s", content[at : at + 8])
        at += 12 + size
        if name == b"IEND":
            break
    if at != len(content) or name != b"IEND":
        raise BadInput(
            "The picture has something behind its end, or no end. Save it again and choose that copy."
        )


def _jpeg(content: bytes) -> None:
    """Markers up to the picture, its size, and the end mark as the last bytes (ITU T.81, Annex B)."""
    if not content.startswith(_JPEG) or not content.endswith(b"\xff\xd9") or _ZIP_END in content:
        raise _is_not("a JPEG picture")
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            _pixels(width, height)
            return
        at += 2 + size
    raise _is_not("a JPEG picture")


def _text(content: bytes) -> None:
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("The text file must be saved as UTF-8.") from None
    if re.search("[\x00-\x08\x0e-\x1f\x7f]", words) or _MARKUP.match(words) or content.startswith(b"%PDF"):
        raise _is_not("plain text")


def _pixels(width: int, height: int) -> None:
    if not 0 < width * height <= MOST_PIXELS:
        raise BadInput("The picture must have 50 million pixels or fewer.")


def _is_not(what: str) -> BadInput:
    return BadInput(f"The file's name says that it is {what}, but its content does not.")


_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES: Mapping[str, FileType] = {
    one.ending: one
    for one in (
        FileType("pdf", "PDF", "application/pdf", _pdf),
        FileType("docx", "Word", f"{_OFFICE}.wordprocessingml.document", document_office.word),
        FileType("xlsx", "Excel", f"{_OFFICE}.spreadsheetml.sheet", document_office.excel),
        FileType("png", "PNG picture", "image/png", _png),
        FileType("jpg", "JPEG picture", "image/jpeg", _jpeg),
        FileType("txt", "Plain text", "text/plain", _text),
    )
}
"""The types that are taken. An e-mail is none of them: it can hold any other file. It is saved as PDF instead."""
