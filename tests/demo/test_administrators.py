"""An administrator opens every page that there is for them over the demonstration, and reads nothing of any case."""

import re
from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from tests.crawling import Reader
from tests.demo.conftest import MONDAY, Loaded, settings
from tracker import create_app
from tracker.db import Database
from tracker.models import (
    Area,
    Case,
    Document,
    Event,
    Letter,
    Membership,
    Organisation,
    Partnership,
    Role,
    User,
)

pytestmark = pytest.mark.xdist_group("every link")  # the one demonstration is loaded once

LEAST = 25
"""Shorter texts are words such as yes, or the name of an agency, that stand on other pages too."""


@pytest.mark.parametrize("place", ["herefordshire", "worcestershire"])
def test_no_page_of_an_administrator_says_anything_of_a_case(fresh: Loaded, place: str) -> None:
    database = fresh("monday")
    given = settings(secret_key="a key for tests, long enough to pass for one", scheduler="off")
    app = create_app(given, now=lambda: MONDAY, database=database)
    email = f"admin@{place}.example"
    with database.reading() as session:
        user = session.exec(select(User).where(User.email == email)).one()
        held = {
            row.role for row in session.exec(select(Membership).where(Membership.user_id == user.id)).all()
        }
        assert held == {Role.ADMINISTRATOR}
        references = set(session.exec(select(Case.reference)).all())
        ours = _set_up(session)
        secrets = {text for text in _texts(database) if len(text) >= LEAST} - ours
    assert len(references) > 100
    assert len(secrets) > 150
    any_reference = re.compile("|".join(sorted(map(re.escape, references), reverse=True)))
    reader, seen, wrong = Reader(app, email), set(), []
    for page in reader.everything():
        seen.add(page.address.partition("?")[0])
        if page.response.status_code != 200 or page.response.mimetype != "text/html":
            continue
        text = page.response.text
        if found := any_reference.search(text):
            wrong.append(f"{page.address} names {found[0]}")
        wrong += [f"{page.address} says {secret!r}" for secret in secrets if secret in text]
    assert wrong == [], "\n".join(wrong[:40])
    assert {
        "/admin", "/admin/people", "/admin/agencies", "/admin/runs", "/admin/audit", "/partnerships", "/areas",
        "/closed-days", "/policies", "/letters-and-emails", "/retention", "/names",
    } <= seen  # fmt: skip


def test_what_a_closed_day_would_move_is_a_number_for_an_administrator(fresh: Loaded) -> None:
    database = fresh("monday")
    given = settings(secret_key="a key for tests, long enough to pass for one", scheduler="off")
    reader = Reader(create_app(given, now=lambda: MONDAY, database=database), "admin@herefordshire.example")
    form = reader.open("/closed-days/add").response.text
    tokens = re.findall(r'name="csrf_token" value="([^"]+)"', form)
    place = re.findall(r'name="place"[^>]*value="([^"]*)"', form)[:1]
    typed = {"csrf_token": tokens[-1], "on": "3 12 2026", "name": "Office closed", "place": place}
    checked = reader.client.post("/closed-days/check", data=typed, buffered=True)
    assert checked.status_code == 200, "the day is foreseen"
    with database.reading() as session:
        references = set(session.exec(select(Case.reference)).all())
    assert [one for one in references if one in checked.text] == []


def _set_up(session: Session) -> set[str]:
    """Names, keys and mailboxes of the set-up: facts of cases point at them, and an administrator looks after them."""
    rows = [
        *session.exec(select(Organisation)).all(), *session.exec(select(Partnership)).all(),
        *session.exec(select(Area)).all(),
    ]  # fmt: skip
    people = session.exec(select(User)).all()
    return {text for row in rows for text in (row.key, row.name)} | {
        text for row in people for text in (row.email, row.name)
    }


def _texts(database: Database) -> Iterator[str]:
    """Everything that somebody wrote about a case."""
    with database.reading() as session:
        for case in session.exec(select(Case)).all():
            yield case.title
            yield from _strings(case.facts)
        for event in session.exec(select(Event)).all():
            yield event.reason
            yield from _strings(event.facts)
        for document in session.exec(select(Document)).all():
            yield document.title
        for letter in session.exec(select(Letter)).all():
            yield letter.recipient_label


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
