"""One action: the five answers, the check by somebody else, more time, and who sees it."""

from datetime import date

import pytest
from sqlmodel import Session, select

from tests.cast import NOON, Cast
from tests.routes.browse import Browser, Clock
from tests.routes.pages import Page, send, visit
from tests.routes.test_log_case import DHR, log
from tracker.db import Database
from tracker.models import ActionDetails, Case, Deadline, Event, Plan
from tracker.policy import SYSTEM
from tracker.services import cases
from tracker.services.asked import NewCase
from workflows.facts import FactValue

WORDS = "Extend the scheme to the market town\n& its surroundings"
TARGET = "Mon 30 Nov 2026"


def agreed(session: Session, cast: Cast, body: int, target: str = "2026-11-30") -> Case:
    facts: dict[str, FactValue] = {"agreed_on": date(2026, 4, 1), "target_on": date.fromisoformat(target)}
    asked = NewCase(
        process="action_item", partnership_id=cast.herefordshire, opened_on=date(2026, 4, 1), facts=facts,
        title=WORDS, owner_organisation_id=body, state="agreed", opening=(), imported=True,
    )  # fmt: skip
    return cases.log_case(session, SYSTEM, asked, at=NOON)


@pytest.fixture
def ours(sqlite_database: Database, settled: Cast) -> str:
    """An action that the police lead, as a row of a plan."""
    with sqlite_database.transaction() as session:
        case = agreed(session, settled, settled.police)
        plan = Plan(
            key="p", partnership_id=settled.herefordshire, name="Plan 2026 to 2027", imported_at=NOON,
            headings=["Theme", "Action", "Timescale", "Lead"],
        )  # fmt: skip
        session.add(plan)
        session.flush()
        cells = {"Action": WORDS, "Lead": "Police", "Theme": "Night-time economy", "Timescale": "end of Nov"}
        session.add(ActionDetails(case_id=case.id or 0, plan_id=plan.id, position=3, cells=cells))
        return f"/actions/{case.reference}"


@pytest.fixture
def theirs(sqlite_database: Database, settled: Cast) -> str:
    with sqlite_database.transaction() as session:
        return f"/actions/{agreed(session, settled, settled.housing).reference}"


def answer(page: Page, which: str, **typed: str) -> Page:
    return page.submit({"answer": which, **typed}, which=0 if "more-time" in page.address else -1)


def action(database: Database) -> Case:
    with database.reading() as session:
        case = session.exec(select(Case).order_by(Case.id)).first()
        session.expunge_all()
        return case


def test_the_text_and_the_row_of_the_plan_are_as_printed(browse: Browser, ours: str) -> None:
    page = visit(browse.as_("officer"), ours)
    assert page.heading == "HCSP-ACT-2026-001"
    assert WORDS in page.soup.select_one("#text").get_text()
    printed = [dt.get_text() for dt in page.soup.select("#facts dt")]
    headings = [words.removesuffix(", as printed") for words in printed if words.endswith(", as printed")]
    assert headings == ["Theme", "Action", "Timescale", "Lead"]
    assert "row 3" in page.text
    assert page.clocks()["Action target date"] == TARGET
    assert "Plan date" in page.text


def test_the_case_page_of_an_action_is_the_action(browse: Browser, ours: str) -> None:
    answer_ = browse.as_("officer").open("/cases/HCSP-ACT-2026-001")
    assert (answer_.status_code, answer_.headers["Location"]) == (302, "/actions/HCSP-ACT-2026-001")
    assert browse.open("/actions/hcsp-act-2026-001").status_code == 301


def test_a_lead_sees_their_own_action_and_nothing_else(browse: Browser, ours: str, theirs: str) -> None:
    restricted = log(browse.as_("officer"), "dhr", DHR).address
    browse.as_("lead")
    page = visit(browse, ours)
    assert page.status == 200
    for address in (theirs, restricted, theirs.replace("actions", "cases"), f"{theirs}/update"):
        assert browse.open(address).status_code in {302, 404}
        assert (
            visit(browse, browse.open(address).headers.get("Location", address).partition("#")[0]).status
            == 404
        )
    assert browse.submit(f"{theirs}/update", answer="no_change", version="1").status_code == 404
    assert visit(browse, f"{ours}/verify").status == 403


