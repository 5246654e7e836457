"""Guesses at passwords are counted, slowed down and refused; the owner is not kept out for ever."""

import pytest
from flask import Flask
from sqlmodel import select

from tests.cast import Cast
from tests.routes.browse import Browser, Clock, errors, soup
from tracker import passwords
from tracker.db import Database
from tracker.models import SignInAttempt, User

GOOD = "four quiet words apart"
BAD = "not the right one at all"


@pytest.fixture(scope="module")
def stored() -> str:
    return passwords.hashed(GOOD)


@pytest.fixture(autouse=True)
def everybody_has_a_password(sqlite_database: Database, settled: Cast, stored: str) -> None:
    with sqlite_database.transaction() as session:
        for user in session.exec(select(User)).all():
            user.password_hash = stored
            session.add(user)


def test_the_present_password_cannot_be_guessed_at_an_open_session(app: Flask, clock: Clock) -> None:
    browser = Browser(app).as_("officer")
    new = "another four quiet words"
    statuses = []
    for _ in range(11):
        statuses.append(browser.submit("/account/password", present=BAD, new=new, again=new).status_code)
        clock.forward(seconds=20)
    assert statuses == [422] * 10 + [429]


def test_the_eleventh_guess_in_five_minutes_is_refused_even_if_it_is_right(app: Flask, clock: Clock) -> None:
    for n in range(10):
        assert Browser(app).sign_in("officer", BAD).status_code == 422, n
        clock.forward(seconds=29)
    refused = Browser(app).sign_in("officer", GOOD)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == 10
    assert errors(refused) == ["There have been too many tries to sign in. Wait 10 seconds, then try again."]
    assert soup(refused).select_one("#email")["value"] == "officer@example.test"
    clock.forward(seconds=10)
    assert Browser(app).sign_in("officer", GOOD).status_code == 303, "not locked out for ever"


def test_guesses_without_a_pause_are_refused_too(app: Flask, sqlite_database: Database) -> None:
    statuses = [Browser(app).sign_in("officer", BAD).status_code for _ in range(10)]
    assert statuses == [422] * 5 + [429] * 5
    assert Browser(app).sign_in("officer", GOOD).status_code == 429
    with sqlite_database.reading() as session:
        assert len(session.exec(select(SignInAttempt)).all()) == 10, (
            "beyond the most, tries are not even counted"
        )


def test_the_delay_grows_from_one_second_to_thirty(app: Flask, clock: Clock) -> None:
    for _ in range(5):
        Browser(app).sign_in("officer", BAD)
    waits = []
    for _ in range(5):
        refused = Browser(app).sign_in("officer", BAD)
        waits.append(int(refused.headers["Retry-After"]))
    assert waits == [1, 2, 4, 8, 16]


def test_a_refused_guess_is_not_compared(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(10):
        Browser(app).sign_in("officer", BAD)

    def never(*_: object) -> bool:
        raise AssertionError("the limiter comes before the hash")

    monkeypatch.setattr(passwords, "matches", never)
    assert Browser(app).sign_in("officer", GOOD).status_code == 429


def test_strangers_cannot_keep_the_owner_out(app: Flask) -> None:
    home = {"REMOTE_ADDR": "10.1.1.1"}
    owner, stranger = Browser(app), Browser(app)
    owner.client.environ_base.update(home)
    stranger.client.environ_base.update({"REMOTE_ADDR": "10.9.9.9"})
    assert owner.sign_in("officer", GOOD).status_code == 303
    owner.submit("/sign-out")
    for _ in range(12):
        stranger.sign_in("officer", BAD)
    assert stranger.sign_in("officer", GOOD).status_code == 429
    assert owner.sign_in("officer", GOOD).status_code == 303


def test_twenty_unknown_accounts_in_an_hour_close_the_address(app: Flask, clock: Clock) -> None:
    for n in range(20):
        assert Browser(app).sign_in(f"nobody{n}", BAD).status_code == 422
        clock.forward(minutes=2)
    assert Browser(app).sign_in("nobody-else", BAD).status_code == 429
    assert Browser(app).sign_in("officer", GOOD).status_code == 429, "known and unknown accounts alike"
    other = Browser(app)
    other.client.environ_base["REMOTE_ADDR"] = "10.9.9.9"
    assert other.sign_in("officer", GOOD).status_code == 303
    clock.forward(minutes=20)
    assert Browser(app).sign_in("officer", GOOD).status_code == 303


def test_the_network_address_is_not_taken_from_a_header(app: Flask) -> None:
    for n in range(11):
        browser = Browser(app)
        browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"10.0.0.{n}"
        last = browser.sign_in("officer", BAD)
    assert last.status_code == 429


def test_an_attempt_holds_neither_address(app: Flask, sqlite_database: Database) -> None:
    Browser(app).sign_in("officer", BAD)
    with sqlite_database.reading() as session:
        row = repr(session.exec(select(SignInAttempt)).one())
    assert "officer" not in row
    assert "127.0.0.1" not in row


def test_old_attempts_are_dropped(app: Flask, clock: Clock, sqlite_database: Database) -> None:
    stranger = Browser(app)
    stranger.client.environ_base["REMOTE_ADDR"] = "10.9.9.9"
    stranger.sign_in("somebody-else", BAD)
    clock.forward(days=30)
    Browser(app).sign_in("officer", BAD)
    with sqlite_database.reading() as session:
        assert [row.at for row in session.exec(select(SignInAttempt)).all()] == [clock.at]
