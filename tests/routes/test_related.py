"""What belongs to a case, through its pages: the list, the form that adds to it, the chasers of a request."""

import pytest
from flask import Flask
from sqlmodel import select

from tests.cast import NOON, Cast
from tests.routes.browse import Browser
from tests.routes.filling import counting
from tests.routes.pages import visit
from tests.services.test_cases import log_dhr
from tests.services.test_families import HOLD, REQUEST, add, at_state
from tracker.access import case_for
from tracker.db import Database
from tracker.models import Case, Deadline, DeadlineStatus, User
from tracker.queries import related
from tracker.services import grants

DHR = "/cases/HCSP-DHR-2026-001"


@pytest.fixture
def review(sqlite_database: Database, settled: Cast) -> str:
    with sqlite_database.transaction() as session:
        return log_dhr(session, settled).reference


def test_the_list_shows_what_there_is_and_what_can_be_added(browse: Browser, review: str) -> None:
    page = visit(browse.as_("officer"), f"{DHR}/related")
    assert page.heading == "HCSP-DHR-2026-001, requests and related"
    assert [title.get_text() for title in page.soup.select("main h2")] == [
        "Information requests", "Recommendations", "Parallel processes", "Family contacts", "Holds",
    ]  # fmt: skip
    assert len(page.links("Add")) == 5
    assert visit(browse, DHR).soup.find("a", href=f"{DHR}/related")


def test_a_request_is_added_chased_three_times_and_raised(browse: Browser, review: str) -> None:
    form = visit(browse.as_("officer"), f"{DHR}/related/add/information_request")
    missing = form.submit()
    assert missing.status == 422
    assert missing.errors() == [
        "Choose an answer: What the agency is asked for", "Choose the agency", "Enter the date it was asked for",
    ]  # fmt: skip
    filled = {
        "fact_kind": "imr", "fact_agency": "west-mercia-police", "fact_requested_on": "23 11 2026",
        "fact_asked_for": "Contacts in 2025",
    }  # fmt: skip
    wrong = missing.submit(filled | {"fact_requested_on": "31 2 2026"})
    assert wrong.status == 422
    assert wrong.soup.select_one("[name=fact_asked_for]").get_text(strip=True) == "Contacts in 2025"
    listed = wrong.submit(filled)
    assert listed.address == f"{DHR}/related"
    assert listed.rows()[0] == [
        "HCSP-INF-2026-001 Individual management review", "Asked for", "West Mercia Police",
        "Thu 21 Jan 2027 in 40 working days", "None Chase for HCSP-INF-2026-001",
    ]  # fmt: skip
    page = visit(browse, listed.links("Chase")[0])
    for number in (1, 2, 3):
        assert page.buttons()[0] == f"Record chaser {number}"
        page = page.submit()
        assert f"Chasers sent {number}" in page.text
    assert page.buttons()[0] == "Record that it was raised"
    assert "escalation contact: senior@police.example" in page.text
    page = page.submit()
    assert "Raised with the escalation contact Monday 23 November 2026" in page.text
    assert visit(browse, f"{DHR}/related").rows()[0][-1].startswith("3, the last on 23 November 2026")


