"""More time, a pause, its end and a correction on pages: the new working before it is saved, and the same date after."""

import pytest
from sqlmodel import Session, select

from tests.cast import Cast
from tests.routes.browse import Browser, Clock, soup
from tests.routes.pages import Page, send, visit
from tests.routes.test_action_page import agreed
from tests.routes.test_log_case import ASB, DHR, log
from tests.routes.test_steps import name_for
from tests.services.test_date_changes import homicide
from tracker.db import Database
from tracker.models import Case, Deadline, DeadlineChange, Event, Outbox
from tracker.queries.verification import faults

MORE = {"n": "5", "reason": "The panel asks for it"}
WAIT = {"code": "applicant_asked_for_delay", "reason": "In hospital"}
C5 = "Threshold decision told"
FIRST, LATER = "Fri 11 Dec 2026", "Fri 18 Dec 2026"
"""C5 of an application of Friday 20 November: 15 working days on, and five more."""


@pytest.fixture
def asb(browse: Browser) -> str:
    return log(browse.as_("officer"), "asb", ASB).address


@pytest.fixture
def dhr(sqlite_database: Database, settled: Cast) -> str:
    with sqlite_database.transaction() as session:
        return f"/cases/{homicide(session, settled).reference}"


def form(browser: Browser, address: str, key: str, act: str) -> Page:
    return visit(browser, f"{address}/deadlines/{key.lower()}/{act}")


def due(page: Page, label: str) -> str:
    return page.clocks()[label]


def key_facts(page: Page) -> dict[str, str]:
    rows = page.soup.select("dl.app-facts > div")
    return {row.dt.get_text(strip=True): " ".join(row.dd.get_text(" ").split()) for row in rows}


def deadline(session: Session, key: str) -> Deadline:
    return session.exec(select(Deadline).where(Deadline.key == key)).one()


def changes(database: Database) -> list[DeadlineChange]:
    """What was done to dates through these pages."""
    kinds = ("extend", "pause", "resume", "set")
    with database.reading() as session:
        listed = select(DeadlineChange).where(DeadlineChange.kind.in_(kinds)).order_by(DeadlineChange.id)
        found = list(session.exec(listed).all())
        session.expunge_all()
        return found


def test_more_time_shows_its_working_first_and_then_that_very_date(
    browse: Browser, asb: str, sqlite_database: Database
) -> None:
    browse.as_("manager")
    page = form(browse, asb, "C5", "extend")
    assert page.heading == f"Agree more time: {C5}"
    assert "A number of working days" in page.text
    assert key_facts(page)["First due"] == "Friday 11 December 2026"
    check = page.submit(MORE)
    assert check.status == 200, check.errors()
    shown = key_facts(check)
    assert shown["New date"] == "Friday 18 December 2026"
    assert shown["Due now"].startswith("Friday 11 December 2026 in 14 working days")
    assert shown["First due"].startswith("Friday 11 December 2026")
    assert shown["Changed so far"] == "Never"
    assert shown["Decided by"] == "a business unit manager"
    assert "+ 5 working days Extended on Mon 23 Nov 2026 by a business unit manager" in check.text
    assert check.soup.select_one("details").has_attr("open")
    assert changes(sqlite_database) == []

    done = check.submit()
    assert done.address == asb
    assert (
        "More time is agreed. It is due on Friday 18 December 2026. The first due date stays on record."
        in done.text
    )
    assert due(done, C5) == LATER
    assert "First due 11 Dec 2026" in done.text
    assert "The panel asks for it" in visit(browse, f"{asb}/history").text
    again = form(browse, asb, "C5", "extend")
    assert key_facts(again)["Changed so far"] == "Extended once"
    with sqlite_database.reading() as session:
        assert list(faults(session)) == []
        assert deadline(session, "C5").generation == 2
        assert not session.exec(select(Outbox)).all()


