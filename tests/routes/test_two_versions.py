"""Cases of two versions of one process on the same pages."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.cast import Cast
from tests.driving import applied, go, noon, say
from tests.routes.browse import Browser, Clock
from tests.routes.pages import visit
from tests.workflows.second_version import SECOND, released_too
from tracker.db import Database
from tracker.models import Case
from tracker.policy import SYSTEM
from tracker.services import versions
from tracker.services.versions import MigrationRequest

OLD, NEW = date(2026, 12, 31), date(2027, 1, 4)


@pytest.fixture(autouse=True)
def second() -> Iterator[None]:
    with released_too(SECOND):
        yield


def met(database: Database, cast: Cast, on: date) -> str:
    """An application for which the threshold is met, and the applicant told."""
    with database.transaction() as session:
        case = applied(session, cast, on)
        for name, letter in (
            ("acknowledge", "L1"),
            ("start_check", ""),
            ("decide_met", ""),
            ("notify_met", "L4"),
        ):
            if letter:
                say(session, case, on, **{f"letter_sent_{letter}": on})
            go(session, case, name, on)
        return case.reference


def test_every_page_of_both_opens_and_each_offers_its_own_steps(
    browse: Browser, clock: Clock, sqlite_database: Database, settled: Cast
) -> None:
    clock.at = noon(date(2027, 1, 5))
    old, new = met(sqlite_database, settled, OLD), met(sqlite_database, settled, NEW)
    browse.as_("officer")
    for reference in (old, new):
        for path in ("", "/deadlines", "/history", "/record"):
            assert visit(browse, f"/cases/{reference}{path}").status == 200
    assert "Preparing the review" in visit(browse, f"/cases/{old}").text
    assert "Scoping the review" in visit(browse, f"/cases/{new}").text
    assert visit(browse, f"/cases/{new}/steps/agree-scope").status == 200
    assert visit(browse, f"/cases/{old}/steps/agree-scope").status != 200
    assert {old, new} <= set(visit(browse, "/cases").text.split())


def test_a_case_that_went_over_tells_its_past_in_the_words_of_its_time(
    browse: Browser, clock: Clock, sqlite_database: Database, settled: Cast
) -> None:
    clock.at = noon(NEW)
    reference = met(sqlite_database, settled, OLD)
    with sqlite_database.transaction() as session:
        case = session.get_one(Case, 1)
        versions.migrate(session, SYSTEM, case, MigrationRequest(SECOND), at=noon(NEW))
    page = visit(browse.as_("officer"), f"/cases/{reference}/history")
    assert "Went over to another version of the process" in page.text
    assert "From version 1 to version 2" in page.text
    assert "Applicant told that the threshold is met" in page.text
