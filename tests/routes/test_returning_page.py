"""E-mail that comes back: who sees which address, and putting one right on a page."""

from datetime import date

from sqlmodel import select

from tests.cast import Cast
from tests.reminders.conftest import EIGHT, Office
from tests.routes.browse import Browser
from tracker.db import Database
from tracker.models import ReturningMail
from tracker.services import returning

LEAD = "lead@example.test"


def test_an_address_is_put_right_on_a_page(browse: Browser, settled: Cast, sqlite_database: Database) -> None:
    office = Office(sqlite_database, settled)
    office.deadline(office.case(officer="officer", organisation=settled.police), date(2026, 11, 23))
    office.round(EIGHT(date(2026, 11, 9)))
    with sqlite_database.transaction() as session:
        returning.mark(session, LEAD, "<one@here>", "5.1.1", EIGHT(date(2026, 11, 9)))
        number = session.exec(select(ReturningMail.id)).one()
    page = f"/returning-mail/{number}"
    assert LEAD not in browse.as_("outsider").open("/returning-mail").text
    assert browse.as_("outsider").client.get(page).status_code == 404
    assert browse.as_("auditor").client.get("/returning-mail").status_code == 403
    assert LEAD in browse.as_("admin").open("/returning-mail").text
    officer = browse.as_("officer")
    assert "E-mail comes back from 1 address" in officer.open("/today").text
    assert "Somebody who signs in with it" in officer.open("/returning-mail").text
    officer.open(page)
    refused = officer.submit(page, why="")
    assert (refused.status_code, "Say how you know" in refused.text) == (422, True)
    assert officer.submit(page, why="The agency rang.").status_code == 303
    assert LEAD not in officer.open("/returning-mail").text.replace("go to lead@", "")
    assert officer.client.get(page).status_code == 404
    with sqlite_database.reading() as session:
        assert session.get_one(ReturningMail, number).ended_why == "The agency rang."
