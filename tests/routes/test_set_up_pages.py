"""Names of things and areas on pages: checked before anything is saved, with a reason, and a history."""

from datetime import date

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.driving import applied
from tests.routes.browse import Browser
from tests.routes.filling import log_asb
from tests.routes.pages import Page, visit
from tracker.db import Database
from tracker.models import AreaBody, Partnership, SetupChange, SetupKind
from tracker.services import area_changes
from tracker.services.area_changes import AreaChange

NAMES = "/names/herefordshire"
TRIGGER = {"asb_case_review": "Community Trigger"}


def called(database: Database) -> str:
    with database.reading() as session:
        return session.exec(select(Partnership.asb_name).where(Partnership.key == "herefordshire")).one()


def ask(browse: Browser, who: str = "manager", **typed: str) -> Page:
    return visit(browse.as_(who), NAMES).submit(TRIGGER | typed)


def test_a_name_is_changed_after_a_look_with_a_reason_and_then_stands_everywhere(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    with sqlite_database.transaction() as session:
        reference = log_asb(session, settled).reference
    check = ask(browse)
    assert (check.status, check.heading) == (200, "Check the names")
    assert "Community Trigger Now: ASB case review" in check.text
    assert "1 open case will be shown under another name." in check.text
    bare = check.submit()
    assert (bare.status, bare.errors()) == (422, ["Say why this is changed"])
    assert called(sqlite_database) == "ASB case review", "looking changes nothing"
    page = bare.submit({"reason": "The board's wish"})
    assert page.heading == "Names of things"
    assert "“ASB case review” is called “Community Trigger”." in page.text
    assert "The board's wish" in page.text
    assert bare.submit({"reason": "The board's wish"}).heading == "Names of things", "pressed twice"
    with sqlite_database.reading() as session:
        assert len(session.exec(select(SetupChange)).all()) == 1
    officer = browse.as_("officer")
    for address in (
        f"/cases/{reference}",
        "/cases",
        "/cases?q=ASB",
        "/search?q=CT",
        "/cases/new",
        "/policies",
    ):
        text = visit(officer, address).text
        assert "Community Trigger" in text, address
        assert "ASB case review" not in text, address
    assert visit(officer, "/cases/new/asb").heading == "Log a Community Trigger application"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"asb_case_review": " "}, "Enter a name"),
        ({"asb_case_review": "x" * 61}, "The name must be 60 characters or fewer"),
        ({"asb_case_review": "12"}, "The name must have letters"),
        ({"asb_case_review": "ASB case review"}, "Change at least one name, or cancel"),
    ],
)
def test_a_name_that_cannot_be_is_refused_at_its_field(
    browse: Browser, settled: Cast, typed: dict[str, str], words: str
) -> None:
    page = ask(
        browse, **typed, dhr_2016="Kept as typed" if "12" in typed.values() else "Domestic homicide review"
    )
    assert (page.status, page.errors()) == (422, [words])


def test_what_somebody_else_changed_meanwhile_is_shown_first(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    check = ask(browse)
    other = ask(Browser(browse.app), who="admin", asb_case_review="Case review")
    other.submit({"reason": "First"})
    late = check.submit({"reason": "Second"})
    assert late.status == 409
    assert late.heading == "This changed while you were working"
    assert called(sqlite_database) == "Case review"
    again = late.submit()
    assert dict(again.fields())["reason"] == "Second"
    assert again.submit().heading == "Names of things"
    assert called(sqlite_database) == "Community Trigger"


@pytest.mark.parametrize("who", ["officer", "auditor", "lead", "outsider"])
def test_others_cannot_change_names_or_areas(browse: Browser, settled: Cast, who: str) -> None:
    for address in (NAMES, "/areas/herefordshire/end", "/areas/add"):
        assert browse.as_(who).open(address).status_code in {403, 404}, address


def test_old_names_in_addresses_lead_to_the_lists_and_forms_of_today(browse: Browser, settled: Cast) -> None:
    officer = browse.as_("officer")
    for old, new in (
        ("/cases?type=community-trigger&due=overdue", "/cases?type=asb&due=overdue"),
        ("/cases?type=DVHR", "/cases?type=dhr"),
        ("/cases/new/community-trigger", "/cases/new/asb"),
        ("/cases/new/dardr", "/cases/new/dhr"),
    ):
        answer = officer.open(old)
        assert (answer.status_code, answer.location) == (302, new)
    assert officer.open("/cases?type=dardr").status_code == 200
    assert officer.open("/cases/new/trigger-happy").status_code == 404


def takes_part(session: Session, cast: Cast) -> None:
    from tracker.models import Area

    place = session.get_one(Partnership, cast.herefordshire)
    area = session.exec(select(Area).where(Area.key == "herefordshire")).one()
    asked = AreaChange(
        what=SetupKind.BODY_ADDED, on=date(2014, 10, 20), body="west-mercia-police", kind="police"
    )
    area_changes.change(session, cast.actor(session, "manager"), place, area, asked, reason="So", at=NOON)


def test_a_body_hands_over_with_every_open_case_that_it_touches(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    with sqlite_database.transaction() as session:
        takes_part(session, settled)
        reference = applied(session, settled, MONDAY).reference
    page = visit(browse.as_("manager"), "/areas/herefordshire")
    form = visit(browse, page.links("End its time")[0])
    bad = form.submit({"on": "1 1 2014"})
    assert bad.errors() == ["The last day cannot be before the first day, Mon 20 Oct 2014"]
    check = bad.submit({"on": "22 11 2026", "successor": "housing"})
    assert check.heading == "Check: end a body's time"
    assert [reference, "Housing association", "West Mercia Police"] in check.rows()
    page = check.submit({"reason": "A new order"})
    assert page.heading == "Herefordshire"
    assert "Housing association takes over the day after." in page.text
    with sqlite_database.reading() as session:
        assert [row.to_on for row in session.exec(select(AreaBody).order_by(AreaBody.id)).all()] == [
            date(2026, 11, 22), None,
        ]  # fmt: skip


def test_an_administrator_is_told_the_number_of_cases_and_no_reference(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    with sqlite_database.transaction() as session:
        takes_part(session, settled)
        reference = applied(session, settled, MONDAY).reference
    check = visit(browse.as_("admin"), "/areas/herefordshire/end").submit({"on": "20 11 2026"})
    assert "1 case that you cannot open." in check.text
    assert reference not in check.text


def test_an_area_is_added_where_one_may(browse: Browser, settled: Cast) -> None:
    form = visit(browse.as_("manager"), "/areas/add")
    empty = form.submit()
    assert empty.errors() == ["Enter the first day"]
    bad = form.submit({"on": "1 1 2027", "place": "worcestershire"})
    assert bad.errors() == ["Choose the partnership"]
    check = form.submit(
        {"on": "1 1 2027", "place": "herefordshire", "name": "Golden Valley", "kind": "district"}
    )
    assert "Golden Valley is an area of Herefordshire" in check.text
    page = check.submit({"reason": "Two districts again"})
    assert page.heading == "Golden Valley"
    assert "In force today" in page.text
    assert "Two districts again" in page.text
    again = visit(browse, "/areas/add").submit(
        {"on": "1 1 2027", "place": "herefordshire", "name": "golden valley", "kind": "district"}
    )
    assert again.errors() == ["There is an area called golden valley already"]
