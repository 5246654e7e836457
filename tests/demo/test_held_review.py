"""The review in the middle of everything: the case page tells what presses on what belongs to it as well."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from tests.crawling import Reader
from tests.demo.conftest import Loaded
from tests.demo.office import office
from tracker.queries.standing import DateShown, soonest

pytestmark = pytest.mark.xdist_group("every link")  # the one demonstration is loaded once


def shown(label: str, day: int, state: str = "", below: str = "") -> DateShown:
    on = date(2026, 11, day)
    return DateShown(label, "", label, "", "", "", on, "", state, None, (), "running", None, paused=False, below=below)  # fmt: skip


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ((), []),
        ((shown("b", 2), shown("a", 1)), ["a", "b"]),
        # Its own dates go before nearer ones of what belongs to it, but what presses is always there.
        ((shown("late", 1, "overdue", "X"), *(shown(f"x{n}", n, below="X") for n in range(2, 9)), shown("own", 20)),
         ["late", "x2", "x3", "x4", "own"]),
        (tuple(shown(f"late{n}", n, "overdue", "X") for n in range(1, 8)), [f"late{n}" for n in range(1, 8)]),
    ],
)  # fmt: skip
def test_what_presses_and_then_the_next_ones_at_most_five(
    dates: tuple[DateShown, ...], expected: list[str]
) -> None:
    assert [one.label for one in soonest(dates)] == expected


def test_the_case_page_tells_what_is_late_below_it_and_when_the_report_was_first_due(fresh: Loaded) -> None:
    reader = Reader(office(fresh("monday")), "officer@herefordshire.example")

    def page_at(address: str) -> BeautifulSoup:
        return BeautifulSoup(reader.open(address).response.get_data(as_text=True), "html.parser")

    page = page_at("/cases/HCSP-DHR-2026-001")
    rows = [item.get_text(" ", strip=True) for item in page.select("#dates ul.app-clocks > li")]
    assert rows[0].startswith("Sat 21 Nov 2026 2 days overdue Review an active hold")
    assert rows[1].startswith("Mon 23 Nov 2026 Due today Individual management review: The Probation Service")
    assert rows[-1].startswith("Thu 25 Feb 2027 in 94 days First due 25 Aug 2026 Complete overview report")
    assert all("How this date was worked out" in row for row in rows)
    acts = [
        item.select_one("a[href*='-INF-'], a[href*='-HOLD-']")
        for item in page.select("#dates ul.app-clocks > li")
    ]
    assert [(act["href"].rpartition("/")[2], act.get_text(" ", strip=True).split()[0]) for act in acts[:2] if act] == [
        ("HCSP-HOLD-2026-001", "Open"), ("chasers", "Chase"),
    ]  # fmt: skip
    theirs = (
        Reader(reader.app, "manager@herefordshire.example").open("/cases/HCSP-DHR-2026-001").response.text
    )
    [look] = BeautifulSoup(theirs, "html.parser").select("#dates a[href$='/HCSP-HOLD-2026-001/steps/review']")
    assert look.get_text(" ", strip=True).startswith("Look at it again")
    assert not page.select("main details[open]")
    every = page_at("/cases/HCSP-DHR-2026-001/deadlines")
    run = len(every.select("ul.app-clocks")[0].select(":scope > li")) + len(
        every.select("#below ul.app-clocks > li")
    )
    [link] = page.select("#dates .app-section-link, #dates a[href$='/deadlines']")[:1]
    assert link.get_text() == f"All {run} dates"
    [entry] = [a.get_text(" ", strip=True) for a in page.select(".moj-sub-navigation a[href$='/deadlines']")]
    assert entry == f"Deadlines ({run} open )"
    [plan] = page.select(".moj-sub-navigation a[href$='/action-plan']")
    assert plan.get_text(" ", strip=True) == "Actions (2 in all )"
    [tasks] = page.select(".moj-sub-navigation a[href$='/tasks']")
    listed = page_at("/cases/HCSP-DHR-2026-001/tasks").select("main input[type=checkbox][name=done]")
    assert tasks.get_text(" ", strip=True) == f"Tasks ({len(listed)} open )"
    whole = page_at("/cases/HCSP-DHR-2026-001?view=print")
    assert len(whole.select("main details[open]")) == len(whole.select("main details")) >= 6
    assert whole.select_one("a[href='/cases/HCSP-DHR-2026-001/action-plan']")
    assert "(3 overdue, 3 due today) Today" in page_at("/today").title.get_text()


@pytest.mark.parametrize("who", ["officer", "manager"])
def test_a_waiting_step_says_what_may_be_skipped_and_by_whom(fresh: Loaded, who: str) -> None:
    reader = Reader(office(fresh("monday")), f"{who}@herefordshire.example")
    text = reader.open("/cases/HCSP-DHR-2026-001").response.get_data(as_text=True)
    waiting = BeautifulSoup(text, "html.parser").select_one(".app-next--wait")
    assert waiting is not None
    assert " ".join(waiting.select(".app-meta")[-1].get_text().split()) == (
        "A business unit manager can go ahead without “Every management review must be accepted, a nil return or waived "
        "by the chair” if they give a reason. The other points cannot be skipped."
    )
