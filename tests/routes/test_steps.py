"""Steps through the pages: form, check answers, refusal, override, on behalf, late, conflict, double press."""

import pytest
from sqlmodel import select

from tests import asb
from tests.cast import NOON, Cast
from tests.routes.browse import Browser, Clock
from tests.routes.pages import Page, send, visit
from tests.routes.test_log_case import ASB, DHR, log
from tracker import access
from tracker.db import Database
from tracker.models import Case, Event, Membership, Partnership, Role, User
from tracker.services import grants

SCOPING = {
    "fact_death_month": "Feb 2026",
    "fact_death_basis": "homicide",
    "fact_deceased_pseudonym": "Rowan",
}
PAPER = {
    "fact_criteria_test": "By somebody of the same household",
    "fact_consultees": "Police and health",
    "fact_parallel_processes_checked": "y",
    "fact_decision_paper_doc": "file 12",
    "fact_resulted_from": "abuse",
    "fact_relationship_type": "household_member",
    "fact_deceased_16_or_over": "yes",
}
CONSULTED = {
    "fact_police_consulted": "y",
    "fact_specialist_da_consulted": "y",
    "fact_outstanding_summaries_acknowledged": "y",
}
DECISION = {
    "fact_decision_on": "23 11 2026",
    "fact_decision_maker_id": "The CSP chair",
    "fact_decision_rationale": "The definition is met",
    "fact_definition_limb": "household",
}


def step(browser: Browser, address: str, name: str) -> Page:
    return visit(browser, f"{address}/steps/{name}")


def take(browser: Browser, address: str, name: str, typed: dict) -> Page:
    """Through the form and the check page."""
    check = step(browser, address, name).submit(typed)
    assert check.status == 200, check.errors()
    return check.submit()


def review(browser: Browser) -> str:
    return log(browser.as_("officer"), "dhr", DHR).address


def decided(browser: Browser) -> str:
    """A review that waits for the chair's decision."""
    address = review(browser)
    take(browser, address, "begin-scoping", SCOPING)
    take(browser, address, "submit-for-decision", PAPER | CONSULTED)
    return address


def test_what_a_step_demands_is_never_called_optional(browse: Browser) -> None:
    address = review(browse)
    take(browse, address, "begin-scoping", SCOPING)
    labels = {
        str(label["for"]): label.get_text(strip=True)
        for label in step(browse, address, "submit-for-decision").soup.select("main form label")
    }
    for name in CONSULTED:
        assert "(optional)" not in next(words for key, words in labels.items() if key.startswith(name))


def state_of(database: Database) -> str:
    with database.reading() as session:
        return session.exec(select(Case.state)).one()


def moves_of(database: Database) -> list[str]:
    with database.reading() as session:
        return list(
            session.exec(select(Event.name).where(Event.kind == "case_moved").order_by(Event.seq)).all()
        )


def name_for(database: Database, who: str) -> None:
    """Name one of the cast for the only case there is."""
    with database.transaction() as session:
        case = session.exec(select(Case)).one()
        user = session.exec(select(User).where(User.email == f"{who}@example.test")).one()
        officer = session.exec(select(User).where(User.email == "officer@example.test")).one()
        grants.grant(session, access.actor_for(session, officer, NOON), case, user, "Needs it", at=NOON)


