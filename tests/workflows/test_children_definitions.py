"""The processes that belong to a case say what the domain documents say: 4.5 of the one, 5.2 to 5.4 of the other."""

import re
from dataclasses import replace

import pytest

from tests.workflows import documents as doc
from workflows.dates import Mode
from workflows.deciders import Decider
from workflows.definition import Workflow
from workflows.dhr_2016_clocks import CLOCKS
from workflows.dhr_2016_guards import HOLD_BLOCKS
from workflows.dissatisfaction_v1 import DISSATISFACTION
from workflows.effects import Cancel, MoveParent, Start, TellParent
from workflows.engine import next_state, unmet_by
from workflows.facts import FactValue
from workflows.family_contact_v1 import FAMILY_CONTACT
from workflows.hold_v1 import HOLD
from workflows.information_request_v1 import INFORMATION_REQUEST
from workflows.parallel_process_v1 import PARALLEL_PROCESS
from workflows.position import Position
from workflows.recommendation_v1 import RECOMMENDATION
from workflows.selfcheck import faults_of

ALL = (INFORMATION_REQUEST, RECOMMENDATION, DISSATISFACTION, PARALLEL_PROCESS, FAMILY_CONTACT, HOLD)
MACHINES = {
    "imr": INFORMATION_REQUEST,
    "national_recommendation": RECOMMENDATION,
    "parallel_process": PARALLEL_PROCESS,
    "family_contact": FAMILY_CONTACT,
}
SHORT = {("submit_return", "requested", "submitted"), ("submit_return", "in_progress", "submitted")}
"""Short kinds go from requested to submitted in one move: docs/architecture.md section 8."""


def rows(workflow: Workflow) -> set[tuple[str, str, str]]:
    return {(move.name, source, move.to) for move in workflow.moves for source in move.sources}


def machine(name: str) -> tuple[str, set[str], set[tuple[str, str, str]]]:
    """Initial state, final states and rows of one machine of 4.5."""
    heading = re.search(rf"\*\*{name}\*\* - initial `(\w+)`; terminal: (.*)\n", doc.DHR)
    assert heading
    block = doc.DHR[heading.end() :].split("\n\n**", 1)[0]
    found = set()
    for trigger, sources, to in re.findall(r"^\| `(\w+)` \| ([\w, ]+) \| (\w+) \|$", block, re.MULTILINE):
        found |= {(trigger, source, to) for source in sources.split(", ")}
    return heading[1], set(re.findall(r"`(\w+)`", heading[2])), found


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_and_move_is_that_of_the_document(name: str) -> None:
    workflow = MACHINES[name]
    initial, final, theirs = machine(name)
    assert len(theirs) >= 5
    assert rows(workflow) - theirs == (SHORT if name == "imr" else set())
    assert theirs <= rows(workflow)
    assert workflow.initial == initial
    assert {s.name for s in workflow.states if s.final} == final
    assert {s.name for s in workflow.states} == {state for _, *ends in theirs for state in ends}


def test_a_second_look_is_the_listing_of_the_document() -> None:
    listing = doc.python_of(doc.ASB, "DS_TRANSITIONS = [")
    assert [state.name for state in DISSATISFACTION.states] == listing["DS_STATES"]
    ours = []
    for move in DISSATISFACTION.moves:
        sources = list(move.sources) if len(move.sources) > 1 else move.sources[0]
        conditions = [r.name for r in move.requirements]
        ours.append({"trigger": move.name, "source": sources, "dest": move.to, "conditions": conditions})
    assert ours == listing["DS_TRANSITIONS"]
    assert all(r.hard for move in DISSATISFACTION.moves for r in move.requirements)


def test_a_hold_is_reviewed_and_lifted() -> None:
    assert rows(HOLD) == {("review", "active", "active"), ("lift", "active", "lifted")}
    assert set(HOLD.kind_by_name) == set(HOLD_BLOCKS)
    (lift,) = (move for move in HOLD.moves if move.name == "lift")
    assert Cancel("HOLD_REVIEW") in lift.effects
    assert {name for need in HOLD.opening_needs for name in need} == {
        "kind", "reason", "requested_by", "placed_on", "review_on", "still_permitted_work",
    }  # fmt: skip
    reasons = re.search(r"reason list \(([\w, ]+)\)", doc.DHR)
    assert reasons
    assert [c.value for c in HOLD.fact_by_name["reason"].choices] == reasons[1].split(", ")


