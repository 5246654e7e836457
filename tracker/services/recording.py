"""Facts as they come in: are they declared, do they fit, do the people and bodies they name exist?"""

from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel import Session, col, or_, select

from tracker.errors import BadInput
from tracker.models import Case, Membership, Organisation, Partnership, Role, User
from tracker.models.columns import JsonObject
from workflows.deciders import Decider
from workflows.definition import Move, Workflow
from workflows.effects import CountChildren, CountUp, Effect, HandTo, Keep, SetFact, Start, Stop
from workflows.facts import Fact, FactKind, FactValue, JsonValue, loaded, stored
from workflows.position import Position

OWNER_FACTS = ("lead_officer_id", "spoc_id")
"""Facts that name the lead officer of a case: recording one changes who the case is with."""

_UNIT = frozenset({Role.OFFICER, Role.MANAGER})
HELD_BY: Mapping[str, frozenset[Role]] = {
    "countersigned_by": frozenset({Role.MANAGER}),
    "lead_officer_id": _UNIT,
    "spoc_id": _UNIT,
}
"""Facts that name a person, and the roles of which that person must hold one in the partnership of the case."""

_WITH_THEIR_OWN_PAGE: Mapping[str, str] = {
    "surviving_case": "is said when the case is merged",
    "lead_agency": "changes when the action is handed over",
    "update_kind": "is said with an update of the action",
    "asked_for_on": "is said with an update of the action",
}
"""Facts that an act of its own changes, with all that follows: who is told, what waits for a decision."""

THROUGH: Mapping[str, str] = {
    "letters": "is recorded when the letter is sent.",
    "pass-ons": "is recorded once every relevant body has the application.",
    "threshold": "comes from the calculation and is kept with the decision.",
    "harm": "is recorded with the harm assessment.",
    "related": "comes from what belongs to the case.",
    "chasers": "is recorded with a chaser.",
    "merge": "is counted when a case is merged into this one.",
    "": "is recorded by an act of its own.",
}
"""How facts that are never typed come to be recorded, by the page where it happens."""

NEVER_CLEARED: Mapping[str, str] = {
    "hate": "What somebody perceives as hate stays on the case. Add a note instead.",
}
"""Facts that, once yes, are never no again, and what is said to whoever tries."""

_TYPES: Mapping[FactKind, type | tuple[type, ...]] = {
    FactKind.DATE: date,
    FactKind.NUMBER: int,
    FactKind.YES_NO: bool,
    FactKind.CONFIRM: bool,
    FactKind.CHOICES: tuple,
    FactKind.ORGANISATIONS: tuple,
}

MOST = 999
"""The highest number that is recorded: counts, and working days between updates."""


def facts_of(workflow: Workflow, case: Case) -> dict[str, FactValue]:
    """The recorded facts of a case as values."""
    return values_of(workflow, case.facts)


def values_of(workflow: Workflow, recorded: JsonObject) -> dict[str, FactValue]:
    """Stored facts as values. A fact of one agency (``name@agency``) is read as its name says."""
    return {
        name: loaded(workflow.fact_by_name.get(name.partition("@")[0]), value)
        for name, value in recorded.items()
    }


def fitting(
    session: Session,
    workflow: Workflow,
    facts: Mapping[str, FactValue],
    *,
    today: date,
    partnership_id: int | None = None,
) -> dict[str, FactValue]:
    """The facts, if every one is declared, fits its kind, and names people and bodies that exist.

    With ``partnership_id``, whoever is named for a task of the business unit must hold the role for it there, or in
    the board that co-ordinates the partnership, on ``today``.

    Raises:
        BadInput: one sentence about the first that does not.
    """
    kept = {name: value for name, value in facts.items() if value not in (None, "", ())}
    for name, value in kept.items():
        fact = workflow.fact_by_name.get(name)
        if fact is None:
            raise BadInput(f"There is nothing called {name} to record in this process.")
        _fits(session, fact, value, today)
        if name in HELD_BY and partnership_id is not None:
            _holds(session, fact, str(value), partnership_id, today)
    return kept


def as_stored(facts: Mapping[str, FactValue], instance: str = "") -> dict[str, JsonValue]:
    """The facts as the event keeps them; those of one agency under ``name@agency``."""
    return {f"{name}@{instance}" if instance else name: stored(value) for name, value in facts.items()}


def following(step: Move, position: Position) -> dict[str, FactValue]:
    """Facts that follow from the step itself."""
    facts = position.facts
    following: dict[str, FactValue] = {}
    for effect in step.effects:
        if isinstance(effect, SetFact):
            following[effect.fact] = effect.value
        elif isinstance(effect, CountUp):
            counted = facts.get(effect.fact, 0)
            following[effect.fact] = (counted if isinstance(counted, int) else 0) + 1
        elif isinstance(effect, CountChildren):
            there = position.those(effect.process)
            following[effect.fact] = sum(child.state == effect.state for child in there)
        elif isinstance(effect, Keep) and effect.fact in position.known:
            following[effect.fact] = position.known[effect.fact]
    return following


def opening_of(workflow: Workflow, facts: Mapping[str, FactValue]) -> tuple[Effect, ...]:
    """The effects of opening a case of this kind."""
    kind = workflow.kind_by_name.get(str(facts.get("kind", "")))
    return (*workflow.opening, Start(kind.clock)) if kind and kind.clock else workflow.opening