def test_months_are_added_to_the_period_and_the_chair_decides(
    browse: Browser, dhr: str, sqlite_database: Database
) -> None:
    """Six months from 31 August end on 28 February; with one more, on 31 March and not on the 28th."""
    browse.as_("chair")
    check = form(browse, dhr, "REPORT_6M", "extend").submit({"n": "1", "reason": "The inquest"})
    assert key_facts(check)["New date"] == "Wednesday 31 March 2027"
    check.submit()
    with sqlite_database.reading() as session:
        found = deadline(session, "REPORT_6M")
        assert (str(found.due_on), str(found.first_due_on)) == ("2027-03-31", "2027-02-28")


def test_an_officer_records_it_for_the_chair_with_the_minute(
    browse: Browser, dhr: str, sqlite_database: Database
) -> None:
    browse.as_("officer")
    page = form(browse, dhr, "REPORT_6M", "extend")
    assert "The CSP chair decides this. You record it with the minute or e-mail" in page.text
    refused = page.submit({"n": "1", "reason": "The inquest"})
    assert (refused.status, refused.errors()) == (422, ["Enter the minute or e-mail that shows the decision"])
    assert dict(refused.fields())["reason"] == "The inquest"
    refused.submit({"evidence": "Minute 4 of 20 November"}).submit()
    assert "Decided by the CSP chair: Minute 4 of 20 November" in visit(browse, f"{dhr}/history").text


def test_agreed_twenty_days_after_it_was_due(
    browse: Browser, dhr: str, sqlite_database: Database, clock: Clock
) -> None:
    clock.forward(days=117)  # Saturday 20 March 2027
    browse.as_("chair")
    check = form(browse, dhr, "REPORT_6M", "extend").submit({"n": "3", "reason": "The inquest"})
    assert "Agreed 20 days after it was due. It stays on record as late." in check.text
    check.submit()
    assert "Agreed 20 days after it was due. The inquest" in visit(browse, f"{dhr}/history").text
    page = visit(browse, f"{dhr}/deadlines")
    assert "First due 28 Feb 2027" in page.text
    with sqlite_database.reading() as session:
        event = session.exec(select(Event).where(Event.kind == "deadline_changed")).one()
        assert event.detail["late"] is True
        assert list(faults(session)) == []


def test_an_officer_sees_who_agrees_more_time_and_cannot_press_past_it(
    browse: Browser, asb: str, sqlite_database: Database
) -> None:
    page = form(browse, asb, "C5", "extend")
    assert "More time for this date is for a business unit manager to decide." in page.text
    assert page.soup.select("main form") == []
    fields = form(browse.as_("manager"), asb, "C5", "extend").fields()
    browse.as_("officer")
    given = [pair for pair in fields if pair[0] not in {"csrf_token", *MORE, "evidence"}]
    token = ("csrf_token", browse.token(asb))
    sent = [*given, token, *MORE.items(), ("evidence", "Minute")]
    assert send(browse, f"{asb}/deadlines/c5/extend", sent).status == 403
    assert changes(sqlite_database) == []


def test_without_the_token_of_the_form_nothing_happens(
    browse: Browser, asb: str, sqlite_database: Database
) -> None:
    browse.as_("manager")
    fields = [
        pair for pair in form(browse, asb, "C5", "extend").submit(MORE).fields() if pair[0] != "csrf_token"
    ]
    assert send(browse, f"{asb}/deadlines/c5/extend", fields).status == 400
    assert changes(sqlite_database) == []


def test_a_pause_stops_the_date_and_its_end_gives_it_back(
    browse: Browser, asb: str, sqlite_database: Database, clock: Clock
) -> None:
    page = form(browse, asb, "C5", "pause")
    assert "Not paused because an agency is slow." in page.text
    check = page.submit(WAIT)
    assert key_facts(check)["New date"] == "No date until the clock runs again"
    done = check.submit()
    assert "The clock is paused. There is no due date until the clock runs again." in done.text
    clocks = visit(browse, f"{asb}/deadlines")
    assert due(clocks, C5) == "No date yet"
    assert "Paused" in clocks.text
    assert not any("/c5/pause" in href for href in clocks.links("Pause"))

    clock.forward(days=8)  # Tuesday 1 December: six working days were not counted
    browse.as_("officer")
    check = form(browse, asb, "C5", "resume").submit()
    new = key_facts(check)["New date"]
    assert new == "Monday 21 December 2026"
    assert "Mon 23 Nov 2026 to Mon 30 Nov 2026: 6 working days not counted" in check.text
    done = check.submit()
    assert "The clock runs again. It is due on Monday 21 December 2026." in done.text
    assert due(visit(browse, f"{asb}/deadlines"), C5) == "Mon 21 Dec 2026"
    with sqlite_database.reading() as session:
        assert list(faults(session)) == []


