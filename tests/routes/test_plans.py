"""Plans on pages: the columns as adopted, and what became of an ended one."""

from datetime import date

import pytest

from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser, soup
from tests.routes.filling import log_action, words
from tests.routes.pages import visit
from tracker.db import Database
from tracker.models import ActionDetails, Organisation, Plan

CELLS = {"Theme": "Roads", "Action": "Write the\nprotocol", "Timescale": "  May 2018", "Lead": "=Old board"}


@pytest.fixture
def ended(sqlite_database: Database, settled: Cast) -> Plan:
    """A plan that ended: one action carried on, one not recorded, one still open."""
    with sqlite_database.transaction() as session:
        old = Organisation(
            key="old", name="Old board", kind="group", to_on=date(2019, 1, 1), successor_id=settled.housing
        )
        plan = Plan(
            key="plan-2018", partnership_id=settled.herefordshire, name="Plan 2018-19", headings=list(CELLS),
            starts_on=date(2018, 4, 1), ends_on=date(2019, 3, 31), imported_at=NOON,
        )  # fmt: skip
        session.add_all([old, plan])
        session.flush()
        rows = [
            log_action(session, settled, date(2018, 5, 31), lead=body)
            for body in (old.id, None, settled.police)
        ]
        onward = log_action(session, settled, MONDAY, lead=settled.housing)
        for place, row in enumerate(rows, start=1):
            session.add(
                ActionDetails(
                    case_id=row.id or 0, plan_id=plan.id, position=place, theme="Roads", cells=CELLS
                )
            )
        for row, after in zip(rows, (onward.reference, "Not recorded"), strict=False):
            row.state, row.closed_on = "superseded", date(2019, 3, 31)
            row.facts = {**row.facts, "superseded_by": after}
        session.flush()
        session.expunge_all()
        return plan


def test_an_ended_plan_says_what_became_of_its_actions(browse: Browser, ended: Plan) -> None:
    page = visit(browse.as_("officer"), "/plans/plan-2018")
    assert words(page.soup.select_one(".moj-alert__content")) == (
        "This plan ended on 31 March 2019. 1 action was carried to HCSP-ACT-2026-001. "
        "What became of 1 action is not recorded. 1 action is still open."
    )
    first = [cell.get_text() for cell in page.soup.select_one("tbody tr").select("th, td")]
    assert first[:4] == list(CELLS.values()), "every cell as adopted"
    assert "Old board, now Housing association" in first[4]
    listed = visit(browse, "/plans").rows()
    assert listed == [["Plan 2018-19", "1 April 2018", "31 March 2019", "3", "1", "Ended"]]


def test_the_file_has_the_columns_as_adopted(browse: Browser, ended: Plan) -> None:
    response = browse.as_("officer").open("/plans/plan-2018.csv")
    lines = response.get_data(as_text=True).split("\r\n")
    assert lines[0] == "Theme,Action,Timescale,Lead"
    assert lines[1] == 'Roads,"Write the\nprotocol",  May 2018,\'=Old board'
    assert browse.open("/plans/plan-2018.exe").status_code == 404


@pytest.mark.parametrize("who", ["outsider", "lead", "panel"])
def test_a_plan_of_others_is_not_there(browse: Browser, ended: Plan, who: str) -> None:
    assert browse.as_(who).open("/plans/plan-2018").status_code in {403, 404}
    assert "Plan 2018-19" not in browse.open("/plans").text


def test_no_plan_yet(browse: Browser) -> None:
    assert "No plan yet." in soup(browse.as_("officer").open("/plans")).select_one(".app-empty").get_text()
