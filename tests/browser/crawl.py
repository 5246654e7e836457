"""Finding the pages: the links of each person's first page and of the pages behind them, one of every sort.

Two pages are of one sort if their addresses have one pattern and their main parts are built of the same elements:
then the same template drew them in the same state, and one of them stands for both.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from tests.browser.people import Person

LEVELS = 3
MOST_ALIKE = 12
MOST_QUERIES = 3
_REFERENCE = re.compile(r"[A-Z]{3,5}-(DHR|ASB|ACT|INF|REC|DIS|PAR|FAM|HOLD)-\d{4}-\d{3}")
_NOT_PAGES = re.compile(r"^/static/|\.(csv|html)(\?|$)|^/health|^/$")
_MAIN = ("class", "role", "type", "aria-current", "aria-sort")


@dataclass(frozen=True, slots=True)
class Found:
    """A page: its address, where a link to it is, its sort, and the parts that it is built of."""

    address: str
    linked_from: str
    pattern: str
    status: int
    parts: frozenset[str]


def pages_of(person: Person) -> list[Found]:
    """The pages that can be reached from where the person is, each address once, in the order of finding."""
    return list(_walk(person, {person.where: "signing in"}))


def one_of_each(pages: list[Found], seen: dict[str, set[str]]) -> list[Found]:
    """Those that show something that no page of their pattern has shown yet. ``seen`` is carried on."""
    chosen: list[Found] = []
    for page in sorted(pages, key=lambda page: -len(page.parts)):
        known = seen.setdefault(page.pattern, set())
        if page.parts - known:
            known |= page.parts
            chosen.append(page)
    return chosen


def _walk(person: Person, level: dict[str, str]) -> Iterator[Found]:
    known = {_plain(address) for address in level}
    for depth in range(LEVELS):
        following: dict[str, str] = {}
        for address, linked_from in level.items():
            answer = person.page.context.request.get(person.tracker.address + address)
            soup = BeautifulSoup(answer.text(), "html5lib")
            landed = answer.url.removeprefix(person.tracker.address)
            yield Found(address, linked_from, _pattern(landed), answer.status, _parts(soup))
            for link in soup.select("a[href^='/']"):
                href = _plain(str(link["href"]))
                if href not in known and not _NOT_PAGES.search(href) and not _enough(known, href):
                    known.add(href)
                    following[href] = address
        level = following if depth < LEVELS - 1 else {}


def _enough(known: set[str], href: str) -> bool:
    """There are many cases, and endless ways to narrow and sort a list: some of each pattern will do."""
    pattern = _pattern(href)
    alike = [other for other in known if _pattern(other) == pattern]
    if "?" in href:
        return sum("?" in other for other in alike) >= MOST_QUERIES
    return len(alike) >= MOST_ALIKE


def _plain(address: str) -> str:
    return address.partition("#")[0]


def _pattern(address: str) -> str:
    path = _REFERENCE.sub(r"{\1}", address.partition("?")[0])
    return re.sub(r"/(steps|record)/.+", r"/\1/{}", path)


def _parts(soup: BeautifulSoup) -> frozenset[str]:
    main = soup.select_one("main")
    if main is None:
        return frozenset({"no main"})
    return frozenset(_part(tag) for tag in main.find_all(True))


def _part(tag: Tag) -> str:
    said = [f"{name}={' '.join(tag.get_attribute_list(name))}" for name in _MAIN if tag.has_attr(name)]
    inside = tag.parent.name if tag.parent else ""
    return " ".join([inside, tag.name, *said])
