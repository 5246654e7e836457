"""The statutory diary: dates and gaps of each partnership, and the record of what was done."""

from datetime import date

import pytest
from sqlmodel import select

from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser
from tests.routes.pages import visit
from tracker.db import Database
from tracker.errors import BadInput, NotPermitted
from tracker.models import DutyRecord, Partnership, Plan, PublishedFigures
from tracker.services import duties


@pytest.fixture
def planned(sqlite_database: Database, settled: Cast) -> None:
    with sqlite_database.transaction() as session:
        session.add(
            Plan(
                key="plan", partnership_id=settled.herefordshire, name="Strategy 2024 to 2027", imported_at=NOON,
                starts_on=date(2024, 4, 1), ends_on=date(2027, 3, 31),
            )
        )  # fmt: skip


def test_dates_and_gaps_until_they_are_filled(
    browse: Browser, planned: None, sqlite_database: Database
) -> None:
    page = visit(browse.as_("officer"), "/calendar/diary")
    assert "Counted back from Strategy 2024 to 2027, which runs to Wednesday 31 March 2027." in page.text
    rows = {
        row[0].split(" Each")[0].split(" By")[0].split(" Within")[0].split(" At")[0]: row[1:]
        for row in page.rows()
    }
    assert rows == {
        "Copy to the policing body": ["Wed 1 May 2024 Not recorded as done", "Never recorded"],
        "Strategic assessment": ["Sun 28 Feb 2027 in 97 days", "Never recorded"],
        "New strategy adopted": ["Wed 31 Mar 2027 in 128 days", "Never recorded"],
        "Report to the scrutiny committee": ["Wed 31 Mar 2027 in 128 days", "Never recorded"],
    }
    assert "Figures of ASB case reviews: no period was ever approved." in page.text
    form = visit(browse, page.links("Record what was done")[0])
    assert form.submit().errors() == ["Choose what was done", "Enter the day on which it was done"]
    typed = {"duty": "copy", "done_on": "3 5 2024", "location": "javascript:x"}
    (said,) = form.submit(typed).errors()
    assert said.startswith("Where it is kept must be a whole address")
    done = form.submit({**typed, "location": "https://store.example.gov.uk/letter"})
    assert "Done for this round" in done.text
    assert done.links("paper") == ["https://store.example.gov.uk/letter"]
    assert "Never recorded: strategic assessment" in done.text
    again = done.submit()
    assert "It is taken out." in again.text
    assert "Never recorded: copy to the policing body, strategic assessment" in again.text
    with sqlite_database.reading() as session:
        assert session.exec(select(DutyRecord)).one().removed_at == NOON


def test_figures_that_were_approved_wait_to_be_published(
    browse: Browser, planned: None, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        session.add(
            PublishedFigures(
                partnership_id=settled.herefordshire, from_on=date(2025, 10, 1), to_on=date(2026, 9, 30), version=1,
                applications=4, not_met=1, reviews=2, with_recommendations=1, approved_at=NOON,
            )
        )  # fmt: skip
    text = visit(browse.as_("officer"), "/calendar/diary").text
    assert "Wed 25 Nov 2026 in 2 working days" in text
    assert "approved, and not recorded as published" in text


@pytest.mark.parametrize(
    ("who", "status", "may"),
    [
        ("manager", 200, True),
        ("chair", 200, False),
        ("auditor", 200, False),
        ("lead", 403, False),
        ("panel", 403, False),
    ],
)
def test_who_reads_and_who_records(
    browse: Browser, planned: None, who: str, status: int, *, may: bool
) -> None:
    page = browse.as_(who).open("/calendar/diary")
    assert page.status_code == status
    assert ("Record what was done" in page.text) is may
    assert (b"Statutory diary" in browse.open("/calendar").data) is (status == 200)
    assert (browse.open("/calendar/diary/herefordshire/done").status_code == 200) is may
    assert browse.as_("outsider").open("/calendar/diary/herefordshire/done").status_code == 404


def test_the_service_asks_again(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        place = session.exec(select(Partnership).where(Partnership.id == cast.herefordshire)).one()
        officer = cast.actor(session, "officer")
        for who in ("chair", "lead", "outsider", "admin"):
            with pytest.raises(NotPermitted):
                duties.record(session, cast.actor(session, who), place, "copy", MONDAY, at=NOON)
            with pytest.raises(NotPermitted):
                duties.remove(session, cast.actor(session, who), place, "copy", MONDAY, at=NOON)
        for duty, on, words in (
            ("novel", MONDAY, "among the answers"),
            ("copy", date(2026, 11, 24), "today or in the past"),
            ("copy", date(1990, 1, 1), "after July 1998"),
        ):
            with pytest.raises(BadInput, match=words):
                duties.record(session, officer, place, duty, on, at=NOON)
        first = duties.record(session, officer, place, "copy", MONDAY, at=NOON)
        assert duties.record(session, officer, place, "copy", MONDAY, at=NOON) is first
        duties.remove(session, officer, place, "copy", MONDAY, at=NOON)
        assert list(duties.records_of(session, place)) == []
        with pytest.raises(BadInput, match="Nothing of the kind"):
            duties.remove(session, officer, place, "copy", MONDAY, at=NOON)
