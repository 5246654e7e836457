"""My reminders: chosen on a page, checked, kept."""

from tests.cast import Cast
from tests.routes.browse import Browser
from tracker.db import Database
from tracker.models import ReminderChoice


def test_my_reminders_are_chosen_on_a_page(browse: Browser, settled: Cast, sqlite_database: Database) -> None:
    page = browse.as_("officer")
    assert "cannot be switched off" in page.open("/account/reminders").text
    refused = page.submit("/account/reminders", hour="10", digest_day="2")
    assert refused.status_code == 422
    assert "Choose how often to hear of dates that are still to come" in refused.text
    assert page.submit("/account/reminders", hour="10", early="weekly", digest_day="2").status_code == 303
    with sqlite_database.reading() as session:
        row = session.get_one(ReminderChoice, settled.people["officer"])
        assert (row.hour, row.early, row.digest_day) == (10, "weekly", 2)
    assert page.submit("/account/reminders", hour="3", early="weekly", digest_day="2").status_code == 422


def test_teams_is_chosen_and_left_on_my_reminders(
    browse: Browser,
    settled: Cast,
    sqlite_database: Database,
) -> None:
    page, url = "/account/reminders", "https://prod.uksouth.logic.azure.com/workflows/1?sig=secret"
    usual = {"hour": "8", "early": "daily", "digest_day": "1"}
    officer = browse.as_("officer")
    assert "Cards in Teams" not in officer.open(page).text
    given = browse.app.extensions["tracker"]
    object.__setattr__(
        given, "settings", given.settings.model_copy(update={"teams_hosts": ".logic.azure.com"})
    )
    assert "Cards in Teams" in officer.open(page).text
    refused = officer.submit(page, **usual, teams_url="https://evil.example/hook")
    assert (refused.status_code, "host that this tracker may post to" in refused.text) == (422, True)
    assert officer.submit(page, **usual, teams_url=url).status_code == 303
    shown = officer.open(page).text
    assert "You get cards now" in shown
    assert "secret" not in shown
    assert officer.submit(page, **usual).status_code == 303
    with sqlite_database.reading() as session:
        assert session.get_one(ReminderChoice, settled.people["officer"]).teams_url == url
    assert officer.submit(page, **usual, teams_off="y").status_code == 303
    assert "You get cards now" not in officer.open(page).text
