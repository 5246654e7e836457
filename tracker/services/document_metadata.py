"""What a file says of whoever made it: taken out where that is safe, and said aloud where it stays.

Office files lose their properties, PNG and JPEG pictures their text, their camera and their place. Comments and tracked
changes carry names inside the text of a document, and a PDF keeps its properties with its pages: those are not ours to
rewrite, so the register says that they are still there (docs/security.md, 14.2.8).
"""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping

from tracker.models import Metadata

_PACKAGE = "http://schemas.openxmlformats.org"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EMPTY: Mapping[str, bytes] = {
    "docProps/core.xml": f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/package/2006/metadata/core-properties"/>'.encode(),
    "docProps/app.xml": f'{_XML}<Properties xmlns="{_PACKAGE}/officeDocument/2006/extended-properties"/>'.encode(),
    "docProps/custom.xml": f'{_XML}<Properties xmlns="{_PACKAGE}/officeDocument/2006/custom-properties"/>'.encode(),
}
"""Parts that hold nothing but properties (ECMA-376, part 1, 15.2.12), and what stands there instead."""
_NAMED = re.compile(r"(^|/)(comments|people|persons/|threadedcomments)", re.IGNORECASE)
_TRACKED = re.compile(rb"<w:(ins|del|moveFrom|moveTo|rPrChange|pPrChange)[ >]")
_EPOCH = (1980, 1, 1, 0, 0, 0)

_PNG = 8
_PNG_SAYS = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}
_JPEG_KEPT = {0xE0, 0xE2, 0xEE}  # JFIF, the colour profile, Adobe's note of how colours are written


def without(ending: str, content: bytes) -> tuple[bytes, Metadata]:
    """The file without its properties, and whether any are left. The file was looked at before."""
    made = _TAKEN.get(ending)
    return made(content) if made else (content, Metadata.LEFT)


def _office(content: bytes) -> tuple[bytes, Metadata]:
    left, out = False, io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            inside = _EMPTY.get(part.filename)
            if inside is None:
                inside = old.read(part)
                left = left or bool(_NAMED.search(part.filename))
                left = left or (part.filename.startswith("word/") and bool(_TRACKED.search(inside)))
            new.writestr(zipfile.ZipInfo(part.filename, _EPOCH), inside, zipfile.ZIP_DEFLATED)
    return out.getvalue(), Metadata.LEFT if left else Metadata.REMOVED


def _png(content: bytes) -> tuple[bytes, Metadata]:
    kept, at = [content[:_PNG]], _PNG
    while at + 12 <= len(content):
        size, name = struct.unpack(">I4s", content[at : at + 8])
        if name not in _PNG_SAYS:
            kept.append(content[at : at + 12 + size])
        at += 12 + size
    return b"".join(kept), Metadata.REMOVED


def _jpeg(content: bytes) -> tuple[bytes, Metadata]:
    """Leave out what stands before the picture and is no part of it (ITU T.81, B.2.4.6): Exif, XMP, IPTC, comments."""
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        marker, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        says = marker == 0xFE or (0xE0 <= marker <= 0xEF and marker not in _JPEG_KEPT)
        if not says:
            kept.append(content[at : at + 2 + size])
        at += 2 + size
    return b"".join([*kept, content[at:]]), Metadata.REMOVED


def _text(content: bytes) -> tuple[bytes, Metadata]:
    return content, Metadata.REMOVED


_TAKEN: Mapping[str, Callable[[bytes], tuple[bytes, Metadata]]] = {
    "docx": _office, "xlsx": _office, "png": _png, "jpg": _jpeg, "txt": _text,
}  # fmt: skip