class TestTheFiveAnswers:
    def test_nothing_is_preselected_and_an_untouched_form_is_refused(
        self, browse: Browser, ours: str, sqlite_database: Database
    ) -> None:
        page = visit(browse.as_("lead"), ours)
        assert "answer" not in {name for name, _ in page.fields()}
        refused = page.submit()
        assert (refused.status, refused.errors()) == (422, ["Choose what you want to tell us"])
        assert action(sqlite_database).head_seq == 1

    @pytest.mark.parametrize(
        ("which", "words"),
        [
            ("progress", "Say what has happened"),
            ("done", "Say what was done and what shows it"),
            ("more_time", "Say why more time is needed"),
            ("not_ours", "Say why it is not yours, and whose it is if you know"),
        ],
    )
    def test_every_answer_but_no_change_needs_words(
        self, browse: Browser, ours: str, which: str, words: str
    ) -> None:
        page = answer(visit(browse.as_("lead"), ours), which, asked_for_on="1 2 2027")
        assert (page.status, page.errors()) == (422, [words])
        assert dict(page.fields())["answer"] == which

    def test_no_change(self, browse: Browser, ours: str, sqlite_database: Database) -> None:
        page = answer(visit(browse.as_("lead"), ours), "no_change")
        assert "Thank you." in page.text
        assert "No change since Monday 23 November 2026" in page.text
        assert action(sqlite_database).state == "agreed"

    def test_progress_starts_it(self, browse: Browser, ours: str, sqlite_database: Database) -> None:
        page = answer(visit(browse.as_("lead"), ours), "progress", note="Two towns done")
        assert action(sqlite_database).state == "in_progress"
        assert "Two towns done" in page.text

    @pytest.mark.parametrize(
        ("wanted", "words"),
        [
            ("", "Enter the new date you are asking for"),
            ("soon", "The new date must be a real date, such as 23 11 2026"),
            ("20 11 2026", "The new date must be after today"),
            ("25 11 2026", "The new date must be after the date it is due now"),
        ],
    )
    def test_more_time_needs_a_later_date(self, browse: Browser, ours: str, wanted: str, words: str) -> None:
        page = answer(visit(browse.as_("lead"), ours), "more_time", note="Staff", asked_for_on=wanted)
        assert (page.status, page.errors()) == (422, [words])
        assert dict(page.fields())["note"] == "Staff"

    def test_not_ours_names_whose_it_may_be(self, browse: Browser, ours: str) -> None:
        page = answer(
            visit(browse.as_("lead"), ours), "not_ours", note="Never agreed", belongs_to="The council"
        )
        assert "Reported as not theirs" in page.text
        assert "The council" in page.text

    def test_sent_twice_it_is_one_answer(self, browse: Browser, ours: str, sqlite_database: Database) -> None:
        page = visit(browse.as_("lead"), ours)
        pairs = [*page.fields(), ("answer", "progress"), ("note", "Two towns done")]
        pairs = [pair for pair in pairs if pair != ("note", "")]
        for _ in range(2):
            assert send(browse, f"{ours}/update", pairs).status == 200
        assert action(sqlite_database).head_seq == 2

    def test_two_at_once(self, browse: Browser, ours: str, sqlite_database: Database) -> None:
        mine = visit(browse.as_("lead"), ours)
        answer(visit(Browser(browse.app).as_("officer"), ours), "no_change")
        page = answer(mine, "progress", note="Two towns done")
        assert page.status == 409
        assert any("Two towns done" in row for row in page.rows())
        assert page.submit().status == 200
        assert action(sqlite_database).state == "in_progress"


