"""What is overdue: running, and due before the day. Computed, never stored."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from tracker import access
from tracker.models import ActionDetails, Case, Deadline, DeadlineStatus, Organisation, Partnership, Plan
from tracker.policy import Actor
from tracker.services.calendars import calendars_for
from workflows.dates import Unit, days_late


@dataclass(frozen=True, slots=True)
class OverdueItem:
    """One overdue deadline. ``days_overdue`` is in the clock's own unit: working days, or else calendar days."""

    ref: str
    what: str
    due_on: date
    first_due_on: date
    days_overdue: int
    held_by: str | None
    force: str

    def as_json(self) -> dict[str, object]:
        """The item as ``tracker overdue --json`` prints it."""
        return {
            "ref": self.ref,
            "what": self.what,
            "due_on": self.due_on.isoformat(),
            "first_due_on": self.first_due_on.isoformat(),
            "days_overdue": self.days_overdue,
            "held_by": self.held_by,
            "force": self.force,
        }


def overdue(
    session: Session, actor: Actor, as_at: date, *, plan: str | None = None, partnership: str | None = None
) -> list[OverdueItem]:
    """Every overdue deadline that the actor may see, longest overdue first."""
    statement = (
        select(Deadline, Case, Organisation)
        .join(Case, col(Deadline.case_id) == col(Case.id))
        .outerjoin(Organisation, col(Case.owner_organisation_id) == col(Organisation.id))
        .where(
            Deadline.status == DeadlineStatus.RUNNING,
            col(Deadline.paused).is_(False),
            col(Deadline.minimum).is_(False),
            col(Deadline.due_on) < as_at,
            access.visible(actor),
        )
        .order_by(col(Deadline.due_on), col(Case.reference), col(Deadline.id))
    )
    if plan is not None:
        statement = (
            statement.join(ActionDetails, col(ActionDetails.case_id) == col(Case.id))
            .join(Plan, col(ActionDetails.plan_id) == col(Plan.id))
            .where(or_(col(Plan.key) == plan.lower(), col(Plan.name) == plan))
        )
    if partnership is not None:
        statement = statement.join(Partnership, col(Case.partnership_id) == col(Partnership.id)).where(
            Partnership.key == partnership
        )
    rows = session.exec(statement).all()
    calendars = calendars_for(session, {case.partnership_id for _, case, _ in rows})
    return [
        OverdueItem(
            ref=case.reference,
            what=what_of(deadline, case),
            due_on=deadline.due_on,
            first_due_on=deadline.first_due_on or deadline.due_on,
            days_overdue=days_late(deadline.due_on, as_at, unit_of(deadline), calendars[case.partnership_id]),
            held_by=body.name if body else None,
            force=deadline.force,
        )
        for deadline, case, body in rows
        if deadline.due_on is not None
    ]


def unit_of(deadline: Deadline) -> Unit:
    """The unit in which lateness is counted; an entered date counts in calendar days."""
    return Unit(str(deadline.rule["unit"])) if deadline.rule else Unit.DAYS


def what_of(deadline: Deadline, case: Case) -> str:
    """What is due: the action's own words for an action, otherwise our name for the date."""
    return case.title if case.title and deadline.key == "ACTION_TARGET" else deadline.label
