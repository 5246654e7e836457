"""Files that are broken, locked, harmful or not what they claim: one plain sentence each, quickly."""

import io
import zipfile

import pytest

from tests.imports.making import Read
from tracker.errors import BadInput
from tracker.imports import MOST_BYTES
from tracker.imports.archive import open_office_file

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def zipped(**parts: str | bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return held.getvalue()


def sheet(inside: str) -> bytes:
    return zipped(xl__workbook="<workbook/>", xl__worksheets__sheet1=f"<worksheet>{inside}</worksheet>")


def bomb(name: str) -> bytes:
    return zipped(**{name: b" " * 30_000_000})


HOSTILE = {
    "empty": (b"", "plan.csv", "is empty"),
    "only spaces": (b" \r\n\t \n", "-", "is empty"),
    "only a mark": (b"\xef\xbb\xbf", "plan.csv", "is empty"),
    "only marks between cells": (b",,,\n,,,\n", "plan.csv", "is empty"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "plan.xlsx", "protected by a password"),
    "password, Word": (OLE + "EncryptedPackage".encode("utf-16-le"), "plan.docx", "protected by a password"),
    "old format": (OLE + b"\0" * 500, "plan.xlsx", "old format"),
    "old format, old name": (OLE + b"\0" * 500, "plan.xls", ".xls file cannot be read"),
    "csv called xlsx": (b"Theme,Action\n", "plan.xlsx", "is not an Excel workbook"),
    "html called xlsx": (b"<html><table></table></html>", "plan.xlsx", "is not an Excel workbook"),
    "zip called docx": (zipped(other="<a/>"), "plan.docx", "is not a Word document"),
    "word called xlsx": (zipped(word__document="<a/>"), "plan.xlsx", "is not an Excel workbook"),
    "excel called docx": (sheet(""), "plan.docx", "is not a Word document"),
    "zip called csv": (zipped(word__document="<a/>"), "plan.csv", "is not text"),
    "pdf pasted": (b"%PDF-1.7\n", "-", "is a PDF"),
    "html called csv": (b"<!DOCTYPE html><html></html>", "plan.csv", "is a web page"),
    "picture called csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "plan.csv", "is not text"),
    "broken utf-16": (b"\xff\xfea\0b", "plan.csv", "is not text"),
    "unknown kind": (b"x", "plan.odt", ".odt file cannot be read"),
    "cut short": (sheet("<row/>")[:-60], "plan.xlsx", "broken or was cut short"),
    "zip header alone": (b"PK\x03\x04", "plan.docx", "broken or was cut short"),
    "zip bomb": (bomb("xl__workbook"), "plan.xlsx", "unpacks to far more"),
    "zip bomb in another part": (bomb("xl__media__image1"), "plan.xlsx", "unpacks to far more"),
    "entity bomb": (zipped(word__document=f"{DOCTYPE}<d>&b;</d>"), "plan.docx", "document type definition"),
    "entity bomb, UTF-16": (
        zipped(word__document=f'<?xml version="1.0" encoding="utf-16"?>{DOCTYPE}<d/>'.encode("utf-16")),
        "plan.docx",
        "document type definition",
    ),
    "entity bomb in shared strings": (
        zipped(xl__workbook="<workbook/>", xl__sharedStrings=f"{DOCTYPE}<sst/>"),
        "plan.xlsx",
        "document type definition",
    ),
    "merge bomb": (sheet('<mergeCell ref="A1:XFD1048576"/>'), "plan.xlsx", "merges millions"),
    "a million rows": (sheet("<row r='1'/>" * 100_001), "plan.xlsx", "more than 100,000 rows"),
    "not xml": (zipped(word__document="<d><oops"), "plan.docx", "document is broken"),
    "endlessly nested": (
        zipped(
            word__document=f'<w:document xmlns:w="{WORD}"><w:body>{"<w:sdt>" * 5000}{"</w:sdt>" * 5000}</w:body></w:document>'
        ),
        "plan.docx",
        "document is broken",
    ),
    "no workbook in the workbook": (sheet(""), "plan.xlsx", "workbook is broken"),
    "too large": (b"a" * (MOST_BYTES + 1), "plan.csv", "larger than 50 MB"),
    "endless cell": (b'Theme,"' + b"a" * 1_100_000 + b'"\n', "plan.csv", "longer than"),
}


@pytest.mark.parametrize(("source", "name", "says"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_in_one_sentence(read: Read, source: bytes, name: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(source, name)
    sentence = str(refused.value)
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_damage_inside_a_part_is_noticed() -> None:
    whole = bytearray(sheet("<row/>" * 500))
    place = whole.find(b"sheet1.xml") + len("sheet1.xml") + 8
    whole[place : place + 4] = b"\xff\xff\xff\xff"
    with pytest.raises(BadInput, match="broken or was cut short"):
        open_office_file(bytes(whole), holds="xl/workbook.xml", kind="an Excel workbook")
