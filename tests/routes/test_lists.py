"""Cases, Actions, Reminders sent and Search as pages and files: filters in the address, order, and who sees what."""

import csv
import io
from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser, soup
from tests.routes.filling import fill, listed, log_action, log_asb, log_dhr, words
from tracker.db import Database
from tracker.models import AccessLog, CaseGrant, Deadline, Organisation, Outbox
from workflows.effects import Start

LISTS = ("/cases", "/actions", "/reports/reminders")


def file_of(browse: Browser, address: str) -> list[dict[str, str]]:
    response = browse.open(address)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].endswith('-2026-11-23.csv"')
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))


@pytest.mark.parametrize(
    "address",
    [
        "/cases", "/cases?type=dhr", "/cases?due=overdue&sort=-reference", "/cases?held_by=us&officer=nobody",
        "/cases?show=all&q=ASB", "/actions", "/actions?gap=any&sort=agency", "/actions?due=soon",
        "/actions?agency=housing&status=agreed&sort=-due",
    ],
)  # fmt: skip
def test_the_file_holds_exactly_what_is_listed(
    sqlite_database: Database, settled: Cast, browse: Browser, address: str
) -> None:
    fill(sqlite_database, settled)
    browse.as_("officer")
    page = soup(browse.open(address))
    link = next(a["href"] for a in page.select("a") if "Download as CSV" in a.get_text())
    there = listed(browse, address)
    assert [row["Reference"] for row in file_of(browse, link)] == there
    assert words(page.select_one("#results")).split()[0] == str(len(there))
    assert len(there) > 1
    with sqlite_database.reading() as session:
        logged = session.exec(select(AccessLog).where(AccessLog.what == "disclosed")).one()
        assert (logged.user_id, logged.detail["references"]) == (settled.people["officer"], there)


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        log_action(session, settled, MONDAY, lead=settled.police, title='=HYPERLINK("http://x.example")')
    assert file_of(browse.as_("officer"), "/actions.csv")[0]["Action"] == '\'=HYPERLINK("http://x.example")'


