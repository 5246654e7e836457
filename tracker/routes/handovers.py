"""An action gets another lead."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile
from tracker.forms.actions import HandoverForm
from tracker.forms.facts import complain
from tracker.policy import Permission
from tracker.queries import case_page, choices
from tracker.queries.action_page import ActionPage, action_page
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.routes.conflict import changed
from tracker.services import handovers

bp = Blueprint("handovers", __name__, url_prefix="/actions/<string:reference>/hand-over")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.CASE_RECORD)
def show(reference: str) -> ResponseReturnValue:
    """Who leads it, and who could."""
    page, form = _open(reference, blank=True)
    opening.note_view(page.case)
    return _page(page, form)


@bp.post("")
@auth.needs(Permission.CASE_RECORD)
def hand_over(reference: str) -> ResponseReturnValue:
    """Give it another lead; the history stays."""
    page, form = _open(reference)
    if not form.complete():
        return _page(page, form, status=422)
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference, lock=True)
            handovers.hand_over(session, auth.actor(), case, form.handover(), at=parts.at())
    except ChangedMeanwhile:
        return changed(page.head.reference, form)
    except BadInput as refused:
        complain(form.to, str(refused).rstrip("."))
        return _page(page, form, status=422)
    flash("The lead is changed. The new lead is told in the next digest.")
    return redirect(url_for("actions.show", reference=reference), 303)


def _open(reference: str, *, blank: bool = False) -> tuple[ActionPage, HandoverForm]:
    form = HandoverForm(formdata=None) if blank else HandoverForm()
    with looking() as session:
        page = action_page(session, auth.actor(), reference, parts.today())
        form.offer(choices.organisations(session, page.case.partnership_id, parts.today()))
    if blank:
        form.version.data, form.seq.data = str(page.head.version), str(page.head.seq)
        form.request_id.data = opening.new_request_id()
    return page, form


def _page(page: ActionPage, form: HandoverForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "actions/hand_over.html",
        page_of=page,
        head=page.head,
        form=form,
        errors=web.problems(form) if status != 200 else (),
        shell=opening.marked(case_page.mark_of(page.head)),
    ), status
