"""Short ways to write a requirement: what must be recorded, confirmed, answered or not held back."""

from collections.abc import Collection, Mapping
from datetime import date

from workflows.facts import FactValue
from workflows.position import Position, Requirement


def has(facts: Mapping[str, FactValue], name: str) -> bool:
    """Whether something is recorded under that name. "No" and 0 are something; an empty text or list is not."""
    value = facts.get(name)
    return value is not None and value not in ("", ())


def day_of(facts: Mapping[str, FactValue], name: str) -> date | None:
    """The date recorded under that name, if there is one."""
    value = facts.get(name)
    return value if isinstance(value, date) else None


def recorded(name: str, words: str, *facts: str, hard: bool = True) -> Requirement:
    """All of the facts are recorded; without any, the fact of the requirement's own name."""
    names = facts or (name,)
    return Requirement(name, words, lambda here: all(has(here.facts, n) for n in names), hard, names)


def either(name: str, words: str, *facts: str, hard: bool = True) -> Requirement:
    """At least one of the facts is recorded."""
    return Requirement(name, words, lambda here: any(has(here.facts, n) for n in facts), hard, facts)


def confirmed(name: str, words: str, *, hard: bool = True) -> Requirement:
    """Somebody confirms the statement of the same name."""
    return Requirement(name, words, lambda here: here.facts.get(name) is True, hard, (name,))


def answered(name: str, words: str, fact: str, answers: Collection[str], *, hard: bool = True) -> Requirement:
    """The recorded answer is one of ``answers``. The form does not ask: an earlier step has settled it."""
    return Requirement(name, words, lambda here: here.facts.get(fact) in answers, hard)


def includes(name: str, words: str, fact: str, parts: Collection[str], *, hard: bool = True) -> Requirement:
    """The recorded list holds all of ``parts``."""

    def check(here: Position) -> bool:
        value = here.facts.get(fact)
        return isinstance(value, tuple) and set(parts) <= set(value)

    return Requirement(name, words, check, hard, (fact,))


def letter_sent(number: str, what: str) -> Requirement:
    """The letter of that number has reached everybody whom it must, and none of them by one that came back."""
    fact, waits = f"letter_sent_{number}", f"letter_waits_{number}"
    return Requirement(
        fact,
        f"Send {what} ({number}).",
        lambda here: has(here.facts, fact) and not here.known.get(waits),
        facts=(fact,),
        naming=waits,
    )


def not_held(name: str, words: str, move: str) -> Requirement:
    """No active hold forbids the move. Never overridable."""
    return Requirement(name, words, lambda here: move not in here.blocks)
