"""My reminders, sentence by sentence: what is chosen on the page decides which mails really come, and when."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlmodel import select

from config import Settings
from tests.cast import Cast
from tests.reminders.conftest import EIGHT, Office
from tests.reminders.test_teams import LOCAL, workflow
from tests.routes.browse import Browser
from tests.routes.pages import visit
from tracker import cards, rounds
from tracker.db import Database
from tracker.models import ReminderChoice

NINTH, MONDAY = date(2026, 11, 9), date(2026, 11, 23)
HOUR = timedelta(hours=1)
PAGE = "/account/reminders"
USUAL = {"hour": "8", "early": "daily", "digest_day": "1"}
WHO = "officer"


@pytest.fixture
def office(sqlite_database: Database, settled: Cast) -> Office:
    return Office(sqlite_database, settled)


Came = Callable[[datetime], list[str]]


@pytest.fixture
def came(office: Office, tmp_path: Path) -> Came:
    """Do a round as the timetable does; the subjects of the mails to the officer that lie in the folder since the last."""
    folder, seen = tmp_path / "mail", set[Path]()
    settings = Settings(database_url=office.database.url, mail_dir=folder)

    def since(at: datetime) -> list[str]:
        rounds.run(settings, office.database, at, holder="here")
        new = [path for path in sorted(folder.iterdir()) if path not in seen] if folder.exists() else []
        seen.update(new)
        mails = [
            message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default) for path in new
        ]
        return sorted(str(mail["Subject"]) for mail in mails if mail["To"] == f"{WHO}@example.test")

    return since


def choose(browse: Browser, **typed: str) -> None:
    assert browse.as_(WHO).submit(PAGE, **(USUAL | typed)).status_code == 303


def owed(office: Office, due_on: date = MONDAY, force: str = "local") -> int:
    case = office.case(officer=WHO, organisation=office.cast.police)
    return office.deadline(case, due_on, owner="bu_officer", force=force)


def fortnight(came: Came, hour: int = 8) -> dict[date, list[str]]:
    """The subjects of each day from two weeks before the date to the second day after it, read late in the day."""
    found = {}
    for n in range(-14, 3):
        on = MONDAY + timedelta(days=n)
        if subjects := came(EIGHT(on) + (hour - 8) * HOUR):
            found[on] = subjects
    return found


def test_from_the_chosen_time_of_day(browse: Browser, office: Office, came: Came) -> None:
    choose(browse, hour="14")
    owed(office)
    morning = EIGHT(NINTH)
    assert [came(morning + HOUR * n) for n in (0, 3, 5.9)] == [[], [], []]
    assert came(morning + 6 * HOUR) == ["Monday 9 November: 1 coming up"]
    late = EIGHT(date(2026, 11, 24))
    assert [came(late + HOUR * n) for n in (0, 5.9)] == [[], []]
    assert came(late + 6 * HOUR) == ["1 action was due yesterday"], "what goes singly waits for the hour too"


def test_every_day_as_usual(browse: Browser, office: Office, came: Came) -> None:
    choose(browse)
    owed(office)
    assert fortnight(came) == {
        NINTH: ["Monday 9 November: 1 coming up"],
        date(2026, 11, 16): ["Monday 16 November: 1 coming up"],
        date(2026, 11, 20): ["Friday 20 November: 1 coming up"],
        MONDAY: ["Monday 23 November: 0 overdue, 1 due today"],
        date(2026, 11, 24): ["1 action was due yesterday"],
    }


def test_what_is_not_urgent_comes_on_the_chosen_day_and_what_is_due_at_once(
    browse: Browser, office: Office, came: Came
) -> None:
    choose(browse, early="weekly", digest_day="3")
    owed(office)
    assert fortnight(came) == {
        date(2026, 11, 11): ["Wednesday 11 November: 1 coming up"],
        date(2026, 11, 18): ["Wednesday 18 November: 1 coming up"],
        MONDAY: ["Monday 23 November: 0 overdue, 1 due today"],
        date(2026, 11, 24): ["1 action was due yesterday"],
    }


def test_nothing_before_a_date_if_so_chosen(browse: Browser, office: Office, came: Came) -> None:
    choose(browse, early="never")
    owed(office)
    assert list(fortnight(came)) == [MONDAY, date(2026, 11, 24)]


@pytest.mark.parametrize("early", ["never", "weekly"])
def test_nobody_switches_off_a_statutory_duty(
    browse: Browser, office: Office, came: Came, early: str
) -> None:
    choose(browse, early=early, digest_day="5", hour="16")
    owed(office, force="statute")
    found = fortnight(came, 16)
    assert list(found) == [
        NINTH, date(2026, 11, 16), date(2026, 11, 20), MONDAY, date(2026, 11, 24),
    ]  # fmt: skip
    assert found[date(2026, 11, 24)] == ["1 action was due yesterday"]


@pytest.mark.parametrize(
    "typed",
    [{"early": "off"}, {"early": ""}, {"hour": ""}, {"hour": "17"}, {"hour": "24"}, {"digest_day": "7"}, {"digest_day": ""}],
)  # fmt: skip
def test_there_is_no_answer_that_switches_mails_off(
    browse: Browser, office: Office, typed: dict[str, str]
) -> None:
    assert browse.as_(WHO).submit(PAGE, **(USUAL | typed)).status_code == 422
    with office.reading() as session:
        assert session.exec(select(ReminderChoice)).all() == []


def test_the_calendar_that_the_page_leads_to_holds_the_date(browse: Browser, office: Office) -> None:
    owed(office)
    page = visit(browse.as_(WHO), PAGE)
    assert "/calendar/subscribe" in page.links("Subscribe to your calendar")
    address = visit(browse, "/calendar/subscribe").submit({"scope": "mine"}).soup.select_one("code")
    assert address is not None
    feed = browse.client.get("/" + address.get_text().strip().split("/", 3)[3])
    assert "SUMMARY:Due: HCSP-ACT-2026-001" in feed.text
    assert "DTSTART;VALUE=DATE:20261123" in feed.text


def test_a_card_in_teams_follows_the_mail_and_nothing_keeps_the_mail_back(
    browse: Browser, office: Office, came: Came
) -> None:
    given = browse.app.extensions["tracker"]
    hosts = {"teams_hosts": ".logic.azure.com"}
    object.__setattr__(given, "settings", given.settings.model_copy(update=hosts))
    choose(browse, teams_url="https://prod.logic.azure.com/workflows/1?sig=x")
    owed(office)
    with workflow() as here:
        with office.database.transaction() as session:
            session.get_one(ReminderChoice, office.cast.people[WHO]).teams_url = here.url
        # The settings of this round allow no host: the mail goes all the same, and the card waits.
        assert came(EIGHT(NINTH)) == ["Monday 9 November: 1 coming up"]
        assert here.taken == []
        assert cards.post(office.database, LOCAL, EIGHT(NINTH) + HOUR) == 1
        assert cards.post(office.database, LOCAL, EIGHT(NINTH) + HOUR) == 0
    [said] = here.taken
    assert "Monday 9 November: 1 coming up" in said
    assert "HCSP-ACT-2026-001" in said
