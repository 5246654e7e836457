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
