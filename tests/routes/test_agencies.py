"""Agencies on pages: added and ended after a look, with a reason; records keep the old name, and open work is a number."""

import pytest
from sqlmodel import select

from tests.cast import Cast
from tests.routes.browse import Browser
from tests.routes.pages import visit
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
