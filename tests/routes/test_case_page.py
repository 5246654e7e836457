"""The page of one case: what is next, what is missing, who may look, and what a look leaves behind."""

from datetime import date

import pytest
from sqlmodel import select

from tests import asb
from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser, Clock
from tests.routes.pages import send, visit
from tests.routes.test_log_case import ASB, DHR, log
from tests.routes.test_steps import CONSULTED, PAPER, SCOPING, name_for, take
from tracker.db import Database
from tracker.models import AccessLog, Case, Event
from tracker.policy import SYSTEM
from tracker.services import cases
from tracker.services.asked import NewCase

RECEIVED = date(2026, 11, 2)


def test_a_reference_in_small_letters_goes_to_its_one_address(browse: Browser) -> None:
    log(browse.as_("officer"), "asb", ASB)
    for path in ("", "/deadlines", "/history", "/steps/acknowledge"):
        answer = browse.open(f"/cases/hcsp-asb-2026-001{path}")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/cases/HCSP-ASB-2026-001{path}")


def test_the_title_and_the_address_hold_the_reference_alone(browse: Browser) -> None:
    address = log(browse.as_("officer"), "asb", ASB).address
    for path in ("", "/deadlines", "/history", "/steps/acknowledge", "/record"):
        page = visit(browse, address + path)
        assert "Canary" not in page.soup.title.get_text()
        assert "Canary" not in " ".join(str(tag.get("href")) for tag in page.soup.select("a"))
    assert "Canary Applicant" in visit(browse, address).text


def test_dates_are_said_in_the_clocks_own_unit(browse: Browser, clock: Clock) -> None:
    address = log(browse.as_("officer"), "asb", ASB).address
    words = {
        item.select_one(".app-what").get_text(): item.select_one(".app-due span").get_text()
        for item in visit(browse, address).soup.select("ul.app-clocks > li")
    }
    assert words["Safeguarding look"] == "Due today"
    assert words["Acknowledge the application"] == "in 4 working days"
    clock.forward(days=4)  # Friday 27 November
    browse.as_("officer")
    page = visit(browse, address)
    assert "4 working days overdue" in page.text
    assert "Due today" in page.text
    assert page.soup.select_one(".app-due--overdue")
    clock.forward(days=1)  # Saturday: no working day has passed since Friday
    browse.as_("officer")
    assert "1 day overdue Acknowledge the application" in visit(browse, address).text


def test_every_date_explains_itself(browse: Browser) -> None:
    address = log(browse.as_("officer"), "asb", ASB).address
    for path in ("", "/deadlines"):
        clocks = visit(browse, address + path).soup.select("ul.app-clocks > li")
        assert clocks
        for clock in clocks:
            assert clock.select("details .app-sum__end")
    trace = visit(browse, f"{address}/deadlines").soup.select_one("details").get_text(" ")
    assert "Clock starts" in trace


def test_a_date_is_recorded_as_done_and_the_ledger_says_so(
    browse: Browser, sqlite_database: Database
) -> None:
    address = log(browse.as_("officer"), "asb", ASB).address
    page = visit(browse, address)
    form = visit(browse, next(href for href in page.links("Record as done") if href.endswith("/record/c0")))
    assert form.heading == "Safeguarding look"
    assert form.submit().errors() == ["Enter the date of the safeguarding look"]
    done = form.submit({"fact_safeguarding_looked_on": "23 November 2026"})
    assert done.heading == "HCSP-ASB-2026-001"
    assert "Recorded." in done.text
    assert "Safeguarding look" not in done.clocks("Next dates")
    ended = visit(browse, f"{address}/deadlines").soup.select('ul[aria-label="Ended dates"] > li')
    assert any("Safeguarding look" in item.get_text() and "Met in time" in item.get_text() for item in ended)
    fields = form.fields()
    pairs = [pair for pair in fields if pair[0] != "fact_safeguarding_looked_on"]
    again = send(browse, str(form.form()["action"]), [*pairs, ("fact_safeguarding_looked_on", "23 11 2026")])
    assert again.status == 200
    with sqlite_database.reading() as session:
        assert len(session.exec(select(Event).where(Event.kind == "facts_recorded")).all()) == 1


def test_any_fact_is_recorded_or_corrected_and_the_earlier_value_stays_in_the_history(
    browse: Browser,
) -> None:
    address = log(browse.as_("officer"), "asb", ASB).address
    listed = visit(browse, f"{address}/record")
    assert any("last_contact_on" in href for href in listed.links("Record"))
    assert not any("letter_sent_L1" in href for href in listed.links("Record"))
    form = visit(browse, f"{address}/record?fact=channel")
    assert dict(form.fields())["fact_channel"] == "phone"
    page = form.submit({"fact_channel": "letter"})
    assert "Letter" in page.text
    history = visit(browse, f"{address}/history").text
    assert "How the application came: Phone" in history
    assert "How the application came: Letter" in history
    assert visit(browse, f"{address}/record?fact=case_ref").status == 404
    assert visit(browse, f"{address}/record?fact=nothing").status == 404
    assert visit(browse, f"{address}/record/c99").status == 404


