"""Logging a case: choose its kind, fill in the form, check answers with every date that starts, log it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile
from tracker.forms.cases import ANOTHER_AREA, ASKS, RECEIVED, SOMEBODY, First, LogForm, area_choices
from tracker.forms.facts import complain, fact_form, offered
from tracker.forms.opened import numbered
from tracker.models import Case, Dated, Partnership, Sensitivity
from tracker.policy import Permission, may_knock
from tracker.queries import choices, grants, log_page, step_page
from tracker.queries.log_page import LogSheet
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.services import applied_mails, cases, incidents, regimes
from tracker.services.asked import MoveRequest, NewCase
from tracker.services.incidents import IncidentSaid, ReportSaid
from tracker.services.letter_contacts import UNSAFE
from tracker.services.process_names import kind_meant, with_article
from workflows.facts import FactValue
from workflows.traces import in_words

bp = Blueprint("log_case", __name__, url_prefix="/cases/new")


@bp.get("")
@auth.needs(Permission.CASE_LOG)
def choose() -> ResponseReturnValue:
    """Which kind of case?"""
    with looking() as session:
        places = choices.partnerships(session, auth.actor())
        names = log_page.names_logged(session, places, parts.today(), _deaths())
    return render_template(
        "log/choose.html",
        kinds=log_page.headings(names),
        running=may_knock(auth.actor(), Permission.REVIEW_BRING_IN),
        names={kind: with_article(name) for kind, name in names.items()},
    )


@bp.get("/<string:kind>")
@auth.needs(Permission.CASE_LOG)
def show(kind: str) -> ResponseReturnValue:
    """The form. An old name in the address leads to the form of today: every death is logged on one."""
    today = {"dardr": "dhr"}.get(kind_meant(kind), kind_meant(kind))
    if today not in {"", kind}:
        return redirect(url_for(".show", kind=today))
    sheet = _sheet(kind)
    mine = auth.actor().email
    known = {"lead_officer": mine if mine in dict(sheet.officers) else ""}
    form = _form(sheet, known)
    form.request_id.data = opening.new_request_id()
    return _page(sheet, form)


@bp.get("/<string:kind>/check")
@auth.needs(Permission.CASE_LOG)
def back(kind: str) -> ResponseReturnValue:
    """Somebody opened the address of check answers: there are none yet, so to the form."""
    return redirect(url_for(".show", kind=kind))


@bp.post("/<string:kind>/check")
@auth.needs(Permission.CASE_LOG)
def check(kind: str) -> ResponseReturnValue:
    """Check answers, with every date that will start. Nothing is saved."""
    sheet = _sheet(kind)
    form = _form(sheet)
    if "change" in request.form:
        return _page(sheet, form)
    facts, partnership, received = _read(sheet, form)
    form.first(parts.today())
    if partnership is None or received is None or any(field.errors for field in form):
        return _page(sheet, form, status=422)
    with looking() as session:
        starts = log_page.startings(session, sheet, partnership, received, facts)
        alike = log_page.alike(session, auth.actor(), sheet, partnership, facts, parts.today())
    names = dict([*sheet.officers, *sheet.organisations])
    return render_template(
        "log/check.html",
        kind=kind,
        title=sheet.heading,
        form=form,
        answers=step_page.answered(sheet.facts, facts, names),
        unsafe=sheet.workflow.fact_by_name.get(UNSAFE),
        partnership=partnership.name if len(sheet.partnerships) > 1 else "",
        officer=names.get(form.lead_officer.data or "", ""),
        first=_first_words(form, names) if kind == "asb" else (),
        starts=starts,
        alike=alike,
        thanked=applied_mails.address_in(facts) if kind == "asb" else "",
        carried=form.carried(),
    )


@bp.post("/<string:kind>")
@auth.needs(Permission.CASE_LOG)
def log(kind: str) -> ResponseReturnValue:
    """Log the case. Sent twice, it is one case."""
    sheet = _sheet(kind)
    form = _form(sheet)
    facts, partnership, received = _read(sheet, form)
    first = form.first(parts.today())
    if partnership is None or received is None or any(field.errors for field in form):
        return _page(sheet, form, status=422)
    number = form.request_id.data or None
    actor, at = auth.actor(), parts.at()
    try:
        with parts.database().transaction() as session:
            officer = grants.user_named(session, form.lead_officer.data) if form.lead_officer.data else None
            asked = NewCase(
                process=_process(sheet, received),
                partnership_id=partnership.id or 0,
                opened_on=received,
                facts=facts | _follows(kind, partnership, form.lead_officer.data or ""),
                sensitivity=Sensitivity.RESTRICTED if kind == "dhr" else Sensitivity.OPEN,
                owner_user_id=officer.id if officer else None,
                section_8a_from=parts.settings().dardr_in_force_from,
                request_id=numbered(number),
            )
            case = cases.log_case(session, actor, asked, at=at)
            if sheet.submits is not None:
                submit = MoveRequest(
                    case.version, received, request_id=f"{number}-submit" if number else None
                )
                cases.move(session, actor, case, sheet.submits.name, submit, at=at)
            if kind == "asb" and first.told:
                _tell(session, case, first, number, at)
            words = step_page.started_words(session, case, 0)
    except ChangedMeanwhile as sent:
        form.request_id.data = opening.new_request_id()
        return _page(sheet, form, refused=f"{sent} Continue only to log another", status=409)
    except BadInput as refused:
        field = next((form.field_of(f.name) for f in sheet.facts if str(refused).startswith(f.label)), None)
        if field is not None:
            complain(field, str(refused))
        return _page(sheet, form, refused="" if field is not None else str(refused), status=422)
    flash(f"{case.reference} is logged. {words}".strip())
    return redirect(url_for("cases.show", reference=case.reference), 303)


def _process(sheet: LogSheet, received: date) -> str:
    """The process of the new case. The day on which a death was received settles under which law it is reviewed."""
    if sheet.workflow.key != regimes.DHR:
        return sheet.workflow.key
    return regimes.regime_for(received, parts.settings().dardr_in_force_from)


def _tell(session: Any, case: Case, first: First, number: str | None, at: datetime) -> None:
    """Add the first incident and its report."""
    actor = auth.actor()
    dated = Dated.ON if first.incident_on else Dated.UNKNOWN
    incident = IncidentSaid(
        case.version,
        dated=dated,
        first_on=first.incident_on,
        request_id=f"{number}-incident" if number else None,
    )
    event = incidents.record_incident(session, actor, case, incident, at=at)
    if not first.reported_to or event.detail.get("number") is None:
        return
    other = first.reported_to == SOMEBODY
    report = ReportSaid(
        case.version, incidents=(int(event.detail["number"]),), earliest_on=first.reported_on,
        body="" if other else first.reported_to, other_body="Not on the list" if other else "",
        request_id=f"{number}-report" if number else None,
    )  # fmt: skip
    incidents.record_report(session, actor, case, report, at=at)


def _first_words(form: LogForm, names: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """The first incident and report on the check page: label, words, field."""
    told = form.reported_to.data or ""
    said = (
        (form.incident_on, form.incident_on.data or "Not known yet"),
        (form.reported_to, names.get(told, "Somebody else" if told else "Not known yet")),
        (form.reported_on, form.reported_on.data or "Not known yet"),
    )
    return tuple((field.label.text.removesuffix(" (optional)"), words, field.name) for field, words in said)


def _follows(kind: str, partnership: Partnership, officer: str) -> dict[str, FactValue]:
    """Facts that follow from the other answers: who leads a review, and where."""
    if kind != "dhr":
        return {}
    follows: dict[str, FactValue] = {"csp_id": partnership.name}
    return follows | {"lead_officer_id": officer} if officer else follows


def _sheet(kind: str) -> LogSheet:
    if kind not in log_page.KINDS:
        abort(404)
    with looking() as session:
        asked = ASKS[log_page.KINDS[kind]]
        return log_page.log_sheet(session, auth.actor(), kind, asked, parts.today(), _deaths())


def _deaths() -> str:
    """The process under which a death that is received today is reviewed."""
    return regimes.regime_for(parts.today(), parts.settings().dardr_in_force_from)


def _form(sheet: LogSheet, known: Mapping[str, str] | None = None) -> LogForm:
    areas = area_choices(area for names in sheet.areas.values() for area in names)
    made = fact_form(
        LogForm,
        sheet.facts,
        people=sheet.officers,
        organisations=sheet.organisations,
        optional=sheet.optional,
        choices={"area": areas} if areas else {},
    )
    form = made(formdata=None, data=known) if known is not None else made()
    named = tuple((each.key, each.name) for each in sheet.partnerships)
    form.partnership.choices = offered((("", "Choose one"), *named))
    form.lead_officer.choices = offered((("", "Nobody yet"), *sheet.officers))
    form.reported_to.choices = offered(
        (("", "Not known yet"), *sheet.organisations, (SOMEBODY, "Somebody else"))
    )
    return form


def _read(sheet: LogSheet, form: LogForm) -> tuple[dict[str, FactValue], Partnership | None, date | None]:
    """The answers; what is to put right is said at its field."""
    facts = form.read(parts.today())
    form.ask_for(sheet.needs, facts)
    partnership = sheet.partnership(form.partnership.data or "")
    if partnership is None:
        complain(form.partnership, "Choose the partnership")
    area = form.field_of("area")
    if area is not None and partnership is not None and facts.get("area") not in (None, ANOTHER_AREA):
        here = sheet.areas[partnership.key]
        if here and facts["area"] not in here:
            complain(area, f"{facts['area']} is no area of {partnership.name}")
    if (form.lead_officer.data or "") not in {"", *dict(sheet.officers)}:
        complain(form.lead_officer, "Choose the lead officer from the list")
    name = RECEIVED[sheet.workflow.key]
    received, field = facts.get(name), form.field_of(name)
    if isinstance(received, date) and field is not None and received < sheet.workflow.effective_from:
        first = in_words(sheet.workflow.effective_from)
        complain(
            field,
            f"{sheet.workflow.fact_by_name[name].label} must be on or after {first}, when these rules began",
        )
    return facts, partnership, received if isinstance(received, date) else None


def _page(sheet: LogSheet, form: LogForm, *, refused: str = "", status: int = 200) -> ResponseReturnValue:
    extra = [{"text": refused, "href": "#main"}] if refused else []
    return render_template(
        "log/form.html",
        kind=sheet.kind,
        title=sheet.heading,
        several=len(sheet.partnerships) > 1,
        form=form,
        errors=web.problems(form, extra=extra) if status != 200 else (),
    ), status
