"""Which clocks of a newer definition would run on a case by now, had its history happened under that definition.

Pure: the events of a case are read in order, and what they did is worked out again for the clocks asked about.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from tracker.audit import Happened
from tracker.models import Event
from tracker.services import starts
from tracker.services.recording import values_of
from tracker.services.starts import Begun
from workflows.definition import Clock, Move, Workflow
from workflows.effects import ALL_CLOCKS, OPEN_CLOCKS, Cancel, Effect, Start, Stop
from workflows.facts import FactValue

Running = dict[tuple[str, str], Begun]
_EVERY = {ALL_CLOCKS, OPEN_CLOCKS}


def running_by_now(
    workflow: Workflow, keys: Collection[str], events: Iterable[Event], states: Mapping[str, str], name: str
) -> tuple[Begun, ...]:
    """Those of the clocks ``keys`` that the events would have started and not ended. ``states`` renames old states.
    ``name`` is what the process is called there.

    Clocks that a case of their own carries are left out: a person opens that case.
    """
    clocks = [workflow.clock_by_key[key] for key in keys if not workflow.clock_by_key[key].child]
    running: Running = {}
    facts: dict[str, FactValue] = {}
    for event in events:
        new = {name: value for name, value in values_of(workflow, event.facts).items() if "@" not in name}
        facts |= new
        move = _move_of(workflow, event, states)
        effects = _effects_of(workflow, event, move, facts)
        _end(running, clocks, effects, facts, new)
        if move is not None and workflow.state_by_name[move.to].final:
            running.clear()
        for begun in _begun(workflow, event, move, effects, facts, new, running, name):
            if begun.clock in clocks:
                running[begun.clock.key, begun.instance] = begun
    return tuple(running.values())


def _move_of(workflow: Workflow, event: Event, states: Mapping[str, str]) -> Move | None:
    if event.kind != Happened.CASE_MOVED:
        return None
    return workflow.move(event.name, states.get(event.from_state, event.from_state))


def _effects_of(
    workflow: Workflow, event: Event, move: Move | None, facts: Mapping[str, FactValue]
) -> tuple[Effect, ...]:
    if event.kind == Happened.CASE_OPENED:
        kind = workflow.kind_by_name.get(str(facts.get("kind", "")))
        return (*workflow.opening, Start(kind.clock)) if kind and kind.clock else workflow.opening
    return tuple(
        effect
        for effect in (move.effects if move else ())
        if not isinstance(effect, Start) or effect.applies(facts)
    )


def _end(
    running: Running,
    clocks: Iterable[Clock],
    effects: Iterable[Effect],
    facts: Mapping[str, FactValue],
    new: Mapping[str, FactValue],
) -> None:
    """Take out what the event met, stopped or cancelled. What repeats begins its next round from the day it was met."""
    ended = {effect.clock for effect in effects if isinstance(effect, Stop | Cancel)}
    for clock in clocks:
        said = [name for name in clock.met_by if new.get(name) not in (None, "", (), False)]
        met = bool(said) and (not clock.met_by_all or all(facts.get(name) for name in clock.met_by))
        for key in [key for key in running if key[0] == clock.key]:
            if not met and not ended & {clock.key, *_EVERY}:
                continue
            days = [day for name in said if isinstance(day := new[name], date)]
            running.pop(key)
            if met and clock.repeats and days:
                running[key] = Begun(clock, key[1], max(days), clock.label)


def _begun(
    workflow: Workflow,
    event: Event,
    move: Move | None,
    effects: tuple[Effect, ...],
    facts: Mapping[str, FactValue],
    new: Mapping[str, FactValue],
    running: Running,
    name: str,
) -> Iterator[Begun]:
    asked = move.asks() if move else ()
    said = {name: value for name, value in facts.items() if name in {*asked, *new}}
    words = move.past if move else f"{name} logged"
    yield from starts.by_effect(workflow, effects, facts, said, event.occurred_on, words)
    for begun in starts.by_fact(workflow, new, facts, (), (), "", event.occurred_on):
        if (begun.clock.key, begun.instance) not in running:
            yield begun
