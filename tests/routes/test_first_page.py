"""Whoever has several homes chooses which comes first; it is one of their own."""

import pytest
from sqlmodel import Session, select

from tests.cast import Cast
from tests.routes.browse import Browser, errors, soup
from tests.routes.filling import words
from tracker.db import Database
from tracker.models import Membership, Role


@pytest.fixture
def both(sqlite_database: Database, settled: Cast, browse: Browser) -> Browser:
    """An officer who is also a manager."""
    with sqlite_database.transaction() as session:
        _also(session, settled.people["officer"], Role.MANAGER, settled.herefordshire)
    return browse.as_("officer")


def _also(session: Session, user_id: int, role: Role, partnership_id: int) -> None:
    session.add(Membership(user_id=user_id, role=role, partnership_id=partnership_id))


def test_of_two_homes_the_chosen_one_comes_first(both: Browser) -> None:
    assert both.open("/").location == "/today"
    page = soup(both.open("/account"))
    offered = [(one["value"], one.has_attr("checked")) for one in page.select("input[name=first_page]")]
    assert offered == [("/today", True), ("/at-risk", False)]
    assert [words(link) for link in page.select("header nav a")][:2] == ["Today", "At risk"]
    done = both.submit("/account/first-page", first_page="/at-risk")
    assert (done.status_code, done.location) == (303, "/account")
    assert "Your first page is changed." in both.open("/account").text
    assert both.open("/").location == "/at-risk"


@pytest.mark.parametrize("address", ["", "/reports", "https://evil.example/", "/my-work"])
def test_no_other_page_can_be_chosen(both: Browser, address: str) -> None:
    refused = both.submit("/account/first-page", first_page=address)
    assert (refused.status_code, errors(refused)) == (422, ["Choose a page"])
    assert both.open("/").location == "/today"


def test_who_has_one_home_is_not_asked(browse: Browser) -> None:
    browse.as_("lead")
    assert "first_page" not in browse.open("/account").text
    assert browse.submit("/account/first-page", first_page="/today").status_code == 422
    assert browse.open("/").location == "/my-work"


def test_a_choice_ends_with_the_role(both: Browser, sqlite_database: Database, settled: Cast) -> None:
    both.submit("/account/first-page", first_page="/at-risk")
    with sqlite_database.transaction() as session:
        session.delete(
            session.exec(
                select(Membership).where(
                    Membership.role == Role.MANAGER, Membership.user_id == settled.people["officer"]
                )
            ).one()
        )
    assert both.open("/").location == "/today"
