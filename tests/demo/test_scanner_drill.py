"""A mail scanner at the mails of a demonstration round: every link, every link behind it, every form empty. Nothing changes."""

import re
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from config import Settings
from tests.demo.conftest import MONDAY
from tests.demo.conftest import settings as demo_settings
from tests.drills.sizes import size
from tests.reminders.conftest import EIGHT, twin, words
from tests.routes.browse import Browser, Clock
from tests.routes.conftest import KEY
from tests.routes.pages import Page, sent
from tests.routes.test_doors import everything
from tracker import create_app, demo, rounds
from tracker.db import Database

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.crash]

OPENS = size(2, 50)
MORNINGS = (date(2026, 11, 24), date(2026, 11, 25), date(2026, 12, 1))
BASE = "http://127.0.0.1:8000"


def links_of(folder: Path) -> tuple[int, set[str]]:
    """How many mails there are, and every address on the tracker in their plain and HTML parts."""
    found: set[str] = set()
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml")]
    for mail in mails:
        assert isinstance(mail, EmailMessage)
        found |= set(re.findall(rf"{BASE}(/[^\s\"<>]*)", words(mail) + twin(mail)))
    return len(mails), {link.rstrip(".") for link in found}


@pytest.fixture
def demonstration(database: Database) -> Database:
    """The demonstration of a Monday, on each database: loaded here, as a copy of the others' is SQLite's."""
    demo.load(database, demo_settings(), MONDAY)
    return database


def test_a_scanner_of_every_mail_changes_nothing(demonstration: Database, tmp_path: Path) -> None:
    database = demonstration
    settings = Settings(secret_key=KEY, scheduler="off", base_url=BASE, mail_dir=tmp_path / "mail")
    for day in MORNINGS:
        rounds.run(settings, database, EIGHT(day) + timedelta(minutes=1), holder="here")
    app = create_app(settings, now=Clock(EIGHT(MORNINGS[-1]) + timedelta(hours=1)), database=database)
    scanner = Browser(app)
    many, links = links_of(tmp_path / "mail")
    assert many > 10
    assert sum(link.startswith("/u/") for link in links) > 2
    before = everything(database)
    statuses = [scanner.open(link).status_code for link in sorted(links) for _ in range(OPENS)]
    assert max(statuses) < 500
    seen: set[str] = set()
    waiting, forms = sorted(links), 0
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        response = scanner.open(address)
        assert response.status_code < 500, address
        if response.location:
            waiting.append(urlsplit(urljoin(BASE + address, response.location)).path)
        if response.mimetype != "text/html":
            continue
        page = Page(scanner, response, address)
        for anchor in page.soup.select("a[href]"):
            target = urlsplit(urljoin(BASE + address, str(anchor["href"])))
            if f"{target.scheme}://{target.netloc}" == BASE:
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))
        for form in page.soup.select("form"):
            forms += 1
            action = urljoin(address, str(form.get("action", "")))
            hidden = {
                name: value
                for name, value in sent(form)
                if form.select_one(f'input[type="hidden"][name="{name}"]')
            }
            for data in ({}, hidden):
                answer = scanner.client.open(action, method=str(form.get("method", "get")).upper(), data=data)
                assert answer.status_code < 500, action
    after = everything(database)
    assert after == before, {name for name in before if before[name] != after[name]}
    told = f"{many} mails, {len(links)} links opened {OPENS} times, {len(seen)} pages, {forms} forms"
    print(told)  # noqa: T201 - for docs/drills.md
    assert forms > 4, told
