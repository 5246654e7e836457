"""A note on a case: words for its history."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile
from tracker.forms.facts import complain
from tracker.forms.notes import NoteForm
from tracker.forms.reviews import plain
from tracker.models import Case
from tracker.policy import Permission
from tracker.queries import case_page
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.routes.conflict import changed
from tracker.services import notes

bp = Blueprint("notes", __name__, url_prefix="/cases/<string:reference>/notes/new")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.CASE_RECORD)
def ask(reference: str) -> ResponseReturnValue:
    """An empty note."""
    case, head = _open(reference)
    opening.note_view(case)
    return _page(case, head, NoteForm(formdata=None))


@bp.post("")
@auth.needs(Permission.CASE_RECORD)
def add(reference: str) -> ResponseReturnValue:
    """Add it; with ``change``, show it first: the answers of another form come here to be kept."""
    case, head = _open(reference)
    form = NoteForm()
    if "change" in request.form:
        return _page(case, head, form)
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference, lock=True)
            notes.add(
                session, auth.actor(), case, plain(form.words.data),
                at=parts.at(), request_id=form.number_of_form(),
            )  # fmt: skip
    except ChangedMeanwhile:
        return changed(reference, form)
    except BadInput as refused:
        complain(form.words, str(refused).rstrip("."))
        return _page(*_open(reference), form, status=422)
    flash("The note is in the history.")
    return redirect(opening.home_of(case), 303)


def _open(reference: str) -> tuple[Case, case_page.CaseHead]:
    with looking() as session:
        case = access.case_for(session, auth.actor(), reference)
        return case, case_page.head_of(session, auth.actor(), case, ())


def _page(case: Case, head: case_page.CaseHead, form: NoteForm, *, status: int = 200) -> ResponseReturnValue:
    if not form.request_id.data:
        form.version.data, form.seq.data = str(head.version), str(head.seq)
        form.request_id.data = opening.new_request_id()
    return render_template(
        "cases/note.html",
        head=head,
        form=form,
        home=opening.home_of(case),
        errors=web.problems(form) if status != 200 else (),
        shell=opening.marked(case_page.mark_of(head)),
    ), status
