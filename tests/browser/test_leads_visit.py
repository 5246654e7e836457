"""A lead's visit: from the mail with the five answers, and signed in; without scripts, and again without a mouse."""

import re

import pytest
from playwright.sync_api import Browser
from sqlmodel import select

from tests.browser.hands import Hands
from tests.browser.people import Person, somebody
from tests.browser.standing import Standing
from tracker.models import Case, Event

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LEAD = "lead@herefordshire.example"
QUESTION = "What do you want to tell us?"
MORE = "Tell us more, unless there is no change"
SEND = "Send this update"
ANSWERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("No change", {}),
    ("There is progress", {MORE: "Six venues signed up"}),
    ("It is done", {MORE: "The minutes of 20 November show it"}),
    ("We need more time", {MORE: "The post was filled late", "New date, only if you need more time": "31 3 2027"}),
    ("It is not ours", {MORE: "The council has taken it over", "Whose it is, only if it is not yours and you know": "The council"}),
)  # fmt: skip


@pytest.fixture
def wednesday(monday: Standing) -> Standing:
    """The morning's mails of the Wednesday are out."""
    monday.london(2026, 11, 25, 8, 5)
    monday.round()
    monday.london(2026, 11, 25, 10)
    return monday


def links(standing: Standing) -> list[str]:
    """The addresses of the open records in the mails to the lead, without the host, each once."""
    found: dict[str, None] = {}
    for mail in standing.mails:
        body = mail.get_body(("plain",))
        if mail["To"] == LEAD and body is not None:
            found |= dict.fromkeys(re.findall(r"http://[^/\s]+(/u/\S+-ACT-\d{4}-\d{3})", body.get_content()))
    return list(found)


def tell(lead: Person, answer: str, words: dict[str, str]) -> str:
    """Give one of the five answers about the record on the page; what the page says then."""
    lead.mark(lead.page.get_by_label(re.compile(rf"^\s*{answer}")).first)
    for question, typed in words.items():
        lead.fill(question, typed)
    lead.go(lead.button_starting(SEND))
    return lead.notice()


def from_the_mail(lead: Person, standing: Standing) -> list[str]:
    """Each of the five answers, each about another record: the first from the mail, the others from the list behind it."""
    with standing.database.reading() as session:  # these ask for a code first
        restricted = set(session.exec(select(Case.reference).where(Case.sensitivity == "restricted")).all())
    first = next(one for one in links(standing) if one.rpartition("/")[2] not in restricted)
    assert lead.open(first) == 200
    home = first.rpartition("/")[0]
    told: list[str] = []
    for answer, words in ANSWERS:
        reference = lead.page.url.rpartition("/")[2]
        assert tell(lead, answer, words).startswith("Thank you. Saved at 10:00am.")
        told.append(reference)
        lead.open(home)
        others = lead.page.locator("main a[href*='/u/'][href*='-ACT-']")
        done = {*told, *restricted}
        fresh = [one for one in others.all() if str(one.get_attribute("href")).rpartition("/")[2] not in done]
        lead.go(fresh[0])
    assert len(set(told)) == len(ANSWERS)
    return told


def signed_in(lead: Person) -> None:
    """My work: an update on its card, and another that is sent back first for want of words."""
    lead.sign_in(LEAD)
    assert lead.heading == "My work"
    card = lead.page.locator("main section").filter(has=lead.page.get_by_role("button")).first
    reference = card.locator(".app-ref").first.inner_text()
    lead.go(lead.button_starting(SEND))
    assert lead.page.title().startswith("Error: ")
    progress = lead.page.get_by_label("There is progress").first
    lead.mark(progress)
    lead.go(lead.button_starting(SEND))
    assert lead.page.title().startswith("Error: "), "progress wants words"
    assert progress.is_checked(), "nothing chosen is lost"
    lead.fill(MORE, "The second half is under way")
    lead.go(lead.button_starting(SEND))
    assert lead.notice() == f"Thank you. Your update is saved. {reference}"
    assert "The second half is under way" in lead.said()
    lead.press("Sign out")
    assert lead.heading == "Sign in"


@pytest.mark.parametrize("kind", [Person, Hands])
def test_a_leads_visit(browser: Browser, wednesday: Standing, kind: type[Person]) -> None:
    """Without scripts and by keyboard: five answers from the mail, each a record of its own, and the same signed in."""
    with somebody(browser, wednesday.tracker, kind=kind, scripts=kind is Hands) as lead:
        told = from_the_mail(lead, wednesday)
        signed_in(lead)
    with wednesday.database.reading() as session:
        cases = [session.exec(select(Case).where(Case.reference == one)).one() for one in told]
        assert cases[2].state == "completed_unverified"
        for case in cases:
            assert session.exec(
                select(Event).where(Event.case_id == case.id, Event.recorded_at >= wednesday.at)
            ).all()
