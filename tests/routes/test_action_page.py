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
        page.submit({"late_why": "What shows it came late", "late_reason": "The register"})
        with sqlite_database.reading() as session:
            event = session.exec(select(Event).where(Event.name == "verify")).one()
            assert event.detail["late_reasons"] == "What shows it came late. The register"


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


def test_what_takes_its_place_is_an_action_that_stands_and_both_pages_say_so(
    browse: Browser, ours: str, theirs: str, sqlite_database: Database
) -> None:
    page = visit(browse.as_("officer"), ours)
    form = visit(browse, page.links("Replace it with another action")[0])
    check = form.submit({"fact_superseded_by": "HCSP-ACT-2026-009", "fact_supersede_reason": "Wider scheme"})
    refused = check.submit()
    assert refused.status == 422
    assert "must be that of an action of this partnership" in refused.errors()[0]
    other = theirs.rpartition("/")[2]
    done = refused.submit({"fact_superseded_by": other.lower()})
    done = done.submit() if done.address != ours else done
    assert (done.address, done.heading) == (ours, "HCSP-ACT-2026-001")
    assert action(sqlite_database).state == "superseded"
    assert f"{other} takes its place." in done.text
    assert done.links(other) == [theirs]
    assert visit(browse, theirs).links("HCSP-ACT-2026-001") == [ours]


class TestTheColour:
    def test_it_is_a_word_with_its_reason_on_the_page_the_list_and_the_file(
        self, browse: Browser, ours: str, theirs: str
    ) -> None:
        why = "It is due within 28 days, and nobody has said anything for 28 days."
        assert f"Amber {why}" in visit(browse.as_("officer"), ours).text
        answer(visit(browse, ours), "progress", note="Two towns done", at_risk="no")
        green = visit(browse, ours).text
        assert "Green No date has passed, and nobody says that it is at risk." in green
        assert "What do you want to tell us? There is progress" in green, "a question needs no colon"
        answer(visit(browse, ours), "no_change", at_risk="yes")
        assert "Amber Its lead says that it is at risk." in visit(browse, ours).text
        answer(visit(browse, ours), "no_change", at_risk="no")
        listed = visit(browse, "/actions?colour=green")
        assert ours.rpartition("/")[2] in listed.text
        assert theirs.rpartition("/")[2] not in listed.text
        assert "1 action" in listed.text
        file = browse.open("/actions.csv?colour=amber").text
        assert "Colour,Why this colour" in file
        assert f'Amber,"{why}"' in file
        assert ours.rpartition("/")[2] not in file

    def test_past_its_date_it_is_red_and_once_verified_blue(
        self, browse: Browser, ours: str, clock: Clock
    ) -> None:
        clock.forward(days=20)
        assert "Red Its target date of 30 November 2026 has passed." in visit(browse.as_("lead"), ours).text
        answer(visit(browse, ours), "done", note="All done", evidence="https://files.example/12")
        page = visit(browse, ours)
        assert "Amber It is reported as done, and nobody has verified it yet." in page.text
        assert "Evidence: https://files.example/12" in page.text
        form = visit(browse.as_("officer"), f"{ours}/verify")
        assert "Evidence: https://files.example/12" in form.text
        page = form.submit({"outcome": "accept", "note": "Saw it", "late_reason": "Staff"})
        assert "Blue It is done and verified." in page.text


class TestTheEffect:
    def test_the_verifier_asks_for_a_look_and_the_unit_answers_it(
        self, browse: Browser, ours: str, clock: Clock
    ) -> None:
        answer(visit(browse.as_("lead"), ours), "done", note="All towns done")
        form = visit(browse.as_("officer"), f"{ours}/verify")
        page = form.submit({"outcome": "accept", "note": "Saw it", "look_again": "three_months"})
        assert page.clocks()["Look whether the action made a difference"] == "Tue 23 Feb 2027"
        clock.forward(days=80)
        form = visit(browse.as_("officer"), page.links("Record what difference it made")[0])
        assert form.submit({"fact_impact_checked_on": "10 2 2027"}).status == 422
        page = form.submit({"fact_impact_checked_on": "10 2 2027", "fact_impact": "No fewer calls"})
        assert page.address == ours
        assert "No fewer calls" in page.text
        assert page.links("Record what difference it made") == []
        assert visit(browse.as_("manager"), ours).links("Open it again") != []

    def test_without_one_nothing_runs(self, browse: Browser, ours: str) -> None:
        answer(visit(browse.as_("lead"), ours), "done", note="All towns done")
        page = visit(browse.as_("officer"), f"{ours}/verify").submit({"outcome": "accept", "note": "Saw it"})
        assert "Look whether the action made a difference" not in page.clocks()


class TestAnotherLead:
    def test_the_unit_gives_it_to_whoever_it_belongs_to(self, browse: Browser, ours: str) -> None:
        answer(visit(browse.as_("lead"), ours), "not_ours", note="Never agreed", belongs_to="Housing")
        page = visit(browse.as_("officer"), ours)
        assert "They suggest: Housing." in page.text
        form = visit(browse, page.links("Give it another lead")[0])
        refused = form.submit()
        assert refused.errors() == ["Choose who leads it from now on", "Say why the lead changes"]
        page = form.submit({"to": "housing", "reason": "The board settled it", "lead_role": "Head of homes"})
        assert page.address == ours
        assert "The lead is changed." in page.text
        assert "Handed to another lead" in page.text
        assert "Before: West Mercia Police" in page.text
        assert "They suggest" not in page.text
        assert visit(browse.as_("lead2"), ours).status == 200
        assert browse.as_("lead").open(ours).status_code == 404

    def test_what_changed_meanwhile_is_said_and_nothing_typed_is_lost(
        self, browse: Browser, ours: str
    ) -> None:
        form = visit(browse.as_("officer"), f"{ours}/hand-over")
        answer(visit(Browser(browse.app).as_("lead"), ours), "no_change")
        page = form.submit({"to": "housing", "reason": "Settled"})
        assert page.status == 409
        assert dict(page.fields())["reason"] == "Settled"
        assert page.submit().address == ours

    @pytest.mark.parametrize(("who", "status"), [("lead", 403), ("auditor", 403), ("outsider", 404)])
    def test_nobody_else_does(self, browse: Browser, ours: str, who: str, status: int) -> None:
        assert browse.as_(who).open(f"{ours}/hand-over").status_code == status
        assert browse.submit(f"{ours}/hand-over", to="housing", reason="x", version="1").status_code == status


def test_both_dates_of_more_time_and_who_asked_stay_in_the_history(browse: Browser, ours: str) -> None:
    TestMoreTime().asked(browse, ours)
    form = visit(browse.as_("manager"), f"{ours}/more-time")
    assert "Asked by Lead" in form.text
    form.submit({"decision": "refuse", "reason": "It was moved twice"})
    told = visit(browse, f"{ours.replace('actions', 'cases')}/history").text
    assert told.count("Due before: Monday 30 November 2026") == 2
    assert told.count("New date asked for: Sunday 31 January 2027") == 2


def test_dates_that_ended_are_on_the_page_of_dates_while_others_run(
    browse: Browser, sqlite_database: Database, ours: str
) -> None:
    answer(visit(browse.as_("lead"), ours), "progress", note="It has begun")
    answer(visit(browse, ours), "progress", note="It goes on")
    page = visit(browse, ours)
    shown = page.clocks("Dates of this action")
    assert "Met in time" not in page.text
    [every] = page.links("All ")
    ended = visit(browse, every)
    assert "Met in time" in ended.text
    assert len(ended.soup.select("ul.app-clocks > li")) > len(shown) > 0
