"""The layout and the components: escaping, ids, the content security policy, accessibility, and the words for dates."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from xml.etree.ElementTree import Element

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, render_template
from flask.testing import FlaskClient
from jinja2 import FileSystemLoader
from jinja2.exceptions import UndefinedError
from playwright.sync_api import Browser, Page, Route
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms.fields.choices import SelectChoice

from tests.browser import chromium
from tracker import templating
from tracker.queries.stages import StageShown
from tracker.templating import Answer, Link, NavItem, Notice, NoticeKind, Shell

HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(2)> & {{ 7*7 }}"""
STATIC = Path(templating.__file__).parent / "static"
ERRORS = (400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 503)
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Update(Form):
    kind = RadioField("Kind", choices=[SelectChoice("dhr", "DHR"), SelectChoice("asb", "ASB case review")])
    agency = SelectField("Agency", choices=[SelectChoice("", "Any"), SelectChoice("police", "Police")])
    tell = RadioField(
        "What do you want to tell us?",
        [validators.InputRequired("Choose what you want to tell us")],
        choices=[
            SelectChoice("none", "No change", render_kw={"hint": "Counts as an answer"}),
            SelectChoice("time", "We need more time"),
        ],
    )
    why = TextAreaField("Why is more time needed?", [validators.Length(max=3, message="Use fewer words")])
    on = DateField("New date", format="%d %m %Y")
    who = StringField("Who should have it?", [validators.Length(max=3, message="Say it shorter")])
    bodies = SelectMultipleField(
        "Who was asked?", choices=[SelectChoice("nhs", "NHS"), SelectChoice("p", "Police")]
    )
    agree = BooleanField("The chair agreed", [validators.InputRequired("Say that the chair agreed")])
    secret = PasswordField("Password")
    paper = FileField("The minute")
    step = HiddenField()
    mail = EmailField("E-mail")


def _sample(x: str) -> SimpleNamespace:
    """What a page would be given, with ``x`` after every text."""
    names = (
        "Notification",
        "Decision",
        "Set up",
        "Conduct",
        "Sign-off and QA",
        "Publication",
        "Delivery",
        "Closure",
    )
    return SimpleNamespace(
        day=date(2026, 11, 23),
        at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
        see_who=Link("See who" + x, "/who", "can open it" + x),
        links=(Link("Chase them" + x, "/chase", "for their reports" + x), Link("record a waiver", "/waive")),
        answers=(Answer("Date" + x, "Monday 23 November 2026" + x, "/edit"), Answer("Note", "")),
        link_to="/cases?page={}".format,
        subnav=(
            NavItem("Overview", "/c", current=True),
            NavItem("Tasks" + x, "/t", count=6),
            NavItem("History", "/h"),
        ),
        stages=tuple(
            StageShown(name + x, done=n < 3, current=n == 3, time_spent=f"{n} days" + x if n < 4 else "")
            for n, name in enumerate(names)
        ),
        lines=(
            SimpleNamespace(label="Wed 25 Feb 2026" + x, words="Clock starts: the chair decides" + x),
            SimpleNamespace(label="+ 6 months", words="Guidance limit"),
            SimpleNamespace(label="Tue 25 Aug 2026", words="Due by the end of this day"),
        ),
    )


def _shell(x: str = "") -> Shell:
    nav = (
        NavItem("Today" + x, "/today"),
        NavItem("Cases", "/cases", current=True),
        NavItem("Actions", "/actions"),
    )
    return Shell(
        partnership="Herefordshire Community Safety Partnership" + x,
        who="Business unit officer" + x,
        nav=nav,
        mark="OFFICIAL-SENSITIVE HCSP-DHR-2026-001." + x,
        printed_at=datetime(2026, 11, 23, 9, 4, tzinfo=UTC),
        demonstration=True,
        csrf_token="t0ken" + x,
        search=True,
        account_href="/account",
    )


def _gallery(x: str, *, wrong: bool) -> str:
    sent = {
        "why": "first\r\n  second" + x,
        "on": "31 02 2026",
        "who": "somebody" + x,
        "step": "s" + x,
        "kind": "asb",
    }
    form = Update(MultiDict(sent))
    form.validate()
    errors = templating.form_errors(form) if wrong else []
    if not wrong:
        form = Update()
    notice = Notice("Drafting has started." + x, NoticeKind.SUCCESS, _sample(x).links)
    return render_template(
        "gallery.html", x=x, sample=_sample(x), form=form, errors=errors, notice=notice, shell=_shell(x)
    )


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("gallery", static_folder=str(STATIC))
    templating.install(app)
    app.jinja_loader.loaders.append(FileSystemLoader(Path(__file__).parent))
    app.add_url_rule("/gallery", view_func=lambda: _gallery("", wrong=False), endpoint="gallery")
    app.add_url_rule("/wrong", view_func=lambda: _gallery("", wrong=True), endpoint="wrong")
    app.add_url_rule("/hostile", view_func=lambda: _gallery(HOSTILE, wrong=True), endpoint="hostile")

    @app.get("/errors/<int:code>")
    def error(code: int) -> str:
        x = HOSTILE if code == 403 else ""
        return render_template(f"errors/{code}.html", message=x, reference="7KQ2" + x, shell=_shell())

    @app.after_request
    def policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = CSP
        return response

    return app


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


