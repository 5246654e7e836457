"""The page on which a manager takes a review over to another kind, once the section is in force."""

from datetime import date

from sqlmodel import select

from config import Settings
from tests.routes.browse import Browser, Clock
from tests.routes.conftest import KEY
from tests.routes.pages import visit
from tests.routes.test_log_case import DHR, log
from tests.routes.test_steps import name_for
from tracker import create_app
from tracker.db import Database
from tracker.models import Case


def test_a_manager_takes_it_over_with_a_reason(
    browse: Browser, sqlite_database: Database, clock: Clock
) -> None:
    case = log(browse.as_("officer"), "dhr", DHR).address
    name_for(sqlite_database, "manager")
    early = Browser(browse.app).as_("manager").open(f"{case}/regime")
    assert early.status_code == 409
    assert "Section 8A is not in force" in early.text
    in_force = Settings(secret_key=KEY, scheduler="off", dardr_in_force_from=date(2026, 11, 1))
    browse = Browser(create_app(in_force, now=clock, database=sqlite_database)).as_("officer")
    link = "a[href$='/regime']"
    assert not visit(browse, f"{case}/tasks").soup.select(link)
    assert browse.open(f"{case}/regime").status_code == 403
    browse.as_("manager")
    assert visit(browse, f"{case}/tasks").soup.select(link)
    page = visit(browse, f"{case}/regime").submit({"on": "40 1 2027"})
    assert page.status == 422
    assert len(page.errors()) == 2
    done = page.submit({"on": "23 11 2026", "reason": "The order came after it was logged"})
    assert done.status == 200, done.errors()
    with sqlite_database.reading() as session:
        assert session.exec(select(Case)).one().process == "dardr"
    assert "The order came after it was logged" in visit(browse, f"{case}/history").text
