"""When an applicant can ask for a second look, and from whom (Sch 4 para 3 of the 2014 Act; docs/asb-case-review.md 5.4, 9).

Suffolk hears nobody while the action plan is live: an area's procedure may say so. Whether the local policing body
reviews decisions is said by the version in force on the day of the request, so that it begins on that version's date
for cases that run already.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlmodel import Session, col, func, select

from tracker.errors import BadInput, NotPossible
from tracker.models import Case, Deadline, DeadlineStatus
from tracker.services.areas import area_named
from tracker.services.policies import in_area, policy_for
from tracker.services.positions import children_of
from workflows.asb_case_review_family import live_plan
from workflows.dates import in_words
from workflows.facts import FactValue

SECOND_LOOK = "dissatisfaction"
_BODY = "local_policing_body"


def require_possible(session: Session, parent: Case, facts: Mapping[str, FactValue], on: date) -> None:
    """Refuse a request that the area's procedure does not take now, or not from there.

    Raises:
        NotPossible: the action plan is live and the procedure bars it.
        BadInput: nobody hears it where it is sent.
    """
    policy = policy_for(session, parent)
    barred = policy is not None and policy.dissatisfaction.get("live_plan_bar") is True
    if barred and live_plan(children_of(session, parent)):
        last = _last_due(session, parent)
        if last is None or on <= last:
            raise NotPossible(_barred(last))
    if facts.get("stage") == _BODY and not heard_by_policing_body(session, parent, on):
        raise BadInput(
            "Who looks at it cannot be the local policing body: the area's procedure has no review by it."
        )


def heard_by_policing_body(session: Session, case: Case, on: date) -> bool:
    """Whether the local policing body hears an applicant, as the procedure of the case or a review of its own."""
    policy = policy_for(session, case)
    by_procedure = policy is not None and policy.dissatisfaction.get("heard_by") == _BODY
    return by_procedure or policing_body_review(session, case, on) != "off"


def policing_body_review(session: Session, case: Case, on: date) -> str:
    """``off``, ``voluntary`` or ``statutory``: whether the policing body reviews decisions of the area on a day."""
    area = area_named(session, case.partnership_id, str(case.facts.get("area") or ""), on)
    policy = in_area(session, case.process, area, on) if area else None
    return str(policy.dissatisfaction.get("policing_body_review", "off")) if policy else "off"


def _last_due(session: Session, parent: Case) -> date | None:
    """The last date by which anything of the plan is due."""
    return session.exec(
        select(func.max(col(Deadline.due_on)))
        .join(Case, col(Case.id) == col(Deadline.case_id))
        .where(
            Case.parent_id == parent.id,
            col(Case.process).in_(["recommendation", "action_item"]),
            Deadline.key.in_(["ACTION_TARGET", "C11"]),  # type: ignore[attr-defined]
            Deadline.status == DeadlineStatus.RUNNING,
        )
    ).one()


def _barred(last: date | None) -> str:
    said = "The area's procedure takes no request for a second look while the action plan is live."
    if last is None:
        return f"{said} It can be asked for once every recommendation and action has ended."
    opens = in_words(last + timedelta(days=1))
    return (
        f"{said} It opens on {opens}, the day after the last date of the plan, or once all of it has ended."
    )
