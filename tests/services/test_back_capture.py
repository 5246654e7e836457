"""Reviews that ran before the tracker was there: true days, the right order, marked as imported, nobody told."""

from datetime import date

import pytest
from sqlmodel import Session, select

from tests import dhr
from tests.cast import NOON, Cast
from tracker.db import Database
from tracker.errors import BadInput, NotPermitted
from tracker.models import Case, Event, Outbox, ReviewTask
from tracker.queries.verification import faults
from tracker.services.back_capture import WAYS, Brought, import_case

KNOWN = {
    "received_on": date(2023, 1, 31),
    "notification_source": "police",
    "death_month": "2023-01",
    "decision_on": date(2023, 3, 10),
    "ho_notified_on": date(2023, 3, 13),
    "chair_appointed_on": date(2023, 5, 2),
    "first_panel_on": date(2023, 5, 30),
    "tor_agreed_on": date(2023, 6, 20),
    "family_offered_draft_on": date(2024, 4, 2),
    "csp_meeting_on": date(2024, 6, 3),
    "signed_off_on": date(2024, 6, 3),
    "submitted_on": date(2024, 6, 10),
    "dac_copy_sent_on": date(2024, 6, 11),
}


def bring(
    session: Session, cast: Cast, state: str, who: str = "manager", leads: str = "officer", **changes: object
) -> Case:
    asked = Brought(
        cast.herefordshire, state, {**KNOWN, **changes}, steps={"start_drafting": date(2023, 12, 1)},
        owner_user_id=cast.people[leads], request_id="form-1",
    )  # fmt: skip
    return import_case(session, cast.actor(session, who), asked, at=NOON)


def test_a_review_with_the_home_office_comes_in_with_its_true_dates(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = bring(session, cast, "with_home_office")
        assert (case.state, case.opened_on, case.state_since_on) == (
            "with_home_office", date(2023, 1, 31), date(2024, 6, 10),
        )  # fmt: skip
        assert case.facts["submission_no"] == 1
        clocks = dhr.clocks(session, case)
        assert clocks["DECISION"] == ("met", date(2023, 2, 28))
        assert clocks["REPORT_6M"] == ("met", date(2023, 9, 10))
        assert clocks["HO_QA_CHASE"] == ("running", date(2024, 9, 8))
        assert clocks["COPY_DAC"][0] == "met"
        events = session.exec(select(Event).where(Event.case_id == case.id).order_by(Event.seq)).all()
        steps = [event for event in events if event.kind == "case_moved"]
        assert [event.name for event in steps] == list(WAYS["with_home_office"])
        assert all(event.detail["imported"] for event in steps)
        assert [event.occurred_on for event in steps] == sorted(event.occurred_on for event in steps)
        late = [event.name for event in steps if event.detail.get("late_reasons")]
        assert "decide_to_review" in late
        assert session.exec(select(Outbox)).all() == []
        open_now = session.exec(
            select(ReviewTask).where(ReviewTask.case_id == case.id, ReviewTask.not_needed_reason == "")
        ).all()
        assert {task.state for task in open_now} == {"with_home_office"}
        assert bring(session, cast, "with_home_office").id == case.id
    with database.reading() as session:
        assert list(faults(session)) == []


@pytest.mark.parametrize("state", sorted(WAYS))
def test_every_state_on_the_usual_way_can_be_brought_in(sqlite_database: Database, state: str) -> None:
    from tests.cast import settle

    cast = settle(sqlite_database)
    later = {
        "feedback_letter_on": date(2024, 12, 2), "published_on": date(2025, 2, 3), "closed_on": date(2026, 3, 2),
        "ho_response_on": date(2023, 6, 1),
    }  # fmt: skip
    wanted = {"closed_no_review": ("ho_response_on",)}.get(state, tuple(later))
    with sqlite_database.transaction() as session:
        case = bring(session, cast, state, **{name: later[name] for name in wanted})
        assert case.state == state
    with sqlite_database.reading() as session:
        assert list(faults(session)) == []


def test_a_withheld_review_comes_in_as_withheld(sqlite_database: Database) -> None:
    from tests.cast import settle

    cast = settle(sqlite_database)
    with sqlite_database.transaction() as session:
        case = bring(
            session, cast, "implementing", publication_status="withheld", feedback_letter_on=date(2024, 12, 2),
            withhold_decided_on=date(2025, 1, 6),
        )  # fmt: skip
        assert case.facts["publication_status"] == "withheld"
        assert dhr.clocks(session, case)["WITHHOLD_REVIEW"] == ("running", date(2025, 7, 6))


def test_only_a_manager_and_only_dates_in_order(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        with pytest.raises(NotPermitted):
            bring(session, cast, "commissioning", "officer")
        with pytest.raises(BadInput, match="must not be before"):
            bring(session, cast, "commissioning", decision_on=date(2023, 1, 1))
        with pytest.raises(BadInput, match="date of the decision"):
            bring(session, cast, "commissioning", decision_on=None)
        with pytest.raises(BadInput, match="cannot be brought in"):
            bring(session, cast, "void")
        with pytest.raises(BadInput, match="today or in the past"):
            bring(session, cast, "commissioning", decision_on=date(2027, 1, 1))


@pytest.mark.parametrize("leads", ["outsider", "auditor", "panel", "lead"])
def test_only_the_unit_of_the_partnership_leads_it(database: Database, cast: Cast, leads: str) -> None:
    with database.transaction() as session:
        with pytest.raises(BadInput, match="Lead officer must name somebody who is officer or manager"):
            bring(session, cast, "commissioning", leads=leads)
        assert session.exec(select(Case)).all() == []
        assert (
            bring(session, cast, "commissioning", leads="officer2").owner_user_id == cast.people["officer2"]
        )
