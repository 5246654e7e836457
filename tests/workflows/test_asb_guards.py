"""The conditions of an ASB case review that look at what belongs to the case, and at what its records say."""

from datetime import date

import pytest

from workflows import asb_case_review_chair as chair
from workflows import asb_case_review_family as family
from workflows import asb_case_review_guards as guard
from workflows.asb_case_review_v1 import ASB_CASE_REVIEW
from workflows.engine import unmet_by
from workflows.facts import FactValue
from workflows.position import Child, Position

DAY, LATER = date(2026, 11, 2), date(2026, 11, 3)
DECIDED: dict[str, FactValue] = {"decided_on": DAY, "decision_reasons": "Because."}
CHAIR: dict[str, FactValue] = {"review_chair": "Head of housing", "chair_independence": "other_team"}


def child(
    process: str, state: str, *, final: bool = False, due_on: date | None = None, **facts: FactValue
) -> Child:
    return Child(process, state, final, facts, due_on)


def agency_return(*, final: bool = False, due_on: date | None = None) -> Child:
    return child("information_request", "requested", final=final, due_on=due_on, kind="agency_return")


@pytest.mark.parametrize(
    ("known", "expected"),
    [({}, False), ({"not_passed_on": ("police",)}, False), ({"not_passed_on": ()}, True)],
)
def test_every_relevant_body_has_the_application(known: dict[str, FactValue], *, expected: bool) -> None:
    assert guard.PASSED_ON.check(Position("acknowledged", known=known)) is expected


@pytest.mark.parametrize(
    ("result", "route", "expected"),
    [
        ("met_mandatory", "mandatory", True),
        ("met_mandatory", "discretionary", False),
        ("met_local_rule", "local", True),
        ("met_local_rule", "discretionary", True),
        ("met_local_rule", "mandatory", False),
        ("discretion_required", "discretionary", True),
        ("discretion_required", "local", False),
        (None, "discretionary", False),
    ],
)
def test_the_route_of_a_decision_fits_the_calculation(
    result: str | None, route: str, *, expected: bool
) -> None:
    known: dict[str, FactValue] = {"threshold_result": result} if result else {}
    here = Position("threshold_check", {**DECIDED, "decision_route": route}, known=known)
    assert guard.DECISION.check(here) is expected


@pytest.mark.parametrize(
    ("result", "expected"),
    [("met_mandatory", False), ("met_local_rule", True), ("discretion_required", True)],
)
def test_what_the_act_decides_is_not_decided_otherwise(result: str, *, expected: bool) -> None:
    here = Position("threshold_check", known={"threshold_result": result})
    assert guard.NOT_MANDATORY.check(here) is expected


@pytest.mark.parametrize(
    ("known", "facts", "expected"),
    [
        ({"threshold_result": "discretion_required"}, {}, True),
        ({"threshold_result": "met_local_rule"}, {}, False),
        ({"threshold_result": "met_local_rule"}, {"countersigned_by": "m"}, False),
        ({"threshold_warning": True}, {"countersign_reason": "r"}, False),
        ({"threshold_warning": True}, {"countersigned_by": "m", "countersign_reason": "r"}, True),
    ],
)
def test_a_manager_countersigns_what_is_doubtful(
    known: dict[str, FactValue], facts: dict[str, FactValue], *, expected: bool
) -> None:
    assert guard.COUNTERSIGNED.check(Position("threshold_check", facts, known=known)) is expected


def test_dates_that_change_the_result_are_explained() -> None:
    assert guard.DISAGREEMENT.check(Position("x"))
    known: dict[str, FactValue] = {"dates_disagree": True}
    assert not guard.DISAGREEMENT.check(Position("x", known=known))
    assert guard.DISAGREEMENT.check(Position("x", {"disagreement_reason": "r"}, known=known))


@pytest.mark.parametrize(
    ("state", "facts", "expected"),
    [
        ("threshold_met", {"decided_on": DAY}, True),
        ("threshold_met", {"decided_on": DAY, "letter_sent_L4": DAY}, False),
        ("threshold_not_met", {"decided_on": DAY, "letter_sent_L5": LATER}, False),
        ("threshold_not_met", {"decided_on": LATER, "letter_sent_L5": DAY}, True),  # of the decision before
        ("threshold_not_met", {"decided_on": DAY, "letter_sent_L4": LATER}, True),
    ],
)
def test_a_decision_is_corrected_only_before_its_letter(
    state: str, facts: dict[str, FactValue], *, expected: bool
) -> None:
    assert guard.NOT_TOLD.check(Position(state, facts)) is expected


@pytest.mark.parametrize(
    ("children", "facts", "expected"),
    [
        ((), {}, False),
        ((), {"bodies_consulted_on": DAY}, True),
        ((agency_return(due_on=LATER),), {}, False),
        ((agency_return(due_on=LATER),), {"bodies_consulted_on": DAY}, False),
        ((agency_return(due_on=DAY),), {}, True),
        ((agency_return(final=True),), {}, True),
        ((agency_return(final=True), agency_return(due_on=LATER)), {}, False),
        ((agency_return(),), {}, False),
    ],
)
def test_bodies_have_answered_or_had_their_time(
    children: tuple[Child, ...], facts: dict[str, FactValue], *, expected: bool
) -> None:
    here = Position("threshold_check", facts, today=LATER, children=children)
    assert family.CONSULTED.check(here) is expected


