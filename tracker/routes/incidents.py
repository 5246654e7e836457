"""Incidents and reports of an ASB application: the list, adding another, correcting one."""

from datetime import date

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.forms.asb import OTHER, IncidentForm, ReportForm
from tracker.forms.facts import offered
from tracker.policy import Permission
from tracker.queries import threshold_page
from tracker.queries.looking import looking
from tracker.queries.review_page import Frame
from tracker.routes import opening, reviewing
from tracker.services import incidents

bp = Blueprint("incidents", __name__, url_prefix="/cases/<string:reference>/incidents")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """Everything that the application says happened, and who was told."""
    frame = framed(reference)
    with looking() as session:
        listed = threshold_page.incidents(session, frame.case)
        reports = threshold_page.reports(session, frame.case)
    return reviewing.page("asb/incidents.html", frame, "incidents", incidents=listed, reports=reports)


@bp.get("/new", defaults={"number": None})
@bp.get("/<int:number>")
@auth.needs(Permission.CASE_RECORD)
def ask(reference: str, number: int | None) -> ResponseReturnValue:
    """The form of an incident: a new one, or one to correct."""
    frame = framed(reference)
    form = _incident(frame, number)
    reviewing.fresh(form, frame)
    return _incident_page(frame, form, number)


def _incident(frame: Frame, number: int | None) -> IncidentForm:
    """The form with what is recorded of an incident now."""
    known = {}
    if number is not None:
        with looking() as session:
            row = threshold_page.incident_of(session, frame.case, number) or abort(404)
            known = {
                "dated": row.dated, "first_on": box(row.first_on), "last_on": box(row.last_on), "what": row.what,
                "place": row.place, "linked": row.linked, "hate": row.hate, "alarm": row.alarm,
            }  # fmt: skip
    return IncidentForm(formdata=None, data=known)


@bp.post("/new", defaults={"number": None})
@bp.post("/<int:number>")
@auth.needs(Permission.CASE_RECORD)
def record(reference: str, number: int | None) -> ResponseReturnValue:
    """Add the incident, or its correction."""
    frame, form = framed(reference), IncidentForm()
    said = form.said(parts.today(), number)
    if said is not None:
        answer = reviewing.saved(
            frame, form,
            lambda session, case: incidents.record_incident(session, auth.actor(), case, said, at=parts.at()),
            "The incident is recorded.", url_for(".show", reference=reference),
            now=(lambda: _incident(frame, number)) if number else None,
        )  # fmt: skip
        if answer is not None:
            return answer
    return _incident_page(frame, form, number, status=422)


@bp.get("/reports/new", defaults={"number": None})
@bp.get("/reports/<int:number>")
@auth.needs(Permission.CASE_RECORD)
def ask_report(reference: str, number: int | None) -> ResponseReturnValue:
    """The form of a report: a new one, or one to correct."""
    frame = framed(reference)
    form = _report(frame, number)
    reviewing.fresh(form, frame)
    return _report_page(frame, form, number)


def _report(frame: Frame, number: int | None) -> ReportForm:
    """The form with what is recorded of a report now."""
    known = {}
    if number is not None:
        with looking() as session:
            told = threshold_page.told_of(session, frame.case, number) or abort(404)
            row = told.row
            known = {
                "incidents": [str(each) for each in told.incidents], "body": told.body.key if told.body else OTHER,
                "other_body": row.other_body, "person": row.person, "household": row.household, "earliest_on": box(row.earliest_on),
                "latest_on": box(row.latest_on if row.latest_on != row.earliest_on else None), "method": row.method,
                "external_reference": row.external_reference, "record": row.record, "agency_on": box(row.agency_on),
            }  # fmt: skip
    return _offered(frame, ReportForm(formdata=None, data=known))


@bp.post("/reports/new", defaults={"number": None})
@bp.post("/reports/<int:number>")
@auth.needs(Permission.CASE_RECORD)
def record_report(reference: str, number: int | None) -> ResponseReturnValue:
    """Add the report, or its correction."""
    frame = framed(reference)
    form = _offered(frame, ReportForm())
    said = form.said(parts.today(), number)
    if said is not None:
        answer = reviewing.saved(
            frame, form,
            lambda session, case: incidents.record_report(session, auth.actor(), case, said, at=parts.at()),
            "The report is recorded.", url_for(".show", reference=reference),
            now=(lambda: _report(frame, number)) if number else None,
        )  # fmt: skip
        if answer is not None:
            return answer
    return _report_page(frame, form, number, status=422)


def framed(reference: str) -> Frame:
    """The frame of a page that only an ASB case review has."""
    frame = reviewing.framed(reference)
    if frame.case.process != incidents.ASB:
        abort(404)
    return frame


def box(on: date | None) -> str:
    """A day as a box shows it."""
    return f"{on.day} {on.month} {on.year}" if on else ""


def _incident_page(
    frame: Frame, form: IncidentForm, number: int | None, *, status: int = 200
) -> ResponseReturnValue:
    return reviewing.page("asb/incident.html", frame, "incidents", form, status=status, number=number)


def _report_page(
    frame: Frame, form: ReportForm, number: int | None, *, status: int = 200
) -> ResponseReturnValue:
    return reviewing.page(
        "asb/report.html", frame, "incidents", form, status=status, number=number,
        none=not form.incidents.choices,
    )  # fmt: skip


def _offered(frame: Frame, form: ReportForm) -> ReportForm:
    """The form with the incidents and the bodies to choose from."""
    with looking() as session:
        listed = threshold_page.incidents(session, frame.case)
        bodies = threshold_page.body_choices(session, frame.case)
    form.incidents.choices = offered(
        tuple((str(each.number), f"Incident {each.number}, {each.days}") for each in listed)
    )
    form.body.choices = offered((("", "Choose one"), *bodies, (OTHER, "Somebody else")))
    return form
