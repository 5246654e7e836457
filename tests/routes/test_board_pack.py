"""The board pack: the same tables on the page and in Word, first dates kept, restricted cases without content."""

import csv
import io
from datetime import date, timedelta

import docx
import pytest
from bs4 import BeautifulSoup
from sqlmodel import select

from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser, errors, soup
from tests.routes.filling import counting, fill, log_action, log_asb, log_dhr, words
from tests.routes.test_at_risk import rows
from tests.routes.test_reports import PAGES
from tracker.db import Database
from tracker.models import AccessLog, Deadline, Indicator, IndicatorValue, Sensitivity
from tracker.queries import board_sections, indicators
from tracker.queries.board_pack import SECTIONS
from tracker.queries.exports import LAST
from tracker.services import dates
from tracker.services.date_requests import Extension

PACK = "/reports/board-pack"
MEETING = f"{PACK}?as_at=2026-12-10"


def tables(page: BeautifulSoup) -> list[list[list[str]]]:
    """Every table of the pack, as words."""
    return [
        [[words(cell, but=".app-noprint") for cell in row.select("th, td")] for row in table.select("tr")]
        for part in page.select("section[id^=part-]")
        for table in part.select("table")
    ]


def moved(database: Database, cast: Cast) -> str:
    """An action whose date was moved twice, by a fortnight each time."""
    with database.transaction() as session:
        action = log_action(session, cast, MONDAY + timedelta(days=40), lead=cast.police, title="Moved twice")
        deadline = session.exec(select(Deadline).where(Deadline.case_id == action.id)).one()
        for minute in ("Minute 3", "Minute 4"):
            dates.change_date(
                session, cast.actor(session, "manager"), action, deadline,
                Extension(n=14, agreed_on=MONDAY, reason="Agreed", evidence=minute, told="The lead"),
                seen_version=action.version, at=NOON,
            )  # fmt: skip
        return action.reference