@pytest.mark.parametrize(
    ("children", "facts", "expected"),
    [
        ((), {"findings": "f"}, False),
        ((), {"no_recommendations_reason": "r"}, False),
        ((), {"findings": "f", "no_recommendations_reason": "r"}, True),
        ((child("recommendation", "drafted"),), {"findings": "f"}, True),
        ((child("action_item", "draft"),), {"findings": "f"}, True),
        # Those of the review before do not count for this one.
        ((child("recommendation", "replied_accepted", final=True),), {"findings": "f"}, False),
    ],
)
def test_a_review_has_findings_and_says_what_is_to_be_done(
    children: tuple[Child, ...], facts: dict[str, FactValue], *, expected: bool
) -> None:
    assert family.RESULT.check(Position("review_scheduled", facts, children=children)) is expected


def test_every_recommendation_has_its_letter() -> None:
    drafted = child("recommendation", "drafted")
    written = child("recommendation", "drafted", letter_sent_L17=DAY)
    assert family.ISSUED.check(Position("review_held"))
    assert not family.ISSUED.check(Position("review_held", children=(drafted, written)))
    assert family.ISSUED.check(Position("review_held", children=(written,)))
    assert family.ISSUED.check(Position("review_held", {"letter_sent_L17": DAY}, children=(drafted,)))


@pytest.mark.parametrize("process", ["recommendation", "action_item"])
def test_what_is_open_is_followed_and_keeps_the_case_open(process: str) -> None:
    there = child(process, "open"), child(process, "done", final=True)
    assert not family.SOMETHING_TO_DO.check(Position("outcome_notified"))
    assert family.SOMETHING_TO_DO.check(Position("outcome_notified", children=there[1:]))
    assert family.NOTHING_OPEN.check(Position("outcome_notified", children=there[1:]))
    assert not family.NOTHING_OPEN.check(Position("outcome_notified", children=there))


def test_an_open_request_for_a_second_look_keeps_the_case_open() -> None:
    assert family.NO_OPEN_REQUEST.check(Position("outcome_notified"))
    asked = child("dissatisfaction", "requested")
    assert not family.NO_OPEN_REQUEST.check(Position("outcome_notified", children=(asked,)))


@pytest.mark.parametrize(
    ("facts", "known", "expected"),
    [
        (CHAIR, {}, (True, True, True)),
        ({"review_chair": "c"}, {}, (False, True, True)),
        ({**CHAIR, "chair_independence": "handled_the_case"}, {}, (False, True, True)),
        ({**CHAIR, "spoc_id": "spoc@x", "review_chair_id": "SPOC@x"}, {}, (True, False, True)),
        ({**CHAIR, "review_chair_id": "dm@x"}, {"involved": ("dm@x",)}, (True, False, True)),
        ({**CHAIR, "review_chair": " The Officer "}, {"involved": ("the officer",)}, (True, False, True)),
        (CHAIR, {"chair_definition": "not_same_team"}, (True, True, True)),
        (CHAIR, {"chair_definition": "not_agency_under_review"}, (True, True, False)),
        (CHAIR, {"chair_definition": "external"}, (True, True, False)),
        (
            {**CHAIR, "chair_independence": "other_agency"},
            {"chair_definition": "not_agency_under_review"},
            (True, True, True),
        ),
        (
            {**CHAIR, "chair_independence": "other_agency"},
            {"chair_definition": "external"},
            (True, True, False),
        ),
        ({**CHAIR, "chair_independence": "external"}, {"chair_definition": "external"}, (True, True, True)),
        # Whoever comes from a body under review is not from another agency, whatever the form says.
        (
            {**CHAIR, "chair_independence": "external", "review_chair_body": "police"},
            {"chair_definition": "external", "relevant_bodies": ("police",)},
            (True, True, False),
        ),
        ({**CHAIR, "review_chair_body": "police"}, {"relevant_bodies": ("police",)}, (True, True, True)),
    ],
)
def test_who_may_chair(
    facts: dict[str, FactValue], known: dict[str, FactValue], expected: tuple[bool, bool, bool]
) -> None:
    here = Position("review_preparation", facts, known=known)
    assert (
        tuple(r.check(here) for r in (chair.CHAIR, chair.UNINVOLVED, chair.AS_THE_AREA_DEFINES)) == expected
    )


@pytest.mark.parametrize(
    ("today", "over", "expected"),
    [(LATER, DAY, True), (DAY, DAY, False), (LATER, date(2026, 11, 1), False)],
    ids=["its last day is past", "on its last day", "a day before its last day was recorded"],
)
def test_the_time_for_a_second_look_is_over_once_its_last_day_is_past(
    today: date, over: date, *, expected: bool
) -> None:
    facts: dict[str, FactValue] = {
        "letter_sent_L5": date(2026, 10, 30), "dissatisfaction_window_over_on": over,
    }  # fmt: skip
    here = Position("not_met_notified", facts, today, known={"second_look_until": DAY})
    assert guard.WINDOW_OVER.check(here) is expected


def test_no_date_stands_for_a_return_that_was_asked_for_in_writing() -> None:
    (decide,) = (move for move in ASB_CASE_REVIEW.moves if move.name == "decide_met")
    points = {
        len(children): next(
            u
            for u in unmet_by(ASB_CASE_REVIEW, decide, Position("threshold_check", children=children))
            if u.name == family.CONSULTED.name
        )
        for children in ((), (agency_return(),))
    }
    assert (points[0].facts, points[0].page) == (("bodies_consulted_on",), "")
    assert (points[1].facts, points[1].page) == ((), "related")
