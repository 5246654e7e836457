"""Incidents, reports, passing on, harm and the threshold on pages: an application from its first call to the decision."""

import pytest

from tests import asb
from tests.cast import Cast
from tests.routes.browse import Browser
from tests.routes.pages import Page, visit
from tests.routes.test_log_case import ASB, log
from tests.services.test_date_changes import homicide
from tracker.db import Database
from tracker.queries import steps
from workflows.released import RELEASED

JULY = {"dated": "on", "first_on": "1 9 2026", "what": "Shouting in the stairwell", "place": "Stairwell"}


@pytest.fixture
def case(sqlite_database: Database, settled: Cast) -> str:
    with sqlite_database.transaction() as session:
        asb.settle_area(session, settled)
        return f"/cases/{asb.case_at(session, settled, 'acknowledged').reference}"


@pytest.fixture
def officer(browse: Browser) -> Browser:
    return browse.as_("officer")


def add(browser: Browser, case: str, happened: str, reported: str) -> Page:
    visit(browser, f"{case}/incidents/new").submit({**JULY, "first_on": happened})
    number = str(len(visit(browser, f"{case}/incidents").rows("#incidents tbody tr")))
    form = visit(browser, f"{case}/incidents/reports/new")
    return form.submit(
        {"incidents": [number], "body": asb.POLICE, "earliest_on": reported, "record": "confirmed"}
    )


def test_an_application_comes_to_its_result_incident_by_incident(officer: Browser, case: str) -> None:
    page = visit(officer, f"{case}/threshold")
    assert "No incidents listed yet. Add what the applicant told you, dates or not." in page.text
    add(officer, case, "1 9 2026", "3 9 2026")
    add(officer, case, "3 6 2026", "3 7 2026")
    page = visit(officer, f"{case}/threshold")
    assert "1 of 3 qualifying incidents: the number is not reached." in page.text
    lines = page.rows("#lines tbody tr")
    assert [row[4] for row in lines] == ["Yes", "No"]
    assert "The last day to report it was Thursday 2 July 2026" in lines[1][5]
    add(officer, case, "3 10 2026", "5 10 2026")
    page = add(officer, case, "10 11 2026", "11 11 2026")
    assert "The report is recorded." in page.text
    page = visit(officer, f"{case}/threshold")
    assert "Section 104(4) is reached" in page.text
    readings = {row[0]: row[1:4] for row in page.rows("#readings tbody tr")}
    assert readings["Qualifying incidents"] == ["3", "3", "Yes"]
    assert "3 qualifying incidents." in page.text
    assert "Shouting" not in str(page.soup.title)


def test_nothing_typed_is_lost_and_the_first_error_says_what_to_do(officer: Browser, case: str) -> None:
    page = visit(officer, f"{case}/incidents/new").submit({**JULY, "first_on": "31 11 2026"})
    assert page.status == 422
    assert page.errors() == ["First or earliest day must be a real date, such as 23 11 2026"]
    assert "Shouting in the stairwell" in str(page.soup)
    page = page.submit({"first_on": "1 12 2026"})
    assert page.errors() == ["First or earliest day must be today or in the past"]
    page = page.submit({"first_on": "1 9 2026"})
    assert "The incident is recorded." in page.text


def test_a_day_may_be_unknown(officer: Browser, case: str) -> None:
    visit(officer, f"{case}/incidents/new").submit({"dated": "unknown", "what": "Noise"})
    page = visit(officer, f"{case}/incidents/new").submit({"dated": "between", "first_on": "1 6 2026"})
    assert page.errors() == ["Enter the last or latest day"]
    page.submit({"last_on": "10 6 2026"})
    days = [row[1] for row in visit(officer, f"{case}/incidents").rows("#incidents tbody tr")]
    assert days == ["Not known", "Between Mon 1 Jun 2026 and Wed 10 Jun 2026"]
    assert "Incident 1 has no day" in visit(officer, f"{case}/threshold").text


def test_incidents_that_cannot_be_counted_yet_are_not_called_none(officer: Browser, case: str) -> None:
    visit(officer, f"{case}/incidents/new").submit({"dated": "unknown"})
    page = visit(officer, f"{case}/threshold")
    assert "No incidents listed yet" not in page.text
    assert "Nothing can be counted yet: each incident needs a day, and a report with a day." in page.text


