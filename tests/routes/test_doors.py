"""Nothing opens without a label, nobody comes in without a session, and no address leads out."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import SQLModel
from werkzeug.routing import AnyConverter, IntegerConverter

from config import Settings
from tests.cast import PEOPLE, Cast
from tests.routes.browse import Browser, Clock, soup
from tracker import auth, create_app, web
from tracker.db import Database
from tracker.errors import Refuses
from tracker.models import Role
from tracker.policy import AT_THE_DOOR, Actor, Holding, Permission

PUBLIC = {
    "static", "sign_in.show", "sign_in.enter", "sign_in.leave", "help.show", "help.how_dates_are_worked_out",
    "help.accessibility", "help.privacy", "status.show", "health.show",
    *(f"updates.{view}" for view in ("show", "fresh", "item", "save", "send_code", "enter_code")),
    *(f"update_people.{view}" for view in ("covering", "cover", "wrong", "tell", "not_me", "take_back")),
    "feeds.file", "set_password.show", "set_password.save", "set_password.done",
}  # fmt: skip
NOT_COUNTED = {"sign_ins", "access_log", "update_link_guesses"}
"""What a GET may write: that somebody is awake, that they looked, that a key was tried that is nobody's."""


def everything(database: Database) -> dict[str, list[object]]:
    """Every row of every table that a GET or a refused POST may not touch."""
    with database.reading() as session:
        return {
            table.name: [
                tuple(row) for row in session.connection().execute(select(table).order_by(*table.primary_key))
            ]
            for table in SQLModel.metadata.sorted_tables
            if table.name not in NOT_COUNTED
        }