class TestSomebodyElseVerifies:
    def test_the_lead_cannot_and_is_told(self, browse: Browser, ours: str) -> None:
        page = answer(visit(browse.as_("lead"), ours), "done", note="All towns done, see the register")
        assert "You reported this yourself, so someone else must verify it." in page.text

    def test_nor_whoever_reported_it_for_the_lead(
        self, browse: Browser, ours: str, sqlite_database: Database
    ) -> None:
        answer(visit(browse.as_("officer"), ours), "done", note="They told me")
        page = visit(browse, f"{ours}/verify")
        assert "You reported this yourself, so someone else must verify it." in page.text
        assert page.soup.select("main form") == []
        answer_ = browse.submit(
            f"{ours}/verify", outcome="accept", note="Saw it", version=str(action(sqlite_database).version)
        )
        assert answer_.status_code == 403
        assert "someone else must verify it" in answer_.text
        assert action(sqlite_database).state == "completed_unverified"

    def test_an_officer_accepts_it(self, browse: Browser, ours: str, sqlite_database: Database) -> None:
        answer(visit(browse.as_("lead"), ours), "done", note="All towns done, see the register")
        page = visit(browse.as_("officer"), ours)
        form = visit(browse, page.links("Check the evidence")[0])
        assert "All towns done, see the register" in form.text
        assert form.submit().errors() == ["Choose whether it is done"]
        assert form.submit({"outcome": "accept"}).errors() == ["Say what you saw that shows it is done"]
        done = form.submit({"outcome": "accept", "note": "Register entries 1 to 9"})
        assert "Verified: the action is done." in done.text
        assert action(sqlite_database).state == "verified"
        with sqlite_database.reading() as session:
            target = session.exec(select(Deadline).where(Deadline.key == "ACTION_TARGET")).one()
            assert (target.status, str(target.met_on)) == ("met", "2026-11-23")

    def test_or_sends_it_back_with_a_reason(
        self, browse: Browser, ours: str, sqlite_database: Database
    ) -> None:
        answer(visit(browse.as_("lead"), ours), "done", note="All towns done")
        form = visit(browse.as_("officer"), f"{ours}/verify")
        page = form.submit({"outcome": "send_back", "note": "No word on the second town"})
        assert "Sent back to the lead." in page.text
        assert action(sqlite_database).state == "in_progress"
        assert "No word on the second town" in visit(browse.as_("lead"), ours).text

    def test_after_its_date_the_reason_is_kept(
        self, browse: Browser, ours: str, sqlite_database: Database, clock: Clock
    ) -> None:
        answer(visit(browse.as_("lead"), ours), "done", note="All towns done")
        clock.forward(days=20)
        form = visit(browse.as_("officer"), f"{ours}/verify")
        page = form.submit({"outcome": "accept", "note": "Saw it"})
        assert (page.status, page.errors()) == (422, ["Say why it is late"])
        page.submit({"late_reason": "The register came late"})
        with sqlite_database.reading() as session:
            event = session.exec(select(Event).where(Event.name == "verify")).one()
            assert event.detail["late_reasons"] == "The register came late"


class TestMoreTime:
    def asked(self, browse: Browser, ours: str) -> None:
        answer(
            visit(browse.as_("lead"), ours), "more_time", note="Staff left", asked_for_on="31 January 2027"
        )

    def test_a_manager_agrees_and_the_first_date_stays(
        self, browse: Browser, ours: str, sqlite_database: Database
    ) -> None:
        self.asked(browse, ours)
        page = visit(browse.as_("manager"), ours)
        assert "Until Sunday 31 January 2027. Staff left" in page.text
        form = visit(browse, page.links("Decide on more time")[0])
        assert "Due now Monday 30 November 2026" in form.text
        assert form.submit().errors() == [
            "Choose whether you agree to the new date",
            "Give the reason for the decision",
        ]
        page = form.submit({"decision": "agree", "reason": "Recruitment is under way"})
        assert page.clocks()["Action target date"] == "Sun 31 Jan 2027"
        assert "First due 30 Nov 2026" in page.text
        with sqlite_database.reading() as session:
            target = session.exec(select(Deadline).where(Deadline.key == "ACTION_TARGET")).one()
            assert (str(target.first_due_on), target.generation) == ("2026-11-30", 2)

    def test_or_refuses_and_the_date_stays(self, browse: Browser, ours: str) -> None:
        self.asked(browse, ours)
        form = visit(browse.as_("chair"), f"{ours}/more-time")
        page = form.submit({"decision": "refuse", "reason": "It was moved twice"})
        assert page.clocks()["Action target date"] == TARGET
        assert "More time refused" in page.text
        assert page.links("Decide on more time") == []

    @pytest.mark.parametrize("who", ["officer", "lead", "auditor"])
    def test_nobody_else_decides(
        self, browse: Browser, ours: str, sqlite_database: Database, who: str
    ) -> None:
        self.asked(browse, ours)
        page = visit(browse.as_(who), f"{ours}/more-time")
        assert "A business unit manager or the CSP chair decides this." in page.text
        answer_ = browse.submit(
            f"{ours}/more-time", decision="agree", reason="x", version=str(action(sqlite_database).version)
        )
        assert answer_.status_code == 403


def test_other_steps_are_taken_as_on_any_case(browse: Browser, ours: str, sqlite_database: Database) -> None:
    page = visit(browse.as_("officer"), ours)
    form = visit(browse, page.links("Replace it with another action")[0])
    check = form.submit({"fact_superseded_by": "HCSP-ACT-2026-009", "fact_supersede_reason": "Wider scheme"})
    done = check.submit()
    assert (done.address, done.heading) == (ours, "HCSP-ACT-2026-001")
    assert action(sqlite_database).state == "superseded"
