"""Axe and the width of a phone on what answers a form or an error: check answers, conflicts, ended links, pages that say no.

The pages that a GET shows are in test_every_page.py, those of a step and of the set-up beside what they belong to.
"""

import re
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from tests.browser.conftest import Somebody
from tests.browser.lengthening import LONG, SAID, lengthen
from tests.browser.people import Person
from tests.browser.servers import KEY
from tests.browser.standing import Standing
from tracker.models import User
from tracker.routes import lists
from tracker.services import password_links

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MANAGER = "manager@herefordshire.example"
LEAD = "lead@herefordshire.example"


@pytest.fixture(params=["as it is", "long words"])
def words(request: pytest.FixtureRequest, monday: Standing) -> str:
    """What people type: a sentence, or words wider than a phone, of which the records are full then too."""
    if request.param == "as it is":
        return "The lane"
    assert lengthen(monday) > 1_000
    return f"{LONG} {SAID}"


def test_what_is_checked_before_it_is_saved(caller: Somebody, monday: Standing, words: str) -> None:
    review = monday.reference("dhr_2016", "gathering")
    faults: list[str] = []
    with caller() as person:
        person.sign_in(MANAGER)

        person.open("/cases/new/asb")
        person.fill("Applicant's name", words[:200])
        person.fill("How to reach the applicant", "applicant@home.example")
        person.choose("Area where the behaviour happens", "Herefordshire")
        person.fill("What has been happening, in the applicant's words", words)
        person.fill("Date the application was made", "20 11 2026")
        person.choose("How the application came", "Phone")
        person.press("Continue to check answers")
        faults += _shows(person, "Check before you log this case")

        person.open(f"/cases/{review}/deadlines/report_6m/extend")
        person.fill("How much more time", "2")
        person.choose("When was it agreed?", "Today")
        person.fill("Why more time is needed", words)
        person.fill("Minute or e-mail that shows the decision", words[:100])
        person.press("Continue to the new working")
        assert person.button("Save the new date").count() == 1
        faults += _shows(person)

        person.open("/closed-days/add")
        person.fill("Which day?", "25 11 2026")
        person.fill("What is the day called?", words[:60])
        person.press("Continue to the dates that move")
        assert person.page.locator("#moves").count() == 1
        faults += _shows(person)
    assert not faults, "\n".join(faults)


def test_one_act_on_many_actions(caller: Somebody, monday: Standing, words: str) -> None:
    with caller() as person:
        person.sign_in(MANAGER)
        person.open("/actions/change-lead?ref=HCSP-ACT-2026-011&ref=HCSP-ACT-2026-012")
        person.page.locator("main select").first.select_option(index=3)
        person.write(person.page.locator("main textarea").first, words)
        person.press("Continue to check")
        faults = _shows(person)

        person.open("/actions")
        person.go(person.page.locator("main button[value=lead]").first)
        assert person.heading == "No action is ticked"
        faults += person.faults()
    assert not faults, "\n".join(faults)


def test_what_somebody_else_changed_meanwhile(caller: Somebody, monday: Standing, words: str) -> None:
    address = "/names/herefordshire"
    with caller() as first, caller() as second:
        for person in (first, second):
            person.sign_in(MANAGER)
            person.open(address)
        for person, name in ((first, "Community Trigger"), (second, words[:60])):
            person.fill("Review of anti-social behaviour", name)
            person.press("Continue to check")
            if person is first:
                person.fill("Why is this changed?", words[:100])
                person.press("Change the names")
        assert second.heading == "This changed while you were working"
        assert second.faults() == []


def test_the_link_by_which_a_password_is_set(caller: Somebody, monday: Standing) -> None:
    with monday.database.reading() as session:
        user = session.exec(select(User).where(User.email == LEAD)).one()
        token = password_links.token_of(KEY, user, monday.at + timedelta(days=1))
    with caller() as person:
        assert person.open(f"/set-password/{token}") == 200
        faults = person.faults()
        person.go(person.page.locator("main form button[type=submit], main form button:not([type])").last)
        assert person.page.title().startswith("Error: ")
        faults += person.faults()
        monday.forward(days=2)
        assert person.open(f"/set-password/{token}") == 410
        assert faults + person.faults() == []


def test_a_fresh_link_and_long_words_behind_a_link(caller: Somebody, monday: Standing, words: str) -> None:
    monday.london(2026, 11, 25, 8, 5)
    monday.round()
    bodies = [mail.get_body(("plain",)) for mail in monday.mails if mail["To"] == LEAD]
    found = re.search(
        r"(/u/\S+)/(\S+-ACT-\d{4}-\d{3})", "".join(str(one.get_content()) for one in bodies if one)
    )
    assert found is not None
    faults: list[str] = []
    with caller() as person:
        for address in (found[1], found[0], f"{found[1]}/covering", f"{found[1]}/wrong-person"):
            assert person.open(address) == 200
            faults += person.faults()
        monday.forward(days=120)
        assert person.open(found[0]) == 410
        faults += person.faults()
        person.press("Send a fresh link")
        faults += _shows(person)
    assert not faults, "\n".join(faults)


def test_pages_that_say_no(caller: Somebody, monday: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    said: dict[int, list[str]] = {}
    with caller() as person:
        person.open("/sign-in")
        for _ in range(12):
            person.fill("E-mail address", MANAGER)
            person.fill("Password", "not the one")
            status = _pressed(person, "Sign in")
        said[status] = person.faults()
    monday.forward(hours=1)
    with caller() as person:
        person.sign_in(MANAGER)
        person.open("/account/reminders")
        person.page.context.clear_cookies(name="tracker_session")
        said[_pressed(person, "Save")] = person.faults()
        person.open("/cases/new/asb")
        person.page.context.clear_cookies()
    for error in (RuntimeError("broken"), OperationalError("", None, Exception("away"))):

        def fail(*_: object, _error: Exception = error) -> str:
            raise _error

        with caller() as person, monkeypatch.context() as broken:
            person.sign_in(MANAGER)
            broken.setattr(lists.foresight, "next_morning_words", fail)
            said[person.open("/reports/reminders/next-morning")] = person.faults()
    assert set(said) == {429, 401, 500, 503}
    assert not any(said.values()), said


def _shows(person: Person, heading: str = "") -> list[str]:
    """What is wrong with a page that is no refused form; with its heading, if that is known."""
    assert not person.page.title().startswith("Error: "), person.said()
    assert heading in {"", person.heading}
    return person.faults()


def _pressed(person: Person, button: str) -> int:
    """The status of the answer."""
    with person.page.expect_response(lambda response: response.request.method == "POST") as waiting:
        person.press(button)
    return waiting.value.status
