"""Likely late: the seven rules with their edges, the words of each reason, and the way to the step that meets a clock."""

from datetime import date, timedelta
from itertools import product

import pytest

from workflows.dhr_2016_guards import HOLD_BLOCKS
from workflows.likely_late import (
    EarlierStep,
    Event,
    Running,
    Said,
    Sign,
    last_day_of,
    reasons,
    silent_days,
)
from workflows.onward import not_begun, way_to
from workflows.released import RELEASED

TODAY = date(2026, 11, 23)
ASB, DHR = RELEASED["asb_case_review/1"], RELEASED["dhr_2016/1"]


def ahead(days: int) -> date:
    return TODAY + timedelta(days=days)


def draft(days: int) -> EarlierStep:
    return EarlierStep("First full draft", "40 working days", "30 working days", ahead(days))


TABLE = [
    # R1: due in 28 days, no update for 28 days
    (ahead(28), {"heard_on": ahead(-28)}, "No answer for 28 days"),
    (ahead(28), {"heard_on": ahead(-41), "reminders": 3}, "No answer for 41 days, 3 reminders"),
    (TODAY, {"heard_on": ahead(-30), "reminders": 1}, "No answer for 30 days, 1 reminder"),
    (ahead(29), {"heard_on": ahead(-41)}, ""),
    (ahead(28), {"heard_on": ahead(-27)}, ""),
    (ahead(1), {"reminders": 3}, ""),  # nobody outside has to answer
    # R2: moved twice or more
    (ahead(300), {"moved": 3}, "Date moved 3 times"),
    (ahead(300), {"moved": 2}, "Date moved twice"),
    (ahead(3), {"moved": 1}, ""),
    # R3: the lead says so
    (ahead(300), {"said": Said.AT_RISK}, "The lead says that it is at risk"),
    (ahead(300), {"said": Said.NOT_OURS}, "The lead says that it is not theirs"),
    (
        ahead(9),
        {"said": Said.MORE_TIME, "asked_for_on": date(2027, 1, 31)},
        "Asked to move it, to 31 January 2027",
    ),
    (ahead(9), {"said": Said.MORE_TIME, "moved": 1}, "Asked to move it a second time"),
    # R4: waits for an event with no date or a later one
    (ahead(9), {"waits_for": Event("the inquest")}, "Waits for the inquest, with no date yet"),
    (
        ahead(9),
        {"waits_for": Event("the trial", date(2027, 1, 11))},
        "Waits for the trial, listed 11 January 2027",
    ),
    (ahead(49), {"waits_for": Event("the trial", ahead(49))}, ""),
    # R5: returns outstanding with 5 working days or fewer left
    (
        ahead(4),
        {"returns_out": 2, "working_days_left": 4},
        "2 agency returns outstanding, 4 working days left",
    ),
    (
        ahead(1),
        {"returns_out": 1, "working_days_left": 1},
        "1 agency return outstanding, 1 working day left",
    ),
    (ahead(8), {"returns_out": 2, "working_days_left": 6}, ""),
    (ahead(4), {"working_days_left": 4}, ""),
    # R6: an earlier step is not started and its usual length exceeds the time left
    (
        ahead(42),
        {"earlier": draft(56)},
        "Not started: first full draft. It usually takes 40 working days; 30 working days left",
    ),
    (ahead(56), {"earlier": draft(56)}, ""),
    # R7: reminders are not arriving
    (ahead(80), {"undelivered": 1}, "1 reminder did not arrive"),
    (ahead(80), {"undelivered": 2}, "2 reminders did not arrive"),
    # reported as done stays at risk until it is verified, whatever else there is
    (ahead(80), {"reported_done": True, "moved": 4}, "Reported as done, not verified yet"),
    # what has passed is overdue, not likely late; and where no sign is, there is no reason
    (ahead(-1), {"moved": 4, "reported_done": True, "undelivered": 1}, ""),
    (TODAY, {}, ""),
]


