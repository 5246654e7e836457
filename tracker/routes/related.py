"""What belongs to a case: the list, a form that adds to it, and the chasers of a request."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile
from tracker.forms.facts import PREFIX, complain, fact_form
from tracker.forms.related import AddForm, ChaseForm
from tracker.policy import Permission
from tracker.queries import case_page, related, standing, step_page
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.routes.cases import navigation
from tracker.services import families

bp = Blueprint("related", __name__, url_prefix="/cases/<string:reference>")
bp.before_request(opening.canonical)

_CHANGED = "Somebody changed this case meanwhile. Your answers are kept: look at them and send them again"


@bp.get("/related")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """Everything that belongs to the case, by kind."""
    actor, today = auth.actor(), parts.today()
    with looking() as session:
        case = access.case_for(session, actor, reference)
        dates = standing.dates_of(session, case, today)
        head = case_page.head_of(session, actor, case, dates)
        groups = related.related_to(session, actor, case, today)
    opening.note_view(case)
    return render_template(
        "related/related.html",
        head=head,
        subnav=navigation(case, head, dates, "related"),
        groups=groups,
        notice=opening.notice(),
        shell=opening.marked(case_page.mark_of(head)),
    )


@bp.get("/related/add/<string:process>")
@auth.needs(Permission.CASE_RECORD)
def add(reference: str, process: str) -> ResponseReturnValue:
    """The questions that opening such a case asks."""
    found = _adding(reference, process)
    opening.note_view(found.case)
    form = _form(found, blank=True)
    form.version.data, form.request_id.data = str(found.head.version), opening.new_request_id()
    return _add_page(found, form)


@bp.post("/related/add/<string:process>")
@auth.needs(Permission.CASE_RECORD)
def save(reference: str, process: str) -> ResponseReturnValue:
    """Open it under the case."""
    found = _adding(reference, process)
    form = _form(found)
    facts = form.read(parts.today())
    form.ask_for(found.needs, facts)
    if any(field.errors for field in form):
        return _add_page(found, form, status=422)
    try:
        with parts.database().transaction() as session:
            parent = access.case_for(session, auth.actor(), reference, lock=True)
            child = families.open_child(
                session, auth.actor(), parent, form.asked(process, facts), at=parts.at()
            )
            words = f"{found.workflow.title} {child.reference} added. {step_page.started_words(session, child, 0)}"
    except ChangedMeanwhile:
        form.version.data = str(_adding(reference, process).head.version)
        return _add_page(found, form, extra=({"text": _CHANGED, "href": "#main"},), status=409)
    except BadInput as refused:
        said = str(refused)
        field = next((form[PREFIX + f.name] for f in form.facts if said.startswith(f.label)), None)
        if field is not None:
            complain(field, said)
        extra = () if field is not None else ({"text": said, "href": "#main"},)
        return _add_page(found, form, extra=extra, status=422)
    flash(words.strip())
    return redirect(url_for("related.show", reference=reference), 303)


@bp.get("/chasers")
@auth.needs(Permission.CASE_RECORD)
def chasers(reference: str) -> ResponseReturnValue:
    """How often the agency was chased, and the next chaser."""
    with looking() as session:
        found = related.chasing(session, auth.actor(), reference)
    opening.note_view(found.case)
    form = ChaseForm(formdata=None)
    form.version.data, form.request_id.data = str(found.head.version), opening.new_request_id()
    return _chase_page(found, form)


@bp.post("/chasers")
@auth.needs(Permission.CASE_RECORD)
def chase(reference: str) -> ResponseReturnValue:
    """Record one more."""
    form = ChaseForm()
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference, lock=True)
            families.chase(session, auth.actor(), case, form.asked(), at=parts.at())
    except ChangedMeanwhile:
        with looking() as session:
            found = related.chasing(session, auth.actor(), reference)
        form.version.data = str(found.head.version)
        changed = {"text": "Somebody changed this request meanwhile. Look at it again first", "href": "#main"}
        return _chase_page(found, form, extra=(changed,), status=409)
    flash("Recorded.")
    return redirect(url_for("related.chasers", reference=reference), 303)


def _adding(reference: str, process: str) -> related.Adding:
    with looking() as session:
        return related.adding(session, auth.actor(), reference, process, parts.today())


def _form(found: related.Adding, *, blank: bool = False) -> AddForm:
    made = fact_form(
        AddForm,
        found.facts,
        people=found.people,
        organisations=found.organisations,
        optional=found.optional,
    )
    return made(formdata=None) if blank else made()


def _add_page(
    found: related.Adding, form: AddForm, *, extra: tuple[dict[str, str], ...] = (), status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "related/add.html",
        head=found.head,
        title=found.workflow.title,
        form=form,
        action=url_for("related.save", reference=found.head.reference, process=found.workflow.key),
        home=url_for("related.show", reference=found.head.reference),
        errors=web.problems(form, extra=extra) if status != 200 else (),
        shell=opening.marked(case_page.mark_of(found.head)),
    ), status


def _chase_page(
    found: related.Chasing, form: ChaseForm, *, extra: tuple[dict[str, str], ...] = (), status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "related/chasers.html",
        head=found.head,
        found=found,
        form=form,
        notice=opening.notice(),
        errors=web.problems(form, extra=extra) if status != 200 else (),
        shell=opening.marked(case_page.mark_of(found.head)),
    ), status