def test_a_review_walks_from_notification_to_commissioning(
    browse: Browser, sqlite_database: Database
) -> None:
    address = review(browse)
    page = visit(browse, address)
    assert "Not ready. 3 of 8 things are still missing:" in page.text
    assert "Begin scoping" not in page.buttons()

    form = step(browse, address, "begin-scoping")
    assert form.heading == "Begin scoping"
    recorded = [key.get_text(strip=True) for key in form.soup.select(".govuk-summary-list__key")]
    assert "Date the death came to the partnership's attention" in recorded
    assert {name for name, _ in form.fields() if name.startswith("fact_")} == {
        "fact_death_month",
        "fact_deceased_pseudonym",
    }
    check = form.submit(SCOPING)
    assert check.heading == "Check before you begin scoping"
    assert "The case goes from Notified to Scoping." in check.text
    assert "February 2026" in check.text
    foretold = check.clocks("Dates that start")
    case = check.submit()
    assert "Scoping begun. " in case.text
    shown = visit(browse, f"{address}/deadlines").clocks("Running dates")
    assert foretold.items() <= shown.items()

    take(browse, address, "submit-for-decision", PAPER | CONSULTED)
    name_for(sqlite_database, "chair")
    browse.as_("chair")
    check = step(browse, address, "decide-to-review").submit(DECISION)
    assert "Decide whether to review: is met in time" in check.text
    foretold = check.clocks("Dates that start")
    assert "Sun 23 May 2027" in foretold.values()  # six months for the report
    case = check.submit()
    assert case.status == 200
    assert state_of(sqlite_database) == "commissioning"
    shown = visit(browse, f"{address}/deadlines").clocks("Running dates")
    assert foretold.items() <= shown.items()
    assert moves_of(sqlite_database) == ["begin_scoping", "submit_for_decision", "decide_to_review"]


def test_an_application_walks_from_receipt_to_the_decision(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        asb.settle_area(session, settled)
    address = log(browse.as_("officer"), "asb", ASB).address

    def ready(name: str) -> None:
        """What is done on pages of its own: the letter, passing on, incidents and reports."""
        with sqlite_database.transaction() as session:
            reference = address.rpartition("/")[2]
            case = session.exec(select(Case).where(Case.reference == reference)).one()
            asb.ready(session, settled, case, name)

    ready("acknowledge")
    offered = visit(browse, f"{address}/steps/acknowledge").soup.select("#fact_spoc_id option")
    assert {str(each["value"]).partition("@")[0] for each in offered} == {
        "",
        "officer",
        "officer2",
        "manager",
    }
    take(browse, address, "acknowledge", {"fact_spoc_id": "officer@example.test"})
    assert "Pass the application on to every relevant body first" in visit(browse, address).text
    ready("start_check")
    take(browse, address, "start-check", {"fact_authority_basis": "victim_applies"})
    ready("decide_met")
    browse.as_("decision-maker")
    take(
        browse, address, "decide-met",
        {
            "fact_decided_on": "23 11 2026", "fact_decision_route": "mandatory",
            "fact_decision_reasons": "Three reports in six months", "fact_bodies_consulted_on": "23 11 2026",
        },
    )  # fmt: skip
    assert state_of(sqlite_database) == "threshold_met"
    assert moves_of(sqlite_database) == ["submit", "acknowledge", "start_check", "decide_met"]


def test_a_refused_step_says_everything_that_is_missing_and_keeps_what_was_typed(
    browse: Browser, sqlite_database: Database
) -> None:
    address = review(browse)
    page = step(browse, address, "begin-scoping").submit({"fact_deceased_pseudonym": "Rowan"})
    assert page.status == 422
    assert page.errors() == ["Enter the month of the death", "Choose an answer: Kind of death"]
    assert dict(page.fields())["fact_deceased_pseudonym"] == "Rowan"
    assert state_of(sqlite_database) == "notified"


def test_the_last_button_alone_refuses_too(browse: Browser, sqlite_database: Database) -> None:
    """Whoever skips the check page meets the same rules."""
    address = review(browse)
    fields = step(browse, address, "begin-scoping").fields()
    page = send(browse, f"{address}/steps/begin-scoping", fields)
    assert page.status == 422
    assert "Month of the death" in page.errors()[0]
    assert state_of(sqlite_database) == "notified"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"happened": "other"}, "Enter the day it happened"),
        (
            {"happened": "other", "happened_on": "24 11 2026"},
            "The day it happened must be today or in the past",
        ),
        (
            {"happened": "other", "happened_on": "soon"},
            "The day it happened must be a real date, such as 23 11 2026",
        ),
        (
            {"happened": "other", "happened_on": "1 11 2026"},
            "The day it happened must be on or after 20 November 2026",
        ),
    ],
)
def test_the_day_it_happened(browse: Browser, typed: dict, words: str) -> None:
    address = review(browse)
    page = step(browse, address, "begin-scoping").submit(SCOPING | typed)
    page = page.submit() if page.status == 200 else page
    assert page.status == 422
    assert any(words in line for line in page.errors()), page.errors()


