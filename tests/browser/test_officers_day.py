"""A day of the business unit from signing in to signing out, without scripts, and again without a mouse."""

import re

import pytest
from playwright.sync_api import Browser

from tests.browser import pdf
from tests.browser.hands import Hands
from tests.browser.people import Person, somebody
from tests.browser.standing import Standing
from tests.browser.walks import log_application, take

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OFFICER = "officer@herefordshire.example"
TODAY = "25 11 2026"
CONTACT = "Single point of contact"
TITLE = "Business unit officer, Herefordshire Community Safety Partnership"
ACKNOWLEDGE = "Acknowledge the application"


@pytest.fixture
def wednesday(monday: Standing) -> Standing:
    """Two days on: what was due on Monday is late."""
    monday.london(2026, 11, 25, 9, 30)
    return monday


def the_day(officer: Person, standing: Standing) -> None:
    """Every act is found by its words and followed by its link or button, from the first page on."""
    officer.sign_in(OFFICER)
    assert officer.heading == "Today"
    reference = log_application(officer, TODAY, applicant="A resident")
    acknowledged(officer, reference)
    told(officer, reference)
    late = standing.reference("dhr_2016", "commissioning")
    recorded_late(officer, late)
    extended(officer, standing.reference("dhr_2016", "gathering"))
    monitored = standing.reference("asb_case_review", "action_plan_monitoring")
    documented(officer, monitored)
    planned(officer, monitored)
    chased(officer)
    filtered(officer)
    printed(officer, reference)
    officer.press("Sign out")
    assert officer.heading == "Sign in"
    officer.page.go_back()
    officer.page.reload()
    assert officer.heading == "Sign in", "nothing is left open behind them"


def acknowledged(officer: Person, reference: str) -> None:
    """The letter that the step needs, then the step over check answers."""
    officer.follow("Documents")
    officer.follow("Letters")
    officer.go(officer.page.locator("main a[href*='/letters/outside/L1/applicant']").first)
    officer.fill("Where the letter is kept", "Letters/L1.docx")
    officer.fill("Day it was sent", TODAY)
    officer.choose("How does it go?", "E-mail")
    officer.press("Record as sent")
    assert "recorded as sent" in officer.notice()
    found(officer, reference)
    officer.open_step(ACKNOWLEDGE)
    officer.choose(CONTACT, TITLE)
    take(officer, ACKNOWLEDGE)
    assert "Acknowledged" in officer.notice()


def told(officer: Person, reference: str) -> None:
    """Two incidents, the second added after the first."""
    for number, day in enumerate(("2 11 2026", "9 11 2026"), start=1):
        officer.follow("Incidents and threshold")
        officer.press("Add an incident" if number == 1 else "Add another incident")
        officer.fill("First or earliest day", day)
        officer.press("Save the incident")
        assert "The incident is recorded." in officer.notice()
        assert officer.page.locator("main tbody tr").count() == number
    assert reference in officer.heading


def recorded_late(officer: Person, reference: str) -> None:
    """A date that has passed is recorded as done: first without the reason, which is asked for, then with it."""
    officer.follow("Today")
    officer.go(
        officer.page.locator("#needs tr", has_text=reference).get_by_role("link", name="Record as done")
    )
    officer.fill("Date the Home Office was told of the decision", TODAY)
    officer.press("Record this")
    assert officer.page.title().startswith("Error: ")
    box = officer.page.get_by_label("Date the Home Office was told of the decision")
    assert box.input_value() == TODAY, "nothing typed is lost"
    officer.fill("Why it is late", "The form came back for a signature")
    officer.press("Record this")
    assert reference in officer.said()
    officer.follow("History")
    assert "The form came back for a signature" in officer.said()


def extended(officer: Person, reference: str) -> None:
    """More time is recorded for the chair, with the evidence, and the new working is seen before it is saved."""
    found(officer, reference)
    officer.follow("Deadlines")
    clock = officer.page.locator(".app-clock", has_text="Complete overview report").first
    officer.unfold(clock.locator("summary"))
    officer.go(clock.get_by_role("link", name=re.compile("^Ask for more time")))
    officer.fill("How much more time", "2")
    officer.choose("When was it agreed?", "Today")
    officer.fill("Why more time is needed", "The trial ends in spring")
    officer.fill("Minute or e-mail that shows the decision", "Minute 14 of the chair")
    officer.press("Continue to the new working")
    assert "Sunday 25 April 2027" in officer.said()
    officer.press("Save the new date")
    officer.follow("Deadlines")
    assert "First due 25 Aug 2026" in officer.said()


