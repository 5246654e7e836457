"""The same security headers on every answer, whatever went wrong."""

from collections.abc import Callable

import pytest
from flask import Flask, Response, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.test import TestResponse

from tests.routes.browse import Browser, soup
from tracker import auth, headers
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible, NotVisible
from tracker.policy import Permission
from tracker.throttle import TriedTooOften

CANARY = "canary-4711"

ERRORS: dict[str, tuple[Exception, int, str]] = {
    "bad-input": (BadInput("The date is not one."), 422, "The date is not one."),
    "not-permitted": (NotPermitted("A manager can do this."), 403, "A manager can do this."),
    "not-visible": (NotVisible(f"There is no {CANARY}"), 404, "There may be nothing here"),
    "changed": (ChangedMeanwhile("The case moved on."), 409, "The case moved on."),
    "stale": (StaleDataError(CANARY), 409, "Someone else saved a change"),
    "not-possible": (NotPossible("The case is closed."), 409, "The case is closed."),
    "too-often": (TriedTooOften(90), 429, "Wait 2 minutes, then try again."),
    "unreachable": (
        OperationalError(CANARY, {"a": CANARY}, Exception(CANARY)),
        503,
        "Try again in a few minutes",
    ),
    "mistake": (ValueError(CANARY), 500, "The fault is ours"),
}


def _raise(error: Exception) -> Callable[[], str]:
    def view() -> str:
        raise error

    return view


def _raises(error: Exception) -> Callable[[Response], Response]:
    def after(_response: Response) -> Response:
        raise error

    return after


@pytest.fixture
def faulty(app: Flask) -> Flask:
    """The application with a page for each error."""
    app.testing = False
    for name, (error, _, _) in ERRORS.items():
        app.add_url_rule(f"/error/{name}", f"error.{name}", auth.needs(Permission.PUBLIC)(_raise(error)))
    app.add_url_rule(
        "/error/large",
        "error.large",
        auth.needs(Permission.PUBLIC)(lambda: str(len(request.form))),
        methods=["POST"],
    )
    return app


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("name", sorted(ERRORS))
def test_each_error_has_its_status_and_its_words(faulty: Flask, name: str, *, signed_in: bool) -> None:
    browser = Browser(faulty).as_("officer") if signed_in else Browser(faulty)
    _, status, words = ERRORS[name]
    response = browser.open(f"/error/{name}")
    assert response.status_code == status
    assert words in " ".join(soup(response).main.get_text().split())
    assert CANARY not in response.text
    page = soup(response)
    assert len(page.find_all("h1")) == 1
    assert page.title.get_text().startswith(page.h1.get_text())


def answers(faulty: Flask) -> dict[str, TestResponse]:
    """One answer of each kind."""
    officer, stranger = Browser(faulty).as_("officer"), Browser(faulty)
    token = officer.token()
    found = {name: stranger.open(f"/error/{name}") for name in ERRORS}
    found |= {
        "200": stranger.open("/sign-in"),
        "200 signed in": officer.open("/account"),
        "302": stranger.open("/account"),
        "static": stranger.open("/static/app.css"),
        "static, not there": stranger.open("/static/nothing.css"),
        "static, outside": stranger.open("/static/../application.py"),
        "400": officer.client.post("/account/password"),
        "400 at the door": stranger.client.post("/sign-in"),
        "400 host": stranger.client.get("/", headers={"Host": "evil.example"}),
        "401": stranger.client.post("/account/password"),
        "404": stranger.open("/nothing-here"),
        "405": stranger.client.delete("/sign-in"),
        "413": officer.upload("/error/large", token=token, size=3 * 2**20),
        "303 sign out": officer.submit("/sign-out"),
    }
    return found


def test_every_answer_carries_the_same_headers(faulty: Flask) -> None:
    found = answers(faulty)
    assert {response.status_code for response in found.values()} >= {
        200, 302, 303, 400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503,
    }  # fmt: skip
    for name, response in found.items():
        carried = {header: response.headers.get(header) for header in headers.ALWAYS}
        assert carried == headers.ALWAYS, name
        assert all(len(response.headers.getlist(header)) == 1 for header in headers.ALWAYS), name
        assert "Server" not in response.headers, name
        kept = response.headers["Cache-Control"]
        assert kept == ("no-cache" if name == "static" else "no-store"), name


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = dict(part.split(" ", 1) for part in headers.CONTENT_SECURITY_POLICY.split("; "))
    assert policy == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


def test_a_static_file_is_kept_for_ever_only_under_the_address_of_its_content(browse: Browser) -> None:
    style = soup(browse.open("/sign-in")).select_one("link[rel=stylesheet]")["href"]
    assert "?v=" in style
    assert browse.open(style).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in browse.open(style).headers


def test_no_page_loads_anything_from_elsewhere(browse: Browser) -> None:
    for address in (
        "/sign-in",
        "/help",
        "/help/dates",
        "/accessibility",
        "/privacy",
        "/status",
        "/nothing-here",
    ):
        page = soup(browse.open(address))
        for tag in page.select("script, img, iframe, link, object, embed, form"):
            for attribute in ("src", "href", "action", "data"):
                assert str(tag.get(attribute, "/")).startswith("/"), (address, tag)


def test_signing_out_empties_what_the_browser_kept(app: Flask) -> None:
    browser = Browser(app).as_("officer")
    assert "Clear-Site-Data" not in browser.open("/account").headers
    assert browser.submit("/sign-out").headers["Clear-Site-Data"] == '"cache", "storage"'
    again = Browser(app).as_("officer")
    assert again.submit("/account/sign-out-everywhere").headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_mistake_is_logged_under_the_code_on_the_page_and_without_what_was_typed(
    faulty: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    response = Browser(faulty).open(f"/error/mistake?name={CANARY}")
    code = soup(response).select_one("b.app-ref").get_text()
    written = "".join(capsys.readouterr())
    assert code in written
    assert "ValueError" in written
    assert "error.mistake" in written
    assert CANARY not in written


def test_a_database_that_is_gone_is_said_so_and_not_what_was_asked_of_it(
    faulty: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    response = Browser(faulty).open("/error/unreachable")
    assert response.headers["Retry-After"] == "10"
    assert CANARY not in response.text + "".join(capsys.readouterr())


def test_records_out_of_reach_are_said_so_to_somebody_signed_in_too(
    app: Flask, sqlite_database: Database
) -> None:
    app.testing = False
    officer = Browser(app).as_("officer")
    with sqlite_database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sign_ins RENAME TO gone")
    response = officer.open("/account")
    assert response.status_code == 503
    assert "Try again in a few minutes" in response.text


def test_a_database_that_goes_away_after_the_page_was_made_is_no_fault_of_ours(faulty: Flask) -> None:
    officer = Browser(faulty).as_("officer")
    faulty.after_request(_raises(ERRORS["unreachable"][0]))
    response = officer.open("/account")
    assert response.status_code == 503
    assert "Try again in a few minutes" in response.text


def test_a_wait_says_how_long(faulty: Flask) -> None:
    assert Browser(faulty).open("/error/too-often").headers["Retry-After"] == "90"
