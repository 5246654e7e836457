"""Reports: rows that equal their lists, days that add up, headlines by rule, and nothing of others."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser, soup
from tests.routes.filling import counting, fill, log_action, log_asb, log_dhr, words
from tests.routes.test_at_risk import rows
from tests.services.test_back_capture import KNOWN
from tracker.db import Database
from tracker.models import Case, Deadline, DeadlineChange
from tracker.queries import performance, stage_times
from tracker.queries.line_chart import BOTTOM, line_chart, scale_to
from tracker.queries.performance import ActionOpened, Quarter
from tracker.queries.performance_dates import Outcome, PastDate
from tracker.services.back_capture import Brought, import_case

PAGES = [
    "Board pack",
    "Performance",
    "Published figures",
    "Stage times",
    "Agencies",
    "Reminders sent",
    "Exports",
]


def past(session: Session, case: Case, due_on: date, met_on: date | None = None, *, moved: int = 0) -> None:
    """A date of an agency that fell due, and was met or is still owed."""
    deadline = Deadline(
        case_id=case.id, key="ACTION_UPDATE", cycle=9 + moved, label="Update", rule={}, basis="x", force="local",
        length_local=True, owner="agency_lead", starts_on=due_on - timedelta(days=90), due_on=due_on,
        first_due_on=due_on, status="met" if met_on else "running", met_on=met_on, recorded_at=NOON,
    )  # fmt: skip
    session.add(deadline)
    session.flush()
    for seq in range(1, moved + 1):
        session.add(
            DeadlineChange(deadline_id=deadline.id, seq=seq, kind="extend", on=due_on, n=1, recorded_at=NOON)
        )


@pytest.fixture
def filled(sqlite_database: Database, settled: Cast) -> None:
    """Dates met in time, late and not at all, of two agencies; one moved once, one three times."""
    with sqlite_database.transaction() as session:
        police, housing = (
            log_action(
                session, settled, MONDAY + timedelta(days=60), lead=lead, title=f"Of {lead}", imported=False
            )
            for lead in (settled.police, settled.housing)
        )
        for number in range(4):
            due_on = MONDAY - timedelta(days=30 * number + 1)
            past(session, police, due_on, due_on + timedelta(days=number - 1), moved=number)
        past(session, housing, MONDAY - timedelta(days=3))
        past(session, housing, MONDAY - timedelta(days=364), MONDAY - timedelta(days=370), moved=1)
        past(session, housing, MONDAY - timedelta(days=400), MONDAY - timedelta(days=400), moved=2)
        elsewhere = log_action(
            session, settled, MONDAY, lead=settled.police, where=settled.worcestershire, imported=False
        )
        past(session, elsewhere, MONDAY - timedelta(days=5))


@pytest.mark.usefixtures("filled")
def test_each_row_of_performance_equals_the_list_it_opens(browse: Browser) -> None:
    page = soup(browse.as_("manager").open("/reports/performance"))
    agencies = {
        words(row.th): [int(words(cell, but=".x")) for cell in row.select(".app-num")]
        for row in page.select("#agencies tbody tr")
    }
    assert agencies == {"West Mercia Police": [2, 2, 0], "Housing association": [1, 0, 1]}
    at_risk = soup(browse.open("/at-risk")).select("#agencies tbody tr")
    assert {
        words(row.th): [int(words(cell)) for cell in row.select(".app-num")] for row in at_risk
    } == agencies
    assert len(browse.open("/reports/performance/quarters.csv").text.splitlines()) == 1 + performance.QUARTERS
    for row in page.select("#agencies tbody tr"):
        behind = row.th.a["href"]
        numbers = [int(words(cell)) for cell in row.select(".app-num")]
        assert rows(browse, behind) == sum(numbers)
        for outcome, number in zip(("in-time", "late", "no-answer"), numbers, strict=True):
            assert rows(browse, f"{behind}?outcome={outcome}") == number
    slips = [[words(cell) for cell in row.select("th, td")] for row in page.select("#slips tbody tr")]
    assert slips == [["Actions from reviews", "2", "2", "2", "3"]]
    assert rows(browse, page.select_one("#slips tbody a")["href"]) == 6
    for row in page.select("#actions tbody tr"):
        opened, closed = (int(words(cell)) for cell in row.select("td"))
        there = soup(browse.open(row.th.a["href"]))
        assert len(there.select("#opened tbody tr")) == opened
        assert len(there.select("#closed tbody tr")) == closed
    assert len(browse.open("/reports/performance.csv").text.splitlines()) == 7
    assert browse.open("/reports/performance/agencies/nobody").status_code == 404
    assert browse.open("/reports/performance/quarters/1999-q1").status_code == 404


def test_lateness_from_before_a_review_was_brought_in_is_left_out_unless_asked_for(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    days = dict(zip(
        KNOWN, ("2025-08-01", "police", "2025-07", "2025-09-10", "2025-09-11", "2025-10-02", "2025-10-30", "2025-11-20",
                "2026-04-02", "2026-06-03", "2026-06-03", "2026-06-10", "2026-06-11"), strict=True,
    ))  # fmt: skip
    known = {
        name: date.fromisoformat(said) if isinstance(KNOWN[name], date) else said
        for name, said in days.items()
    }
    asked = Brought(
        settled.herefordshire, "with_home_office", known, steps={"start_drafting": date(2026, 3, 2)},
        owner_user_id=settled.people["officer"], request_id="form-1",
    )  # fmt: skip
    with sqlite_database.transaction() as session:
        reference = import_case(session, settled.actor(session, "manager"), asked, at=NOON).reference
    browse.as_("manager")
    page, everything = (soup(browse.open(f"/reports/performance{more}")) for more in ("", "?brought-in=all"))
    said = words(page.main)
    left_out = int(re.search(r"(\d+) dates that fell due before a case begun elsewhere", said)[1])  # type: ignore[index]
    assert left_out >= 2
    assert "Nothing has fallen due" in said
    assert f"Counted with {left_out} dates" in words(everything.main)
    opened = soup(browse.open(everything.select_one("#slips tbody a")["href"]))
    assert len(opened.select("main tbody tr")) == left_out
    assert reference not in browse.open("/reports/performance.csv").text
    assert browse.open("/reports/performance.csv?brought-in=all").text.count(reference) == left_out


@pytest.mark.usefixtures("filled")
def test_performance_says_nothing_of_other_partnerships(browse: Browser) -> None:
    text = browse.as_("officer").open("/reports/performance/agencies/west-mercia-police").text
    assert "WSCB" not in text
    assert "HCSP" not in browse.as_("outsider").open("/reports/performance/agencies/west-mercia-police").text
    assert "Too few dates to compare: 1." in browse.open("/reports/performance").text


def test_stage_times_count_each_day_once_and_show_restricted_cases_to_nobody_else(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        for number in range(3):
            log_dhr(session, settled, on=MONDAY - timedelta(days=10 * number + 5), state="with_home_office")
        log_asb(session, settled, on=MONDAY - timedelta(days=4))
    page = soup(browse.as_("officer").open("/reports/stage-times"))
    assert words(page.select_one(".app-lead")) == (
        "Most of the time of 3 reviews was the Home Office's: 45 of 45 days."
    )
    found = [[words(cell) for cell in row.select(".app-num")] for row in page.select(".app-bars tbody tr")]
    assert found == [["0", "0", str(n), "0", str(n)] for n in (5, 15, 25)]
    lengths = [int(re.findall(r"w-(\d+)", str(row))[0]) for row in page.select(".app-bars tbody tr")]
    assert lengths == [15, 45, 75]
    assert len(browse.open("/reports/stage-times.csv").text.splitlines()) == 4
    asb = soup(browse.open("/reports/stage-times?type=asb&show=all"))
    assert words(asb.select_one(".app-lead")) == "Too few cases to compare: 1."
    for who in ("officer2", "manager", "chair", "auditor"):
        text = browse.as_(who).open("/reports/stage-times?show=all").text
        assert "-DHR-" not in text
        assert "Too few cases to compare: 0." in text


def test_reports_have_one_navigation_and_few_questions(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    fill(sqlite_database, settled)
    browse.as_("manager")
    at_the_door = 6
    for address in (
        "/reports",
        "/reports/performance",
        "/reports/stage-times",
        "/reports/reminders",
        "/figures/asb",
    ):
        page = soup(browse.open(address))
        assert [words(link) for link in page.select("nav[aria-label=Reports] a")] == PAGES, address
        assert len(page.select("nav[aria-label=Reports] a[aria-current]")) == (address != "/reports")
        assert words(page.select_one("header nav a[aria-current]")) == "Reports"
    for address in ("/reports/performance", "/reports/stage-times"):
        with counting(sqlite_database) as asked:
            browse.open(address)
        assert len(asked) - at_the_door <= 12, "\n\n".join(asked)
    assert browse.open("/reports/published-figures").location == "/figures/asb"
    assert browse.as_("auditor").open("/").location == "/reports"
    for who in ("lead", "panel", "admin"):
        assert browse.as_(who).open("/reports").status_code == 403


DATE = PastDate(
    "HCSP-ACT-2026-001", "/x", "Write it", "Plan date", "Police", "Police", "police", "Plan", MONDAY, MONDAY, 0,
    Outcome.IN_TIME,
)  # fmt: skip
LATE = replace(DATE, outcome=Outcome.LATE)
OWED = replace(DATE, agency="Housing", agency_key="housing", outcome=Outcome.NO_ANSWER, met_on=None)


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ([], "Too few dates to compare: 0."),
        ([DATE, LATE], "Too few dates to compare: 2."),
        ([DATE] * 3, "3 of 3 dates that agencies owed were met in time, 0 late, 0 not yet."),
        (
            [DATE, LATE, OWED, OWED],
            "1 of 4 dates that agencies owed were met in time, 1 late, 2 not yet."
            " Housing has 2 of the 3 that were not in time.",
        ),
    ],
)
def test_the_headline_over_the_agencies(dates: list[PastDate], said: str) -> None:
    assert performance.agencies_said(performance.by_agency(dates)) == said


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ([DATE] * 2, "Too few dates to compare: 2."),
        ([DATE] * 3, "None of the 3 dates that fell due was moved."),
        ([DATE, DATE, replace(DATE, moved=2)], "1 of the 3 dates that fell due was moved."),
        (
            [DATE, replace(LATE, moved=1), replace(OWED, moved=3)],
            "2 of the 3 dates that fell due were moved, and 2 of them were late all the same.",
        ),
    ],
)
def test_the_headline_over_the_moves(dates: list[PastDate], said: str) -> None:
    assert performance.sources_said(dates) == said


def test_quarters_hold_what_was_opened_and_closed_in_them() -> None:
    def one(opened: date, closed: date | None = None) -> ActionOpened:
        return ActionOpened("HCSP-ACT-2026-001", "/x", "Write it", opened, closed)

    found = performance.by_quarter(
        [
            one(date(2026, 9, 30), date(2026, 10, 1)), one(date(2026, 10, 1)), one(date(2024, 12, 31)),
            one(date(2025, 1, 1), date(2026, 12, 31)),
        ],
        MONDAY,
    )  # fmt: skip
    assert [q.key for q in found] == [f"{year}-q{n}" for year in (2025, 2026) for n in range(1, 5)]
    assert [(q.opened, q.closed) for q in found] == [(1, 0), *[(0, 0)] * 5, (1, 0), (1, 1)]
    assert performance.actions_said(found) == (
        "2 more actions were opened than closed in the last 8 quarters: 3 opened, 1 closed."
    )
    assert performance.actions_said([Quarter("2026-q4", "x", 1, 1)]) == "Too few actions to compare: 2."


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ([{"us": 5}, {"us": 9}], "Too few cases to compare: 2."),
        ([{}, {}, {}], "No time has passed yet."),
        ([{"us": 900}, {"agency": 300}, {"held": 100}], "Most of the time of 3 reviews was ours: 900 of 1,300 days."),
        (
            [{"us": 40}, {"agency": 41}, {"held": 30}],
            "The largest part of the time of 3 reviews was the agencies': 41 of 111 days.",
        ),
    ],
)  # fmt: skip
def test_the_headline_over_stage_times(times: list[dict[str, int]], said: str) -> None:
    assert stage_times.whose_time(times) == said


def test_lines_start_at_zero_and_their_labels_stay_apart() -> None:
    chart = line_chart("x", "Title", "Words", ["a", "b", "c"], [("Opened", [0, 4, 8]), ("Closed", [0, 0, 8])])
    assert [tick.words for tick in chart.ticks] == ["0", "2", "4", "6", "8"]
    assert chart.ticks[0].y == BOTTOM
    assert [line.points.split(",")[-1] for line in chart.series] == [str(chart.ticks[-1].y)] * 2
    assert abs(chart.series[0].label_y - chart.series[1].label_y) >= 20
    assert [line.label for line in chart.series] == ["Opened 8", "Closed 8"]
    assert [scale_to(n) for n in (0, 1, 4, 5, 80, 81, 399, 401)] == [4, 4, 4, 8, 80, 100, 400, 500]
