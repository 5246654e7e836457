"""An action that is not its lead's: the unit hands it to another body. What was done stays in the history."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import access, audit, policy
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted
from tracker.models import Case, CaseParty, Event, Organisation
from tracker.policy import Actor, Permission
from tracker.services import alerts
from tracker.services.guarded import done_before
from tracker.services.positions import workflow_for
from tracker.services.recording import as_stored
from workflows.deciders import Decider


@dataclass(frozen=True, slots=True)
class Handover:
    """``to`` is the key of the body that leads from now on; ``lead_role`` the role of the person there."""

    to: str
    reason: str
    seen_version: int
    lead_role: str = ""
    request_id: str | None = None


def hand_over(session: Session, actor: Actor, action: Case, asked: Handover, *, at: datetime) -> Event:
    """Give an action another lead. Whoever led it before can no longer open it; the new lead is told in the digest.

    Raises:
        NotPermitted: the actor does not record things on this action.
        ChangedMeanwhile: someone else changed the action after the actor opened it.
        BadInput: the action has ended, the body is not there or leads it already, or no reason was given.
    """
    if before := done_before(session, action, asked.request_id):
        return before
    if not policy.allows(actor, Permission.CASE_RECORD, access.subject_of(session, action)):
        raise NotPermitted("Only the partnership's business unit says who leads an action.")
    if action.version != asked.seen_version:
        raise ChangedMeanwhile(action.reference)
    if workflow_for(action).state_by_name[action.state].final:
        raise BadInput("This action has ended, so nobody has to take it on.")
    today = time.london(at)
    body = _body(session, action, asked.to, today)
    if not asked.reason.strip():
        raise BadInput("Say why the lead changes.")
    earlier = (
        session.get(Organisation, action.owner_organisation_id) if action.owner_organisation_id else None
    )
    event = audit.record(
        session, action, actor, Happened.OWNER_CHANGED,
        name="handed_over", occurred_on=today, at=at, reason=asked.reason.strip(), request_id=asked.request_id,
        facts=as_stored(
            {"lead_agency": body.key, "lead_role": asked.lead_role.strip(), "update_kind": "", "belongs_to": ""}
        ),
        detail={"from_organisation": earlier.name if earlier else "", "to_organisation": body.name},
    )  # fmt: skip
    _change_parties(session, action, body, today)
    action.owner_organisation_id = body.id
    session.add(action)
    session.flush()
    alerts.tell(session, action, [Decider.AGENCY_LEAD], event, at=at)
    session.flush()
    return event


def _body(session: Session, action: Case, key: str, today: date) -> Organisation:
    found = session.exec(select(Organisation).where(Organisation.key == key)).first()
    if found is None or found.partnership_id not in (None, action.partnership_id):
        raise BadInput("Choose who leads it from now on.")
    if found.to_on is not None and found.to_on < today:
        raise BadInput("That body has ended, so it cannot lead the action.")
    if found.id == action.owner_organisation_id:
        raise BadInput("That body leads the action already.")
    return found


def _change_parties(session: Session, action: Case, body: Organisation, today: date) -> None:
    """The first lead's part ends, and that of the new lead as one of several; others share the lead as before."""
    rows = session.exec(
        select(CaseParty).where(
            CaseParty.case_id == action.id,
            col(CaseParty.part).in_(("lead", "joint_lead")),
            col(CaseParty.to_on).is_(None),
        )
    ).all()
    gone = {action.owner_organisation_id, body.id}
    for row in rows:
        if row.part == "lead" or row.organisation_id in gone:
            row.to_on = today
            session.add(row)
    session.add(CaseParty(case_id=action.id or 0, part="lead", organisation_id=body.id, from_on=today))