def test_a_recorded_answer_is_changed_with_the_step(browse: Browser, sqlite_database: Database) -> None:
    address = review(browse)
    form = step(browse, address, "begin-scoping")
    change = next(href for href in form.links("Change Where") if "change=notification_source" in href)
    form = visit(browse, change.partition("#")[0])
    assert dict(form.fields())["fact_notification_source"] == "police"
    form.submit(SCOPING | {"fact_notification_source": "coroner"}).submit()
    with sqlite_database.reading() as session:
        assert session.exec(select(Case)).one().facts["notification_source"] == "coroner"


class TestGoingAhead:
    def test_an_officer_sees_who_can_go_ahead(self, browse: Browser) -> None:
        address = review(browse)
        take(browse, address, "begin-scoping", SCOPING)
        page = visit(browse, address)
        assert "A business unit manager can go ahead" in page.text
        assert "Go ahead with a reason" not in page.text
        form = step(browse, address, "submit-for-decision")
        assert "override" not in {name for name, _ in form.fields()}
        fields = [
            *form.fields(),
            *PAPER.items(),
            ("override", "police_consulted"),
            ("override_reason", "Urgent"),
        ]
        page = send(browse, f"{address}/steps/submit-for-decision/check", fields)
        assert page.status == 422
        assert "Only a business unit manager can go ahead without this" in page.errors()

    def test_nor_may_the_officer_by_sending_the_form_without_the_page(
        self, browse: Browser, sqlite_database: Database
    ) -> None:
        address = review(browse)
        take(browse, address, "begin-scoping", SCOPING)
        fields = [
            *step(browse, address, "submit-for-decision").fields(), *PAPER.items(), ("override_reason", "Urgent"),
            *(("override", name.removeprefix("fact_")) for name in CONSULTED),
        ]  # fmt: skip
        page = send(browse, f"{address}/steps/submit-for-decision", fields)
        assert page.status == 403
        assert state_of(sqlite_database) == "scoping"

    def test_a_manager_goes_ahead_with_a_reason_that_is_kept(
        self, browse: Browser, sqlite_database: Database
    ) -> None:
        address = review(browse)
        take(browse, address, "begin-scoping", SCOPING)
        name_for(sqlite_database, "manager")
        browse.as_("manager")
        skipped = {"override": [name.removeprefix("fact_") for name in CONSULTED]}
        page = step(browse, address, "submit-for-decision").submit(PAPER | skipped)
        assert (page.status, page.errors()) == (422, ["Give the reason for going ahead"])
        check = page.submit({"override_reason": "The family must be told this week"})
        assert "Going ahead without" in check.text
        case = check.submit()
        assert "The family must be told this week" in visit(browse, f"{case.address}/history").text
        with sqlite_database.reading() as session:
            detail = session.exec(select(Event).where(Event.name == "submit_for_decision")).one().detail
        assert detail["overridden"]["names"] == sorted(skipped["override"])

    def test_what_is_hard_is_never_skipped(self, browse: Browser, sqlite_database: Database) -> None:
        address = review(browse)
        name_for(sqlite_database, "manager")
        browse.as_("manager")
        fields = [
            *step(browse, address, "begin-scoping").fields(),
            ("override", "death_month"),
            ("override_reason", "x"),
        ]
        assert send(browse, f"{address}/steps/begin-scoping", fields).status in {403, 422}
        assert state_of(sqlite_database) == "notified"


