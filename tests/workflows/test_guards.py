"""The conditions that look at more than whether something is recorded."""

from datetime import date

import pytest

from workflows import asb_case_review_guards as asb
from workflows import dhr_2016_guards as dhr
from workflows import requirements
from workflows.definition import Position, Requirement
from workflows.facts import FactValue

DAY = date(2026, 11, 2)
LATER = date(2026, 11, 3)


def holds(requirement: Requirement, state: str = "x", **facts: FactValue) -> bool:
    return requirement.check(Position(state, facts))


TABLE: list[tuple[Requirement, dict[str, FactValue], bool]] = [
    (asb.NOT_MANDATORY, {}, True),
    (asb.NOT_MANDATORY, {"threshold_result": "met_mandatory"}, False),
    (asb.NOT_MANDATORY, {"threshold_result": "met_local_rule"}, True),
    (asb.COUNTERSIGNED, {"threshold_result": "discretion_required", "threshold_warning": False}, True),
    (asb.COUNTERSIGNED, {"threshold_result": "met_local_rule"}, False),
    (asb.COUNTERSIGNED, {"threshold_result": "met_local_rule", "countersigned_by": "m"}, False),
    (asb.COUNTERSIGNED, {"threshold_result": "met_local_rule", "countersign_reason": "r"}, False),
    (asb.COUNTERSIGNED, {"threshold_warning": True}, False),
    (
        asb.COUNTERSIGNED,
        {"threshold_warning": True, "countersigned_by": "m", "countersign_reason": "r"},
        True,
    ),
    (asb.CHAIR, {}, False),
    (asb.CHAIR, {"review_chair": "c"}, False),
    (asb.CHAIR, {"review_chair": "c", "chair_independence": "handled_the_case"}, False),
    (asb.CHAIR, {"chair_independence": "external"}, False),
    (asb.CHAIR, {"review_chair": "c", "chair_independence": "external"}, True),
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
    (asb.RESULT, {"findings": "f", "recommendations_made": 0, "actions_agreed": 0}, False),
    (asb.RESULT, {"findings": "f", "recommendations_made": 1}, False),
    (asb.RESULT, {"recommendations_made": 1, "actions_agreed": 0}, False),
    (asb.RESULT, {"findings": "f", "recommendations_made": 0, "actions_agreed": 1}, True),
    (
        asb.RESULT,
        {"findings": "f", "recommendations_made": 0, "actions_agreed": 0, "no_recommendations_reason": "r"},
        True,
    ),
    (asb.ISSUED, {"recommendations_made": 0}, True),
    (asb.ISSUED, {"recommendations_made": 2}, False),
    (asb.ISSUED, {"recommendations_made": 2, "recommendation_recipients": ("council",)}, False),
    (
        asb.ISSUED,
        {"recommendations_made": 2, "recommendation_recipients": ("council",), "letter_sent_L17": DAY},
        True,
    ),
    (asb.SOMETHING_TO_DO, {}, False),
    (asb.SOMETHING_TO_DO, {"recommendations_made": 0, "actions_agreed": 0}, False),
    (asb.SOMETHING_TO_DO, {"recommendations_made": 0, "actions_agreed": 2}, True),
    (asb.WINDOW_OVER, {}, False),
    (asb.WINDOW_OVER, {"dissatisfaction_waived_on": DAY}, True),
    (asb.NO_OPEN_REQUEST, {}, True),
    (asb.NO_OPEN_REQUEST, {"dissatisfaction_requested_on": DAY}, False),
    (asb.NO_OPEN_REQUEST, {"dissatisfaction_requested_on": DAY, "letter_sent_L11": DAY}, True),
    # The answer to an earlier request does not end a later one.
    (asb.NO_OPEN_REQUEST, {"dissatisfaction_requested_on": LATER, "letter_sent_L11": DAY}, False),
    (asb.NO_OPEN_REQUEST, {"dissatisfaction_requested_on": DAY, "dissatisfaction_withdrawn_on": LATER}, True),
    (asb.NOTHING_OPEN, {}, False),
    (asb.NOTHING_OPEN, {"no_open_recommendations_or_actions": True}, True),
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


def test_where_the_threshold_was_not_met_nothing_can_be_open() -> None:
    assert holds(asb.NOTHING_OPEN, "not_met_notified")
    assert not holds(asb.NOTHING_OPEN, "action_plan_monitoring")


def test_a_letter_is_asked_for_by_its_number() -> None:
    letter = asb.letter("L3", "the letter saying it is not pursued")
    assert (letter.name, letter.facts) == ("letter_sent_L3", ("letter_sent_L3",))
    assert letter.words == "Send the letter saying it is not pursued (L3)."
    assert not holds(letter)
    assert holds(letter, letter_sent_L3=DAY)


def test_a_hold_on_publication() -> None:
    assert dhr.NOT_HELD.check(Position("cleared"))
    assert not dhr.NOT_HELD.check(Position("cleared", blocks=frozenset({"publish"})))


def test_recorded_without_facts_looks_at_its_own_name() -> None:
    assert requirements.recorded("spoken", "Speak.").facts == ("spoken",)


def test_a_day_is_a_date_and_nothing_else() -> None:
    assert requirements.day_of({"on": DAY}, "on") == DAY
    assert requirements.day_of({"on": "soon"}, "on") is None
    assert requirements.day_of({}, "on") is None
