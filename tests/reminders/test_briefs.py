"""The note of the week, the lines of a morning, and what was said when reminders stood still."""

from datetime import date, timedelta
from pathlib import Path

from sqlmodel import select

from config import Settings
from tests.reminders.conftest import EIGHT, Kept, Office, words
from tests.reminders.test_mail_bodies import MANAGERS_NOTE
from tracker import briefs, rounds
from tracker.models import Membership, Outbox, OutboxState
from tracker.queries.briefing import LikelyLate, Week, week_in_words
from tracker.services import leases
from tracker.services.notices import WEEKS_NOTE
from tracker.transports import Temporary

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def run(office: Office, at_day: date, hours: int = 0) -> list[str]:
    """One round, as the timetable does it; the mails' words by whom they go to."""
    settings, at = Settings(database_url=office.database.url), EIGHT(at_day) + timedelta(hours=hours)
    rounds.run(settings, office.database, at, holder="here", transport=office.post)
    return [f"{mail['To']}|{mail['Subject']}|{words(mail)}" for mail in office.post.take()]


def notes(office: Office) -> list[Outbox]:
    return [row for row in office.rows() if row.kind == WEEKS_NOTE]


def test_a_manager_is_written_to_once_a_week_and_the_next_note_knows_the_last(office: Office) -> None:
    for due_on, force in ((date(2026, 11, 19), "guidance"), (date(2026, 11, 20), "local")):
        case = office.case(process="asb_case_review", officer="officer")
        number = office.deadline(case, due_on, owner="bu_officer", force=force, key="X")
        office.change(number, next_notice_at=None)
    [note] = [mail for mail in run(office, MONDAY) if mail.startswith("manager@")]
    assert note == (
        "manager@example.test|2 overdue, 0 likely to be late by 14 February|"
        "Overdue now: 2 (0 statutory duties, 1 guidance limit, 1 local target).\n"
        "Likely to be late: 0.\n"
        "Reminders: 0 sent this morning.\nhttp://127.0.0.1:8000/at-risk\n"
    )
    assert not [mail for mail in run(office, MONDAY + DAY) if mail.startswith("manager@")]
    office.meet(1, MONDAY)
    [note] = [mail for mail in run(office, MONDAY + 7 * DAY) if mail.startswith("manager@")]
    assert "Overdue now: 1 (0 statutory duties, 0 guidance limits, 1 local target). Last week: 2." in note


def test_a_week_without_anything_to_say_sends_nothing_and_is_on_record(office: Office) -> None:
    assert run(office, MONDAY) == []
    assert {row.state for row in notes(office)} == {OutboxState.SKIPPED}
    assert {row.last_error for row in notes(office)} == {briefs.NOTHING}
    written = len(notes(office))
    assert run(office, MONDAY + DAY) == []
    assert len(notes(office)) == written


def test_a_note_that_could_not_go_on_monday_goes_on_the_first_morning_there_is(office: Office) -> None:
    office.case()  # no lead, no date
    found = run(office, MONDAY + 2 * DAY)
    assert [mail.split("|")[0] for mail in found if "CANNOT BE REMINDED   1 action has no date or no lead" in mail] == [
        "officer2@example.test", "officer@example.test",
    ]  # fmt: skip
    assert all(mail.endswith("Open Today: http://127.0.0.1:8000/today\n") for mail in found)
    assert {row.owed_on for row in notes(office)} == {MONDAY}


def test_a_note_that_waits_does_not_go_to_somebody_whose_role_has_ended_meanwhile(office: Office) -> None:
    office.case()  # no lead, no date
    office.post.raises = [Temporary("No mail leaves.", down=True)]
    assert run(office, MONDAY) == []
    with office.database.transaction() as session:
        held = select(Membership).where(Membership.user_id == office.cast.people["officer"])
        session.exec(held).one().to_on = MONDAY
    assert [mail.split("|")[0] for mail in run(office, MONDAY + DAY)] == ["officer2@example.test"]


def test_a_note_goes_in_the_one_digest_of_the_day(office: Office) -> None:
    office.deadline(
        office.case(officer="officer", organisation=office.cast.police), MONDAY + 7 * DAY, owner="bu_officer"
    )
    office.deadline(
        office.case(officer="officer", organisation=office.cast.police), MONDAY + 7 * DAY, owner="bu_manager"
    )
    office.case()
    found = run(office, MONDAY)
    assert sorted(mail.split("|")[0] for mail in found) == [
        "manager@example.test", "officer2@example.test", "officer@example.test",
    ]  # fmt: skip


def test_the_next_digest_says_that_reminders_stood_still(office: Office, tmp_path: Path) -> None:
    settings = Settings(database_url=office.database.url, mail_dir=tmp_path / "mail")
    office.deadline(
        office.case(officer="officer", organisation=office.cast.police), MONDAY + 7 * DAY, owner="bu_officer"
    )
    night = EIGHT(MONDAY) - timedelta(hours=3)
    rounds.in_turn(settings, office.database, lambda: night, holder="here")
    rounds.in_turn(settings, office.database, lambda: night + timedelta(minutes=14), holder="here")
    with office.reading() as session:
        assert leases.gaps(session) == ()
    back = EIGHT(MONDAY) + timedelta(minutes=20)
    rounds.in_turn(settings, office.database, lambda: back, holder="here")
    [mail] = [path for path in (tmp_path / "mail").iterdir() if "To: officer@" in path.read_text()]
    line = (
        "REMINDERS   did not run from Monday 23 November 2026 at 5:14am to Monday 23 November 2026 at 8:20am"
    )
    assert line in mail.read_text().replace("=\n", "")
    office.deadline(
        office.case(officer="officer", organisation=office.cast.police), MONDAY + 8 * DAY, owner="bu_officer"
    )
    office.post = Kept()
    assert not [mail for mail in run(office, MONDAY + DAY) if "did not run" in mail]


def test_the_note_says_its_numbers_as_the_specification_has_them() -> None:
    likely = LikelyLate(14, date(2027, 2, 14), date(2026, 12, 14), 4)
    decisions = ("2 requests for more time", "1 override", "3 finished actions to verify")
    kinds = "0 statutory duties, 2 guidance limits, 7 local targets"
    lines, subject = week_in_words(Week(9, kinds, 7, likely, decisions, 41, 1))
    assert [*lines, "https://tracker.example/at-risk"] == MANAGERS_NOTE.splitlines()
    assert subject == "9 overdue, 14 likely to be late by 14 February"
