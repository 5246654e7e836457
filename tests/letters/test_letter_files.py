"""The Word files: the defaults are fit and accessible, values stay text, a harmful or unfit template is refused."""

import io
import zipfile

import pytest
from docx import Document

from tracker.letters import checking, filling
from tracker.letters.build import build, words
from workflows.letter_kinds import KINDS
from workflows.letters import LetterKind, samples

L5 = KINDS["L5"]
with zipfile.ZipFile(io.BytesIO(filling.default_template("L5"))) as _archive:
    CONTENT_TYPES = _archive.read("[Content_Types].xml")
EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)


def saved(document: object) -> bytes:
    written = io.BytesIO()
    document.save(written)  # type: ignore[attr-defined]
    return written.getvalue()


def changed(*lines: str, kind: LetterKind = L5) -> bytes:
    """The default template with more paragraphs at its end."""
    document = Document(io.BytesIO(filling.default_template(kind.code)))
    for line in lines:
        document.add_paragraph(line)
    return saved(document)


def with_part(name: str, content: bytes, template: bytes = filling.default_template("L5")) -> bytes:
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(template)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return written.getvalue()


@EVERY
def test_the_default_template_is_fit(kind: LetterKind) -> None:
    assert checking.faults(filling.default_template(kind.code), kind) == ()


@EVERY
def test_the_default_template_is_what_the_script_builds(kind: LetterKind) -> None:
    built = saved(build(kind, words()[kind.code]))
    assert filling.paragraphs(built) == filling.paragraphs(filling.default_template(kind.code)), (
        "run python -m tracker.letters.build"
    )


@EVERY
def test_the_default_template_is_accessible(kind: LetterKind) -> None:
    opened = Document(io.BytesIO(filling.default_template(kind.code)))
    styles = [each.style.name for each in opened.paragraphs]
    assert styles.count("Heading 1") == 1
    assert opened.tables == []
    assert opened.core_properties.language == "en-GB"
    assert 'w:lang w:val="en-GB"' in opened.styles["Normal"].element.xml
    assert opened.core_properties.author == ""


def test_what_a_value_holds_stays_text() -> None:
    given = samples(L5) | {
        "reasons": ["{{ 7 * 7 }} & <w:p>", "second"],
        "harm": "One\ntwo",
        "recipient": "A < B {% if %}",
    }
    text = filling.text_of(filling.fill(filling.default_template("L5"), given))
    assert "{{ 7 * 7 }} & <w:p>" in text
    assert "A < B {% if %}" in text
    assert "One\ntwo" in text


def test_a_filled_letter_has_no_author_in_its_properties() -> None:
    document = Document(io.BytesIO(filling.default_template("L5")))
    document.core_properties.author = "Somebody Canary"
    filled = filling.fill(saved(document), samples(L5))
    with zipfile.ZipFile(io.BytesIO(filled)) as archive:
        assert all(b"Canary" not in archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{{ applicant_secret }}", "The file uses “applicant_secret”, which this letter does not have."),
        ("{{ recipient.__class__ }}", "a tag that letters do not know"),
        ("{{ 'a' * 1000000000 }}", "a tag that letters do not know"),
        ("{% for i in range(9) %}{{ i }}{% endfor %}", "a tag that letters do not know"),
        ("{{ ''.__class__.__mro__ }}", "a tag that letters do not know (getattr)"),
        ("{{ recipient|attr('__class__') }}", "a tag that letters do not know (filter)"),
        ("{{ recipient['__class__'] }}", "a tag that letters do not know"),
        ("{% set x = recipient %}", "a tag that letters do not know"),
        ("{% macro m() %}x{% endmacro %}", "a tag that letters do not know"),
        ("{{ self }}", "The file uses “self”, which this letter does not have."),
        ("{% include 'x' %}", "a tag that letters do not know"),
        ("{{ recipient", "A tag in the file cannot be read"),
        ("{% for r in harm %}{{ r }}{% endfor %}", "A list in the file must go through one of: reasons."),
    ],
)
def test_a_tag_that_is_not_known_is_refused(line: str, said: str) -> None:
    found = checking.faults(changed(line), L5)
    assert any(said in words for words in found), found


def test_a_template_without_a_required_phrase_is_refused() -> None:
    document = Document(io.BytesIO(filling.default_template("L5")))
    for each in document.paragraphs:
        if "Ombudsman" in each.text or "looked at again" in each.text:
            each.clear()
    found = checking.faults(saved(document), L5)
    assert "The letter does not say which routes there are outside the partnership." in found
    assert "The letter does not give the date until which a second look can be asked for." in found


def test_words_that_are_written_for_each_letter_must_have_their_place() -> None:
    document = Document(io.BytesIO(filling.default_template("L5")))
    next(each for each in document.paragraphs if "{{ anyway }}" in each.text).clear()
    assert checking.faults(saved(document), L5) == (
        "The file leaves out “anyway”, which is written for each letter.",
    )


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (b"not a file at all", "The file is not a Word document"),
        (b"PK\x03\x04 cut short", "The file is broken or was cut short"),
        (b"x" * (checking.MOST_BYTES + 1), "larger than 1 megabyte"),
        (with_part("word/vbaProject.bin", b"x"), "holds a macro"),
        (
            with_part(
                "word/_rels/settings.xml.rels",
                b'<Relationships><Relationship Id="r1" TargetMode="External" Target="file:///x"/></Relationships>',
            ),
            "loads something from outside",
        ),
        (
            with_part("[Content_Types].xml", CONTENT_TYPES.replace(b"document.main+xml", b"macroEnabled.main+xml")),
            "holds a macro",
        ),
        (with_part("word/media/big.xml", b" " * (40 * 1024 * 1024)), "unpack"),
        (with_part("word/header9.xml", b"<w:hdr><w:instrText>DDE</w:instrText><w:instrText>AUTO x</w:instrText></w:hdr>"), "brings in"),
        (with_part("word/header9.xml", b'<w:hdr><w:fldSimple w:instr=" INCLUDEPICTURE x "/></w:hdr>'), "brings in"),
        (with_part("word/header9.xml", b'<w:hdr><w:altChunk r:id="r1"/></w:hdr>'), "brings in"),
        (with_part("docProps/app.xml", b"<Properties>{{ recipient }}</Properties>"), "properties of the file hold a tag"),
        (with_part("word/document.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "document type definition"),
    ],
    ids=[
        "text", "cut", "large", "macro", "outside", "macro type", "bomb", "dde", "picture", "chunk", "properties",
        "entity",
    ],
)  # fmt: skip
def test_a_harmful_or_broken_file_is_refused(template: bytes, said: str) -> None:
    found = checking.faults(template, L5)
    assert len(found) == 1
    assert said in found[0]
