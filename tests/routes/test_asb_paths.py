"""The worked paths of an ASB case review through the web pages, from the call to the closing: met, and not met."""

from datetime import date

from tests import asb
from tests.routes.asb_walk import (
    CHAIR,
    DECIDED,
    GOOD,
    HELD,
    MET_ON,
    OUTCOME,
    REFUSAL,
    Walk,
    checking,
    preparing,
    scheduled,
    told_not_met,
)
from tests.routes.pages import visit

ASKED = {
    "kind": "agency_return",
    "requested_on": "23 11 2026",
    "asked_for": "Every report. A nil return is wanted.",
}
RECOMMENDED = {"kind": "local", "recommendation_text": "Share the records", "public_functions": "yes"}


def test_the_bodies_are_asked_and_what_section_104_4_decides_cannot_be_decided_otherwise(walk: Walk) -> None:
    checking(walk).tell(*GOOD)
    police, council = (
        walk.add("information_request", agency=body, **ASKED) for body in (asb.POLICE, asb.COUNCIL)
    )
    assert police.running() == council.running() == {"Agency return": "Mon 7 Dec 2026"}
    police.letter("L16", "body", organisation=asb.POLICE, asked="Every report held")
    police.on(date(2026, 11, 27), "lead")
    police.take("submit_return", "Sent in", returned_on="27 11 2026", return_summary="Three calls")
    walk.on(DECIDED, "decision-maker")
    must = walk.waits("decide_met")
    assert "Wait for each body's return" in must
    assert "Record it" not in must  # no date typed here would be the return
    council.on(DECIDED)
    council.take("return_nil", "Nil return", returned_on="2 12 2026", nil_statement="Nothing is held")
    police.take("accept", "Accepted", accepted_on="2 12 2026")
    walk.assess()
    walk.on(DECIDED, "decision-maker")
    refused = walk.refused("decide_not_met", **REFUSAL)
    assert refused[0] == "Section 104(4) is reached: the bodies must decide that the threshold is met."
    assert "a route that fits the calculation on the threshold page" in refused[1]
    decision = {
        "decision_route": "mandatory",
        "decided_on": "2 12 2026",
        "decision_reasons": "Three incidents",
    }
    walk.take("decide_met", "Threshold met", **decision)


def test_met_reviewed_recommended_followed_and_closed(walk: Walk) -> None:
    preparing(walk).on(date(2026, 12, 4))
    officer = {**CHAIR, "review_chair": "Officer", "review_on": "17 12 2026"}
    assert any(
        "This person was the applicant's contact" in words
        for words in walk.refused("schedule_review", **officer)
    )
    assert scheduled(walk, "17 12 2026") == {"Panel papers": "Thu 10 Dec 2026"}
    walk.on(date(2026, 12, 9)).letter("L15", "panel", papers="Chronology, official-sensitive")
    assert "Panel papers" not in walk.running()

    walk.on(MET_ON)
    (words,) = walk.refused("hold_review", review_held_on="17 12 2026", **HELD)
    assert "add the recommendations and actions to the case, or say why there are none" in words
    asked = [walk.add("recommendation", recipient=body, **RECOMMENDED) for body in (asb.POLICE, asb.COUNCIL)]
    action = walk.act("Mend the lights", asb.POLICE, "29 1 2027")
    assert "from the day it is accepted, its target date is Friday 29 January 2027" in action.page().text
    held = walk.take("hold_review", "Review held", review_held_on="17 12 2026", **HELD)
    assert held == {"Outcome letter": "Tue 5 Jan 2027"}
    walk.letter("L18", moved="The review was held")
    assert walk.running()["Victim update"] == "Tue 19 Jan 2027"

    walk.on(date(2026, 12, 22))
    walk.letter("L8", **OUTCOME)
    walk.letter("L17", "body", organisation=asb.POLICE, recommendation="Share the records")
    must = walk.waits("notify_outcome")
    assert "Still to get it: Herefordshire Council." in must
    assert "(L8)" not in must
    walk.letter("L17", "body", organisation=asb.COUNCIL, recommendation="Share the records")
    assert walk.take("notify_outcome", "Outcome told") == {"Time to ask for a second look": "Fri 22 Jan 2027"}
    assert [one.state for one in asked] == ["Sent", "Sent"]
    assert asked[0].running() == {"Response to the recommendation": "Fri 22 Jan 2027"}
    assert action.running()["Action target date"] == "Fri 29 Jan 2027"
    assert walk.take("start_monitoring", "Following the action plan") == {
        "Action-plan check-in": "Sat 20 Feb 2027"
    }

    asked[0].on(date(2027, 1, 5), "lead")
    asked[0].take("reply_accept", "Accepted", replied_on="5 1 2027", reply_text="We share them from now on")
    done = action.page().submit({"answer": "done", "note": "Mended: photographs", "evidence": "File 3"})
    assert "Somebody else will now look" in done.text
    asked[1].on(date(2027, 1, 12))
    asked[1].take("reply_already", "Already happening", replied_on="11 1 2027", reply_text="We do so already")

    walk.on(date(2027, 1, 15))
    walk.letter("L18", moved="The lights are mended")
    walk.letter("L12", why="All is done", done="The lights")
    walk.on(date(2027, 1, 15), "manager")
    assert "A recommendation or an action is still open." in walk.waits("close_case")
    visit(walk.browser, f"{action.address}/verify").submit({"outcome": "accept", "note": "Seen"})
    closing = {"victim_views_sought_on": "15 1 2027", "dissatisfaction_window_over_on": "15 1 2027"}
    (words,) = walk.refused("close_case", **closing)
    assert words.startswith("Wait until the time to ask for a second look is over")
    walk.on(date(2027, 1, 25), "manager")
    closing = {"victim_views_sought_on": "25 1 2027", "dissatisfaction_window_over_on": "22 1 2027"}
    walk.take("close_case", "Closed", **closing)
    assert walk.running() == {}


def test_not_met_with_a_countersignature_told_by_post_and_closed(walk: Walk) -> None:
    told_not_met(walk).on(date(2026, 12, 9))
    assert "(L12)" in walk.waits("close_case")
    walk.letter("L12", why="The time for a second look is over soon", done="Your reports were looked at")
    (words,) = walk.refused("close_case", dissatisfaction_window_over_on="9 12 2026")
    assert words.startswith("Wait until the time to ask for a second look is over")
    walk.take("close_case", "Closed", dissatisfaction_waived_on="9 12 2026")
    assert walk.running() == {}
    assert "Closed on Wednesday 9 December 2026: Closed." in " ".join(walk.page().response.text.split())
