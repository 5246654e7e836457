"""What the records of a review say beside its facts, for the requirements of its steps."""

from datetime import date

from sqlmodel import Session, col, or_, select

from tracker.models import (
    Amendment,
    Case,
    Organisation,
    PanelMember,
    PanelPart,
    ReviewSubject,
    ReviewTask,
    SubjectRole,
)
from tracker.services import review_bodies
from workflows.definition import Workflow
from workflows.facts import FactValue, words
from workflows.position import Child, Position
from workflows.released import current
from workflows.traces import in_words

Known = dict[str, FactValue]
_NEVER_NAMED = (SubjectRole.EMPLOYER,)


def open_tasks(session: Session, workflow: Workflow, case: Case, _here: Position) -> Known:
    """``open_tasks``: how many tasks that must be done are open."""
    if not workflow.tasks:
        return {}
    rows = session.exec(
        select(ReviewTask.id).where(
            ReviewTask.case_id == case.id,
            col(ReviewTask.must).is_(True),
            col(ReviewTask.done_on).is_(None),
            ReviewTask.not_needed_reason == "",
        )
    ).all()
    return {"open_tasks": len(rows)}


def panel(session: Session, workflow: Workflow, case: Case, here: Position) -> Known:
    """The panel: members, specialists, who managed the case, and listed bodies that were involved and have nobody."""
    if "panel_members" not in workflow.fact_by_name:
        return {}
    members = session.exec(
        select(PanelMember).where(PanelMember.case_id == case.id, col(PanelMember.to_on).is_(None))
    ).all()
    missing = missing_bodies(session, case, here.children, here.today)
    return {
        "panel_members": len(members),
        "panel_specialists": sum(member.part == PanelPart.SPECIALIST_DA for member in members),
        "panel_managed_the_case": sum(member.managed_the_case for member in members),
        "panel_bodies_missing": len(missing),
    }


def missing_bodies(session: Session, case: Case, children: tuple[Child, ...], on: date) -> list[Organisation]:
    """Bodies that the Act lists, that said how they were involved, and that have nobody on the panel."""
    involved = {
        str(child.facts.get("agency", ""))
        for child in children
        if child.process == "information_request" and child.state not in {"nil_return", "waived"}
    } - {""}
    if not involved:
        return []
    seated = set(
        session.exec(
            select(PanelMember.organisation_id).where(
                PanelMember.case_id == case.id, col(PanelMember.to_on).is_(None)
            )
        ).all()
    )
    rows = session.exec(
        select(Organisation).where(col(Organisation.key).in_(involved)).order_by(col(Organisation.name))
    ).all()
    return [
        body for body in rows if body.id not in seated and review_bodies.is_listed(body, case.process, on)
    ]


def people(session: Session, workflow: Workflow, case: Case, _here: Position) -> Known:
    """``people_without_pseudonym``: of those in the review."""
    if "deceased_pseudonym" not in workflow.fact_by_name:
        return {}
    rows = session.exec(
        select(ReviewSubject.id).where(
            ReviewSubject.case_id == case.id,
            ReviewSubject.pseudonym == "",
            col(ReviewSubject.role).not_in(_NEVER_NAMED),
            col(ReviewSubject.removed_on).is_(None),
        )
    ).all()
    return {"people_without_pseudonym": len(rows)}


def amendments(session: Session, workflow: Workflow, case: Case, here: Position) -> Known:
    """Amendments that the letter on the latest submission asks for, and how many of them are open."""
    if "submission_no" not in workflow.fact_by_name:
        return {}
    rows = session.exec(
        select(Amendment).where(
            Amendment.case_id == case.id, Amendment.submission_no == (here.facts.get("submission_no") or 0)
        )
    ).all()
    return {"amendments": len(rows), "amendments_open": sum(row.resolved_on is None for row in rows)}


def plan(session: Session, workflow: Workflow, case: Case, _here: Position) -> Known:
    """Actions and recommendations of the review, those below a recommendation too."""
    if "recommendation" not in workflow.family or case.id is None:
        return {}
    made = session.exec(select(Case).where(Case.parent_id == case.id, Case.process == "recommendation")).all()
    ids = {row.id for row in made}
    actions = session.exec(
        select(Case).where(
            Case.process == "action_item", or_(Case.parent_id == case.id, col(Case.parent_id).in_(ids))
        )
    ).all()
    above = {row.id: row.reference for row in made}
    planned = {
        above.get(action.parent_id) or str(action.facts.get("recommendation_ref") or "")
        for action in actions
        if _is_planned(action)
    }
    return {
        "actions": len(actions),
        "actions_open": sum(action.closed_on is None for action in actions),
        "recommendations": len(made),
        "recommendations_unplanned": sum(row.reference not in planned for row in made),
    }


def holds(_session: Session, workflow: Workflow, _case: Case, here: Position) -> Known:
    """``holds``: the active holds in words, so that a refusal names them."""
    active = [child for child in here.those("hold") if not child.final]
    if "hold" not in workflow.family or not active:
        return {}
    process = current("hold", here.today)
    return {"holds": tuple(_hold_words(process, child) for child in active)}


def _hold_words(process: Workflow, child: Child) -> str:
    kind = process.kind_by_name.get(child.kind)
    parts = [kind.label if kind else "Hold"]
    if isinstance(placed := child.facts.get("placed_on"), date):
        parts.append(f"since {in_words(placed)}")
    if reason := child.facts.get("reason"):
        parts.append(f"for: {words(process.fact_by_name['reason'], reason, {})}")
    return " ".join(parts)


def _is_planned(action: Case) -> bool:
    facts = action.facts
    return bool(facts.get("lead_agency")) and bool(facts.get("target_on") or facts.get("target_condition"))
