"""Pages as people use them: forms filled in and sent with what the page itself carries; every page is checked."""

import re
from dataclasses import dataclass, field

import html5lib
from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

from tests.routes.browse import Browser

Typed = str | list[str] | None


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the application, and the browser that got it."""

    browser: Browser
    response: TestResponse
    address: str
    soup: BeautifulSoup = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "soup", BeautifulSoup(self.response.text, "html.parser"))

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        main = self.soup.find("main")
        words = " ".join(main.get_text(" ").split()) if main else ""
        return re.sub(r" ([.,:;)])", r"\1", words)

    @property
    def heading(self) -> str:
        return " ".join(self.soup.h1.get_text().split()) if self.soup.h1 else ""

    def errors(self) -> list[str]:
        return [
            " ".join(item.get_text().split()) for item in self.soup.select(".govuk-error-summary__list li")
        ]

    def rows(self, selector: str = "main table tbody tr") -> list[list[str]]:
        return [
            [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"])]
            for row in self.soup.select(selector)
        ]

    def clocks(self, label: str = "") -> dict[str, str]:
        """What is due and when, of every list of dates or of the one with that label."""
        where = f'ul.app-clocks[aria-label="{label}"]' if label else "ul.app-clocks"
        return {
            item.select_one(".app-what").get_text(strip=True): item.select_one(".app-due b").get_text(
                strip=True
            )
            for item in self.soup.select(f"{where} > li")
        }

    def buttons(self) -> list[str]:
        return [" ".join(b.get_text().split()) for b in self.soup.select("main .govuk-button")]

    def links(self, words: str) -> list[str]:
        return [
            str(link["href"])
            for link in self.soup.select("main a")
            if words in " ".join(link.get_text().split())
        ]

    def form(self, which: int = -1) -> Tag:
        return self.soup.select("main form[method=post]")[which]

    def fields(self, which: int = -1) -> list[tuple[str, str]]:
        """What the form would send if nothing were touched."""
        return sent(self.form(which))

    def submit(self, typed: dict[str, Typed] | None = None, which: int = -1) -> "Page":
        """Fill in the form and press its button. ``None`` leaves a box empty; a list ticks several."""
        form = self.form(which)
        names = {str(tag.get("name")) for tag in form.select("input, select, textarea")}
        typed = typed or {}
        assert set(typed) <= names, f"the form does not ask for {set(typed) - names}"
        pairs = [(name, value) for name, value in sent(form) if name not in typed]
        for name, value in typed.items():
            pairs += [(name, each) for each in ([value] if isinstance(value, str) else value or [])]
        return send(self.browser, str(form["action"]), pairs)


def sent(form: Tag) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for tag in form.select("input, select, textarea"):
        name = str(tag.get("name") or "")
        if not name:
            continue
        if tag.name == "textarea":
            pairs.append((name, tag.get_text().removeprefix("\n")))
        elif tag.name == "select":
            chosen = tag.select("option[selected]") or tag.select("option")[:1]
            pairs += [(name, str(option.get("value", ""))) for option in chosen]
        elif tag.get("type") in {"radio", "checkbox"}:
            if tag.has_attr("checked"):
                pairs.append((name, str(tag.get("value", ""))))
        else:
            pairs.append((name, str(tag.get("value") or "")))
    return pairs


def visit(browser: Browser, address: str) -> Page:
    return checked(Page(browser, browser.open(address), address))


def send(browser: Browser, address: str, pairs: list[tuple[str, str]]) -> Page:
    """Send a form; follow the redirect that a success answers with."""
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    response = browser.client.post(address, data=data)
    if response.status_code in {302, 303}:
        return visit(browser, response.headers["Location"])
    return checked(Page(browser, response, address))


def checked(page: Page) -> Page:
    """Every page: strict HTML5, one h1 that begins the title, unique ids, a label for each field, no empty link."""
    if page.status in {301, 302, 303}:
        return page
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.response.text)
    soup = page.soup
    assert len(soup.select("h1")) == 1
    title = " ".join(soup.title.get_text().split()).removeprefix("Error: ")
    assert title.startswith(page.heading), (title, page.heading)
    ids = [tag["id"] for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
    labelled = {str(label.get("for")) for label in soup.select("label")}
    for tag in soup.select("main input, main select, main textarea"):
        if tag.get("type") not in {"hidden", "submit"}:
            assert tag.get("id") in labelled, tag
    for link in soup.select("a"):
        assert link.get_text(strip=True), link
        address = str(link.get("href", ""))
        if address.startswith("#") and page.status in {409, 422}:
            assert address == "#main" or address.removeprefix("#") in ids, address
    return page
