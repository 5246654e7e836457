"""The conditions that look at more than whether something is recorded."""

from datetime import date

import pytest

from workflows import asb_case_review_guards as asb
from workflows import dhr_2016_guards as dhr
from workflows import requirements
from workflows.asb_case_review_v1 import ASB_CASE_REVIEW
from workflows.definition import Workflow
from workflows.dhr_2016_v1 import DHR_2016
from workflows.effects import Start
from workflows.engine import unmet_by
from workflows.facts import FactValue
from workflows.position import Child, Position, Requirement

DAY = date(2026, 11, 2)
LATER = date(2026, 11, 3)


def holds(requirement: Requirement, state: str = "x", **facts: FactValue) -> bool:
    return requirement.check(Position(state, facts))


ANSWERED: dict[str, FactValue] = {
    "resulted_from": ("neglect",), "relationship_type": "nobody", "deceased_16_or_over": True,
}  # fmt: skip
TABLE: list[tuple[Requirement, dict[str, FactValue], bool]] = [
    (asb.PANEL, {}, False),
    (asb.PANEL, {"panel_invited": ("council",)}, False),
    (asb.PANEL, {"panel_invited": ("council", "police")}, True),
    (asb.PANEL, {"panel_invited": ("council", "police"), "tenancy_involved": True}, False),
    (asb.PANEL, {"panel_invited": ("council", "police", "landlord"), "tenancy_involved": True}, True),
    (asb.PANEL, {"panel_invited": ("council", "police"), "health_involved": True}, False),
    (asb.PANEL, {"panel_invited": ("council", "police", "icb"), "health_involved": True}, True),
    (asb.PANEL, {"panel_invited": ("council", "police"), "health_involved": False}, True),
    (asb.QUORUM, {"attended_by": ("council",), "quorum_met": False}, False),
    (asb.QUORUM, {"quorum_met": True}, False),
    (asb.QUORUM, {"attended_by": ("council",), "quorum_met": True}, True),
    (asb.WINDOW_OVER, {}, False),
    (asb.WINDOW_OVER, {"dissatisfaction_waived_on": DAY}, True),
    (asb.WINDOW_OVER, {"dissatisfaction_window_over_on": DAY, "letter_sent_L5": DAY}, True),
    (asb.WINDOW_OVER, {"dissatisfaction_window_over_on": DAY, "letter_sent_L5": LATER}, False),
    (asb.WINDOW_OVER, {"dissatisfaction_window_over_on": DAY, "letter_sent_L8": LATER}, False),
    # What was said about the first letter does not end the time that the later letter began.
    (
        asb.WINDOW_OVER,
        {"dissatisfaction_window_over_on": DAY, "letter_sent_L5": DAY, "letter_sent_L8": LATER},
        False,
    ),
    (asb.WINDOW_OVER, {"dissatisfaction_waived_on": DAY, "letter_sent_L8": LATER}, False),
    (asb.WINDOW_OVER, {"dissatisfaction_waived_on": LATER, "letter_sent_L8": LATER}, True),
    (asb.WITHDRAWAL, {"withdrawn_on": DAY, "withdrawal_reason": "r"}, False),
    (
        asb.WITHDRAWAL,
        {"withdrawn_on": DAY, "withdrawal_reason": "r", "victim_told_of_withdrawal": True},
        True,
    ),
    (asb.AUTHORITY, {}, False),
    (asb.AUTHORITY, {"authority_reason": "High harm"}, True),
    (dhr.READING_TIME, {}, True),
    (dhr.READING_TIME, {"family_offered_draft_on": DAY}, False),
    (dhr.READING_TIME, {"family_offered_draft_on": DAY, "family_reading_time_waived": True}, True),
    (dhr.READING_TIME, {"family_offered_draft_on": DAY, "family_reading_time_over": True}, True),
    (dhr.READING_TIME, {"family_offered_draft_on": DAY, "family_feedback_on": LATER}, True),
    (dhr.SUBMISSION_PACK, {}, False),
    (dhr.SUBMISSION_PACK, {"submission_pack": ("overview", "exec_summary", "action_plan")}, False),
    (
        dhr.SUBMISSION_PACK,
        {"submission_pack": ("data_form", "overview", "exec_summary", "action_plan")},
        True,
    ),
    (dhr.DAC_COPY, {}, False),
    (dhr.DAC_COPY, {"dac_copy_sent_on": DAY}, True),
    (dhr.DAC_COPY, {"dac_copy_sent_or_scheduled": True}, True),
    (dhr.TO_AMEND, {}, False),
    (dhr.TO_AMEND, {"qa_outcome": "resubmit"}, False),
    (dhr.TO_AMEND, {"qa_outcome": "publish_after_amendments"}, True),
    (dhr.TO_RESUBMIT, {"qa_outcome": "publish_after_amendments"}, False),
    (dhr.TO_RESUBMIT, {"qa_outcome": "resubmit"}, True),
    (dhr.WITHHELD, {"publication_status": "published"}, False),
    (dhr.WITHHELD, {"publication_status": "withheld"}, True),
    (dhr.SETTLED, {"publication_status": "planned"}, False),
    (dhr.SETTLED, {"publication_status": "published"}, True),
    (dhr.DAC_COPY, {"dac_send_point": "post_qa"}, True),
    (dhr.DAC_COPY, {"dac_send_point": "signed_off"}, False),
    (dhr.SUMMARIES, {}, False),
    (dhr.SUMMARIES, {"all_summaries_returned_on": DAY}, True),
    (dhr.CRITERIA_ANSWERED, ANSWERED, True),
    (dhr.CRITERIA_ANSWERED, {**ANSWERED, "deceased_16_or_over": False}, True),
    (dhr.CRITERIA_ANSWERED, {"resulted_from": ("abuse",)}, False),
    (dhr.CRITERIA_ANSWERED, {**ANSWERED, "death_basis": "suicide"}, False),
    (dhr.CRITERIA_ANSWERED, {**ANSWERED, "death_basis": "suicide", "suicide_concern": False}, True),
    (dhr.DISSENT, {}, True),
    (dhr.POLICE, {"police_consulted": False}, False),
    (dhr.POLICE, {"police_consulted": True}, True),
]


