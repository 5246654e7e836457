"""Rounds: the lease that one wins, the heartbeat, ``/health``, the timetable and the commands."""

import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from config import Settings
from tests.reminders.conftest import EIGHT, Kept, Office
from tracker import briefs, clock, create_app, db, rounds, scheduler
from tracker.cli import tracker
from tracker.db import Database
from tracker.errors import Refuses
from tracker.models import OutboxState, User
from tracker.queries.health import checks
from tracker.queries.reminders import last_round_words
from tracker.services import leases
from tracker.services.leases import LastRound
from tracker.templating import clock_time
from tracker.transports import Temporary

MONDAY = date(2026, 11, 23)
NINTH = EIGHT(date(2026, 11, 9))
MINUTE = timedelta(minutes=1)


def _hold(database: Database, holder: str, at: datetime) -> bool:
    with database.transaction() as session:
        return leases.hold(session, holder, at, seconds=60)


def test_of_many_who_want_the_lease_one_gets_it(database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(lambda n: _hold(database, f"h{n}", NINTH), range(8)))
    assert sum(got) == 1


def test_the_lease_is_kept_lapses_and_is_let_go(database: Database) -> None:
    assert _hold(database, "a", NINTH)
    assert _hold(database, "a", NINTH + MINUTE / 2)  # kept: it lasts a minute more from now
    assert not _hold(database, "b", NINTH + MINUTE)
    assert _hold(database, "b", NINTH + 2 * MINUTE)
    with database.transaction() as session:
        leases.release(session, "a", NINTH + 2 * MINUTE)  # not a's any more
    assert not _hold(database, "a", NINTH + 2 * MINUTE)
    with database.transaction() as session:
        leases.release(session, "b", NINTH + 2 * MINUTE)
    assert _hold(database, "a", NINTH + 2 * MINUTE)


def test_a_clock_that_is_put_back_stops_no_rounds(office: Office, tmp_path: Path) -> None:
    """A process whose clock is two hours ahead ends a round, begins the next and dies; then the clock is put right."""
    settings, ahead = _settings(office, tmp_path), NINTH + timedelta(hours=2)
    assert rounds.in_turn(settings, office.database, lambda: ahead, holder="dies") is not None
    assert _hold(office.database, "dies", ahead)
    assert checks(office.database, NINTH, started_at=NINTH)["reminders"] != "ok"
    assert rounds.in_turn(settings, office.database, lambda: NINTH, holder="me") is not None
    with office.reading() as session:
        assert _last(session).at == NINTH
    assert checks(office.database, NINTH + MINUTE, started_at=NINTH)["reminders"] == "ok"


def _settings(office: Office, folder: Path) -> Settings:
    return Settings(database_url=office.database.url, mail_dir=folder, tick_seconds=1)


def _last(session: Session) -> LastRound:
    found = leases.last_round(session)
    assert found is not None
    return found


def test_a_round_in_turn_writes_the_heartbeat_and_one_out_of_turn_does_nothing(
    office: Office, tmp_path: Path
) -> None:
    office.deadline(
        office.case(officer="officer", organisation=office.cast.police), MONDAY, owner="bu_officer"
    )
    settings = _settings(office, tmp_path / "mail")
    assert _hold(office.database, "another", NINTH)
    assert rounds.in_turn(settings, office.database, lambda: NINTH, holder="me") is None
    later = NINTH + 2 * MINUTE
    assert rounds.in_turn(settings, office.database, lambda: later, holder="me") is not None
    with office.reading() as session:
        assert (_last(session).at, _last(session).mails) == (later, 1)
    [mail] = (tmp_path / "mail").iterdir()
    assert message_from_bytes(mail.read_bytes())["To"] == "officer@example.test"
    # The counts are those of the day; the lease is free again at once.
    assert rounds.in_turn(settings, office.database, lambda: later + MINUTE, holder="other") is not None
    with office.reading() as session:
        assert (_last(session).at, _last(session).mails) == (later + MINUTE, 1)


def test_two_rounds_at_once_decide_and_send_everything_once(office: Office, tmp_path: Path) -> None:
    for _ in range(20):
        office.deadline(office.case(officer="officer", organisation=office.cast.police), MONDAY)
    settings = _settings(office, tmp_path / "mail")
    with ThreadPoolExecutor(3) as threads:
        found = list(
            threads.map(lambda n: rounds.run(settings, office.database, NINTH, holder=f"h{n}"), range(3))
        )
    rounds.run(settings, office.database, NINTH, holder="last")
    assert sum(result.tick.queued for result in found) == 40
    digests = [message_from_bytes(path.read_bytes())["To"] for path in (tmp_path / "mail").iterdir()]
    assert sorted(digests) == ["lead@example.test", "manager@example.test", "officer@example.test"]


