"""A lead asks a colleague to answer about an action in their stead."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted
from tracker.forms.colleagues import ColleagueForm
from tracker.forms.facts import complain
from tracker.policy import Permission
from tracker.queries import case_page
from tracker.queries.action_page import ActionPage, action_page
from tracker.queries.looking import looking
from tracker.routes import opening, updates
from tracker.routes.conflict import changed
from tracker.services import colleagues
from tracker.services.link_limits import AskedTooOften

bp = Blueprint("colleagues", __name__, url_prefix="/actions/<string:reference>/colleague")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.ACTION_UPDATE)
def show(reference: str) -> ResponseReturnValue:
    """Which colleague?"""
    page, form = _open(reference, blank=True)
    opening.note_view(page.case)
    return _page(page, form)


@bp.post("")
@auth.needs(Permission.ACTION_UPDATE)
def hand_over(reference: str) -> ResponseReturnValue:
    """Send the colleague a link of their own, and tell the business unit."""
    page, form = _open(reference)
    asked = form.asked()
    if asked is None:
        return _page(page, form, status=422)
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference, lock=True)
            colleagues.hand_over(session, auth.actor(), case, asked, secret=updates.secret(), at=parts.at())
    except ChangedMeanwhile:
        return changed(page.head.reference, form)
    except AskedTooOften as refused:
        complain(form.email, str(refused).rstrip("."))
        return _page(page, form, status=429)
    except BadInput as refused:
        complain(form.email, str(refused).rstrip("."))
        return _page(page, form, status=422)
    flash("Thank you. Your colleague gets a link of their own, and the business unit sees this today.")
    return redirect(url_for("actions.show", reference=reference), 303)


def _open(reference: str, *, blank: bool = False) -> tuple[ActionPage, ColleagueForm]:
    form = ColleagueForm(formdata=None) if blank else ColleagueForm()
    with looking() as session:
        page = action_page(session, auth.actor(), reference, parts.today())
        if not page.hands_to_colleague:
            raise NotPermitted("Only whoever leads an action hands it to a colleague, while it is open.")
        form.offer(
            (each.email, each.name) for each in colleagues.with_accounts(session, auth.actor(), page.case)
        )
    if blank:
        form.version.data, form.seq.data = str(page.head.version), str(page.head.seq)
        form.request_id.data = opening.new_request_id()
    return page, form


def _page(page: ActionPage, form: ColleagueForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "actions/colleague.html",
        page_of=page,
        head=page.head,
        form=form,
        errors=web.problems(form) if status != 200 else (),
        shell=opening.marked(case_page.mark_of(page.head)),
    ), status
