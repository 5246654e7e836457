"""A delivery report marks the reminder and its address; anything else in the mailbox changes nothing."""

from datetime import date
from email import message_from_string
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import select

from tests.reminders.conftest import EIGHT, Kept, Office
from tracker.cli import tracker
from tracker.models import OutboxState, ReturningMail
from tracker.queries.reminders import did_not_arrive
from tracker.services.bounces import came_back, returned_in
from tracker.services.returning import addresses

MONDAY = date(2026, 11, 23)
NINTH = EIGHT(date(2026, 11, 9))

REPORT = """\
From: MAILER-DAEMON@mail.example
To: tracker@council.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; officer@example.test
Action: {action}
Status: 5.1.1

--b
Content-Type: {kind}

Message-ID: {message_id}
Subject: Monday 9 November: 1 coming up

--b--
"""


def report(message_id: str, action: str = "failed", kind: str = "text/rfc822-headers") -> str:
    return REPORT.format(message_id=message_id, action=action, kind=kind)


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_marks_the_reminder_and_its_address(office: Office, kind: str) -> None:
    office.deadline(office.case(officer="officer"), MONDAY, owner="bu_officer")
    office.round(NINTH)
    [row] = office.rows(OutboxState.SENT)
    returned = returned_in(message_from_string(report(str(row.message_id), kind=kind)))
    assert returned is not None
    with office.database.transaction() as session:
        assert came_back(session, returned, at=NINTH) == 1
        assert came_back(session, returned, at=NINTH) == 0, "read twice it counts once"
    [row] = office.rows()
    assert (row.state, row.last_error, row.sent_at) == (OutboxState.FAILED, "It came back (5.1.1).", NINTH)
    with office.reading() as session:
        marked = session.exec(select(ReturningMail)).one()
        assert (marked.address, marked.why) == ("officer@example.test", "5.1.1")
        assert (marked.since_at, marked.ended_at) == (NINTH, None)
        assert did_not_arrive(session, office.cast.actor(session, "officer")) == 1


def test_a_report_that_is_quicker_than_the_mark_of_the_sender_is_not_lost(office: Office) -> None:
    """A busy database keeps the sender from writing that the mail went; another process reads the mailbox meanwhile."""

    class Bounces(Kept):
        def send(self, mail: EmailMessage) -> None:
            super().send(mail)
            returned = returned_in(message_from_string(report(str(mail["Message-ID"]))))
            assert returned is not None
            with office.database.transaction() as session:
                assert came_back(session, returned, at=NINTH) == 1

    office.post = Bounces()
    office.deadline(office.case(officer="officer"), MONDAY, owner="bu_officer")
    office.round(NINTH)
    [row] = office.rows()
    assert (row.state, row.last_error, row.sent_at) == (OutboxState.FAILED, "It came back (5.1.1).", NINTH)
    with office.reading() as session:
        assert addresses(session) == {"officer@example.test"}


def test_a_delay_a_reply_and_a_report_about_somebody_elses_mail_change_nothing(small_office: Office) -> None:
    small_office.deadline(small_office.case(officer="officer"), MONDAY, owner="bu_officer")
    small_office.round(NINTH)
    [row] = small_office.rows()
    assert returned_in(message_from_string(report(str(row.message_id), action="delayed"))) is None
    assert returned_in(message_from_string("Subject: Re: 1 action\n\nThank you")) is None
    other = returned_in(message_from_string(report("<somebody@else>")))
    assert other is not None
    with small_office.database.transaction() as session:
        assert came_back(session, other, at=NINTH) == 0
    assert [row.state for row in small_office.rows()] == [OutboxState.SENT]


@pytest.mark.parametrize(
    "raw",
    [
        report("<a@b>").replace("5.1.1", "\n \t ").encode(),
        report("<a\x00@b>").encode(),
        report("<\xe4@b>").encode("latin-1"),
        b"Content-Type: message/rfc822\n\n" * 2000,
    ],
    ids=["no code", "a NUL", "no letter of ours", "parts within parts"],
)
def test_a_message_made_to_break_the_reader_changes_nothing_and_keeps_no_other_waiting(
    office: Office, tmp_path: Path, raw: bytes
) -> None:
    office.deadline(office.case(officer="officer"), MONDAY, owner="bu_officer")
    office.round(NINTH)
    [row] = office.rows()
    (tmp_path / "1.eml").write_bytes(raw)
    (tmp_path / "2.eml").write_text(report(str(row.message_id)))
    asked = CliRunner(env={"TRACKER_DATABASE_URL": office.database.url}).invoke(
        tracker, ["bounces", str(tmp_path)]
    )
    assert (asked.exit_code, asked.output) == (0, "1 mail came back, with 1 reminder\n")


def test_only_a_code_is_kept_of_what_a_report_says() -> None:
    said = report("<a@b>").replace("5.1.1", "4.2.2 (mailbox of somebody is full)")
    returned = returned_in(message_from_string(said))
    assert returned is not None
    assert (returned.code, returned.for_good) == ("4.2.2", False)


def test_the_command_reads_a_folder(small_office: Office, tmp_path: Path) -> None:
    small_office.deadline(small_office.case(officer="officer"), MONDAY, owner="bu_officer")
    small_office.round(NINTH)
    [row] = small_office.rows()
    (tmp_path / "one.eml").write_text(report(str(row.message_id)))
    (tmp_path / "two.eml").write_text("Subject: hello\n\nhello")
    asked = CliRunner(env={"TRACKER_DATABASE_URL": small_office.database.url}).invoke(
        tracker, ["bounces", str(tmp_path)]
    )
    assert (asked.exit_code, asked.output) == (0, "1 mail came back, with 1 reminder\n")
