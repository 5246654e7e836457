"""Signing in: one answer to every wrong way, sessions that can be ended, guesses that are slowed down."""

import re

import pytest
from flask import Flask
from sqlmodel import col, select

from config import Settings
from tests.cast import NOON, Cast
from tests.routes.browse import Browser, Clock, errors, soup
from tracker import create_app, passwords
from tracker.db import Database
from tracker.models import AccessLog, Looked, Membership, SignIn, User
from tracker.policy import SYSTEM
from tracker.services import people

GOOD = "four quiet words apart"
BAD = "not the right one at all"
NOT_RIGHT = "The e-mail address or the password is not right. Check both and try again"


@pytest.fixture(scope="module")
def stored() -> str:
    return passwords.hashed(GOOD)


@pytest.fixture(autouse=True)
def everybody_has_a_password(sqlite_database: Database, settled: Cast, stored: str) -> None:
    with sqlite_database.transaction() as session:
        for user in session.exec(select(User)).all():
            user.password_hash = stored
            session.add(user)


def change(database: Database, who: str, **values: object) -> None:
    with database.transaction() as session:
        user = session.exec(select(User).where(User.email == f"{who}@example.test")).one()
        for name, value in values.items():
            setattr(user, name, value)
        session.add(user)


def log(database: Database) -> list[tuple[str, int | None]]:
    with database.reading() as session:
        rows = session.exec(select(AccessLog).order_by(col(AccessLog.id))).all()
        return [(row.what, row.user_id) for row in rows]


def test_the_form_is_labelled_as_promised(browse: Browser) -> None:
    page = soup(browse.open("/sign-in"))
    labels = {label.get_text(strip=True): label["for"] for label in page.select("main label")}
    assert labels == {"E-mail address": "email", "Password": "password"}
    assert page.select_one("#password")["type"] == "password"
    assert page.select_one("#password")["autocomplete"] == "current-password"
    assert [button.get_text(strip=True) for button in page.select("main form button[type=submit]")] == [
        "Sign in"
    ]
    assert page.h1.get_text() == "Sign in"


def test_signing_in_leads_to_the_page_that_was_asked_for(browse: Browser) -> None:
    response = browse.sign_in("officer", GOOD, next="/help/dates")
    assert (response.status_code, response.location) == (303, "/help/dates")
    assert browse.open("/account").status_code == 200


def test_an_address_is_read_whatever_its_case_and_blanks(browse: Browser) -> None:
    typed = {"email": "  Officer@Example.Test ", "password": GOOD}
    assert browse.submit("/sign-in", page="/sign-in", **typed).status_code == 303


@pytest.mark.parametrize(
    "target", ["//evil.example", r"/\evil.example", "https:evil.example", "/%09/evil.example"]
)
def test_signing_in_leads_nowhere_else(browse: Browser, target: str) -> None:
    assert browse.sign_in("officer", GOOD, next=target).location == "/"


