"""What every definition is held to before it can be imported."""

from collections import Counter
from collections.abc import Iterable, Iterator

from workflows.definition import ENTERED, Clock, Move, StartsBy, State, Workflow
from workflows.effects import (
    ALL_CLOCKS,
    OPEN_CLOCKS,
    Cancel,
    CountChildren,
    CountUp,
    Effect,
    HandTo,
    Keep,
    SetFact,
    Start,
    Stop,
    Tasks,
)

_ANY_CLOCK = {ALL_CLOCKS, OPEN_CLOCKS}


class DefinitionRefused(Exception):
    """The definition contradicts itself; every fault is listed."""


def checked(workflow: Workflow) -> Workflow:
    """The same workflow, if nothing in it contradicts the rest.

    Raises:
        DefinitionRefused: with one line for each fault.
    """
    faults = list(faults_of(workflow))
    if faults:
        raise DefinitionRefused("\n".join(f"{workflow.id}: {fault}" for fault in faults))
    return workflow


def faults_of(workflow: Workflow) -> Iterator[str]:
    """Each fault in words."""
    yield from _doubles(workflow)
    yield from _states(workflow)
    yield from _moves(workflow)
    yield from _clocks(workflow)
    yield from _facts(workflow)
    yield from _lists(workflow)


def _lists(workflow: Workflow) -> Iterator[str]:
    """Kinds and tasks name what is there."""
    for kind in workflow.kinds:
        if kind.clock and kind.clock not in workflow.clock_by_key:
            yield f"the kind {kind.name} names a clock that is not declared: {kind.clock}"
    for clock in workflow.clocks:
        for name in sorted(set(clock.only_kinds) - set(workflow.kind_by_name)):
            yield f"the clock {clock.key} is of a kind that is not declared: {name}"
    for task in workflow.tasks:
        if task.state not in workflow.state_by_name:
            yield f"the task {task.key} belongs to a state that is not declared: {task.state}"


