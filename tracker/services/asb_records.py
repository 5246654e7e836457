"""What an ASB case review keeps besides its facts, as it stands now: incidents, reports, relevant bodies, pass-ons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from tracker.models import (
    AsbReport,
    Case,
    Deadline,
    DeadlineStatus,
    IncidentRecord,
    Organisation,
    PassOn,
    ReportIncident,
)
from tracker.services.areas import area_named, bodies_of


@dataclass(frozen=True, slots=True)
class Told:
    """A report in its latest revision, with the incidents that it is about and the body that was told."""

    row: AsbReport
    incidents: tuple[int, ...]
    body: Organisation | None


def incidents_of(session: Session, case: Case) -> Sequence[IncidentRecord]:
    """Every incident in its latest revision, by number."""
    latest = (
        select(IncidentRecord.number, func.max(col(IncidentRecord.revision)).label("revision"))
        .where(IncidentRecord.case_id == case.id)
        .group_by(col(IncidentRecord.number))
        .subquery()
    )
    return session.exec(
        select(IncidentRecord)
        .join(
            latest,
            (col(IncidentRecord.number) == latest.c.number)
            & (col(IncidentRecord.revision) == latest.c.revision),
        )
        .where(IncidentRecord.case_id == case.id)
        .order_by(col(IncidentRecord.number))
    ).all()


def reports_of(session: Session, case: Case) -> tuple[Told, ...]:
    """Every report in its latest revision, by number; without those that were recorded by mistake."""
    latest = (
        select(AsbReport.number, func.max(col(AsbReport.revision)).label("revision"))
        .where(AsbReport.case_id == case.id)
        .group_by(col(AsbReport.number))
        .subquery()
    )
    rows = session.exec(
        select(AsbReport, Organisation)
        .outerjoin(Organisation, col(Organisation.id) == col(AsbReport.organisation_id))
        .join(
            latest,
            (col(AsbReport.number) == latest.c.number) & (col(AsbReport.revision) == latest.c.revision),
        )
        .where(AsbReport.case_id == case.id, col(AsbReport.withdrawn).is_(False))
        .order_by(col(AsbReport.number))
    ).all()
    linked: dict[int, list[int]] = {}
    for row in session.exec(
        select(ReportIncident)
        .where(col(ReportIncident.report_id).in_([report.id for report, _ in rows]))
        .order_by(col(ReportIncident.incident_number))
    ).all():
        linked.setdefault(row.report_id, []).append(row.incident_number)
    return tuple(Told(report, tuple(linked.get(report.id or 0, ())), body) for report, body in rows)


@dataclass(frozen=True, slots=True)
class Body:
    """One relevant body of the area on the application date. ``contact`` is where applications are passed on to."""

    organisation: Organisation
    contact: str = ""


def applied_on(case: Case) -> date:
    """The day on which the application was made, as far as it is known."""
    said = case.facts.get("application_date")
    return date.fromisoformat(str(said)) if said else case.opened_on


def relevant_bodies(session: Session, case: Case) -> tuple[Body, ...]:
    """The bodies of the area that were there on the application date; without an area list, those named on the case."""
    on = applied_on(case)
    area = area_named(session, case.partnership_id, str(case.facts.get("area") or ""), on)
    listed = bodies_of(session, area, on) if area else ()
    if listed:
        return tuple(Body(organisation, body.contact) for body, organisation in listed)
    named = session.exec(
        select(Organisation)
        .where(col(Organisation.key).in_(case.facts.get("relevant_bodies") or []))
        .order_by(col(Organisation.name))
    ).all()
    return tuple(Body(organisation) for organisation in named)


def pass_ons_of(session: Session, case: Case) -> Sequence[PassOn]:
    """Every pass-on, oldest first."""
    return session.exec(
        select(PassOn).where(PassOn.case_id == case.id).order_by(col(PassOn.on), col(PassOn.id))
    ).all()


def not_passed_on(session: Session, case: Case, asked: Deadline | None = None) -> tuple[Body, ...]:
    """The relevant bodies that do not have the application yet, or have not been told since it was ``asked`` again."""
    have = {
        row.organisation_id for row in pass_ons_of(session, case) if asked is None or _answers(row, asked)
    }
    return tuple(body for body in relevant_bodies(session, case) if body.organisation.id not in have)


def asked_to_pass_on(session: Session, case: Case) -> Deadline | None:
    """The date by which every body has to be told, where it runs: again, if the application was taken up again."""
    return session.exec(
        select(Deadline).where(
            Deadline.case_id == case.id, Deadline.key == "C2", Deadline.status == DeadlineStatus.RUNNING
        )
    ).first()


def _answers(row: PassOn, asked: Deadline) -> bool:
    """Whether it went after it was asked for. What was recorded before the second asking is of the first."""
    return row.on >= asked.starts_on and (asked.cycle == 1 or row.recorded_at > asked.recorded_at)