@pytest.mark.parametrize(("due_on", "given_", "words"), TABLE)
def test_the_table(due_on: date, given_: dict[str, object], words: str) -> None:
    assert [r.words for r in reasons(Running(due_on, **given_), TODAY)] == ([words] if words else [])


def test_every_rule_has_its_example_and_the_reasons_stand_in_the_order_of_the_rules() -> None:
    everything = Running(
        ahead(3), heard_on=ahead(-40), moved=2, said=Said.AT_RISK, waits_for=Event("the inquest"),
        returns_out=1, working_days_left=3, earlier=draft(50), undelivered=1,
    )  # fmt: skip
    assert [reason.sign for reason in reasons(everything, TODAY)] == [s for s in Sign if s.value[0] == "R"]
    assert [r.sign for r in reasons(Running(TODAY, reported_done=True), TODAY)] == [Sign.NOT_VERIFIED]


def test_a_date_that_has_passed_is_never_likely_late_and_no_reason_is_empty() -> None:
    values = product(
        (-400, -1, 0, 1, 28, 29, 400), (None, -41, -28, 0), (0, 1, 3), (0, 1, 2, 5), Said, (0, 2), (0, 5, 6), (0, 1),
        (False, True),
    )  # fmt: skip
    for days, heard, reminders, moved, said, returns, left, undelivered, done in values:
        item = Running(
            ahead(days), None if heard is None else ahead(heard), reminders, moved, said, returns_out=returns,
            working_days_left=left, undelivered=undelivered, reported_done=done,
        )  # fmt: skip
        found = reasons(item, TODAY)
        assert days >= 0 or not found
        assert all(reason.words and not reason.words.endswith(".") for reason in found)
        assert len({reason.sign for reason in found}) == len(found)


def test_a_lead_is_silent_from_the_28th_day() -> None:
    assert [silent_days(ahead(-days), TODAY) for days in (0, 27, 28, 41)] == [0, 0, 28, 41]
    assert silent_days(None, TODAY) == 0


@pytest.mark.parametrize("day", range(7))
def test_twelve_weeks_end_on_a_sunday(day: int) -> None:
    assert last_day_of(12, ahead(day)) == date(2027, 2, 14)


@pytest.mark.parametrize(
    ("workflow", "state", "key", "steps", "ahead_of_it"),
    [
        (DHR, "gathering", "REPORT_6M", ("start_drafting", "start_consultation", "submit_to_csp", "sign_off"),
         ["FIRST_DRAFT", "FACT_CHECK"]),
        (DHR, "csp_sign_off", "REPORT_6M", ("sign_off",), []),
        (ASB, "threshold_met", "C10", ("notify_met", "schedule_review", "hold_review", "notify_outcome"), ["C6"]),
        (ASB, "threshold_check", "C5", ("decide_met", "notify_met"), []),
        (ASB, "threshold_check", "C13", None, []),  # an update is recorded: no step meets it
        (ASB, "received", "NO_SUCH_CLOCK", None, []),
    ],
)  # fmt: skip
def test_the_way_to_the_step_that_meets_a_clock(
    workflow: object, state: str, key: str, steps: tuple[str, ...] | None, ahead_of_it: list[str]
) -> None:
    way = way_to(workflow, state, key)  # type: ignore[arg-type]
    assert (tuple(move.name for move in way) if way else None) == steps
    assert [clock.key for clock in not_begun(workflow, way or (), key)] == ahead_of_it  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "state", "held"),
    [
        ("full", "gathering", True), ("partial", "gathering", True), ("publication_only", "gathering", False),
        ("partial", "csp_sign_off", True), ("publication_only", "csp_sign_off", False),
    ],
)  # fmt: skip
def test_a_hold_stands_in_the_way_of_the_report(kind: str, state: str, held: bool) -> None:
    assert (way_to(DHR, state, "REPORT_6M", forbidden=HOLD_BLOCKS[kind]) is None) is held
