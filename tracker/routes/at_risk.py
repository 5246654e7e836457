"""At risk: what will be late, and why? And the lists behind its numbers, and where a manager steps in."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile, NotPossible
from tracker.forms.at_risk import JudgeForm, asked_of, filters_of, tags_of
from tracker.forms.facts import complain
from tracker.forms.filters import Asked, cell, page_of
from tracker.policy import Permission, may_knock
from tracker.queries import at_risk, case_page, met_dates, quiet_leads, risk_lists, step_in
from tracker.queries.decisions import Kind, waiting_for
from tracker.queries.due_dates import horizon_for
from tracker.queries.looking import looking
from tracker.queries.risk_lists import RiskFilters, Which
from tracker.queries.step_in import StepIn
from tracker.routes import csv_file, opening
from tracker.routes.conflict import changed
from tracker.routes.health import STARTED_AT
from tracker.services import judgements
from tracker.templating import NavItem, day

bp = Blueprint("at_risk", __name__, url_prefix="/at-risk")
bp.before_request(opening.canonical)

HEADINGS = (
    "Reference", "What is due", "Kind", "Held by", "Due now", "First due", "Times moved", "Reading", "Why",
    "A manager's reading",
)  # fmt: skip
QUIET_HEADINGS = ("Agency", "Holds", "Last word", "Days silent", "Next date")
MET_HEADINGS = ("Reference", "What was due", "Kind", "Held by", "Due", "Met", "How")
_LIST = f"<any('{Which.OVERDUE}', '{Which.LATE}', '{Which.DUE}'):which>"
_TITLES = {
    Which.OVERDUE: ("Overdue now", "Nothing is overdue."),
    Which.LATE: ("Likely to be late", "Nothing is likely to be late in the next 12 weeks."),
    Which.DUE: ("Due in the next 12 weeks", "Nothing falls due then."),
}
_KINDS = {
    Kind.MORE_TIME: "Requests for more time",
    Kind.VERIFY: "Finished actions to verify",
    Kind.STEP: "Cases at a decision",
}


@bp.get("")
@auth.needs(Permission.WORK_READ)
def show() -> ResponseReturnValue:
    """The page."""
    with looking() as session:
        shown = at_risk.at_risk(session, auth.actor(), parts.today(), at=parts.at(), started_at=STARTED_AT)
    return render_template(
        "reports/at_risk.html",
        shown=shown,
        counts=at_risk.title_counts(shown.overdue, shown.late),
        notice=opening.notice(),
        board=may_knock(auth.actor(), Permission.BOARD_PACK),
    )


@bp.get(f"/{_LIST}")
@auth.needs(Permission.WORK_READ)
def listed(which: str) -> ResponseReturnValue:
    """Every date behind one of the numbers, or in one of the weeks."""
    chosen, filters = Which(which), filters_of(request.args)
    with looking() as session:
        horizon = horizon_for(session, auth.actor(), parts.today())
        found = risk_lists.page_of(
            session, auth.actor(), horizon, chosen, filters, page=page_of(request.args)
        )
    asked = asked_of(f"/at-risk/{which}", filters)
    return render_template(
        "reports/risk_list.html",
        found=found.found,
        others=found.others,
        title=_title(chosen, filters),
        nothing=_TITLES[chosen][1],
        asked=asked,
        tags=tags_of(asked, filters, found.agency),
    )


@bp.get(f"/{_LIST}.csv")
@auth.needs(Permission.WORK_READ)
def listed_file(which: str) -> ResponseReturnValue:
    """The same dates as a file, all pages of them."""
    filters = filters_of(request.args)
    with looking() as session:
        horizon = horizon_for(session, auth.actor(), parts.today())
        found = risk_lists.every_row(session, auth.actor(), horizon, Which(which), filters)
    rows = [
        (
            one.reference, one.what, one.kind, one.held_by, cell(one.due_on), cell(one.first or one.due_on),
            str(one.moved_times), "overdue" if one.overdue else "likely late" if one.late else "on time", one.why,
            one.judged_words,
        )
        for one in found
    ]  # fmt: skip
    return csv_file.made(which, HEADINGS, rows, sorted({one.reference for one in found}))


@bp.get("/quiet")
@auth.needs(Permission.WORK_READ)
def quiet() -> ResponseReturnValue:
    """Agencies that have said nothing for 28 days or more."""
    with looking() as session:
        leads = quiet_leads.quiet_leads(session, auth.actor(), parts.today())
    return render_template("reports/quiet.html", leads=leads)


@bp.get("/quiet.csv")
@auth.needs(Permission.WORK_READ)
def quiet_file() -> ResponseReturnValue:
    """The same agencies as a file."""
    with looking() as session:
        leads = quiet_leads.quiet_leads(session, auth.actor(), parts.today())
    rows = [
        (one.agency, str(one.owes), cell(one.heard_on), str(one.days), cell(one.next_due_on)) for one in leads
    ]
    return csv_file.made("quiet-leads", QUIET_HEADINGS, rows, ())


@bp.get("/met")
@auth.needs(Permission.WORK_READ)
def met() -> ResponseReturnValue:
    """What was met in the last 12 weeks, in time and late."""
    late = request.args.get("late") == "yes"
    with looking() as session:
        horizon = horizon_for(session, auth.actor(), parts.today())
        found = met_dates.page_of_met(session, auth.actor(), horizon, late=late, page=page_of(request.args))
    return render_template(
        "reports/met.html",
        found=found,
        late=late,
        asked=Asked("/at-risk/met", (("late", "yes" if late else ""),)),
        whose=(
            NavItem("All", url_for(".met"), current=not late),
            NavItem("Late", url_for(".met", late="yes"), current=late),
        ),
    )


@bp.get("/met.csv")
@auth.needs(Permission.WORK_READ)
def met_file() -> ResponseReturnValue:
    """The same dates as a file, all pages of them."""
    late = request.args.get("late") == "yes"
    with looking() as session:
        horizon = horizon_for(session, auth.actor(), parts.today())
        found = met_dates.every_met(session, auth.actor(), horizon, late=late)
    rows = [
        (one.reference, one.what, one.kind, one.held_by, cell(one.due_on), cell(one.met_on), one.words)
        for one in found
    ]
    return csv_file.made("met", MET_HEADINGS, rows, sorted({one.reference for one in found}))


@bp.get(f"/decisions/<any({', '.join(repr(str(kind)) for kind in Kind)}):kind>")
@auth.needs(Permission.WORK_READ)
def decisions(kind: str) -> ResponseReturnValue:
    """Everything of one kind that waits for the reader's decision."""
    with looking() as session:
        found = waiting_for(session, auth.actor())
    rows = next((one.rows for one in found if one.kind == kind), ())
    return render_template("reports/decisions.html", title=_KINDS[Kind(kind)], rows=rows)


