"""A countersignature is the manager's own: nobody gives it for another, and nobody countersigns what they decide."""

from collections.abc import Mapping
from dataclasses import replace

from tracker.errors import BadInput
from tracker.policy import Actor
from workflows.definition import Move, Workflow
from workflows.facts import FactValue
from workflows.position import Position

WHO = "countersigned_by"
FACTS = frozenset({WHO, "countersign_reason"})
"""What a countersignature consists of. Recorded since the last step, it is of the step that comes next."""


def in_person(
    workflow: Workflow, actor: Actor, facts: Mapping[str, FactValue], known: Mapping[str, FactValue]
) -> None:
    """Refuse a countersignature, or its reason, from anybody but the manager whose it is.

    Raises:
        BadInput: somebody else says it.
    """
    signs = str(facts.get(WHO) or known.get(WHO) or "")
    for name in sorted(FACTS & set(facts)):
        if signs.casefold() != actor.email.casefold():
            label = workflow.fact_by_name[name].label
            raise BadInput(f"{label}: only the manager who countersigns can record this, in person.")


def require_another(workflow: Workflow, actor: Actor, step: Move, position: Position) -> None:
    """Refuse the step of a decision-maker whose own countersignature it would rest on.

    Raises:
        BadInput: a countersignature is needed, and the only one is the decision-maker's own.
    """
    signs = str(position.facts.get(WHO, "")) if WHO in position.given else ""
    bare = replace(position, facts={n: value for n, value in position.facts.items() if n not in FACTS})
    rests = any(not rule.check(bare) for rule in step.requirements if WHO in rule.facts)
    if rests and signs.casefold() == actor.email.casefold():
        label = workflow.fact_by_name[WHO].label
        raise BadInput(f"{label} must be somebody else than whoever takes the decision.")
