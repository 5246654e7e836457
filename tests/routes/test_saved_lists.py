"""Saved filters, the further filters, the columns of a review's report, and how few questions a list asks."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser, soup
from tests.routes.filling import counting, fill, listed, log_action, log_asb, log_dhr, words
from tracker.db import Database
from tracker.models import ActionDetails, Case, Deadline, DeadlineChange, Organisation, Plan
from tracker.queries import action_list, due_dates
from tracker.queries.action_list import ActionFilters
from tracker.services import actions
from tracker.services.actions import Answer, Update

AT_THE_DOOR = 6
"""The session, the person, their places, roles, boards and grants."""


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (ActionFilters(quiet=True), {"001", "004"}),
        (ActionFilters(moved=True), {"003"}),
        (ActionFilters(theme="Roads"), {"001"}),
        (ActionFilters(plan="plan"), {"001"}),
        (ActionFilters(plan="HCSP-ASB-2026-001"), {"004"}),
        (ActionFilters(lead="lead2"), {"002", "003"}),
        (ActionFilters(at_risk=True), {"002", "003"}),
        (ActionFilters(chosen=("HCSP-ACT-2026-001", "WSCB-ACT-2026-001")), {"001"}),
    ],
)
def test_each_further_filter_of_actions_keeps_what_it_says(
    database: Database, cast: Cast, filters: ActionFilters, kept: set[str]
) -> None:
    with database.transaction() as session:
        case = log_asb(session, cast)
        plain = log_action(session, cast, date(2027, 3, 1), lead=cast.police)
        soon = log_action(session, cast, MONDAY + timedelta(days=9), lead=cast.housing)
        moved = log_action(session, cast, date(2027, 1, 4), lead=cast.housing)
        below = log_action(session, cast, date(2027, 3, 1), lead=cast.police)
        log_action(session, cast, date(2027, 3, 1), lead=cast.police, where=cast.worcestershire)
        below.parent_id = case.id
        plan = Plan(key="plan", partnership_id=cast.herefordshire, name="Plan", imported_at=NOON)
        session.add(plan)
        session.flush()
        session.add(ActionDetails(case_id=plain.id or 0, plan_id=plan.id, position=1, theme="Roads"))
        manager, lead = cast.actor(session, "manager"), cast.actor(session, "lead2")
        for on in (date(2027, 1, 29), date(2027, 2, 5)):
            asked = Update(Answer.MORE_TIME, moved.version, note="Staff", asked_for_on=on)
            actions.report(session, lead, moved, asked, at=NOON)
            actions.decide_more_time(
                session, manager, moved, agreed=True, reason="Agreed", seen_version=moved.version, at=NOON
            )
        told = Update(Answer.PROGRESS, soon.version, note="Begun", at_risk=True)
        actions.report(session, lead, soon, told, at=NOON)
        if filters.lead:
            filters = ActionFilters(lead=str(cast.people[filters.lead]))
        actor = cast.actor(session, "officer")
        horizon = due_dates.horizon_for(session, actor, MONDAY)
        found = action_list.actions(session, actor, filters, horizon)
        assert {row.reference[-3:] for row in found.rows} == kept
        assert found.total == len(kept)
        whole = action_list.every_action(session, actor, filters, horizon)
        assert [row.reference for row in whole.rows] == [row.reference for row in found.rows]


def test_a_first_date_is_no_move(database: Database, cast: Cast) -> None:
    """An action without a date that gets one, and another, has moved once."""
    with database.transaction() as session:
        action = log_action(session, cast, date(2027, 1, 4), lead=cast.police)
        deadline = session.exec(select(Deadline).where(Deadline.case_id == action.id)).one()
        for seq in (8, 9):
            session.add(
                DeadlineChange(
                    deadline_id=deadline.id or 0, seq=seq, kind="extend", on=MONDAY, recorded_at=NOON,
                    actor_id=cast.people["manager"],
                )
            )  # fmt: skip
        session.flush()
        actor = cast.actor(session, "officer")
        horizon = due_dates.horizon_for(session, actor, MONDAY)
        assert action_list.actions(session, actor, ActionFilters(moved=True), horizon).total == 1
        deadline.first_due_on = None
        session.flush()
        assert action_list.actions(session, actor, ActionFilters(moved=True), horizon).total == 0


def test_cases_on_hold_and_of_an_area_are_found_and_flagged(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        held = log_dhr(session, settled)
        log_dhr(session, settled, on=date(2026, 10, 2))
        log_asb(session, settled)
        hold = Case(
            reference="HCSP-HOLD-2026-001", process="hold", workflow_version=1, state="active",
            partnership_id=settled.herefordshire, parent_id=held.id, sensitivity="restricted", title="",
            facts={"kind": "partial"}, opened_on=MONDAY, state_since_on=MONDAY,
        )  # fmt: skip
        session.add(hold)
    browse.as_("officer")
    assert listed(browse, "/cases?hold=yes") == [held.reference]
    assert len(listed(browse, "/cases?hold=no")) == 2
    assert "Restricted, Partial hold" in words(soup(browse.open("/cases?hold=yes")).select_one("tbody tr"))
    assert len(listed(browse, "/cases?area=herefordshire")) == 3, "a partnership of one area is all in it"
    assert listed(browse, "/cases?area=herefordshire&type=asb") == ["HCSP-ASB-2026-001"]


def test_the_list_of_reviews_shows_when_the_report_was_first_due(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        dhr = log_dhr(session, settled)
        session.add(
            Deadline(
                case_id=dhr.id or 0, key="REPORT_6M", label="Complete overview report", rule={}, basis="x",
                force="guidance", length_local=False, owner="csp_chair", starts_on=MONDAY, due_on=date(2027, 2, 25),
                first_due_on=date(2026, 8, 25), recorded_at=NOON,
            )
        )  # fmt: skip
    page = soup(browse.as_("officer").open("/cases?type=dhr"))
    headings = [words(cell) for cell in page.select("thead th")]
    assert headings[-3:] == ["Report first due", "Report due now", "Flags"]
    assert [words(cell) for cell in page.select("tbody td")][-3:-1] == [
        "25 Aug 2026",
        "Thu 25 Feb 2027 in 94 days",
    ]
    assert "Report first due" not in soup(browse.open("/cases")).select_one("thead").get_text()
    line = browse.open("/cases.csv?type=dhr").text.splitlines()
    assert line[0].endswith("Report first due,Report due now")
    assert line[1].endswith("2026-08-25,2027-02-25")


@pytest.mark.parametrize(
    ("address", "label", "now"),
    [
        ("/cases", "Cases", "All"),
        ("/cases?officer=nobody&due=overdue", "Cases", "Unassigned"),
        ("/cases?type=dhr", "Cases", "DHRs"),
        ("/cases?show=closed", "Cases", "Closed"),
        ("/actions", "Actions", "All"),
        ("/actions?status=completed_unverified", "Actions", "To verify"),
        ("/actions?gap=any", "Actions", "No date or no lead"),
        ("/plans", "Actions", "Plans"),
        ("/recommendations", "Actions", "Recommendations"),
    ],
)
def test_saved_filters_say_which_one_is_shown(browse: Browser, address: str, label: str, now: str) -> None:
    page = soup(browse.as_("officer").open(address))
    assert words(page.select_one(f'nav[aria-label="{label}"] [aria-current]')) == now
    for link in page.select(f'nav[aria-label="{label}"] a'):
        assert browse.open(link["href"]).status_code == 200


def test_a_lead_is_led_to_nothing_that_is_not_theirs(browse: Browser) -> None:
    links = soup(browse.as_("lead").open("/actions")).select('nav[aria-label="Actions"] a')
    assert [browse.open(link["href"]).status_code for link in links] == [200] * 4


def test_every_list_asks_few_questions_of_the_database(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    fill(sqlite_database, settled)
    browse.as_("officer")
    browse.open("/today")
    for address in (
        "/cases", "/cases?type=dhr&hold=no&area=herefordshire", "/actions", "/actions?moved=often&quiet=28",
        "/plans", "/recommendations", "/today/overdue", "/today/waiting", "/search?q=protocol",
    ):  # fmt: skip
        with counting(sqlite_database) as asked:
            page = browse.open(address)
        assert page.status_code == 200
        assert len(asked) - AT_THE_DOOR <= 12, (address, len(asked) - AT_THE_DOOR)
        assert len(page.data) < 150_000, address


def test_a_list_of_ended_agencies_asks_no_more_for_each_of_them(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    """However the list is narrowed: each row's agency has ended, and each has a line of successors of its own."""
    with sqlite_database.transaction() as session:
        for number in range(25):
            below: int | None = None
            for key, ended in (
                ("now", None),
                ("middle", MONDAY - timedelta(days=9)),
                ("old", MONDAY - timedelta(days=99)),
            ):
                body = Organisation(
                    key=f"{key}-{number}", name=f"{key.title()} {number}", kind="other", to_on=ended, successor_id=below
                )  # fmt: skip
                session.add(body)
                session.flush()
                below = body.id
            log_action(session, settled, MONDAY + timedelta(days=5), lead=below)
    browse.as_("officer").open("/today")
    for address in (
        "/actions",
        "/actions?risk=yes&colour=amber",
        "/actions?risk=yes",
        "/actions?sort=updated",
    ):
        with counting(sqlite_database) as asked:
            page = browse.open(address)
        assert len(asked) - AT_THE_DOOR <= 12, (address, len(asked) - AT_THE_DOOR)
        if "colour" not in address:
            assert page.text.count("; now") + page.text.count("now Now") >= 25, address
