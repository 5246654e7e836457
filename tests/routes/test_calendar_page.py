"""The calendar's pages and the door of the private feed."""

import re
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from tests.cast import NOON, Cast
from tests.feeds.ics import read
from tests.routes.browse import Browser, Clock
from tests.routes.pages import visit
from tests.services.test_cases import log_dhr
from tests.services.test_date_changes import APPLIED, review
from tracker.db import Database
from tracker.models import CalendarFeed, Case
from tracker.services import cases
from tracker.services.asked import NewCase


@pytest.fixture
def logged(sqlite_database: Database, settled: Cast) -> dict[str, str]:
    with sqlite_database.transaction() as session:
        return {
            "asb": review(session, settled).reference,
            "dhr": log_dhr(session, settled).reference,
            "late": action(session, settled, date(2026, 11, 20)).reference,
            "new year": action(session, settled, date(2027, 1, 4)).reference,
        }


def action(session: Session, cast: Cast, target_on: date) -> Case:
    asked = NewCase(
        process="action_item", partnership_id=cast.herefordshire, opened_on=APPLIED, imported=True,
        owner_organisation_id=cast.police, title="Put up lighting", state="agreed",
        facts={"agreed_on": APPLIED, "target_on": target_on},
    )  # fmt: skip
    return cases.log_case(session, cast.actor(session, "officer"), asked, at=NOON)


def test_the_agenda_goes_from_today_with_the_overdue_above(browse: Browser, logged: dict[str, str]) -> None:
    page = visit(browse.as_("officer"), "/calendar")
    headings = [" ".join(h.get_text().split()) for h in page.soup.select("main h3")]
    assert headings == ["Overdue", "Today", "Next week", "December 2026", "January 2027"]
    tables = [page.soup.select("main table")[n] for n in (0, 1, 2, 4)]
    assert [
        logged[name] in str(table)
        for name, table in zip(("late", "asb", "dhr", "new year"), tables, strict=True)
    ]
    assert "Christmas Day" in page.text, "closed days by name"
    assert page.text.index("New Year") < page.text.index(logged["new year"])
    assert [logged["late"] in row[0] for row in visit(browse, "/calendar?due=overdue").rows()].count(
        True
    ) == 1
    later = visit(browse, "/calendar?from=2027-01-01").text
    assert "from 1 January 2027 on" in later
    assert logged["dhr"] not in later
    assert logged["dhr"] not in visit(browse, "/calendar?kind=plan").text
    assert logged["asb"] not in visit(browse, "/calendar?whose=mine").text


@pytest.mark.parametrize(
    ("who", "sees"),
    [("officer", {"asb", "dhr", "late", "new year"}), ("chair", {"asb", "late", "new year"}), ("lead", {"late", "new year"}),
     ("panel", set()), ("outsider", set()), ("lead2", set())],
)  # fmt: skip
def test_everybody_sees_their_own(browse: Browser, logged: dict[str, str], who: str, sees: set[str]) -> None:
    text = visit(browse.as_(who), "/calendar").text + visit(browse, "/calendar?view=month").text
    assert {name for name, reference in logged.items() if reference in text} == sees


def test_a_month_is_a_table_of_weeks(browse: Browser, logged: dict[str, str]) -> None:
    page = visit(browse.as_("officer"), "/calendar?view=month")
    assert page.heading == "November 2026"
    heads = [head.get_text() for head in page.soup.select("main table thead th[scope=col]")]
    assert heads == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    assert all(len(row) == 7 for row in page.rows())
    cells = {time["datetime"]: time.find_parent("td") for time in page.soup.select("main td time")}
    assert list(cells) == [f"2026-11-{n:02}" for n in range(1, 31)]
    assert "Today" in cells["2026-11-23"].get_text()
    assert logged["late"] in cells["2026-11-20"].get_text()
    assert "overdue" in cells["2026-11-20"].get_text()
    following = visit(browse, page.links("December 2026")[0])
    assert following.heading == "December 2026"
    assert logged["dhr"] in following.text
    assert visit(browse, "/calendar?view=month&from=2028-02-29").heading == "February 2028"


