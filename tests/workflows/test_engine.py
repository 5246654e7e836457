"""The engine: every reason at once, overrides only where they are allowed, and nothing that the table does not have."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workflows import engine
from workflows.action_item_v1 import ACTION_ITEM
from workflows.asb_case_review_v1 import ASB_CASE_REVIEW
from workflows.deciders import Decider
from workflows.definition import Workflow
from workflows.dhr_2016_guards import HOLD_BLOCKS
from workflows.dhr_2016_v1 import DHR_2016
from workflows.engine import MoveRefused, next_state, offers, unmet_by, with_facts
from workflows.facts import FactKind, FactValue
from workflows.position import Child, Position
from workflows.released import RELEASED

EVERY = [pytest.param(workflow, id=workflow.id) for workflow in RELEASED.values()]
TODAY = date(2026, 11, 23)


def at(
    state: str, facts: Mapping[str, FactValue] | None = None, *, blocks: frozenset[str] = frozenset()
) -> Position:
    return with_facts(Position(state, {}, TODAY, blocks), facts or {})


def everything(workflow: Workflow, *leave: str) -> dict[str, FactValue]:
    """A value for each fact of a process, all dates on one day."""
    values: dict[FactKind, FactValue] = {
        FactKind.DATE: date(2026, 1, 5), FactKind.MONTH: "2026-01", FactKind.NUMBER: 1, FactKind.YES_NO: True,
        FactKind.CONFIRM: True, FactKind.ORGANISATIONS: ("council",),
    }  # fmt: skip
    facts: dict[str, FactValue] = {}
    for fact in workflow.facts:
        if fact.kind is FactKind.CHOICES:
            facts[fact.name] = tuple(choice.value for choice in fact.choices)
        elif fact.kind is FactKind.CHOICE:
            facts[fact.name] = fact.choices[-1].value
        else:
            facts[fact.name] = values.get(fact.kind, "words")
    return {name: value for name, value in facts.items() if name not in leave}


PATHS = {
    "dhr_2016/1": [
        "begin_scoping", "submit_for_decision", "return_to_scoping", "submit_for_decision", "decide_no_review",
        "ho_accepts_no_review", "reopen_decision", "submit_for_decision", "decide_to_review", "convene_panel", "agree_terms",
        "start_drafting", "reopen_gathering", "start_drafting", "start_consultation", "submit_to_csp", "return_to_drafting",
        "start_consultation", "submit_to_csp", "sign_off", "submit_to_home_office", "ho_requires_resubmission", "resubmit",
        "ho_clears_with_amendments", "complete_amendments", "withhold_publication", "publish_later", "close", "reopen",
        "close",
    ],
    "asb_case_review/1": [
        "submit", "acknowledge", "request_authority", "confirm_authority", "decide_not_met", "correct_decision",
        "decide_not_met", "notify_not_met", "redetermine_threshold", "decide_met", "notify_met", "schedule_review",
        "reschedule_review", "adjourn_review", "schedule_review", "hold_review", "notify_outcome", "start_monitoring",
        "close_case", "reopen_monitoring", "rerun_review", "withdraw", "reinstate", "start_check", "transfer",
    ],
    "action_item/1": [
        "reject", "reconsider", "accept", "start", "report_complete", "send_back", "report_complete", "verify", "reopen",
        "abandon",
    ],
    "information_request/1": [
        "acknowledge", "submit_draft", "send_for_sign_off", "agency_sign_off", "raise_queries", "respond", "accept",
        "reopen", "respond", "accept",
    ],
    "recommendation/1": ["send", "acknowledge", "reply_part"],
    "dissatisfaction/1": ["acknowledge", "admit", "decide", "notify"],
    "parallel_process/1": ["start", "await_outcome", "conclude", "reopen", "conclude"],
    "family_contact/1": [
        "defer", "invite", "engage_via_advocate", "engage_directly", "use_advocate", "request_no_contact", "change_mind",
    ],
    "hold/1": ["review", "lift"],
}  # fmt: skip
PATHS["dardr/1"] = PATHS["dhr_2016/1"]
CHAIR: dict[str, FactValue] = {"review_chair": "Chair", "review_chair_id": "chair@example.test"}
SETTLED: dict[str, dict[str, FactValue]] = {
    "schedule_review": CHAIR,
    "hold_review": CHAIR,
    "resubmit": {"qa_outcome": "resubmit"},
    "complete_amendments": {"qa_outcome": "publish_after_amendments"},
    "publish_later": {"publication_status": "withheld"},
    "close": {"publication_status": "published"},
}


CALCULATED: dict[str, FactValue] = {"threshold_result": "discretion_required", "not_passed_on": ()}
KNOWN: dict[str, dict[str, FactValue]] = {
    "acknowledge": {"area_has_policy": True}, "confirm_authority": {"not_passed_on": ()},
    "start_check": {"not_passed_on": ()}, "decide_met": CALCULATED, "decide_not_met": CALCULATED,
}  # fmt: skip
"""What other records of a case say to a step."""
CHILDREN = {"start_monitoring": (Child("recommendation", "replied_accepted", final=True),)}


@pytest.mark.parametrize("workflow", EVERY)
def test_a_case_can_be_walked_through_with_what_each_step_asks_for(workflow: Workflow) -> None:
    all_facts = everything(workflow)
    here = at(workflow.initial)
    for name in PATHS[workflow.id]:
        move = workflow.move(name, here.state)
        assert move is not None, (name, here.state)
        given_now = {fact: all_facts[fact] for fact in move.asks()} | SETTLED.get(name, {})
        recorded = Position(  # nothing of an earlier step counts as just given
            here.state, here.facts, TODAY, children=CHILDREN.get(name, ()), known=KNOWN.get(name, {})
        )
        asked = with_facts(recorded, given_now)
        here = Position(next_state(workflow, name, asked), asked.facts, TODAY)
        assert here.state == move.to


@pytest.mark.parametrize("workflow", EVERY)
def test_without_facts_a_step_is_refused_with_every_reason(workflow: Workflow) -> None:
    for state in workflow.states:
        for offer in offers(workflow, at(state.name)):
            wanted = {"|".join(need) for need in offer.move.needs}
            spoken_for = {name for u in offer.unmet for name in u.facts}
            said = {u.name for u in offer.unmet}
            for need in wanted:
                assert need in said or set(need.split("|")) & spoken_for, (offer.move.name, need)
            if offer.unmet:
                with pytest.raises(MoveRefused) as refusal:
                    next_state(workflow, offer.move.name, at(state.name))
                assert refusal.value.unmet == offer.unmet
                assert all(u.words for u in offer.unmet)
                assert not offer.ready
            else:
                assert next_state(workflow, offer.move.name, at(state.name)) == offer.move.to


def test_all_reasons_come_at_once_and_in_words() -> None:
    with pytest.raises(MoveRefused) as refusal:
        next_state(DHR_2016, "submit_for_decision", at("scoping", {"consultees": "Police, health"}))
    assert [u.words for u in refusal.value.unmet] == [
        "Consult the police first.",
        "Consult a specialist domestic abuse service first.",
        "Note in the paper which summaries are outstanding, if any.",
        "Answer each question of the criteria test; for a suicide also whether the circumstances give rise to concern.",
        "Does the death appear to have resulted from violence, abuse or neglect, and by whom",
        "Other reviews and proceedings have been checked for",
        "Decision paper",
    ]


def test_what_is_in_place_is_said_too() -> None:
    facts = {"police_consulted": True, "consultees": "Police, health"}
    offer = next(o for o in offers(DHR_2016, at("scoping", facts)) if o.move.name == "submit_for_decision")
    assert [met.name for met in offer.met] == ["police_consulted", "consultees"]
    assert not offer.can_override  # facts that are not there cannot be overridden


def test_one_of_two_alternatives_will_do() -> None:
    offered = {"rejection_reason": "Not ours", "csp_minute_ref": "12"}
    assert next_state(ACTION_ITEM, "reject", at("draft", offered)) == "not_accepted"
    accepted: dict[str, FactValue] = {"lead_agency": "council", "agreed_on": date(2026, 1, 5)}
    with pytest.raises(MoveRefused) as refusal:
        next_state(ACTION_ITEM, "accept", at("draft", accepted))
    assert [(u.name, u.facts) for u in refusal.value.unmet] == [
        ("target_on|target_condition", ("target_on", "target_condition"))
    ]
    assert " or " in refusal.value.unmet[0].words
    for either in ({"target_on": date(2027, 1, 5)}, {"target_condition": "After publication"}):
        assert next_state(ACTION_ITEM, "accept", at("draft", {**accepted, **either})) == "agreed"


@pytest.mark.parametrize("nothing", ["", ()])
def test_an_empty_value_is_not_there(nothing: FactValue) -> None:
    facts: dict[str, FactValue] = {"rejection_reason": nothing, "csp_minute_ref": "12"}
    with pytest.raises(MoveRefused):
        next_state(ACTION_ITEM, "reject", at("draft", facts))


def test_no_and_nought_are_answers() -> None:
    facts = everything(ASB_CASE_REVIEW, "no_open_recommendations_or_actions")
    here = at("review_scheduled", {**facts, **CHAIR, "recommendations_made": 0, "actions_agreed": 0})
    assert next_state(ASB_CASE_REVIEW, "hold_review", here) == "review_held"


class TestOverrides:
    def position(self, **other: FactValue) -> Position:
        facts = everything(DHR_2016, "police_consulted", "specialist_da_consulted")
        return at("scoping", {**facts, **other})

    def test_soft_ones_can_be_overridden_by_a_manager(self) -> None:
        here = self.position()
        move = DHR_2016.move("submit_for_decision", "scoping")
        assert move is not None
        unmet = unmet_by(DHR_2016, move, here)
        assert {u.override_by for u in unmet} == {Decider.BU_MANAGER}
        offer = next(o for o in offers(DHR_2016, here) if o.move is move)
        assert offer.can_override
        names = [u.name for u in unmet]
        assert next_state(DHR_2016, "submit_for_decision", here, overridden=names) == "awaiting_decision"

    def test_each_must_be_named(self) -> None:
        with pytest.raises(MoveRefused) as refusal:
            next_state(DHR_2016, "submit_for_decision", self.position(), overridden=["police_consulted"])
        assert [u.name for u in refusal.value.unmet] == ["specialist_da_consulted"]

    def test_hard_ones_cannot(self) -> None:
        facts = everything(DHR_2016, "pseudonyms_set_for_all_people")
        with pytest.raises(MoveRefused) as refusal:
            next_state(
                DHR_2016,
                "submit_to_csp",
                at("consultation", facts),
                overridden=["pseudonyms_set_for_all_people"],
            )
        assert [(u.name, u.hard, u.override_by) for u in refusal.value.unmet] == [
            ("pseudonyms_set_for_all_people", True, None)
        ]

    def test_a_missing_fact_cannot(self) -> None:
        facts = everything(DHR_2016, "decision_paper_doc")
        with pytest.raises(MoveRefused):
            next_state(
                DHR_2016, "submit_for_decision", at("scoping", facts), overridden=["decision_paper_doc"]
            )


class TestHolds:
    @pytest.mark.parametrize("kind", HOLD_BLOCKS)
    def test_a_hold_forbids_its_steps_whoever_asks(self, kind: str) -> None:
        facts = everything(DHR_2016)
        for move in DHR_2016.moves:
            for state in move.sources:
                here = at(state, facts, blocks=HOLD_BLOCKS[kind])
                held = "hold" in {u.name for u in unmet_by(DHR_2016, move, here)}
                assert held is (move.name in HOLD_BLOCKS[kind])

    def test_it_cannot_be_overridden(self) -> None:
        here = at("cleared", everything(DHR_2016), blocks=HOLD_BLOCKS["publication_only"])
        with pytest.raises(MoveRefused) as refusal:
            next_state(DHR_2016, "publish", here, overridden=["hold", "no_active_publication_block"])
        assert {u.name for u in refusal.value.unmet} == {"hold", "no_active_publication_block"}

    def test_without_one_publication_goes_on(self) -> None:
        assert next_state(DHR_2016, "publish", at("cleared", everything(DHR_2016))) == "implementing"


class TestAnew:
    """The resubmission is dated itself; the first submission's date does not stand in for it."""

    def test_a_date_of_an_earlier_round_does_not_count(self) -> None:
        recorded = everything(DHR_2016) | {"qa_outcome": "resubmit"}
        here = Position("amending", recorded, TODAY)
        with pytest.raises(MoveRefused) as refusal:
            next_state(DHR_2016, "resubmit", here)
        assert {"submitted_on", "submission_reference", "amended_version"} <= {
            u.name for u in refusal.value.unmet
        }

    def test_given_now_it_does(self) -> None:
        recorded = everything(DHR_2016) | {"qa_outcome": "resubmit"}
        move = DHR_2016.move("resubmit", "amending")
        assert move is not None
        here = with_facts(Position("amending", recorded, TODAY), {name: recorded[name] for name in move.anew})
        assert next_state(DHR_2016, "resubmit", here) == "with_home_office"

    def test_what_stands_is_not_asked_again(self) -> None:
        here = Position("consultation", {"fact_check_complete_on": date(2026, 1, 5)}, TODAY)
        offer = next(o for o in offers(DHR_2016, here) if o.move.name == "submit_to_csp")
        assert "fact_check_complete_on" in {met.name for met in offer.met}