def test_health_says_when_reminders_or_mail_stand_still(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, at = office.database, NINTH
    quarter = timedelta(minutes=15)
    assert checks(database, at, started_at=at - quarter)["reminders"] == "ok"
    assert checks(database, at, started_at=at - quarter - MINUTE)["reminders"] == "have not run yet"

    office.deadline(office.case(officer="officer"), MONDAY, owner="bu_officer")
    down = Kept(raises=[Temporary("cannot be reached", down=True)] * 9)
    monkeypatch.setattr(rounds, "transport_for", lambda _settings: down)
    settings = Settings(database_url=database.url)
    for minutes in (0, 10, 20):
        rounds.in_turn(settings, database, lambda m=minutes: at + m * MINUTE, holder="me")  # type: ignore[misc]
    began = at - timedelta(days=1)
    assert checks(database, at + 20 * MINUTE, started_at=began) == {
        "database": "ok", "reminders": "ok", "mail": "has not left since 8:00am",
    }  # fmt: skip
    assert checks(database, at + 36 * MINUTE, started_at=began)["reminders"] == "have not run since 8:20am"
    down.raises = []
    rounds.in_turn(settings, database, lambda: at + 60 * MINUTE, holder="me")
    assert set(checks(database, at + 61 * MINUTE, started_at=began).values()) == {"ok"}


def test_health_of_a_database_that_is_not_there_says_nothing_more(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    found = checks(database, NINTH, started_at=NINTH)
    database.dispose()
    assert found == {"database": "cannot be reached", "reminders": "not known", "mail": "not known"}


def test_the_health_address_answers_anybody_and_tells_nothing_else(small_office: Office) -> None:
    settings = Settings(database_url=small_office.database.url, secret_key=SecretStr("s" * 40))
    at = [clock.now()]
    app = create_app(settings, now=lambda: at[0], database=small_office.database)
    with small_office.database.transaction() as session:
        leases.hold(session, "me", at[0])
        leases.round_went_well(session, at[0], {})
    browser = app.test_client()
    well = browser.get("/health")
    assert (well.status_code, well.json) == (
        200, {"status": "ok", "checks": {"database": "ok", "reminders": "ok", "mail": "ok"}},
    )  # fmt: skip
    since = clock_time(at[0])
    at[0] += timedelta(minutes=16)
    late = browser.get("/health")
    assert (late.status_code, late.json) == (
        503,
        {
            "status": "failing",
            "checks": {"database": "ok", "reminders": f"have not run since {since}", "mail": "ok"},
        },
    )


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (None, "Reminders have not run yet"),
        (LastRound(NINTH, 50, 41, 1, "", None), "Reminders last ran today at 8:00am: 41 sent, 1 reminder did not arrive"),
        (
            LastRound(NINTH - timedelta(days=3), 0, 0, 0, "", None),
            "Reminders last ran on Friday 6 November 2026 at 8:00am: 0 sent",
        ),
    ],
)  # fmt: skip
def test_the_line_about_the_last_round(last: LastRound | None, said: str) -> None:
    assert last_round_words(last, NINTH + timedelta(hours=4)) == said


def test_the_timetable_does_a_round_at_once_and_stops_cleanly(small_office: Office, tmp_path: Path) -> None:
    stop = scheduler.start(_settings(small_office, tmp_path / "mail"), small_office.database)
    until = clock.seconds() + 20
    try:
        while clock.seconds() < until:
            with small_office.reading() as session:
                if leases.last_round(session):
                    break
    finally:
        stop()
    with small_office.reading() as session:
        assert clock.now() - _last(session).at < timedelta(minutes=1)


def test_a_round_that_fails_is_logged_without_values(
    small_office: Office, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("CANARY")

    monkeypatch.setattr(rounds, "in_turn", breaks)
    settings = Settings(database_url=small_office.database.url)
    assert scheduler.one_round(settings, small_office.database, "me", lambda: False) is None
    logged = "".join(capfd.readouterr())
    assert "RuntimeError" in logged
    assert "CANARY" not in logged


def _invoke(office: Office, folder: Path, *arguments: str) -> dict[str, object]:
    environment = {
        "TRACKER_DATABASE_URL": office.database.url, "TRACKER_MAIL_DIR": str(folder), "TRACKER_MAIL": "file",
    }  # fmt: skip
    result = CliRunner(env=environment).invoke(tracker, ["tick", "--once", "--json", *arguments])
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.output)
    return found


