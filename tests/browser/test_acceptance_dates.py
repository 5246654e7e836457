"""Acceptance checks 6 to 9, 22 and 25 of docs/ux.md (m): numbers, due days, workings, closed days, silent reminders."""

import re
from datetime import datetime

import pytest
from bs4 import BeautifulSoup, Tag

from tests.browser.conftest import Somebody
from tests.browser.people import Person
from tests.browser.standing import Standing

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OFFICER = "officer@herefordshire.example"
MANAGER = "manager@herefordshire.example"
WORKING = "How this date was worked out"
REPORT = "Complete overview report"


def soup(person: Person, address: str) -> BeautifulSoup:
    """A page as the person gets it, without drawing it."""
    answer = person.page.context.request.get(person.tracker.address + address)
    assert answer.status == 200, address
    return BeautifulSoup(answer.text(), "html5lib")


def rows_of(person: Person, address: str) -> int:
    """How many rows a list has, over all its pages."""
    count, here = 0, address
    while here:
        page = soup(person, here)
        count += len(page.select("main tbody tr"))
        following = page.select_one(".govuk-pagination__next a")
        here = str(following["href"]).partition("#")[0] if following else ""
        if here and not here.startswith("/"):
            here = address.partition("?")[0] + here
    return count


def test_each_of_the_five_numbers_is_its_list(caller: Somebody) -> None:
    """Check 6: the title counts what is overdue and due today, and each number is the rows of the list it opens."""
    with caller(scripts=False) as officer:
        officer.sign_in(OFFICER)
        stats = officer.page.locator(".app-stat")
        numbers = [int(text) for text in stats.locator(".app-stat__n").all_inner_texts()]
        assert len(numbers) == 5
        assert min(numbers[:3]) > 0
        title = officer.page.title()
        assert title == f"({numbers[0]} overdue, {numbers[1]} due today) Today - Case tracker"
        behind = [str(link.get_attribute("href")) for link in stats.get_by_role("link").all()]
        assert [rows_of(officer, address) for address in behind] == numbers


def test_a_date_is_in_time_until_its_day_has_ended_in_london(caller: Somebody, monday: Standing) -> None:
    """Check 7: due today at 23:59 in London, one day overdue at 00:01, in the unit of each clock."""
    with caller(scripts=False) as officer:
        monday.london(2026, 11, 23, 23, 59)
        officer.sign_in(OFFICER)
        due = _states(officer, "/today/due-today")
        assert set(due.values()) == {"Due today"}
        monday.london(2026, 11, 24, 0, 1)
        late = _states(officer, "/today/overdue")
        assert {late[what] for what in due} == {"1 working day overdue", "1 day overdue"}


def _states(officer: Person, address: str) -> dict[str, str]:
    """How each date of a list stands, by its reference and what it is."""
    return {
        " ".join(row.th.get_text().split()) if row.th else "": row.select(".app-due > span")[0].get_text()
        for row in soup(officer, address).select("main tbody tr")
    }


def test_the_working_of_an_extended_date_tells_its_story_in_order(caller: Somebody, monday: Standing) -> None:
    """Check 8: the first due date stands beside the new one; the working has start, length, first due, extension, result."""
    reference = monday.reference("dhr_2016", "gathering")
    with caller(scripts=False) as officer:
        officer.sign_in(OFFICER)
        officer.open(f"/cases/{reference}/deadlines")
        row = officer.page.locator(".app-clock").filter(has_text=REPORT).first
        due = " ".join(row.locator(".app-due").inner_text().split())
        assert due == "Thu 25 Feb 2027 in 94 days First due 25 Aug 2026"
        row.get_by_text(WORKING).click()
        lines = [" ".join(line.split()) for line in row.locator(".app-sum li").all_inner_texts()]
        in_order = ("Clock starts", "+ 6 months", "25 Aug 2026", "Extended", "25 Feb 2027")
        places = [next(n for n, line in enumerate(lines) if words in line) for words in in_order]
        assert places == sorted(set(places)), lines
        assert "CSP chair" in lines[places[3]]
        assert lines[places[3]].startswith("+ 6 months"), lines


PAGES = (
    "/today", "/today/overdue", "/today/due-today", "/today/coming-up", "/today/waiting", "/cases", "/cases?type=dhr",
    "/actions", "/actions?page=2", "/calendar", "/calendar?view=month",
)  # fmt: skip


