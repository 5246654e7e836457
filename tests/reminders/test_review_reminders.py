"""Section 10 of the document: each reminder of a review goes once, though the tracker restarts, and names nobody."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests import dhr
from tests.cast import NOON
from tests.reminders.conftest import EIGHT, LETTERHEAD, Office, twin, words
from tracker.db import Database
from tracker.models import Deadline, OutboxState, User
from tracker.outbox import deliver
from tracker.services.grants import grant
from tracker.services.reminders import tick


def test_a_reminder_goes_once_for_each_offset_though_the_tracker_restarts(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    with office.database.transaction() as session:
        case = dhr.review_at(session, office.cast, "scoping", deceased_pseudonym="Rowan")
        for who in ("manager", "chair"):
            user = session.get_one(User, office.cast.people[who])
            grant(session, office.cast.actor(session, "officer"), case, user, "Decides", at=NOON)
        assert case.facts["deceased_pseudonym"] == "Rowan"
        due = session.exec(select(Deadline).where(Deadline.key == "DECISION")).one()
        number, due_on = due.id, due.due_on
    assert due_on == date(2026, 12, 2)
    day = date(2026, 11, 24)
    while day < date(2026, 12, 12):
        mails = []
        for _ in range(2):  # each round twice, each time by a tracker that has just begun
            started = Database(office.database.url)
            tick(started, EIGHT(day))
            deliver(started, office.post, EIGHT(day), "here", letterhead=LETTERHEAD)
            started.dispose()
            mails.append(len(office.post.mails))
        assert mails[0] == mails[1]
        day += timedelta(days=1)
    sent = [row for row in office.rows(OutboxState.SENT) if row.deadline_id == number]
    steps = [(row.rung, row.to_address) for row in sent]
    assert len(steps) == len(set(steps))
    assert {step for step, _ in steps} >= {"before-7", "before-3", "before-1", "on", "after-1"}
    everything = "\n".join(str(mail) + words(mail) + twin(mail) for mail in office.post.mails)
    assert case.reference in everything
    assert "rowan" not in everything.casefold()
    assert "Rowan" not in "".join(capfd.readouterr())
