"""A dry run says what the next round would send, and leaves no trace."""

import json
from datetime import date, timedelta
from pathlib import Path

from click.testing import CliRunner

from tests.reminders.conftest import EIGHT, Office
from tracker.cli import tracker
from tracker.models import Deadline
from tracker.queries.foresight import next_morning_words
from tracker.services.foresight import Foreseen, foresee

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


def test_the_command_prints_it_and_writes_nothing(small_office: Office, tmp_path: Path) -> None:
    case = small_office.case(officer="officer", organisation=small_office.cast.police)
    small_office.deadline(case, MONDAY, owner="bu_officer", asked_from=NINTH)
    runner = CliRunner(
        env={"TRACKER_DATABASE_URL": small_office.database.url, "TRACKER_MAIL_DIR": str(tmp_path / "mail")}
    )
    asked = ["tick", "--once", "--dry-run", "--as-at", "2026-11-09"]
    result = runner.invoke(tracker, asked)
    assert result.exit_code == 0, result.output
    assert "would send 1 mail with 1 reminder\nofficer: 1 reminder\n" in result.output
    found = json.loads(runner.invoke(tracker, [*asked, "--json"]).output)
    assert found["mails"] == [{"part": "officer", "agency": "", "notices": 1, "singly": False}]
    assert small_office.rows() == []
    assert not (tmp_path / "mail").exists()
