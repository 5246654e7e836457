"""The mail with a link to set a password: at any hour, alone, with nobody's name."""

from datetime import timedelta

from sqlmodel import select

from tests.cast import NOON
from tests.reminders.conftest import Office, words
from tracker.models import Outbox
from tracker.outbox import Letterhead, deliver
from tracker.services import password_links, person_changes
from tracker.services.person_changes import Why

SECRET = "a secret for tests, long enough to pass for one"


def test_the_mail_goes_at_night_and_names_nobody(small_office: Office) -> None:
    night = NOON + timedelta(hours=10)
    with small_office.database.transaction() as session:
        admin = small_office.cast.actor(session, "admin")
        person_changes.send_link(session, admin, small_office.cast.people["officer"], Why("Asked", night))
    letterhead = Letterhead("tracker@council.example", "https://tracker.example", SECRET)
    deliver(small_office.database, small_office.post, night, "here", letterhead=letterhead)
    [mail] = small_office.post.take()
    assert (mail["To"], mail["Subject"]) == ("officer@example.test", "Set your password")
    link = next(line for line in words(mail).splitlines() if line.startswith("https://"))
    assert "until Thursday 26 November 2026 at 10:00pm" in words(mail)
    assert "Officer" not in words(mail)
    with small_office.database.reading() as session:
        token = link.removeprefix("https://tracker.example/set-password/")
        assert (
            password_links.person_of(session, SECRET, token, night).id == small_office.cast.people["officer"]
        )
        [row] = session.exec(select(Outbox)).all()
        assert token not in f"{row.payload}{row.dedupe_key}{row.last_error}"
