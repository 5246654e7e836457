"""Axe, the width of a phone and the head of the page: homes, empty lists, refusals, searches, the door, the set-up."""

import pytest
from playwright.sync_api import Browser

from tests.browser.crawl import one_of_each, pages_of
from tests.browser.people import somebody
from tests.browser.servers import Tracker

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HOMES = {
    "officer": "/today",
    "manager": "/at-risk",
    "chair": "/at-risk",
    "decision-maker": "/today",
    "lead": "/my-work",
    "panel": "/my-work",
    "auditor": "/reports",
    "admin": "/admin",
}
"""The first page of each role."""


@pytest.mark.parametrize("role", HOMES)
def test_everybody_comes_home(browser: Browser, demonstration: Tracker, role: str) -> None:
    with somebody(browser, demonstration) as person:
        person.sign_in(f"{role}@herefordshire.example")
        assert person.where == HOMES[role]


def test_the_first_day_has_nothing_on_its_lists_and_says_so(browser: Browser, empty: Tracker) -> None:
    seen: dict[str, set[str]] = {}
    faults: list[str] = []
    for role in ("officer", "lead", "admin"):
        with somebody(browser, empty) as person:
            person.sign_in(f"{role}@empty.example")
            pages = pages_of(person)
            faults += [f"{role}: {page.address}: {page.status}" for page in pages if page.status != 200]
            for page in one_of_each(pages, seen):
                person.open(page.address)
                faults += [f"{role}: {fault}" for fault in person.faults()]
                if page.address in _LISTS:
                    assert _LISTS[page.address] in person.said()
    assert not faults, "\n".join(faults)
    assert set(_LISTS) <= set(seen)


_LISTS = {
    "/today": "Nothing is due today, and no date is running.",
    "/today/overdue": "Nothing is overdue.",
    "/today/coming-up": "Nothing is due in the next 10 working days.",
    "/today/waiting": "Nobody owes us anything just now.",
    "/cases": "No case is open to you yet.",
    "/actions": "No action is open to you yet.",
    "/reports/reminders": "No reminder has been owed yet.",
    "/my-work": "Nothing is waiting for you. We will e-mail you when something is.",
}
"""What each list says when there is nothing on it."""


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("", "/no-such-page", 404),
        ("officer", "/cases/HCSP-DHR-1999-001", 404),
        ("lead", "/today", 403),
        ("auditor", "/cases/new/asb", 403),
        ("officer", "/cases/new/action", 404),
    ],
)
def test_a_page_that_says_no_is_accessible_too(
    browser: Browser, demonstration: Tracker, who: str, address: str, status: int
) -> None:
    with somebody(browser, demonstration) as person:
        if who:
            person.sign_in(f"{who}@herefordshire.example")
        assert person.open(address) == status
        assert person.faults() == []


SET_UP = {
    "/names": "",
    "/names/herefordshire": "Continue to check",
    "/areas": "",
    "/areas/herefordshire": "",
    "/areas/add": "Continue to check",
    "/areas/herefordshire/end": "Continue to check",
    "/areas/herefordshire/add-body": "Continue to check",
    "/areas/herefordshire/end-body": "Continue to check",
    "/policies": "",
    "/policies/new": "Continue",
    "/policies/herefordshire/asb_case_review/all/2014-10-20": "",
    "/policies/herefordshire/asb_case_review/all/2014-10-20/end": "End this version",
    "/policies/new/herefordshire/asb_case_review/all": "Continue to check",
    "/policies/new/herefordshire/dhr_2016/all": "Continue to check",
}
"""Pages of the set-up, and the button that sends their form as it was found: deeper than links are followed."""


def test_the_set_up_is_accessible_and_fits(browser: Browser, demonstration: Tracker) -> None:
    faults: list[str] = []
    with somebody(browser, demonstration) as person:
        person.sign_in("manager@herefordshire.example")
        for address, button in SET_UP.items():
            assert person.open(address) == 200, address
            faults += person.faults()
            if button:
                person.press(button)
                assert person.page.title().startswith("Error: "), address
                faults += person.faults()
        person.open("/names/herefordshire")
        person.fill("Review of anti-social behaviour", "Community Trigger")
        person.press("Continue to check")
        assert person.heading == "Check the names"
        faults += person.faults()
        person.open("/areas/herefordshire/end")
        person.fill("Last day", "1 11 2026")
        person.press("Continue to check")
        assert person.heading == "Check: end an area"
        faults += person.faults()
        person.open("/policies/new/herefordshire/asb_case_review/all")
        person.fill("What is this version called?", "Procedures 2027")
        person.fill("First day", "1 1 2027")
        person.press("Continue to check")
        assert person.heading == "Check this version"
        faults += person.faults()
    assert not faults, "\n".join(faults)


def test_searching(browser: Browser, demonstration: Tracker) -> None:
    with somebody(browser, demonstration) as person:
        person.sign_in("officer@herefordshire.example")
        for address, words in (
            ("/search", "Reference, agency or words in an action"),
            ("/search?q=police", "result"),
            ("/search?q=nothing-is-called-this", "Nothing that you may open holds all of these words."),
            ("/cases?q=nothing-is-called-this", "No case matches."),
            ("/actions?status=superseded&due=overdue", "No action matches."),
        ):
            assert person.open(address) == 200
            assert words in person.said()
            assert person.faults() == []


def test_signing_in_wrongly(browser: Browser, demonstration: Tracker) -> None:
    with somebody(browser, demonstration) as person:
        person.open("/sign-in")
        assert person.faults() == []
        person.press("Sign in")
        assert person.page.title().startswith("Error: ")
        assert person.faults() == []
        person.page.get_by_label("E-mail address").fill("nobody@herefordshire.example")
        person.page.get_by_label("Password").fill("not the one")
        person.press("Sign in")
        assert person.page.title().startswith("Error: ")
        assert person.faults() == []
