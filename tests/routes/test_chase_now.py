"""The button "Chase now" on the lists of what others owe, for those who may press it."""

from datetime import date

import pytest
from sqlmodel import select

from tests.cast import NOON, Cast
from tests.routes.browse import Browser
from tests.services.test_date_changes import review
from tracker.db import Database
from tracker.models import Deadline, Outbox


@pytest.fixture
def owed(sqlite_database: Database, settled: Cast) -> str:
    with sqlite_database.transaction() as session:
        case = review(session, settled)
        assert case.id is not None
        session.add(
            Deadline(
                case_id=case.id, key="C4", instance="west-mercia-police", label="Agency return", rule={}, basis="Local",
                force="local", length_local=True, owner="agency_lead", starts_on=date(2026, 11, 2),
                due_on=date(2026, 11, 30), first_due_on=date(2026, 11, 30), recorded_at=NOON,
            )
        )  # fmt: skip
        return case.reference


def test_an_officer_chases_from_the_list_and_comes_back_to_it(
    browse: Browser, owed: str, sqlite_database: Database
) -> None:
    officer = browse.as_("officer")
    page = officer.open("/today/waiting").text
    assert "Chase now<span" in page
    assert "West Mercia Police: Agency return" in page
    assert "Chase now<span" in officer.open("/today").text
    asked = {"key": "C4", "instance": "west-mercia-police", "back": "waiting"}
    answer = officer.submit(f"/cases/{owed}/chase", **asked)
    assert (answer.status_code, answer.location) == (303, "/today/waiting")
    assert f"{owed}: reminder 1 goes to the lead" in officer.open("/today/waiting").text
    officer.submit(f"/cases/{owed}/chase", **asked)
    assert "They were reminded of this today already." in officer.open("/today/waiting").text
    with sqlite_database.reading() as session:
        assert [row.kind for row in session.exec(select(Outbox)).all()] == ["chaser"]
    answer = officer.submit(f"/cases/{owed}/chase", **asked | {"back": "deadlines"})
    assert answer.location == f"/cases/{owed}/deadlines"
    assert "Chase now<span" in officer.open(f"/cases/{owed}/deadlines").text
    assert "Agency chased" in officer.open(f"/cases/{owed}/history").text


def test_the_letter_is_made_by_the_same_click_and_linked(browse: Browser, owed: str) -> None:
    officer = browse.as_("officer")
    officer.submit(f"/cases/{owed}/chase", key="C4", instance="west-mercia-police", back="waiting")
    address = f"/cases/{owed}/chase/1/letter"
    for page in ("/today/waiting", "/reports/reminders"):
        assert f'href="{address}"' in officer.open(page).text
    file = officer.open(address)
    assert (file.status_code, "wordprocessingml" in file.content_type) == (200, True)
    assert officer.open(f"/cases/{owed}/chase/2/letter").status_code == 404


def test_whoever_only_reads_sees_no_button_and_is_refused(browse: Browser, owed: str) -> None:
    chair = browse.as_("chair")
    assert chair.open(f"/cases/{owed}/chase/1/letter").status_code in {403, 404}
    for address in ("/today/waiting", f"/cases/{owed}/deadlines"):
        assert "Chase now" not in chair.open(address).text
    assert chair.submit(f"/cases/{owed}/chase", key="C4", instance="west-mercia-police").status_code in {
        403,
        404,
    }
