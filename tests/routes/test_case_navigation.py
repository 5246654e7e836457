"""The second level of navigation of a case: as in the prototype, at most eight entries, and every page within reach."""

import pytest

from tests import asb, dhr
from tests.cast import Cast
from tests.routes.browse import Browser
from tests.routes.pages import visit
from tracker.db import Database

OF_A_DEATH = {
    "Overview": ("", []),
    "Tasks": ("/tasks", ["/tasks", "/amendments"]),
    "Deadlines": ("/deadlines", []),
    "Agencies and people": ("/related", ["/related", "/people", "/panel", "/access"]),
    "Actions": ("/action-plan", []),
    "Documents": ("/documents", ["/documents", "/letters"]),
    "History": ("/history", []),
}
OF_AN_APPLICATION = {
    "Overview": ("", []),
    "Incidents and threshold": ("/incidents", ["/incidents", "/threshold", "/harm"]),
    "Deadlines": ("/deadlines", []),
    "Agencies and people": ("/related", ["/related", "/pass-ons"]),
    "Actions": ("/action-plan", []),
    "Documents": ("/documents", ["/documents", "/letters"]),
    "History": ("/history", []),
}


@pytest.mark.parametrize("kind", ["death", "application"])
def test_a_review_has_a_few_entries_and_the_pages_of_each_below_it(
    browse: Browser, sqlite_database: Database, settled: Cast, kind: str
) -> None:
    with sqlite_database.transaction() as session:
        asb.settle_area(session, settled)
        case = (
            dhr.review_at(session, settled, "amending")
            if kind == "death"
            else asb.case_at(session, settled, "acknowledged")
        )
        home = f"/cases/{case.reference}"
    expected = OF_A_DEATH if kind == "death" else OF_AN_APPLICATION
    overview = visit(browse.as_("officer"), home)
    entries = overview.soup.select(".moj-sub-navigation__link")
    assert [next(entry.strings).strip() for entry in entries] == list(expected)
    assert [str(entry["href"]) for entry in entries] == [home + path for path, _ in expected.values()]
    assert not overview.soup.select(".app-subnav .app-inline")
    for label, (path, within) in expected.items():
        for each in within or [path]:
            page = visit(browse, home + each)
            assert page.status == 200, each
            current = page.soup.select_one(".moj-sub-navigation__link[aria-current]")
            assert next(current.strings).strip() == label, each
            below = [str(link["href"]) for link in page.soup.select(".app-subnav .app-inline a")]
            assert below == [home + other for other in within if other != each]
