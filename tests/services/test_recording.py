"""What may be recorded by itself, who may be named, and what a hold forbids."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from tests.cast import MONDAY, NOON, Cast, settle
from tracker.db import Database
from tracker.errors import BadInput
from tracker.models import Case, Membership, Role, Sensitivity
from tracker.services import cases
from tracker.services.asked import FactsRequest, NewCase
from tracker.services.recording import fitting, must_ask, recordable, with_their_steps
from workflows.action_item_v1 import ACTION_ITEM
from workflows.asb_case_review_v1 import ASB_CASE_REVIEW
from workflows.definition import Workflow
from workflows.dhr_2016_v1 import DHR_2016
from workflows.effects import CountUp, SetFact
from workflows.facts import FactValue
from workflows.released import RELEASED

WITH_A_STEP = [
    (DHR_2016, ["qa_outcome", "publication_status", "legal_basis", "submission_no"]),
    (DHR_2016, ["decision_on", "direction_on", "signed_off_on", "submitted_on", "feedback_letter_on"]),
    (DHR_2016, ["published_on", "withhold_decided_on", "closed_on", "stood_down_on"]),
    (ASB_CASE_REVIEW, ["decided_on", "review_held_on"]),
    (ACTION_ITEM, ["completed_on", "verified_on"]),
]
BY_ITSELF = [
    (
        DHR_2016,
        ["received_on", "ho_notified_on", "family_notified_on", "records_secured_on", "ho_response_on"],
    ),
    (DHR_2016, ["chair_appointed_on", "first_panel_on", "tor_agreed_on", "fact_check_complete_on"]),
    (DHR_2016, ["dac_copy_sent_on", "audit_1_completed_on", "audit_completed_on", "disposal_decision_on"]),
    (ASB_CASE_REVIEW, ["safeguarding_looked_on", "papers_sent_on"]),
    (ACTION_ITEM, ["last_update_on", "milestones", "target_on"]),
]


def logged(session: Session, cast: Cast, **facts: FactValue) -> Case:
    received: dict[str, FactValue] = {"received_on": date(2026, 11, 2), "notification_source": "police"}
    asked = NewCase(
        process="dhr_2016", partnership_id=cast.herefordshire, opened_on=date(2026, 11, 2),
        facts=received | facts, sensitivity=Sensitivity.RESTRICTED, owner_user_id=cast.people["officer"],
    )  # fmt: skip
    return cases.log_case(session, cast.actor(session, "officer"), asked, at=NOON)


def pairs(table: list[tuple[Workflow, list[str]]]) -> list[tuple[Workflow, str]]:
    return [(workflow, name) for workflow, names in table for name in names]


def named(value: Workflow | str) -> str:
    return value if isinstance(value, str) else value.key


@pytest.mark.parametrize(("workflow", "name"), pairs(WITH_A_STEP), ids=named)
def test_what_a_step_says_is_not_recorded_by_itself(workflow: Workflow, name: str) -> None:
    label = workflow.fact_by_name[name].label
    with pytest.raises(BadInput) as refused:
        recordable(workflow, (name,))
    assert str(refused.value) == f"{label} is set by a step and cannot be recorded by itself."


@pytest.mark.parametrize(("workflow", "name"), pairs(BY_ITSELF), ids=named)
def test_what_the_unit_does_is_recorded_by_itself(workflow: Workflow, name: str) -> None:
    recordable(workflow, (name,))


@pytest.mark.parametrize("name", ["letter_sent_L1", "letter_sent_L4", "letter_sent_L12"])
def test_only_sending_the_letter_says_that_it_was_sent(name: str) -> None:
    assert name in ASB_CASE_REVIEW.fact_by_name
    with pytest.raises(BadInput, match="is recorded when the letter is sent"):
        recordable(ASB_CASE_REVIEW, [name])
    step = next(move for move in ASB_CASE_REVIEW.moves if name in move.asks())
    with pytest.raises(BadInput, match="is recorded when the letter is sent"):
        must_ask(ASB_CASE_REVIEW, step, [name])


@pytest.mark.parametrize("workflow", RELEASED.values(), ids=lambda workflow: str(workflow.id))
def test_whatever_a_step_sets_is_its_own_to_set(workflow: Workflow) -> None:
    effects = [effect for move in workflow.moves for effect in move.effects]
    assert {e.fact for e in effects if isinstance(e, SetFact | CountUp)} <= with_their_steps(workflow)


def test_one_such_fact_among_others_is_enough() -> None:
    with pytest.raises(BadInput, match="Outcome of quality assurance"):
        recordable(DHR_2016, ["police_notified_on", "qa_outcome"])


def test_the_target_date_is_entered_once_and_then_changed_where_its_working_is_shown() -> None:
    recordable(ACTION_ITEM, ["target_on"], {"target_condition": "After publication"})
    with pytest.raises(BadInput, match="agreeing more time or by correcting the date"):
        recordable(ACTION_ITEM, ["target_on"], {"target_on": MONDAY})


@pytest.mark.parametrize("name", ["lead_agency", "update_kind", "asked_for_on"])
def test_the_lead_and_its_answers_have_their_own_pages(name: str) -> None:
    with pytest.raises(BadInput, match="cannot be recorded by itself"):
        recordable(ACTION_ITEM, [name])


def test_a_step_takes_along_only_what_it_asks_for() -> None:
    completing = DHR_2016.move("complete_amendments", "amending")
    assert completing is not None
    must_ask(DHR_2016, completing, ["amended_version", "police_notified_on"])
    with pytest.raises(BadInput, match="is not asked for by this step"):
        must_ask(DHR_2016, completing, ["amended_version", "qa_outcome"])


class TestWhoIsNamed:
    @pytest.mark.parametrize(
        ("name", "who", "fits"),
        [
            ("countersigned_by", "manager", True),
            ("countersigned_by", "officer", False),
            ("countersigned_by", "decision-maker", False),
            ("countersigned_by", "auditor", False),
            ("spoc_id", "officer", True),
            ("spoc_id", "manager", True),
            ("spoc_id", "outsider", False),
            ("spoc_id", "chair", False),
            ("spoc_id", "lead", False),
        ],
    )
    def test_a_task_of_the_unit_is_for_who_holds_the_role_there(
        self, database: Database, cast: Cast, name: str, who: str, *, fits: bool
    ) -> None:
        facts = {name: f"{who.title()}@example.test"}
        with database.transaction() as session:
            if fits:
                kept = fitting(
                    session, ASB_CASE_REVIEW, facts, today=MONDAY, partnership_id=cast.herefordshire
                )
                assert kept == facts
                return
            with pytest.raises(BadInput, match="in this partnership"):
                fitting(session, ASB_CASE_REVIEW, facts, today=MONDAY, partnership_id=cast.herefordshire)

    def test_a_role_that_has_ended_or_not_begun_does_not_count(self, sqlite_database: Database) -> None:
        settled = settle(sqlite_database)
        day = timedelta(days=1)
        for change, fits in (
            ({"to_on": MONDAY - day, "from_on": None}, False),
            ({"to_on": None, "from_on": MONDAY + day}, False),
            ({"to_on": MONDAY, "from_on": MONDAY}, True),
        ):
            with sqlite_database.transaction() as session:
                session.add(
                    Membership(
                        user_id=settled.people["panel"], role=Role.MANAGER, partnership_id=settled.herefordshire,
                        **change,
                    )
                )  # fmt: skip
                session.flush()
                facts = {"countersigned_by": "panel@example.test"}
                try:
                    fitting(
                        session, ASB_CASE_REVIEW, facts, today=MONDAY, partnership_id=settled.herefordshire
                    )
                    assert fits
                except BadInput:
                    assert not fits
                session.rollback()


@pytest.mark.parametrize("name", ["qa_outcome", "publication_status", "signed_off_on"])
def test_the_service_refuses_what_only_a_step_says(sqlite_database: Database, name: str) -> None:
    cast = settle(sqlite_database)
    with sqlite_database.transaction() as session:
        case = logged(session, cast)
        value = MONDAY if name.endswith("_on") else DHR_2016.fact_by_name[name].choices[0].value
        asked = FactsRequest(case.version, MONDAY, {"police_notified_on": MONDAY, name: value})
        with pytest.raises(BadInput, match="is set by a step and cannot be recorded by itself"):
            cases.record_facts(session, cast.actor(session, "officer"), case, asked, at=NOON)
        assert name not in case.facts


@pytest.mark.parametrize("who", ["outsider", "chair"])
def test_a_case_is_led_from_the_unit_of_its_partnership(sqlite_database: Database, who: str) -> None:
    cast = settle(sqlite_database)
    with sqlite_database.transaction() as session:
        case = logged(session, cast)
        asked = FactsRequest(case.version, MONDAY, {"lead_officer_id": f"{who}@example.test"})
        with pytest.raises(BadInput, match="officer or manager in this partnership"):
            cases.record_facts(session, cast.actor(session, "officer"), case, asked, at=NOON)
        with pytest.raises(BadInput, match="officer or manager in this partnership"):
            logged(session, cast, lead_officer_id=f"{who}@example.test")
