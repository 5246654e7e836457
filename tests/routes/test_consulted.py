"""Whoever opens a restricted record, on whatever page, is on record as having opened it (section 62 of the 2018 Act)."""

from collections.abc import Sequence

import pytest
from sqlmodel import select

from tests.cast import NOON, Cast
from tests.routes.browse import Browser
from tests.services.test_cases import RECEIVED, log_dhr
from tracker.db import Database
from tracker.models import AccessLog, Case, Looked, Sensitivity, User
from tracker.services import cases
from tracker.services.asked import NewCase

PAGES = (
    "", "/history", "/deadlines", "/access", "/record", "/record?fact=aware_on",
    "/steps/begin-scoping", "/steps/begin-scoping?change=received_on",
)  # fmt: skip


@pytest.fixture
def restricted(sqlite_database: Database, settled: Cast) -> dict[str, str]:
    """A restricted review and a restricted action, each with its address."""
    with sqlite_database.transaction() as session:
        review = log_dhr(session, settled)
        asked = NewCase(
            process="action_item", partnership_id=settled.herefordshire, opened_on=RECEIVED, state="agreed",
            title="Of a review", sensitivity=Sensitivity.RESTRICTED, owner_organisation_id=settled.police, imported=True,
            facts={"agreed_on": RECEIVED, "target_on": RECEIVED}, opening=(),
        )  # fmt: skip
        action = cases.log_case(session, settled.actor(session, "officer"), asked, at=NOON)
        return {"review": f"/cases/{review.reference}", "action": f"/actions/{action.reference}"}


def consulted(database: Database) -> Sequence[tuple[str, str]]:
    """Who opened what, in order."""
    with database.reading() as session:
        rows = session.exec(
            select(User.email, Case.reference)
            .join(AccessLog, AccessLog.user_id == User.id)
            .join(Case, Case.id == AccessLog.case_id)
            .where(AccessLog.what == Looked.CONSULTED)
            .order_by(AccessLog.id)
        ).all()
    return [(email.partition("@")[0], reference) for email, reference in rows]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_restricted_review(
    browse: Browser, sqlite_database: Database, restricted: dict[str, str], page: str
) -> None:
    address = restricted["review"]
    assert browse.as_("officer").open(address + page).status_code == 200
    assert consulted(sqlite_database) == [("officer", address.removeprefix("/cases/"))]


@pytest.mark.parametrize(("who", "page"), [("lead", ""), ("officer", ""), ("officer", "/verify")])
def test_every_page_of_a_restricted_action(
    browse: Browser, sqlite_database: Database, restricted: dict[str, str], who: str, page: str
) -> None:
    address = restricted["action"]
    assert browse.as_(who).open(address + page).status_code == 200
    assert consulted(sqlite_database) == [(who, address.removeprefix("/actions/"))]


def test_who_is_not_let_in_has_consulted_nothing(
    browse: Browser, sqlite_database: Database, restricted: dict[str, str]
) -> None:
    for who in ("officer2", "manager", "chair", "auditor", "outsider", "panel", "lead2"):
        for address in restricted.values():
            assert browse.as_(who).open(address).status_code in {403, 404}, (who, address)
    assert consulted(sqlite_database) == []


def test_an_open_case_is_read_without_a_note(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        asked = NewCase(
            process="asb_case_review", partnership_id=settled.herefordshire, opened_on=RECEIVED, imported=True
        )
        reference = cases.log_case(session, settled.actor(session, "officer"), asked, at=NOON).reference
    assert browse.as_("officer").open(f"/cases/{reference}").status_code == 200
    assert consulted(sqlite_database) == []
