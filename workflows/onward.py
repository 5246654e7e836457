"""The usual way from a state to the step that meets a clock: which steps lie ahead, and which times they still start."""

from collections.abc import Iterator

from workflows.definition import ENTERED, Clock, Move, Workflow
from workflows.effects import Start, Stop

Way = tuple[Move, ...]
"""Steps in order; the last one meets the clock."""


def way_to(
    workflow: Workflow, state: str, key: str, *, forbidden: frozenset[str] = frozenset()
) -> Way | None:
    """The shortest way over usual steps from ``state`` to one that meets the clock.

    None where no step does: the clock is met by recording a fact alone, or every way leads over a ``forbidden`` step.
    """
    clock = workflow.clock_by_key.get(key)
    if clock is None:
        return None
    seen = {state}
    ways: list[tuple[str, Way]] = [(state, ())]
    for here, before in ways:  # grows while it is walked: the nearest states come first
        for move in workflow.moves_from(here):
            if not move.usual or move.name in forbidden:
                continue
            if meets(move, clock):
                return (*before, move)
            if move.to not in seen:
                seen.add(move.to)
                ways.append((move.to, (*before, move)))
    return None


def meets(move: Move, clock: Clock) -> bool:
    """Whether the step stops the clock or asks for a fact that meets it."""
    stopped = any(isinstance(e, Stop) and e.clock == clock.key and not e.outcome for e in move.effects)
    return stopped or bool(set(move.asks()) & set(clock.met_by))


def not_begun(workflow: Workflow, way: Way, key: str) -> Iterator[Clock]:
    """Other clocks with a length of their own that a step on the way starts and a later one meets."""
    for place, move in enumerate(way[:-1]):
        started = {effect.clock for effect in move.effects if isinstance(effect, Start)}
        for clock in workflow.clocks:
            begins = clock.key in started or clock.starts_on == f"{ENTERED}{move.to}"
            limits = clock.period is not None and not clock.minimum and clock.key != key
            if begins and limits and any(meets(later, clock) for later in way[place + 1 :]):
                yield clock