def test_what_bars_a_step_is_not_told_as_in_place(
    officer: Browser, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        asb.settle_area(session, settled)
        case = asb.case_at(session, settled, "threshold_check")
    page = visit(officer, f"/cases/{case.reference}")
    assert "Complete the harm assessment." in page.text
    assert "Section 104(4) is reached" not in page.text
    known = {r.name for each in RELEASED.values() for move in each.moves for r in move.requirements}
    assert known >= steps.BARS


def test_a_correction_keeps_the_number(officer: Browser, case: str) -> None:
    add(officer, case, "1 9 2026", "3 9 2026")
    visit(officer, f"{case}/incidents/1").submit({"hate": "y", "first_on": "2 9 2026", "last_on": None})
    page = visit(officer, f"{case}/incidents")
    assert page.rows("#incidents tbody tr")[0][:2] == ["1", "Wed 2 Sep 2026"]
    assert "Seen as hate" in page.text
    refused = visit(officer, f"{case}/incidents/1").submit({"hate": None})
    assert refused.errors() == ["What somebody perceives as hate stays on the case. Add a note instead."]
    gone = visit(officer, f"{case}/incidents/reports/1").submit({"withdrawn": "y"})
    assert "No reports listed yet." in gone.text


def test_a_household_is_a_letter_and_stays_with_a_correction(officer: Browser, case: str) -> None:
    add(officer, case, "1 9 2026", "3 9 2026")
    page = visit(officer, f"{case}/incidents/reports/1").submit({"household": "B"})
    assert page.rows("#reports tbody tr")[0][3] == "The applicant, household B"
    page = visit(officer, f"{case}/incidents/reports/1").submit({"note": "The day is right."})
    assert page.rows("#reports tbody tr")[0][3] == "The applicant, household B"
    refused = visit(officer, f"{case}/incidents/reports/1").submit({"household": "12 High Street"})
    assert refused.errors() == ["Choose the household"]


def test_the_application_is_passed_on_to_every_body(officer: Browser, case: str) -> None:
    page = visit(officer, f"{case}/pass-ons")
    assert "3 of 3 still without it" in page.text
    page = page.submit({"bodies": [asb.POLICE], "on": "19 11 2026"})
    assert page.status == 422
    assert "The day it went must be between the day of the application and today" in page.text
    page = visit(officer, f"{case}/pass-ons").submit({"bodies": [asb.POLICE], "on": "20 11 2026"})
    assert "2 of 3 still without it" in page.text
    for address in (case, f"{case}/deadlines"):
        assert visit(officer, address).links("Record a pass-on") == [f"{case}/pass-ons"]
    assert officer.open(f"{case}/record/c2").status_code == 409
    assert "Pass the application on to every relevant body first" in visit(officer, case).text
    page = page.submit({})
    assert "still without it" not in page.text
    assert "Pass on to all relevant bodies" not in visit(officer, case).clocks()


def test_the_harm_is_assessed_question_by_question(officer: Browser, case: str) -> None:
    page = visit(officer, f"{case}/harm")
    half = page.submit({"how_often": "2"})
    assert len(half.errors()) == 11
    names = {str(tag["name"]) for tag in page.soup.select("main form input[type=radio]")} - {"band"}
    page = page.submit(dict.fromkeys(names, "0") | {"threats": "3"})
    assert page.rows("#so-far tbody tr")[0][1:3] == ["3 of 36", "High"]
    assert "High: call the same day" in page.text


def test_an_auditor_looks_and_an_outsider_does_not(browse: Browser, case: str) -> None:
    page = visit(browse.as_("auditor"), f"{case}/incidents")
    assert page.status == 200
    assert page.links("Add") == []
    for name in ("incidents", "threshold", "pass-ons", "harm"):
        assert browse.as_("auditor").open(f"{case}/{name}").status_code == 200
        assert browse.as_("outsider").open(f"{case}/{name}").status_code == 404


def test_only_an_asb_case_review_has_these_pages(
    officer: Browser, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        other = f"/cases/{homicide(session, settled).reference}"
    for name in ("incidents", "threshold", "pass-ons", "harm"):
        assert officer.open(f"{other}/{name}").status_code == 404


def test_an_application_brings_its_first_incident_and_report_and_needs_neither(officer: Browser) -> None:
    told = {"incident_on": "2 11 2026", "reported_to": "west-mercia-police", "reported_on": ""}
    case = log(officer, "asb", {**ASB, **told})
    assert case.status == 200
    page = visit(officer, f"{case.address}/incidents")
    assert [row[:2] for row in page.rows("#incidents tbody tr")] == [["1", "Mon 2 Nov 2026"]]
    assert [row[1:3] for row in page.rows("#reports tbody tr")] == [["Not known", "West Mercia Police"]]
    bare = log(officer, "asb", ASB)
    assert "No incidents listed yet." in visit(officer, f"{bare.address}/incidents").text


def test_a_first_report_has_somebody_who_was_told(officer: Browser) -> None:
    page = visit(officer, "/cases/new/asb").submit({**ASB, "reported_on": "3 11 2026", "incident_on": "soon"})
    assert page.status == 422
    assert page.errors() == [
        "Day of the first incident must be a real date, such as 23 11 2026", "Choose who was told",
    ]  # fmt: skip