def test_a_clock_that_runs_again_before_it_stopped_is_said_at_the_field(browse: Browser, asb: str) -> None:
    form(browse, asb, "C5", "pause").submit(WAIT).submit()
    page = form(browse, asb, "C5", "resume").submit({"happened": "other", "happened_on": "20 11 2026"})
    assert page.status == 422
    assert page.errors() == ["The clock cannot start again before the day on which it was stopped"]
    assert page.soup.select_one("#happened_on-error")


@pytest.mark.parametrize(
    ("key", "act", "words"),
    [
        ("c2", "pause", "This clock is never paused."),
        ("c5", "resume", "The clock is not stopped, so it cannot start again."),
    ],
)
def test_what_the_clock_does_not_know_has_no_form(
    browse: Browser, asb: str, key: str, act: str, words: str, sqlite_database: Database
) -> None:
    page = form(browse, asb, key, act)
    assert page.status == 409
    assert words in page.text
    assert page.soup.select("main form") == []
    token = browse.token(asb)
    version = dict(form(browse, asb, "C5", "pause").fields())["version"]
    sent = [("csrf_token", token), ("version", version), ("happened", "today"), *WAIT.items()]
    assert send(browse, f"{asb}/deadlines/{key}/{act}", sent).status in {409, 422}
    assert changes(sqlite_database) == []


def test_a_date_without_more_time_says_why_and_takes_the_reason_it_is_late(
    browse: Browser, asb: str, sqlite_database: Database, clock: Clock
) -> None:
    page = form(browse, asb, "C2", "extend")
    assert page.heading == "No more time can be agreed: Pass on to all relevant bodies"
    assert "This date cannot be extended." in page.text
    assert "It is not late." in page.text
    assert page.soup.select("main form") == []
    clock.forward(days=4)
    browse.as_("officer")
    page = form(browse, asb, "C2", "extend")
    assert "n" not in {name for name, _ in page.fields()}
    assert page.submit().errors() == ["Say why it is late"]
    done = page.submit({"reason": "Two addresses were wrong"})
    assert "The reason is recorded." in done.text
    assert (
        "Why it was late: Pass on to all relevant bodies. Two addresses were wrong"
        in visit(browse, f"{asb}/history").text
    )
    assert changes(sqlite_database) == []


def test_a_manager_corrects_a_date_or_its_start(browse: Browser, asb: str, sqlite_database: Database) -> None:
    assert form(browse, asb, "C5", "correct").status == 403
    browse.as_("manager")
    page = form(browse, asb, "C5", "correct")
    wanted = {"wrong": "start", "right_on": "19/11/26", "reason": "It came by e-mail"}
    check = page.submit(wanted)
    assert key_facts(check)["New date"] == "Thursday 10 December 2026"
    assert "The start was recorded wrongly: it is Thursday 19 November 2026" in check.text
    again = str(check.form(0)["action"])
    changed = send(
        browse, again, [*check.fields(0), ("change", "wrong")]
    )  # back to the form, as it was typed
    assert dict(changed.fields())["right_on"] == "19/11/26"
    done = changed.submit({"wrong": "date", "right_on": "14 12 2026"}).submit()
    assert "The date is corrected. It is due on Monday 14 December 2026." in done.text
    with sqlite_database.reading() as session:
        found = deadline(session, "C5")
        assert (str(found.due_on), str(found.first_due_on)) == ("2026-12-14", "2026-12-11")
        assert list(faults(session)) == []


