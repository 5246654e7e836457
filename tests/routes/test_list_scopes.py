"""What stands beside a list or a record: its choices, its numbers, the case above and those below. Nothing of others'.

A list that leaves out what is not theirs still tells of it where a filter offers its lead officer, a head counts its
actions, or a row names the case above.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.routes.filling import log_action, log_asb, log_dhr
from tracker.db import Database
from tracker.models import (
    ActionDetails,
    Case,
    CaseGrant,
    Deadline,
    Outbox,
    OutboxState,
    Plan,
    Sensitivity,
    User,
)
from tracker.policy import Actor
from tracker.queries import (
    action_choices,
    action_list,
    action_page,
    case_list,
    case_page,
    due_dates,
    log_page,
    my_work,
    overdue,
    reminders,
)
from tracker.queries.action_list import ActionFilters, Status


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that the pages say beside the rows themselves."""

    officers: set[str]
    plans: set[str]
    agencies: set[str]
    above: set[str]
    below: set[str]
    children: int
    alike: set[str]
    mine: set[str]
    done: set[str]
    overdue: set[str]
    reminders: set[str]
    failed: int


@dataclass(frozen=True, slots=True)
class Office:
    """Numbers of what was logged: one restricted review with a restricted action, and open ones beside it."""

    review: int
    hidden: str
    open_action: str


@pytest.fixture
def office(sqlite_database: Database, settled: Cast) -> Office:
    with sqlite_database.transaction() as session:
        log_asb(session, settled, owner_user_id=settled.people["officer2"])
        review = log_dhr(session, settled)
        review.facts = {**review.facts, "death_month": "2026-10"}
        hidden = log_action(
            session, settled, MONDAY - timedelta(days=5), lead=settled.police, title="Of the review",
            sensitivity=Sensitivity.RESTRICTED, parent_id=review.id,
        )  # fmt: skip
        ended = log_action(
            session, settled, MONDAY - timedelta(days=5), lead=settled.police, title="Done in it",
            sensitivity=Sensitivity.RESTRICTED, parent_id=review.id,
        )  # fmt: skip
        ended.state = "completed_unverified"
        shown = log_action(session, settled, MONDAY, lead=settled.housing, parent_id=review.id)
        for key, action in (("hidden-plan", hidden), ("shown-plan", shown)):
            plan = Plan(key=key, name=key, partnership_id=settled.herefordshire, imported_at=NOON)
            session.add(plan)
            session.flush()
            session.add(ActionDetails(case_id=action.id, plan_id=plan.id, position=1))
        dates = session.exec(select(Deadline).where(Deadline.case_id == hidden.id)).all()
        for state in (OutboxState.SENT, OutboxState.FAILED):
            session.add(_notice(hidden, dates[0], state))
        for who in ("officer2", "officer"):
            user = session.get_one(User, settled.people[who])
            user.organisation_id = settled.police
        # A second officer of the unit and the chair are named for none of it.
        return Office(review.id or 0, hidden.reference, shown.reference)


def _notice(case: Case, deadline: Deadline, state: OutboxState) -> Outbox:
    return Outbox(
        dedupe_key=f"{deadline.id}:1:{state}:x", kind="reminder", to_address="x@police.example", who="lead",
        case_id=case.id, deadline_id=deadline.id, generation=1, rung=str(state), singly=False, template="digest",
        payload={}, owed_on=MONDAY, not_before=NOON, state=state, created_at=NOON,
    )  # fmt: skip


def told(session: Session, actor: Actor, office: Office) -> Told:
    horizon = due_dates.horizon_for(session, actor, MONDAY)
    review = session.get_one(Case, office.review)
    rows = action_list.every_action(session, actor, ActionFilters(status=Status.ALL), horizon).rows
    actions = [session.exec(select(Case).where(Case.reference == row.reference)).one() for row in rows]
    work = my_work.my_work(session, actor, MONDAY)
    alike: set[str] = set()
    if actor.partnerships("officer"):
        sheet = log_page.log_sheet(session, actor, "dhr", (), MONDAY)
        [partnership] = sheet.partnerships
        found = log_page.alike(session, actor, sheet, partnership, {"death_month": "2026-10"}, MONDAY)
        alike = {one.reference for one in found}
    return Told(
        officers={number for number, _ in case_list.officers(session, actor)},
        plans={key for key, _ in action_choices.choices(session, actor, MONDAY).plans},
        agencies={key for key, _ in action_choices.choices(session, actor, MONDAY).agencies},
        above={case_page.head_of(session, actor, action, ()).parent for action in actions} - {""}
        | {row.source.removeprefix("From ").partition(",")[0] for row in rows if "DHR" in row.source}
        | {action_page.action_page(session, actor, row.reference, MONDAY).parent for row in rows} - {""}
        | {reference for reference, _ in action_choices.choices(session, actor, MONDAY).cases},
        below={child.reference for child in case_page.children_of(session, actor, review)},
        children=case_page.head_of(session, actor, review, ()).children,
        alike=alike,
        mine={card.reference for card in work.cards},
        done={one.reference for one in work.done},
        overdue={item.ref for item in overdue.overdue(session, actor, date(2026, 12, 31))} & {office.hidden},
        reminders={
            row.reference
            for row in reminders.reminders_sent(session, actor, reminders.ReminderFilters()).rows
        },
        failed=reminders.did_not_arrive(session, actor),
    )