class TestForTheChair:
    def test_the_unit_records_the_decision_with_the_minute(
        self, browse: Browser, sqlite_database: Database
    ) -> None:
        address = decided(browse)
        assert (
            "The CSP chair decides this. You can record it with the minute or e-mail."
            in visit(browse, address).text
        )
        page = step(browse, address, "decide-to-review").submit(DECISION)
        assert (page.status, page.errors()) == (422, ["Enter the minute or e-mail that shows the decision"])
        page.submit({"evidence": "E-mail of the chair, 23 November"}).submit()
        assert state_of(sqlite_database) == "commissioning"
        text = visit(browse, f"{address}/history").text
        assert "Decided by the CSP chair: E-mail of the chair, 23 November" in text

    def test_a_managers_step_is_nobody_elses(self, browse: Browser, sqlite_database: Database) -> None:
        address = review(browse)
        assert step(browse, address, "void").status == 403
        fields = step(browse, address, "begin-scoping").fields()
        page = send(
            browse, f"{address}/steps/void", [*fields, ("fact_void_reason", "Twice"), ("evidence", "minute")]
        )
        assert page.status == 403
        assert state_of(sqlite_database) == "notified"


def test_a_step_after_its_date_asks_why(browse: Browser, sqlite_database: Database, clock: Clock) -> None:
    address = decided(browse)
    clock.forward(days=40)
    browse.as_("officer")
    late = {"fact_decision_on": "2 1 2027", "evidence": "Minute 4"}
    page = step(browse, address, "decide-to-review").submit(DECISION | late)
    assert (page.status, page.errors()) == (422, ["Say why this is late: Decide whether to review"])
    page = page.submit({"late_why": "Something else"})
    assert page.errors() == ["Say why this is late: Decide whether to review"]
    check = page.submit({"late_why": "Waiting for the inquest", "late_reason": "It was put off"})
    assert "Decide whether to review: is met, after its date" in check.text
    task = "Tell the Home Office that “Decide whether to review” is late, and why"
    assert f"A task for it: {task}" in check.text
    check.submit()
    history = visit(browse, f"{address}/history").text
    assert "Why it was late: Waiting for the inquest. It was put off" in history
    tasks = visit(browse, f"{address}/tasks").text
    assert task in tasks
    assert "days late" in visit(browse, f"{address}/deadlines").text


class TestTwoAtOnce:
    def test_the_second_gets_what_differs_and_carries_on(
        self, browse: Browser, sqlite_database: Database
    ) -> None:
        address = review(browse)
        mine = step(browse, address, "begin-scoping")
        name_for(sqlite_database, "officer2")
        mine = step(browse, address, "begin-scoping")
        other = Browser(browse.app).as_("officer2")
        visit(other, f"{address}/record?fact=deceased_pseudonym").submit({"fact_deceased_pseudonym": "Ash"})
        page = mine.submit(SCOPING)
        assert (page.status, page.heading) == (409, "This case changed while you were working")
        row = next(row for row in page.rows() if row[0] == "Pseudonym of the person who died")
        assert row[1] == "Not recorded"
        assert row[2].startswith("Ash by Officer2, Monday 23 November 2026 at midday")
        assert row[3] == "Rowan"
        assert state_of(sqlite_database) == "notified"
        check = page.submit()
        assert check.heading == "Check before you begin scoping"
        assert "Rowan" in check.text
        assert check.submit().status == 200
        assert state_of(sqlite_database) == "scoping"

    def test_also_when_the_other_saves_between_check_and_the_last_button(
        self, browse: Browser, sqlite_database: Database
    ) -> None:
        address = review(browse)
        name_for(sqlite_database, "officer2")
        check = step(browse, address, "begin-scoping").submit(SCOPING)
        other = Browser(browse.app).as_("officer2")
        visit(other, f"{address}/record?fact=aware_on").submit({"fact_aware_on": "19 11 2026"})
        page = check.submit()
        assert page.status == 409
        assert any(row[2].startswith("Thursday 19 November 2026") for row in page.rows())
        page.submit().submit()
        assert state_of(sqlite_database) == "scoping"

    def test_words_are_there_to_copy_where_the_step_is_gone(
        self, browse: Browser, sqlite_database: Database
    ) -> None:
        address = review(browse)
        name_for(sqlite_database, "officer2")
        mine = step(browse, address, "begin-scoping").submit(SCOPING | {"note": "Line one\nline two"})
        other = Browser(browse.app).as_("officer2")
        take(other, address, "begin-scoping", SCOPING | {"fact_deceased_pseudonym": "Ash"})
        page = mine.submit()
        assert page.status == 409
        assert "This step cannot be taken from there." in page.text
        kept = page.soup.select_one("textarea#typed").get_text()
        assert "Rowan" in kept
        assert "Line one\nline two" in kept
        assert moves_of(sqlite_database) == ["begin_scoping"]


