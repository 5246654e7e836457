"""The worked paths of a review through the web pages: eleven that are good, four that are forbidden."""

from datetime import date

import pytest
from sqlmodel import select

from tests import dhr
from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser
from tests.routes.pages import Page, visit
from tests.services.test_dhr_document import GOOD, place_hold
from tracker.db import Database
from tracker.forms.facts import typed
from tracker.models import Case
from tracker.services import acts, grants
from workflows.dhr_2016_v1 import DHR_2016
from workflows.facts import FactKind

TASKS = "no_open_mandatory_tasks"


def logged(database: Database, cast: Cast, state: str = "notified") -> str:
    """A review in a state, which the manager may open."""
    from tracker.models import User

    with database.transaction() as session:
        case = dhr.review_at(session, cast, state)
        for who in ("manager", "chair"):
            person = session.exec(select(User).where(User.email == f"{who}@example.test")).one()
            officer = dhr.actor(session, cast, case, "officer")
            grants.grant(session, officer, case, person, "Takes steps", at=NOON)
        return f"/cases/{case.reference}"


def answers(form: Page) -> dict[str, str | list[str] | None]:
    """A plausible answer to every question of a form."""
    given: dict[str, str | list[str] | None] = {}
    names = {str(tag.get("name")) for tag in form.form().select("input, select, textarea")}
    for name in names:
        fact = DHR_2016.fact_by_name.get(name.removeprefix("fact_")) if name.startswith("fact_") else None
        if fact is None:
            continue
        value = typed(fact, dhr.answer(fact.kind, fact.name, MONDAY))
        given[name] = (
            "y" if fact.kind is FactKind.CONFIRM else value if not isinstance(value, bool) else "yes"
        )
    words = {"evidence": "Minute 7", "late_reason": "Waiting for others"}
    return given | {name: value for name, value in words.items() if name in names}


def take(browse: Browser, address: str, step: str) -> Page:
    """The form, filled in; check answers; and the step itself. Go ahead without checklists that are open."""
    form = visit(browse, f"{address}/steps/{step.replace('_', '-')}")
    assert form.status == 200, (step, form.text)
    check = form.submit(answers(form))
    if check.status == 422:
        options = {str(tag.get("value")) for tag in check.form().select("input[name=override]")}
        again = {name: value for name, value in answers(check).items() if not name.startswith("fact_")}
        if TASKS in options:
            again |= {"override_reason": "Minuted", "override": [TASKS]}
        check = check.submit(again)
    assert check.status == 200, (step, check.errors())
    done = check.submit()
    assert done.status in {200, 303}, (step, done.errors())
    return done


def state_of(database: Database) -> str:
    with database.reading() as session:
        return session.exec(select(Case.state).where(Case.process == "dhr_2016")).one()


@pytest.mark.parametrize("path", GOOD)
def test_good_path_on_the_pages(browse: Browser, sqlite_database: Database, settled: Cast, path: str) -> None:
    first, rest = GOOD[path]
    address = logged(sqlite_database, settled)
    browse.as_("manager")
    for step in (*dhr.way_to(first), *rest):
        take(browse, address, step)
    last = (*dhr.way_to(first), *rest)[-1]
    assert state_of(sqlite_database) == next(move.to for move in DHR_2016.moves if move.name == last)
    assert visit(browse, f"{address}/history").status == 200


def test_forbidden_publication_names_the_hold(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    address = logged(sqlite_database, settled, "cleared")
    with sqlite_database.transaction() as session:
        case = session.exec(select(Case).where(Case.process == "dhr_2016")).one()
        place_hold(session, settled, case)
    form = visit(browse.as_("chair"), f"{address}/steps/publish")
    assert "Publication hold since Monday 23 November 2026 for: Inquest" in form.text
    refused = form.submit(answers(form))
    assert refused.status == 422
    assert any("A hold on this case" in words for words in refused.errors())
    assert state_of(sqlite_database) == "cleared"


def test_forbidden_sign_off_without_the_chairs_decision(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    address = logged(sqlite_database, settled, "csp_sign_off")
    form = visit(browse.as_("manager"), f"{address}/steps/sign-off")
    refused = form.submit({name: value for name, value in answers(form).items() if name != "evidence"})
    assert refused.errors() == ["Enter the minute or e-mail that shows the decision"]
    assert state_of(sqlite_database) == "csp_sign_off"


def test_forbidden_closure_with_an_open_action(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    address = logged(sqlite_database, settled, "implementing")
    with sqlite_database.transaction() as session:
        case = session.exec(select(Case).where(Case.process == "dhr_2016")).one()
        facts = {"action_text": "Write it", "lead_agency": "housing", "target_on": date(2027, 6, 1)}
        officer = dhr.actor(session, settled, case, "officer")
        acts.open_child(session, officer, case, "action_item", facts, MONDAY, owner=settled.housing, at=NOON)
    form = visit(browse.as_("chair"), f"{address}/steps/close")
    refused = form.submit(answers(form))
    assert refused.status == 422
    assert "Every action must have ended." in refused.errors()
    assert state_of(sqlite_database) == "implementing"


def test_forbidden_resubmission_when_amendments_were_asked_for(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    address = logged(sqlite_database, settled, "with_home_office")
    browse.as_("manager")
    take(browse, address, "ho_clears_with_amendments")
    form = visit(browse, f"{address}/steps/resubmit")
    refused = form.submit(answers(form))
    assert refused.status == 422
    assert "The Home Office did not ask for the report again: complete the amendments." in refused.errors()
    assert state_of(sqlite_database) == "amending"
