"""Closed days on pages: every date that moves is shown before anyone confirms, named only to who may open its case."""

from datetime import date

import pytest
from sqlmodel import select

from tests.cast import Cast
from tests.driving import applied, say
from tests.routes.browse import Browser
from tests.routes.pages import Page, visit
from tests.services.test_cases import log_dhr
from tracker.db import Database
from tracker.models import Deadline, Holiday

FRIDAY = date(2026, 11, 20)
DAY = {"on": "25 11 2026", "name": "Council closed"}


@pytest.fixture
def reference(sqlite_database: Database, settled: Cast) -> str:
    """An application with dates in working days ahead."""
    with sqlite_database.transaction() as session:
        return applied(session, settled, FRIDAY).reference


def ask(browse: Browser, who: str = "manager", **changes: str) -> Page:
    return visit(browse.as_(who), "/closed-days/add").submit(DAY | changes)


def days(database: Database) -> list[date]:
    with database.reading() as session:
        return list(session.exec(select(Holiday.on).where(Holiday.removed_at.is_(None))).all())


def test_the_preview_lists_what_then_moves(
    browse: Browser, reference: str, sqlite_database: Database
) -> None:
    check = ask(browse)
    assert (check.status, check.heading) == (200, "Check what this day moves")
    listed = check.rows()
    assert [reference, "Threshold decision told", "Fri 11 Dec 2026", "Mon 14 Dec 2026"] in listed
    assert days(sqlite_database) == [], "looking changes nothing"
    page = check.submit()
    assert page.heading == "Closed days"
    assert f"Wednesday 25 November 2026 is entered. {len(listed)} dates moved." in page.text
    assert days(sqlite_database) == [date(2026, 11, 25)]
    history = visit(browse, f"/cases/{reference}/history").text
    assert "Moved to Monday 14 December 2026: Threshold decision told" in history


def test_what_changed_since_the_preview_is_worked_out_again(
    browse: Browser, reference: str, sqlite_database: Database
) -> None:
    check = ask(browse)
    with sqlite_database.transaction() as session:
        case = applied(session, _cast(sqlite_database), FRIDAY)
        say(session, case, FRIDAY, letter_sent_L1=FRIDAY)
    before = len(check.rows())
    page = check.submit()
    assert f"{before + 1} dates moved." in page.text, "the new case has no date to acknowledge left"


def _cast(database: Database) -> Cast:
    from tests.cast import PEOPLE
    from tracker.models import Organisation, Partnership, User

    with database.reading() as session:
        places = dict(session.exec(select(Partnership.key, Partnership.id)).all())
        bodies = dict(session.exec(select(Organisation.key, Organisation.id)).all())
        people = dict(session.exec(select(User.email, User.id)).all())
    return Cast(
        places["herefordshire"], places["worcestershire"], bodies["west-mercia-police"], bodies["housing"],
        {who: people[f"{who}@example.test"] for who, _, _ in PEOPLE},
    )  # fmt: skip


def test_dates_of_cases_that_one_cannot_open_are_counted(
    browse: Browser, reference: str, settled: Cast, sqlite_database: Database
) -> None:
    with sqlite_database.transaction() as session:
        case = log_dhr(session, settled)
        say(session, case, FRIDAY, family_notified_on=FRIDAY)
        deadline = session.exec(select(Deadline).where(Deadline.case_id == case.id)).first()
        deadline.rule = {
            "n": 20,
            "unit": "working_days",
            "mode": "after",
            "day_zero": "event",
            "roll": "none",
        }
        secret = case.reference
    check = ask(browse)
    assert secret not in check.response.text
    assert "And 1 date in a case that you cannot open." in check.text
    assert reference in check.text


def test_an_administrator_sees_counts_only(
    browse: Browser, reference: str, sqlite_database: Database
) -> None:
    form = visit(browse.as_("admin"), "/closed-days/add")
    assert "A day on which one partnership alone is closed is entered by its manager" in form.text
    assert "entered by its manager" not in visit(browse.as_("manager"), "/closed-days/add").text
    check = ask(browse, "admin", on="26 11 2026", name="A royal day")
    assert reference not in check.response.text
    assert "Threshold decision told" not in check.text
    assert "dates in cases that you cannot open." in check.text
    check.submit()
    with sqlite_database.reading() as session:
        assert session.exec(select(Holiday)).one().partnership_id is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"on": ""}, "Enter the day"),
        ({"on": "31 September 2026"}, "The day must be a real date, such as 23 11 2026"),
        ({"on": "28 11 2026"}, "Saturday 28 November 2026 is no working day already: it is a Saturday"),
        ({"name": " "}, "Give the day a name"),
        ({"on": "25 11 1860"}, "The day must be between 1995 and 2100"),
        ({"name": "x" * 101}, "The name must be 100 characters or fewer"),
    ],
)
def test_what_cannot_be_entered_is_said_at_the_field_and_nothing_typed_is_lost(
    browse: Browser, reference: str, typed: dict[str, str], words: str
) -> None:
    page = ask(browse, **typed)
    assert (page.status, page.errors()) == (422, [words])
    kept = dict(page.fields())
    assert (kept["on"], kept["name"]) == tuple((DAY | typed).values())


def test_a_second_press_says_that_it_is_there_already(browse: Browser, reference: str) -> None:
    check = ask(browse)
    check.submit()
    again = check.submit()
    assert again.status == 422
    assert "is no working day already: it is Council closed" in again.errors()[0]


def test_a_mistake_is_taken_out_with_its_reason(
    browse: Browser, reference: str, sqlite_database: Database
) -> None:
    ask(browse).submit()
    page = visit(browse, "/closed-days")
    form = visit(browse, page.links("Take out")[0])
    assert [reference, "Threshold decision told", "Mon 14 Dec 2026", "Fri 11 Dec 2026"] in form.rows()
    refused = form.submit({"reason": ""})
    assert refused.errors() == ["Say why the day counts after all"]
    done = form.submit({"reason": "The wrong week"})
    assert "is taken out." in done.text
    assert days(sqlite_database) == []
    assert form.submit({"reason": "Again"}).status == 404


@pytest.mark.parametrize(
    ("who", "reads", "enters"),
    [
        ("officer", 200, 403), ("manager", 200, 200), ("chair", 200, 403), ("auditor", 200, 403),
        ("admin", 200, 200), ("lead", 403, 403), ("panel", 403, 403),
    ],
)  # fmt: skip
def test_who_may(browse: Browser, settled: Cast, who: str, reads: int, enters: int) -> None:
    browse.as_(who)
    assert visit(browse, "/closed-days").status == reads
    assert visit(browse, "/closed-days/add").status == enters


def test_nobody_enters_days_elsewhere(browse: Browser, reference: str, sqlite_database: Database) -> None:
    check = ask(browse)
    for place in ("worcestershire", "all", "nowhere"):
        fields = {**dict(check.fields()), "place": place}
        answer = browse.client.post("/closed-days", data=fields)
        assert answer.status_code == 422, place
    assert visit(browse, "/closed-days/worcestershire/2026-11-25").status == 404
    assert visit(browse, "/closed-days/all/2026-11-25").status == 404
    assert visit(browse, "/closed-days/herefordshire/tomorrow").status == 404
    assert days(sqlite_database) == []
