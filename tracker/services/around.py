"""What stands around a case, for its clocks: the case above, and what agencies were asked for."""

from collections.abc import Mapping

from sqlmodel import Session, select

from tracker.models import Case
from tracker.services.recording import facts_of
from workflows.definition import HeldBy, Workflow
from workflows.facts import FactValue
from workflows.released import workflow_of


def asked(
    session: Session, case: Case, workflow: Workflow, new: Mapping[str, FactValue]
) -> list[tuple[str, str]]:
    """The clocks that children carry, each with its agency, where a list of agencies is recorded anew."""
    carried = {(c.child, c.child_kind): c.key for c in workflow.clocks if c.child and c.each_of in new}
    if not carried or case.id is None:
        return []
    rows = session.exec(select(Case.process, Case.facts).where(Case.parent_id == case.id)).all()
    return [
        (carried[process, str(facts.get("kind", ""))], str(facts.get("agency", "")))
        for process, facts in rows
        if (process, str(facts.get("kind", ""))) in carried
    ]


def around(
    session: Session, case: Case, workflow: Workflow, facts: Mapping[str, FactValue]
) -> tuple[Mapping[str, FactValue], Mapping[str, str]]:
    """The facts of the case over those of the one that it belongs to, and what they are called."""
    labels = {fact.name: fact.label for fact in workflow.facts}
    if case.parent_id is None:
        return facts, labels
    parent = session.get_one(Case, case.parent_id)
    above = workflow_of(parent.process, parent.workflow_version)
    called = {fact.name: fact.label for fact in above.facts} | labels
    return {**facts_of(above, parent), **facts}, called


def held_above(session: Session, case: Case) -> HeldBy | None:
    """Who must act on the case that this one belongs to; None where it belongs to none."""
    if case.parent_id is None:
        return None
    parent = session.get_one(Case, case.parent_id)
    return workflow_of(parent.process, parent.workflow_version).state_by_name[parent.state].held_by
