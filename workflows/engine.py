"""Runs a definition on ``transitions``: the only file that knows the library.

One shared, unattached machine per definition is fired on a throw-away object; the library's habits (a failed guard
returns False, an impossible trigger raises its own error) become one exception that carries every reason.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from transitions import EventData, Machine, MachineError

from workflows.deciders import Decider
from workflows.definition import Move, Workflow
from workflows.facts import FactValue
from workflows.position import Position, Requirement


@dataclass(frozen=True, slots=True)
class Unmet:
    """One thing that stands in the way of a move. ``facts`` are what to record to put it right, ``page`` where."""

    name: str
    words: str
    hard: bool
    facts: tuple[str, ...] = ()
    override_by: Decider | None = None
    page: str = ""


@dataclass(frozen=True, slots=True)
class Met:
    """One thing that a move asks for and that is already in place."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A move out of the present state, what is in place for it and what is missing."""

    move: Move
    unmet: tuple[Unmet, ...]
    met: tuple[Met, ...]

    @property
    def ready(self) -> bool:
        """Nothing is missing."""
        return not self.unmet

    @property
    def can_override(self) -> bool:
        """All that is missing may be overridden with a reason."""
        return bool(self.unmet) and not any(unmet.hard for unmet in self.unmet)


class MoveRefused(Exception):
    """The process does not allow the move: there is no such move from here, or more is needed."""

    def __init__(self, words: str, unmet: tuple[Unmet, ...] = ()) -> None:
        super().__init__(words)
        self.unmet = unmet


class _Model:
    """What the library moves: a state and the reasons against, nothing else."""

    def __init__(self, state: str, unmet: tuple[Unmet, ...]) -> None:
        self.state = state
        self.unmet = unmet


def _nothing_unmet(event: EventData) -> bool:
    return isinstance(event.model, _Model) and not event.model.unmet


@lru_cache(maxsize=64)
def _machine(workflow_id: str, rows: tuple[tuple[str, str, str], ...], states: tuple[str, ...]) -> Machine:
    machine = Machine(
        model=None,
        states=list(states),
        initial=states[0],
        auto_transitions=False,
        send_event=True,
        name=workflow_id,
    )
    for trigger, source, to in rows:
        machine.add_transition(trigger, source, to, conditions=[_nothing_unmet])
    return machine


def _machine_of(workflow: Workflow) -> Machine:
    rows = tuple((move.name, source, move.to) for move in workflow.moves for source in move.sources)
    states = (workflow.initial, *(s.name for s in workflow.states if s.name != workflow.initial))
    return _machine(workflow.id, rows, states)


def next_state(workflow: Workflow, name: str, position: Position, *, overridden: Collection[str] = ()) -> str:
    """The state that the move leads to. Changes nothing.

    ``overridden`` names the soft requirements that somebody entitled goes ahead without, with a reason.

    Raises:
        MoveRefused: there is no such move from here, or ``unmet`` lists all that is missing.
    """
    move = workflow.move(name, position.state)
    unmet = (
        tuple(u for u in unmet_by(workflow, move, position) if u.hard or u.name not in overridden)
        if move
        else ()
    )
    model = _Model(position.state, unmet)
    machine = _machine_of(workflow)
    try:
        moved = name in machine.events and machine.events[name].trigger(model)
    except MachineError:
        moved = False
    if move is None:
        here = workflow.state_by_name[position.state].label
        raise MoveRefused(f"This step cannot be taken while the case is at “{here}”.")
    if not moved:
        raise MoveRefused("Something is still missing.", unmet)
    return str(model.state)


def offers(workflow: Workflow, position: Position) -> tuple[Offer, ...]:
    """Every move from here: what is in place for it, and what is missing."""
    return tuple(
        Offer(move, unmet_by(workflow, move, position), met_by(workflow, move, position))
        for move in workflow.moves_from(position.state)
    )