class TestOrderOfDates:
    def test_a_date_may_not_lie_before_an_earlier_step(self) -> None:
        facts = everything(DHR_2016) | {
            "submitted_on": date(2026, 3, 2),
            "feedback_letter_on": date(2026, 3, 1),
        }
        with pytest.raises(MoveRefused) as refusal:
            next_state(DHR_2016, "ho_clears", at("with_home_office", facts))
        (unmet,) = refusal.value.unmet
        assert unmet.name == "order:feedback_letter_on"
        assert unmet.hard
        assert unmet.facts == ("feedback_letter_on",)
        assert "on or after 2 March 2026" in unmet.words

    def test_the_same_day_is_in_order(self) -> None:
        assert next_state(DHR_2016, "ho_clears", at("with_home_office", everything(DHR_2016))) == "cleared"

    def test_the_latest_of_the_earlier_dates_counts(self) -> None:
        facts = everything(DHR_2016) | {"decision_on": date(2026, 4, 1), "submitted_on": date(2026, 3, 2)}
        move = DHR_2016.move("ho_clears", "with_home_office")
        assert move is not None
        names = {u.name for u in unmet_by(DHR_2016, move, at("with_home_office", facts))}
        assert names == {"order:feedback_letter_on"}


class TestNothingElse:
    @pytest.mark.parametrize("workflow", EVERY)
    def test_every_state_and_step(self, workflow: Workflow) -> None:
        facts = everything(workflow)
        for state in workflow.states:
            for name in {move.name for move in workflow.moves}:
                if workflow.move(name, state.name) is None:
                    with pytest.raises(MoveRefused) as refusal:
                        next_state(workflow, name, at(state.name, facts))
                    assert state.label in str(refusal.value)

    @pytest.mark.parametrize("workflow", EVERY)
    def test_the_way_out_of_an_end_is_never_a_usual_step(self, workflow: Workflow) -> None:
        for state in workflow.states:
            if state.final:
                assert not any(offer.move.usual for offer in offers(workflow, at(state.name)))

    @pytest.mark.parametrize("state", ["transferred_out", "void"])
    def test_some_ends_are_for_good(self, state: str) -> None:
        assert offers(DHR_2016, at(state, everything(DHR_2016))) == ()

    @pytest.mark.parametrize(
        "name",
        [
            "to_closed",
            "to_published",
            "trigger",
            "state",
            "unmet",
            "__class__",
            "may_close",
            "is_closed",
            "",
            "publish\n",
        ],
    )
    def test_no_step_of_the_library_and_no_attribute(self, name: str) -> None:
        with pytest.raises(MoveRefused) as refusal:
            next_state(DHR_2016, name, at("cleared", everything(DHR_2016)))
        assert refusal.value.unmet == ()

    @pytest.mark.parametrize("workflow", EVERY)
    def test_the_library_knows_our_steps_and_no_other(self, workflow: Workflow) -> None:
        assert set(engine._machine_of(workflow).events) == {move.name for move in workflow.moves}

    @given(name=some.text(max_size=30), state=some.sampled_from([s.name for s in DHR_2016.states]))
    def test_no_name_from_outside_moves_a_case(self, name: str, state: str) -> None:
        here = at(state, everything(DHR_2016))
        if DHR_2016.move(name, state) is None:
            with pytest.raises(MoveRefused):
                next_state(DHR_2016, name, here)

    def test_it_changes_nothing(self) -> None:
        facts = everything(ACTION_ITEM)
        here = at("agreed", facts)
        next_state(ACTION_ITEM, "start", here)
        assert here.state == "agreed"
        assert here.facts == facts


def test_what_is_never_typed_names_the_page_that_records_it() -> None:
    acknowledge = ASB_CASE_REVIEW.move("acknowledge", "received")
    assert acknowledge is not None
    unmet = {u.name: u for u in unmet_by(ASB_CASE_REVIEW, acknowledge, Position("received"))}
    assert unmet["letter_sent_L1"].page == "letters"
    assert unmet["spoc_assigned"].page == ""
