"""Whose time a case took: its days, each counted once, by who had to act or by a hold that stood in the way.

A day is held where an active hold forbids every usual step out of the state of that day; otherwise it belongs to whoever
the definition names for the state (docs/ux.md (f), Stage times).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from workflows.definition import HeldBy, Workflow
from workflows.position import Child

HELD = "held"


@dataclass(frozen=True, slots=True)
class Entered:
    """A state was entered on a day: who had to act in it, and the kinds of hold that stop every usual way out of it."""

    on: date
    held_by: HeldBy
    stopped_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold of some kind from one day up to another, that other not included; without an end it is still active."""

    kind: str
    from_on: date
    to_on: date | None = None


def entered(workflow: Workflow, state: str, on: date, kinds: Iterable[str]) -> Entered:
    """A state of a definition, entered on a day; ``kinds`` are those of the holds that there are."""
    usual = {move.name for move in workflow.moves_from(state) if move.usual and move.to != state}
    stopped = frozenset(
        kind
        for kind in kinds
        if usual and usual <= workflow.holds((Child("hold", "", False, {"kind": kind}),))
    )
    return Entered(on, workflow.state_by_name[state].held_by, stopped)


def days_by_holder(states: Sequence[Entered], holds: Sequence[Hold], until: date) -> Mapping[str, int]:
    """Days by holder (the values of :class:`HeldBy`, or :data:`HELD`), from the first state up to ``until``.

    The first day of a state counts as its own, ``until`` does not, so the days add up to the whole time. States that
    were entered out of order count from the latest day before them.
    """
    found: Counter[str] = Counter()
    since = [_not_before(states, place) for place in range(len(states))]
    for place, state in enumerate(states):
        first, end = since[place], min(since[place + 1] if place + 1 < len(states) else until, until)
        if first >= end:
            continue
        stopping = [hold for hold in holds if hold.kind in state.stopped_by]
        edges = {first, end, *(on for hold in stopping for on in (hold.from_on, hold.to_on) if on)}
        for begin, stop in pairwise(sorted(on for on in edges if first <= on <= end)):
            held = any(
                hold.from_on <= begin and (hold.to_on is None or hold.to_on > begin) for hold in stopping
            )
            found[HELD if held else str(state.held_by)] += (stop - begin).days
    return dict(found)


def _not_before(states: Sequence[Entered], place: int) -> date:
    return max(state.on for state in states[: place + 1])
