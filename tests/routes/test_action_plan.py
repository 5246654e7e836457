"""The action plan of a review: seven columns word for word, as page and files, and an action to add by form."""

import csv
import io
from datetime import date

import docx
import openpyxl
import pytest
from sqlmodel import select

from tests.cast import MONDAY, NOON, Cast
from tests.commands.shell import tracker
from tests.routes.browse import Browser
from tests.routes.filling import log_asb, log_dhr
from tests.routes.pages import Page, visit
from tracker.db import Database
from tracker.models import AccessLog, Case
from tracker.services import actions, acts, cases, new_actions
from tracker.services.actions import Answer, Check, Update
from tracker.services.asked import MoveRequest
from tracker.services.new_actions import NewAction

HEADINGS = [
    "Recommendation",
    "Scope of recommendation (local / regional)",
    "Action to take",
    "Lead agency",
    "Key milestones achieved in enacting the recommendation",
    "Target date",
    "Date of completion and outcome",
]
LIVE = '=HYPERLINK("http://x.example")'
FILES = ["csv", "xlsx", "docx"]


@pytest.fixture
def review(sqlite_database: Database, settled: Cast) -> str:
    """A review with an action that is done, one that hangs on a condition, and one that was given up."""
    with sqlite_database.transaction() as session:
        case = log_dhr(session, settled)
        officer, lead = settled.actor(session, "officer"), settled.actor(session, "lead")
        first = new_actions.add(
            session, officer, case, NewAction("Train the desk", {
                "recommendation_text": "Everybody is trained", "recommendation_scope": "regional",
                "lead_agency": "west-mercia-police", "lead_role": "Head of contact", "milestones": "Course written",
                "target_on": date(2027, 3, 1),
            }), at=NOON,
        )  # fmt: skip
        late = new_actions.add(
            session, officer, case,
            NewAction(LIVE, {"target_condition": "3 months after publication", "lead_agency": "housing"}), at=NOON,
        )  # fmt: skip

        def step(which: Case, name: str, **facts: object) -> None:
            asked = MoveRequest(which.version, MONDAY, facts=facts, evidence="Minute 4")  # type: ignore[arg-type]
            cases.move(session, officer, which, name, asked, at=NOON)

        for one in (first, late):
            step(one, "accept", agreed_on=MONDAY)
        actions.report(session, lead, first, Update(Answer.DONE, first.version, note="All trained"), at=NOON)
        actions.check(
            session,
            officer,
            first,
            Check(accepted=True, note="Register", seen_version=first.version),
            at=NOON,
        )
        step(late, "abandon", abandon_reason="The scheme ended")
        return case.reference


def file(browse: Browser, review: str, kind: str) -> bytes:
    answer = browse.open(f"/cases/{review}/action-plan.{kind}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(f'action-plan-{review}-2026-11-23.{kind}"')
    return answer.data


def table(kind: str, made: bytes) -> list[list[str]]:
    if kind == "csv":
        return list(csv.reader(io.StringIO(made.decode())))
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(made)).active
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    (found,) = docx.Document(io.BytesIO(made)).tables
    return [[cell.text for cell in row.cells] for row in found.rows]


ROW = [
    "Everybody is trained", "Regional", "Train the desk", "West Mercia Police (Head of contact)", "Course written",
    "1 March 2027", "23 November 2026\nAll trained",
]  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_the_files_hold_the_seven_columns_and_no_formula(
    browse: Browser, review: str, kind: str, sqlite_database: Database
) -> None:
    rows = table(kind, file(browse.as_("officer"), review, kind))
    assert rows[:2] == [HEADINGS, ROW]
    given_up = [
        "",
        "",
        "'" + LIVE if kind == "csv" else LIVE,
        "Housing association",
        "",
        "3 months after publication",
    ]
    assert rows[2:] == [[*given_up, "Abandoned by the CSP chair. The scheme ended"]]
    with sqlite_database.reading() as session:
        logged = session.exec(select(AccessLog.detail).order_by(AccessLog.id)).all()[-1]
        assert (logged["file"], logged["references"][0]) == ("action-plan", review)


@pytest.mark.parametrize("kind", FILES)
def test_the_command_gives_the_same_file(browse: Browser, review: str, sqlite_url: str, kind: str) -> None:
    printed = tracker("export-plan", review.lower(), "--format", kind, url=sqlite_url)
    assert printed.returncode == 0, printed.stderr.decode()
    assert table(kind, printed.stdout) == table(kind, file(browse.as_("officer"), review, kind))