def test_every_way_of_not_getting_in_has_one_answer(
    app: Flask, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(sqlite_database, "officer2", active=False)
    change(sqlite_database, "chair", password_hash=None)
    compared: list[str] = []

    class Counting:
        def verify(self, stored: str, given: str) -> bool:
            compared.append(given)
            return usual.verify(stored, given)

        def check_needs_rehash(self, stored: str) -> bool:
            return usual.check_needs_rehash(stored)

    usual = passwords._HASHER
    monkeypatch.setattr(passwords, "_HASHER", Counting())
    answers = set()
    for who, password in (
        ("officer", BAD), ("officer2", GOOD), ("officer2", BAD), ("chair", GOOD), ("nobody", GOOD),
        ("nob dy", GOOD), ("n" * 5000, GOOD), ("officer", GOOD + " "), ("manager", GOOD * 50),
    ):  # fmt: skip
        compared.clear()
        response = Browser(app).sign_in(who, password)
        assert len(compared) == 1, f"{who[:10]}: the same work for everybody"
        assert errors(response) == [NOT_RIGHT]
        body = re.sub(r'name="csrf_token" value="[^"]+"|value="[^"]*@example.test"', "", response.text)
        headers = {k: v for k, v in response.headers.items() if k not in {"Set-Cookie", "Content-Length"}}
        answers.add((response.status_code, body, tuple(sorted(headers.items()))))
    assert len(answers) == 1
    assert {status for status, _, _ in answers} == {422}


def test_empty_fields_are_named_and_what_was_typed_stays(browse: Browser) -> None:
    response = browse.submit("/sign-in", page="/sign-in", email="officer@example.test", password="")
    assert response.status_code == 422
    assert errors(response) == ["Enter your password"]
    page = soup(response)
    assert page.title.get_text().startswith("Error: Sign in")
    assert page.select_one("#email")["value"] == "officer@example.test"
    assert page.select_one("#password").get("value") is None
    assert page.select_one(".govuk-error-summary a")["href"] == "#password"


def test_a_form_whose_token_has_gone_is_drawn_again(browse: Browser, sqlite_database: Database) -> None:
    typed = {"email": "officer@example.test", "password": GOOD}
    response = browse.client.post("/sign-in", data=typed)
    assert response.status_code == 400
    assert soup(response).select_one("#email")["value"] == "officer@example.test"
    assert GOOD not in response.text
    assert log(sqlite_database) == []
    token = soup(response).select_one("main input[name=csrf_token]")["value"]
    assert browse.client.post("/sign-in", data={**typed, "csrf_token": token}).status_code == 303


def test_the_cookie_changes_at_signing_in_and_nothing_of_the_old_one_stays(browse: Browser) -> None:
    token = browse.token("/sign-in")
    before = browse.cookie()
    browse.client.post(
        "/sign-in", data={"csrf_token": token, "email": "officer@example.test", "password": GOOD}
    )
    assert browse.cookie() != before
    with browse.client.session_transaction() as cookie:
        assert set(cookie) == {"_user_id", "_fresh"}
    assert browse.client.post("/account/password", data={"csrf_token": token}).status_code == 400


def test_only_the_digest_of_the_token_is_kept(browse: Browser, sqlite_database: Database) -> None:
    browse.sign_in("officer", GOOD)
    with browse.client.session_transaction() as cookie:
        token = cookie["_user_id"]
    assert len(token) >= 43  # 256 bits
    with sqlite_database.reading() as session:
        row = session.exec(select(SignIn)).one()
        assert re.fullmatch(r"[0-9a-f]{64}", row.token_hash)
        assert token not in str(row)
    assert Browser(browse.app).copy_of(browse.cookie()).open("/account").status_code == 200


def test_two_sign_ins_have_two_tokens(app: Flask) -> None:
    first, second = Browser(app), Browser(app)
    first.sign_in("officer", GOOD)
    second.sign_in("officer", GOOD)
    assert first.cookie() != second.cookie()


def test_a_copied_cookie_opens_nothing_after_signing_out(browse: Browser, sqlite_database: Database) -> None:
    browse.sign_in("officer", GOOD)
    thief = browse.copy_of(browse.cookie())
    assert thief.open("/account").status_code == 200
    assert browse.submit("/sign-out").location == "/sign-in"
    assert browse.open("/account").status_code == 302
    after = thief.open("/account")
    assert (after.status_code, after.location) == (302, "/sign-in?next=/account")
    assert "You were signed out" in thief.open("/sign-in").text
    assert [what for what, _ in log(sqlite_database)] == [Looked.SIGNED_IN, Looked.SIGNED_OUT]


def test_an_altered_cookie_opens_nothing(browse: Browser) -> None:
    browse.sign_in("officer", GOOD)
    cookie = browse.cookie()
    for altered in (cookie[:-2] + "xx", cookie[::-1], "", "a.b.c"):
        assert browse.copy_of(altered).open("/account").status_code == 302


def test_a_disabled_person_is_out_at_the_next_request(browse: Browser, sqlite_database: Database) -> None:
    browse.sign_in("officer", GOOD)
    with sqlite_database.transaction() as session:
        people.disable(session, SYSTEM, "officer@example.test", at=NOON)
    assert browse.open("/account").status_code == 302


def test_the_flag_alone_keeps_somebody_out(browse: Browser, sqlite_database: Database) -> None:
    browse.sign_in("officer", GOOD)
    change(sqlite_database, "officer", active=False)
    assert browse.open("/account").status_code == 302


@pytest.mark.parametrize(("minutes", "status"), [(19.9, 200), (20, 302), (60, 302)])
def test_an_idle_session_ends(browse: Browser, clock: Clock, minutes: float, status: int) -> None:
    browse.sign_in("officer", GOOD)
    clock.forward(minutes=minutes)
    assert browse.open("/account").status_code == status


def test_a_session_in_use_ends_after_ten_hours(browse: Browser, clock: Clock) -> None:
    browse.sign_in("officer", GOOD)
    for _ in range(39):
        clock.forward(minutes=15)
        assert browse.open("/account").status_code == 200
    clock.forward(minutes=14, seconds=59)
    assert browse.open("/account").status_code == 200
    clock.forward(seconds=1)
    assert browse.open("/account").status_code == 302


def test_that_somebody_is_awake_is_written_once_a_minute(
    browse: Browser, clock: Clock, sqlite_database: Database
) -> None:
    browse.sign_in("officer", GOOD)
    seen = []
    for _ in range(6):
        clock.forward(seconds=20)
        browse.open("/account")
        with sqlite_database.reading() as session:
            seen.append((session.exec(select(SignIn)).one().last_seen_at - NOON).total_seconds())
    assert seen == [0, 0, 60, 60, 60, 120]


def test_the_oldest_of_four_sessions_ends(app: Flask, clock: Clock) -> None:
    browsers = []
    for _ in range(4):
        browsers.append(Browser(app))
        browsers[-1].sign_in("officer", GOOD)
        clock.forward(seconds=1)
    assert [browser.open("/account").status_code for browser in browsers] == [302, 200, 200, 200]


def test_signing_out_everywhere_ends_every_session_of_one_person(app: Flask) -> None:
    first, second, other = (
        Browser(app).as_("officer"),
        Browser(app).as_("officer"),
        Browser(app).as_("manager"),
    )
    assert first.submit("/account/sign-out-everywhere").location == "/sign-in"
    assert [browser.open("/account").status_code for browser in (first, second, other)] == [302, 302, 200]


def test_a_new_password_ends_the_other_sessions_and_renews_this_one(app: Flask) -> None:
    new = "another four quiet words"
    here, elsewhere = Browser(app).as_("officer"), Browser(app).as_("officer")
    before = here.cookie()
    thief = here.copy_of(before)
    changed = here.submit("/account/password", present=GOOD, new=new, again=new)
    assert (changed.status_code, changed.location) == (303, "/account")
    assert "Your password is changed" in here.open("/account").text
    assert [browser.open("/account").status_code for browser in (elsewhere, thief)] == [302, 302]
    assert Browser(app).sign_in("officer", GOOD).status_code == 422
    assert Browser(app).sign_in("officer", new).status_code == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            {"present": BAD, "new": "x" * 5 + "quiet words", "again": "x" * 5 + "quiet words"},
            "That is not the password",
        ),
        ({"present": GOOD, "new": "short", "again": "short"}, "must have 14 characters or more"),
        ({"present": GOOD, "new": "another quiet word", "again": "another quiet ward"}, "are not the same"),
        ({"present": GOOD, "new": "q" * 129, "again": "q" * 129}, "128 characters or fewer"),
        (
            {"present": GOOD, "new": "officer@example.test", "again": "officer@example.test"},
            "more than your e-mail",
        ),
    ],
)
def test_a_password_that_cannot_be_taken_says_why(app: Flask, typed: dict[str, str], words: str) -> None:
    browser = Browser(app).as_("officer")
    response = browser.submit("/account/password", **typed)
    assert response.status_code == 422
    assert words in errors(response)[0]
    assert Browser(app).sign_in("officer", GOOD).status_code == 303