@bp.get("/step-in/<string:reference>/<string:key>")
@auth.needs(Permission.WORK_READ)
def step(reference: str, key: str) -> ResponseReturnValue:
    """One date, what the signs are, and what can be done about it."""
    page = _open(reference, key)
    opening.note_view(page.case)
    return _page(page, _seen(JudgeForm(formdata=None), page))


@bp.post("/step-in/<string:reference>/<string:key>")
@auth.needs(Permission.RISK_JUDGE)
def judge(reference: str, key: str) -> ResponseReturnValue:
    """Record what a manager expects of the date."""
    form = JudgeForm()
    asked = form.judgement()
    if asked is None:
        return _page(_open(reference, key), form, status=422)
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference, lock=True)
            deadline = access.deadline_for(session, case, key.upper(), request.args.get("whose", ""))
            judgements.judge(session, auth.actor(), case, deadline, asked, at=parts.at())
    except ChangedMeanwhile:
        return changed(reference, form)
    except NotPossible as refused:
        return changed(reference, form, cannot=str(refused))
    except BadInput as refused:
        complain(form.reason, str(refused).rstrip("."))
        return _page(_open(reference, key), form, status=422)
    flash("What you expect is recorded. What the rules say stays beside it.")
    return redirect(url_for(".show"), 303)


def _title(which: Which, filters: RiskFilters) -> str:
    if which is Which.DUE and filters.first and filters.last:
        return f"Due from {day(filters.first)} to {day(filters.last)}"
    return _TITLES[which][0]


def _open(reference: str, key: str) -> StepIn:
    with looking() as session:
        return step_in.opened(
            session, auth.actor(), reference, key, request.args.get("whose", ""), parts.today()
        )


def _seen(form: JudgeForm, page: StepIn) -> JudgeForm:
    form.version.data, form.seq.data = str(page.head.version), str(page.head.seq)
    form.request_id.data = opening.new_request_id()
    return form


def _page(page: StepIn, form: JudgeForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "reports/step_in.html",
        shown=page,
        form=form if page.save else None,
        errors=web.problems(form) if status != 200 else (),
        shell=opening.marked(case_page.mark_of(page.head)),
    ), status