@pytest.mark.parametrize(
    ("requirement", "facts", "expected"),
    TABLE,
    ids=[f"{r.name}-{number}" for number, (r, _, _) in enumerate(TABLE)],
)
def test_requirement(requirement: Requirement, facts: dict[str, FactValue], *, expected: bool) -> None:
    assert holds(requirement, **facts) is expected


def test_a_letter_is_asked_for_by_its_number() -> None:
    letter = asb.letter("L3", "the letter saying it is not pursued")
    assert (letter.name, letter.facts) == ("letter_sent_L3", ("letter_sent_L3",))
    assert letter.words == "Send the letter saying it is not pursued (L3)."
    assert not holds(letter)
    assert holds(letter, letter_sent_L3=DAY)


def test_a_hold_on_publication() -> None:
    assert dhr.NOT_HELD.check(Position("cleared"))
    assert not dhr.NOT_HELD.check(Position("cleared", blocks=frozenset({"publish"})))


def _hold(kind: str, state: str = "active") -> Child:
    return Child("hold", state, state == "lifted", {"kind": kind})


@pytest.mark.parametrize(
    ("children", "forbidden", "allowed"),
    [
        ((), set(), {"publish", "agree_terms"}),
        ((_hold("full"),), {"agree_terms", "sign_off", "publish"}, {"void"}),
        ((_hold("partial"),), {"sign_off", "publish"}, {"agree_terms"}),
        ((_hold("publication_only"),), {"publish", "publish_later"}, {"sign_off"}),
        ((_hold("publication_only"), _hold("full")), {"agree_terms", "publish"}, {"void"}),
        ((_hold("publication_only"), _hold("full", "lifted")), {"publish"}, {"agree_terms"}),
        ((_hold("full", "lifted"), _hold("partial", "lifted")), set(), {"publish"}),
        ((Child("action_item", "agreed", False, {"kind": "full"}),), set(), {"publish"}),
    ],
)
def test_the_active_holds_together_forbid_all_that_any_of_them_forbids(
    children: tuple[Child, ...], forbidden: set[str], allowed: set[str]
) -> None:
    held = DHR_2016.holds(children)
    assert forbidden <= held
    assert not allowed & held
    for name in forbidden:
        state = next(move.sources[0] for move in DHR_2016.moves if move.name == name)
        move = DHR_2016.move(name, state)
        assert move is not None
        unmet = unmet_by(DHR_2016, move, Position(state, blocks=held))
        assert any(each.name == "hold" and each.hard for each in unmet)


@pytest.mark.parametrize(
    ("workflow", "step", "state", "names"),
    [
        (DHR_2016, "sign_off", "csp_sign_off", {"signed_off_on", "sign_off_minute_ref"}),
        (DHR_2016, "submit_to_csp", "consultation", {"family_reading_time_over"}),
        (DHR_2016, "submit_to_home_office", "signed_off", {"submitted_on"}),
        (DHR_2016, "publish", "cleared", {"published_on"}),
        (DHR_2016, "publish_later", "implementing", {"published_on"}),
        (DHR_2016, "withhold_publication", "cleared", {"withhold_decided_on", "withhold_reason"}),
        (ASB_CASE_REVIEW, "decide_met", "threshold_check", {"decided_on", "decision_route"}),
        (ASB_CASE_REVIEW, "decide_not_met", "threshold_check", {"decided_on", "finding_harm"}),
        (ASB_CASE_REVIEW, "hold_review", "review_scheduled", {"findings", "review_held_on"}),
        (ASB_CASE_REVIEW, "close_case", "outcome_notified", {"dissatisfaction_window_over_on"}),
        (ASB_CASE_REVIEW, "close_case", "action_plan_monitoring", {"victim_views_sought_on"}),
    ],
)
def test_what_an_earlier_round_said_does_not_count(
    workflow: Workflow, step: str, state: str, names: set[str]
) -> None:
    move = workflow.move(step, state)
    assert move is not None
    assert names <= set(move.anew)


@pytest.mark.parametrize(
    ("step", "state", "passes_on"),
    [
        ("reinstate", "withdrawn", True),
        ("reinstate", "not_pursued", True),
        ("redetermine_threshold", "not_pursued", True),
        ("redetermine_threshold", "misdirected", True),
        # Nothing comes here but through the check, which asks that every body has the application.
        ("redetermine_threshold", "not_met_notified", False),
        ("redetermine_threshold", "closed", False),
    ],
)
def test_an_application_that_goes_on_is_passed_on(step: str, state: str, *, passes_on: bool) -> None:
    move = ASB_CASE_REVIEW.move(step, state)
    assert move is not None
    assert (Start("C2") in move.effects) is passes_on


def test_recorded_without_facts_looks_at_its_own_name() -> None:
    assert requirements.recorded("spoken", "Speak.").facts == ("spoken",)


def test_a_day_is_a_date_and_nothing_else() -> None:
    assert requirements.day_of({"on": DAY}, "on") == DAY
    assert requirements.day_of({"on": "soon"}, "on") is None
    assert requirements.day_of({}, "on") is None