def _repeated(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def _doubles(workflow: Workflow) -> Iterator[str]:
    for what, names in (
        ("state", [s.name for s in workflow.states]),
        ("stage", [s.key for s in workflow.stages]),
        ("clock", [c.key for c in workflow.clocks]),
        ("fact", [f.name for f in workflow.facts]),
        ("kind", [k.name for k in workflow.kinds]),
        ("task", [t.key for t in workflow.tasks]),
        (
            "move out of one state",
            [f"{m.name} from {source}" for m in workflow.moves for source in m.sources],
        ),
    ):
        for name in _repeated(names):
            yield f"the {what} {name} is there twice"


def _states(workflow: Workflow) -> Iterator[str]:
    names = {s.name for s in workflow.states}
    if workflow.initial not in names:
        yield f"the initial state {workflow.initial} is not declared"
        return
    stages = {s.key for s in workflow.stages}
    for state in workflow.states:
        if state.stage not in stages:
            yield f"the state {state.name} is in a stage that is not declared: {state.stage}"
        if not (state.label.strip() and state.meaning.strip()):
            yield f"the state {state.name} has no words"
        yield from _ways_out(workflow, state)
    for move in workflow.moves:
        for name in (*move.sources, move.to):
            if name not in names:
                yield f"the move {move.name} names a state that is not declared: {name}"
    for name in sorted(names - _reached(workflow)):
        yield f"no move leads to the state {name}"


def _ways_out(workflow: Workflow, state: State) -> Iterator[str]:
    out = workflow.moves_from(state.name)
    if not state.final and not any(move.to != state.name for move in out):
        yield f"no move leads out of the state {state.name}, which is not final"
    if state.final and any(move.usual for move in out):
        yield f"a usual move leads out of the final state {state.name}: only reopening may"


def _reached(workflow: Workflow) -> set[str]:
    reached, frontier = {workflow.initial}, [workflow.initial]
    while frontier:
        onward = {move.to for move in workflow.moves_from(frontier.pop())} - reached
        reached |= onward
        frontier += onward
    return reached


def _moves(workflow: Workflow) -> Iterator[str]:
    facts = workflow.fact_by_name
    for move in workflow.moves:
        if not move.sources or not move.decided_by:
            yield f"the move {move.name} has no source or nobody who decides it"
        if not (move.label.strip() and move.past.strip() and move.does.strip()):
            yield f"the move {move.name} has no words"
        for name in move.asks():
            if name not in facts:
                yield f"the move {move.name} asks for a fact that is not declared: {name}"
        for name in sorted(set(move.anew) - set(move.asks())):
            yield f"the move {move.name} wants a fact anew that it does not ask for: {name}"
        yield from _requirements(move)
        for effect in move.effects:
            yield from _effect(workflow, effect, f"the move {move.name}")
    for effect in workflow.opening:
        yield from _effect(workflow, effect, "logging")


def _requirements(move: Move) -> Iterator[str]:
    for name in _repeated(r.name for r in move.requirements):
        yield f"the move {move.name} has the requirement {name} twice"
    for requirement in move.requirements:
        if not requirement.words.strip():
            yield f"the requirement {requirement.name} of {move.name} has no words"


def _start(workflow: Workflow, start: Start, what: str) -> Iterator[str]:
    """When a clock is started, and from which day."""
    facts = workflow.fact_by_name
    if set(start.only_kinds) - set(workflow.kind_by_name):
        yield f"{what} starts a clock for a kind that is not declared: {', '.join(start.only_kinds)}"
    for name in {start.from_fact, start.if_fact} - {"", *facts}:
        yield f"{what} starts a clock from a fact that is not declared: {name}"
    if start.if_fact in facts and start.equals not in {c.value for c in facts[start.if_fact].choices}:
        yield f"{what} starts a clock for an answer that {start.if_fact} does not have: {start.equals}"


def _effect(workflow: Workflow, effect: Effect, what: str) -> Iterator[str]:
    facts, clocks = workflow.fact_by_name, workflow.clock_by_key
    match effect:
        case Start(clock=clock) | Stop(clock=clock) if clock not in clocks:
            yield f"{what} names a clock that is not declared: {clock}"
        case Start():
            yield from _start(workflow, effect, what)
        case Cancel(clock=clock) if clock not in {*clocks, *_ANY_CLOCK}:
            yield f"{what} names a clock that is not declared: {clock}"
        case SetFact(fact=name) | CountUp(fact=name) | CountChildren(fact=name) | Keep(fact=name) if (
            name not in facts
        ):
            yield f"{what} sets a fact that is not declared: {name}"
        case HandTo(fact=name) if name not in facts:
            yield f"{what} hands the case to what no fact names: {name}"
        case SetFact(fact=name, value=value):
            choices = {choice.value for choice in facts[name].choices}
            if choices and value not in choices:
                yield f"{what} sets {name} to an answer that is not declared: {value}"
        case Tasks(state=state) if state not in workflow.state_by_name:
            yield f"{what} opens the tasks of a state that is not declared: {state}"


def _clocks(workflow: Workflow) -> Iterator[str]:
    effects: list[Effect] = [*workflow.opening, *(e for m in workflow.moves for e in m.effects)]
    started = {e.clock for e in effects if isinstance(e, Start)}
    stopped = {e.clock for e in effects if isinstance(e, Stop)}
    started |= {kind.clock for kind in workflow.kinds}
    for clock in workflow.clocks:
        if clock.child and clock.child not in workflow.family:
            yield f"the clock {clock.key} runs on a process that is not of the family: {clock.child}"
        if clock.starts_by is StartsBy.EFFECT and clock.key not in started and not clock.child:
            yield f"nothing starts the clock {clock.key}"
        if not clock.met_by and clock.key not in stopped and not clock.child:
            yield f"nothing stops the clock {clock.key}"
        if not clock.child:  # its facts are those of the case that carries it
            yield from _clock_names(workflow, clock)
        if clock.period is None and not clock.due_fact:
            yield f"the clock {clock.key} must have either a length or a fact that holds its date"
        if bool(clock.per) != bool(clock.each_of):
            yield f"the clock {clock.key} must say both what there is one for each of, and where the list is"
        if not (clock.label.strip() and clock.basis.strip()):
            yield f"the clock {clock.key} has no words"
        if not clock.ladder:
            yield f"the clock {clock.key} reminds nobody"


def _clock_names(workflow: Workflow, clock: Clock) -> Iterator[str]:
    """What a clock names must be there: its starting fact or state, the facts that meet it, its list, its date."""
    entered = clock.starts_on.removeprefix(ENTERED)
    by_state = clock.starts_on.startswith(ENTERED) and clock.starts_by is StartsBy.EFFECT
    if by_state and entered not in workflow.state_by_name:
        yield f"the clock {clock.key} starts on a state that is not declared: {entered}"
    if not by_state and clock.starts_on not in workflow.fact_by_name:
        yield f"the clock {clock.key} starts on a fact that is not declared: {clock.starts_on}"
    for name in (*clock.met_by, clock.each_of, clock.due_fact, clock.length_fact, clock.later_if):
        if name and name not in workflow.fact_by_name:
            yield f"the clock {clock.key} names a fact that is not declared: {name}"
    asked = workflow.fact_by_name.get(clock.length_fact)
    if (
        clock.lengths
        and asked
        and {answer for answer, _ in clock.lengths} != {c.value for c in asked.choices}
    ):
        yield f"the clock {clock.key} does not have a length for each answer of {clock.length_fact}"
    if (halved := clock.halved) is not None:
        if halved.fact not in workflow.fact_by_name:
            yield f"the clock {clock.key} is halved by a fact that is not declared: {halved.fact}"
        for state in sorted(set(halved.while_in) - set(workflow.state_by_name)):
            yield f"the clock {clock.key} is halved in a state that is not declared: {state}"


def _facts(workflow: Workflow) -> Iterator[str]:
    for fact in workflow.facts:
        if not fact.label.strip():
            yield f"the fact {fact.name} has no words"
    for need in workflow.opening_needs:
        for name in need:
            if name not in workflow.fact_by_name:
                yield f"logging asks for a fact that is not declared: {name}"
    for name in workflow.date_order:
        if name not in workflow.fact_by_name:
            yield f"the order of dates names a fact that is not declared: {name}"
