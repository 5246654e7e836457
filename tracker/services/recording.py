"""Facts as they come in: are they declared, do they fit, do the people and bodies they name exist?"""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, select

from tracker.errors import BadInput
from tracker.models import Case, Organisation, User
from tracker.models.columns import JsonObject
from workflows.definition import Move, Position, Workflow
from workflows.effects import CountUp, SetFact
from workflows.engine import with_facts
from workflows.facts import Fact, FactKind, FactValue, JsonValue, loaded, stored

OWNER_FACTS = ("lead_officer_id", "spoc_id")
"""Facts that name the lead officer of a case: recording one changes who the case is with."""

_TYPES: Mapping[FactKind, type | tuple[type, ...]] = {
    FactKind.DATE: date,
    FactKind.NUMBER: int,
    FactKind.YES_NO: bool,
    FactKind.CONFIRM: bool,
    FactKind.CHOICES: tuple,
    FactKind.ORGANISATIONS: tuple,
}


def facts_of(workflow: Workflow, case: Case) -> dict[str, FactValue]:
    """The recorded facts of a case as values."""
    return values_of(workflow, case.facts)


def values_of(workflow: Workflow, recorded: JsonObject) -> dict[str, FactValue]:
    """Stored facts as values. A fact of one agency (``name@agency``) is read as its name says."""
    return {
        name: loaded(workflow.fact_by_name.get(name.partition("@")[0]), value)
        for name, value in recorded.items()
    }


def position_of(workflow: Workflow, case: Case, facts: Mapping[str, FactValue], today: date) -> Position:
    """Where a case stands, with these facts laid over the recorded ones."""
    here = Position(state=case.state, facts=facts_of(workflow, case), today=today)
    return with_facts(here, facts)


def fitting(
    session: Session, workflow: Workflow, facts: Mapping[str, FactValue], *, today: date
) -> dict[str, FactValue]:
    """The facts, if every one is declared, fits its kind, and names people and bodies that exist.

    Raises:
        BadInput: one sentence about the first that does not.
    """
    kept = {name: value for name, value in facts.items() if value not in (None, "", ())}
    for name, value in kept.items():
        fact = workflow.fact_by_name.get(name)
        if fact is None:
            raise BadInput(f"There is nothing called {name} to record in this process.")
        _fits(session, fact, value, today)
    return kept


def as_stored(facts: Mapping[str, FactValue], instance: str = "") -> dict[str, JsonValue]:
    """The facts as the event keeps them; those of one agency under ``name@agency``."""
    return {f"{name}@{instance}" if instance else name: stored(value) for name, value in facts.items()}


def following(step: Move, facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """Facts that follow from the step itself."""
    following: dict[str, FactValue] = {}
    for effect in step.effects:
        if isinstance(effect, SetFact):
            following[effect.fact] = effect.value
        elif isinstance(effect, CountUp):
            counted = facts.get(effect.fact, 0)
            following[effect.fact] = (counted if isinstance(counted, int) else 0) + 1
    return following


def _fits(session: Session, fact: Fact, value: FactValue, today: date) -> None:
    expected = _TYPES.get(fact.kind, str)
    if not isinstance(value, expected) or (fact.kind is FactKind.NUMBER and isinstance(value, bool)):
        raise BadInput(f"{fact.label} is not the kind of answer that is asked for.")
    if isinstance(value, date) and value > today and not fact.may_be_future:
        raise BadInput(f"{fact.label} must be today or in the past.")
    allowed = {choice.value for choice in fact.choices}
    given = value if isinstance(value, tuple) else (str(value),)
    if fact.kind in {FactKind.CHOICE, FactKind.CHOICES} and set(given) - allowed:
        raise BadInput(f"{fact.label} must be among the answers shown.")
    if fact.kind is FactKind.PERSON:
        _exists(session, fact, [email.lower() for email in given], User.email)
    if fact.kind in {FactKind.ORGANISATION, FactKind.ORGANISATIONS}:
        _exists(session, fact, list(given), Organisation.key)


def _exists(session: Session, fact: Fact, keys: list[str], column: str) -> None:
    found = set(session.exec(select(col(column)).where(col(column).in_(keys))).all())
    if set(keys) - found:
        raise BadInput(f"{fact.label} names somebody that the tracker does not know.")
