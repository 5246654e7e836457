"""The action plan of a review: the seven columns of the guidance's template, a row for each action."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access
from tracker.errors import NotVisible
from tracker.models import Case, Deadline, DeadlineStatus
from tracker.policy import REVIEWS, Actor, Permission, allows
from tracker.queries.choices import bodies
from tracker.queries.date_words import PLAN_DATE
from tracker.reports.action_plan import (
    ACTION,
    DONE,
    HEADINGS,
    LEAD,
    MILESTONES,
    RECOMMENDATION,
    SCOPE,
    TARGET,
)
from tracker.services.new_actions import review_of, takes_actions
from tracker.services.positions import workflow_for
from tracker.services.recording import facts_of
from workflows.facts import FactValue
from workflows.requirements import day_of

_SHORT = 60
_SCOPES = {"local": "Local", "regional": "Regional", "national": "National"}
_ENDED: Mapping[str, tuple[str, str]] = {
    "not_accepted": ("Not accepted", "rejection_reason"),
    "superseded": ("Replaced by {superseded_by}", "supersede_reason"),
    "abandoned": ("Abandoned by the CSP chair", "abandon_reason"),
}


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    """A review's plan. ``rows`` are cells by heading; ``references`` the actions and recommendations in it."""

    case: Case
    title: str
    rows: tuple[Mapping[str, str], ...]
    references: tuple[str, ...]


def is_review(session: Session, reference: str) -> bool:
    """Whether there is a review of that reference, whoever may open it."""
    found = session.exec(
        select(Case.id).where(Case.reference == reference.upper(), col(Case.process).in_(REVIEWS))
    )
    return found.first() is not None


def review_plan(session: Session, actor: Actor, reference: str) -> ReviewPlan:
    """The plan of a review: its actions in order, under their recommendations; then recommendations without one.

    Raises:
        NotVisible: there is no such review, or it is not theirs to see.
    """
    case = access.case_for(session, actor, reference)
    if case.process not in REVIEWS:
        raise NotVisible("There is no such review, or it is not yours to see.")
    children = session.exec(
        select(Case)
        .where(
            Case.parent_id == case.id,
            col(Case.process).in_(("action_item", "recommendation")),
            access.visible(actor),
        )
        .order_by(col(Case.id))
    ).all()
    behind = {child.reference: child for child in children if child.process == "recommendation"}
    actions = [child for child in children if child.process == "action_item"]
    places = {ref: place for place, ref in enumerate(behind)}
    actions.sort(key=lambda one: places.get(str(one.facts.get("recommendation_ref", "")), len(places)))
    targets = _targets(session, actions)
    names = bodies(session, _keys(actions))
    used = {str(one.facts.get("recommendation_ref", "")) for one in actions}
    rows = [_row(one, behind, targets.get(one.id or 0), names) for one in actions]
    rows += [_unanswered(one) for ref, one in behind.items() if ref not in used]
    return ReviewPlan(
        case, f"Action plan {case.reference}", tuple(rows), tuple(child.reference for child in children)
    )


def _row(
    action: Case, behind: Mapping[str, Case], target: Deadline | None, names: Mapping[str, str]
) -> dict[str, str]:
    facts = facts_of(workflow_for(action), action)
    above = behind.get(_said(facts, "recommendation_ref"))
    own = facts_of(workflow_for(above), above) if above else {}
    scope = _said(own, "kind") or _said(facts, "recommendation_scope")
    cells = dict.fromkeys(HEADINGS, "")
    cells[RECOMMENDATION] = _said(own, "recommendation_text") or _said(facts, "recommendation_text")
    cells[SCOPE] = _SCOPES.get(scope, "")
    cells[ACTION] = _said(facts, "action_text") or action.title
    cells[LEAD] = _lead(facts, names)
    cells[MILESTONES] = _said(facts, "milestones")
    cells[TARGET] = _target(facts, target)
    cells[DONE] = _outcome(action, facts)
    return cells


def _unanswered(recommendation: Case) -> dict[str, str]:
    """A recommendation that no action answers yet still stands in the plan."""
    facts = facts_of(workflow_for(recommendation), recommendation)
    cells = dict.fromkeys(HEADINGS, "")
    cells[RECOMMENDATION] = _said(facts, "recommendation_text") or recommendation.title
    cells[SCOPE] = _SCOPES.get(_said(facts, "kind"), "")
    return cells


def _lead(facts: Mapping[str, FactValue], names: Mapping[str, str]) -> str:
    joint = facts.get("joint_agencies", ())
    keys = (_said(facts, "lead_agency"), *(joint if isinstance(joint, tuple) else ()))
    led = "; ".join(names.get(key, key) for key in keys if key)
    role = _said(facts, "lead_role")
    return f"{led} ({role})" if led and role else led or role


def _target(facts: Mapping[str, FactValue], target: Deadline | None) -> str:
    on = target.due_on if target and target.status != DeadlineStatus.CANCELLED else None
    on = on or day_of(facts, "target_on")
    return _day(on) if on else _said(facts, "target_condition")


def _outcome(action: Case, facts: Mapping[str, FactValue]) -> str:
    if action.state in _ENDED:
        words, why = _ENDED[action.state]
        told = words.format(superseded_by=_said(facts, "superseded_by"))
        return ". ".join(part for part in (told, _said(facts, why)) if part)
    if action.state not in {"verified", "completed_unverified"}:
        return ""
    done = day_of(facts, "completed_on")
    parts = [_day(done)] if done else []
    if action.state == "completed_unverified":
        parts.append("reported as done, not verified yet")
    head = ", ".join(parts)
    return "\n".join(part for part in (head, _said(facts, "outcome"), _said(facts, "impact")) if part)


def _targets(session: Session, actions: Iterable[Case]) -> dict[int, Deadline]:
    """The latest target date of each action."""
    rows = session.exec(
        select(Deadline)
        .where(col(Deadline.case_id).in_([one.id for one in actions]), Deadline.key == PLAN_DATE)
        .order_by(col(Deadline.id))
    ).all()
    return {row.case_id: row for row in rows}


def _keys(actions: Iterable[Case]) -> set[str]:
    keys: set[str] = set()
    for one in actions:
        keys |= {str(one.facts.get("lead_agency", "")), *one.facts.get("joint_agencies", ())}
    return keys


def _said(facts: Mapping[str, FactValue], name: str) -> str:
    return str(facts.get(name) or "")


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


@dataclass(frozen=True, slots=True)
class Adding:
    """What the form for a new action needs. ``recommendations`` are those of the review, by reference and words."""

    case: Case
    adds: bool
    recommendations: tuple[tuple[str, str], ...]


def adding(session: Session, actor: Actor, reference: str) -> Adding:
    """The review, or the recommendation of one, that an action is to be added to.

    Raises:
        NotVisible: there is no such case, or it is not theirs to see.
    """
    case = access.case_for(session, actor, reference)
    records = allows(actor, Permission.CASE_RECORD, access.subject_of(session, case))
    review = review_of(session, case)
    rows = (
        session.exec(
            select(Case)
            .where(Case.parent_id == review.id, Case.process == "recommendation", access.visible(actor))
            .order_by(col(Case.id))
        ).all()
        if review is case
        else ()
    )
    offered = tuple((row.reference, f"{row.reference}: {_short(row)}") for row in rows)
    return Adding(case, records and takes_actions(session, case), offered)


def _short(recommendation: Case) -> str:
    words = str(recommendation.facts.get("recommendation_text") or recommendation.title)
    return words if len(words) <= _SHORT else f"{words[:_SHORT]}…"