@pytest.mark.parametrize(
    ("act", "typed", "said"),
    [
        ("extend", {}, ["Enter how much more time was agreed", "Say why more time is needed"]),
        ("extend", MORE | {"n": "a week"}, ["How much more time must be a whole number from 1 to 999"]),
        ("extend", MORE | {"n": "0"}, ["How much more time must be a whole number from 1 to 999"]),
        (
            "extend",
            MORE | {"happened": "other", "happened_on": "30 11 2026"},
            ["The day it was agreed must be today or in the past"],
        ),
        ("extend", MORE | {"happened": "other"}, ["Enter the day it was agreed"]),
        ("extend", MORE | {"n": "999"}, []),
        ("pause", {}, ["Choose why the clock stops", "Say what has happened"]),
        ("pause", WAIT | {"code": "agency_is_slow"}, ["Choose why the clock stops"]),
        (
            "pause",
            WAIT | {"happened": "other", "happened_on": "31 11 2026"},
            ["The day the clock stops must be a real date, such as 23 11 2026"],
        ),
        (
            "correct",
            {},
            ["Choose what was recorded wrongly", "Enter the right day", "Say why it was wrong"],
        ),
        (
            "correct",
            {"wrong": "date", "right_on": "11 12 2026", "reason": "x"},
            ["The date is Friday 11 December 2026 already"],
        ),
    ],
)  # fmt: skip
def test_what_is_to_put_right_is_said_at_its_field(
    browse: Browser, asb: str, act: str, typed: dict[str, str], said: list[str]
) -> None:
    browse.as_("manager")
    page = form(browse, asb, "C5", act).submit(typed)
    assert page.errors() == said
    assert page.status == (422 if said else 200)
    for name in set(typed) - {"code"} if said else ():
        assert dict(page.fields())[name] == typed[name]


def test_pressed_twice_it_is_done_once(browse: Browser, asb: str, sqlite_database: Database) -> None:
    browse.as_("manager")
    check = form(browse, asb, "C5", "extend").submit(MORE)
    fields, address = check.fields(), str(check.form()["action"])
    for _ in range(2):
        done = send(browse, address, fields)
        assert (done.status, due(done, C5)) == (200, LATER)
        assert "More time is agreed." in done.text
    assert len(changes(sqlite_database)) == 1


def test_paused_twice_at_once_is_one_pause(browse: Browser, asb: str, sqlite_database: Database) -> None:
    check = form(browse, asb, "C5", "pause").submit(WAIT)
    fields, address = check.fields(), str(check.form()["action"])
    assert [send(browse, address, fields).status for _ in range(2)] == [200, 200]
    assert len(changes(sqlite_database)) == 1


@pytest.mark.parametrize("when", ["before the working", "after the working"])
def test_somebody_else_was_first(browse: Browser, asb: str, sqlite_database: Database, when: str) -> None:
    browse.as_("manager")
    mine = form(browse, asb, "C5", "extend")
    mine = mine.submit(MORE) if when == "after the working" else mine
    other = Browser(browse.app).as_("officer2")
    form(other, asb, "C5", "pause").submit(WAIT).submit()
    page = mine.submit() if when == "after the working" else mine.submit(MORE)
    assert (page.status, page.heading) == (409, "This case changed while you were working")
    row = page.rows()[0]
    assert row[:2] == [C5, "Due Friday 11 December 2026"]
    assert row[2].startswith("No due date, paused by Officer2")
    assert row[3] == "5 working days more"
    check = page.submit()
    assert check.heading == f"Check the new working: {C5}"
    assert key_facts(check)["Changed so far"] == "Paused once"
    check.submit()
    assert [change.kind for change in changes(sqlite_database)] == ["pause", "extend"]


