"""The queries behind the lists, on both databases: the numbers, the orders, and what nobody else may see."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.routes.filling import fill, log_action, log_asb, log_dhr
from tracker.db import Database
from tracker.models import Case, CaseGrant, Deadline, Holiday
from tracker.queries import action_list, case_list, due_dates, my_work, today, waiting
from tracker.queries.action_list import ActionFilters, Gap, Status
from tracker.queries.came_in import came_in
from tracker.queries.case_list import CaseFilters, Ended
from tracker.queries.due_dates import Scope, Window
from tracker.queries.overdue import overdue
from tracker.queries.search import search
from tracker.services import actions
from tracker.services.actions import Answer, Update
from tracker.templating import count
from workflows.definition import HeldBy
from workflows.effects import Start


@pytest.fixture
def filled(database: Database, cast: Cast) -> Database:
    fill(database, cast, reviews=12, actions=30)
    return database


def seen(session: Session, cast: Cast, who: str) -> set[str]:
    """Every reference that any list, number or search shows somebody."""
    actor = cast.actor(session, who)
    horizon = due_dates.horizon_for(session, actor, MONDAY)
    found = {
        row.reference
        for row in case_list.every_case(session, actor, CaseFilters(ended=Ended.ALL), horizon).rows
    }
    found |= {
        row.reference
        for row in action_list.every_action(session, actor, ActionFilters(status=Status.ALL), horizon).rows
    }
    for window in Window:
        found |= {
            row.reference
            for row in due_dates.page_of_dates(session, actor, window, Scope.UNIT, horizon, page=1).rows
        }
    found |= {
        row.reference
        for row in waiting.page_of_waiting(session, actor, Scope.UNIT, horizon, NOON, page=1).rows
    }
    found |= {row.reference for row in came_in(session, actor, Scope.UNIT, NOON - timedelta(days=7))}
    found |= {
        hit.reference
        for words in ("DHR", "ASB", "ACT", "police")
        for hit in search(session, actor, words).rows
    }
    work = my_work.my_work(session, actor, MONDAY)
    return found | {card.reference for card in work.cards} | {row.reference for row in work.named_for}


def test_the_numbers_are_those_of_the_lists_on_both_databases(filled: Database, cast: Cast) -> None:
    with filled.reading() as session:
        for who in ("officer", "officer2", "manager", "outsider"):
            actor = cast.actor(session, who)
            horizon = due_dates.horizon_for(session, actor, MONDAY)
            for scope in Scope:
                n = today.today(session, actor, scope, MONDAY, at=NOON, started_at=NOON).numbers

                def total(window: Window) -> int:
                    return due_dates.page_of_dates(session, actor, window, scope, horizon, page=1).total  # noqa: B023

                gaps = action_list.actions(session, actor, ActionFilters(gap=Gap.ANY, scope=scope), horizon)
                assert (n.overdue, n.today, n.soon) == tuple(total(window) for window in Window)
                assert (
                    n.waiting == waiting.page_of_waiting(session, actor, scope, horizon, NOON, page=1).total
                )
                assert n.gaps == gaps.total
            assert today.today(
                session, actor, Scope.UNIT, MONDAY, at=NOON, started_at=NOON
            ).numbers.overdue == len(overdue(session, actor, MONDAY))


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (CaseFilters(), {"001", "002", "003", "009"}),
        (CaseFilters(ended=Ended.CLOSED), {"004"}),
        (CaseFilters(ended=Ended.ALL), {"001", "002", "003", "004", "009"}),
        (CaseFilters(type="dhr"), {"009"}),
        (CaseFilters(type="asb"), {"001", "002", "003"}),
        (CaseFilters(stage="asb-threshold"), {"002"}),
        (CaseFilters(stage="dhr-4"), {"009"}),
        (CaseFilters(held_by=HeldBy.AGENCY), {"002", "009"}),
        (CaseFilters(held_by=HeldBy.US), {"001", "003"}),
        (CaseFilters(held_by=HeldBy.NOBODY, ended=Ended.ALL), {"004"}),
        (CaseFilters(due=Window.OVERDUE), {"001"}),
        (CaseFilters(due=Window.TODAY), {"002"}),
        (CaseFilters(due=Window.SOON), {"003"}),
        (CaseFilters(officer="nobody"), {"002", "003"}),
        (CaseFilters(officer="me"), {"001", "002", "003", "009"}),
        (CaseFilters(q="asb-2026-00"), {"001", "002", "003"}),
        (CaseFilters(q="%"), set()),
        (CaseFilters(type="asb", held_by=HeldBy.US, due=Window.SOON), {"003"}),
    ],
)
def test_each_filter_of_cases_keeps_what_it_says(
    database: Database, cast: Cast, filters: CaseFilters, kept: set[str]
) -> None:
    with database.transaction() as session:
        clocks = (Start("C1"),)
        log_asb(session, cast, on=date(2026, 11, 13), opening=clocks, owner_user_id=cast.people["officer"])
        second = log_asb(session, cast, on=date(2026, 11, 16), opening=clocks)
        second.state = "threshold_check"
        log_asb(session, cast, on=date(2026, 11, 17), opening=clocks)
        closed = log_asb(session, cast, on=date(2026, 9, 1), opening=())
        closed.state, closed.closed_on = "closed", date(2026, 10, 1)
        dhr = log_dhr(session, cast, on=date(2026, 11, 20))
        dhr.state, dhr.reference = "gathering", "HCSP-DHR-2026-009"
        log_action(session, cast, MONDAY)
        session.flush()
        actor = cast.actor(session, "officer")
        horizon = due_dates.horizon_for(session, actor, MONDAY)
        found = case_list.cases(session, actor, filters, horizon)
        assert {row.reference[-3:] for row in found.rows} == kept
        assert found.total == len(kept)


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (ActionFilters(), {"001", "002", "003", "004"}),
        (ActionFilters(status=Status.ENDED), {"005"}),
        (ActionFilters(status=Status.ALL), {"001", "002", "003", "004", "005"}),
        (ActionFilters(status="completed_unverified"), {"002"}),
        (ActionFilters(agency="housing"), {"001", "004"}),
        (ActionFilters(agency="west-mercia-police"), {"001", "002"}),
        (ActionFilters(due=Window.OVERDUE), {"001"}),
        (ActionFilters(due=Window.TODAY), {"002"}),
        (ActionFilters(due=Window.SOON), {"003"}),
        (ActionFilters(gap=Gap.LEAD), {"003"}),
        (ActionFilters(gap=Gap.DATE), {"004"}),
        (ActionFilters(gap=Gap.ANY), {"003", "004"}),
        (ActionFilters(plan="no-such-plan"), set()),
        (ActionFilters(scope=Scope.MINE), set()),
    ],
)
def test_each_filter_of_actions_keeps_what_it_says(
    database: Database, cast: Cast, filters: ActionFilters, kept: set[str]
) -> None:
    with database.transaction() as session:
        log_action(session, cast, date(2026, 11, 20), lead=cast.police, shared_with=cast.housing)
        done = log_action(session, cast, MONDAY, lead=cast.police)
        log_action(session, cast, date(2026, 12, 7))
        log_action(session, cast, None, lead=cast.housing)
        ended = log_action(session, cast, date(2026, 11, 2), lead=cast.housing)
        actions.report(
            session,
            cast.actor(session, "lead"),
            done,
            Update(Answer.DONE, done.version, note="Done"),
            at=NOON,
        )
        ended.state = "verified"
        for deadline in session.exec(select(Deadline).where(Deadline.case_id == ended.id)).all():
            deadline.status = "met"
        log_asb(session, cast)
        session.flush()
        actor = cast.actor(session, "officer")
        horizon = due_dates.horizon_for(session, actor, MONDAY)
        found = action_list.actions(session, actor, filters, horizon)
        assert {row.reference[-3:] for row in found.rows} == kept
        assert found.total == len(kept)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", list(action_list.Sort))
def test_what_has_no_value_stands_last_however_actions_are_sorted(
    filled: Database, cast: Cast, sort: action_list.Sort, descending: bool
) -> None:
    with filled.reading() as session:
        actor = cast.actor(session, "officer")
        horizon = due_dates.horizon_for(session, actor, MONDAY)
        rows = action_list.every_action(
            session, actor, ActionFilters(sort=sort, descending=descending), horizon
        ).rows
        values = {
            action_list.Sort.DUE: [row.due_on for row in rows],
            action_list.Sort.REFERENCE: [row.reference for row in rows],
            action_list.Sort.AGENCY: [row.agency if row.agency != "No lead" else None for row in rows],
            action_list.Sort.UPDATED: [row.last_update_on for row in rows],
        }[sort]
        there = [value for value in values if value is not None]
        assert values == sorted(there, reverse=descending) + [None] * (len(values) - len(there))
        pages = [
            row.reference
            for page in (1, 2)
            for row in action_list.actions(
                session, actor, ActionFilters(sort=sort, descending=descending), horizon, page=page
            ).rows
        ]
        assert pages == [row.reference for row in rows]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", list(case_list.Sort))
def test_cases_are_sorted_as_their_headings_say(
    filled: Database, cast: Cast, sort: case_list.Sort, descending: bool
) -> None:
    with filled.reading() as session:
        actor = cast.actor(session, "officer")
        horizon = due_dates.horizon_for(session, actor, MONDAY)
        rows = case_list.every_case(
            session, actor, CaseFilters(sort=sort, descending=descending), horizon
        ).rows
        values = {
            case_list.Sort.DUE: [row.due_on for row in rows],
            case_list.Sort.REFERENCE: [row.reference for row in rows],
            case_list.Sort.STAGE: [-row.days for row in rows],
            case_list.Sort.OFFICER: [row.officer or None for row in rows],
        }[sort]
        there = [value for value in values if value is not None]
        assert len(rows) == 12
        assert values == sorted(there, reverse=descending) + [None] * (len(values) - len(there))


def test_soon_goes_by_the_partnerships_own_closed_days(database: Database, cast: Cast) -> None:
    tenth = date(2026, 12, 7)
    with database.transaction() as session:
        log_action(session, cast, tenth + timedelta(days=1), lead=cast.police)
        log_action(session, cast, tenth + timedelta(days=1), lead=cast.police, where=cast.worcestershire)
        session.add(
            Holiday(
                on=date(2026, 11, 27),
                name="Office moves",
                partnership_id=cast.herefordshire,
                revision=1,
                added_at=NOON,
            )
        )
        session.flush()
        found = {}
        for who in ("officer", "outsider"):
            actor = cast.actor(session, who)
            horizon = due_dates.horizon_for(session, actor, MONDAY)
            found[who] = due_dates.page_of_dates(
                session, actor, Window.SOON, Scope.UNIT, horizon, page=1
            ).total
            assert horizon.soon_to() == tenth
    assert found == {"officer": 1, "outsider": 0}


def test_nobody_is_shown_what_is_not_theirs(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        log_asb(session, cast)
        log_asb(session, cast, "outsider")
        for number in range(2):
            dhr = log_dhr(session, cast, on=date(2026, 10, 20 + number), imported=False)
        session.add(CaseGrant(case_id=dhr.id, user_id=cast.people["panel"], why="Panel", granted_at=NOON))
        log_action(session, cast, date(2026, 11, 20), lead=cast.police, title="Train the police")
        log_action(session, cast, MONDAY, lead=cast.housing, shared_with=cast.police)
        log_action(session, cast, date(2026, 11, 27), lead=cast.housing)
        log_action(session, cast, date(2026, 11, 27), lead=cast.police, where=cast.worcestershire)
    ours = {"HCSP-ASB-2026-001", *(f"HCSP-ACT-2026-00{n}" for n in (1, 2, 3))}
    both = {"HCSP-DHR-2026-001", "HCSP-DHR-2026-002"}
    expected = {
        "officer": ours | both,
        "officer2": ours,
        "manager": ours,
        "chair": ours,
        "decision-maker": ours,
        "auditor": ours,
        "panel": {"HCSP-DHR-2026-002"},
        "lead": {"HCSP-ACT-2026-001", "HCSP-ACT-2026-002", "WSCB-ACT-2026-001"},
        "lead2": {"HCSP-ACT-2026-002", "HCSP-ACT-2026-003"},
        "outsider": {"WSCB-ASB-2026-001", "WSCB-ACT-2026-001"},
        "admin": set(),
    }
    with database.reading() as session:
        assert {who: seen(session, cast, who) for who in expected} == expected


def test_words_of_a_restricted_action_are_not_searched(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        log_action(session, cast, MONDAY, lead=cast.police, title="Train every custody officer")
        hidden = log_action(session, cast, MONDAY, lead=cast.police, title="Train every call handler")
        hidden.sensitivity = "restricted"
        session.add(
            CaseGrant(case_id=hidden.id, user_id=cast.people["officer"], why="Theirs", granted_at=NOON)
        )
    with database.reading() as session:
        officer, manager = cast.actor(session, "officer"), cast.actor(session, "manager")

        def found(actor: object, words: str) -> list[str]:
            return [hit.reference for hit in search(session, actor, words).rows]

        assert found(officer, "train every") == ["HCSP-ACT-2026-001"]
        assert found(officer, "custody train POLICE") == ["HCSP-ACT-2026-001"]
        assert found(officer, "hcsp-act-2026-002") == ["HCSP-ACT-2026-002"]
        assert found(manager, "hcsp-act-2026-002") == []
        assert found(officer, "custody handler") == []
        assert found(officer, "t") == []
        assert found(officer, "100%") == []


def test_what_an_agency_owes_to_a_case_is_shown_without_the_case(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        dhr = log_dhr(session, cast)
        for body, key in (("west-mercia-police", "IMR_RETURN"), ("housing", "IMR_RETURN"), ("", "REPORT_6M")):
            session.add(
                Deadline(
                    case_id=dhr.id, key=key, instance=body, label="Agency report (IMR)", rule={}, basis="x",
                    force="local", length_local=True, owner="agency_lead" if body else "csp_chair",
                    starts_on=MONDAY, due_on=date(2026, 11, 30), first_due_on=date(2026, 11, 25), recorded_at=NOON,
                )
            )  # fmt: skip
    with database.reading() as session:
        work = my_work.my_work(session, cast.actor(session, "lead"), MONDAY)
        assert [(row.reference, row.label, row.agency, row.words, row.first) for row in work.requests] == [
            (
                "HCSP-DHR-2026-001",
                "Agency report (IMR)",
                "West Mercia Police",
                "in 7 days",
                date(2026, 11, 25),
            )
        ]
        assert my_work.my_work(session, cast.actor(session, "panel"), MONDAY).requests == ()
        assert my_work.my_work(session, cast.actor(session, "officer2"), MONDAY).requests == ()
        assert "HCSP-DHR-2026-001" not in seen(session, cast, "lead")


def test_how_often_a_date_moved_is_counted(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        action = log_action(session, cast, date(2026, 12, 1), lead=cast.police)
        lead, manager = cast.actor(session, "lead"), cast.actor(session, "manager")
        horizon = due_dates.horizon_for(session, manager, MONDAY)
        for moved, wanted in enumerate((date(2027, 1, 29), date(2027, 2, 26), date(2027, 3, 31)), start=1):
            update = Update(Answer.MORE_TIME, action.version, note="Late", asked_for_on=wanted)
            actions.report(session, lead, action, update, at=NOON)
            actions.decide_more_time(
                session, manager, action, agreed=True, reason="Agreed", seen_version=action.version, at=NOON
            )
            row = action_list.actions(session, manager, ActionFilters(), horizon).rows[0]
            assert (row.moved, row.due_on, row.first) == (
                {1: "Once", 2: "Twice"}.get(moved, count(moved, "time")), wanted, date(2026, 12, 1),
            )  # fmt: skip
        assert session.get_one(Case, action.id).state == "agreed"
