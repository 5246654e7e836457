"""Finds, for any move, a position in which nothing stands in its way: by trying what its conditions look at.

Nothing here knows a process. A condition is asked with facts that note what it reads, and then with other values of
just these, until it holds and no other condition is broken by it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import islice, product

from workflows.definition import Move, Workflow
from workflows.engine import unmet_by
from workflows.facts import Fact, FactKind, FactValue
from workflows.position import Child, Position, Requirement
from workflows.released import RELEASED

TODAY = date(2026, 11, 23)
MOST = 40_000
_ABSENT = None
_KNOWN: tuple[object, ...] = (True, False, (), 0, 1, _ABSENT)
_WORDS: Mapping[str, tuple[object, ...]] = {
    # what other records of a case say in words; everything else is tried as yes, no, none and nothing
    "threshold_result": ("discretion_required", "met_local_rule", "met_mandatory", _ABSENT),
    "chair_definition": ("not_same_team", "not_agency_under_review", "external"),
}


class NotFound(AssertionError):
    """No position was found in which the move can be taken."""


class _Watched(dict[str, FactValue]):
    """Values that note which were asked for."""

    def __init__(self, values: Mapping[str, FactValue]) -> None:
        super().__init__(values)
        self.asked: dict[str, None] = {}

    def get(self, name: str, default: object = None) -> object:  # type: ignore[override]
        self.asked[name] = None
        return super().get(name, default)

    def __getitem__(self, name: str) -> FactValue:
        self.asked[name] = None
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.asked[str(name)] = None
        return super().__contains__(name)


_BY_KIND: Mapping[FactKind, tuple[object, ...]] = {
    FactKind.DATE: (TODAY, TODAY - timedelta(days=400), TODAY + timedelta(days=30)),
    FactKind.NUMBER: (1, 0, 3),
    FactKind.YES_NO: (True, False),
    FactKind.CONFIRM: (True, False),
    FactKind.ORGANISATIONS: (("housing",),),
    FactKind.MONTH: ("2026-10",),
    FactKind.PERSON: ("officer@example.test", "manager@example.test"),
}


def values_of(fact: Fact) -> tuple[object, ...]:
    """Values to try for a fact, the likeliest first; the last is that nothing is recorded."""
    answers = tuple(choice.value for choice in fact.choices)
    if fact.kind is FactKind.CHOICE:
        return (*answers, _ABSENT)
    if fact.kind is FactKind.CHOICES:
        return (answers, *((answer,) for answer in answers), _ABSENT)
    return (*_BY_KIND.get(fact.kind, ("Something",)), _ABSENT)


@cache
def usual(fact: Fact) -> object:
    """The likeliest value of a fact."""
    return values_of(fact)[0]


def position_for(workflow: Workflow, move: Move, state: str) -> Position:
    """A position in that state in which nothing stands in the way of the move.

    Raises:
        NotFound: none was found.
    """
    facts = {name: usual(workflow.fact_by_name[name]) for name in move.asks()}
    here = _position(workflow, state, facts, {}, ())
    for _ in range(2 * len(move.requirements) + 4):
        unmet = unmet_by(workflow, move, here)
        if not unmet:
            return here
        here = _better(workflow, move, here, unmet[0].name)
    raise NotFound(f"{workflow.id}: {move.name} from {state}: {[u.name for u in unmet]}")


def _position(
    workflow: Workflow,
    state: str,
    facts: Mapping[str, object],
    known: Mapping[str, object],
    children: tuple[Child, ...],
) -> Position:
    said = {name: value for name, value in facts.items() if value is not _ABSENT}
    told = {name: value for name, value in known.items() if value is not _ABSENT}
    return Position(
        state, said, TODAY, workflow.holds(children), frozenset(said), children, told  # type: ignore[arg-type]
    )  # fmt: skip


def _better(workflow: Workflow, move: Move, here: Position, name: str) -> Position:
    """A position in which that condition holds, with as few others in the way as can be."""
    requirement = next((r for r in move.requirements if r.name == name), None)
    facts, known = _reads(requirement, here) if requirement else ((), ())
    if requirement is None:
        facts = tuple(
            fact for fact in name.removeprefix("order:").split("|") if fact in workflow.fact_by_name
        )
    knobs = [[("fact", fact, value) for value in values_of(workflow.fact_by_name[fact])] for fact in facts]
    knobs += [[("known", each, value) for value in _WORDS.get(each, _KNOWN)] for each in known]
    best, fewest = here, len(unmet_by(workflow, move, here))
    for children in _families(workflow):
        for combination in islice(product(*knobs), MOST):
            there = _with(workflow, here, combination, children)
            if requirement is not None and not requirement.check(there):
                continue
            left = len(unmet_by(workflow, move, there))
            if left < fewest:
                best, fewest = there, left
            if not left:
                return there
        if best is not here:
            return best
    raise NotFound(f"{workflow.id}: {move.name} from {here.state}: nothing makes {name} hold")


def _reads(requirement: Requirement, here: Position) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which facts and which other records a condition looks at."""
    facts, known = dict.fromkeys(requirement.facts), dict[str, None]()
    for full in (False, True):  # what it looks at may depend on what it finds
        watched = _Watched(here.facts if full else {})
        other = _Watched(here.known)
        requirement.check(replace(here, facts=watched, known=other))
        facts |= watched.asked
        known |= other.asked
    return tuple(facts), tuple(known)


def _with(
    workflow: Workflow,
    here: Position,
    combination: tuple[tuple[str, str, object], ...],
    children: tuple[Child, ...],
) -> Position:
    facts: dict[str, object] = dict(here.facts)
    known: dict[str, object] = dict(here.known)
    for which, name, value in combination:
        (facts if which == "fact" else known)[name] = value
    return _position(workflow, here.state, facts, known, children or here.children)


def _families(workflow: Workflow) -> Iterator[tuple[Child, ...]]:
    """Children to try: those that are there, then one of each process, kind and state."""
    yield ()
    for process in workflow.family:
        other = RELEASED.get(f"{process}/1")
        if other is None:
            continue
        facts = {fact.name: usual(fact) for fact in other.facts}
        for state in other.states:
            for kind in [kind.name for kind in other.kinds] or [""]:
                told = facts | ({"kind": kind} if kind else {})
                yield (Child(process, state.name, state.final, told, TODAY),)  # type: ignore[arg-type]