REVIEW, HIDDEN, DONE, OPEN = (
    "HCSP-DHR-2026-001",
    "HCSP-ACT-2026-001",
    "HCSP-ACT-2026-002",
    "HCSP-ACT-2026-003",
)


def test_the_lead_officer_of_the_review_is_told_of_all_of_it(
    sqlite_database: Database, settled: Cast, office: Office
) -> None:
    """The net has no hole: whatever is looked for below is there for somebody."""
    assert (office.hidden, office.open_action) == (HIDDEN, OPEN)
    with sqlite_database.reading() as session:
        found = told(session, settled.actor(session, "officer"), office)
    assert found == Told(
        officers={str(settled.people["officer"]), str(settled.people["officer2"])},
        plans={"hidden-plan", "shown-plan"},
        agencies={"west-mercia-police", "housing"},
        above={REVIEW},
        below={HIDDEN, DONE, OPEN},
        children=3,
        alike={REVIEW},
        mine={HIDDEN},
        done={DONE},
        overdue={HIDDEN},
        reminders={HIDDEN},
        failed=1,
    )


NOTHING = Told(set(), set(), set(), set(), set(), 0, set(), set(), set(), set(), set(), 0)
OF_THE_OPEN_ONE = {"plans": {"shown-plan"}, "agencies": {"housing"}, "below": {OPEN}, "children": 1}


@pytest.mark.parametrize(
    ("who", "more"),
    [
        ("officer2", OF_THE_OPEN_ONE | {"officers": {"officer2"}}),
        ("manager", OF_THE_OPEN_ONE | {"officers": {"officer2"}}),
        ("chair", OF_THE_OPEN_ONE | {"officers": {"officer2"}}),
        ("decision-maker", OF_THE_OPEN_ONE | {"officers": {"officer2"}}),
        ("auditor", OF_THE_OPEN_ONE | {"officers": {"officer2"}}),
        ("lead2", OF_THE_OPEN_ONE | {"mine": {OPEN}}),
        ("outsider", {}),
        ("admin", {}),
        ("panel", {}),
    ],
)
def test_nobody_else_is_told_of_what_is_restricted(
    sqlite_database: Database, settled: Cast, office: Office, who: str, more: dict[str, object]
) -> None:
    with sqlite_database.reading() as session:
        found = told(session, settled.actor(session, who), office)
    officers = {str(settled.people[one]) for one in more.get("officers", ())}
    assert found == replace(NOTHING, **(more | {"officers": officers}))


def test_whoever_is_named_for_the_review_is_told_of_what_belongs_to_it(
    sqlite_database: Database, settled: Cast, office: Office
) -> None:
    """Decision 12: leave to open a case is leave to open what belongs to it. It makes nothing their own work."""
    with sqlite_database.transaction() as session:
        chair = settled.people["chair"]
        session.add(CaseGrant(case_id=office.review, user_id=chair, why="Chairs", granted_at=NOON))
    with sqlite_database.reading() as session:
        found = told(session, settled.actor(session, "chair"), office)
        everything = told(session, settled.actor(session, "officer"), office)
    assert found == replace(everything, alike=set(), mine=set(), done=set())


def test_whoever_is_named_for_one_action_is_told_of_that_one_alone(
    sqlite_database: Database, settled: Cast, office: Office
) -> None:
    """Leave reaches down, never up nor sideways."""
    with sqlite_database.transaction() as session:
        one = session.exec(select(Case).where(Case.reference == HIDDEN)).one()
        panel = settled.people["panel"]
        session.add(CaseGrant(case_id=one.id or 0, user_id=panel, why="Asked", granted_at=NOON))
    with sqlite_database.reading() as session:
        found = told(session, settled.actor(session, "panel"), office)
    assert (found.below, found.above, found.done) == ({HIDDEN}, set(), set())


def test_the_lead_of_a_restricted_action_is_not_told_of_the_review_above(
    sqlite_database: Database, settled: Cast, office: Office
) -> None:
    with sqlite_database.reading() as session:
        found = told(session, settled.actor(session, "lead"), office)
    assert (found.mine, found.done, found.above, found.officers) == ({HIDDEN}, {DONE}, set(), set())


@pytest.mark.parametrize("scope", list(due_dates.Scope))
def test_whose_leave_has_ended_is_not_told_of_what_was_theirs(
    sqlite_database: Database, settled: Cast, office: Office, scope: due_dates.Scope
) -> None:
    """Still the lead officer on record, and no longer named: "my dates" are no way around it."""

    def dates(session: Session) -> set[str]:
        actor = settled.actor(session, "officer")
        horizon = due_dates.horizon_for(session, actor, MONDAY)
        rows = (
            row
            for window in due_dates.Window
            for row in due_dates.page_of_dates(session, actor, window, scope, horizon, page=1).rows
        )
        return {row.reference for row in rows} & {REVIEW, HIDDEN}

    with sqlite_database.transaction() as session:
        assert dates(session) == {REVIEW, HIDDEN}
        for grant in session.exec(
            select(CaseGrant).where(CaseGrant.user_id == settled.people["officer"])
        ).all():
            grant.ended_at = NOON
        session.flush()
        assert dates(session) == set()
