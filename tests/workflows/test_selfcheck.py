"""A definition that contradicts itself cannot be imported: one broken definition for each fault."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from workflows.deciders import Decider
from workflows.definition import Clock, Force, Move, Stage, StartsBy, State, Workflow
from workflows.effects import (
    Alert,
    Cancel,
    CountUp,
    Effect,
    Note,
    SetFact,
    Start,
    Stop,
    Tasks,
)  # fmt: skip
from workflows.facts import Choice, Fact, FactKind
from workflows.periods import Period, Unit
from workflows.position import Requirement
from workflows.selfcheck import DefinitionRefused, checked, faults_of


def effects(*more: Effect) -> tuple[Effect, ...]:
    return (Stop("DUTY"), SetFact("outcome", "well"), CountUp("times"), Alert("csp_chair"), *more)


SOUND = Workflow(
    key="walk",
    version=1,
    title="Walk",
    effective_from=date(2026, 1, 1),
    initial="in",
    stages=(Stage("1", "One"),),
    states=(
        State("in", "Inside", "1", "Not gone yet."),
        State("out", "Outside", "1", "Gone.", final=True),
    ),
    moves=(
        Move(
            "go", ("in",), "out", "Go", "Gone", (Decider.BU_OFFICER,),
            needs=(("went_on", "reason"),),
            requirements=(Requirement("dressed", "Put on a coat.", lambda _here: True),),
            effects=effects(Cancel("DUTY"), Cancel("all_clocks"), Tasks("out"), Note("tell:nobody")),
            does="The walk begins.", anew=("reason",),
        ),
        Move(
            "return", ("out",), "in", "Return", "Returned", (Decider.BU_OFFICER,),
            effects=(Start("DUTY"), Start("DUTY", from_fact="went_on")), does="The walk ends.", usual=False,
        ),
    ),
    clocks=(
        Clock(
            "DUTY", "Come back", "entered:in", ("went_on",), Period(5, Unit.DAYS), Force.LOCAL, "House rule",
            Decider.BU_OFFICER,
        ),
        Clock(
            "LIGHT", "Put out the light", "went_on", ("reason",), None, Force.LOCAL, "House rule", Decider.BU_OFFICER,
            starts_by=StartsBy.FACT, per="room", each_of="rooms", due_fact="went_on",
        ),
    ),
    facts=(
        Fact("went_on", FactKind.DATE, "Date of going"),
        Fact("reason", FactKind.TEXT, "Reason"),
        Fact("times", FactKind.NUMBER, "Times"),
        Fact("rooms", FactKind.ORGANISATIONS, "Rooms"),
        Fact("outcome", FactKind.CHOICE, "Outcome", choices=(Choice("well", "Well"),)),
    ),
    opening_needs=(("reason",),),
    opening=(Start("DUTY"),),
    date_order=("went_on",),
)  # fmt: skip

Break = Callable[[Workflow], Workflow]


def move(**changes: object) -> Break:
    return lambda w: replace(w, moves=(replace(w.moves[0], **changes), *w.moves[1:]))  # type: ignore[arg-type]


def back(**changes: object) -> Break:
    return lambda w: replace(w, moves=(w.moves[0], replace(w.moves[1], **changes)))  # type: ignore[arg-type]


def clock(number: int = 0, **changes: object) -> Break:
    def broken(w: Workflow) -> Workflow:
        clocks = list(w.clocks)
        clocks[number] = replace(clocks[number], **changes)  # type: ignore[arg-type]
        return replace(w, clocks=tuple(clocks))

    return broken


def state(number: int, **changes: object) -> Break:
    def broken(w: Workflow) -> Workflow:
        states = list(w.states)
        states[number] = replace(states[number], **changes)  # type: ignore[arg-type]
        return replace(w, states=tuple(states))

    return broken


def also(**more: tuple[object, ...]) -> Break:
    return lambda w: replace(w, **{name: (*getattr(w, name), *items) for name, items in more.items()})  # type: ignore[arg-type]


LONELY = State("lonely", "Lonely", "1", "Nobody comes.", final=True)
STUCK = Move("stick", ("in",), "stuck", "Stick", "Stuck", (Decider.BU_OFFICER,), does="It sticks.")
SPIN = Move("spin", ("stuck",), "stuck", "Spin", "Spun", (Decider.BU_OFFICER,), does="It turns.")
COAT = Requirement("dressed", "Put on a coat.", lambda _here: True)

FAULTS: list[tuple[str, Break]] = [
    ("the state in is there twice", also(states=(SOUND.states[0],))),
    ("the stage 1 is there twice", also(stages=(Stage("1", "Again"),))),
    ("the clock DUTY is there twice", also(clocks=(SOUND.clocks[0],))),
    ("the fact reason is there twice", also(facts=(SOUND.facts[1],))),
    ("the move out of one state go from in is there twice", also(moves=(SOUND.moves[0],))),
    ("the initial state away is not declared", lambda w: replace(w, initial="away")),
    ("the state in is in a stage that is not declared: 9", state(0, stage="9")),
    ("the state in has no words", state(0, meaning=" ")),
    ("the state in has no words", state(0, label="")),
    ("the move go names a state that is not declared: away", move(to="away")),
    ("the move go names a state that is not declared: away", move(sources=("in", "away"))),
    ("no move leads to the state lonely", also(states=(LONELY,))),
    (
        "no move leads out of the state stuck, which is not final",
        also(states=(State("stuck", "Stuck", "1", "Sticks."),), moves=(STUCK, SPIN)),
    ),
    ("a usual move leads out of the final state out: only reopening may", back(usual=True)),
    ("the move go has no source or nobody who decides it", move(sources=())),
    ("the move go has no source or nobody who decides it", move(decided_by=())),
    ("the move go has no words", move(label=" ")),
    ("the move go has no words", move(past="")),
    ("the move go has no words", move(does="")),
    ("the move go asks for a fact that is not declared: colour", move(needs=(("colour", "reason"),))),
    ("the move go wants a fact anew that it does not ask for: times", move(anew=("times",))),
    ("the move go has the requirement dressed twice", move(requirements=(COAT, COAT))),
    ("the requirement dressed of go has no words", move(requirements=(replace(COAT, words=" "),))),
    ("the move go asks for a fact that is not declared: coat", move(requirements=(replace(COAT, facts=("coat",)),))),
    ("the move go names a clock that is not declared: NONE", move(effects=effects(Start("NONE")))),
    ("the move go names a clock that is not declared: NONE", move(effects=effects(Stop("NONE")))),
    ("the move go names a clock that is not declared: NONE", move(effects=effects(Cancel("NONE")))),
    (
        "the move go starts a clock from a fact that is not declared: never",
        move(effects=effects(Start("DUTY", from_fact="never"))),
    ),
    ("the move go sets a fact that is not declared: colour", move(effects=effects(SetFact("colour", "red")))),
    ("the move go sets a fact that is not declared: colour", move(effects=effects(CountUp("colour")))),
    (
        "the move go sets outcome to an answer that is not declared: badly",
        move(effects=effects(SetFact("outcome", "badly"))),
    ),
    ("the move go opens the tasks of a state that is not declared: away", move(effects=effects(Tasks("away")))),
    ("logging names a clock that is not declared: NONE", also(opening=(Start("NONE"),))),
    ("nothing starts the clock DUTY", lambda w: replace(back(effects=())(w), opening=())),
    ("nothing stops the clock DUTY", lambda w: clock(met_by=())(move(effects=())(w))),
    ("the clock DUTY starts on a state that is not declared: away", clock(starts_on="entered:away")),
    ("the clock DUTY starts on a fact that is not declared: never", clock(starts_on="never")),
    ("the clock LIGHT starts on a fact that is not declared: entered:in", clock(1, starts_on="entered:in")),
    ("the clock DUTY must have either a length or a fact that holds its date", clock(period=None)),
    ("the clock DUTY names a fact that is not declared: never", clock(met_by=("never",))),
    ("the clock LIGHT names a fact that is not declared: never", clock(1, each_of="never")),
    ("the clock LIGHT names a fact that is not declared: never", clock(1, due_fact="never")),
    ("the clock LIGHT must say both what there is one for each of, and where the list is", clock(1, each_of="")),
    ("the clock LIGHT must say both what there is one for each of, and where the list is", clock(1, per="")),
    ("the clock DUTY has no words", clock(label="")),
    ("the clock DUTY has no words", clock(basis=" ")),
    ("the clock DUTY reminds nobody", clock(ladder=())),
    ("the fact silent has no words", also(facts=(Fact("silent", FactKind.TEXT, " "),))),
    ("logging asks for a fact that is not declared: never", also(opening_needs=(("never",),))),
    ("the order of dates names a fact that is not declared: never", also(date_order=("never",))),
]  # fmt: skip


def test_a_sound_definition_passes() -> None:
    assert list(faults_of(SOUND)) == []
    assert checked(SOUND) is SOUND


@pytest.mark.parametrize(
    ("fault", "broken"), FAULTS, ids=[f"{n}-{fault}" for n, (fault, _) in enumerate(FAULTS)]
)
def test_fault(fault: str, broken: Break) -> None:
    assert fault in list(faults_of(broken(SOUND)))
    with pytest.raises(DefinitionRefused) as refusal:
        checked(broken(SOUND))
    assert f"walk/1: {fault}" in str(refusal.value).splitlines()


def test_all_faults_come_at_once() -> None:
    with pytest.raises(DefinitionRefused) as refusal:
        checked(clock(ladder=(), label="")(move(label="")(SOUND)))
    assert len(str(refusal.value).splitlines()) == 3


def test_a_fact_without_fixed_answers_may_be_set_to_anything() -> None:
    assert list(faults_of(move(effects=effects(SetFact("reason", "any words")))(SOUND))) == []


@pytest.mark.parametrize(
    ("effect", "text"),
    [
        (Start("REPORT_6M"), "start:REPORT_6M"),
        (Start("REPORT_6M", from_fact="direction_on"), "start:REPORT_6M(from=direction_on)"),
        (Start("IMR", each="agency"), "start:IMR(each agency)"),
        (Stop("DECISION"), "stop:DECISION"),
        (Stop("DECISION", "transferred"), "stop:DECISION(outcome=transferred)"),
        (Cancel("all_clocks"), "cancel:all_clocks"),
        (SetFact("legal_basis", "direction"), "set:legal_basis=direction"),
        (CountUp("submission_no"), "set:submission_no+=1"),
        (Tasks("scoping"), "tasks:scoping"),
        (Tasks("no_review_with_ho", "no_review"), "tasks:no_review"),
        (Alert("csp_chair"), "alert:csp_chair"),
        (Note("open:actions(draft->agreed)"), "open:actions(draft->agreed)"),
    ],
)
def test_effects_read_as_in_the_documents(effect: Effect, text: str) -> None:
    assert effect.text == text


LOCKED: list[Break] = [
    lambda w: replace(w, title="Stroll"),
    lambda w: replace(w, opening_needs=()),
    lambda w: replace(w, opening=(Start("DUTY", from_fact="went_on"),)),
    lambda w: replace(w, date_order=()),
    lambda w: replace(w, facts=(replace(w.facts[0], may_be_future=True), *w.facts[1:])),
    lambda w: replace(w, facts=(replace(w.facts[0], private=True), *w.facts[1:])),
    lambda w: replace(w, facts=(*w.facts[:-1], replace(w.facts[-1], choices=()))),
    move(anew=()),
    move(needs=()),
    move(requirements=(replace(COAT, hard=False),)),
    move(requirements=(replace(COAT, override_by=Decider.CSP_CHAIR),)),
    clock(period=Period(6, Unit.DAYS)),
    clock(period=Period(5, Unit.WORKING_DAYS)),
    clock(starts_by=StartsBy.FACT),
    clock(minimum=True),
    clock(repeats=True),
    clock(met_by_all=True),
    clock(ladder=SOUND.clocks[0].ladder[1:]),
    state(0, label="Within"),
]


@pytest.mark.parametrize("changed", LOCKED)
def test_the_digest_covers_all_that_an_open_case_relies_on(changed: Break) -> None:
    assert changed(SOUND).digest != SOUND.digest


def test_the_digest_does_not_depend_on_the_day_or_the_process() -> None:
    assert replace(SOUND).digest == SOUND.digest
    assert len(SOUND.digest) == 64
