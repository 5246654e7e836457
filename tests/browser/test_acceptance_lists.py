"""Acceptance checks 4, 5, 14, 16, 19 and 24 of docs/ux.md (m): places and homes, what outsiders find, links, more time, paper."""

import re
import unicodedata

import pytest
from playwright.sync_api import Request
from sqlmodel import select

from tests.browser import pdf
from tests.browser.conftest import Somebody
from tests.browser.people import Person
from tests.browser.standing import Standing
from tracker.models import Case, Event, Membership, Partnership, Role, User

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OFFICER = "officer@herefordshire.example"
MANAGER = "manager@herefordshire.example"
LEAD = "lead@herefordshire.example"
SEND = "Send this update"
MORE = "Tell us more, unless there is no change"


def test_each_role_has_its_places_and_comes_home(caller: Somebody, monday: Standing) -> None:
    """Check 4: 5 places for an officer, 2 for a lead, 6 for an officer who also administers; / leads to each one's home."""
    with monday.database.transaction() as session:
        user = session.exec(select(User).where(User.email == "officer@both.example")).one()
        place = session.exec(select(Partnership).where(Partnership.key == "herefordshire")).one()
        session.add(Membership(user_id=user.id or 0, role=Role.ADMINISTRATOR, partnership_id=place.id))
    for email, home, places in (
        (OFFICER, "/today", 5), (LEAD, "/my-work", 2), ("officer@both.example", "/today", 6), (MANAGER, "/at-risk", 5),
        ("auditor@herefordshire.example", "/reports", 3), ("admin@herefordshire.example", "/admin", 1),
    ):  # fmt: skip
        with caller(scripts=False) as person:
            person.sign_in(email)
            links = person.page.get_by_role("navigation", name="Main").get_by_role("link")
            assert links.count() == places, (email, links.all_inner_texts())
            person.open("/")
            assert person.where == home, email


def test_a_case_of_others_is_nowhere(caller: Somebody, monday: Standing) -> None:
    """Check 5: small letters lead to the reference; to an outsider it is absent, as in search, lists, files and feeds."""
    reference = monday.reference("dhr_2016", "amending")
    with caller(scripts=False) as officer, caller(scripts=False) as outsider:
        officer.sign_in(OFFICER)
        assert officer.open(f"/cases/{reference.lower()}") == 200
        assert officer.where == f"/cases/{reference}"
        outsider.sign_in("officer@worcestershire.example")
        for address in (reference, reference.lower(), f"{reference}/history", f"{reference}/deadlines"):
            assert outsider.open(f"/cases/{address}") == 404
        outsider.open("/calendar/subscribe")
        outsider.press("Make my address")
        feed = outsider.page.locator("code").inner_text().removeprefix(monday.tracker.address)
        found = [_text(outsider, feed)]
        assert found[0].startswith("BEGIN:VCALENDAR")
        assert "DTSTART" in found[0]
        elsewhere = ("/cases?show=all", "/cases.csv?show=all", "/today", "/today/overdue", "/calendar")
        found += [_text(outsider, address) for address in (f"/search?q={reference}", *elsewhere)]
        whole = "\n".join(found).replace(f'value="{reference}"', "").replace(f"“{reference}”", "")
        assert reference not in whole


def _text(person: Person, address: str) -> str:
    answer = person.page.context.request.get(person.tracker.address + address)
    assert answer.status == 200, address
    return answer.text()


@pytest.fixture
def mailed(monday: Standing) -> str:
    """The address in the mail of Wednesday morning by which an action can be answered, without the host."""
    monday.london(2026, 11, 25, 8, 5)
    monday.round()
    for mail in monday.mails:
        body = mail.get_body(("plain",))
        if (
            mail["To"] == LEAD
            and body
            and (found := re.search(r"(/u/\S+-ACT-\d{4}-\d{3})", body.get_content()))
        ):
            return found[1]
    raise AssertionError("no mail holds a link")


