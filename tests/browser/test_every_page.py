"""Axe and the width of a phone: every page of the application, as a role that uses it, and every form's errors.

The list is the application's own: an endpoint that nobody has looked at fails, so a new page cannot be left out.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from config import Settings
from tests.browser import standing
from tests.browser.finding import pages_of, refusing
from tests.browser.lengthening import lengthen
from tests.browser.people import Person, somebody
from tests.browser.preparing import CLOSED_ON, prepare
from tests.browser.servers import KEY
from tests.browser.standing import Standing
from tests.crawling import Reader, Seen, endpoint_of
from tracker import create_app

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("every page")]

CRAWLED = ("manager", "lead", "auditor", "admin", "")
"""Roles that between them see every page; the others see the manager's pages with fewer buttons."""
ROLES = (*CRAWLED, "officer")
STATES = (
    "HCSP-DHR-2026-001", "HCSP-DHR-2025-001", "HCSP-DHR-2026-006", "HCSP-ASB-2026-017", "HCSP-ASB-2026-011",
    "HCSP-ASB-2026-001", "HCSP-ASB-2026-005", "HCSP-ASB-2026-009", "HCSP-REC-2026-003", "HCSP-REC-2026-008",
)  # fmt: skip
"""Cases that are restricted and running, restricted and closed, void, open, closed, withdrawn, misdirected ..."""
SECTION_8A_ON = date(2027, 4, 1)
"""A day is set for section 8A, so that the kind of a review can be looked at."""
NAMED = {
    "": ("/set-password/done",),
    "manager": (
        "/reports/published-figures", f"/closed-days/herefordshire/{CLOSED_ON}",
        "/retention/HCSP-DHR-2025-001", "/retention/HCSP-DHR-2025-001/hold", "/drafts/1", "/returning-mail/1",
        "/actions/change-lead?ref=HCSP-ACT-2026-011&ref=HCSP-ACT-2026-012", "/cases/HCSP-DHR-2026-002/amendments/1",
        "/cases/HCSP-DHR-2026-001/action-plan", "/cases/HCSP-DHR-2026-001/documents/1", "/cases/HCSP-DHR-2026-001/documents/1/new-version",
        "/cases/HCSP-ASB-2026-017/letters/L1-1", "/cases/HCSP-ASB-2026-017/letters/L1-1/check",
        "/cases/HCSP-ASB-2026-012/letters/L5-1/sent", "/cases/HCSP-ASB-2026-016/letters/L1-1/returned",
        "/cases/HCSP-ASB-2026-012/letters/not-sent/L5/applicant", "/cases/HCSP-DHR-2026-010/regime",
    ),
    "officer": ("/today", "/today/waiting", "/today/overdue", *(f"/cases/{reference}" for reference in STATES)),
    "auditor": ("/admin/audit/access?person=1&first=1+11+2026&last=23+11+2026",),
    "admin": ("/admin/people/8/disable",),
}  # fmt: skip
"""Pages that no link of the demonstration leads to, or not from a page that is opened."""

ELSEWHERE = {
    "static": "no page",
    "feeds.file": "a calendar file",
    "board_pack.word": "a Word file",
    "letters.file": "a Word file",
    "chasing.letter": "a Word file",
    "letter_templates.file": "a Word file",
    "documents.file": "a file",
    "figures.fragment": "a part of the figures' page, for the partnership's own site",
    "set_password.show": "its link is in a mail: tests/browser/test_answers.py",
    "updates.show": "its link is in a mail: tests/browser/test_update_link.py",
    "updates.item": "its link is in a mail: tests/browser/test_update_link.py",
    "update_people.covering": "its link is in a mail: tests/browser/test_update_link.py",
    "update_people.wrong": "its link is in a mail: tests/browser/test_update_link.py",
    "update_people.not_me": "its link is in a mail: tests/browser/test_update_link.py",
}
"""Endpoints that are not looked at here, and why."""


@dataclass(slots=True)
class Looked:
    """What was reached: pages by the role that opens them, their endpoints, and endpoints that answered otherwise."""

    app: Flask
    pages: dict[str, list[str]] = field(default_factory=dict)
    endpoints: set[str] = field(default_factory=set)
    otherwise: set[str] = field(default_factory=set)

    def add(self, role: str, endpoint: str, address: str) -> None:
        """A page to look over."""
        self.endpoints.add(endpoint)
        self.pages.setdefault(role, []).append(address)

    def note(self, seen: Seen) -> None:
        """A file, or a way on to another page."""
        if seen.response.mimetype != "text/html" or seen.response.status_code in {301, 302, 303, 308}:
            self.otherwise.add(endpoint_of(self.app, seen.address))


