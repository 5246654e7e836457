"""A mail server that is down, slow, refusing, cutting the line or silent: nothing is lost, and pages do not notice."""

import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from tests.cast import Cast
from tests.crash.serving import PASSWORD, Visitor, serving
from tests.drills.clocks import CLOCK, MODULE, set_to
from tests.drills.mailserver import CUT, DOWN, HOLE, MailServer, mail_server
from tests.drills.sizes import size
from tests.reminders.conftest import EIGHT, LETTERHEAD, Office
from tests.routes.browse import Browser, Clock
from tests.routes.conftest import KEY
from tracker import create_app, passwords
from tracker.db import Database
from tracker.models import Organisation, OutboxState, User
from tracker.outbox import DeliverResult, deliver
from tracker.transports.smtp import SmtpTransport

pytestmark = pytest.mark.crash

DAY = date(2026, 11, 9)
START = EIGHT(DAY)
DUE = date(2026, 11, 23)
MAILS = size(12, 200)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(database: Database, cast: Cast) -> Office:
    """So many agencies, each with one reminder decided for this morning."""
    office = Office(database, cast)
    with database.transaction() as session:
        for number in range(MAILS):
            session.add(
                Organisation(key=f"b{number:03}", name=f"Body {number}", kind="other", contact_email=f"b{number:03}@b.example")
            )  # fmt: skip
    case = office.case(officer="officer")
    for number in range(MAILS):
        office.deadline(case, DUE, key=f"R{number}", instance=f"b{number:03}", owner="agency_lead")
    office.tick(START)
    return office


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def round_of(office: Office, mails: MailServer, at: datetime, timeout: float = 5) -> DeliverResult:
    office.tick(at)
    transport = replace(SmtpTransport.from_url(mails.url), timeout=timeout)
    return deliver(office.database, transport, at, "here", letterhead=LETTERHEAD)


def until_done(office: Office, mails: MailServer, at: datetime, *, most: int) -> datetime:
    """A round every minute until nothing waits."""
    for _ in range(most):
        if not office.rows(OutboxState.QUEUED) and not office.rows(OutboxState.SENDING):
            return at
        at += MINUTE
        round_of(office, mails, at)
    raise AssertionError("something still waits")


def all_went_once(office: Office, mails: MailServer) -> None:
    rows = office.rows()
    assert {row.state for row in rows} == {OutboxState.SENT}
    assert {row.message_id for row in rows} == set(mails.times())
    assert set(mails.times().values()) == {1}
    assert len({row.to_address for row in rows}) == len(mails.taken) == MAILS + 1


@pytest.mark.parametrize("mode", [DOWN, HOLE, "421 closing", "450 busy"])
def test_two_hours_of_it_lose_nothing_and_repeat_nothing(
    office: Office, mails: MailServer, mode: str
) -> None:
    mails.become(mode)
    at = START
    while at < START + timedelta(hours=2):
        result = round_of(office, mails, at, timeout=0.05)
        assert result.mails == result.failed == 0
        at += 5 * MINUTE
    assert not office.rows(OutboxState.FAILED)
    mails.become("")
    until_done(office, mails, at, most=121)  # what was put off four times waits for two hours
    all_went_once(office, mails)


def test_a_day_without_a_mail_server_loses_nothing(office: Office, mails: MailServer) -> None:
    """It is not the mail's fault: no tries are counted, and what the digest held goes in the next day's."""
    mails.become(DOWN)
    at = START
    while at < START + timedelta(hours=23):
        assert round_of(office, mails, at).failed == 0
        at += 20 * MINUTE
    mails.become("")
    until_done(office, mails, START + timedelta(days=1), most=10)
    all_went_once(office, mails)


def test_a_slow_server_gets_each_mail_once_from_two_senders(office: Office, mails: MailServer) -> None:
    mails.become("", delay=size(0.1, 1.0))
    for at in (START, START + MINUTE):
        round_of(office, mails, at, timeout=20)
    all_went_once(office, mails)


@pytest.mark.parametrize("hours", [0, 2])
def test_a_line_cut_after_the_text_is_repeated_twice_at_most(
    office: Office, mails: MailServer, hours: int
) -> None:
    """The mail may have been taken: it is sent twice more, with the same Message-ID, and then it is for people to see."""
    mails.become(CUT)
    at = START
    for _ in range(3 if not hours else 2):
        round_of(office, mails, at)
        at += 10 * MINUTE
    if hours:
        mails.become("")
        until_done(office, mails, at, most=60)
        assert {row.state for row in office.rows()} == {OutboxState.SENT}
    else:
        assert {row.state for row in office.rows()} == {OutboxState.FAILED}
        for _ in range(5):
            at += timedelta(hours=1)
            round_of(office, mails, at)
    assert len(mails.times()) == MAILS + 1
    assert set(mails.times().values()) == {3}


def test_what_is_refused_for_good_is_on_the_first_page_within_one_round(
    office: Office, mails: MailServer
) -> None:
    now = Clock(START + MINUTE)
    app: Flask = create_app(Settings(secret_key=KEY, scheduler="off"), now=now, database=office.database)
    page = Browser(app).as_("officer")
    assert "did not arrive" not in page.open("/today").text
    mails.become("550 no such mailbox")
    result = round_of(office, mails, START)
    assert (result.mails, result.failed) == (0, len(office.rows()))
    shown = page.open("/today").text
    assert "did not arrive" in shown
    assert "550" in page.open("/reports/reminders").text
    assert mails.asked == MAILS + 1, "asked once each, and not again"


def seconds(visitor: Visitor, address: str) -> float:
    started = time.perf_counter()
    answer = visitor.get(address)
    assert answer.status == 200, answer.text
    return time.perf_counter() - started


def test_pages_are_as_quick_while_the_mail_server_swallows_everything(
    office: Office, mails: MailServer, tmp_path: Path
) -> None:
    """Two servers on one database, asked in turn: one hangs in its mail server, the other has none to send."""
    with office.database.transaction() as session:
        user = session.get_one(User, office.cast.people["officer"])
        user.password_hash = passwords.hashed(PASSWORD)
    mails.become(HOLE)
    quiet, hanging = [], []
    with ExitStack() as stack:
        servers = []
        for name, scheduler in (("quiet", "off"), ("hanging", "embedded")):
            folder = tmp_path / name
            folder.mkdir()
            servers.append(
                stack.enter_context(
                    serving(
                        office.database.url, folder, module=MODULE, TRACKER_SCHEDULER=scheduler, TRACKER_MAIL="smtp",
                        TRACKER_SMTP_URL=mails.url, TRACKER_TICK_SECONDS="1", **{CLOCK: set_to(START + MINUTE)},
                    )
                )
            )  # fmt: skip
        visitors = [Visitor(server).sign_in("officer@example.test") for server in servers]
        until = time.monotonic() + 20
        while not office.rows(OutboxState.SENDING):
            assert time.monotonic() < until, "nobody tries to send"
            time.sleep(0.1)
        for _ in range(size(25, 300)):
            for visitor, took in zip(visitors, (quiet, hanging), strict=True):
                took.append(seconds(visitor, "/today"))
        assert office.rows(OutboxState.SENDING), "the sender no longer hangs"
        mails.close()
    p95 = [statistics.quantiles(took, n=20)[-1] for took in (quiet, hanging)]
    middle = [statistics.median(took) for took in (quiet, hanging)]
    print(f"median {middle[1] / middle[0]:.2f}, 19 of 20 {p95[1] / p95[0]:.2f} times as long")  # noqa: T201
    assert middle[1] < 1.5 * middle[0]
    assert p95[1] < size(3, 2) * p95[0]
