"""A case takes the procedure version of its area and date, keeps it, and its clocks run by it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tracker import access, packs
from tracker.db import Database
from tracker.errors import BadInput, NotPermitted, NotPossible
from tracker.models import Area, Case, Deadline, LocalPolicy, Partnership
from tracker.policy import SYSTEM
from tracker.services import acts, areas, cases, policies, policy_versions
from tracker.services.asked import FactsRequest, NewCase
from tracker.services.policy_files import Version
from workflows.effects import Start

YEAR_AGO = date(2025, 11, 24)


def version(first: date, **more: Any) -> Version:
    return Version(
        **({"partnership": "herefordshire", "name": f"From {first}", "effective_from": first} | more)
    )


def add(session: Session, cast: Cast, first: date, **more: Any) -> LocalPolicy:
    return policy_versions.add(session, cast.actor(session, "manager"), version(first, **more), at=NOON)


def log(session: Session, cast: Cast, on: date = MONDAY, area: str = "herefordshire", *clocks: str) -> Case:
    facts = {"application_date": on} | ({"area": area} if area else {})
    asked = NewCase(
        process="asb_case_review", partnership_id=cast.herefordshire, opened_on=on, facts=facts, state="received",
        opening=tuple(Start(key) for key in clocks or ("C1", "C5")), imported=True,
    )  # fmt: skip
    return cases.log_case(session, cast.actor(session, "officer"), asked, at=NOON)


def due(session: Session, case: Case, key: str) -> date | None:
    found = access.deadline_for(session, case, key)
    return found.due_on


def tell(session: Session, case: Case, on: date = MONDAY, **facts: Any) -> None:
    acts.note(session, SYSTEM, case, facts, FactsRequest(case.version, on, {}, late_reason="late"), at=NOON)


def test_the_packs_give_every_area_its_version_but_not_telford(database: Database) -> None:
    with database.transaction() as session:
        packs.load(session)
        found = {}
        for area in session.exec(select(Area).order_by(Area.key)).all():
            case = Case(
                reference=area.key, process="asb_case_review", workflow_version=1, partnership_id=area.partnership_id,
                state="received", state_since_on=MONDAY, opened_on=MONDAY,
                facts={"area": area.name, "application_date": "2026-11-23"},
            )  # fmt: skip
            policy = policies.policy_for(session, case)
            bodies = {kind.kind: body.name for kind, body in areas.bodies_of(session, area, MONDAY)}
            assert set(bodies) == {"council", "police", "icb"}
            found[area.key] = policy.rules.get("count_unit") if policy else None
    assert found == {
        "herefordshire": "incident", "shropshire": "distinct_report", "telford-and-wrekin": None,
        **dict.fromkeys(("bromsgrove", "redditch", "wyre-forest"), "distinct_report"),
        **dict.fromkeys(("malvern-hills", "worcester", "wychavon"), "distinct_report"),
    }  # fmt: skip


def test_relevant_bodies_are_those_of_the_day(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        packs.load(session)
        area = session.exec(select(Area).where(Area.key == "herefordshire")).one()
        before = {body.kind for body, _ in areas.bodies_of(session, area, date(2022, 6, 30))}
        after = {body.kind for body, _ in areas.bodies_of(session, area, date(2022, 7, 1))}
    assert after - before == {"icb"}


def test_a_shorter_length_moves_no_running_date(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log(session, cast)
        assert due(session, case, "C5") == date(2026, 12, 14)
        before = [(d.due_on, d.rule, d.generation) for d in session.exec(select(Deadline)).all()]
        add(session, cast, MONDAY, clocks={"C5": {"n": 10, "unit": "working_days"}})
        assert [(d.due_on, d.rule, d.generation) for d in session.exec(select(Deadline)).all()] == before
        assert due(session, log(session, cast), "C5") == date(2026, 12, 7)


def test_a_case_keeps_its_version_when_a_later_one_is_dated_back(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log(session, cast, area="")
        assert case.policy_id is None, "the area is not known yet"
        tell(session, case, area="herefordshire")
        taken = case.policy_id
        assert taken is not None
        later = add(session, cast, date(2026, 1, 1), clocks={"C1": {"n": 2, "unit": "working_days"}})
        tell(session, case, tenancy_involved=True)
        assert case.policy_id == taken
        assert log(session, cast).policy_id == later.id
        old = session.get_one(LocalPolicy, taken)
        assert (old.effective_to, old.replaced_by_id) == (date(2025, 12, 31), later.id)


def test_an_area_that_was_wrong_gives_way_to_the_right_one(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        here = session.get_one(Partnership, cast.herefordshire)
        session.add(Area(key="golden-valley", name="Golden Valley", kind="district", partnership_id=here.id))
        session.flush()
        own = add(session, cast, YEAR_AGO, area="golden-valley", name="Golden Valley")
        case = log(session, cast)
        assert case.policy_id != own.id
        tell(session, case, area="Golden Valley")
        assert case.policy_id == own.id
        assert due(session, case, "C5") == date(2026, 12, 14)


@pytest.mark.parametrize("area", ["", "Atlantis", "worcester"])
def test_an_area_that_is_not_the_partnerships_has_no_version(
    database: Database, cast: Cast, area: str
) -> None:
    with database.transaction() as session:
        case = log(session, cast, area=area)
        assert policies.policy_for(session, case) is None
        assert case.policy_id is None
        assert due(session, case, "C5") == date(2026, 12, 14), "the default length"


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"n": 14, "unit": "days"}, date(2026, 12, 7)),
        ({"n": 3, "unit": "weeks"}, date(2026, 12, 14)),
        ({"n": 1, "unit": "months"}, date(2026, 12, 23)),
        ({"n": 3, "unit": "working_days", "then": [7]}, date(2026, 12, 7)),
        ({"n": 33, "unit": "days", "roll": "next_working"}, date(2026, 12, 29)),
    ],
)
def test_a_length_may_be_in_any_unit_and_chained(
    sqlite_database: Database, own: dict[str, Any], expected: date
) -> None:
    from tests.cast import settle

    cast = settle(sqlite_database)
    with sqlite_database.transaction() as session:
        add(session, cast, YEAR_AGO, clocks={"C5": own})
        assert due(session, log(session, cast), "C5") == expected


def test_a_decision_so_long_after_the_acknowledgement_waits_for_it(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        add(session, cast, YEAR_AGO, clocks={"C5": {"n": 15, "unit": "working_days", "start": "L1"}})
        case = log(session, cast)
        assert session.exec(select(Deadline).where(Deadline.key == "C5")).all() == []
        tell(session, case, letter_sent_L1=MONDAY)
        assert due(session, case, "C5") == date(2026, 12, 14)
        tell(session, case, letter_sent_L4=MONDAY + timedelta(days=1))
        assert access.deadline_for(session, case, "C5").status == "met"


def test_a_meeting_so_long_after_receipt_is_owed_only_when_the_threshold_is_met(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        add(
            session,
            cast,
            YEAR_AGO,
            clocks={"C6": {"n": 28, "unit": "working_days", "start": "application_date"}},
        )
        first = log(session, cast, MONDAY - timedelta(days=14))
        assert session.exec(select(Deadline).where(Deadline.key == "C6")).all() == []
        second = log(session, cast, MONDAY - timedelta(days=14), "herefordshire", "C6")
        assert first.policy_id == second.policy_id
        assert access.deadline_for(session, second, "C6").starts_on == date(2026, 11, 9)
        assert due(session, second, "C6") == date(2026, 12, 17)


def test_closed_days_and_reminders_are_kept_with_the_date(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        add(session, cast, YEAR_AGO, closed_days={"2026-11-25": "Office move"}, ladders={"C5": [7, 3]})
        case = log(session, cast)
        deadline = access.deadline_for(session, case, "C5")
        assert deadline.due_on == date(2026, 12, 15)
        assert [rung["offset"] for rung in deadline.ladder["rungs"]][:3] == [-7, -3, 0]
        add(session, cast, MONDAY)
        tell(session, case, tenancy_involved=True)
        assert due(session, case, "C5") == date(2026, 12, 15)


def test_versions_may_not_overlap_and_an_open_one_ends_the_day_before(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        later = add(session, cast, MONDAY)
        assert [p.effective_to for p, _ in policy_versions.versions(session, SYSTEM, partnership="herefordshire")] == [
            date(2026, 11, 22), None,
        ]  # fmt: skip
        with pytest.raises(BadInput, match="The dates overlap with “Herefordshire 2014”"):
            add(session, cast, YEAR_AGO, effective_to=date(2026, 1, 1))
        with pytest.raises(BadInput, match="overlap"):
            add(session, cast, date(2015, 1, 1))
        manager = cast.actor(session, "manager")
        policy_versions.end(session, manager, later, date(2027, 3, 31), at=NOON)
        with pytest.raises(NotPossible, match="already"):
            policy_versions.end(session, manager, later, date(2027, 3, 30), at=NOON)
        assert (later.created_by_id, later.ended_by_id) == (cast.people["manager"],) * 2


def test_what_no_case_has_taken_may_be_put_right_and_what_one_has_taken_may_not(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        first = add(session, cast, MONDAY)
        again = add(session, cast, MONDAY, name="Put right")
        assert (again.id, again.name) == (first.id, "Put right")
        log(session, cast)
        with pytest.raises(BadInput, match="overlap"):
            add(session, cast, MONDAY, name="Too late")


@pytest.mark.parametrize("who", ["officer", "chair", "auditor", "lead", "admin", "outsider"])
def test_only_a_manager_of_the_partnership_adds_or_ends(database: Database, cast: Cast, who: str) -> None:
    with database.transaction() as session:
        actor = cast.actor(session, who)
        with pytest.raises(NotPermitted):
            policy_versions.add(session, actor, version(MONDAY), at=NOON)
        row, _ = policy_versions.versions(session, SYSTEM, partnership="herefordshire")[0]
        with pytest.raises(NotPermitted):
            policy_versions.end(session, actor, row, MONDAY, at=NOON)
        readable = {owner.key for _, owner in policy_versions.versions(session, actor)}
    assert readable == {
        "officer": {"herefordshire"}, "chair": {"herefordshire"}, "auditor": {"herefordshire"},
        "outsider": {"worcestershire"}, "admin": {"herefordshire"},
    }.get(who, set())  # fmt: skip


def test_an_area_of_another_partnership_is_refused(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        packs.load(session)
        theirs = version(MONDAY, area="redditch")
        assert [fault.words for fault in policy_versions.outlook(session, theirs).faults] == [
            "Redditch is an area of another partnership: North Worcestershire Community Safety Partnership."
        ]
        board = version(MONDAY, partnership="worcestershire", area="redditch")
        assert policy_versions.outlook(session, board).faults == ()