@pytest.fixture(scope="module")
def copies(of_monday: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Standing]]:
    """Trackers of the same Monday, each with its own database."""
    with ExitStack() as stack:

        def copy() -> Standing:
            one = stack.enter_context(
                standing.served(of_monday, tmp_path_factory.mktemp("copy"), SECTION_8A_ON)
            )
            prepare(one)
            return one

        yield copy


@pytest.fixture(scope="module")
def here(copies: Callable[[], Standing]) -> Standing:
    return copies()


@pytest.fixture(scope="module")
def looked(here: Standing) -> Looked:
    """Every endpoint's fullest page, as the first role that reaches it, and a case in each state."""
    app = _application(here)
    found = Looked(app)
    for role in CRAWLED:
        pages = pages_of(app, _reader(app, role), *NAMED.get(role, ()), note=found.note)
        for endpoint, address in pages.items():
            if endpoint not in found.endpoints:
                found.add(role, endpoint, address)
    for address in NAMED["officer"]:
        found.add("officer", endpoint_of(app, address), address)
    return found


def test_no_page_is_left_out(looked: Looked) -> None:
    answering = {rule.endpoint for rule in looked.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert answering - looked.endpoints - looked.otherwise == set(ELSEWHERE)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_accessible_and_fits(
    browser: Browser, here: Standing, looked: Looked, role: str
) -> None:
    faults: list[str] = []
    with somebody(browser, here.tracker) as person:
        _enter(person, _reader(looked.app, role))
        for address in looked.pages[role]:
            faults += _looked_over(person, address)
    assert not faults, "\n".join(faults)


def test_every_refused_form_is_accessible_and_fits(
    browser: Browser, copies: Callable[[], Standing], here: Standing, looked: Looked
) -> None:
    other = _application(copies())
    refused: set[str] = set()
    faults: list[str] = []
    for role in ROLES:
        tryer = _reader(other, role)
        with somebody(browser, here.tracker) as person:
            _enter(person, _reader(looked.app, role))
            for address in looked.pages[role]:
                for endpoint, which in refusing(other, tryer, address).items():
                    if endpoint not in refused:
                        refused.add(endpoint)
                        faults += _sent_empty(person, address, which)
                if role:
                    tryer.sign_in()
    assert not faults, "\n".join(faults)
    assert len(refused) > 40


def test_with_long_words_every_page_is_accessible_and_fits(
    browser: Browser, copies: Callable[[], Standing], looked: Looked
) -> None:
    there = copies()
    assert lengthen(there) > 1_000
    app = _application(there)
    faults: list[str] = []
    for role in ROLES:
        with somebody(browser, there.tracker) as person:
            _enter(person, _reader(app, role))
            for address in looked.pages[role]:
                faults += _looked_over(person, address)
    assert not faults, "\n".join(faults)


def _application(standing_: Standing) -> Flask:
    return create_app(
        Settings(secret_key=KEY, scheduler="off", dardr_in_force_from=SECTION_8A_ON),
        now=standing_.now,
        database=standing_.database,
    )


def _reader(app: Flask, role: str) -> Reader:
    return Reader(app, role and f"{role}@herefordshire.example")


def _enter(person: Person, reader: Reader) -> None:
    """The session of the reader, in the browser."""
    cookie = reader.client.get_cookie("tracker_session")
    if cookie is not None:
        person.page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": person.tracker.address}]
        )


def _looked_over(person: Person, address: str) -> list[str]:
    assert person.open(address) == 200, address
    wrong = person.faults()
    if person.page.evaluate("() => document.fonts.size"):
        wrong.append(f"{address} loads a font")
    return wrong


def _sent_empty(person: Person, address: str, which: int) -> list[str]:
    person.open(address)
    with person.page.expect_navigation():
        person.page.evaluate("which => document.forms[which].submit()", which)
    wrong = person.faults()
    if not person.page.title().startswith("Error: "):
        wrong.append(f"{address}: sent empty, the title is {person.page.title()!r}")
    return wrong