def unmet_by(workflow: Workflow, move: Move, position: Position) -> tuple[Unmet, ...]:
    """All that stands in the way: a hold, requirements, facts not recorded, dates out of order."""
    position = _as_given(move, position)
    unmet: list[Unmet] = []
    if move.name in position.blocks:
        unmet.append(Unmet("hold", _held_words(position), hard=True))
    unmet.extend(_refused(workflow, r, position) for r in move.requirements if not r.check(position))
    spoken_for = {name for u in unmet for name in u.facts}
    unmet.extend(
        Unmet("|".join(need), _need_words(workflow, need), hard=True, facts=need, page=_page(workflow, need))
        for need in move.needs
        if not any(_has(position.facts, name) for name in need) and not spoken_for & set(need)
    )
    unmet.extend(_out_of_order(workflow, move, position))
    return tuple(unmet)


def met_by(workflow: Workflow, move: Move, position: Position) -> tuple[Met, ...]:
    """All that the move asks for and that is in place."""
    position = _as_given(move, position)
    held = [Met(r.name, r.words) for r in move.requirements if r.check(position)]
    said = {name for r in move.requirements for name in r.facts}
    held += [
        Met("|".join(need), _need_words(workflow, need))
        for need in move.needs
        if any(_has(position.facts, name) for name in need) and not said & set(need)
    ]
    return tuple(held)


def with_facts(position: Position, facts: Mapping[str, FactValue]) -> Position:
    """The same position with newly given facts laid over the recorded ones."""
    return replace(position, facts={**position.facts, **facts}, given=position.given | frozenset(facts))


def _as_given(move: Move, position: Position) -> Position:
    """What the move may look at: a fact that it wants anew counts only if it has just been given."""
    stale = set(move.anew) - position.given
    return replace(position, facts={name: v for name, v in position.facts.items() if name not in stale})


def _has(facts: Mapping[str, FactValue], name: str) -> bool:
    value = facts.get(name)
    return value is not None and value not in ("", ())


def _refused(workflow: Workflow, requirement: Requirement, position: Position) -> Unmet:
    asks = requirement.elsewhere is None or not requirement.elsewhere(position)
    page = requirement.page if requirement.elsewhere is None or not asks else ""
    return Unmet(
        requirement.name,
        _words(requirement, position),
        requirement.hard,
        requirement.facts if asks else (),
        None if requirement.hard else requirement.override_by,
        page or _page(workflow, requirement.facts),
    )


def _words(requirement: Requirement, position: Position) -> str:
    named = position.known.get(requirement.naming)
    if not isinstance(named, tuple) or not named:
        return requirement.words
    return f"{requirement.words} Still to get it: {'; '.join(named)}."


def _held_words(position: Position) -> str:
    named = position.known.get("holds")
    which = f" ({'; '.join(named)})" if isinstance(named, tuple) and named else ""
    return f"A hold on this case does not allow this step{which}. Lift or change the hold first."


def _page(workflow: Workflow, names: tuple[str, ...]) -> str:
    """The page whose act records these facts, if none of them is ever typed."""
    pages = [workflow.fact_by_name[name].through for name in names if name in workflow.fact_by_name]
    return pages[0] if pages and all(pages) else ""


def _need_words(workflow: Workflow, need: tuple[str, ...]) -> str:
    return " or ".join(workflow.fact_by_name[name].label for name in need)


def _out_of_order(workflow: Workflow, move: Move, position: Position) -> list[Unmet]:
    """Dates asked by this move may not lie before a date that comes earlier in the process."""
    stands = {name for name, because in move.stands if _has(position.facts, because)} - position.given
    asked = set(move.asks()) - stands
    found: list[Unmet] = []
    latest: tuple[date, str] | None = None
    for name in workflow.date_order:
        value = position.facts.get(name)
        if not isinstance(value, date):
            continue
        if name in asked and latest is not None and value < latest[0]:
            label, before = workflow.fact_by_name[name].label, workflow.fact_by_name[latest[1]].label
            words = f"{label} must be on or after {latest[0].day} {latest[0]:%B %Y}, the date of: {before}"
            found.append(Unmet(f"order:{name}", words, hard=True, facts=(name,)))
        elif latest is None or value > latest[0]:
            latest = (value, name)
    return found