def test_a_full_day_leads_to_its_page(
    browse: Browser, sqlite_database: Database, settled: Cast, logged: dict[str, str]
) -> None:
    with sqlite_database.transaction() as session:
        for _ in range(4):
            action(session, settled, date(2026, 12, 9))
    month = visit(browse.as_("officer"), "/calendar?view=month&from=2026-12-01")
    (more,) = month.links("1 more")
    day = visit(browse, more)
    assert day.heading == "Wednesday 9 December 2026"
    assert len(day.rows()) == 4
    assert logged["late"] not in day.text


@pytest.mark.parametrize(
    "query",
    ["from=x", "from=0001-01-01", "from=9999-12-31", "on=2026-02-30", "view=year&page=9", "kind=x&whose=y"],
)
def test_what_an_address_cannot_mean_means_nothing(
    browse: Browser, logged: dict[str, str], query: str
) -> None:
    for view in ("", "&view=month"):
        assert visit(browse.as_("officer"), f"/calendar?{query}{view}").status == 200


def test_a_feed_is_made_shown_once_read_without_a_session_and_ended(
    browse: Browser, sqlite_database: Database, logged: dict[str, str], clock: Clock
) -> None:
    stranger = Browser(browse.app)
    page = visit(browse.as_("officer"), "/calendar/subscribe").submit({"scope": "all"})
    address = page.soup.select_one("code").get_text()
    assert "shown only this once" in page.text
    assert visit(browse, "/calendar/subscribe").soup.select_one("code") is None
    path = re.fullmatch(r"http://127\.0\.0\.1:8000(/calendar/feed/[\w-]{43}\.ics)", address)[1]
    answer = stranger.open(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    calendar = read(answer.data)
    summaries = [event.text("SUMMARY") for event in calendar.parts]
    assert "Restricted item due" in summaries
    assert logged["dhr"] not in answer.text
    assert logged["asb"] in answer.text
    assert "lighting" not in answer.text
    assert "Monday 23 November 2026 at midday" in visit(browse, "/calendar/subscribe").text, "last fetched"
    narrowed = visit(browse, "/calendar/subscribe").submit({"scope": "mine", "kinds": ["plan"]}, which=0)
    assert "from its next refresh on" in narrowed.text
    assert read(stranger.open(path).data).parts == []
    clock.forward(minutes=1)
    ended = visit(browse, "/calendar/subscribe").submit(which=1)
    assert "opens nothing any more" in ended.text
    for gone in (path, "/calendar/feed/x.ics", path.replace(".ics", "A.ics")):
        assert stranger.open(gone).status_code == 404
    with sqlite_database.reading() as session:
        assert session.exec(select(CalendarFeed)).one().ended_at == NOON + timedelta(minutes=1)


def test_a_new_address_ends_the_old_and_a_form_without_answers_is_refused(
    browse: Browser, sqlite_database: Database, logged: dict[str, str]
) -> None:
    page = visit(browse.as_("lead"), "/calendar/subscribe")
    refused = page.submit({"scope": "all", "kinds": None})
    assert refused.errors() == ["Tick at least one kind of date"]
    page = visit(browse.as_("officer"), "/calendar/subscribe")
    assert [one["value"] for one in page.soup.select("main input[name=scope]")] == ["all", "mine"]
    assert page.submit({"scope": "agency"}).errors() == [
        "Your account belongs to no agency. Choose your own dates, or all that you may see"
    ]
    first, second = (_made(browse.as_("lead")) for _ in range(2))
    assert Browser(browse.app).open(first).status_code == 404
    text = Browser(browse.app).open(second).text
    assert logged["late"] in text.replace("\r\n ", "")
    assert logged["asb"] not in text


def _made(browse: Browser) -> str:
    pairs = {
        "scope": "agency",
        "kinds": ["statute", "guidance", "local", "plan"],
        "csrf_token": browse.token(),
    }
    assert browse.client.post("/calendar/subscribe", data=pairs).status_code == 303
    found = visit(browse, "/calendar/subscribe").soup.select_one("code")
    return found.get_text().removeprefix("http://127.0.0.1:8000")