@pytest.mark.parametrize(
    ("process", "answers"),
    [
        ("recommendation", {
            "fact_kind": "national", "fact_recommendation_text": "Review the guidance",
            "fact_addressed_to": "The department", "fact_public_functions": "yes",
        }),
        ("parallel_process", {"fact_kind": "inquest", "fact_identified_on": "23 11 2026", "fact_led_by": "The coroner"}),
        ("family_contact", {"fact_pseudonym": "Ash", "fact_relation": "Sibling"}),
        ("hold", {
            "fact_kind": "full", "fact_reason": "inquest", "fact_requested_by": "The coroner",
            "fact_placed_on": "23 11 2026", "fact_review_on": "11 1 2027", "fact_still_permitted_work": "Chronologies",
        }),
    ],
)  # fmt: skip
def test_every_kind_is_added_once_and_opens_as_a_case(
    browse: Browser, review: str, process: str, answers: dict[str, str]
) -> None:
    form = visit(browse.as_("officer"), f"{DHR}/related/add/{process}")
    listed = form.submit(answers)
    assert listed.status == 200
    assert len(listed.rows()) == 1
    assert len(form.submit(answers).rows()) == 1  # the same form again
    child = listed.soup.select_one("main table a.app-ref")["href"]
    page = visit(browse, child)
    assert page.status == 200
    assert page.soup.find("a", href=DHR)
    assert "Restricted: whoever is named for HCSP-DHR-2026-001 can open it" in page.text
    who = visit(browse, f"{child}/access")
    assert who.soup.find("a", href=f"{DHR}/access")
    assert "open to everybody" not in who.text
    assert "0 people can open it" not in who.text
    assert "Ash" not in listed.text