@pytest.mark.parametrize(
    ("workflow", "key", "n", "unit", "kind"),
    [
        (INFORMATION_REQUEST, "SUMMARY", 10, "working_days", "summary"),
        (INFORMATION_REQUEST, "CHRONOLOGY", 20, "working_days", "chronology"),
        (INFORMATION_REQUEST, "IMR", 40, "working_days", "imr"),
        (INFORMATION_REQUEST, "C4", 10, "working_days", "agency_return"),
        (RECOMMENDATION, "C11", 20, "working_days", ""),
        (RECOMMENDATION, "NATIONAL_REC_REPLY", 56, "days", ""),
        (DISSATISFACTION, "C15", 5, "working_days", ""),
        (DISSATISFACTION, "C16", 20, "working_days", ""),
        (PARALLEL_PROCESS, "PARALLEL_CHECK", 28, "days", ""),
        (FAMILY_CONTACT, "FAMILY_CONTACT", 6, "months", ""),
        (HOLD, "HOLD_REVIEW", 3, "months", "full"),
    ],
)
def test_lengths(workflow: Workflow, key: str, n: int, unit: str, kind: str) -> None:
    clock = workflow.clock_by_key[key]
    assert clock.period is not None
    assert (clock.period.n, str(clock.period.unit)) == (n, unit)
    if kind:
        assert workflow.kind_by_name[kind].clock == key
    theirs = {clock.key: clock for clock in CLOCKS}
    if key in theirs:  # the review names the same clock: its length, owner and ladder are the same
        assert (theirs[key].period, theirs[key].owner, theirs[key].ladder) == (
            clock.period,
            clock.owner,
            clock.ladder,
        )


def test_a_local_recommendation_has_20_working_days_and_a_national_one_56_days() -> None:
    (send,) = (move for move in RECOMMENDATION.moves if move.name == "send")
    assert {e.clock: e.only_kinds for e in send.effects if isinstance(e, Start)} == {
        "C11": ("local", "regional"),
        "NATIONAL_REC_REPLY": ("national",),
    }


def test_a_clock_for_a_kind_that_is_not_there_is_a_fault() -> None:
    strange = replace(RECOMMENDATION.moves[0], effects=(Start("C11", only_kinds=("global",)),))
    faults = list(faults_of(replace(RECOMMENDATION, moves=(strange, *RECOMMENDATION.moves[1:]))))
    assert any("kind that is not declared: global" in fault for fault in faults)


def test_the_agency_moves_its_own_request_and_only_the_chair_does_without_it() -> None:
    decided = {move.name: set(move.decided_by) for move in INFORMATION_REQUEST.moves}
    theirs = {name for name, who in decided.items() if Decider.AGENCY_LEAD in who}
    assert theirs == {
        "acknowledge", "submit_return", "submit_draft", "send_for_sign_off", "submit", "agency_sign_off", "respond",
        "return_nil", "refuse",
    }  # fmt: skip
    assert decided["waive"] == {Decider.PANEL_CHAIR}
    assert decided["accept"] == {Decider.BU_OFFICER, Decider.BU_MANAGER}
    assert all(Decider.AGENCY_LEAD not in move.decided_by for w in ALL[2:] for move in w.moves)


def test_a_management_review_is_signed_off_before_it_comes_in() -> None:
    move = INFORMATION_REQUEST.move("submit_return", "requested")
    assert move is not None
    for kind, stopped in (("imr", True), ("summary", False), ("agency_return", False), ("chronology", False)):
        facts: dict[str, FactValue] = {"kind": kind}
        names = {u.name for u in unmet_by(INFORMATION_REQUEST, move, Position("requested", facts))}
        assert ("short_return" in names) is stopped


