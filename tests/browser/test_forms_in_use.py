"""Forms when something is wrong: errors that lead to their fields, two people at once, a button pressed twice."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Request

from tests.browser.conftest import Somebody
from tests.browser.people import Person
from tests.browser.walks import hold_to_the_summary, log_application, log_notification, send_letter
from tracker import clock

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OFFICER = "officer@herefordshire.example"
MANAGER = "manager@herefordshire.example"
ACKNOWLEDGE = "Acknowledge the application"
CONTACT = "Single point of contact"
TITLE = "Business unit officer, Herefordshire Community Safety Partnership"


@pytest.fixture
def today() -> str:
    """Today as people write it in a form. It is asked of the machine, as the server asks."""
    on = clock.london(datetime.now(UTC))
    return f"{on.day} {on.month} {on.year}"


@pytest.fixture
def officer(visitor: Somebody) -> Iterator[Person]:
    with visitor() as person:
        yield person.sign_in(OFFICER)


class TestErrors:
    def test_logging_an_application(self, officer: Person, today: str) -> None:
        officer.press("Log a new case")
        officer.follow("Log an ASB case review application")
        officer.press("Continue to check answers")
        hold_to_the_summary(officer)
        officer.fill("Applicant's name", "A resident & others")
        officer.fill("What has been happening, in the applicant's words", "first\n  second")
        officer.choose("How the application came", "Phone")
        officer.fill("Date the application was made", "31 2 2026")
        officer.press("Continue to check answers")
        hold_to_the_summary(officer)
        assert officer.page.get_by_label("Applicant's name").input_value() == "A resident & others"
        words = officer.page.get_by_label("What has been happening, in the applicant's words").input_value()
        assert words == "first\n  second"
        assert officer.page.get_by_role("radio", name="Phone").is_checked()
        assert officer.page.get_by_label("Date the application was made").input_value() == "31 2 2026"

    def test_a_step(self, officer: Person, today: str) -> None:
        reference = log_application(officer, today, applicant="A resident")
        send_letter(officer, reference, "L1", today)
        officer.open_step(ACKNOWLEDGE)
        officer.page.get_by_label("On another day").check()
        officer.fill("Anything to add to the history", "kept")
        officer.press("Continue to check answers")
        hold_to_the_summary(officer)
        assert officer.page.get_by_label("Anything to add to the history (optional)").input_value() == "kept"
        assert officer.page.get_by_label("On another day").is_checked()

    def test_check_answers_and_the_case_afterwards_are_accessible(self, officer: Person, today: str) -> None:
        log_notification(officer, today)
        officer.open_step("Begin scoping")
        officer.fill("Month of the death", "January 2026")
        officer.choose("Kind of death", "Homicide")
        officer.fill("Pseudonym of the person who died", "Rowan")
        officer.press("Continue to check answers")
        assert officer.faults() == []
        officer.press("Begin scoping")
        assert officer.page.locator("main [role=alert]").count() == 1
        assert officer.faults() == []

    def test_changing_the_password(self, officer: Person) -> None:
        officer.open("/account")
        officer.press("Change password")
        hold_to_the_summary(officer)

    def test_a_leads_update(self, visitor: Somebody) -> None:
        with visitor() as lead:
            lead.sign_in("lead@herefordshire.example")
            lead.go(lead.button_starting("Send this update"))
            hold_to_the_summary(lead)


class TestTwoAtOnce:
    def test_the_second_sees_both_and_carries_on(self, visitor: Somebody, today: str) -> None:
        """Check 13: the second to save sees both people's values and their own words, and carries on."""
        with visitor(scripts=False) as first, visitor() as second:
            first.sign_in(OFFICER)
            second.sign_in(MANAGER)
            reference = log_application(first, today, applicant="A resident")
            send_letter(first, reference, "L1", today)
            for person in (first, second):
                person.open(f"/cases/{reference}/steps/acknowledge")
                person.choose(CONTACT, TITLE)
            second.fill("Anything to add to the history", "My own words & more")
            second.press("Continue to check answers")

            first.open(f"/cases/{reference}/record?fact=applicant_contact")
            first.fill("How to reach the applicant", "by phone, after five")
            first.press("Record this")

            answer = _answered(second, ACKNOWLEDGE)
            assert answer == 409
            assert second.heading == "This case changed while you were working"
            assert "Changed by Business unit officer" in second.said()
            assert "by phone, after five" in second.said()
            assert second.faults() == []
            second.press("Carry on with my answers")
            assert "My own words & more" in second.said()
            second.press(ACKNOWLEDGE)
            assert second.heading == reference
            assert "Acknowledged" in second.said()
            second.follow("History")
            assert "My own words & more" in second.said()

    def test_who_comes_after_the_same_step_loses_nothing(self, visitor: Somebody, today: str) -> None:
        with visitor(scripts=False) as first, visitor() as second:
            first.sign_in(OFFICER)
            second.sign_in(MANAGER)
            reference = log_application(first, today, applicant="A resident")
            send_letter(first, reference, "L1", today)
            for person in (first, second):
                person.open(f"/cases/{reference}/steps/acknowledge")
                person.choose(CONTACT, TITLE)
                person.fill("Anything to add to the history", "Words that I typed")
                person.press("Continue to check answers")
            assert _answered(first, ACKNOWLEDGE) == 303
            assert _answered(second, ACKNOWLEDGE) == 409
            assert "This step cannot be taken from there." in second.said()
            assert second.faults() == []


def _answered(person: Person, button: str) -> int:
    """Press the button; the status of the answer to what it sends."""
    with person.page.expect_response(lambda response: response.request.method == "POST") as waiting:
        person.press(button)
    return waiting.value.status


def test_pressing_twice_is_one_entry_of_the_history(officer: Person, today: str) -> None:
    """Check 14, its first half: the mail is looked at in test_acceptance_lists.py."""
    reference = log_application(officer, today, applicant="A resident")
    send_letter(officer, reference, "L1", today)
    officer.open_step(ACKNOWLEDGE)
    officer.choose(CONTACT, TITLE)
    officer.press("Continue to check answers")
    sent: list[Request] = []
    officer.page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    # Past the script that holds back a second press: as two presses without scripts, or two tries of a bad line.
    with officer.page.expect_navigation(url="**/" + reference):
        officer.page.evaluate(
            "() => { const form = document.querySelector('main form:last-of-type');"
            " fetch(form.action, {method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual'})"
            ".then(() => form.submit()); }"
        )
    assert len(sent) == 2
    officer.follow("History")
    assert (
        officer.page.locator(
            ".moj-timeline__item", has=officer.page.get_by_role("heading", name="Acknowledged")
        ).count()
        == 1
    )


def test_a_quick_second_press_sends_nothing(officer: Person, today: str) -> None:
    reference = log_application(officer, today, applicant="A resident")
    send_letter(officer, reference, "L1", today)
    officer.open_step(ACKNOWLEDGE)
    officer.choose(CONTACT, TITLE)
    officer.press("Continue to check answers")
    sent: list[Request] = []
    officer.page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    with officer.page.expect_navigation():
        officer.button(ACKNOWLEDGE).dblclick()
    assert len(sent) == 1


def test_logging_twice_is_one_case(visitor: Somebody, today: str) -> None:
    with visitor(scripts=False) as officer:
        officer.sign_in(OFFICER)
        reference = log_notification(officer, today)
        officer.page.go_back()
        officer.page.go_back()
        officer.page.go_back()
        assert officer.heading == "Check before you log this case"
        officer.press("Log this case")
        assert officer.heading == reference
