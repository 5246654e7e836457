"""What people come for, from the first page to the last, without a script: every word and button is one they see."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Somebody
from tests.browser.people import Person
from tests.browser.walks import (
    begin_scoping,
    log_application,
    log_notification,
    pass_on,
    send_letter,
    take,
    tell_incident,
)
from tracker import clock

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OFFICER = "officer@herefordshire.example"
OTHER_OFFICER = "officer@both.example"
MANAGER = "manager@herefordshire.example"
LEAD = "lead@herefordshire.example"


@pytest.fixture
def today() -> str:
    """Today as people write it in a form. It is asked of the machine, as the server asks."""
    on = clock.london(datetime.now(UTC))
    return f"{on.day} {on.month} {on.year}"


@pytest.fixture
def officer(visitor: Somebody) -> Iterator[Person]:
    with visitor(scripts=False) as person:
        yield person.sign_in(OFFICER)


def last_months() -> list[str]:
    """Three days of the last months, as people write them."""
    on = clock.london(datetime.now(UTC))
    days = (on - timedelta(days=ago) for ago in (80, 45, 12))
    return [f"{day.day} {day.month} {day.year}" for day in days]


def test_an_application_from_its_first_day_to_the_decision(officer: Person, today: str) -> None:
    reference = log_application(officer, today, applicant="A resident")
    assert "Received" in officer.said()

    send_letter(officer, reference, "L1", today)
    officer.open_step("Acknowledge the application")
    officer.choose(
        "Single point of contact", "Business unit officer, Herefordshire Community Safety Partnership"
    )
    take(officer, "Acknowledge the application")
    assert "Acknowledged" in officer.said()

    pass_on(officer, reference, today)
    for number, on in enumerate(last_months(), start=1):
        tell_incident(officer, reference, number, on)

    officer.open_step("Start the threshold check")
    assert officer.page.get_by_label("Single point of contact").count() == 0, "known already"
    officer.choose("What shows that the applicant may act", "The victim applies in person")
    take(officer, "Start the threshold check")
    assert "Threshold check" in officer.said()

    officer.open_step("Decide that the threshold is met")
    officer.fill("Date of the decision", today)
    officer.choose("Route of the decision", "Section 104(4): must review")
    officer.fill("Reasons for the decision", "Three reports in six months")
    officer.fill("Date on which the relevant bodies had been consulted", today)
    officer.fill("Minute or e-mail that shows the decision", "E-mail of today")
    foretold = take(officer, "Decide that the threshold is met")
    assert "Threshold met" in officer.said()
    officer.follow("Deadlines")
    assert foretold.items() <= officer.clocks("Running dates").items()
    officer.follow("History")
    assert "E-mail of today" in officer.said()


def test_a_death_from_its_notification_to_the_chairs_desk(officer: Person, today: str) -> None:
    reference = log_notification(officer, today)
    assert re.fullmatch(r"HCSP-DHR-\d{4}-\d{3}", reference)
    assert "1 person can open it" in officer.said()
    begin_scoping(officer)
    assert "Scoping" in officer.said()

    officer.open_step("Put it to the CSP chair")
    officer.fill(
        "Does the death appear to have resulted from violence, abuse or neglect, and by whom", "By a partner"
    )
    officer.fill("Who was consulted, and their view", "Police and health")
    officer.tick("Other reviews and proceedings have been checked for")
    officer.fill("Decision paper", "file 12")
    officer.tick("The police have been consulted")
    officer.tick("A specialist domestic abuse service has been consulted")
    officer.tick("Summaries that are still outstanding are noted in the paper")
    officer.tick("Violence")
    officer.choose("By whom, in relation to the person who died", "Former intimate partner")
    officer.choose("Was the person who died 16 or over?", "Yes")
    take(officer, "Put it to the CSP chair")
    assert "Awaiting CSP chair decision" in officer.said()


def test_finding_a_case_by_filtering_and_sorting(officer: Person) -> None:
    officer.follow("Cases")
    every = _count(officer)
    officer.page.locator("summary", has_text="Filter").evaluate("node => node.parentElement.open = true")
    officer.choose("Type", "Domestic homicide review")
    officer.press("Apply")
    assert officer.where.endswith("#results")
    assert 0 < _count(officer) < every
    assert all("-DHR-" in reference for reference in _references(officer.page))
    officer.go(officer.page.get_by_role("link", name=re.compile("^Remove this filter")))
    assert _count(officer) == every

    officer.go(officer.page.get_by_role("columnheader", name="Case").get_by_role("link"))
    references = _references(officer.page)
    assert references == sorted(references)
    assert officer.page.get_by_role("columnheader", name="Case").get_attribute("aria-sort") == "ascending"
    officer.go(officer.page.get_by_role("columnheader", name="Case").get_by_role("link"))
    assert officer.page.get_by_role("columnheader", name="Case").get_attribute("aria-sort") == "descending"

    officer.page.get_by_role("searchbox").first.fill("housing")
    officer.press("Search")
    assert officer.heading == "Search"


def _count(person: Person) -> int:
    return int(person.page.locator("#results").inner_text().split()[0])


def _references(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("tbody a.app-ref").all_inner_texts()]


def test_an_action_from_the_lead_to_the_check_by_somebody_else(visitor: Somebody) -> None:
    with visitor(scripts=False) as lead:
        lead.sign_in(LEAD)
        assert lead.heading == "My work"
        cards = lead.page.locator("main section").filter(has=lead.page.get_by_role("button"))
        first = cards.filter(has_not_text=re.compile("told us on [^:]+: you need more time")).first
        reference = first.locator(".app-ref").first.inner_text()
        first.get_by_label("There is progress").check()
        first.get_by_role("textbox").first.fill("The second half is under way")
        lead.go(first.get_by_role("button", name="Send this update"))
        assert lead.notice() == f"Thank you. Your update is saved. {reference}"
        card = lead.page.locator("main section").filter(has=lead.page.get_by_role("link", name=reference))
        assert "The second half is under way" in card.inner_text()
        card.get_by_label("It is done").check()
        card.get_by_role("textbox").first.fill("The minutes show it")
        lead.go(card.get_by_role("button", name="Send this update"))
        assert "Somebody else will now look" in lead.notice()

    with visitor(scripts=False) as officer:
        officer.sign_in(OFFICER)
        officer.open(f"/actions/{reference}")
        officer.press("Check the evidence")
        assert "The minutes show it" in officer.said()
        officer.choose("Is it done?", "Yes, I have seen what shows it")
        officer.fill("What you saw, or what is still missing", "The minutes of the group")
        if officer.page.get_by_label("Why it is late, only if its date has passed and you accept it").count():
            officer.fill("Why it is late, only if its date has passed and you accept it", "Staff were away")
        officer.press("Save this check")
        assert officer.notice() == "Verified: the action is done."


def test_nobody_verifies_what_they_reported_themselves(visitor: Somebody) -> None:
    with visitor(scripts=False) as officer:
        officer.sign_in(OTHER_OFFICER)
        officer.open("/actions?status=in_progress")
        officer.go(officer.page.locator("tbody a.app-ref").last)
        reference = officer.heading
        officer.choose("What do you want to tell us?", "It is done")
        officer.fill("Tell us more, unless there is no change", "I was there")
        officer.press("Send this update")
        assert "You reported this yourself, so someone else must verify it." in officer.said()
        assert officer.page.get_by_role("button", name="Check the evidence").count() == 0
        officer.open(f"/actions/{reference}/verify")
        assert "You reported this yourself, so someone else must verify it." in officer.said()
        assert officer.page.get_by_role("button", name="Save this check").count() == 0


def test_a_manager_agrees_to_more_time_and_signs_out(visitor: Somebody) -> None:
    with visitor(scripts=False) as lead:
        lead.sign_in(LEAD)
        card = lead.page.locator("main section").filter(has=lead.page.get_by_role("button")).last
        reference = card.locator(".app-ref").first.inner_text()
        card.get_by_label("We need more time").check()
        card.get_by_role("textbox").nth(0).fill("The supplier is late")
        card.get_by_role("textbox").nth(1).fill("31 3 2032")
        lead.go(card.get_by_role("button", name="Send this update"))
        assert "A manager decides on the new date" in lead.notice()

    with visitor(scripts=False) as manager:
        manager.sign_in(MANAGER)
        manager.open(f"/actions/{reference}")
        manager.press("Decide on more time")
        assert "Wednesday 31 March 2032" in manager.said()
        assert "The supplier is late" in manager.said()
        manager.choose("Do you agree to the new date?", "Yes")
        manager.fill("Reason for the decision", "Agreed with the supplier")
        manager.press("Save this decision")
        assert "The new date is agreed." in manager.notice()
        assert "Wed 31 Mar 2032" in manager.said()
        assert "First due" in manager.said()
        manager.press("Sign out")
        assert manager.heading == "Sign in"
        manager.open("/today")
        assert manager.heading == "Sign in"


def test_a_notification_is_logged_by_keyboard_alone(visitor: Somebody, today: str) -> None:
    with visitor() as officer:
        officer.sign_in(OFFICER)
        keys = officer.page.keyboard
        _tab_to(officer.page, "Log a new case")
        keys.press("Enter")
        officer.page.wait_for_url("**/cases/new")
        _tab_to(officer.page, "Log a domestic homicide review notification")
        keys.press("Enter")
        officer.page.wait_for_url("**/cases/new/dhr")
        _tab_to(officer.page, "Date the death came to the partnership's attention")
        keys.type(today)
        _tab_to(officer.page, "Police")
        keys.press("Space")
        _tab_to(officer.page, "Continue to check answers")
        keys.press("Enter")
        officer.page.wait_for_url("**/check")
        _tab_to(officer.page, "Log this case")
        keys.press("Space")
        officer.page.wait_for_url(re.compile(r"/cases/HCSP-DHR-\d{4}-\d{3}$"))
        assert "is logged." in officer.notice()


_NAME = """() => {
  const e = document.activeElement;
  const seen = getComputedStyle(e).outlineStyle !== 'none' || getComputedStyle(e).boxShadow !== 'none' ||
    (e.nextElementSibling && getComputedStyle(e.nextElementSibling, '::before').boxShadow !== 'none');
  const label = e.labels && e.labels.length ? e.labels[0].textContent : e.textContent;
  return [label.trim().replace(/\\s+/g, ' '), e.tagName, seen];
}"""


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called ``name`` has the focus; whatever has it on the way shows it."""
    page.wait_for_load_state()
    for _ in range(120):
        page.keyboard.press("Tab")
        label, tag, seen = page.evaluate(_NAME)
        assert tag == "BODY" or seen, f"{label} ({tag}) does not show that it has the focus"
        if label.removesuffix(" (optional)") == name:
            return
    raise AssertionError(f"{name} is not reached by Tab")