def test_a_refusal_names_its_legal_reason_and_a_public_body_its_reasons() -> None:
    refuse = INFORMATION_REQUEST.move("refuse", "requested")
    assert refuse is not None
    assert ("legal_basis",) in refuse.needs
    for name in ("reply_part", "reply_reject"):
        move = RECOMMENDATION.move(name, "sent")
        assert move is not None
        public = Position("sent", {"public_functions": True})
        private = Position("sent", {"public_functions": False})
        assert "public_body_gives_reasons" in {u.name for u in unmet_by(RECOMMENDATION, move, public)}
        assert "public_body_gives_reasons" not in {u.name for u in unmet_by(RECOMMENDATION, move, private)}
    close = RECOMMENDATION.move("close_unanswered", "sent")
    assert close is not None
    assert "escalated" in {u.name for u in unmet_by(RECOMMENDATION, close, Position("sent"))}


@pytest.mark.parametrize("named", ["Officer@Example.org", " the chair "])
def test_whoever_was_involved_before_cannot_look_again(named: str) -> None:
    move = DISSATISFACTION.move("admit", "screening")
    assert move is not None
    known: dict[str, FactValue] = {"involved_before": ("officer@example.org", "the chair")}
    here = Position("screening", {"reviewer_role": named}, known=known)
    assert [u.name for u in unmet_by(DISSATISFACTION, move, here)] == ["reviewer_not_involved_before"]
    other = Position("screening", {"reviewer_role": "Head of another service"}, known=known)
    assert next_state(DISSATISFACTION, "admit", other) == "under_review"


def test_what_is_told_to_the_case_above() -> None:
    (decide,) = (move for move in DISSATISFACTION.moves if move.name == "decide")
    assert {(e.move, e.equals) for e in decide.effects if isinstance(e, MoveParent)} == {
        ("redetermine_threshold", "upheld_redecide_threshold"),
        ("rerun_review", "upheld_rerun_review"),
    }
    ends = [move for move in INFORMATION_REQUEST.moves if INFORMATION_REQUEST.state_by_name[move.to].final]
    assert len(ends) == 4
    for move in ends:
        (told,) = (e for e in move.effects if isinstance(e, TellParent))
        assert (told.fact, told.kind, told.when_all) == ("all_summaries_returned_on", "summary", True)


@pytest.mark.parametrize("name", ["pseudonym", "relation", "contact_topics", "draft_comments"])
def test_what_may_identify_a_relative_is_private(name: str) -> None:
    assert FAMILY_CONTACT.fact_by_name[name].private


def test_letters_are_sent_and_chasers_are_counted_never_typed() -> None:
    through = {fact.name for w in ALL for fact in w.facts if fact.through}
    assert through == {
        "letter_sent_L9", "letter_sent_L10", "letter_sent_L11", "chasers", "chased_on", "escalated_on",
    }  # fmt: skip


NEIGHBOURS = {row["neighbour"]: row for row in doc.table(doc.DHR, "neighbour | kind")}


def test_the_dates_of_neighbouring_processes_are_those_of_the_document() -> None:
    theirs = {clock.key: clock for clock in PARALLEL_PROCESS.clocks if clock.only_kinds}
    assert set(theirs) == set(NEIGHBOURS)
    for key, row in NEIGHBOURS.items():
        clock = theirs[key]
        assert clock.period is not None
        assert (clock.only_kinds, clock.starts_on, clock.met_by, str(clock.force)) == (
            (row["kind"],), row["starts"], (row["stops"],), row["force"],
        )  # fmt: skip
        assert (clock.period.n, str(clock.period.unit)) == doc.length(row["length"])
        assert (clock.period.mode is Mode.BEGINNING_WITH) is ("beginning with" in row["length"])
        assert clock.length_local is clock.extendable is (row["force"] != "statute")


def test_a_fact_of_another_kind_is_told_apart() -> None:
    assert {"pfd_report_on", "pfd_replied_on"} <= PARALLEL_PROCESS.not_of("sar")
    assert not PARALLEL_PROCESS.not_of("sar") & {"sar_decided_on", "sar_done_on", "last_checked_on"}
    assert not HOLD.not_of("full")
    strange = replace(PARALLEL_PROCESS.clocks[1], only_kinds=("weather",))
    faults = list(faults_of(replace(PARALLEL_PROCESS, clocks=(strange,))))
    assert any("a kind that is not declared: weather" in fault for fault in faults)
