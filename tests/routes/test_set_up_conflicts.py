"""Two administrators change one thing of the set-up, or one sends a form again: nothing is taken or lost in silence."""

import pytest
from flask import Flask
from sqlmodel import select

from tests.cast import Cast
from tests.routes.browse import Browser
from tests.routes.pages import send, visit
from tracker.db import Database
from tracker.models import Organisation, SetupChange

HEADING = "This changed while you were working"
WHY = {"reason": "As agreed in November"}
FORMS: dict[str, tuple[str, str, dict[str, str | list[str] | None], dict[str, str | list[str] | None]]] = {
    "/partnerships/herefordshire": (
        "admin", "Telephone of the business unit",
        {"unit_phone": "01632 960123"}, {"unit_phone": "01632 960124", "unit_mailbox": "unit@example.test"},
    ),
    "/admin/agencies/housing/mailboxes": (
        "admin", "Mailbox for reminders",
        {"contact_email": "first@example.test"}, {"contact_email": "second@example.test"},
    ),
    "/names/herefordshire": (
        "manager", "Review of anti-social behaviour",
        {"asb_case_review": "Community Trigger"}, {"asb_case_review": "ASB review"},
    ),
    "/retention/schedule/herefordshire/asb_case_review": (
        "manager", "How many years is it kept after it was closed?",
        {"years": "7", "authority": "Schedule 2"}, {"years": "8", "authority": "Schedule 3"},
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def housing_here(sqlite_database: Database, settled: Cast) -> None:
    with sqlite_database.transaction() as session:
        body = session.get_one(Organisation, settled.housing)
        body.partnership_id = settled.herefordshire


def changes(database: Database) -> list[str]:
    with database.reading() as session:
        return [row.said for row in session.exec(select(SetupChange)).all()]


@pytest.mark.parametrize("address", FORMS)
def test_what_somebody_else_changed_meanwhile_is_told_and_what_was_typed_is_kept(
    app: Flask, sqlite_database: Database, address: str
) -> None:
    who, label, theirs, mine = FORMS[address]
    form = visit(Browser(app).as_(who), address)
    other = visit(Browser(app).as_(who), address)
    assert other.submit(theirs).submit(WHY).status == 200
    page = form.submit(mine)
    assert (page.status, page.heading) == (409, HEADING)
    row = next(row for row in page.rows() if row[0] == label)
    name = next(iter(theirs))
    assert str(theirs[name]) in row[2]
    assert "Monday 23 November 2026" in row[2]
    assert row[3] == mine[name]
    check = page.submit()
    assert (check.status, check.heading.startswith("Check")) == (200, True)
    done = check.submit(WHY)
    assert done.status == 200
    assert len(changes(sqlite_database)) == 2


@pytest.mark.parametrize("address", FORMS)
def test_sent_twice_it_is_one_change_and_with_other_answers_it_is_told(
    app: Flask, sqlite_database: Database, address: str
) -> None:
    who, label, first, second = FORMS[address]
    check = visit(Browser(app).as_(who), address).submit(first)
    form = check.form()
    pairs = [pair for pair in check.fields() if pair[0] not in {*WHY, *second}]
    once = [*pairs, *((n, str(v)) for n, v in (first | WHY).items())]
    once += [pair for pair in check.fields() if pair[0] in set(second) - set(first)]
    for _ in range(2):
        assert send(check.browser, str(form["action"]), once).status == 200
    assert len(changes(sqlite_database)) == 1
    again = [*pairs, *((n, str(v)) for n, v in (second | WHY).items())]
    page = send(check.browser, str(form["action"]), again)
    assert (page.status, page.heading) == (409, HEADING)
    assert "You sent this form before, with other answers. Those are saved." in page.text
    assert any(row[0] == label for row in page.rows())
    assert len(changes(sqlite_database)) == 1
    check = page.submit()
    assert check.submit(WHY).status == 200
    assert len(changes(sqlite_database)) == 2


def test_a_new_agency_sent_again_with_other_answers_is_told(app: Flask, sqlite_database: Database) -> None:
    form = visit(Browser(app).as_("admin"), "/admin/agencies/add")
    agency = {"name": "Vale Housing", "kind": "housing", "place": "herefordshire"}
    check = form.submit(agency)
    pairs = [*(pair for pair in check.fields() if pair[0] != "reason"), ("reason", "New")]
    action = str(check.form()["action"])
    assert send(check.browser, action, pairs).status == 200
    other = [(name, "Hill Housing" if name == "name" else value) for name, value in pairs]
    page = send(check.browser, action, other)
    assert page.status == 409
    assert "Hill Housing" in page.text
    assert page.submit().submit(WHY).status == 200
    assert [said.split(" is")[0] for said in changes(sqlite_database)] == ["Vale Housing", "Hill Housing"]