def test_the_command_acts_as_at_a_day_and_leaves_the_heartbeat_alone(office: Office, tmp_path: Path) -> None:
    office.deadline(
        office.case(officer="officer", organisation=office.cast.police), MONDAY, owner="bu_officer"
    )
    assert _invoke(office, tmp_path, "--as-at", "2026-11-08T12:00:00+00:00")["mails"] == 0  # Sunday
    assert _invoke(office, tmp_path, "--as-at", "2026-11-09T03:00:00+00:00")["mails"] == 0
    assert _invoke(office, tmp_path, "--as-at", "2026-11-09")["mails"] == 1
    assert _invoke(office, tmp_path, "--as-at", "2026-11-09")["mails"] == 0
    [row] = [row for row in office.rows() if row.kind == "reminder"]
    assert row.sent_at == datetime(2026, 11, 9, 23, 59, 59, tzinfo=UTC)
    with office.reading() as session:
        assert leases.last_round(session) is None


def test_a_bare_date_on_a_day_off_means_the_next_round_there_is(small_office: Office, tmp_path: Path) -> None:
    small_office.deadline(
        small_office.case(officer="officer", organisation=small_office.cast.police),
        MONDAY,
        owner="bu_officer",
    )
    assert _invoke(small_office, tmp_path, "--as-at", "2026-11-08")["mails"] == 1
    assert [row.sent_at for row in small_office.rows() if row.kind == "reminder"] == [
        datetime(2026, 11, 9, 23, 59, 59, tzinfo=UTC)
    ]


def test_the_command_now_writes_the_heartbeat_even_out_of_turn(small_office: Office, tmp_path: Path) -> None:
    assert _hold(small_office.database, "another", clock.now())
    _invoke(small_office, tmp_path)
    with small_office.reading() as session:
        assert leases.last_round(session) is not None


def test_the_command_refuses_in_words(small_office: Office) -> None:
    result = CliRunner(env={"TRACKER_DATABASE_URL": small_office.database.url}).invoke(tracker, ["tick"])
    assert result.exit_code == 2
    assert "--once" in result.output


@pytest.mark.parametrize("goes_on", [True, False], ids=["for a while", "for ever"])
def test_the_command_waits_for_a_database_that_is_locked(
    small_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, goes_on: bool
) -> None:
    small_office.deadline(small_office.case(officer="officer"), MONDAY, owner="bu_officer")
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.05)
    waited: list[float] = []
    environment = {
        "TRACKER_DATABASE_URL": small_office.database.url, "TRACKER_MAIL_DIR": str(tmp_path), "TRACKER_MAIL": "file",
    }  # fmt: skip
    another = sqlite3.connect(small_office.database.engine.url.database or "", isolation_level=None)
    another.execute("BEGIN IMMEDIATE")

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if goes_on and len(waited) == 2:
            another.execute("ROLLBACK")

    monkeypatch.setattr(time, "sleep", wait)
    given = ["tick", "--once", "--as-at", "2026-11-09"]
    result = CliRunner(env=environment).invoke(tracker, given)
    another.close()
    if goes_on:
        assert (result.exit_code, len(waited)) == (0, 2), result.output
        assert [row.state for row in small_office.rows() if row.kind == "reminder"] == [OutboxState.SENT]
    else:
        assert isinstance(result.exception, Refuses), result.output
        assert "Nothing is lost" in str(result.exception)


def test_an_error_of_the_database_repeats_no_value(small_office: Office) -> None:
    """Errors of a command end in the log of the machine."""
    with pytest.raises(IntegrityError) as raised, small_office.database.transaction() as session:
        session.add(User(email="x@example.test", name=None, created_at=NINTH))
    assert "x@example.test" not in str(raised.value)


def test_a_note_of_the_week_that_breaks_keeps_no_reminder_waiting(
    small_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> int:
        raise LookupError

    small_office.deadline(small_office.case(officer="officer"), MONDAY, owner="bu_officer")
    monkeypatch.setattr(briefs, "owe_week", breaks)
    settings = Settings(mail="file", mail_dir=tmp_path, scheduler="off")
    with pytest.raises(LookupError):
        rounds.run(settings, small_office.database, NINTH, holder="me")
    assert [row.state for row in small_office.rows()] == [OutboxState.SENT]