def test_filters_stand_as_tags_that_can_be_taken_off(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    fill(sqlite_database, settled, reviews=8, actions=0)
    page = soup(browse.as_("officer").open("/cases?type=asb&due=overdue&sort=-due&q=HCSP&page=1"))
    tags = {words(tag): tag["href"] for tag in page.select(".app-chosen__tag")}
    assert tags == {
        "Remove this filter: Reference or kind of review: HCSP": "/cases?sort=-due&type=asb&due=overdue#results",
        "Remove this filter: Type: ASB case review": "/cases?sort=-due&q=HCSP&due=overdue#results",
        "Remove this filter: Next date: Overdue": "/cases?sort=-due&q=HCSP&type=asb#results",
    }
    assert page.select_one(".app-filter")["open"] == ""
    assert page.select_one("select[name=due] option[selected]")["value"] == "overdue"
    assert page.select_one("input[name=sort]")["value"] == "-due"
    assert soup(browse.open("/cases")).select(".app-chosen, .app-filter[open]") == []


@pytest.mark.parametrize(
    "address",
    [
        "/cases?type=rubbish&due=never&officer=x&page=900",
        "/actions?plan=x&gap=x&sort=x&page=-1",
        "/cases?page=²",
    ],
)
def test_what_an_address_says_that_is_not_known_narrows_nothing(
    sqlite_database: Database, settled: Cast, browse: Browser, address: str
) -> None:
    fill(sqlite_database, settled, reviews=3, actions=3)
    page = soup(browse.as_("officer").open(address))
    assert page.select(".app-chosen__tag") == []
    assert words(page.select_one("#results")).startswith("3 ")
    assert len(page.select("tbody tr")) == 3


@pytest.mark.parametrize("path", ["/cases", "/actions"])
def test_headings_sort_and_say_so(
    sqlite_database: Database, settled: Cast, browse: Browser, path: str
) -> None:
    fill(sqlite_database, settled, reviews=6, actions=6)
    browse.as_("officer")

    def headings(address: str) -> dict[str, tuple[str, str]]:
        cells = soup(browse.open(address)).select("thead th[aria-sort]")
        return {words(cell): (cell["aria-sort"], cell.a["href"].partition("#")[0]) for cell in cells}

    first = headings(path)
    name = "Case" if path == "/cases" else "Action"
    due = "Next date" if path == "/cases" else "Due now"
    assert {text for text, (order, _) in first.items() if order != "none"} == {due}
    assert first[name] == ("none", f"{path}?sort=reference")
    assert first[due] == ("ascending", f"{path}?sort=-due")
    assert headings(f"{path}?sort=reference")[name] == ("ascending", f"{path}?sort=-reference")
    assert headings(f"{path}?sort=-reference")[name] == ("descending", f"{path}?sort=reference")
    rising, falling = listed(browse, f"{path}?sort=reference"), listed(browse, f"{path}?sort=-reference")
    assert rising == sorted(rising)
    assert rising == falling[::-1]


def test_long_lists_are_paged_with_the_page_in_the_title(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        for number in range(61):
            log_action(session, settled, MONDAY + timedelta(days=number), lead=settled.police)
    page = soup(browse.as_("officer").open("/actions?agency=west-mercia-police&page=2"))
    assert page.title.string == "Actions (page 2 of 3) - Case tracker"
    assert page.h1.get_text() == "Actions"
    assert "26 to 50 of 61" in words(page.select_one(".app-pages"))
    assert len(page.select("tbody tr")) == 25
    assert page.select_one(".govuk-pagination__next a")["href"] == "/actions?agency=west-mercia-police&page=3"
    assert len(listed(browse, "/actions")) == 61


def test_cases_are_shown_with_what_is_held_by_whom(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        log_asb(session, settled, on=date(2026, 11, 16), opening=(Start("C1"),))
        dhr = log_dhr(session, settled)
        dhr.state, dhr.state_since_on = "gathering", date(2026, 9, 24)
        log_action(session, settled, MONDAY, lead=settled.police)
    rows = soup(browse.as_("officer").open("/cases")).select("tbody tr")
    assert [[words(cell) for cell in row.select("th, td")] for row in rows] == [
        ["HCSP-ASB-2026-001 ASB case review", "Received 7 days", "Us",
         "Mon 23 Nov 2026 Due today Acknowledge the application", "Nobody yet", "None"],
        ["HCSP-DHR-2026-001 Domestic homicide review", "Gathering evidence 60 days", "Agencies",
         "Wed 2 Dec 2026 in 9 days Decide whether to review", "Officer", "Restricted"],
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["officer2", "manager", "chair", "decision-maker", "auditor", "outsider"])
def test_a_restricted_case_is_nowhere_for_those_not_named(
    sqlite_database: Database, settled: Cast, browse: Browser, who: str
) -> None:
    with sqlite_database.transaction() as session:
        case = log_dhr(session, settled, on=date(2026, 10, 2))
        log_asb(session, settled)
        deadline = session.exec(select(Deadline).where(Deadline.case_id == case.id)).one()
        session.add(_reminder(case.id, deadline.id))
    places = (
        "/cases", "/cases?show=all&q=DHR", "/cases?type=dhr", "/cases.csv?show=all", "/actions?status=all",
        "/actions.csv?status=all", "/reports/reminders", "/reports/reminders.csv", "/search?q=DHR-2026",
        "/reports/reminders?reference=HCSP-DHR-2026-001", "/search?q=HCSP-DHR-2026-001",
    )  # fmt: skip
    for address in places:
        text = browse.as_(who).open(address).text
        assert "HCSP-DHR-2026-001" not in text.replace('value="HCSP-DHR-2026-001"', "").replace(
            "Reference: HCSP-DHR-2026-001", ""
        ), address
    assert words(soup(browse.open("/cases?type=dhr")).select_one("#results")) == "0 cases"
    assert "HCSP-DHR-2026-001" in browse.as_("officer").open("/cases?type=dhr").text
    with sqlite_database.transaction() as session:
        session.add(CaseGrant(case_id=case.id, user_id=settled.people[who], why="Needs it", granted_at=NOON))
    assert listed(browse.as_(who), "/cases?type=dhr") == ["HCSP-DHR-2026-001"]
    assert listed(browse, "/reports/reminders") == ["HCSP-DHR-2026-001"]


def test_a_lead_finds_only_their_own(sqlite_database: Database, settled: Cast, browse: Browser) -> None:
    with sqlite_database.transaction() as session:
        log_action(session, settled, MONDAY, lead=settled.police)
        log_action(session, settled, MONDAY, lead=settled.housing)
        log_asb(session, settled)
    browse.as_("lead")
    assert listed(browse, "/actions") == ["HCSP-ACT-2026-001"]
    assert [row["Reference"] for row in file_of(browse, "/actions.csv")] == ["HCSP-ACT-2026-001"]
    assert listed(browse, "/cases?show=all") == []
    assert listed(browse, "/search?q=2026") == ["HCSP-ACT-2026-001"]
    options = soup(browse.open("/actions")).select("select[name=agency] option")
    assert [words(option) for option in options] == ["Any agency", "West Mercia Police"]
    assert browse.open("/reports/reminders").status_code == 403


@pytest.mark.parametrize(
    ("address", "words_wanted"),
    [
        ("/cases?q=zzz", "No case matches. Clear the filters or log a new one."),
        ("/cases", "No case is open to you yet."),
        ("/actions?due=overdue", "No action matches. Clear the filters to see all of them."),
        ("/actions", "No action is open to you yet."),
        ("/reports/reminders?result=failed", "No reminder matches. Clear the filters to see all of them."),
        ("/reports/reminders", "No reminder has been owed yet. They go out at 8:00am on working days."),
        ("/today/overdue", "Nothing is overdue."),
        ("/today/waiting", "Nobody owes us anything just now."),
    ],
)
def test_an_empty_list_says_why(browse: Browser, address: str, words_wanted: str) -> None:
    page = soup(browse.as_("officer").open(address))
    assert words(page.select_one(".app-empty")) == words_wanted
    assert page.select("table") == []


def test_reminders_show_roles_and_agencies_and_never_a_mailbox(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        action = log_action(session, settled, MONDAY, lead=settled.police)
        deadline = session.exec(select(Deadline).where(Deadline.case_id == action.id)).one()
        for number, state in enumerate(("sent", "failed", "skipped", "cancelled", "queued")):
            session.add(_reminder(action.id, deadline.id, number, state))
    browse.as_("manager")
    page = soup(browse.open("/reports/reminders"))
    results = [words(row.select("td")[3]).split(".")[0] for row in page.select("tbody tr")]
    assert len(results) == 5
    assert "mailbox@" not in page.get_text()
    assert "Lead, West Mercia Police" in words(page.select_one("tbody"))
    for name, kept in (("sent", 1), ("failed", 1), ("skipped", 1), ("not_wanted", 1), ("waiting", 1)):
        assert len(listed(browse, f"/reports/reminders?result={name}")) == kept, name
    [ahead] = [
        one["href"] for one in page.select("main a") if words(one) == "What the next morning would send"
    ]
    assert "would send" in soup(browse.open(ahead)).main.get_text()
    assert len(file_of(browse, "/reports/reminders.csv")) == 5
    assert "mailbox@" not in browse.open("/reports/reminders.csv").text


def test_a_search_is_recorded_by_what_was_found_and_not_by_what_was_typed(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        log_action(session, settled, MONDAY, lead=settled.police, title="Train every custody officer")
        session.add(Organisation(key="x", name="Nobody's", kind="group"))
    browse.as_("officer")
    assert browse.open("/search").status_code == 200
    assert listed(browse, "/search?q=custody") == ["HCSP-ACT-2026-001"]
    assert listed(browse, "/search?q=Rowan") == []
    assert "Nothing that you may open" in browse.open("/search?q=%3Cscript%3E").text
    with sqlite_database.reading() as session:
        rows = session.exec(select(AccessLog).where(AccessLog.what == "searched")).all()
        assert [row.detail for row in rows] == [
            {"references": ["HCSP-ACT-2026-001"]}, {"references": []}, {"references": []},
        ]  # fmt: skip


@pytest.mark.parametrize("address", [*LISTS, *(f"{path}.csv" for path in LISTS), "/search"])
def test_an_administrator_sees_no_content(browse: Browser, address: str) -> None:
    assert browse.as_("admin").open(address).status_code == 403


def _reminder(case_id: int | None, deadline_id: int | None, number: int = 0, state: str = "sent") -> Outbox:
    return Outbox(
        dedupe_key=f"{deadline_id}:1:{number}:a", kind="reminder", to_address="mailbox@police.example", who="lead",
        case_id=case_id, deadline_id=deadline_id, generation=1, rung=f"before-{number}", template="digest",
        owed_on=MONDAY, not_before=NOON, state=state, sent_at=NOON if state == "sent" else None, created_at=NOON,
    )  # fmt: skip