PAGES = ("/gallery", "/wrong", "/hostile", *(f"/errors/{code}" for code in ERRORS))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_sound(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root = parser.parse(page)
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    inline = [
        name for node in root.iter() for name in node.attrib if name == "style" or name.startswith("on")
    ]
    assert not inline
    assert not list(root.iter("style"))
    assert all(node.get("src", "").startswith("/static/") and not node.text for node in root.iter("script"))
    assert len(list(root.iter("h1"))) == 1
    named = {word for node in root.iter() for word in _named(node)}
    assert named <= set(ids)
    assert not re.search(r"GDS Transport|govuk-crest|crown", page, re.IGNORECASE)
    footer = [node.text for node in root.iter("footer") for node in node.iter("a")]
    assert footer == [
        "Help and contact",
        "Accessibility statement",
        "Privacy",
        "How dates are worked out",
        "Service status",
    ]


def _named(node: Element) -> list[str]:
    """The ids that an element points at."""
    names = " ".join(
        node.get(name, "") for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for")
    )
    href = node.get("href", "")
    return names.split() + ([href[1:]] if href.startswith("#") else [])


def test_hostile_text_stays_text(client: FlaskClient) -> None:
    page = client.get("/hostile").text
    plain = client.get("/wrong").text
    assert "<img" not in page
    assert page.count("<script") == plain.count("<script") == 2
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&amp;lt;" not in page, "escaped twice"
    tags = [re.findall(r"<([a-z][a-z0-9]*)", text) for text in (page, plain)]
    assert tags[0] == tags[1], "text made elements"


def test_the_title_says_that_there_is_an_error(client: FlaskClient) -> None:
    assert (
        "<title>(3 overdue, 3 due today) HCSP-DHR-2026-001 - Case tracker</title>"
        in client.get("/gallery").text
    )
    wrong = client.get("/wrong").text
    assert "<title>Error: (3 overdue, 3 due today) HCSP-DHR-2026-001 - Case tracker</title>" in wrong
    for words in ("Choose what you want to tell us", "Say it shorter", "Say that the chair agreed"):
        assert wrong.count(words) == 2, "once in the summary, once at the field"


def test_a_persons_words_come_back_as_they_were_typed(client: FlaskClient) -> None:
    document = html5lib.parse(client.get("/wrong").text, namespaceHTMLElements=False)
    (area,) = document.iter("textarea")
    assert area.text == "first\n  second"
    values = {
        node.get("name"): node.get("value") for node in document.iter("input") if node.get("type") == "text"
    }
    assert (values["on"], values["who"]) == ("31 02 2026", "somebody")


def test_a_password_is_never_sent_back(app: Flask) -> None:
    with app.test_request_context():
        form = Update(MultiDict({"secret": "do not repeat"}))
        assert "do not repeat" not in _draw(
            app, "{% from 'components/field.html' import field %}{{ field(f) }}", f=form.secret
        )


def test_a_posting_form_cannot_be_drawn_without_a_token(app: Flask) -> None:
    source = "{% from 'components/form.html' import form_open %}{{ form_open('/x', method=m) }}</form>"
    assert "csrf" not in _draw(app, source, m="get")
    with pytest.raises(UndefinedError):
        _draw(app, source, m="post")


def _draw(app: Flask, source: str, **values: object) -> str:
    with app.test_request_context():
        return app.jinja_env.from_string(source).render(**values)


def test_static_files_carry_nothing_of_gov_uk_and_are_named_by_content(client: FlaskClient) -> None:
    for file in STATIC.glob("*"):
        found = re.search(
            r"GDS Transport|govuk-crest|crown-|@font-face|assets/(images|fonts)", file.read_text()
        )
        assert not found, (file.name, found)
    for address in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/gallery").text)):
        assert re.search(r"\?v=[0-9a-f]{12}$", address)
        with client.get(address) as got:
            assert got.status_code == 200


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launched() as found:
        yield found


def _open(browser: Browser, client: FlaskClient, address: str, width: int) -> tuple[Page, list[str]]:
    """Open a page of the test application without a server; the second value is whatever the browser complained of."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))

    def answer(route: Route) -> None:
        with client.get(route.request.url.removeprefix("http://tracker.test")) as got:
            route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.data)

    page.route("**/*", answer)
    page.goto("http://tracker.test" + address)
    return page, complaints


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("address", ["/gallery", "/wrong", "/hostile", "/errors/500"])
def test_a_page_is_accessible_and_fits(
    browser: Browser, client: FlaskClient, address: str, width: int
) -> None:
    page, complaints = _open(browser, client, address, width)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    # The one allowed exception: GOV.UK's own radios say aria-expanded.
    wrong = [
        (rule["id"], node["html"][:160], node["failureSummary"])
        for rule in found
        for node in rule["nodes"]
        if not (rule["id"] == "aria-allowed-attr" and "govuk-radios__input" in node["html"])
    ]
    fits = page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    focus = page.evaluate("() => document.activeElement.className")
    fonts = page.evaluate("() => document.fonts.size")
    if shots := os.environ.get("SHOTS"):
        page.screenshot(path=f"{shots}{address.replace('/', '_')}_{width}.png", full_page=True)
    page.close()
    assert not wrong
    assert fits
    assert not complaints
    assert fonts == 0
    assert ("govuk-error-summary" in focus) == (address in {"/wrong", "/hostile"})