class TestTheLinks:
    ASK, STOP, RIGHT = "Ask for more time", "Pause", "Correct a date"

    @pytest.mark.parametrize("path", ["", "/deadlines"])
    @pytest.mark.parametrize(
        ("who", "c5", "c2"),
        [
            ("officer", [ASK, STOP], [ASK]),
            ("manager", [ASK, STOP, RIGHT], [ASK, RIGHT]),
            ("chair", [], []),
            ("auditor", [], []),
        ],
    )
    def test_under_each_date_stands_what_the_reader_may_do(
        self, browse: Browser, asb: str, path: str, who: str, c5: list[str], c2: list[str]
    ) -> None:
        browse.as_(who)
        page = visit(browse, asb + path)
        for key, label, words in (("c5", C5, c5), ("c2", "Pass on to all relevant bodies", c2)):
            links = page.soup.select(f'details a[href*="/deadlines/{key}/"]')
            assert [" ".join(a.get_text().split()) for a in links] == [
                f"{said} for: {label}" for said in words
            ]
            for link in links:
                assert visit(browse, str(link["href"])).status == 200

    def test_the_chair_has_the_link_where_the_chair_decides(self, browse: Browser, dhr: str) -> None:
        browse.as_("chair")
        links = visit(browse, f"{dhr}/deadlines").soup.select("details a")
        assert [str(a["href"]) for a in links] == [f"{dhr}/deadlines/report_6m/extend"]

    def test_an_action_has_them_for_the_unit_and_not_for_its_lead(
        self, browse: Browser, sqlite_database: Database, settled: Cast
    ) -> None:
        with sqlite_database.transaction() as session:
            ref = agreed(session, settled, settled.police).reference
        browse.as_("lead")
        assert visit(browse, f"/actions/{ref}").soup.select('a[href*="/deadlines/"]') == []
        assert form(browse, f"/cases/{ref}", "ACTION_TARGET", "extend").status == 403
        browse.as_("manager")
        page = visit(browse, f"/actions/{ref}")
        link = next(href for href in page.links(self.ASK))
        done = visit(browse, link).submit({"n": "14", "reason": "Staff left"}).submit()
        assert done.address == f"/actions/{ref}"
        assert due(done, "Action target date") == "Mon 14 Dec 2026"


@pytest.mark.parametrize("act", ["extend", "pause", "resume", "correct"])
def test_what_is_not_yours_is_not_there(
    browse: Browser, asb: str, act: str, sqlite_database: Database
) -> None:
    restricted = log(browse, "dhr", DHR).address
    for who in ("outsider", "lead", "panel"):
        browse.as_(who)
        for address in (f"{asb}/deadlines/c5/{act}", f"{restricted}/deadlines/decision/{act}"):
            assert browse.open(address).status_code == 404
            assert browse.submit(address, version="1").status_code == 404
            assert browse.submit(f"{address}/check", version="1").status_code == 404
    for who in ("auditor", "chair"):
        assert form(browse.as_(who), asb, "C5", act).status == 403
    browse.as_("manager")
    assert form(browse, asb, "C99", act).status == 404
    assert form(browse, restricted, "DECISION", act).status == 404  # not named for it
    assert visit(browse, f"{asb}/deadlines/c5/stretch").status == 404
    assert changes(sqlite_database) == []


def test_a_look_at_a_restricted_case_is_noted_and_the_title_has_no_name(
    browse: Browser, sqlite_database: Database
) -> None:
    address = log(browse.as_("officer"), "dhr", DHR).address
    name_for(sqlite_database, "manager")
    with sqlite_database.reading() as session:
        before = session.exec(select(Case.version)).one()
    page = form(browse, address, "DECISION", "extend")
    assert "The guidance gives no extension" in page.text
    assert (
        soup(page.response)
        .title.get_text()
        .startswith("No more time can be agreed: Decide whether to review")
    )
    lower = browse.open(f"{address.replace('HCSP', 'hcsp')}/deadlines/decision/extend")
    assert (lower.status_code, lower.headers["Location"]) == (301, f"{address}/deadlines/decision/extend")
    checked = browse.open(f"{address}/deadlines/decision/extend/check")
    assert checked.headers["Location"] == f"{address}/deadlines/decision/extend"
    with sqlite_database.reading() as session:
        assert session.exec(select(Case.version)).one() == before