def test_the_page_to_print_has_the_same_headings_and_cells(browse: Browser, review: str) -> None:
    overview = visit(browse.as_("officer"), f"/cases/{review}")
    page = visit(browse, overview.links("Actions")[0])
    assert [th.get_text(strip=True) for th in page.soup.select("main thead th")] == HEADINGS
    cells = [td.get_text("\n", strip=True) for td in page.soup.select("main tbody tr")[0].select("th, td")]
    assert cells == ROW


@pytest.mark.parametrize("who", ["lead", "auditor", "outsider", "officer2"])
def test_nobody_else_sees_it(browse: Browser, review: str, who: str) -> None:
    for end in ("action-plan", "action-plan.csv", "actions/add"):
        assert browse.as_(who).open(f"/cases/{review}/{end}").status_code in {403, 404}
    assert browse.as_("officer").open(f"/cases/{review}/action-plan.exe").status_code == 404


class TestAdding:
    def form(self, browse: Browser, review: str) -> Page:
        return visit(browse.as_("officer"), f"/cases/{review}/actions/add")

    def test_an_early_action_before_any_report(
        self, browse: Browser, sqlite_database: Database, settled: Cast
    ) -> None:
        with sqlite_database.transaction() as session:
            review = log_asb(session, settled).reference
        form = self.form(browse, review)
        refused = form.submit({"fact_target_on": "soon", "fact_lead_role": "Head of homes"})
        assert refused.status == 422
        assert len(refused.errors()) == 2
        assert dict(refused.fields())["fact_lead_role"] == "Head of homes"
        page = refused.submit(
            {
                "fact_action_text": "Mend the lights", "fact_target_on": "1 3 2027",
                "fact_lead_agency": "housing", "fact_recommendation_scope": "local",
            }
        )  # fmt: skip
        assert "Added as a draft: HCSP-ACT-2026-001." in page.text
        assert page.address == "/actions/HCSP-ACT-2026-001"
        assert "Mend the lights" in visit(browse, f"/cases/{review}/action-plan").text
        assert "HCSP-ACT-2026-001 Mend the lights" in visit(browse, f"/cases/{review}").text
        mine = visit(browse.as_("lead2"), "/actions/HCSP-ACT-2026-001")
        assert mine.links("Accept the action") != []
        assert mine.links("Record that it is not accepted") != []

    def test_sent_twice_it_is_one_action(
        self, browse: Browser, review: str, sqlite_database: Database
    ) -> None:
        form = self.form(browse, review)
        for _ in range(2):
            assert form.submit({"fact_action_text": "Mend the lights"}).status == 200
        kept = form.submit({"fact_action_text": "Mend the door"})
        assert kept.status == 409
        assert "other answers: HCSP-ACT-2026-003 has those" in kept.errors()[0]
        assert dict(kept.fields())["fact_action_text"] == "Mend the door"
        with sqlite_database.reading() as session:
            assert len(session.exec(select(Case).where(Case.title == "Mend the lights")).all()) == 1

    def test_from_an_accepted_recommendation(
        self, browse: Browser, review: str, sqlite_database: Database, settled: Cast
    ) -> None:
        with sqlite_database.transaction() as session:
            above = session.exec(select(Case).where(Case.reference == review)).one()
            facts = {
                "kind": "local", "recommendation_text": "Name one desk for calls", "addressed_to": "All",
                "public_functions": False,
            }  # fmt: skip
            made = acts.open_child(
                session, settled.actor(session, "officer"), above, "recommendation", facts, MONDAY, at=NOON
            )
            made.state, reference = "replied_accepted", made.reference
        page = visit(browse.as_("officer"), f"/cases/{reference}")
        form = visit(browse, page.links("Add an action")[0])
        assert not {"fact_recommendation_text", "fact_recommendation_scope"} & set(dict(form.fields()))
        done = form.submit({"fact_action_text": "Choose the desk", "fact_lead_agency": "housing"})
        assert done.address == "/actions/HCSP-ACT-2026-003"
        assert ["HCSP-ACT-2026-003 Choose the desk", "Draft"] in visit(browse, f"/cases/{reference}").rows()
        plan = visit(browse, f"/cases/{review}/action-plan").rows()
        asked = ["Name one desk for calls", "Local", "Choose the desk", "Housing association", "", "", ""]
        assert asked in plan
        with sqlite_database.transaction() as session:
            session.exec(select(Case).where(Case.reference == reference)).one().state = "replied_rejected"
        assert visit(browse, f"/cases/{reference}").links("Add an action") == []

    def test_not_under_an_action(self, browse: Browser, review: str) -> None:
        page = visit(browse.as_("officer"), "/cases/HCSP-ACT-2026-001/actions/add")
        assert "Actions cannot be added here." in page.text
