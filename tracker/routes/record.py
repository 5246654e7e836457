"""Recording facts without a step: a date as done, or whatever the case does not hold yet."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile
from tracker.forms.cases import RecordForm
from tracker.forms.facts import PREFIX, complain, fact_form, filled
from tracker.policy import Permission
from tracker.queries import case_page, record_page, step_page
from tracker.queries.looking import looking
from tracker.queries.record_page import Recording
from tracker.routes import opening
from tracker.routes.conflict import conflict_page
from tracker.services import cases

bp = Blueprint("record", __name__, url_prefix="/cases/<string:reference>/record")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.CASE_RECORD)
def choose(reference: str) -> ResponseReturnValue:
    """What can be recorded; with ``?fact=``, the form for that fact."""
    name = request.args.get("fact", "")
    if name:
        return _show(_of_fact(reference, name))
    with looking() as session:
        found = record_page.recordable(session, auth.actor(), reference, parts.today())
    opening.note_view(found.case)
    return render_template(
        "cases/record.html", head=found.head, found=found, shell=opening.marked(case_page.mark_of(found.head))
    )


@bp.post("")
@auth.needs(Permission.CASE_RECORD)
def save(reference: str) -> ResponseReturnValue:
    """Record the fact that the address names."""
    return _save(_of_fact(reference, request.args.get("fact", "")))


@bp.get("/<string:key>", defaults={"instance": ""})
@bp.get("/<string:key>/<string:instance>")
@auth.needs(Permission.CASE_RECORD)
def clock(reference: str, key: str, instance: str) -> ResponseReturnValue:
    """The form that records a date as done."""
    return _show(_of_clock(reference, key, instance))


@bp.post("/<string:key>", defaults={"instance": ""})
@bp.post("/<string:key>/<string:instance>")
@auth.needs(Permission.CASE_RECORD)
def save_clock(reference: str, key: str, instance: str) -> ResponseReturnValue:
    """Record a date as done."""
    return _save(_of_clock(reference, key, instance), instance)


def _of_fact(reference: str, name: str) -> Recording:
    with looking() as session:
        return record_page.fact_form_of(session, auth.actor(), reference, name, parts.today())


def _of_clock(reference: str, key: str, instance: str) -> Recording:
    with looking() as session:
        return record_page.clock_form(session, auth.actor(), reference, key, instance, parts.today())


def _form(recording: Recording, *, blank: bool = False) -> RecordForm:
    made = fact_form(
        RecordForm, recording.facts, people=recording.people, organisations=recording.organisations
    )
    form = made(formdata=None, data=filled(recording.facts, recording.known)) if blank else made()
    form.offer_late(recording.case.process)
    return form


def _show(recording: Recording) -> ResponseReturnValue:
    opening.note_view(recording.case)
    form = _form(recording, blank=True)
    form.version.data, form.seq.data = str(recording.head.version), str(recording.head.seq)
    form.request_id.data = opening.new_request_id()
    return _page(recording, form)


def _save(recording: Recording, instance: str = "") -> ResponseReturnValue:
    form, today = _form(recording), parts.today()
    facts = form.read(today)
    on = recording.happened_on(facts, today) if recording.day_fact else form.day(today)
    form.ask_for(recording.needs, facts)
    if any(field.errors for field in form) or on is None:
        return _page(recording, form, status=422)
    extra: tuple[dict[str, str], ...] = ()
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), recording.case.reference, lock=True)
            before = step_page.last_date(session, case)
            asked = form.asked(facts, on, instance)
            event = cases.record_facts(session, auth.actor(), case, asked, at=parts.at())
            words = step_page.done_words(session, case, event, before)
    except ChangedMeanwhile:
        posted = [name.removeprefix(PREFIX) for name in request.form if name.startswith(PREFIX)]
        return conflict_page(
            recording.case.reference, RecordForm, posted, action=request.full_path.rstrip("?")
        )
    except BadInput as refused:
        words = str(refused)
        if words.startswith("Say why this is late"):
            complain(form.late_reason, words)
        elif not form.take(words):
            extra = ({"text": words, "href": "#main"},)
        return _page(recording, form, extra=extra, status=422)
    flash(words)
    return redirect(opening.home_of(case), 303)


def _page(
    recording: Recording, form: RecordForm, *, extra: tuple[dict[str, str], ...] = (), status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "cases/record_form.html",
        head=recording.head,
        recording=recording,
        form=form,
        action=request.full_path.rstrip("?"),
        ask_late=recording.late or bool(form.late_reason.errors or form.said_late()),
        errors=web.problems(form, extra=extra) if status != 200 else (),
        home=url_for("cases.show", reference=recording.head.reference),
        shell=opening.marked(case_page.mark_of(recording.head)),
    ), status
