"""A dry run says what the next round would send, and leaves no trace."""

import json
from datetime import date, timedelta
from pathlib import Path

from click.testing import CliRunner

from tests.reminders.conftest import EIGHT, Office
from tracker.briefs import brief, owe_week, week_ahead
from tracker.cli import tracker
from tracker.models import Deadline
from tracker.policy import READERS
from tracker.queries.foresight import morning_ahead, next_morning_words
from tracker.services.foresight import Foreseen, foresee
from tracker.services.reminder_choices import Chosen, choose
from tracker.templating import count

MONDAY = date(2026, 11, 23)
NINTH = EIGHT(date(2026, 11, 9))


def test_a_dry_run_foresees_what_the_round_then_sends(office: Office) -> None:
    for due_on in (MONDAY, date(2026, 11, 6), date(2026, 11, 16)):
        case = office.case(organisation=office.cast.police, officer="officer")
        office.deadline(case, due_on)
    with office.reading() as session:
        before = session.get_one(Deadline, 1).next_notice_at
        found = foresee(session, NINTH)
        assert session.get_one(Deadline, 1).next_notice_at == before
    assert office.rows() == []
    result = office.round(NINTH)
    assert (result.mails, result.notices) == (len(found), sum(mail.notices for mail in found))
    assert Foreseen("lead", "West Mercia Police", 2, singly=False) in found
    assert Foreseen("lead", "West Mercia Police", 1, singly=True) in found


def test_what_was_brought_in_would_go_as_one_digest(office: Office) -> None:
    for n in range(40):
        case = office.case(organisation=office.cast.police, officer="officer")
        number = office.deadline(case, MONDAY - timedelta(days=100 + n))
        office.change(number, recorded_at=NINTH - timedelta(hours=1))
    with office.reading() as session:
        found = foresee(session, NINTH)
    assert not [mail for mail in found if mail.singly]
    assert len(found) == len({(mail.part, mail.agency) for mail in found}) <= 5
    assert office.round(NINTH).mails == len(found)


def test_the_page_says_what_the_next_morning_would_send(small_office: Office) -> None:
    small_office.deadline(small_office.case(officer="officer"), MONDAY, owner="bu_officer", asked_from=NINTH)
    with small_office.reading() as session:
        actor = small_office.cast.actor(session, "officer")
        said = next_morning_words(session, actor, NINTH - timedelta(days=2))
        assert said == "Monday 9 November 2026 at 8:00am would send 1 e-mail with 1 reminder"
        outsider = small_office.cast.actor(session, "outsider")
        assert next_morning_words(session, outsider, NINTH - timedelta(days=2)).endswith("would send nothing")


def test_a_monday_morning_counts_the_notes_of_the_week_too(small_office: Office) -> None:
    small_office.deadline(small_office.case(officer="officer"), MONDAY, owner="bu_officer", asked_from=NINTH)
    at = NINTH - timedelta(days=2)
    with small_office.reading() as session:
        actor = small_office.cast.actor(session, "officer")
        notes = week_ahead(session, morning_ahead(session, at), actor.partnerships(*READERS))
        outsider = small_office.cast.actor(session, "outsider")
        assert week_ahead(session, NINTH, outsider.partnerships(*READERS)) == []
        said = next_morning_words(session, actor, at, notes)
    small_office.tick(NINTH)
    owe_week(small_office.database, NINTH)
    result = small_office.deliver(NINTH, briefing=brief)
    assert said.endswith(
        f"would send {count(result.mails, 'e-mail')} with {count(result.notices, 'reminder')}"
    )
    assert result.notices > 1


def test_what_waits_is_not_counted_beside_the_later_step_that_overtakes_it(small_office: Office) -> None:
    case = small_office.case(officer="officer", organisation=small_office.cast.police)
    small_office.deadline(case, MONDAY, owner="bu_officer")
    small_office.tick(NINTH)  # decided, and the mail server is down for a week
    later = EIGHT(date(2026, 11, 16))
    with small_office.reading() as session:
        found = foresee(session, later)
    result = small_office.round(later)
    assert (result.mails, result.notices) == (len(found), sum(mail.notices for mail in found)) == (1, 1)


def test_who_chose_a_later_hour_is_foreseen_at_that_hour(small_office: Office) -> None:
    with small_office.database.transaction() as session:
        officer = small_office.cast.actor(session, "officer")
        choose(session, officer, Chosen(hour=10), at=NINTH - timedelta(days=3))
    small_office.deadline(small_office.case(officer="officer"), MONDAY, owner="bu_officer", asked_from=NINTH)
    for hours, mails in ((0, 0), (2, 1)):
        at = NINTH + timedelta(hours=hours)
        with small_office.reading() as session:
            assert len(foresee(session, at)) == mails
            actor = small_office.cast.actor(session, "officer")
            said = next_morning_words(session, actor, NINTH - timedelta(days=2))
            assert hours or said == "Monday 9 November 2026 at 8:00am would send 1 e-mail with 1 reminder"
        assert small_office.round(at).mails == mails


def test_the_command_prints_it_and_writes_nothing(small_office: Office, tmp_path: Path) -> None:
    case = small_office.case(officer="officer", organisation=small_office.cast.police)
    small_office.deadline(case, MONDAY, owner="bu_officer", asked_from=NINTH)
    runner = CliRunner(
        env={"TRACKER_DATABASE_URL": small_office.database.url, "TRACKER_MAIL_DIR": str(tmp_path / "mail")}
    )
    asked = ["tick", "--once", "--dry-run", "--as-at", "2026-11-09"]
    result = runner.invoke(tracker, asked)
    assert result.exit_code == 0, result.output
    assert result.output == "Monday 9 November 2026 would send 1 mail with 1 reminder\nofficer: 1 reminder\n"
    found = json.loads(runner.invoke(tracker, [*asked, "--json"]).output)
    assert found["mails"] == [{"part": "officer", "agency": "", "notices": 1, "singly": False}]
    assert small_office.rows() == []
    assert not (tmp_path / "mail").exists()
