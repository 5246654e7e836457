"""A page as it was sent, read once from top to bottom; and the rules that every page keeps (docs/ux.md (b), (m) 2)."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

FOOTER = ("/help", "/accessibility", "/privacy", "/help/dates", "/status")
LARGEST = 150_000
"""Bytes of one page, before compression."""
LANDMARKS = ("header", "main", "footer")
NOT_OURS = re.compile(r"GDS Transport|govuk-crest|crown-icon|logotype-crown", re.IGNORECASE)
_OF_A_RECORD = re.compile(r"/(?!u/)\S*[A-Z0-9]+-[A-Z]{3,4}-\d{4}-\d+(/.*)?")
_AT_ONCE = {"from", "change"}
"""A card of My work, whose action has a page of its own, and what is already being put aside as a note."""
_TITLE = re.compile(r"(Error: )?(\([^)]+\) )?\S.* - Case tracker")
_POINTERS = ("aria-labelledby", "aria-describedby", "aria-controls", "for")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: its name, its kind (``text``, ``select``, ...) and what it would send untouched."""

    name: str
    kind: str
    value: str | None


@dataclass(slots=True)
class Form:
    """A form: where it goes, how, and what it asks."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted({each.name for each in self.fields}))

    @property
    def passages(self) -> list[str]:
        """The boxes in which a person types."""
        return [each.name for each in self.fields if each.kind in {"text", "textarea"}]

    def untouched(self) -> dict[str, list[str]]:
        """What it sends if nothing is answered."""
        sent: dict[str, list[str]] = {}
        for each in self.fields:
            if each.value is not None:
                sent.setdefault(each.name, []).append(each.value)
        return sent


class Markup(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.title, self.headings, self.tables = "", 0, 0
        self.links: list[str] = []
        self.sources: list[str] = []
        self.forms: list[Form] = []
        self.ids: list[str] = []
        self.pointed_at: list[str] = []
        self.inline: list[str] = []
        self.landmarks: list[str] = []
        self.footer: list[str] = []
        self._inside: list[str] = []
        self._words: list[str] | None = None
        self._choice: tuple[str, list[str], list[str]] | None = None
        self.feed(text)
        self.close()

    # --- reading -----------------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self._attributes(tag, said)
        if tag in LANDMARKS:
            self.landmarks.append(tag)
            self._inside.append(tag)
        elif tag == "nav":
            self.landmarks.append(f"nav {said.get('aria-label', '')}")
        elif tag == "h1":
            self.headings += 1
        elif tag == "table":
            self.tables += 1
        elif tag == "a" and "href" in said:
            self.links.append(said["href"])
            if self._inside[-1:] == ["footer"]:
                self.footer.append(said["href"])
        elif tag == "form":
            self.forms.append(Form(said.get("action", ""), said.get("method", "get").lower()))
        elif tag in {"title", "textarea", "style"}:
            self._words = []
            self._named = said.get("name", "")
        elif tag == "select":
            self._choice = (said.get("name", ""), [], [])
        elif tag == "option" and self._choice:
            self._choice[1 if "selected" in said else 2].append(said.get("value", ""))
        elif tag in {"input", "button"} and said.get("name"):
            self._field(tag, said)

    def handle_endtag(self, tag: str) -> None:
        if tag in LANDMARKS and self._inside:
            self._inside.pop()
        elif tag == "title" and self._words is not None and not self.title:
            self.title, self._words = "".join(self._words).strip(), None
        elif tag == "textarea" and self._words is not None and self.forms:
            self.forms[-1].fields.append(Field(self._named, tag, "".join(self._words).removeprefix("\n")))
            self._words = None
        elif tag == "style" and self._words is not None:
            self.inline.append("style element")
            self._words = None
        elif tag == "select" and self._choice and self.forms:
            name, chosen, others = self._choice
            first = (chosen or others)[:1]
            self.forms[-1].fields.append(Field(name, tag, first[0] if first else None))
            self._choice = None

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def _attributes(self, tag: str, said: dict[str, str]) -> None:
        if "id" in said:
            self.ids.append(said["id"])
        for name in _POINTERS:
            self.pointed_at += said.get(name, "").split()
        if tag != "a":
            self.sources += [
                said[name] for name in ("src", "href", "srcset", "data", "action") if name in said
            ]
        self.inline += [
            f"{tag} {name}" for name in said if name == "style" or re.fullmatch(r"on[a-z]+", name)
        ]
        if tag == "script" and "src" not in said:
            self.inline.append("script without src")

    def _field(self, tag: str, said: dict[str, str]) -> None:
        kind = "button" if tag == "button" else said.get("type", "text")
        ticked = kind not in {"radio", "checkbox", "button", "submit"} or "checked" in said
        if self.forms:
            self.forms[-1].fields.append(Field(said["name"], kind, said.get("value", "") if ticked else None))


def faults(text: str, page: Markup) -> list[str]:
    """What is wrong with a page, whatever it is about."""
    wrong: list[str] = []
    if not _TITLE.fullmatch(page.title):
        wrong.append(f"the title is {page.title!r}")
    if page.headings != 1:
        wrong.append(f"{page.headings} h1")
    if [each for each in page.landmarks if each in LANDMARKS] != list(LANDMARKS):
        wrong.append(f"landmarks {page.landmarks}")
    if page.links[:1] != ["#main"]:
        wrong.append("the skip link is not first")
    if tuple(page.footer) != FOOTER:
        wrong.append(f"the footer has {page.footer}")
    twice = [each for each, times in Counter(page.ids).items() if times > 1]
    if twice:
        wrong.append(f"ids twice: {twice[:3]}")
    inside = [link[1:] for link in page.links if link.startswith("#")]
    if lost := {*page.pointed_at, *inside} - set(page.ids):
        wrong.append(f"no such id: {sorted(lost)[:3]}")
    typed = [f for f in page.forms if f.method == "post" and _OF_A_RECORD.fullmatch(f.action) and f.passages]
    wrong += [
        f"the form to {form.action} cannot be saved for later"
        for form in typed
        if not {"draft_address", *_AT_ONCE} & set(form.names)
    ]
    elsewhere = [
        each for each in page.sources if urlsplit(each).netloc or urlsplit(each).scheme not in {"", "data"}
    ]
    wrong += [f"asks {each}" for each in elsewhere]
    wrong += [f"inline {each}" for each in page.inline]
    wrong += [f"says {found}" for found in NOT_OURS.findall(text)]
    if len(text.encode()) > LARGEST:
        wrong.append(f"{len(text.encode()) // 1000} kB")
    return wrong
