"""What the records of an ASB case review say to the conditions of its steps."""

from sqlmodel import Session, col, select

from tracker.audit import Happened
from tracker.models import Case, Deadline, DeadlineStatus, Event, User
from tracker.services import threshold
from tracker.services.asb_records import asked_to_pass_on, not_passed_on, relevant_bodies
from tracker.services.policies import policy_for
from workflows.definition import Workflow
from workflows.facts import FactValue
from workflows.position import Position
from workflows.threshold import CountUnit

_PROCESS = "asb_case_review"
_DECISIONS = ("decide_met", "decide_not_met")
_CLOSING = ("not_met_notified", "outcome_notified", "action_plan_monitoring")


def bodies(session: Session, _workflow: Workflow, case: Case, _here: Position) -> dict[str, FactValue]:
    """Which bodies are relevant, and which of them do not have the application yet, or not since it was taken up again."""
    if case.process != _PROCESS:
        return {}
    there = tuple(body.organisation.key for body in relevant_bodies(session, case))
    if not there:
        return {}
    missing = tuple(
        body.organisation.key for body in not_passed_on(session, case, asked_to_pass_on(session, case))
    )
    return {"relevant_bodies": there, "not_passed_on": missing}


def calculation(session: Session, _workflow: Workflow, case: Case, here: Position) -> dict[str, FactValue]:
    """Whether the area has a procedure, and what its rules make of the incidents and reports."""
    if case.process != _PROCESS:
        return {}
    policy = policy_for(session, case)
    known: dict[str, FactValue] = {"area_has_policy": policy is not None}
    if policy is not None:
        known["chair_definition"] = policy.chair_independence
    if here.state != "threshold_check":
        return known
    standing = threshold.standing_of(session, case)
    made = standing.assessment
    if made is None:
        return known
    return known | {
        "threshold_result": str(made.result),
        "threshold_warning": made.warning,
        "count_complaint": made.counts[CountUnit.COMPLAINT],
        "count_incident": made.counts[CountUnit.INCIDENT],
        "count_distinct_report": made.counts[CountUnit.DISTINCT_REPORT],
        "dates_disagree": standing.differs,
        "calculation": threshold.as_text(standing),
    }


def people(session: Session, _workflow: Workflow, case: Case, here: Position) -> dict[str, FactValue]:
    """Who was the applicant's contact or took the decision, so cannot chair; and whom recommendations are for."""
    if case.process != _PROCESS or case.id is None:
        return {}
    known: dict[str, FactValue] = {"involved": involved_in(session, case)}
    drafted = (child for child in here.those("recommendation") if child.state == "drafted")
    recipients = {str(child.facts["recipient"]) for child in drafted if child.facts.get("recipient")}
    if recipients:
        known["recommendation_recipients"] = tuple(sorted(recipients))
    return known


def second_look(session: Session, _workflow: Workflow, case: Case, here: Position) -> dict[str, FactValue]:
    """The last day on which the applicant can ask for a second look (C14), of the latest letter that told them."""
    if case.process != _PROCESS or here.state not in _CLOSING:
        return {}
    found = session.exec(
        select(col(Deadline.due_on))
        .where(
            Deadline.case_id == case.id, Deadline.key == "C14", Deadline.status != DeadlineStatus.CANCELLED
        )
        .order_by(col(Deadline.id).desc())
    ).first()
    return {"second_look_until": found} if found else {}


def involved_in(session: Session, case: Case) -> tuple[str, ...]:
    """E-mail addresses and names, in small letters, of the contacts and decision-makers that the case has had."""
    events = session.exec(
        select(Event).where(
            Event.case_id == case.id,
            col(Event.kind).in_([Happened.CASE_OPENED, Happened.CASE_MOVED, Happened.FACTS_RECORDED]),
        )
    ).all()
    emails = {str(event.facts["spoc_id"]).lower() for event in events if event.facts.get("spoc_id")}
    deciders = {
        event.actor_id
        for event in events
        if event.name in _DECISIONS and not event.detail.get("on_behalf_of")
    }
    rows = session.exec(
        select(User).where(col(User.email).in_(emails) | col(User.id).in_(deciders - {None}))
    ).all()
    return tuple(sorted({each.casefold() for row in rows for each in (row.email, row.name)}))