def test_pressing_the_last_button_twice_is_one_event(browse: Browser, sqlite_database: Database) -> None:
    address = review(browse)
    check = step(browse, address, "begin-scoping").submit(SCOPING)
    fields, action = check.fields(), str(check.form()["action"])
    first, second = send(browse, action, fields), send(browse, action, fields)
    assert (first.status, first.address) == (second.status, second.address) == (200, address)
    assert moves_of(sqlite_database) == ["begin_scoping"]


def test_a_step_that_does_not_lead_from_here_says_where_the_case_is(browse: Browser) -> None:
    address = review(browse)
    page = step(browse, address, "agree-terms")
    assert page.status == 409
    assert "while the case is at “Notified”" in page.text


def test_change_on_the_check_page_keeps_every_answer(browse: Browser) -> None:
    address = review(browse)
    check = step(browse, address, "begin-scoping").submit(SCOPING | {"note": "a\r\n  b & <c>"})
    again = check.form(0)
    pairs = [(str(tag["name"]), str(tag["value"])) for tag in again.select("input")]
    form = send(browse, str(again["action"]), [*pairs, ("change", "fact_death_month")])
    assert (form.status, form.errors()) == (200, [])
    kept = dict(form.fields())
    assert {name: kept[name] for name in SCOPING} == SCOPING
    assert kept["note"].replace("\r\n", "\n") == "a\n  b & <c>"


def test_a_coordinating_officer_of_another_partnership_sees_nothing(
    browse: Browser, sqlite_database: Database
) -> None:
    address = review(browse)
    with sqlite_database.transaction() as session:  # even somebody with two partnerships must be named
        herefordshire = session.exec(select(Partnership).where(Partnership.key == "herefordshire")).one()
        outsider = session.exec(select(User).where(User.email == "outsider@example.test")).one()
        session.add(Membership(user_id=outsider.id, role=Role.MANAGER, partnership_id=herefordshire.id))
    for who in ("outsider", "manager", "chair", "lead", "panel", "auditor"):
        browse.as_(who)
        for path in ("", "/deadlines", "/history", "/access", "/steps/begin-scoping"):
            assert visit(browse, address + path).status == 404, (who, path)
        assert browse.submit(f"{address}/steps/begin-scoping", happened="today").status_code == 404


def test_the_same_form_with_other_answers_is_a_conflict_and_loses_nothing(
    browse: Browser, sqlite_database: Database
) -> None:
    address = review(browse)
    check = step(browse, address, "begin-scoping").submit(SCOPING)
    fields, action = check.fields(), str(check.form()["action"])
    send(browse, action, fields)
    other = [(name, "Hazel" if name == "fact_deceased_pseudonym" else value) for name, value in fields]
    page = send(browse, action, other)
    assert page.status == 409
    assert "Hazel" in page.text
    assert moves_of(sqlite_database) == ["begin_scoping"]
    assert send(browse, action, fields).status == 200
