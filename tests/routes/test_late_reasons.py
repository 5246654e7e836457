"""Why something is late is asked in one way everywhere: the reasons that are usual there, and words."""

import pytest
from sqlmodel import select

from tests import asb, dhr
from tests.cast import Cast
from tests.routes.browse import Browser, Clock
from tests.routes.pages import Page, visit
from tracker.db import Database
from tracker.forms.late_reasons import USUAL
from tracker.models import Event

OF_AN_APPLICATION = [*USUAL["asb_case_review"], "Something else"]


def offered(page: Page) -> list[str]:
    """The usual reasons that a page offers."""
    return [str(each["value"]) for each in page.soup.select("[name=late_why] option") if each["value"]]


def said(database: Database) -> list[object]:
    """Why things were late, as the history has it."""
    with database.reading() as session:
        details = [event.detail for event in session.exec(select(Event).order_by(Event.id))]  # type: ignore[arg-type]
    return [detail["late_reasons"] for detail in details if detail.get("late_reasons")]


@pytest.fixture
def area(sqlite_database: Database, settled: Cast) -> None:
    with sqlite_database.transaction() as session:
        asb.settle_area(session, settled)


def application(database: Database, cast: Cast, state: str) -> str:
    with database.transaction() as session:
        return f"/cases/{asb.case_at(session, cast, state).reference}"


@pytest.mark.usefixtures("area")
def test_a_late_pass_on_says_why_from_the_list(
    browse: Browser, clock: Clock, sqlite_database: Database, settled: Cast
) -> None:
    home = application(sqlite_database, settled, "acknowledged")
    clock.forward(days=40)
    form = visit(browse.as_("officer"), f"{home}/pass-ons")
    assert offered(form) == OF_AN_APPLICATION
    page = form.submit({"late_why": "Something else"})
    assert page.status == 422
    assert any("why this is late" in error.lower() for error in page.errors()), page.errors()
    page.submit({"late_why": "A body’s answer came late", "late_reason": "It was on leave"})
    assert said(sqlite_database) == ["A body’s answer came late. It was on leave"]


@pytest.mark.usefixtures("area")
def test_a_letter_that_went_late_says_why_from_the_list(
    browse: Browser, clock: Clock, sqlite_database: Database, settled: Cast
) -> None:
    home = application(sqlite_database, settled, "received")
    clock.forward(days=20)
    form = visit(browse.as_("officer"), f"{home}/letters/outside/L1/applicant")
    assert offered(form) == OF_AN_APPLICATION
    went = {"kept_at": "File 3", "channel": "post"}
    refused = form.submit(went)
    assert refused.status == 422
    assert any("why this is late" in error.lower() for error in refused.errors()), refused.errors()
    assert refused.submit({"late_why": USUAL["asb_case_review"][1]}).status == 200
    assert said(sqlite_database) == [USUAL["asb_case_review"][1]]


@pytest.mark.usefixtures("area")
def test_each_kind_of_case_has_its_own_reasons(
    browse: Browser, clock: Clock, sqlite_database: Database, settled: Cast
) -> None:
    home = application(sqlite_database, settled, "acknowledged")
    with sqlite_database.transaction() as session:
        review = dhr.review_at(session, settled, "awaiting_decision").reference
    clock.forward(days=60)
    browse.as_("officer")
    step = visit(browse, f"/cases/{review}/steps/decide-to-review")
    assert "Waiting for the inquest" in offered(step)
    late = visit(browse, f"{home}/deadlines/c2/extend")
    assert offered(late) == OF_AN_APPLICATION
    assert late.submit({"late_why": "Something else"}).errors() == ["Say why it is late"]
    late.submit({"late_why": USUAL["asb_case_review"][0]})
    assert USUAL["asb_case_review"][0] in visit(browse, f"{home}/history").text
    assert set(USUAL["dhr_2016"]).isdisjoint(USUAL["asb_case_review"])
