"""Somebody at a browser, in the user's words: follow a link, fill in a question, press a button, read what it says.

Everything is found by its visible words or its role, as people and screen readers find it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, Route

from tests.browser.servers import PASSWORD, Tracker

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
WIDTHS = (1280, 1024, 768, 390, 320)
AXE_AT = (1280, 390, 320)
PATIENCE = 15_000
"""Milliseconds to wait for a page or for what should be on it."""
_ALLOWED = ("aria-allowed-attr", "govuk-radios__input", "aria-expanded")
"""The one exception: GOV.UK's own radios say aria-expanded where an answer opens a further question."""

_AXE = Axe().axe_script
_FIND = """rules => axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false, elementRef: false})
    .then(found => found.violations.map(rule => ({id: rule.id, nodes: rule.nodes.map(node => ({html: node.html}))})))"""
"""Only what is wrong: what passes need not be listed, and no stylesheet comes from elsewhere."""
_FITS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@dataclass(slots=True)
class Person:
    """One person with one browser window and their own cookies."""

    tracker: Tracker
    page: Page
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    # --- going about -------------------------------------------------------------------------------------

    def open(self, address: str) -> int:
        """Go to an address; the status of the answer."""
        answer = self.page.goto(self.tracker.address + address)
        assert answer is not None
        return answer.status

    def sign_in(self, email: str, password: str = PASSWORD) -> Self:
        """Through the form of the door, to the first page."""
        self.open("/sign-in")
        self.fill("E-mail address", email)
        self.fill("Password", password)
        self.press("Sign in")
        assert "/sign-in" not in self.page.url, self.said()
        return self

    def follow(self, words: str) -> None:
        """Follow the first link that says exactly this, hidden words left out of account."""
        self.go(self.link(words))

    def open_step(self, label: str) -> None:
        """From the page of the case to the form of one of its steps, by its button or by the link to what is missing."""
        button = self.button(label)
        if button.count():
            self.go(button)
            return
        block = self.page.locator(".app-next", has=self.page.get_by_role("heading", name=label, exact=True))
        self.go(block.get_by_role("link", name=re.compile(r"^Record it")).first)
        assert self.heading == label

    def link(self, words: str) -> Locator:
        return self.page.get_by_role("link", name=re.compile(rf"^{re.escape(words)}( |$)")).first

    def press(self, words: str) -> None:
        self.go(self.button(words))

    def go(self, target: Locator) -> None:
        """Click what leads to another page, or to another place on this one, and wait until it is there."""
        with self.page.expect_navigation():
            target.click()

    def button(self, words: str) -> Locator:
        """The button, or the link that looks like one, in the main part of the page or the header."""
        return self.page.get_by_role("button", name=words, exact=True).first

    def button_starting(self, words: str) -> Locator:
        """The first button that says this, whatever it says after it to those who hear the page."""
        return self.page.get_by_role("button", name=re.compile(rf"^{re.escape(words)}")).first

    # --- answering ---------------------------------------------------------------------------------------

    def fill(self, question: str, words: str) -> None:
        self.write(self.page.get_by_label(asks(question)).first, words)

    def write(self, box: Locator, words: str) -> None:
        """Fill in a box that was found by other means than its question."""
        box.fill(words)

    def choose(self, question: str, answer: str) -> None:
        """One of the answers to a question: a radio button or a line of a list."""
        group = self.page.get_by_role("group", name=asks(question))
        if group.count():
            group.first.get_by_label(answer, exact=True).check()
        else:
            self.page.get_by_label(asks(question)).select_option(label=answer)

    def mark(self, radio: Locator) -> None:
        """Choose a radio button that was found by other means than its question."""
        radio.check()

    def check(self, box: Locator) -> None:
        """Tick a box that was found by other means than its statement."""
        box.check()

    def unfold(self, summary: Locator) -> None:
        """Open what is folded away."""
        summary.click()

    def tick(self, statement: str) -> None:
        self.page.get_by_role("checkbox", name=asks(statement)).check()

    # --- reading -----------------------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        return " ".join(self.page.locator("h1").inner_text().split())

    @property
    def where(self) -> str:
        """The address, without the host."""
        return self.page.url.removeprefix(self.tracker.address)

    def said(self) -> str:
        """What the main part of the page says."""
        return " ".join(self.page.locator("main").inner_text().split())

    def notice(self) -> str:
        return " ".join(self.page.locator("main [role=alert]").inner_text().split())

    def clocks(self, label: str) -> dict[str, str]:
        """What is due, with its date, of one list of dates."""
        rows = self.page.get_by_role("list", name=label, exact=True).locator("> li")
        found = rows.evaluate_all(
            "rows => rows.map(row => [row.querySelector('.app-what').textContent, row.querySelector('.app-due b').textContent])"
        )
        return {" ".join(what.split()): " ".join(due.split()) for what, due in found}

    # --- looking it over ---------------------------------------------------------------------------------

    def faults(self) -> list[str]:
        """What is wrong with the page as it stands: its head, its width, and what axe finds.

        Only for somebody whose browser runs scripts: axe is one.
        """
        wrong: list[str] = []
        title = self.page.title()
        if not title.endswith(" - Case tracker"):
            wrong.append(f"The title is {title!r}")
        headings = self.page.locator("h1").count()
        if headings != 1:
            wrong.append(f"{headings} h1")
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            if not self.page.evaluate(_FITS):
                wrong.append(f"at {width} it scrolls sideways: {self._too_wide()}")
            if width in AXE_AT:
                wrong += [f"at {width}: {fault}" for fault in self._axe()]
        wrong += self.complaints
        self.complaints.clear()
        return [f"{self.where} ({title}) {fault}" for fault in wrong]

    def _axe(self) -> list[str]:
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(_AXE)
        found = self.page.evaluate(_FIND, list(RULES))
        return [
            f"{rule['id']}: {node['html'][:200]}"
            for rule in found
            for node in rule["nodes"]
            if not (rule["id"] == _ALLOWED[0] and all(word in node["html"] for word in _ALLOWED[1:]))
        ]

    def _too_wide(self) -> str:
        found: str = self.page.evaluate(
            "() => [...document.querySelectorAll('main *, header *, footer *')].filter(e => e.getBoundingClientRect().right >"
            " document.documentElement.clientWidth + 1).slice(0, 3).map(e => e.outerHTML.slice(0, 160)).join(' | ')"
        )
        return found