def test_every_date_can_explain_itself(caller: Somebody, monday: Standing) -> None:
    """Check 9: beside every date that has a deadline behind it is its working, or a link to the page that has it."""
    asked: dict[str, BeautifulSoup] = {}
    seen = 0
    with caller(scripts=False) as officer, caller(scripts=False) as manager, caller(scripts=False) as lead:
        for person, who, pages in (
            (officer, OFFICER, (*PAGES, f"/cases/{monday.reference('dhr_2016', 'gathering')}/related")),
            (manager, MANAGER, ("/at-risk", "/at-risk/likely-late")),
            (lead, "lead@herefordshire.example", ("/my-work",)),
        ):
            person.sign_in(who)
            for address in pages:
                for due in soup(person, address).select("main .app-due"):
                    moment = due.select_one("b time")
                    if moment is None or "Met" in due.get_text():
                        continue
                    seen += 1
                    assert _explained(person, due, str(moment["datetime"]), asked), (address, due.parent)
    assert seen > 100


def _explained(person: Person, due: Tag, day: str, asked: dict[str, BeautifulSoup]) -> bool:
    around = due.find_parent(["tr", "li", "section", "article"])
    assert around is not None
    if _worked_out(around, day):
        return True
    links = [str(link["href"]).partition("#")[0] for link in around.select("a[href^='/']")]
    for link in dict.fromkeys(links):
        found = re.match(r"/(?:cases|actions)/[A-Z]+-[A-Z]+-\d{4}-\d{3}", link)
        if found is None:
            continue
        address = found[0].replace("/actions/", "/cases/") + "/deadlines"
        if (key := person.where + address) not in asked:
            asked[key] = soup(person, address)
        if _worked_out(asked[key], day):
            return True
    return False


def _worked_out(part: Tag, day: str) -> bool:
    """Whether a working in this part of a page ends with that day."""
    wanted = datetime.fromisoformat(day)
    written = f"{wanted:%a} {wanted.day} {wanted:%b %Y}"
    return any(
        WORKING in details.get_text()
        and any(written in str(line.b) for line in details.select(".app-sum li"))
        for details in part.select("details")
    )


def test_a_closed_day_shows_what_it_moves_before_it_is_entered(caller: Somebody) -> None:
    """Check 22: each date that would move is shown with its new day; who goes back has moved none."""
    with caller(scripts=False) as manager:
        manager.sign_in(MANAGER)
        before = _running(manager)
        manager.open("/closed-days/add")
        manager.fill("Which day?", "25 11 2026")
        manager.fill("What is the day called?", "Council closed")
        if manager.page.get_by_label("Herefordshire Community Safety Partnership").count():
            manager.page.get_by_label("Herefordshire Community Safety Partnership").check()
        manager.press("Continue to the dates that move")
        rows = manager.page.locator("#moves tbody tr").count()
        shown = int(manager.page.locator("#moves .app-meta").first.inner_text().split()[0])
        assert 0 < rows <= shown
        manager.follow("Cancel")
        assert manager.where == "/closed-days"
        assert "No day has been entered." in manager.said()
        assert _running(manager) == before


def _running(person: Person) -> list[str]:
    page = soup(person, "/at-risk/due?from=2026-11-23&to=2027-02-14")
    return [" ".join(row.get_text().split()) for row in page.select("main tbody tr")]


def test_silent_reminders_are_said_aloud_until_they_run_again(caller: Somebody, monday: Standing) -> None:
    """Check 25: a quarter of an hour after the last round Today and At risk say so; after the next round they do not."""
    monday.round()
    with caller(scripts=False) as officer, caller(scripts=False) as manager:
        officer.sign_in(OFFICER)
        manager.sign_in(MANAGER)
        pages = ((officer, "/today"), (manager, "/at-risk"))
        for minutes, silent in ((0, False), (14, False), (2, True)):
            monday.forward(minutes=minutes)
            for person, address in pages:
                person.open(address)
                said = "Reminders have not run since Monday 23 November 2026 at 9:30am." in person.said()
                assert said is silent, (address, minutes)
                assert person.page.locator(".moj-alert--warning").count() == silent
        monday.round()
        for person, address in pages:
            person.open(address)
            assert "Reminders have not run" not in person.said()