def test_a_second_look_is_added_to_a_closed_case(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        case = at_state(session, settled, "closed", "asb_case_review")
        address = f"/cases/{case.reference}/related"
    listed = visit(browse.as_("officer"), f"{address}/add/dissatisfaction").submit(
        {
            "fact_about": "application_handling", "fact_grounds": ["threshold_wrong"], "fact_stage": "internal",
            "fact_made_by": "The applicant", "fact_requested_on": "23 11 2026", "fact_request_words": "Not counted",
            "fact_late": "no",
        }
    )  # fmt: skip
    assert listed.rows()[0][0].endswith("How the application was dealt with")
    assert visit(browse, f"{address}/add/hold").status == 404
    refused = visit(browse, f"{address}/add/information_request").submit(
        {"fact_kind": "agency_return", "fact_agency": "housing", "fact_requested_on": "23 11 2026"}
    )
    assert refused.status == 409


def test_each_sees_what_is_theirs(app: Flask, sqlite_database: Database, settled: Cast, review: str) -> None:
    with sqlite_database.transaction() as session:
        case = case_for(session, settled.actor(session, "officer"), review)
        theirs = add(session, settled, case, "information_request", REQUEST).reference
        hold = add(session, settled, case, "hold", HOLD).reference
        user = session.get_one(User, settled.people["panel"])
        grants.grant(session, settled.actor(session, "officer"), case, user, "On the panel", at=NOON)
    lead = Browser(app).as_("lead")
    assert lead.open(f"/cases/{theirs}").status_code == 200
    assert "Chasers" not in lead.open(f"/cases/{theirs}").text
    for address in (DHR, f"{DHR}/related", f"/cases/{hold}", f"/cases/{theirs}/related/add/hold"):
        assert lead.open(address).status_code in {403, 404}, address
    assert lead.open(f"/cases/{theirs}/chasers").status_code == 403
    panel = Browser(app).as_("panel")
    shown = visit(panel, f"{DHR}/related")
    assert (len(shown.rows()), shown.links("Add"), shown.links("Chase")) == (0, [], [])
    overview = visit(panel, DHR)
    assert "/cases" not in overview.links("All cases")
    assert "/my-work" in overview.links("My work")
    held = overview.soup.select_one("#holds")
    assert ("Partial" in held.get_text(), held.select("a")) == (True, [])
    for address in (f"/cases/{theirs}", f"/cases/{theirs}/history", f"/cases/{hold}"):
        assert panel.open(address).status_code == 404, address
    with sqlite_database.transaction() as session:
        session.exec(select(Case).where(Case.reference == theirs)).one().state = "submitted"
    assert len(visit(panel, f"{DHR}/related").rows()) == 1
    assert panel.open(f"/cases/{theirs}").status_code == 200
    assert panel.open(f"{DHR}/related/add/hold").status_code == 403
    for who in ("admin", "outsider", "manager", "lead2"):
        other = Browser(app).as_(who)
        for address in (f"{DHR}/related", f"/cases/{theirs}", f"/cases/{hold}", f"/cases/{theirs}/chasers"):
            assert other.open(address).status_code in {403, 404}, (who, address)


def test_somebody_elses_change_keeps_what_was_typed(
    browse: Browser, sqlite_database: Database, settled: Cast, review: str
) -> None:
    form = visit(browse.as_("officer"), f"{DHR}/related/add/hold")
    with sqlite_database.transaction() as session:
        case = case_for(session, settled.actor(session, "officer"), review)
        case.title = "changed"
    answers = {
        "fact_kind": "full", "fact_reason": "inquest", "fact_requested_by": "The coroner",
        "fact_placed_on": "23 11 2026", "fact_review_on": "11 1 2027", "fact_still_permitted_work": "Chronologies",
    }  # fmt: skip
    stale = form.submit(answers)
    assert stale.status == 409
    assert stale.rows()[-1] == ["What may go on meanwhile", "Not recorded", "Not recorded", "Chronologies"]
    assert stale.submit().status == 200


def test_the_case_page_says_what_each_hold_leaves_open_and_what_must_wait(
    browse: Browser, sqlite_database: Database, settled: Cast, review: str
) -> None:
    with sqlite_database.transaction() as session:
        case = case_for(session, settled.actor(session, "officer"), review)
        add(session, settled, case, "hold", HOLD | {"kind": "publication_only", "reason": "inquest"})
    panel = visit(browse.as_("officer"), DHR).soup.select_one("#holds")
    words = " ".join(panel.get_text(" ").split())
    assert "Publication hold: Inquest, since 23 November 2026" in words.replace("Monday ", "")
    assert "May go on: Chronologies" in words
    assert "To be looked at again by Monday 11 January 2027." in words
    assert "Must wait: Publish" in words
    assert "Sign off" not in words
    with sqlite_database.transaction() as session:
        case = case_for(session, settled.actor(session, "officer"), review)
        add(session, settled, case, "hold", HOLD)
    both = " ".join(visit(browse, DHR).soup.select_one("#holds").get_text(" ").split())
    assert "2 holds" in both
    assert "Partial hold: Criminal proceedings" in both
    assert len(both.split("Must wait: ")[1].split(",")) > 3


def test_an_agency_that_queries_went_back_to_is_among_those_that_the_case_waits_on(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        case = at_state(session, settled, "gathering")
        one = add(session, settled, case, "information_request", REQUEST)
        other = add(session, settled, case, "information_request", REQUEST | {"agency": "housing"})
        one.state, other.state = "queries_raised", "submitted"  # as after the date of each was met
        for child in (one, other):
            for running in session.exec(select(Deadline).where(Deadline.case_id == child.id)):
                running.status = DeadlineStatus.MET
        session.flush()
        address, asked = f"/cases/{case.reference}", one.reference
    page = visit(browse.as_("officer"), address)
    assert "Waiting on 1 agency: West Mercia Police." in page.text
    assert "Waiting on West Mercia Police." in visit(browse, f"/cases/{asked}").text
    assert "Requests and related (2 in all)" in visit(browse, f"{address}/related").text.replace(" )", ")")


def test_two_holds_ask_the_database_as_often_as_one(
    sqlite_database: Database, settled: Cast, review: str
) -> None:
    asked = []
    for reason in ("inquest", "criminal_proceedings"):
        with sqlite_database.transaction() as session:
            case = case_for(session, settled.actor(session, "officer"), review)
            add(session, settled, case, "hold", HOLD | {"reason": reason})
        with sqlite_database.reading() as session:
            officer = settled.actor(session, "officer")
            case = case_for(session, officer, review)
            with counting(sqlite_database) as statements:
                shown, _ = related.holds_on(session, officer, case)
        assert all(hold.opens for hold in shown)
        asked.append((len(shown), len(statements)))
    assert [number for number, _ in asked] == [1, 2]
    assert asked[0][1] == asked[1][1]
