"""A mail of one partnership is answered at its business unit; the new lead of an ended agency hears by a digest, once."""

from datetime import date, timedelta

from tests.reminders.conftest import EIGHT, Office, words
from tracker.models import Organisation, OutboxState, Partnership
from tracker.services import successions
from tracker.services.person_changes import Why

MONDAY = date(2026, 11, 23)


def test_answers_go_to_the_business_unit_where_one_is_recorded(office: Office) -> None:
    office.deadline(office.case(organisation=office.cast.police, officer="officer"), MONDAY)
    office.round(EIGHT(date(2026, 11, 9)))
    assert [mail["Reply-To"] for mail in office.post.take()] == [None, None]
    with office.database.transaction() as session:
        place = session.get_one(Partnership, office.cast.herefordshire)
        place.unit_mailbox = "unit@council.example"
        session.add(place)
    office.round(EIGHT(date(2026, 11, 16)))
    assert [mail["Reply-To"] for mail in office.post.take()] == ["unit@council.example"] * 2
    with office.database.transaction() as session:
        place = session.get_one(Partnership, office.cast.herefordshire)
        place.reply_to = "answers@council.example"
        session.add(place)
    office.round(EIGHT(date(2026, 11, 20)))
    assert {mail["Reply-To"] for mail in office.post.take()} == {"answers@council.example"}


def test_whoever_takes_over_gets_one_digest_and_the_old_lead_nothing_more(office: Office) -> None:
    for _ in range(3):
        office.deadline(office.case(organisation=office.cast.police, officer="officer"), MONDAY)
    office.round(EIGHT(date(2026, 11, 16)))
    assert len(office.post.to("lead@example.test")) == 1
    office.post.take()
    at = EIGHT(date(2026, 11, 17)) + timedelta(hours=3)
    with office.database.transaction() as session:
        old = session.get_one(Organisation, office.cast.police)
        old.to_on, old.successor_id = date(2026, 11, 16), office.cast.housing
        session.add(old)
        admin = office.cast.actor(session, "admin", at)
        successions.rehome(session, admin, "west-mercia-police", Why("They merged", at))
    office.round(at + timedelta(hours=1))
    assert office.post.take() == [], "it goes on the next working morning"
    office.round(EIGHT(date(2026, 11, 18)))
    [mail] = office.post.take()
    assert mail["To"] == "lead2@example.test"
    assert all(f"HCSP-ACT-2026-00{number}" in words(mail) for number in (1, 2, 3))
    office.round(EIGHT(date(2026, 11, 19)))
    assert office.post.take() == []
    office.round(EIGHT(date(2026, 11, 20)))
    assert sorted({str(mail["To"]) for mail in office.post.take()}) == [
        "lead2@example.test",
        "officer@example.test",
    ]
    assert not office.rows(OutboxState.FAILED)