def test_the_page_and_the_word_document_hold_the_same_tables(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    fill(sqlite_database, settled, reviews=12, actions=30)
    reference = moved(sqlite_database, settled)
    with sqlite_database.transaction() as session:
        one = Indicator(
            partnership_id=settled.herefordshire,
            key="I1",
            position=1,
            name="Crime",
            direction="smaller",
            target=3,
        )
        session.add(one)
        session.flush()
        for number in (1, 2, 3):
            session.add(
                IndicatorValue(
                    indicator_id=one.id or 0, label=f"Q{number}", from_on=date(2026, number, 1),
                    to_on=date(2026, number, 2), value=5 - number,
                )
            )  # fmt: skip
    browse.as_("chair")
    page, response = soup(browse.open(MEETING)), browse.open(MEETING.replace("pack?", "pack.docx?"))
    document = docx.Document(io.BytesIO(response.data))
    written = [
        [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]
        for table in document.tables
    ]
    assert written == tables(page)
    assert [words(part.h2) for part in page.select("section[id^=part-]")] == [
        paragraph.text
        for paragraph in document.paragraphs
        if paragraph.style and paragraph.style.name == "Heading 2"
    ]
    said = [words(p) for p in page.select("section[id^=part-] p.app-body")]
    assert set(said) < {paragraph.text for paragraph in document.paragraphs}
    action = next(row for table in written for row in table if row[0].startswith(f"Moved twice {reference}"))
    assert action[3:] == ["2 Jan 2027", "Sat 30 Jan 2027 in 51 days", "Twice"]
    assert document.core_properties.author == ""
    assert len(browse.open(MEETING).data) < 150_000
    with sqlite_database.reading() as session:
        noted = session.exec(select(AccessLog).where(AccessLog.what == "disclosed")).all()
        assert [row.detail["file"] for row in noted] == ["board-pack"]
        assert reference in noted[0].detail["references"]


def test_of_a_restricted_case_the_pack_has_reference_stage_and_dates_only(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        review = log_dhr(session, settled)
        assert session.exec(select(Deadline.label).where(Deadline.case_id == review.id)).all()
    text = browse.as_("officer").open(MEETING).text
    assert review.reference in text
    assert "OFFICIAL-SENSITIVE" in text
    page = soup(browse.open(MEETING))
    for row in page.select("section[id^=part-] tbody tr"):
        if review.reference in words(row):
            assert "Restricted" in words(row)
            assert "Home Office" not in words(row)
    for who in ("officer2", "manager", "chair"):
        text = browse.as_(who).open(MEETING).text
        assert review.reference not in text
        assert "OFFICIAL-SENSITIVE" not in text


def test_what_is_open_counts_only_what_the_reader_may_open(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        log_asb(session, settled)
        log_asb(session, settled, sensitivity=Sensitivity.RESTRICTED)
    for who, number in (("officer", 2), ("chair", 1)):
        part = soup(browse.as_(who).open(MEETING)).select_one("#part-asb")
        assert f"{number} ASB case review" in words(part.p), who
        assert words(part.select("table")[-1]).endswith(f" {number}"), who


def test_an_item_is_taken_to_the_board_from_step_in_and_off_again(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        reference = log_action(session, settled, MONDAY + timedelta(days=5), lead=settled.police).reference
    browse.as_("chair")
    step = f"/at-risk/step-in/{reference}/action_target"
    link = next(
        a for a in soup(browse.open(step)).select("#acts a") if words(a).startswith("Put it on the pack")
    )
    asking = soup(browse.open(link["href"]))
    form = {
        name["name"]: name["value"]
        for name in asking.select("main form input[type=hidden]")
        if name["name"] != "csrf_token"
    }
    refused = browse.submit(link["href"], page=link["href"], **form, why=" ")
    assert refused.status_code == 422
    assert errors(refused) == ["Say what the board is to decide or to know"]
    kept = browse.submit(link["href"], page=link["href"], **form, why="May it wait until March?")
    assert kept.status_code == 303
    pack = soup(browse.open(PACK))
    item = pack.select_one("#part-board tbody tr")
    assert "May it wait until March?" in words(item)
    assert "Taken to the board" in words(soup(browse.open(step)).select_one("#acts"))
    again = browse.submit(link["href"], page=link["href"], **(form | {"request_id": "another"}), why="Again?")
    assert again.status_code == 409
    assert "Again?" in again.text
    deciding = soup(browse.open(item.select("a")[-1]["href"]))
    form = {
        name["name"]: name["value"]
        for name in deciding.select("main form input[type=hidden]")
        if name["name"] != "csrf_token"
    }
    to = deciding.select_one("main form")["action"]
    late = browse.submit(to, page=link["href"], **form, decided="It may", decided_on="24 11 2026")
    assert errors(late) == ["The day must be today or in the past, and not before it was taken to the board"]
    assert (
        browse.submit(to, page=link["href"], **form, decided="It may", decided_on="23 11 2026").location
        == PACK
    )
    assert "Nothing was taken to the board." in words(soup(browse.open(PACK)).select_one("#part-board"))
    history = words(soup(browse.as_("officer").open(f"/actions/{reference}")).main)
    assert "Taken to the board" in history
    assert "It may" in history
    assert browse.as_("auditor").open(link["href"]).status_code == 403
    assert browse.as_("outsider").open(link["href"]).status_code == 404


def test_each_gap_equals_the_list_where_it_is_put_right(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    fill(sqlite_database, settled)
    browse.as_("manager")
    found = soup(browse.open(PACK)).select("#gaps li")
    assert len(found) >= 4
    for one in found:
        assert int(words(one).split()[0]) == rows(browse, one.a["href"]), words(one)


def test_what_is_in_the_pack_stands_in_the_address(browse: Browser, settled: Cast) -> None:
    assert settled
    browse.as_("officer")
    every = [words(part.h2) for part in soup(browse.open(PACK)).select("section[id^=part-]")]
    assert len(every) == len(SECTIONS)
    page = soup(browse.open(f"{MEETING}&meeting=scrutiny&chosen=yes&section=reviews&section=board"))
    assert [part["id"] for part in page.select("section[id^=part-]")] == ["part-board", "part-reviews"]
    assert "overview and scrutiny committee" in words(page.select_one(".app-caption"))
    assert "counted as on Thursday 10 December 2026" in words(page.main)
    printed = next(a["href"] for a in page.select("main a") if words(a).startswith("Print view"))
    alone = soup(browse.open(printed))
    assert [part["id"] for part in alone.select("section[id^=part-]")] == ["part-board", "part-reviews"]
    assert not alone.select("#gaps, main form")
    assert "has passed" in words(soup(browse.open(f"{PACK}?as_at=2026-11-01")).main)
    for wrong, said in (
        (f"{PACK}?chosen=yes", "Tick at least one part"),
        (f"{PACK}?as_at=31+2+2026", "The day of the meeting must be a real date, such as 23 11 2026"),
        (f"{PACK}?as_at=1+1+1990", "The day must lie between 1992 and 2100"),
    ):
        refused = browse.open(wrong)
        assert (refused.status_code, errors(refused)) == (422, [said])
    assert browse.open(f"{PACK}?as_at=1+1+1992").status_code == 200
    assert browse.open(f"{PACK}.docx?as_at=soon").status_code == 404
    assert browse.as_("decision-maker").open(PACK).status_code == 403
    link = soup(browse.as_("manager").open("/at-risk")).select_one(".app-pagehead .govuk-button")
    assert (words(link), link["href"]) == ("Build the board pack", PACK)


def test_a_pack_asks_as_much_of_the_database_for_many_cases_as_for_few(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    browse.as_("manager")
    asked = []
    for _ in range(2):
        fill(sqlite_database, settled, reviews=8, actions=9)
        with counting(sqlite_database) as statements:
            assert browse.open(MEETING).status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1], asked


def test_exports_are_listed_with_who_may_and_what_was_taken(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    fill(sqlite_database, settled, reviews=4, actions=4)
    page = soup(browse.as_("manager").open("/reports/exports"))
    assert "Officer, manager, chair, decision-maker, auditor" in words(page.select_one("#files"))
    links = [link["href"] for link in page.select("#files td a")]
    assert {"/cases.csv", "/actions.csv", "/reports/board-pack.docx", "/at-risk/overdue.csv"} <= set(links)
    for link in links:
        assert browse.open(link).status_code in {200, 301}, link
    files = [link for link in links if link.rpartition(".")[2] in {"csv", "docx"}]
    with sqlite_database.reading() as session:
        assert len(session.exec(select(AccessLog).where(AccessLog.what == "disclosed")).all()) == len(files)
    taken = [words(row.th) for row in soup(browse.open("/reports/exports")).select("#taken tbody tr")]
    assert taken[0] == "Reminders"
    assert len(taken) == min(len(files), LAST)
    assert "Board pack" not in words(
        soup(browse.as_("auditor").open("/reports/exports")).select_one("#files")
    )
    assert not soup(browse.open("/reports/exports")).select("#taken tbody tr")
    assert {"Board pack", "Exports"} <= set(PAGES)


def test_no_export_holds_a_cell_that_a_spreadsheet_would_run(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    live = "=HYPERLINK(1)"
    with sqlite_database.transaction() as session:
        log_action(session, settled, MONDAY + timedelta(days=5), lead=settled.police, title=live)
        log_action(session, settled, MONDAY - timedelta(days=5), lead=settled.police, title=live)
    page = soup(browse.as_("manager").open("/reports/exports"))
    held = 0
    for link in page.select("#files td a"):
        if link["href"].endswith(".csv"):
            cells = [cell for row in csv.reader(browse.open(link["href"]).text.splitlines()) for cell in row]
            assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))], link["href"]
            held += f"'{live}" in cells
    assert held >= 3
    written = docx.Document(io.BytesIO(browse.open("/reports/board-pack.docx").data))
    cells = [cell.text for table in written.tables for row in table.rows for cell in row.cells]
    assert sum(cell.startswith(live) for cell in cells) >= 2  # Word runs nothing, so nothing is put in front


@pytest.mark.parametrize(
    ("numbers", "direction", "said"),
    [
        ([], "smaller", ("No data yet", "")),
        ([7.0], "smaller", ("One value only", "7")),
        ([2302.0, 2132.0, 1974.0, 1886.0], "smaller", ("Better", "2,302 to 1,886, down 18.1%")),
        ([16.0, 13.0, 8.0, 24.0], "smaller", ("Worse", "16 to 24, up 50.0%")),
        ([86.0, 81.0], "bigger", ("Worse", "86 to 81, down 5.8%")),
        ([80.0, 90.0], "bigger", ("Better", "80 to 90, up 12.5%")),
        ([5.0, 9.0, 5.0], "bigger", ("No change", "5 at the beginning and at the end")),
        ([0.0, 3.0], "smaller", ("Worse", "0 to 3, up")),
        ([1.0, 3.0], "", ("Up", "1 to 3, up 200.0%")),
    ],
)
def test_an_indicator_goes_the_right_way_or_not(
    numbers: list[float], direction: str, said: tuple[str, str]
) -> None:
    assert indicators.going(numbers, direction) == said


@pytest.mark.parametrize(
    ("numbers", "direction", "said"),
    [
        ([32.0, 38.0, 26.0, 21.0], "smaller", "Target 32% or less: met in 3 of 4 periods, and in the last"),
        ([30.0, 33.0], "smaller", "Target 32% or less: met in 1 of 2 periods, and not in the last"),
        ([30.0], "bigger", "Target 32% or more: met in 0 of 1 period, and not in the last"),
        ([], "bigger", "Target 32% or more"),
    ],
)
def test_an_indicator_stands_to_its_target(numbers: list[float], direction: str, said: str) -> None:
    one = Indicator(
        partnership_id=1, key="x", position=1, name="x", unit="percent", direction=direction, target=32
    )
    assert indicators.against(numbers, one) == said


def test_an_empty_pack_says_so_calmly() -> None:
    for made in (board_sections.late((), MONDAY), board_sections.asked(()), board_sections.reviews(())):
        assert made.said
        assert not made.tables
