"""A second look that is upheld, through the web pages: the threshold is decided again, the review is held again."""

from datetime import date

from tests import asb
from tests.routes.asb_walk import (
    HELD,
    MET_ON,
    OUTCOME,
    REFUSAL,
    Walk,
    preparing,
    scheduled,
    told_not_met,
)
from tests.routes.pages import Typed

ASKS: dict[str, Typed] = {
    "stage": "internal", "made_by": "The applicant", "request_words": "Two reports were left out", "late": "no",
}  # fmt: skip


def looked_at_again(
    walk: Walk, on: date, *, about: str, ground: str, involved: str, result: str, why: str, then: str
) -> Walk:
    """Somebody asks; it is acknowledged, admitted to somebody who was not involved, and upheld: the case goes ``then``."""
    walk.on(on)
    day = f"{on.day} {on.month} {on.year}"
    asked = walk.add("dissatisfaction", about=about, grounds=[ground], requested_on=day, **ASKS)
    foreseen = asked.running()
    assert set(foreseen) == {
        "Acknowledge the request for a second look",
        "Decide the request for a second look",
    }
    assert "(L9)" in asked.waits("acknowledge")
    asked.letter("L9")
    asked.take("acknowledge", "Being checked")
    asked.on(on, "manager")
    (words,) = asked.refused("admit", reviewer_role=involved)
    assert words.startswith("Name a reviewer who was not the decision-maker, the chair")
    asked.take("admit", "Under review", reviewer_role="Head of another service")
    said = {"result": result, "decided_on": day, "reasons": why}
    assert asked.refused("decide", **said) == ["Enter the minute or e-mail that shows the decision"]
    asked.take("decide", "Decided", evidence="E-mail of the reviewer", **said)
    assert walk.state == then
    asked.on(on)
    asked.letter("L11", result="Your request is upheld", why=why)
    asked.take("notify", "Told")
    assert asked.running() == {}
    return asked


def test_an_upheld_request_takes_a_closed_case_back_and_the_threshold_is_decided_again(walk: Walk) -> None:
    told_not_met(walk).on(date(2026, 12, 9))
    walk.letter("L12", why="No second look is wanted", done="Your reports were looked at")
    walk.take("close_case", "Closed", dissatisfaction_waived_on="9 12 2026")
    looked_at_again(
        walk, date(2026, 12, 14), about="application_handling", ground="facts_ignored", involved="Decision maker",
        result="upheld_redecide_threshold", why="Two reports were left out", then="Threshold check",
    )  # fmt: skip
    assert walk.running() == {
        "Threshold decision told": "Thu 7 Jan 2027",
        "Victim update": "Thu 14 Jan 2027",
    }
    walk.tell(("3 10 2026", "5 10 2026"), ("10 11 2026", "11 11 2026"))
    walk.on(date(2026, 12, 15), "decision-maker")
    again = {**REFUSAL, "decided_on": "15 12 2026"}
    refused = walk.refused("decide_not_met", **again)
    assert "Section 104(4) is reached: the bodies must decide that the threshold is met." in refused
    decision = {
        "decision_route": "mandatory",
        "decided_on": "15 12 2026",
        "decision_reasons": "Three incidents",
    }
    walk.take("decide_met", "Threshold met", **decision)
    walk.on(date(2026, 12, 15))
    assert "(L4)" in walk.waits("notify_met")
    walk.letter("L4", chair_role="Named in the invitation")
    assert walk.take("notify_met", "Preparing the review") == {"Review meeting held": "Fri 15 Jan 2027"}
    assert "Threshold decision told" not in walk.running()
    decided = [line for line in walk.page("/history").text.split(" by Decision maker ") if line]
    assert [line.endswith(("Threshold met", "Threshold not met")) for line in decided] == [True, True, False]
    assert walk.figures() == ["1", "1", "0", "0"]


def test_an_upheld_request_orders_the_review_to_be_held_again(walk: Walk) -> None:
    preparing(walk).on(date(2026, 12, 4))
    scheduled(walk, "17 12 2026")
    walk.on(MET_ON)
    nothing: dict[str, Typed] = {**HELD, "no_recommendations_reason": "All is done already"}
    walk.take("hold_review", "Review held", review_held_on="17 12 2026", **nothing)
    assert "Panel papers" in walk.running()
    walk.letter("L8", **{**OUTCOME, "recommendations": "None"})
    assert walk.take("notify_outcome", "Outcome told") == {"Time to ask for a second look": "Tue 19 Jan 2027"}
    looked_at_again(
        walk, date(2026, 12, 21), about="review_carrying_out", ground="victim_not_heard",
        involved="Head of housing, another council", result="upheld_rerun_review", why="The victim was not heard",
        then="Preparing the review",
    )  # fmt: skip
    assert walk.running() == {"Victim update": "Thu 21 Jan 2027", "Review meeting held": "Thu 21 Jan 2027"}

    walk.on(date(2026, 12, 22))
    assert (
        "Date the invitation (L6) was sent" not in walk.page("/steps/schedule-review").text
    )  # that of the first
    another: dict[str, Typed] = {"review_chair": "Director, another county"}
    assert scheduled(walk, "14 1 2027", change=another) == {"Panel papers": "Thu 7 Jan 2027"}
    walk.on(date(2027, 1, 6)).letter("L15", "panel", papers="Chronology, official-sensitive")
    walk.on(date(2027, 1, 14))
    walk.add(
        "recommendation", kind="local", recommendation_text="Answer within a day", recipient=asb.COUNCIL,
        public_functions="yes",
    )  # fmt: skip
    held = walk.take("hold_review", "Review held", review_held_on="14 1 2027", **HELD)
    assert held == {"Outcome letter": "Thu 28 Jan 2027"}
    assert "(L8)" in walk.waits("notify_outcome")  # that of the first review is none of this one
    walk.letter("L8", **OUTCOME)
    walk.letter("L17", "body", organisation=asb.COUNCIL, recommendation="Answer within a day")
    assert walk.take("notify_outcome", "Outcome told") == {"Time to ask for a second look": "Thu 11 Feb 2027"}
    assert walk.figures() == ["1", "0", "2", "1"]