def test_opening_a_link_changes_nothing_and_an_answer_is_kept_once(
    caller: Somebody, monday: Standing, mailed: str
) -> None:
    """Checks 14 and 16: fifty looks and an empty answer are no update; one answer, sent twice, is one update and one mail."""
    reference = mailed.rpartition("/")[2]
    before = _history(monday, reference)
    with caller(scripts=False) as scanner:
        for _ in range(50):
            assert scanner.page.context.request.get(monday.tracker.address + mailed).status == 200
        scanner.open(mailed)
        scanner.press(SEND)
        assert scanner.page.title().startswith("Error: ")
    assert _history(monday, reference) == before
    with caller() as lead:
        lead.open(mailed)
        lead.page.get_by_label("There is progress").first.check()
        lead.fill(MORE, "Six venues signed up")
        sent: list[Request] = []
        lead.page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
        with lead.page.expect_navigation():
            lead.page.evaluate(
                "() => { const form = document.querySelector('main form');"
                " const body = new URLSearchParams(new FormData(form));"
                " fetch(form.action, {method: 'POST', body, redirect: 'manual'}).then(() => form.submit()); }"
            )
        assert len(sent) == 2
    assert len(_history(monday, reference)) == len(before) + 1
    monday.mails.clear()
    monday.forward(minutes=1)
    monday.round()
    assert len([mail for mail in monday.mails if mail["To"] == LEAD]) == 1
    with caller(scripts=False) as officer:
        officer.sign_in(OFFICER)
        officer.open(f"/cases/{reference}/history")
        assert f"by e-mail link sent to {LEAD}" in officer.said()


def _history(monday: Standing, reference: str) -> list[str]:
    with monday.database.reading() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        return [event.hash for event in session.exec(select(Event).where(Event.case_id == case.id)).all()]


def test_more_time_keeps_the_first_date_and_not_ours_is_on_today_at_once(
    caller: Somebody, monday: Standing
) -> None:
    """Check 19: the first due date stays on the action, the list, the export and the board pack."""
    reference = "HCSP-ACT-2026-011"
    with caller(scripts=False) as manager, caller(scripts=False) as lead, caller(scripts=False) as officer:
        manager.sign_in(MANAGER)
        manager.open(f"/actions/{reference}/more-time")
        manager.choose("Do you agree to the new date?", "Yes")
        manager.fill("Reason for the decision", "Agreed with the group")
        manager.press("Save this decision")
        first = "First due 2 Nov 2026"
        manager.open(f"/actions/{reference}")
        assert first in manager.said()
        manager.open(f"/actions?q={reference}")
        row = manager.page.locator("tbody tr").filter(has_text=reference)
        assert first in " ".join(row.first.inner_text().split())
        line = next(line for line in _text(manager, "/actions.csv").splitlines() if reference in line)
        assert "2026-11-02" in line
        assert "2027-01-28" in line
        assert manager.open("/reports/board-pack?view=print") == 200
        planned = manager.page.locator("main tr").filter(has_text=reference)
        assert any("2 Nov 2026" in row and "28 Jan 2027" in row for row in planned.all_inner_texts()), (
            planned.all_inner_texts()
        )

        lead.sign_in(LEAD)
        lead.open("/actions/HCSP-ACT-2026-009")
        lead.choose("What do you want to tell us?", "It is not ours")
        lead.fill(MORE, "The council has taken it over")
        lead.press(SEND)
        officer.sign_in(OFFICER)
        came = officer.page.locator("#in li").filter(has_text="HCSP-ACT-2026-009")
        assert "Says it is not theirs" in came.first.inner_text()


@pytest.mark.parametrize("page", ["", "/deadlines", "/history", "at-risk"])
def test_every_sheet_of_paper_is_marked_and_numbered(caller: Somebody, monday: Standing, page: str) -> None:
    """Check 24: marking, reference, when and by whom, and n of m on each sheet; workings open; nothing to press."""
    reference = monday.reference("dhr_2016", "implementing")
    with caller() as person:
        person.sign_in(MANAGER if page == "at-risk" else OFFICER)
        if page != "at-risk":
            assert person.open(f"/cases/{reference}{page}") == 200
        workings = person.page.locator(".app-sum li").all_text_contents()
        buttons = person.page.locator("main .govuk-button").all_text_contents()
        printed = person.page.pdf(prefer_css_page_size=True)
        sheets = [unicodedata.normalize("NFKC", sheet) for sheet in pdf.sheets(printed)]
        assert len(sheets) >= {"": 1, "/deadlines": 3, "/history": 3}.get(page, 2)
        for number, sheet in enumerate(sheets, 1):
            assert f"{number}of{len(sheets)}" in sheet
            assert "PrintedMonday23November2026at9:30am" in sheet
            assert page == "at-risk" or f"OFFICIAL-SENSITIVE{reference}" in sheet
        whole = "".join(sheets)
        for line in workings:
            assert "".join(unicodedata.normalize("NFKC", line).split()) in whole
        for words in ("Signout", "Skiptomaincontent", *("".join(button.split()) for button in buttons)):
            assert words not in whole, words