def test_sign_ins_and_refusals_are_logged(app: Flask, settled: Cast, sqlite_database: Database) -> None:
    officer = settled.people["officer"]
    Browser(app).sign_in("officer", BAD)
    Browser(app).sign_in("nobody", BAD)
    Browser(app).sign_in("officer", GOOD)
    assert log(sqlite_database) == [
        (Looked.SIGN_IN_REFUSED, officer), (Looked.SIGN_IN_REFUSED, None), (Looked.SIGNED_IN, officer),
    ]  # fmt: skip


def test_whoever_is_signed_in_already_goes_on(app: Flask) -> None:
    assert Browser(app).as_("officer").open("/sign-in?next=/account").location == "/account"


def test_a_lost_role_counts_from_the_next_request(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    browse.sign_in("officer", GOOD)
    assert "Herefordshire" in soup(browse.open("/account")).header.get_text()
    with sqlite_database.transaction() as session:
        session.delete(
            session.exec(select(Membership).where(Membership.user_id == settled.people["officer"])).one()
        )
    page = soup(browse.open("/account"))
    assert "Herefordshire" not in page.header.get_text()
    assert "You hold no role yet" in page.main.get_text()


class TestDemonstration:
    """The sign-in page of a demonstration shows its people and their password; no other does."""

    def page(self, database: Database, **given: str) -> str:
        settings = Settings(secret_key="k" * 40, scheduler="off", demo_password=GOOD, **given)
        client = create_app(settings, database=database).test_client()
        return client.get("/sign-in", base_url=given.get("base_url", "http://localhost")).text

    def test_it_shows_them(self, sqlite_database: Database) -> None:
        change(sqlite_database, "officer", demonstration=True)
        text = self.page(sqlite_database)
        assert "officer@example.test" in text
        assert GOOD in text
        assert "manager@example.test" not in text
        assert "<strong>Demonstration.</strong>" in text

    def test_real_people_are_not_listed(self, sqlite_database: Database) -> None:
        text = self.page(sqlite_database)
        assert GOOD not in text
        assert "@example.test" not in text

    def test_production_lists_nobody(self, sqlite_database: Database) -> None:
        change(sqlite_database, "officer", demonstration=True)
        text = self.page(sqlite_database, base_url="https://tracker.example.gov.uk")
        assert GOOD not in text
        assert "officer@" not in text
