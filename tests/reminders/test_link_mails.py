"""Links in mails: the same one in every mail to a lead, none for staff; codes and thanks go at any hour."""

import re
from datetime import date, timedelta

from sqlmodel import select

from tests.cast import MONDAY, NOON
from tests.reminders.conftest import EIGHT, Office, words
from tracker.db import Database
from tracker.models import Case, Outbox, OutboxState, UpdateLink
from tracker.outbox import DeliverResult, Letterhead, deliver
from tracker.services import link_answers, link_codes, link_keys, link_people, update_links
from tracker.services.actions import Answer, Update
from tracker.services.update_links import OpenLink

SECRET = "a secret for tests, long enough to pass for one"
LETTERHEAD = Letterhead("tracker@council.example", "https://tracker.example", SECRET)
NIGHT = EIGHT(date(2026, 11, 24)) - timedelta(hours=2)
LINK = re.compile(r"https://tracker\.example/u/([0-9A-Z-]{39})(?:/(\S+))?")
LEAD = "lead@example.test"


def send(office: Office, at: object) -> DeliverResult:
    return deliver(office.database, office.post, at, "here", letterhead=LETTERHEAD)  # type: ignore[arg-type]


def keyed(database: Database) -> str:
    with database.reading() as session:
        link = session.exec(select(UpdateLink).where(UpdateLink.address == LEAD)).one()
        return link_keys.key_of(SECRET, link.nonce, LEAD)


def with_link(office: Office, *, restricted: bool = False) -> tuple[int, str]:
    """An action of the police, and the key that the lead's first reminder of it carried."""
    case = office.case(organisation=office.cast.police, restricted=restricted)
    office.deadline(case, date(2026, 11, 30))
    office.tick(EIGHT(MONDAY))
    send(office, EIGHT(MONDAY))
    return case, keyed(office.database)


def test_a_lead_gets_the_same_link_in_each_mail_and_staff_get_none(office: Office) -> None:
    case = office.case(organisation=office.cast.police, officer="officer")
    office.deadline(case, date(2026, 11, 30))
    found, told = set(), 0
    for day in (MONDAY, date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)):
        office.tick(EIGHT(day))
        send(office, EIGHT(day))
        for mail in office.post.take():
            links = LINK.findall(words(mail))
            if mail["To"] == LEAD:
                told += 1
                found |= set(links)
                assert "/actions/" not in words(mail)
            else:
                assert links == [], mail["To"]
    assert told >= 2
    assert found == {(keyed(office.database), "HCSP-ACT-2026-001")}
    with office.reading() as session:
        row = session.exec(select(UpdateLink)).one()
        assert update_links.last_day(row) > date(2027, 2, 27)


def test_a_code_goes_at_night_and_a_reminder_does_not(office: Office) -> None:
    case_id, key = with_link(office, restricted=True)
    office.post.take()
    office.deadline(case_id, date(2026, 11, 25), key="OTHER", asked_from=EIGHT(MONDAY))
    with office.database.transaction() as session:
        link = update_links.find(session, SECRET, key, NIGHT)
        link_codes.send(session, link, session.get_one(Case, case_id), at=NIGHT)
    office.tick(NIGHT)
    send(office, NIGHT + timedelta(seconds=30))
    [mail] = office.post.take()
    assert (mail["To"], mail["Subject"]) == (LEAD, "Your six-digit code")
    [code] = re.findall(r"\b\d{6}\b", words(mail))
    assert "It works until 6:15am" in words(mail)
    assert "/u/" not in words(mail)
    with office.database.transaction() as session:
        link = update_links.find(session, SECRET, key, NIGHT)
        assert link_codes.enter(session, SECRET, link, code, at=NIGHT).token
    for row in office.rows():
        assert code not in f"{row.payload}{row.last_error}{row.dedupe_key}"
        assert key not in f"{row.payload}{row.last_error}{row.dedupe_key}"


def test_a_code_does_not_stand_in_the_line_of_the_mornings_reminders(office: Office) -> None:
    """With a slow server the line is longer than the code works. It is that of the alphabet."""
    case_id, key = with_link(office, restricted=True)
    office.post.take()
    eight = EIGHT(date(2026, 11, 24))
    for number in range(3):
        case = office.case(officer="chair", process="asb_case_review")
        office.deadline(case, date(2026, 11, 24) + timedelta(days=number), owner="csp_chair")
    office.tick(eight)
    with office.database.transaction() as session:
        link = update_links.find(session, SECRET, key, eight)
        link_codes.send(session, link, session.get_one(Case, case_id), at=eight)
    left = iter([False, True])
    deliver(
        office.database, office.post, eight, "here", letterhead=LETTERHEAD, stopping=lambda: next(left, True)
    )
    assert [mail["Subject"] for mail in office.post.mails] == ["Your six-digit code"]


def test_a_code_that_comes_too_late_is_not_sent(small_office: Office) -> None:
    case_id, key = with_link(small_office, restricted=True)
    small_office.post.take()
    with small_office.database.transaction() as session:
        link = update_links.find(session, SECRET, key, NOON)
        link_codes.send(session, link, session.get_one(Case, case_id), at=NOON)
    send(small_office, NOON + timedelta(minutes=16))
    assert small_office.post.mails == []
    [row] = small_office.rows(OutboxState.CANCELLED)
    assert row.last_error == "The code had run out before it could be sent."


def test_thanks_name_the_reference_and_offer_to_take_it_back(office: Office) -> None:
    case_id, key = with_link(office)
    office.post.take()
    with office.database.transaction() as session:
        link = update_links.find(session, SECRET, key, NIGHT)
        case = session.get_one(Case, case_id)
        update = Update(Answer.PROGRESS, case.version, note="Ash and Rowan came", request_id="one")
        event = link_answers.report(session, link, case, update, at=NIGHT)
        seq = event.seq
    send(office, NIGHT)
    [mail] = office.post.take()
    assert mail["Subject"] == "We have your update"
    assert "Tuesday 24 November 2026 at 6:00am: there is progress" in words(mail)
    assert LINK.findall(words(mail)) == [(key, f"HCSP-ACT-2026-001/not-me/{seq}")]
    assert "Rowan" not in str(mail)


def test_whoever_covers_gets_another_key_and_an_ended_link_goes_nowhere(office: Office) -> None:
    case_id, key = with_link(office)
    office.post.take()

    def cover(link: OpenLink, email: str, request: str) -> None:
        with office.database.transaction() as session:
            case = session.get_one(Case, case_id)
            link_people.cover(
                session, link, name="Duty desk", email=email, about=[case], secret=SECRET, request_id=request, at=NIGHT
            )  # fmt: skip

    with office.database.reading() as session:
        link = update_links.find(session, SECRET, key, NIGHT)
        session.expunge_all()
    cover(link, "duty@police.example", "a")
    cover(link, "night@police.example", "b")
    with office.database.transaction() as session:
        ended = session.exec(select(UpdateLink).where(UpdateLink.address == "night@police.example")).one()
        ended.ended_at = NIGHT
    send(office, NIGHT)
    [mail] = office.post.take()
    assert mail["To"] == "duty@police.example"
    [(own, rest)] = LINK.findall(words(mail))
    assert (own != key, rest) == (True, "")
    assert "Duty desk" not in str(mail)
    with office.reading() as session:
        assert [
            r.last_error for r in session.exec(select(Outbox).where(Outbox.state == "cancelled")).all()
        ] == ["The link has ended."]
