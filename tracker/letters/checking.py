"""Is a Word file fit to be a template of one kind of letter? Says everything that is wrong, in plain sentences."""

import io
import re
import zipfile
from collections.abc import Iterator

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes

from tracker.errors import BadInput
from tracker.imports.archive import open_office_file
from tracker.letters.filling import environment, fill, text_of
from workflows.letters import LetterKind, allowed_names, samples, unsaid

MOST_BYTES = 1024 * 1024
_MOST_UNPACKED = 20 * 1024 * 1024
_EXTERNAL = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_PLAIN_LINK = re.compile(rb"Target\s*=\s*[\"'](https?:|mailto:)", re.IGNORECASE)
_TAG = re.compile(rb"\{[{%]")
_BESIDE = re.compile(r"word/(comments|footnotes|endnotes)")
_TRACKED = re.compile(rb"<w:(ins|del|moveFrom|moveTo)\b")
_FETCHES = re.compile(
    rb"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|LINK|EMBED|IMPORT|MACROBUTTON|DATABASE|AUTOTEXT)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(
    rb"<w:instrText\b[^>]*>(.*?)</w:instrText>|\bw:instr\s*=\s*[\"']([^\"']*)[\"']", re.DOTALL | re.IGNORECASE
)
_MACROS = re.compile(rb"macroEnabled|vbaProject|ms-word\.(document|template)\.macro", re.IGNORECASE)
_CHUNK = re.compile(rb"<w:altChunk\b|relationships/aFChunk", re.IGNORECASE)
_RUNS = re.compile(r"vbaProject|/embeddings/|/activeX/|oleObject|\.bin$", re.IGNORECASE)
_XML = (".xml", "rels")
_LET_IN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.For, nodes.If, nodes.Not, nodes.And,
    nodes.Or, nodes.Compare, nodes.Operand, nodes.Const,
)  # fmt: skip
"""What a template may say: names, text, conditions and loops. No call, no attribute, no filter, no arithmetic."""


def faults(template: bytes, kind: LetterKind) -> tuple[str, ...]:
    """Everything that keeps the file from being a template of this kind; nothing if it is fit."""
    if len(template) > MOST_BYTES:
        return ("The file is larger than 1 megabyte: take out pictures, or save them smaller.",)
    try:
        archive = open_office_file(template, holds="word/document.xml", kind="a Word document (.docx)")
        if found := tuple(_unsafe(archive)):
            return found
        return _tags(environment().parse(_source(template)), kind) or _filled(template, kind)
    except BadInput as refused:
        return (str(refused),)
    except (PackageNotFoundError, KeyError, ValueError):
        return ("The file does not open as a Word document: save it again as .docx.",)
    except TemplateError as broken:
        return (f"A tag in the file cannot be read: {broken.message}.",)


def _filled(template: bytes, kind: LetterKind) -> tuple[str, ...]:
    """What the letter would not say, tried out with made-up values."""
    given = samples(kind)
    text = text_of(fill(template, given))
    return unsaid(kind, text, {name: value for name, value in given.items() if isinstance(value, str)})


def _unsafe(archive: zipfile.ZipFile) -> Iterator[str]:
    """What no template needs and no file from outside should carry into a letter."""
    if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
        yield "The file unpacks to far more than a letter holds."
        return
    names = archive.namelist()
    types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    if any(_RUNS.search(name) for name in names) or _MACROS.search(types):
        yield "The file holds a macro or another file inside it: take it out."
    links = [
        link for name in names if name.endswith(".rels") for link in _EXTERNAL.findall(archive.read(name))
    ]
    if not all(_PLAIN_LINK.search(link) for link in links):
        yield "The file loads something from outside of it, such as a picture or a template: take it out."
    if any(
        _brings_in(archive.read(name)) for name in names if name.startswith("word/") and name[-4:] in _XML
    ):
        yield "The file holds a field or a part that brings in another file: take it out."
    if any(_TAG.search(archive.read(name)) for name in names if name.startswith("docProps/")):
        yield "The properties of the file hold a tag: clear them."
    if any(_TAG.search(archive.read(name)) for name in names if _BESIDE.match(name)):
        yield "The file holds a tag in a comment or a footnote: take it out."
    if _TRACKED.search(archive.read("word/document.xml")):
        yield "The file has tracked changes: accept or reject them all first."


def _brings_in(part: bytes) -> bool:
    """Whether a part of the file makes Word fetch or run something. A field can be cut into several runs."""
    code = b"".join(before or after for before, after in _FIELD.findall(part))
    return bool(_FETCHES.search(code) or _CHUNK.search(part))


def _source(template: bytes) -> str:
    """The whole of the template as the filling sees it: body, headers and footers."""
    opened = DocxTemplate(io.BytesIO(template))
    opened.init_docx()
    parts = [opened.patch_xml(opened.get_xml())]
    for uri in (opened.HEADER_URI, opened.FOOTER_URI):
        parts += [opened.patch_xml(opened.get_part_xml(part)) for _, part in opened.get_headers_footers(uri)]
    return "\n".join(parts)


def _tags(tree: nodes.Template, kind: LetterKind) -> tuple[str, ...]:
    odd = sorted(
        {type(node).__name__.lower() for node in tree.find_all(nodes.Node) if not isinstance(node, _LET_IN)}
    )
    if odd:
        return (
            f"The file uses a tag that letters do not know ({', '.join(odd)}): use names, if and for only.",
        )
    loops = {node.target.name for node in tree.find_all(nodes.For) if isinstance(node.target, nodes.Name)}
    allowed = allowed_names(kind)
    used = {node.name for node in tree.find_all(nodes.Name)}
    unknown = sorted(used - allowed - loops)
    if unknown:
        return tuple(f"The file uses “{name}”, which this letter does not have." for name in unknown)
    if taken := sorted(loops & allowed):
        return tuple(
            f"The file calls one line of a list “{name}”, which is taken: choose another word."
            for name in taken
        )
    if left_out := [prose.name for prose in kind.prose if not prose.optional and prose.name not in used]:
        return tuple(f"The file leaves out “{name}”, which is written for each letter." for name in left_out)
    listed = {prose.name for prose in kind.prose if prose.lines}
    nested = [node for node in tree.find_all(nodes.For) if next(node.find_all(nodes.For), None)]
    if nested or any(
        not isinstance(node.iter, nodes.Name) or node.iter.name not in listed
        for node in tree.find_all(nodes.For)
    ):
        return (
            f"A list in the file must go through one of: {', '.join(sorted(listed)) or 'nothing, as this letter has no list'}.",
        )
    return ()
