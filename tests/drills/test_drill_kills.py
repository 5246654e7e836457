"""Three senders at once, killed outright again and again: nothing is lost, and a kill repeats at most one mail."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta

import pytest

from config import Settings
from tests.cast import Cast
from tests.crash.serving import ROOT
from tests.drills.mailserver import MailServer, mail_server
from tests.drills.sizes import size
from tests.reminders.conftest import EIGHT, Office
from tracker import rounds
from tracker.db import Database
from tracker.models import Organisation, OutboxState
from tracker.services.claims import CLAIM
from workflows.ladder import Who, rungs_from

pytestmark = pytest.mark.crash

BODIES = size(20, 500)
KILLS = size(10, 120)
SENDERS = 3
DAY = date(2026, 11, 9)
COMING, PASSED = date(2026, 11, 16), date(2026, 11, 6)
LADDERS = {COMING: rungs_from((7,)), PASSED: rungs_from((), also={Who.LEAD: (1,)})}
"""One reminder a week before, in the digest; one from the day after, on its own: both on DAY."""


def fill(office: Office) -> None:
    """For each body twelve dates, of which each owes its lead one reminder on DAY: ten in a digest, two singly."""
    with office.database.transaction() as session:
        for number in range(BODIES):
            key = f"b{number:04}"
            session.add(
                Organisation(key=key, name=f"Body {number}", kind="other", contact_email=f"{key}@b.example")
            )
    case = office.case(officer="officer")
    for number in range(BODIES):
        for due_on in (*[COMING] * 10, PASSED, PASSED):
            instance = f"b{number:04}"
            key = f"RETURN{due_on.isoformat()}"
            office.deadline(
                case, due_on, key=f"{key}-{office.count}", instance=instance, ladder=LADDERS[due_on]
            )
            office.count += 1


def send(office: Office, mails: MailServer, kills: int) -> dict[str, int]:
    """Let the senders work, killing so many of them."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TRACKER_")}
    environment |= {
        "TRACKER_DATABASE_URL": office.database.url, "TRACKER_MAIL": "smtp", "TRACKER_SMTP_URL": mails.url,
        "TRACKER_MAIL_FROM": "tracker@council.example",
    }  # fmt: skip
    said = subprocess.run(
        [
            sys.executable, "-m", "tests.drills.nursery", str(SENDERS), str(kills), "0.15", "0.6",
            "tick", "--once", "--as-at", EIGHT(DAY).isoformat(),
        ],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=1800,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    counts: dict[str, int] = json.loads(said.stdout)
    return counts


def finish(office: Office, mails: MailServer) -> None:
    """Rounds that end, until nothing waits any more: what a killed sender had claimed is free after a while."""
    settings = Settings.model_validate(
        {"mail": "smtp", "smtp_url": mails.url, "mail_from": "tracker@council.example"}
    )
    at = EIGHT(DAY)
    for _ in range(9):
        at += CLAIM + timedelta(minutes=1)
        rounds.run(settings, office.database, at, holder=rounds.new_holder())
        if not office.rows(OutboxState.QUEUED) and not office.rows(OutboxState.SENDING):
            return
    raise AssertionError("something still waits")


@pytest.mark.parametrize("kills", [0, KILLS], ids=["no kills", "kills"])
def test_three_senders_lose_nothing_and_a_kill_repeats_at_most_one_mail(
    database: Database, cast: Cast, kills: int
) -> None:
    office = Office(database, cast)
    fill(office)
    with mail_server(delay=0.02) as mails:
        counts = send(office, mails, kills)
        finish(office, mails)
    assert counts["killed"] == kills
    rows = office.rows()
    reminders = [row for row in rows if row.deadline_id is not None]
    assert len({row.dedupe_key for row in rows}) == len(rows)
    assert len(reminders) == 12 * BODIES
    assert {row.state for row in reminders} == {OutboxState.SENT}
    # What the ledger says was sent is what the server got, mail by mail, and nothing besides.
    times = mails.times()
    went = {row.message_id for row in rows if row.state == OutboxState.SENT}
    assert set(times) == went
    to = {(str(mail["Message-ID"]), str(mail["To"])) for mail in mails.taken}
    assert len(to) == len(times), "a Message-ID went to two mailboxes"
    for body in range(BODIES):
        theirs = {row.message_id for row in reminders if row.to_address == f"b{body:04}@b.example"}
        assert len(theirs) == 3, "one digest of ten dates, and two notes on their own"
    repeated = sum(times.values()) - len(times)
    print(f"{len(reminders)} reminders, {len(times)} mails, {counts}, {repeated} repeated")  # noqa: T201 - for docs
    assert repeated <= kills