def with_their_steps(workflow: Workflow) -> frozenset[str]:
    """Names of the facts that only a step says, so that no record of theirs goes past whoever takes the step.

    What a step sets by itself; and the date of a decision: a date that a step wants anew each time, where it has its
    place in the order of the process, meets the very clock that the step stops, or is not for an officer to say.
    """
    moves = workflow.moves
    names = {
        e.fact
        for move in moves
        for e in move.effects
        if isinstance(e, SetFact | CountUp | CountChildren | Keep)
    }
    days = {fact.name for fact in workflow.facts if fact.kind is FactKind.DATE}
    days -= {clock.due_fact for clock in workflow.clocks}
    for name in days & {name for move in moves for name in move.anew}:
        asking = [move for move in moves if name in move.anew]
        stopped = {e.clock for move in asking for e in move.effects if isinstance(e, Stop)}
        meets = any(name in workflow.clock_by_key[key].met_by for key in stopped)
        officers = any(Decider.BU_OFFICER in move.decided_by for move in asking)
        if meets or name in workflow.date_order or not officers:
            names.add(name)
    return frozenset(names)


def recordable(
    workflow: Workflow, names: Collection[str], known: Mapping[str, FactValue] | None = None
) -> None:
    """Refuse what cannot be recorded by itself. ``known`` are the facts that the case holds.

    A date that was entered for a clock is changed by agreeing more time or correcting it, not by recording another.

    Raises:
        BadInput: one sentence about the first fact that a step, or an act of its own, says.
    """
    by_step = with_their_steps(workflow)
    entered = {
        clock.due_fact for clock in workflow.clocks if clock.due_fact and clock.due_fact in (known or {})
    }
    foreign = workflow.not_of(str((known or {}).get("kind", "")))
    for name in names:
        fact = workflow.fact_by_name.get(name)
        label = fact.label if fact else name
        if name in foreign:
            raise BadInput(f"{label} is recorded on a case of another kind.")
        if fact and fact.through:
            raise BadInput(f"{label} {THROUGH.get(fact.through, THROUGH[''])}")
        if name in by_step:
            raise BadInput(f"{label} is set by a step and cannot be recorded by itself.")
        if name in entered:
            raise BadInput(f"{label} changes by agreeing more time or by correcting the date.")
        if name in _WITH_THEIR_OWN_PAGE:
            raise BadInput(f"{label} {_WITH_THEIR_OWN_PAGE[name]}, and cannot be recorded by itself.")
        if name in settled(workflow, known or {}):
            raise BadInput(f"{label} stays as it was said. Open another one instead.")


def settled(workflow: Workflow, known: Mapping[str, FactValue]) -> frozenset[str]:
    """Facts that say what a case is, or whose it is, and stay: its kind, its agency, and whom it was handed to."""
    said = {"kind", "agency"} if workflow.kinds else set()
    for move in workflow.moves:
        if set(move.anew) & set(known):
            said |= {effect.fact for effect in move.effects if isinstance(effect, HandTo)}
    return frozenset(said & set(known))


def not_cleared(facts: Mapping[str, FactValue], known: Mapping[str, FactValue]) -> None:
    """Refuse to take back what stays once it is said.

    Raises:
        BadInput: one sentence about the first such fact.
    """
    for name, words in NEVER_CLEARED.items():
        if known.get(name) is True and facts.get(name, True) is not True:
            raise BadInput(words)


def must_ask(workflow: Workflow, step: Move, names: Collection[str]) -> None:
    """Refuse, in taking a step, what only another step says: nothing rides along past a guard.

    Raises:
        BadInput: one sentence about the first such fact.
    """
    for name in sorted(with_their_steps(workflow) & set(names) - set(step.asks())):
        raise BadInput(f"{workflow.fact_by_name[name].label} is not asked for by this step.")
    for name in sorted({"kind", "agency"} & set(names) - set(step.asks()) if workflow.kinds else ()):
        raise BadInput(f"{workflow.fact_by_name[name].label} stays as it was said. Open another one instead.")
    for name in names:
        if through := workflow.fact_by_name[name].through:
            raise BadInput(f"{workflow.fact_by_name[name].label} {THROUGH.get(through, THROUGH[''])}")


def _fits(session: Session, fact: Fact, value: FactValue, today: date) -> None:
    expected = _TYPES.get(fact.kind, str)
    if not isinstance(value, expected) or (fact.kind is FactKind.NUMBER and isinstance(value, bool)):
        raise BadInput(f"{fact.label} is not the kind of answer that is asked for.")
    if isinstance(value, int) and not 0 <= value <= MOST:
        raise BadInput(f"{fact.label} must be a number from 0 to {MOST}.")
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


def _holds(session: Session, fact: Fact, email: str, partnership_id: int, today: date) -> None:
    """Refuse a person who holds none of the roles that the fact asks for."""
    roles = HELD_BY[fact.name]
    partnership = session.get_one(Partnership, partnership_id)
    found = session.exec(
        select(Membership.id)
        .join(User, col(User.id) == col(Membership.user_id))
        .where(
            User.email == email.lower(),
            col(User.active).is_(True),
            col(Membership.role).in_(roles),
            col(Membership.partnership_id).in_({partnership.id, partnership.coordinator_id} - {None}),
            or_(col(Membership.from_on).is_(None), col(Membership.from_on) <= today),
            or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= today),
        )
    ).first()
    if found is None:
        who = " or ".join(role.value for role in Role if role in roles)
        raise BadInput(f"{fact.label} must name somebody who is {who} in this partnership.")


def _exists(session: Session, fact: Fact, keys: list[str], column: str) -> None:
    found = set(session.exec(select(col(column)).where(col(column).in_(keys))).all())
    if set(keys) - found:
        raise BadInput(f"{fact.label} names somebody that the tracker does not know.")
