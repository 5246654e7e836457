"""A released definition cannot change: every field of every part of it is in its digest."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from functools import partial

import pytest

from workflows.definition import Workflow
from workflows.engine import MoveRefused
from workflows.facts import FactKind
from workflows.meaning import EXPLAINS, Unspeakable, meaning_of
from workflows.position import Position
from workflows.questions import text
from workflows.released import RELEASED
from workflows.requirements import answered, confirmed, recorded

EVERY = [pytest.param(workflow, id=workflow.id) for workflow in RELEASED.values()]
Seen = set[tuple[str, str]]


def _other_check(_here: Position) -> bool:
    return True


def _altered(value: object) -> tuple[object, ...]:
    """Other values of the same sort; the part may refuse some."""
    if isinstance(value, Enum):
        return tuple(other for other in type(value) if other is not value)
    return (_another(value),)


def _another(value: object) -> object:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}x"
        case date():
            return value + timedelta(days=1)
        case tuple() if value:
            return value[:-1]
    return _other_check if callable(value) else None


def _with(part: object, name: str) -> object | None:
    """The part with another value in that field; None if it takes no other."""
    for value in _altered(getattr(part, name)):
        try:
            return replace(part, **{name: value})  # type: ignore[type-var]
        except ValueError:
            continue  # a part that contradicts itself cannot be made at all
    return None


def changes(part: object, seen: Seen) -> Iterator[tuple[str, str, object]]:
    """One change of each field of each kind of part: its kind, the field, and the part with the change in it."""
    for field in fields(part):  # type: ignore[arg-type]
        value, kind = getattr(part, field.name), type(part).__name__
        if value not in (None, ()) and (kind, field.name) not in seen:
            other = _with(part, field.name)
            if other is not None:
                seen.add((kind, field.name))
                yield kind, field.name, other
        inside = value if isinstance(value, tuple) else (value,)
        for number, each in enumerate(inside):
            if is_dataclass(each) and not isinstance(each, type):
                for what, name, inner in changes(each, seen):
                    whole = (*inside[:number], inner, *inside[number + 1 :])
                    put = whole if isinstance(value, tuple) else inner
                    yield what, name, replace(part, **{field.name: put})  # type: ignore[type-var]


@pytest.mark.parametrize("workflow", EVERY)
def test_whatever_is_changed_shows_in_the_digest(workflow: Workflow) -> None:
    seen: Seen = set()
    for kind, field, changed in changes(workflow, seen):
        assert isinstance(changed, Workflow)
        printed = changed.as_json() == workflow.as_json()
        if field in EXPLAINS and printed:
            assert changed.digest == workflow.digest, f"{kind}.{field} only explains"
        else:
            assert changed.digest != workflow.digest, f"{kind}.{field} is not locked"
    assert {("Workflow", "holds"), ("Move", "to"), ("State", "label"), ("Fact", "kind")} <= seen


def test_what_the_vocabulary_of_children_says_is_locked() -> None:
    workflow = next(w for w in RELEASED.values() if w.family)
    assert replace(workflow, family=workflow.family[:-1]).digest != workflow.digest
    clock = workflow.clocks[0]
    for changed in (replace(clock, child=workflow.family[0]), replace(clock, child_kind="summary")):
        assert replace(workflow, clocks=(changed, *workflow.clocks[1:])).digest != workflow.digest
    fact = replace(workflow.facts[0], through="letters")
    assert replace(workflow, facts=(fact, *workflow.facts[1:])).digest != workflow.digest


def test_what_a_check_was_made_with_is_locked() -> None:
    made = [
        answered("a", "A.", "outcome", ("yes",)),
        answered("a", "A.", "outcome", ("no",)),
        answered("a", "A.", "result", ("yes",)),
        recorded("a", "A."),
        confirmed("a", "A."),
    ]
    assert len({str(meaning_of(requirement)) for requirement in made}) == len(made)


def test_better_words_of_a_hint_are_no_other_process() -> None:
    plain, hinted = text("a", "Label"), text("a", "Label", "With a hint")
    assert meaning_of(plain) == meaning_of(hinted)
    assert meaning_of(replace(plain, label="Another label")) != meaning_of(plain)


def test_sets_are_written_in_one_order_and_enums_as_their_words() -> None:
    assert meaning_of(frozenset({"b", "a"})) == ["a", "b"]
    assert meaning_of({FactKind.DATE: (date(2026, 11, 23), None)}) == {"date": ["2026-11-23", None]}


@pytest.mark.parametrize("thing", [object(), MoveRefused, partial(print, 1), b"bytes"])
def test_what_cannot_be_written_down_is_refused(thing: object) -> None:
    with pytest.raises(Unspeakable):
        meaning_of(thing)
