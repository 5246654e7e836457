"""Word and Excel files as the zip archives that they are (ECMA-376, part 2): looked through, never unpacked to disk."""

import io
import re
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tracker.errors import BadInput

MOST_PARTS = 3000
MOST_UNPACKED = 200 * 2**20
MOST_RATIO = 200
_SMALL = 2**20
_XML_MOST = 5 * 2**20
_CONTENT_TYPES = "[Content_Types].xml"
_MAIN = "application/vnd.openxmlformats-officedocument."
_ACTS = re.compile(
    r"(vbaproject|vbadata|macrosheets/|activex/|\.(bin|exe|dll|com|scr|js|jse|vbs|vbe|wsf|hta|lnk|bat|cmd|ps1|msi|jar|html?|svg)$)",
    re.IGNORECASE,
)
_PRINTER = re.compile(
    r"printerSettings/printerSettings\d*\.bin$", re.IGNORECASE
)  # what Excel keeps of a printer
_LEADS_OUT = ("hyperlink",)
# What zipfile raises for a damaged file; NotImplementedError for a way of packing that it does not know.
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError)


def word(content: bytes) -> None:
    """See that it is a Word file without macros.

    Raises:
        BadInput: it is something else, or holds what could act.
    """
    _look(content, "word/document.xml", f"{_MAIN}wordprocessingml.document.main+xml", "a Word file")


def excel(content: bytes) -> None:
    """See that it is an Excel file without macros.

    Raises:
        BadInput: it is something else, or holds what could act.
    """
    _look(content, "xl/workbook.xml", f"{_MAIN}spreadsheetml.sheet.main+xml", "an Excel file")


def _look(content: bytes, main: str, main_type: str, what: str) -> None:
    if not content.startswith(b"PK\x03\x04"):
        raise BadInput(f"The file's name says that it is {what}, but its content does not.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _weigh(archive, content)
            names = set(archive.namelist())
            if not {_CONTENT_TYPES, main} <= names:
                raise BadInput(f"The file's name says that it is {what}, but its content does not.")
            _require_plain(archive, names)
            declared = {one.get("ContentType", "") for one in _xml(archive, _CONTENT_TYPES)}
            if main_type not in declared or any(
                "macro" in each.lower() or "vba" in each.lower() for each in declared
            ):
                raise BadInput(
                    "The file holds macros, or is a template. Save it without them and choose that copy."
                )
            for name in sorted(names):
                if name.endswith(".rels"):
                    _require_inside(_xml(archive, name))
    except _BROKEN:
        raise BadInput(
            "The file is damaged, protected by a password, or no Office file. Save it again."
        ) from None


def _weigh(archive: zipfile.ZipFile, content: bytes) -> None:
    """Refuse what would unpack to more than it should, or is more than the archive alone."""
    parts = archive.infolist()
    packed, unpacked = sum(each.compress_size for each in parts), sum(each.file_size for each in parts)
    bomb = any(each.file_size > _SMALL and each.file_size > MOST_RATIO * each.compress_size for each in parts)
    if bomb or len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or packed > len(content):
        raise BadInput("The file unpacks to far more than it shows. It was not taken.")
    end = content.rfind(b"PK\x05\x06")
    if end + 22 + len(archive.comment) != len(content) or min(each.header_offset for each in parts) != 0:
        raise BadInput("The file is two kinds of file in one. Save it again and choose that copy.")


def _require_plain(archive: zipfile.ZipFile, names: set[str]) -> None:
    if len(names) != len(archive.infolist()) or any(each.flag_bits & 1 for each in archive.infolist()):
        raise BadInput("The file is protected by a password or damaged. Save it again without.")
    for name in names:
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name:
            raise BadInput("The file holds parts with names that lead elsewhere. It was not taken.")
        if _ACTS.search(name) and not _PRINTER.search(name):
            raise BadInput(
                "The file holds macros or another file. Save it without them and choose that copy."
            )


def _require_inside(relations: Element) -> None:
    """A document may name addresses to follow, but none that a program fetches by itself."""
    for one in relations:
        kind = one.get("Type", "").rpartition("/")[2].lower()
        if one.get("TargetMode", "").lower() == "external" and kind not in _LEADS_OUT:
            raise BadInput(
                "The file fetches a part of itself from elsewhere. Save it without that and choose that copy."
            )


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    with archive.open(name) as part:
        content = part.read(_XML_MOST + 1)
    if len(content) > _XML_MOST:
        raise BadInput("The file unpacks to far more than it shows. It was not taken.")
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, ParseError):
        raise BadInput(
            "The file is damaged, protected by a password, or no Office file. Save it again."
        ) from None
    return root
