"""Leads gone quiet: agencies that owe something and have said nothing about any of it for 28 days or more."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, literal_column
from sqlmodel import Session, and_, col, func, or_, select

from tracker import access
from tracker.models import Case, Deadline, DeadlineStatus, Organisation
from tracker.policy import LED, Actor
from tracker.services import returning
from workflows.definition import HeldBy
from workflows.likely_late import silent_days
from workflows.released import RELEASED


@dataclass(frozen=True, slots=True)
class QuietLead:
    """One agency. ``owes`` things are with it; ``heard_on`` is the last word about any of them, ``days`` ago.

    ``returns``: mail to somebody there comes back.
    """

    agency: str
    key: str
    owes: int
    heard_on: date
    days: int
    next_due_on: date | None
    returns: bool = False


def quiet_leads(session: Session, actor: Actor, today: date, *, marks: bool = True) -> tuple[QuietLead, ...]:
    """The longest silent first. What is only to be read by us, or has ended, is not with the agency.

    ``marks``: say as well whether mail to an agency comes back.
    """
    soonest = (
        select(func.min(Deadline.due_on))
        .where(
            Deadline.case_id == Case.id,
            col(Deadline.status) == literal_column(f"'{DeadlineStatus.RUNNING}'"),
        )
        .correlate(Case)
        .scalar_subquery()
    )
    rows = session.exec(
        select(Case, Organisation, soonest)
        .select_from(Case)
        .join(Organisation, col(Organisation.id) == col(Case.owner_organisation_id))
        .where(access.visible(actor), _with_the_agency())
        .order_by(col(Organisation.name), col(Case.id))
    ).all()
    found: dict[str, QuietLead] = {}
    marked = returning.agencies(session) if marks else ()
    for case, body, due_on in rows:
        before, said = found.get(body.key), case.facts.get("last_update_on")
        heard = [case.state_since_on, date.fromisoformat(str(said)) if said else date.min]
        heard += [before.heard_on] if before else []
        dues = [on for on in (due_on, before.next_due_on if before else None) if on is not None]
        found[body.key] = QuietLead(
            body.name, body.key, before.owes + 1 if before else 1, max(heard), (today - max(heard)).days,
            min(dues, default=None), body.id in marked,
        )  # fmt: skip
    quiet = (lead for lead in found.values() if silent_days(lead.heard_on, today))
    return tuple(sorted(quiet, key=lambda lead: (lead.heard_on, lead.agency)))


def _with_the_agency() -> ColumnElement[bool]:
    """What agencies lead and must act on next."""
    return or_(
        *(
            and_(
                col(Case.process) == workflow.key,
                col(Case.workflow_version) == workflow.version,
                col(Case.state).in_([s.name for s in workflow.states if s.held_by is HeldBy.AGENCY]),
            )
            for workflow in RELEASED.values()
            if workflow.key in LED
        )
    )
