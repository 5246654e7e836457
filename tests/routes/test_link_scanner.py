"""A mail scanner: opens every link in every mail fifty times, follows what it finds, sends every form empty. Nothing changes."""

import re
from datetime import date, timedelta
from urllib.parse import urljoin, urlsplit

from flask import Flask
from sqlmodel import select

from tests.cast import NOON, Cast
from tests.reminders.conftest import EIGHT, Kept, words
from tests.routes.browse import Browser, Clock
from tests.routes.conftest import KEY
from tests.routes.pages import Page, sent, visit
from tests.routes.test_doors import everything
from tests.services.test_actions import log_action
from tests.services.test_cases import log_dhr
from tests.services.test_families import REQUEST, add
from tracker.db import Database
from tracker.models import Case, Deadline, Sensitivity
from tracker.outbox import Letterhead, deliver
from tracker.services import link_codes, link_people, update_links
from tracker.services.reminders import tick

BASE = "http://localhost"
OPENS = 50


def post(database: Database, transport: Kept, at: object) -> None:
    tick(database, at)  # type: ignore[arg-type]
    deliver(database, transport, at, "here", letterhead=Letterhead("t@council.example", BASE, KEY))  # type: ignore[arg-type]


def links_in(transport: Kept) -> set[str]:
    found = {link for mail in transport.mails for link in re.findall(r"http://localhost(/\S*)", words(mail))}
    return {link.rstrip(".") for link in found}


def test_a_scanner_changes_nothing(
    app: Flask, sqlite_database: Database, settled: Cast, clock: Clock
) -> None:
    transport, scanner = Kept(), Browser(app)
    with sqlite_database.transaction() as session:
        actions = [log_action(session, settled) for _ in range(3)]
        actions[2].sensitivity = Sensitivity.RESTRICTED
        add(session, settled, log_dhr(session, settled), "information_request", REQUEST)
        for deadline in session.exec(select(Deadline)).all():
            deadline.next_notice_at = NOON
    for day in (date(2027, 1, 4), date(2027, 2, 22), date(2027, 3, 2)):
        post(sqlite_database, transport, EIGHT(day))
    clock.at = EIGHT(date(2027, 3, 2)) + timedelta(hours=1)
    item = next(x for x in links_in(transport) if re.fullmatch(rf"/u/\S+/{actions[0].reference}", x))
    key = item.split("/")[2]
    visit(Browser(app), item).submit({"answer": "progress", "note": "Six venues"})
    with sqlite_database.transaction() as session:
        link = update_links.find(session, KEY, key, clock.at)
        cases = session.exec(select(Case).where(Case.process == "action_item")).all()
        link_people.cover(
            session, link, name="Desk", email="desk@police.example", about=cases, secret=KEY, request_id="x", at=clock.at
        )  # fmt: skip
        link_codes.send(session, link, cases[2], at=clock.at)
    post(sqlite_database, transport, clock.at)
    addresses = links_in(transport)
    assert sum("/not-me/" in link for link in addresses) == 1
    assert len({link.split("/")[2] for link in addresses if link.startswith("/u/")}) >= 2

    before = everything(sqlite_database)
    seen: set[str] = set()
    forms = 0
    for link in addresses:
        for _ in range(OPENS):
            scanner.open(link)
    waiting = sorted(link for link in addresses if link.startswith("/u/"))
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        page = Page(scanner, scanner.open(address), address)
        for anchor in page.soup.select("a[href]"):
            target = urlsplit(urljoin(address, str(anchor["href"]))).path
            waiting += [target] if target.startswith("/u/") else []
        for form in page.soup.select("form"):
            forms += 1
            for data in (dict(sent(form)), {}):
                scanner.client.post(str(form["action"]), data=data)
    assert any("/covering" in address for address in seen)
    assert any(actions[2].reference in address for address in seen)
    assert forms > 8
    assert everything(sqlite_database) == before
    assert scanner.open(item).status_code == 200
