"""A reader of calendar files written from RFC 5545 alone: strict, and of no use but for tests."""

import re
from dataclasses import dataclass

_LINE = re.compile(r"([A-Z0-9-]+)((?:;[A-Z0-9-]+=[^;:,\"]*)*):(.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
REQUIRED = {"VCALENDAR": {"PRODID", "VERSION"}, "VEVENT": {"UID", "DTSTAMP", "DTSTART"}}
ONCE = {
    "UID",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "DESCRIPTION",
    "SEQUENCE",
    "STATUS",
    "CLASS",
    "TRANSP",
    "URL",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One content line: its name, its parameters, its value as written."""

    name: str
    parameters: dict[str, str]
    value: str


@dataclass(frozen=True, slots=True)
class Part:
    """A component with its own lines and the components in it."""

    name: str
    lines: list[Line]
    parts: list["Part"]

    def __getitem__(self, name: str) -> Line:
        (found,) = [line for line in self.lines if line.name == name]
        return found

    def text(self, name: str) -> str:
        return unescaped(self[name].value)


def read(content: bytes) -> Part:
    """The calendar of a file, checked on the way (3.1 content lines, 3.6 components)."""
    assert content.endswith(b"\r\n")
    physical = content.split(b"\r\n")[:-1]
    for line in physical:
        assert b"\r" not in line
        assert b"\n" not in line
        assert len(line) <= 75, line
        line.decode("utf-8")  # no character is cut in two
    logical: list[str] = []
    for line in physical:
        if line[:1] in {b" ", b"\t"}:
            logical[-1] += line[1:].decode()
        else:
            logical.append(line.decode())
    stack = [Part("", [], [])]
    for text in logical:
        found = _LINE.fullmatch(text)
        assert found, text
        assert not re.search("[\x00-\x08\x0a-\x1f\x7f]", text), text
        name, parameters, value = found[1], found[2], found[3]
        if name == "BEGIN":
            part = Part(value, [], [])
            stack[-1].parts.append(part)
            stack.append(part)
        elif name == "END":
            part = stack.pop()
            assert part.name == value
            _check(part)
        else:
            given = dict(each.split("=", 1) for each in parameters.split(";")[1:])
            stack[-1].lines.append(Line(name, given, value))
    assert len(stack) == 1
    (calendar,) = stack[0].parts
    return calendar


def _check(part: Part) -> None:
    names = [line.name for line in part.lines]
    assert REQUIRED.get(part.name, set()) <= set(names)
    assert all(names.count(name) <= 1 for name in ONCE if part.name == "VEVENT"), names


def unescaped(value: str) -> str:
    """A TEXT value as its words (3.3.11)."""
    plain = _ESCAPED.sub("", value)
    assert ";" not in plain, value
    assert "," not in plain, value
    assert "\\" not in plain, value
    return _ESCAPED.sub(lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)