def test_an_area_is_called_by_its_name_everywhere(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        asb.settle_area(session, settled)
        case = asb.case_at(session, settled, "acknowledged")
        home, key, name = f"/cases/{case.reference}", str(case.facts["area"]), "Herefordshire"
    assert key == "herefordshire"
    officer = browse.as_("officer")
    assert f"Area where the behaviour happens {name}" in visit(officer, home).text
    assert dict(visit(officer, f"{home}/record?fact=area").fields())["fact_area"] == name
    for path in ("", "/record", "/history", "/whole"):
        page = visit(officer, home + path)
        assert key not in page.text.split(), path


def test_a_decision_is_not_recorded_past_the_step_that_takes_it(browse: Browser) -> None:
    address = log(browse.as_("officer"), "dhr", DHR).address
    assert [href for href in visit(browse, address).links("Record as done") if "decision" in href] == []
    for path in ("/record/decision", "/record?fact=decision_on"):
        page = visit(browse, address + path)
        assert page.status == 409
        assert "This is recorded with its step" in page.text
    assert not any("fact=decision_on" in href for href in visit(browse, f"{address}/record").links("Record"))


@pytest.mark.parametrize(
    "name",
    ["qa_outcome", "publication_status", "legal_basis", "submission_no", "signed_off_on", "published_on"],
)
def test_what_a_step_sets_is_neither_offered_nor_taken(
    browse: Browser, sqlite_database: Database, name: str
) -> None:
    address = log(browse.as_("officer"), "dhr", DHR).address
    assert not any(f"fact={name}" in href for href in visit(browse, f"{address}/record").links("Record"))
    form = dict(visit(browse, f"{address}/record?fact=aware_on").fields())
    sent = [(key, value) for key, value in form.items() if "aware_on" not in key]
    page = send(browse, f"{address}/record?fact={name}", [*sent, (f"fact_{name}", "23 11 2026")])
    assert page.status == 409
    assert "This is recorded with its step" in page.text
    with sqlite_database.reading() as session:
        assert name not in session.exec(select(Case)).one().facts


@pytest.mark.parametrize(
    ("kind", "typed", "names"),
    [
        ("dhr", DHR, ["aware_reason", "police_notified_on", "late_reason"]),
        ("asb", ASB, ["victim_name", "applicant_is_victim", "safeguarding_note", "informal_follow_up"]),
    ],
)
def test_what_nothing_asks_for_can_be_recorded_all_the_same(
    browse: Browser, kind: str, typed: dict[str, str], names: list[str]
) -> None:
    address = log(browse.as_("officer"), kind, typed).address
    other = visit(browse, f"{address}/record").soup.select_one("#other")
    assert other.h2.get_text(strip=True) == "Other facts"
    offered = [link["href"].partition("fact=")[2] for link in other.select("a")]
    assert set(names) <= set(offered)
    for name in names:
        assert visit(browse, f"{address}/record?fact={name}").status == 200


def test_the_lead_and_the_target_date_of_an_action_are_not_changed_on_the_record_page(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        facts = {"agreed_on": RECEIVED, "target_on": MONDAY, "lead_agency": "west-mercia-police"}
        asked = NewCase(
            process="action_item", partnership_id=settled.herefordshire, opened_on=RECEIVED, facts=facts,
            title="Light the path", owner_organisation_id=settled.police, state="agreed", opening=(), imported=True,
        )  # fmt: skip
        address = f"/cases/{cases.log_case(session, SYSTEM, asked, at=NOON).reference}"
    browse.as_("officer")
    changes = visit(browse, f"{address}/record").links("Change")
    assert any("fact=agreed_on" in href for href in changes)
    for name in ("target_on", "lead_agency"):
        assert not any(f"fact={name}" in href for href in changes)
        page = visit(browse, f"{address}/record?fact={name}")
        assert page.status == 409
        assert "This is recorded with its step" not in page.text


def test_readers_see_the_case_without_anything_to_do(browse: Browser) -> None:
    address = log(browse.as_("officer"), "asb", ASB).address
    for who in ("auditor", "chair"):
        browse.as_(who)
        page = visit(browse, address)
        assert page.status == 200
        assert page.links("Record") == []
        assert visit(browse, f"{address}/record").status == 403
        assert visit(browse, f"{address}/steps/acknowledge").status == 403


def test_stages_count_the_days_spent(browse: Browser, clock: Clock) -> None:
    address = log(browse.as_("officer"), "dhr", DHR).address
    take(browse, address, "begin-scoping", SCOPING)
    clock.forward(days=10)
    browse.as_("officer")
    stages = [
        item.get_text(" ", strip=True) for item in visit(browse, address).soup.select("ol.app-stages > li")
    ]
    assert stages[0] == "Notification 13 days so far"  # both states of the stage together
    take(browse, address, "submit-for-decision", PAPER | CONSULTED)
    stages = [
        item.get_text(" ", strip=True) for item in visit(browse, address).soup.select("ol.app-stages > li")
    ]
    assert stages[:2] == ["Notification (done) 13 days", "Decision 0 days so far"]


def test_a_closed_case_says_so_and_runs_no_date(browse: Browser, sqlite_database: Database) -> None:
    address = log(browse.as_("officer"), "dhr", DHR).address
    name_for(sqlite_database, "manager")
    browse.as_("manager")
    take(browse, address, "void", {"fact_void_reason": "Logged twice"})
    page = visit(browse, address)
    assert "Closed on Monday 23 November 2026" in page.text
    assert page.clocks() == {}
    assert page.buttons() == ["Print or export"]


class TestWhoMayLook:
    def test_each_look_at_a_restricted_case_is_noted_and_nothing_else_is_written(
        self, browse: Browser, sqlite_database: Database
    ) -> None:
        address = log(browse.as_("officer"), "dhr", DHR).address
        with sqlite_database.reading() as session:
            before = session.exec(select(Case.version)).one(), len(session.exec(select(AccessLog)).all())
        for path in (
            "",
            "/deadlines",
            "/history",
            "/access",
            "/steps/begin-scoping",
            "/record",
            "/record?fact=aware_on",
        ):
            assert visit(browse, address + path).status == 200
        with sqlite_database.reading() as session:
            after = session.exec(select(Case.version)).one(), len(session.exec(select(AccessLog)).all())
        assert after == (before[0], before[1] + 7)

    def test_an_open_case_leaves_no_trace_of_a_look(self, browse: Browser, sqlite_database: Database) -> None:
        address = log(browse.as_("officer"), "asb", ASB).address
        visit(browse, address)
        with sqlite_database.reading() as session:
            assert session.exec(select(AccessLog).where(AccessLog.what == "consulted")).all() == []

    def test_somebody_is_named_with_a_reason_and_unnamed_with_another(self, browse: Browser) -> None:
        address = log(browse.as_("officer"), "dhr", DHR).address
        manager = Browser(browse.app).as_("manager")
        assert visit(manager, address).status == 404
        page = visit(browse, f"{address}/access")
        assert page.submit({"person": "manager@example.test"}).errors() == [
            "Say why they need to open the case"
        ]
        page = page.submit({"person": "manager@example.test", "why": "Deputises"})
        assert "Manager can now open this case." in page.text
        assert visit(manager, address).status == 200
        lines = [row[0] for row in page.rows()]
        where = "Herefordshire Community Safety Partnership"
        assert lines == [f"Officer, {where}", f"Manager, {where}"]
        number = 1 + next(n for n, line in enumerate(lines) if line.startswith("Manager"))
        ending = visit(browse, f"{address}/access?end={number}")
        assert "example.test" not in f"{address}/access?end={number}"
        done = ending.submit({"why": "Back at work"})
        assert "Manager can no longer open this case." in done.text
        assert visit(manager, address).status == 404
        assert "Back at work" in visit(browse, f"{address}/history").text

    def test_the_last_person_is_not_shut_out(self, browse: Browser) -> None:
        address = log(browse.as_("officer"), "dhr", DHR).address
        page = visit(browse, f"{address}/access?end=1").submit({"why": "Leaving"})
        assert page.status == 422
        assert page.errors() == [
            "Somebody of the business unit must be able to open the case. Name another one first."
        ]

    @pytest.mark.parametrize("who", ["outsider", "lead", "panel", "admin"])
    def test_what_is_not_yours_is_not_there(self, browse: Browser, who: str) -> None:
        open_case = log(browse.as_("officer"), "asb", ASB).address
        restricted = log(browse, "dhr", DHR).address
        browse.as_(who)
        for address in (open_case, restricted, "/cases/HCSP-DHR-2026-999"):
            answer = browse.open(address)
            assert answer.status_code in ({403} if who == "admin" else {404})

    def test_a_named_panel_member_reads(self, browse: Browser, sqlite_database: Database) -> None:
        address = log(browse.as_("officer"), "dhr", DHR).address
        name_for(sqlite_database, "panel")
        browse.as_("panel")
        assert visit(browse, address).status == 200
        assert visit(browse, f"{address}/record").status == 403
