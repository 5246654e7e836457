"""The action that takes another's place: it must be there, be open to whoever names it, and not have ended itself."""

from collections.abc import Mapping

from sqlmodel import Session, select

from tracker import access
from tracker.errors import BadInput
from tracker.models import Case
from tracker.policy import ACTIONS, Actor
from tracker.services.positions import workflow_for
from workflows.facts import FactValue

_LABEL = "Reference of the action that takes its place"


def settled(
    session: Session, actor: Actor, case: Case, step: str, facts: Mapping[str, FactValue]
) -> dict[str, FactValue]:
    """The facts of a step, with the named action's reference as it is written; other steps' as they are.

    A plan of former times that is read in by the tracker itself may end without saying what took its place.

    Raises:
        BadInput: there is no such action for the actor, in this partnership, that has not ended.
    """
    named = str(facts.get("superseded_by", "")).strip().upper()
    if case.process not in ACTIONS or step != "supersede" or not named or actor.system:
        return dict(facts)
    found = session.exec(
        select(Case).where(
            Case.reference == named, Case.partnership_id == case.partnership_id, access.visible(actor)
        )
    ).first()
    if found is None or found.process not in ACTIONS:
        raise BadInput(f"{_LABEL} must be that of an action of this partnership.")
    if found.id == case.id:
        raise BadInput(f"{_LABEL} must be that of another action.")
    if workflow_for(found).state_by_name[found.state].final:
        raise BadInput(f"{_LABEL} must be that of an action that has not ended.")
    return {**facts, "superseded_by": named}