def documented(officer: Person, reference: str) -> None:
    found(officer, reference)
    officer.follow("Documents")
    officer.press("Add a document")
    officer.choose("What it is", "Minutes")
    officer.fill("Title", "Minutes of the third meeting")
    officer.fill("Date on it", "24 11 2026")
    officer.choose("Marking", "OFFICIAL")
    officer.fill("Where it is kept", "https://store.example/minutes-3")
    officer.press("Add to the register")
    assert "Minutes of the third meeting" in officer.said()


def planned(officer: Person, reference: str) -> None:
    officer.go(officer.page.get_by_label("This case").get_by_role("link", name=re.compile(r"^Actions \(")))
    officer.press("Add an action")
    officer.fill("What is to be done", "Publish the number for reports")
    officer.choose("Lead agency", "Herefordshire Council")
    officer.fill("Target date", "31 3 2027")
    officer.press("Add this action")
    assert "Publish the number for reports" in officer.said()
    assert reference in officer.said()


def chased(officer: Person) -> None:
    officer.follow("Today")
    buttons = officer.page.get_by_role("button", name=re.compile("^Chase now"))
    officer.go(buttons.filter(has_text="HCSP-INF-").first)
    assert re.search(r"goes to .+ now", officer.notice()), officer.notice()


def filtered(officer: Person) -> None:
    """Cases by their type, actions by what is missing and by their date."""
    officer.follow("Cases")
    every = count(officer)
    unfolded(officer)
    officer.choose("Type", "ASB case review")
    officer.press("Apply")
    assert officer.where.endswith("#results")
    assert 0 < count(officer) < every
    assert all("-ASB-" in one for one in officer.page.locator("tbody a.app-ref").all_inner_texts())
    officer.follow("Actions")
    officer.go(officer.page.get_by_role("columnheader", name="Due now").get_by_role("link"))
    assert officer.page.get_by_role("columnheader", name="Due now").get_attribute("aria-sort")
    dates = officer.page.locator("tbody .app-due time:first-child").evaluate_all(
        "times => times.map(time => time.getAttribute('datetime'))"
    )
    assert dates in (sorted(dates), sorted(dates, reverse=True))


def unfolded(officer: Person) -> None:
    panel = officer.page.locator("details", has=officer.page.get_by_role("button", name="Apply")).first
    if panel.count() and panel.locator("summary").first.is_visible():
        officer.unfold(panel.locator("summary").first)


def count(officer: Person) -> int:
    return int(officer.page.locator("#results").inner_text().split()[0])


def printed(officer: Person, reference: str) -> None:
    found(officer, reference)
    sheets = pdf.sheets(officer.page.pdf(prefer_css_page_size=True))
    assert all(f"{number}of{len(sheets)}" in sheet for number, sheet in enumerate(sheets, 1))
    assert reference in sheets[0]


def found(officer: Person, reference: str) -> None:
    """Search for a case by its reference and open it."""
    officer.fill("Search by reference, agency or words in an action", reference)
    officer.press("Search")
    if officer.heading == "Search":
        officer.go(officer.page.locator("main").get_by_role("link", name=reference).first)
    assert officer.heading == reference


def test_an_officers_day_without_scripts(browser: Browser, wednesday: Standing) -> None:
    """Check 3: all that an officer does in a day works where no script runs."""
    with somebody(browser, wednesday.tracker, scripts=False) as officer:
        the_day(officer, wednesday)


def test_an_officers_day_by_keyboard_alone(browser: Browser, wednesday: Standing) -> None:
    """The same day by Tab, Enter, Space and the arrows; the focus shows at every stop and goes down the page."""
    with somebody(browser, wednesday.tracker, kind=Hands) as officer:
        the_day(officer, wednesday)