def asks(question: str) -> re.Pattern[str]:
    """The question, whether or not it says that it is optional."""
    return re.compile(rf"^\s*{re.escape(question)}( \(optional\))?\s*$")


_REFUSED = "addEventListener('securitypolicyviolation', e => console.error('refused', e.violatedDirective, e.blockedURI))"
"""What the content security policy refuses, as a complaint."""


@contextmanager
def somebody(
    browser: Browser,
    tracker: Tracker,
    *,
    scripts: bool = True,
    width: int = 1280,
    kind: type[Person] | None = None,
) -> Iterator[Person]:
    """A person with a fresh browser window. Nothing leaves this machine, and the browser complains of nothing."""
    context = browser.new_context(java_script_enabled=scripts, viewport={"width": width, "height": 900})
    context.set_default_timeout(PATIENCE)
    person = (kind or Person)(tracker, context.new_page())
    _listen(context, person)
    try:
        yield person
    finally:
        context.close()
    assert person.outside == [], "the page asked another host"
    assert person.complaints == []


def _listen(context: BrowserContext, person: Person) -> None:
    def only_here(route: Route, request: Request) -> None:
        if request.url.startswith((person.tracker.address + "/", "data:")):
            route.continue_()
        else:
            person.outside.append(request.url)
            route.abort()

    context.route("**/*", only_here)
    context.add_init_script(_REFUSED)
    context.on("console", lambda message: _note(person, message.text, message.type))
    context.on("weberror", lambda error: person.complaints.append(str(error.error)))
    context.on("dialog", lambda dialog: (person.complaints.append(dialog.message), dialog.dismiss()))


def _note(person: Person, words: str, kind: str) -> None:
    """A refusal that a page shows with its own status is no fault of the page."""
    if kind in {"error", "warning"} and not words.startswith("Failed to load resource: the server responded"):
        person.complaints.append(words)
