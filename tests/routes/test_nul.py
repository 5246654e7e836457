"""A NUL in an address or in a field is answered in words, on every page, before any of it reaches the database."""

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy.exc import DataError

from config import Settings
from tests.cast import settle
from tests.routes.browse import Browser, Clock, soup
from tests.routes.conftest import KEY
from tests.routes.test_doors import addresses, everything
from tracker import auth, create_app
from tracker.db import Database
from tracker.policy import Permission

ALL = ("q=a%00b", "reference=%00", "%00=1")
SAID = "What was sent holds a letter that cannot be shown or kept"
PEOPLE = ("manager", "admin", "auditor")


def test_no_page_takes_a_nul_in_its_query(app: Flask) -> None:
    browser = Browser(app)
    answers: dict[str, set[int]] = {}
    for who in PEOPLE:
        browser.as_(who)
        for endpoint, address in addresses(app, "GET"):
            for query in ALL:
                answers.setdefault(endpoint, set()).add(browser.open(f"{address}?{query}").status_code)
    for endpoint, statuses in answers.items():
        assert 400 in statuses, endpoint
        assert statuses <= {400, 403}, endpoint  # 403: the door comes first


def test_no_form_takes_a_nul(app: Flask, sqlite_database: Database) -> None:
    browser = Browser(app)
    answers: dict[str, set[int]] = {}
    for who in PEOPLE:
        browser.as_(who)
        before = everything(sqlite_database)
        for endpoint, address in addresses(app, "POST"):
            for typed in ({"request_id": "\0"}, {"person": "\0"}, {"why": "x\0y"}, {"a\0": "b"}):
                status = browser.submit(address, **typed).status_code
                answers.setdefault(endpoint, set()).add(status)
        assert everything(sqlite_database) == before
    for endpoint, statuses in answers.items():
        assert 400 in statuses, endpoint
        assert statuses <= {400, 403}, endpoint


def test_no_path_takes_a_nul_and_the_page_says_why(app: Flask) -> None:
    browser = Browser(app).as_("officer")
    for address in ("/cases/%00", "/cases/HCSP%00", "/nothing/%00", "/static/%00", "/static/app.css%00"):
        response = browser.open(address)
        assert response.status_code == 400, address
        assert SAID in soup(response).get_text(), address
    page = soup(browser.open("/cases/%00"))
    assert page.select_one("a[href='/account']") is not None, "who is signed in stays so"
    stranger = Browser(app).open("/cases/%00")
    assert stranger.status_code == 302, "the door comes first"
    assert Browser(app).open(stranger.location).status_code == 400


def test_a_form_of_nobody_is_not_read(app: Flask) -> None:
    answer = Browser(app).submit("/account/password", page="/sign-in", why="\0")
    assert answer.status_code == 401
    assert Browser(app).submit("/nothing", page="/sign-in", why="\0").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/cases/%00",
        "/search?q=ab%00c",
        "/cases?q=%00",
        "/reports/reminders?reference=%00",
        "/sign-in?next=%00",
    ],
)
def test_postgresql_is_never_asked(postgres_url: str, address: str) -> None:
    database = Database(postgres_url)
    try:
        settle(database)
        app = create_app(Settings(secret_key=SecretStr(KEY), scheduler="off"), now=Clock(), database=database)
        browser = Browser(app).as_("officer")
        response = browser.open(address)
        assert (response.status_code, SAID in soup(response).get_text()) == (400, True)
        for typed in ({"request_id": "\0"}, {"person": "\0"}, {"why": "x\0y"}):
            assert browser.submit("/cases/new/asb_case_review", **typed).status_code in {400, 404}
        assert Browser(app).submit("/sign-in", page="/sign-in", email="a\0b", password="x").status_code == 400
    finally:
        database.dispose()


def test_a_value_that_the_database_refuses_is_not_our_failure(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    @app.get("/refused")
    @auth.needs(Permission.PUBLIC)
    def refused() -> str:
        raise DataError("SELECT", {"q": "somebody's words"}, Exception("out of range"))

    response = Browser(app).open("/refused")
    assert response.status_code == 400
    assert "cannot be kept" in soup(response).get_text()
    assert "somebody" not in response.text + capsys.readouterr().out
