"""The words on each sheet of a PDF that Chromium printed: enough of the format to read those, and no more.

Skia, which writes them, compresses streams with Flate and writes text as numbers of glyphs; each font carries a table
(ToUnicode) that says which letters they are.
"""

import re
import zlib

_PLACE = re.compile(rb"(\d{10}) \d{5} n")
_BODY = re.compile(rb"(\d+) 0 obj(.*?)(?:\bstream\r?\n|endobj)", re.DOTALL)
_CHAR = re.compile(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>\n")
_STREAM = b"\n\n"
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>")
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>")

Fonts = dict[bytes, dict[int, str]]


def sheets(printed: bytes) -> list[str]:
    """The letters of each sheet in the order in which they were drawn, without any blanks: those are only moves."""
    objects = dict(
        _object(printed, int(place)) for place in _PLACE.findall(printed[printed.rindex(b"\nxref") :])
    )
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return ["".join(_words(page, objects).split()) for page in pages]


def _object(printed: bytes, place: int) -> tuple[int, bytes]:
    """The number of the object that begins there, and its body: what is in its stream comes after a blank line."""
    found = _BODY.match(printed, place)
    assert found is not None, printed[place : place + 40]
    number, body = int(found[1]), found[2]
    length = re.search(rb"/Length (\d+)", body)
    if length is None or printed[found.end() - 6 : found.end()] == b"endobj":
        return number, body
    return number, body + _STREAM + printed[found.end() : found.end() + int(length[1])]


def _words(page: bytes, objects: dict[int, bytes]) -> str:
    fonts = {name: _letters(objects[int(number)], objects) for name, number in _fonts(page, objects)}
    return _drawn(_inflated(objects[_number(page, b"Contents")]), fonts)


def _drawn(content: bytes, fonts: Fonts) -> str:
    letters: dict[int, str] = {}
    text = ""
    for font, shown in _SHOWN.findall(content):
        if font:
            letters = fonts.get(font, {})
        else:
            codes = [int(shown[at : at + 4], 16) for at in range(0, len(shown), 4)]
            text += "".join(letters.get(code, "") for code in codes)
    return text


def _fonts(page: bytes, objects: dict[int, bytes]) -> list[tuple[bytes, bytes]]:
    found = re.search(rb"/Font\s*<<(.*?)>>", page, re.DOTALL)
    if found is None:
        resources = re.search(rb"/Resources (\d+) 0 R", page)
        found = re.search(rb"/Font\s*<<(.*?)>>", objects[int(resources[1])], re.DOTALL) if resources else None
    return re.findall(rb"/(\w+) (\d+) 0 R", found[1]) if found else []


def _letters(font: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    table = _inflated(objects[_number(font, b"ToUnicode")])
    letters: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar\n(.*?)endbfchar", table, re.DOTALL):
        letters |= {int(code, 16): _text(letter) for code, letter in _CHAR.findall(block)}
    for block in re.findall(rb"beginbfrange\n(.*?)endbfrange", table, re.DOTALL):
        for first, last, letter in _RANGE.findall(block):
            for step, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                letters[code] = chr(int(letter, 16) + step)
    return letters


def _text(letter: bytes) -> str:
    return bytes.fromhex(letter.decode()).decode("utf-16-be")


def _number(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert found is not None, name
    return int(found[1])


def _inflated(body: bytes) -> bytes:
    return zlib.decompress(body.partition(_STREAM)[2])
