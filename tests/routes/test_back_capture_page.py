"""The page that brings in a review which is already running."""

from sqlmodel import select

from tests.routes.browse import Browser, errors, soup
from tracker.db import Database
from tracker.models import Case

PAGE = "/cases/new/running-review"
TYPED = {
    "state": "gathering", "received_on": "31 1 2023", "decision_on": "10 3 2023", "chair_appointed_on": "2 5 2023",
    "tor_agreed_on": "20 6 2023", "lead_officer": "officer@example.test",
}  # fmt: skip


def post(browse: Browser, **typed: str):
    form = soup(browse.open(PAGE)).select_one("main input[name=request_id]")
    return browse.submit(PAGE, page=PAGE, request_id=str(form["value"]), **typed)


def test_a_manager_brings_a_review_in(browse: Browser, sqlite_database: Database) -> None:
    answer = post(browse.as_("manager"), **TYPED)
    assert answer.status_code == 303, errors(answer)
    with sqlite_database.reading() as session:
        case = session.exec(select(Case)).one()
        assert (case.state, case.process) == ("gathering", "dhr_2016")
        reference = case.reference
    assert "Brought in from earlier records" in browse.open(f"/cases/{reference}/history").text


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(browse: Browser) -> None:
    answer = post(browse.as_("manager"), **TYPED | {"received_on": "", "decision_on": "40 3 2023"})
    assert answer.status_code == 422
    assert errors(answer) == [
        "Enter the date the death came to the partnership's attention",
        "Date of the decision must be a real date, such as 23 11 2026",
    ]
    assert "40 3 2023" in answer.text
    backwards = post(browse, **TYPED | {"decision_on": "1 1 2023"})
    assert "must not be before" in errors(backwards)[0]


def test_an_officer_is_told_who_does_it_before_anything_is_typed(
    browse: Browser, sqlite_database: Database
) -> None:
    choose = soup(browse.as_("officer").open("/cases/new"))
    assert "by a business unit manager" in choose.get_text()
    assert not choose.select(f"a[href='{PAGE}']")
    assert browse.open(PAGE).status_code == 403
    assert browse.submit(PAGE, page="/account", request_id="one", **TYPED).status_code == 403
    assert soup(browse.as_("manager").open("/cases/new")).select(f"a[href='{PAGE}']")
    with sqlite_database.reading() as session:
        assert session.exec(select(Case)).all() == []


def test_nobody_outside_the_unit_is_named_to_lead_it(browse: Browser, sqlite_database: Database) -> None:
    for address in ("outsider@example.test", "nobody@example.test"):
        answer = post(browse.as_("manager"), **TYPED | {"lead_officer": address})
        assert (answer.status_code, errors(answer)) == (422, ["Choose a person from the list"])
    with sqlite_database.reading() as session:
        assert session.exec(select(Case)).all() == []
