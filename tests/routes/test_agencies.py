"""Agencies on pages: added and ended after a look, with a reason; records keep the old name, and open work is a number."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.cast import MONDAY, Cast
from tests.routes.browse import Browser
from tests.routes.pages import visit
from tests.services.test_actions import log_action
from tracker.db import Database
from tracker.models import Organisation


def test_an_agency_is_added_and_ends_with_a_successor(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    form = visit(browse.as_("admin"), "/admin/agencies/add")
    empty = form.submit()
    assert empty.errors() == ["Enter the name", "Choose what sort of agency it is", "Choose the partnership"]
    check = empty.submit(
        {
            "name": "Night shelter",
            "kind": "voluntary",
            "place": "herefordshire",
            "contact_email": "Desk@shelter.example",
        }
    )
    assert check.heading == "Check: add an agency"
    with sqlite_database.reading() as session:
        assert session.exec(select(Organisation).where(Organisation.key == "night-shelter")).first() is None
    assert check.submit().errors() == ["Say why this is changed"]
    page = check.submit({"reason": "They joined"})
    assert page.heading == "Agencies"
    assert "They joined" in page.text
    again = visit(browse, "/admin/agencies/add").submit(
        {"name": "Night Shelter", "kind": "voluntary", "place": "herefordshire"}
    )
    assert again.submit({"reason": "Twice"}).errors() == ["There is an agency called Night Shelter already"]
    ending = visit(browse, page.links("End it")[0])
    bad = ending.submit({"on": "1 1 2020"})
    assert bad.errors() == ["The last day cannot be before the first day, Monday 23 November 2026"]
    look = bad.submit({"on": "30 11 2026", "successor": "housing"})
    assert "Housing association succeeds it." in look.text
    assert "It leads nothing that is open." in look.text
    done = look.submit({"reason": "Merged"})
    assert "Succeeded by Housing association" in done.text
    with sqlite_database.reading() as session:
        body = session.exec(select(Organisation).where(Organisation.key == "night-shelter")).one()
        assert (body.name, body.contact_email, str(body.to_on), body.successor_id) == (
            "Night shelter", "desk@shelter.example", "2026-11-30", settled.housing,
        )  # fmt: skip


def test_what_works_for_several_partnerships_is_not_ended_here(browse: Browser, settled: Cast) -> None:
    page = visit(browse.as_("admin"), "/admin/agencies")
    assert ["West Mercia Police Police", "Several partnerships", "Not known to now", "0", ""] in page.rows()
    assert browse.open("/admin/agencies/west-mercia-police/end").status_code == 404


@pytest.mark.parametrize("who", ["officer", "manager", "lead", "auditor"])
def test_agencies_are_for_administrators(browse: Browser, settled: Cast, who: str) -> None:
    for address in ("/admin/agencies", "/admin/agencies/add", "/admin/agencies/housing/end"):
        assert browse.as_(who).open(address).status_code == 403


def test_open_work_is_handed_over_by_numbers_alone(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    with sqlite_database.transaction() as session:
        case = log_action(session, settled)
        old = session.get_one(Organisation, settled.police)
        old.to_on, old.successor_id = MONDAY - timedelta(days=1), settled.housing
        session.add(old)
        reference, title = case.reference, case.title
    address = visit(browse.as_("admin"), "/admin/agencies").links("Hand over its work")[0]
    page = visit(browse, address)
    assert page.heading == "Check: hand over open work"
    assert page.rows()[0] == ["Actions that it leads", "1"]
    assert "Housing association is told once" in page.text
    assert page.submit().errors() == ["Say why this is changed"]
    assert browse.submit(address, reason="They merged").status_code == 409  # it says nothing of what was seen
    done = page.submit({"reason": "They merged"})
    assert "1 action went from West Mercia Police to Housing association." in done.text
    for shown in (page, done):
        assert reference not in shown.response.text
        assert title not in shown.response.text
    again = visit(browse, address)
    assert "Nothing is open with it that could be handed over." in again.text
    assert again.soup.select("main form[method=post]") == []
    officers = visit(browse.as_("officer"), f"/actions/{reference}")
    assert "Housing association" in officers.text
    history = visit(browse, f"/cases/{reference}/history")
    assert "Went to the agency that succeeds it" in history.text
    assert "Before: West Mercia Police" in history.text


def test_mailboxes_change_after_a_look(browse: Browser, settled: Cast, sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        body = session.get_one(Organisation, settled.housing)
        body.partnership_id = settled.herefordshire
        session.add(body)
    form = visit(browse.as_("admin"), "/admin/agencies/housing/mailboxes")
    assert form.submit().errors() == ["These are the mailboxes that it has"]
    assert form.submit({"contact_email": "no address"}).errors() == [
        "Enter an e-mail address, or leave it empty"
    ]
    check = form.submit({"contact_email": "Desk@housing.example"})
    assert "Reminders go to desk@housing.example, not to nobody." in check.text
    done = check.submit({"reason": "A new desk"})
    assert "A new desk" in done.text
    with sqlite_database.reading() as session:
        assert session.get_one(Organisation, settled.housing).contact_email == "desk@housing.example"
