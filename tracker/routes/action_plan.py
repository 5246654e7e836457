"""The action plan of a review: the page to print, its files, and an action to add."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile, NotVisible
from tracker.forms.facts import complain
from tracker.forms.new_action import NewActionForm, new_action_form
from tracker.policy import Permission
from tracker.queries import action_plan, case_page, choices, standing
from tracker.queries.action_plan import Adding, ReviewPlan
from tracker.queries.case_page import CaseHead
from tracker.queries.looking import looking
from tracker.reports.action_plan import HEADINGS, TYPES, written
from tracker.routes import opening
from tracker.routes.case_navigation import navigation
from tracker.services import new_actions
from tracker.services.lookups import note_file

bp = Blueprint("action_plan", __name__, url_prefix="/cases/<string:reference>")
bp.before_request(opening.canonical)


@bp.get("/action-plan")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """The plan as it is printed and annexed to the report."""
    actor = auth.actor()
    with looking() as session:
        plan = action_plan.review_plan(session, actor, reference)
        dates = standing.dates_of(session, plan.case, parts.today())
        head = case_page.head_of(session, actor, plan.case, dates)
        adds = action_plan.adding(session, actor, reference).adds
    opening.note_view(plan.case)
    return render_template(
        "actions/plan.html",
        head=head,
        subnav=navigation(plan.case, head, dates, "plan"),
        plan=plan,
        headings=HEADINGS,
        kinds=tuple(TYPES),
        adds=adds,
        shell=opening.marked(case_page.mark_of(head)),
    )


@bp.get("/action-plan.<string:kind>")
@auth.needs(Permission.CASE_READ)
def file(reference: str, kind: str) -> ResponseReturnValue:
    """The plan as a file. That it was made is recorded."""
    if kind not in TYPES:
        raise NotVisible("There is no such file.")
    with looking() as session:
        plan: ReviewPlan = action_plan.review_plan(session, auth.actor(), reference)
    with parts.database().transaction() as session:
        named = [plan.case.reference, *plan.references]
        note_file(session, auth.actor(), "action-plan", named, at=parts.at())
    response = Response(written(kind, plan.rows, HEADINGS, plan.title), mimetype=TYPES[kind])
    name = f"action-plan-{plan.case.reference}-{parts.today().isoformat()}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/actions/add")
@auth.needs(Permission.CASE_RECORD)
def add(reference: str) -> ResponseReturnValue:
    """What is to be done?"""
    under, head, form = _open(reference, blank=True)
    form.request_id.data = opening.new_request_id()
    opening.note_view(under.case)
    return _page(under, head, form)


@bp.post("/actions/add")
@auth.needs(Permission.CASE_RECORD)
def save(reference: str) -> ResponseReturnValue:
    """Write it down as a draft. Sent twice, it is one action."""
    under, head, form = _open(reference)
    asked = form.asked(parts.today())
    if asked is None:
        return _page(under, head, form, status=422)
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference, lock=True)
            made = new_actions.add(session, auth.actor(), case, asked, at=parts.at()).reference
    except ChangedMeanwhile as sent:
        form.request_id.data = opening.new_request_id()
        return _page(under, head, form, status=409, sent_before=f"{sent} Continue only to add another")
    except BadInput as refused:
        about = (
            form.field_of("lead_agency") if str(refused).startswith("Lead agency") else form.recommendation
        )
        complain(about or form.recommendation, str(refused).rstrip("."))
        return _page(under, head, form, status=422)
    flash(f"Added as a draft: {made}. Its lead accepts it or says why not.")
    return redirect(url_for("actions.show", reference=made), 303)


def _open(reference: str, *, blank: bool = False) -> tuple[Adding, CaseHead, NewActionForm]:
    actor, today = auth.actor(), parts.today()
    with looking() as session:
        under = action_plan.adding(session, actor, reference)
        head = case_page.head_of(session, actor, under.case, ())
        bodies = choices.organisations(session, under.case.partnership_id, today)
    answers_one = under.case.process == "recommendation"
    form = new_action_form(bodies, under.recommendations, answers_one=answers_one, blank=blank)
    return under, head, form


def _page(
    under: Adding, head: CaseHead, form: NewActionForm, *, status: int = 200, sent_before: str = ""
) -> ResponseReturnValue:
    extra = [{"text": sent_before, "href": "#main"}] if sent_before else []
    return render_template(
        "actions/add.html",
        head=head,
        adds=under.adds,
        home=opening.home_of(under.case),
        recommendations=under.recommendations,
        form=form,
        errors=web.problems(form, extra=extra) if status != 200 else (),
        shell=opening.marked(case_page.mark_of(head)),
    ), status