def addresses(app: Flask, method: str) -> Iterator[tuple[str, str]]:
    """Each endpoint that takes the method with an address of it; words stand where a reference would."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if method in (rule.methods or ()):
                values = {
                    name: min(c.items)
                    if isinstance(c, AnyConverter)
                    else 7
                    if isinstance(c, IntegerConverter)
                    else "HCSP-DHR-2026-999"
                    for name, c in rule._converters.items()
                }
                yield rule.endpoint, adapter.build(rule.endpoint, values, method=method)


def test_every_endpoint_carries_a_label_and_few_are_public(app: Flask) -> None:
    with app.app_context():
        labels = {rule.endpoint: auth.label_of(rule.endpoint) for rule in app.url_map.iter_rules()}
    bare = sorted(endpoint for endpoint, label in labels.items() if label is None)
    assert bare == [], f"put @auth.needs(Permission...) directly on the function of {bare}"
    public = {
        endpoint for endpoint, label in labels.items() if label and label.permission is Permission.PUBLIC
    }
    assert public == PUBLIC, "a public page is a decision: add it here too"


def test_no_address_both_shows_and_changes(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods in ({"GET"}, {"POST"}), f"{rule.endpoint}: one view for GET, another for POST"


def test_a_view_without_a_label_is_closed_to_everybody(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    app.testing = False
    for browser in (Browser(app), Browser(app).as_("officer"), Browser(app).as_("admin")):
        response = browser.open("/forgotten")
        assert response.status_code == 500
        assert "secret" not in response.text


def test_whoever_is_not_signed_in_is_asked_to(app: Flask, browse: Browser, sqlite_database: Database) -> None:
    before = everything(sqlite_database)
    for endpoint, address in addresses(app, "GET"):
        if endpoint not in PUBLIC:
            response = browse.open(address)
            assert response.status_code == 302, endpoint
            assert response.location.startswith("/sign-in"), endpoint
    for endpoint, address in addresses(app, "POST"):
        if endpoint not in PUBLIC:
            response = browse.client.post(address)
            assert response.status_code == 401, endpoint
            assert soup(response).select_one("main a[href='/sign-in']"), endpoint
    assert everything(sqlite_database) == before


@pytest.mark.parametrize("who", ["officer", "manager", "lead", "admin"])
def test_a_form_without_its_token_changes_nothing(app: Flask, who: str, sqlite_database: Database) -> None:
    browser = Browser(app).as_(who)
    before = everything(sqlite_database)
    for endpoint, address in addresses(app, "POST"):
        for data in ({}, {"csrf_token": "made up"}):
            status = browser.client.post(address, data=data).status_code
            assert status in {400, 403}, endpoint
    assert browser.open("/account").status_code == 200, "still signed in: a forged sign-out did nothing"
    assert everything(sqlite_database) == before


@pytest.mark.parametrize("who", [who for who, _, _ in PEOPLE])
def test_looking_changes_nothing(app: Flask, who: str, sqlite_database: Database) -> None:
    browser = Browser(app).as_(who)
    before = everything(sqlite_database)
    for endpoint, address in addresses(app, "GET"):
        assert browser.open(address).status_code != 500, endpoint
    assert everything(sqlite_database) == before


def test_an_address_that_is_not_there_is_the_same_to_everybody(app: Flask) -> None:
    for browser in (Browser(app), Browser(app).as_("officer")):
        response = browser.open("/nothing-here")
        assert response.status_code == 404
        assert soup(response).h1.get_text() == "Page not found"


@pytest.mark.parametrize(
    ("permission", "words"),
    [
        (Permission.CASE_LOG, "To log a case you must be an officer or manager."),
        (Permission.PEOPLE_MANAGE, "To manage people you must be an administrator."),
    ],
)
def test_who_may_not_knock_is_told_who_may(app: Flask, permission: Permission, words: str) -> None:
    app.add_url_rule("/closed", "closed", auth.needs(permission)(lambda: "inside"))
    response = Browser(app).as_("lead").open("/closed")
    assert response.status_code == 403
    assert words in soup(response).main.get_text()
    assert "inside" not in response.text


def test_a_permission_that_nobody_holds_says_so() -> None:
    for permission in Permission:
        words = auth.who_can(permission)
        assert words.endswith("."), permission
        if not AT_THE_DOOR.get(permission):
            assert words.startswith("Nobody can"), permission


def test_an_upload_may_be_larger_only_where_the_label_says_so(app: Flask) -> None:
    app.add_url_rule("/small", "small", auth.needs(Permission.SIGNED_IN)(lambda: "taken"), methods=["POST"])
    app.add_url_rule(
        "/large",
        "large",
        auth.needs(Permission.SIGNED_IN, upload_bytes=5 * 2**20)(lambda: "taken"),
        methods=["POST"],
    )
    browser = Browser(app).as_("officer")
    token = browser.token()
    for address, size, status in (("/small", 3, 413), ("/large", 3, 200), ("/large", 6, 413)):
        assert browser.upload(address, token=token, size=size * 2**20).status_code == status, (address, size)


OUTSIDE = [
    "//evil.example", "///evil.example", r"/\evil.example", r"\\evil.example", r"\/evil.example", "/%09/evil.example",
    "/%0a/evil.example", "/\t/evil.example", "https:evil.example", "https://evil.example", "http:///evil.example",
    "javascript:alert(1)", "data:text/html,x", "evil.example", "/%2f/evil.example", "/%5cevil.example", "/.//evil.example",
    "/ /evil.example", "", "//localhost@evil.example", "/nothing-here", "/static/app.css", "/sign-in", "/sign-out",
    "/account\r\nSet-Cookie: a=b", "/account%0d%0aSet-Cookie:a=b", "https://localhost.evil.example/account",
]  # fmt: skip


@pytest.mark.parametrize("target", OUTSIDE, ids=range(len(OUTSIDE)))
def test_no_address_leads_out(app: Flask, target: str) -> None:
    with app.test_request_context():
        assert auth.safe_next(target) == "/"


@pytest.mark.parametrize("target", ["/account", "/help/dates", "/", "/account?a=1&b=two", "/help?page=2"])
def test_our_own_pages_are_gone_on_to(app: Flask, target: str) -> None:
    with app.test_request_context():
        assert auth.safe_next(target) == target


def test_the_page_that_was_asked_for_is_kept_while_signing_in(browse: Browser) -> None:
    first = browse.open("/account?from=mail")
    assert first.location == "/sign-in?next=/account?from%3Dmail"
    page = soup(browse.open(first.location))
    assert page.select_one("input[name=next]")["value"] == "/account?from=mail"
    assert soup(browse.open("/sign-in?next=//evil.example")).select_one("input[name=next]")["value"] == "/"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example", "a b"])
def test_another_host_is_not_served(browse: Browser, host: str) -> None:
    response = browse.client.get("/sign-in", headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.text
    assert response.headers["Content-Security-Policy"]


def test_forwarded_headers_of_strangers_change_nothing(browse: Browser) -> None:
    spoofed = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "10.0.0.1",
    }
    assert browse.client.get("/account", headers=spoofed).location == "/sign-in?next=/account"
    assert "evil" not in browse.client.get("/sign-in", headers=spoofed).text


def test_production_has_its_own_host_and_cookie(
    sqlite_database: Database, settled: Cast, clock: Clock
) -> None:
    settings = Settings(secret_key="k" * 40, base_url="https://tracker.example.gov.uk", scheduler="off")
    app = create_app(settings, now=clock, database=sqlite_database)
    client = app.test_client()
    home = "https://tracker.example.gov.uk"
    assert client.get("/sign-in", base_url="http://localhost").status_code == 400
    page = client.get("/sign-in", base_url=home)
    assert page.status_code == 200
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie
    assert "Expires" not in cookie
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_there_is_no_application_without_a_secret_key(sqlite_database: Database) -> None:
    with pytest.raises(Refuses, match="TRACKER_SECRET_KEY"):
        create_app(Settings(), database=sqlite_database)


ALL_DAY = ["Today", "Cases", "Actions", "Calendar", "Reports"]
LOOKING_AHEAD = ["At risk", "Cases", "Actions", "Calendar", "Reports"]
NAVIGATION = {
    (Role.OFFICER,): ALL_DAY,
    (Role.DECISION_MAKER,): ALL_DAY,
    (Role.MANAGER,): LOOKING_AHEAD,
    (Role.CHAIR,): LOOKING_AHEAD,
    (Role.LEAD,): ["My work", "Calendar"],
    (Role.PANEL,): ["My work", "Calendar"],
    (Role.AUDITOR,): ["Reports", "Cases", "Audit"],
    (Role.ADMINISTRATOR,): ["Admin"],
    (Role.OFFICER, Role.MANAGER): ["Today", *LOOKING_AHEAD],
    (Role.LEAD, Role.OFFICER): ["Today", "My work", "Cases", "Actions", "Calendar", "Reports"],
    (Role.AUDITOR, Role.OFFICER): ["Today", "Reports", "Cases", "Actions", "Calendar", "Audit"],
}


@pytest.mark.parametrize("roles", NAVIGATION, ids="+".join)
def test_each_role_has_its_own_navigation_and_two_have_the_union(roles: tuple[Role, ...]) -> None:
    actor = Actor(1, "Somebody", holdings=frozenset(Holding(role, 1, 1) for role in roles))
    assert [place.text for place in web.places_of(actor)] == NAVIGATION[roles]


@pytest.mark.parametrize("who", [who for who, _, _ in PEOPLE])
def test_everybody_has_a_first_page_and_no_link_that_is_closed(app: Flask, who: str) -> None:
    browser = Browser(app).as_(who)
    first = browser.open("/")
    assert first.status_code == 302
    page = browser.open(first.location)
    assert page.status_code == 200
    links = [link["href"] for link in soup(page).select("header nav a, footer a")]
    assert len(links) >= 5
    for href in links:
        assert browser.open(href).status_code == 200, href


def test_options_and_unknown_methods_tell_nothing(browse: Browser) -> None:
    assert browse.client.open("/account", method="OPTIONS").status_code == 302
    assert browse.client.open("/sign-in", method="TRACE").status_code == 405
    refused = browse.client.delete("/sign-in")
    assert refused.status_code == 405
    assert refused.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
