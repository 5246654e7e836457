"""How long records are kept, holds, and disposal by two people; on both databases."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.services.test_actions import log_action
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible
from tracker.models import Case, DecisionState, Event, Membership, Partnership, RetentionDecision, Role
from tracker.queries.verification import faults
from tracker.services import disposals, retention
from tracker.services.disposals import Asked
from tracker.services.person_changes import Why


def closed(session: Session, cast: Cast, on: date) -> Case:
    case = log_action(session, cast, state="verified")
    case.closed_on = on
    session.add(case)
    session.flush()
    return case


def asked(case: Case, reason: str = "Looked at", at: datetime = NOON, **more: object) -> Asked:
    return Asked(reason, case.version, at, **more)  # type: ignore[arg-type]


def until(session: Session, case: Case) -> date:
    found = retention.kept_one(session, case, MONDAY)
    assert found is not None
    return found.until_on


def test_six_years_unless_the_partnership_says_otherwise(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, admin = closed(session, cast, date(2024, 2, 29)), cast.actor(session, "admin")
        assert until(session, case) == date(2030, 2, 28)
        place = session.get_one(Partnership, cast.herefordshire)
        why = Why("The council's schedule of 2026", NOON, request_id="r")
        change = retention.set_schedule(session, admin, place, "action_item", 36, "Schedule 12.3", why)
        assert (
            retention.set_schedule(session, admin, place, "action_item", 36, "Schedule 12.3", why) is change
        )
        assert change.said == "Actions of a plan: kept 3 years from closure, not 6 years. Schedule 12.3"
        assert until(session, case) == date(2027, 2, 28)
        for record, months, authority, said in (
            ("action_item", 0, "S", "from 1 month"), ("hold", 12, "S", "type of record"),
            ("action_item", 12, " ", "which schedule"), ("action_item", 36, "Schedule 12.3", "how it is"),
        ):  # fmt: skip
            with pytest.raises(BadInput, match=said):
                retention.set_schedule(session, admin, place, record, months, authority, Why("x", NOON))
        with pytest.raises(NotPermitted):
            retention.set_schedule(
                session, cast.actor(session, "officer"), place, "action_item", 12, "S", Why("x", NOON)
            )
        assert retention.kept_one(session, log_action(session, cast), MONDAY) is None, (
            "an open record has no day"
        )


def test_disposal_needs_a_second_person_and_a_hold_bars_it(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = closed(session, cast, date(2018, 3, 31))
        manager, chair = cast.actor(session, "manager"), cast.actor(session, "chair")
        assert until(session, case) == date(2024, 3, 31)
        with pytest.raises(NotPermitted):
            disposals.propose(session, cast.actor(session, "officer"), case, asked(case, authority="S"))
        disposals.place_hold(session, manager, case, asked(case, "An inquiry"))
        with pytest.raises(NotPossible, match="legal hold"):
            disposals.propose(session, manager, case, asked(case, authority="S"))
        with pytest.raises(NotPossible, match="legal hold"):
            disposals.place_hold(session, manager, case, asked(case))
        disposals.end_hold(session, manager, case, asked(case, "The inquiry is over"))
        with pytest.raises(BadInput, match="under which"):
            disposals.propose(session, manager, case, asked(case))
        stale = case.version
        disposals.propose(session, manager, case, asked(case, authority="Schedule 12.3", request_id="p"))
        disposals.propose(session, manager, case, asked(case, authority="Schedule 12.3", request_id="p"))
        with pytest.raises(NotPermitted, match="You proposed this yourself"):
            disposals.decide(session, manager, case, asked(case), approved=True)
        with pytest.raises(ChangedMeanwhile):
            disposals.decide(session, chair, case, Asked("x", stale, NOON), approved=True)
        with pytest.raises(NotPossible, match="proposed"):
            disposals.keep_longer(session, manager, case, asked(case, until_on=date(2030, 1, 1)))
        disposals.place_hold(session, manager, case, asked(case, "Another inquiry", until_on=MONDAY))
        with pytest.raises(NotPossible, match="legal hold"):
            disposals.decide(session, chair, case, asked(case), approved=True)
        later = NOON + timedelta(days=1)  # the hold was to the end of Monday
        disposals.decide(session, chair, case, asked(case, "Agreed", at=later), approved=True)
        row = session.exec(select(RetentionDecision)).one()
        assert (row.state, row.decided_by_id, row.authority) == (
            DecisionState.APPROVED, cast.people["chair"], "Schedule 12.3",
        )  # fmt: skip
        assert row.history_hash == case.head_hash
        names = [event.name for event in session.exec(select(Event).where(Event.case_id == case.id)).all()]
        assert names[-5:] == [
            "hold_placed", "hold_ended", "disposal_proposed", "hold_placed", "disposal_approved",
        ]  # fmt: skip
        assert list(faults(session)) == []


def test_refused_or_kept_longer_it_stays_and_can_be_proposed_again(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = closed(session, cast, date(2018, 3, 31))
        manager, chair = cast.actor(session, "manager"), cast.actor(session, "chair")
        disposals.propose(session, manager, case, asked(case, authority="S"))
        disposals.decide(session, chair, case, asked(case, "Not yet"), approved=False)
        with pytest.raises(BadInput, match="31 March 2024"):
            disposals.keep_longer(session, manager, case, asked(case, until_on=date(2024, 3, 31)))
        disposals.keep_longer(session, manager, case, asked(case, "A child", until_on=date(2040, 3, 31)))
        assert until(session, case) == date(2040, 3, 31)
        with pytest.raises(NotPossible, match="kept until"):
            disposals.propose(session, manager, case, asked(case, authority="S"))
        open_one = log_action(session, cast)
        with pytest.raises(NotPossible, match="open"):
            disposals.propose(session, manager, open_one, asked(open_one, authority="S"))
        session.add(
            Membership(user_id=cast.people["admin"], role=Role.MANAGER, partnership_id=cast.worcestershire)
        )
        with pytest.raises(NotPermitted):
            disposals.place_hold(session, cast.actor(session, "admin"), case, asked(case))
