"""Logging a case: the form from the definition, every date shown before, the same dates afterwards."""

import pytest
from sqlmodel import select

from tests.cast import Cast
from tests.routes.browse import Browser
from tests.routes.pages import Page, send, visit
from tracker.db import Database
from tracker.models import AccessLog, Case, CaseGrant, Event, Organisation, Partnership

DHR = {"fact_received_on": "20/11/26", "fact_notification_source": "police"}
ASB = {
    "fact_applicant_name": "Canary Applicant",
    "fact_applicant_contact": "by letter",
    "fact_area": "Herefordshire",
    "fact_description": "Shouting at night,\nagain & again",
    "fact_application_date": "20 Nov 2026",
    "fact_channel": "phone",
}


def log(browser: Browser, kind: str, typed: dict[str, str | list[str] | None]) -> Page:
    """Through the form and the check page to the case."""
    return visit(browser, f"/cases/new/{kind}").submit(typed).submit()


def cases_of(database: Database) -> list[Case]:
    with database.reading() as session:
        found = list(session.exec(select(Case).order_by(Case.id)).all())
        session.expunge_all()
        return found


def test_a_body_of_the_officers_own_partnership_can_have_been_told_and_no_other(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        for name in ("Herefordshire", "Worcestershire"):
            place = session.exec(select(Partnership).where(Partnership.key == name.lower())).one()
            session.add(
                Organisation(
                    key=name.lower(), name=f"{name} Council", kind="council", partnership_id=place.id
                )
            )
    told = visit(browse.as_("officer"), "/cases/new/asb").soup.select("#reported_to option")
    names = [option.get_text() for option in told]
    assert "Herefordshire Council" in names
    assert "Worcestershire Council" not in names


def test_the_two_kinds_are_offered(browse: Browser) -> None:
    page = visit(browse.as_("officer"), "/cases/new")
    assert page.heading == "Log a new case"
    assert [href for href in page.links("Log a") if href != "/cases"] == ["/cases/new/dhr", "/cases/new/asb"]


@pytest.mark.parametrize(("kind", "typed"), [("dhr", DHR), ("asb", ASB)])
def test_the_dates_on_the_check_page_are_the_dates_of_the_case(
    browse: Browser, kind: str, typed: dict
) -> None:
    check = visit(browse.as_("officer"), f"/cases/new/{kind}").submit(typed)
    assert (check.status, check.heading) == (200, "Check before you log this case")
    foretold = check.clocks()
    assert foretold
    case = check.submit()
    assert case.status == 200
    every = visit(case.browser, f"{case.address}/deadlines")
    assert every.clocks("Running dates") == foretold


def test_a_review_is_restricted_to_whoever_logs_it(browse: Browser, sqlite_database: Database) -> None:
    page = log(browse.as_("officer"), "dhr", DHR)
    assert page.heading == "HCSP-DHR-2026-001"
    assert (
        "HCSP-DHR-2026-001 is logged. 1 date started: Decide whether to review by Sun 20 Dec 2026."
        in page.text
    )
    assert "1 person can open it" in page.text
    with sqlite_database.reading() as session:
        case = session.exec(select(Case)).one()
        assert (case.state, case.sensitivity, case.opened_on.isoformat()) == (
            "notified",
            "restricted",
            "2026-11-20",
        )
        assert len(session.exec(select(CaseGrant)).all()) == 1
        assert case.facts["lead_officer_id"] == "officer@example.test"
        assert session.exec(select(AccessLog).where(AccessLog.case_id == case.id)).one().what == "consulted"


def test_an_application_is_received_at_once_in_one_transaction(
    browse: Browser, sqlite_database: Database
) -> None:
    page = log(browse.as_("officer"), "asb", ASB)
    assert page.heading == "HCSP-ASB-2026-001"
    assert "Received" in page.text
    assert "is logged. 4 dates started: Safeguarding look by Mon 23 Nov 2026" in page.text
    with sqlite_database.reading() as session:
        case = session.exec(select(Case)).one()
        assert (case.state, case.sensitivity) == ("received", "open")
        names = [event.name for event in session.exec(select(Event).order_by(Event.seq)).all()]
    assert names == ["", "submit"]
    assert page.clocks("Next dates") == {
        "Safeguarding look": "Mon 23 Nov 2026",
        "Pass on to all relevant bodies": "Tue 24 Nov 2026",
        "Acknowledge the application": "Fri 27 Nov 2026",
        "Threshold decision told": "Fri 11 Dec 2026",
    }


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"fact_received_on": None}, "Enter the date the death came to the partnership's attention"),
        ({"fact_received_on": "soon"}, "must be a real date, such as 23 11 2026"),
        ({"fact_received_on": "31 11 2026"}, "must be a real date, such as 23 11 2026"),
        ({"fact_received_on": "24 11 2026"}, "must be today or in the past"),
        ({"fact_received_on": "1 1 2015"}, "must be on or after Wednesday 7 December 2016"),
        ({"fact_death_month": "January 2027"}, "Month of the death must be this month or in the past"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field_and_nothing_is_lost(
    browse: Browser, sqlite_database: Database, typed: dict, words: str
) -> None:
    page = visit(browse.as_("officer"), "/cases/new/dhr").submit(
        {**DHR, "fact_deceased_pseudonym": "Rowan", **typed}
    )
    assert page.status == 422
    assert page.soup.title.get_text().startswith("Error: ")
    assert any(words in line for line in page.errors()), page.errors()
    field = page.soup.select_one(".govuk-error-message")
    assert words in field.get_text()
    assert page.soup.select_one("#fact_deceased_pseudonym")["value"] == "Rowan"
    assert cases_of(sqlite_database) == []


def test_an_application_without_dates_of_reports_is_taken_but_not_without_a_way_to_reach_the_applicant(
    browse: Browser,
) -> None:
    page = visit(browse.as_("officer"), "/cases/new/asb").submit({**ASB, "fact_applicant_contact": None})
    assert page.status == 422
    assert page.errors() == ["Say how to reach the applicant"]
    assert page.submit({"fact_applicant_contact": "phone"}).status == 200


def test_pressing_twice_gives_the_same_case(browse: Browser, sqlite_database: Database) -> None:
    check = visit(browse.as_("officer"), "/cases/new/asb").submit(ASB)
    fields, address = check.fields(), str(check.form()["action"])
    first, second = send(check.browser, address, fields), send(check.browser, address, fields)
    assert first.address == second.address
    assert len(cases_of(sqlite_database)) == 1
    other = [(name, "Somebody else" if name == "fact_applicant_name" else value) for name, value in fields]
    kept = send(check.browser, address, other)
    assert kept.status == 409
    assert "You sent this form before, with other answers: HCSP-ASB-2026-001 has those" in kept.errors()[0]
    assert dict(kept.fields())["fact_applicant_name"] == "Somebody else"
    assert len(cases_of(sqlite_database)) == 1
    kept.submit().submit()  # with a number of its own it is another application
    assert len(cases_of(sqlite_database)) == 2


def test_change_goes_back_with_every_answer_kept(browse: Browser) -> None:
    check = visit(browse.as_("officer"), "/cases/new/asb").submit(ASB)
    assert "Friday 20 November 2026" in check.text
    again = check.form(0)
    pairs = [(str(tag["name"]), str(tag["value"])) for tag in again.select("input")]
    form = send(check.browser, str(again["action"]), [*pairs, ("change", "fact_area")])
    assert (form.status, form.errors()) == (200, [])
    kept = dict(form.fields())
    assert {name: kept[name].replace("\r\n", "\n") for name in ASB} == ASB


def test_a_similar_open_case_is_pointed_out(browse: Browser) -> None:
    log(browse.as_("officer"), "asb", ASB)
    check = visit(browse, "/cases/new/asb").submit({**ASB, "fact_applicant_name": "Somebody else"})
    assert "HCSP-ASB-2026-001 was opened on Friday 20 November 2026" in check.text
    check = visit(browse, "/cases/new/asb").submit(
        {**ASB, "fact_applicant_name": "Somebody else", "fact_applicant_contact": "by phone"}
    )
    assert "HCSP-ASB-2026-001" not in check.text


@pytest.mark.parametrize("who", ["chair", "lead", "auditor", "admin", "panel"])
def test_only_the_business_unit_logs_cases(browse: Browser, who: str) -> None:
    browse.as_(who)
    assert visit(browse, "/cases/new/asb").status == 403
    assert browse.submit("/cases/new/asb", **ASB).status_code == 403


def test_a_form_without_its_token_is_refused(browse: Browser, sqlite_database: Database) -> None:
    browse.as_("officer")
    assert browse.client.post("/cases/new/asb", data=ASB).status_code == 400
    assert cases_of(sqlite_database) == []


def test_a_case_is_logged_in_the_officers_own_partnership(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    page = log(browse.as_("outsider"), "asb", {**ASB, "fact_area": "Worcester"})
    assert page.heading == "WSCB-ASB-2026-001"
    assert cases_of(sqlite_database)[0].partnership_id == settled.worcestershire


def test_the_areas_of_the_partnership_are_offered_and_another(
    browse: Browser, sqlite_database: Database
) -> None:
    form = visit(browse.as_("officer"), "/cases/new/asb")
    offered = [str(tag["value"]) for tag in form.soup.select("input[name=fact_area]")]
    assert offered == ["Herefordshire", "Another area"]
    assert form.submit({**ASB, "fact_area": "Worcester"}).status == 422
    case = form.submit({**ASB, "fact_area": "Another area"}).submit()
    assert case.heading == "HCSP-ASB-2026-001"
    assert cases_of(sqlite_database)[0].policy_id is None


def test_no_kind_but_the_two_is_logged_here(browse: Browser) -> None:
    assert visit(browse.as_("officer"), "/cases/new/action").status == 404


def test_the_check_page_says_that_the_applicant_is_written_to(browse: Browser) -> None:
    said = "the applicant is sent an e-mail with its reference"
    form = visit(browse.as_("officer"), "/cases/new/asb")
    assert said not in form.submit(ASB).soup.get_text()
    reached = ASB | {"fact_applicant_contact": "someone@home.example"}
    thanked = visit(browse, "/cases/new/asb").submit(reached)
    assert said in thanked.soup.get_text()
    assert "Ways not to use to reach the victim or the applicant None named Change" in thanked.text
    unsafe = visit(browse, "/cases/new/asb").submit(reached | {"fact_unsafe_channels": ["email"]})
    assert said not in unsafe.soup.get_text(), "not where e-mail is a way not to use"
    assert "E-mail" in unsafe.soup.get_text()
