"""How long a clock runs in one case: every reason for another length than the usual one, and their order."""

from dataclasses import replace

import pytest

from workflows.asb_case_review_v1 import ASB_CASE_REVIEW
from workflows.dates import Period, Unit
from workflows.facts import FactValue
from workflows.family_contact_v1 import FAMILY_CONTACT
from workflows.lengths import half_of, length_in_case
from workflows.selfcheck import faults_of

FAMILY = FAMILY_CONTACT.clock_by_key["FAMILY_CONTACT"]
C5, C6, C13 = (ASB_CASE_REVIEW.clock_by_key[key] for key in ("C5", "C6", "C13"))
WORKING = Unit.WORKING_DAYS


@pytest.mark.parametrize(
    ("answer", "n", "unit"),
    [
        ("four_weeks", 4, Unit.WEEKS), ("eight_weeks", 8, Unit.WEEKS), ("three_months", 3, Unit.MONTHS),
        ("six_months", 6, Unit.MONTHS),
    ],
)  # fmt: skip
@pytest.mark.parametrize("in_hand", [True, False])
def test_what_the_family_asked_for_comes_first(answer: str, n: int, unit: Unit, in_hand: bool) -> None:
    usual = Period(10, Unit.WEEKS)
    found = length_in_case(FAMILY, usual, {"contact_frequency": answer}, in_hand=in_hand)
    assert (found.period, found.why, found.off) == (Period(n, unit), "As they asked", False)


@pytest.mark.parametrize("answer", ["milestones", "never"])
def test_who_wants_no_regular_contact_has_no_date(answer: str) -> None:
    assert length_in_case(FAMILY, FAMILY.period, {"contact_frequency": answer}, in_hand=True).off


@pytest.mark.parametrize(
    ("in_hand", "length"), [(True, Period(8, Unit.WEEKS)), (False, Period(6, Unit.MONTHS))]
)
def test_who_said_nothing(in_hand: bool, length: Period) -> None:
    assert length_in_case(FAMILY, FAMILY.period, {}, in_hand=in_hand).period == length


@pytest.mark.parametrize(
    ("facts", "halves", "n"),
    [
        ({"harm_band": "high"}, True, 8), ({"harm_band": "high"}, False, 15), ({"harm_band": "medium"}, True, 15),
        ({}, True, 15),
    ],
)  # fmt: skip
def test_high_harm_halves_where_the_area_wants_it(facts: dict[str, FactValue], halves: bool, n: int) -> None:
    found = length_in_case(C5, C5.period, facts, halves=halves)
    assert found.period == Period(n, WORKING)
    assert found.why == ("High harm: half of 15 working days" if n == 8 else "")


def test_no_other_clock_is_halved() -> None:
    halved = [clock.key for clock in ASB_CASE_REVIEW.clocks if clock.halved]
    assert halved == ["C5", "C6"]
    assert length_in_case(C13, C13.period, {"harm_band": "high"}, halves=True).period == C13.period


@pytest.mark.parametrize(("n", "half"), [(1, 1), (2, 1), (3, 2), (10, 5), (15, 8), (20, 10)])
def test_an_odd_length_is_rounded_up(n: int, half: int) -> None:
    assert half_of(Period(n, WORKING)).period == Period(half, WORKING)


@pytest.mark.parametrize(("said", "n"), [(10, 10), (0, 20), (True, 20), (None, 20)])
def test_a_promised_number_is_the_length(said: FactValue, n: int) -> None:
    assert length_in_case(C13, C13.period, {"update_every": said}).period == Period(n, WORKING)


def test_an_answer_without_a_length_and_a_state_that_is_not_there_are_faults() -> None:
    short = replace(FAMILY_CONTACT, clocks=(replace(FAMILY, lengths=FAMILY.lengths[1:]),))
    assert any("a length for each answer of contact_frequency" in fault for fault in faults_of(short))
    assert C5.halved is not None
    strange = replace(C5, halved=replace(C5.halved, fact="mood", while_in=("nowhere",)))
    faults = list(faults_of(replace(ASB_CASE_REVIEW, clocks=(strange,))))
    assert any("halved by a fact that is not declared: mood" in fault for fault in faults)
    assert any("halved in a state that is not declared: nowhere" in fault for fault in faults)
