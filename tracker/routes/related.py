"""What belongs to a case: the list, a form that adds to it, and the chasers of a request."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile, NotPossible
from tracker.forms.facts import PREFIX, complain, fact_form
from tracker.forms.related import AddForm, ChaseForm
from tracker.policy import Permission, may_knock
from tracker.queries import case_page, recommendations, related, standing, step_page
from tracker.queries.looking import looking
from tracker.queries.recommendations import RECOMMENDATION, SHOWN, RecommendationShown
from tracker.routes import opening
from tracker.routes.case_navigation import navigation
from tracker.routes.conflict import changed
from tracker.services import families

bp = Blueprint("related", __name__, url_prefix="/cases/<string:reference>")
bp.before_request(opening.canonical)


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
        board=may_knock(actor, Permission.WORK_READ),
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
    _seen(form, found.head)
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
    if process == RECOMMENDATION and (alike := _alike(found, form, form.asked(process, facts))):
        return _add_page(found, form, alike=alike)
    try:
        with parts.database().transaction() as session:
            parent = access.case_for(session, auth.actor(), reference, lock=True)
            child = families.open_child(
                session, auth.actor(), parent, form.asked(process, facts), at=parts.at()
            )
            words = f"{found.workflow.title} {child.reference} added. {step_page.started_words(session, child, 0)}"
    except ChangedMeanwhile:
        return changed(found.case.reference, form)
    except NotPossible as refused:
        return changed(found.case.reference, form, cannot=str(refused))
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
    _seen(form, found.head)
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
        return changed(reference, form)
    except NotPossible as refused:
        return changed(reference, form, cannot=str(refused))
    flash("Recorded.")
    return redirect(url_for("related.chasers", reference=reference), 303)


def _adding(reference: str, process: str) -> related.Adding:
    with looking() as session:
        return related.adding(session, auth.actor(), reference, process, parts.today())


def _seen(form: AddForm | ChaseForm, head: case_page.CaseHead) -> None:
    form.version.data, form.seq.data = str(head.version), str(head.seq)
    form.request_id.data = opening.new_request_id()


def _form(found: related.Adding, *, blank: bool = False) -> AddForm:
    made = fact_form(
        AddForm,
        found.facts,
        people=found.people,
        organisations=found.organisations,
        optional=found.optional,
    )
    return made(formdata=None) if blank else made()


def _alike(found: related.Adding, form: AddForm, asked: families.NewChild) -> tuple[RecommendationShown, ...]:
    """Recommendations like this one, if the page has not shown them yet; none for a form that was sent before."""
    with looking() as session:
        if families.opened_before(session, auth.actor(), found.case, asked) is not None:
            return ()
        words = str(form[f"{PREFIX}recommendation_text"].data or "")
        alike = recommendations.alike(session, auth.actor(), words)
    return alike if form.shows(each.reference for each in alike[:SHOWN]) else ()


def _add_page(
    found: related.Adding,
    form: AddForm,
    *,
    extra: tuple[dict[str, str], ...] = (),
    status: int = 200,
    alike: tuple[RecommendationShown, ...] = (),
) -> ResponseReturnValue:
    return render_template(
        "related/add.html",
        head=found.head,
        title=found.workflow.title,
        alike=alike,
        alike_words=recommendations.alike_words(alike),
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
