"""Links out: by which e-mail links a record can be answered, what was done by them, and ending one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, NotPossible, NotVisible
from tracker.forms.updates import EndLinkForm
from tracker.policy import Permission, allows
from tracker.queries import case_page, links_out
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.routes.conflict import changed
from tracker.services import link_ends
from tracker.templating import count

bp = Blueprint("links_out", __name__, url_prefix="/links/<string:reference>")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.CASE_RECORD)
def show(reference: str) -> ResponseReturnValue:
    """The links, and their uses."""
    return _page(reference, EndLinkForm(formdata=None))


@bp.post("/end")
@auth.needs(Permission.CASE_RECORD)
def end(reference: str) -> ResponseReturnValue:
    """End a link."""
    form = EndLinkForm()
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference)
            link = link_ends.end(
                session, auth.actor(), case, form.number(), form.why.data or "", at=parts.at()
            )
    except NotPossible as refused:
        return changed(reference, form, cannot=str(refused))
    except BadInput as refused:
        form.why.errors = [str(refused).rstrip(".")]
        return _page(reference, form, status=422)
    flash(f"The link sent to {link.address} has ended. The next e-mail to it carries another.")
    return redirect(url_for(".show", reference=reference), 303)


@bp.post("/agree")
@auth.needs(Permission.CASE_RECORD)
def agree(reference: str) -> ResponseReturnValue:
    """Agree that whoever covers may read what is restricted."""
    form = EndLinkForm()
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference)
            link = link_ends.agree(session, auth.actor(), case, form.number(), at=parts.at())
    except NotPossible as refused:
        return changed(reference, form, cannot=str(refused))
    flash(f"{link.address} can now read what is restricted, with a code.")
    return redirect(url_for(".show", reference=reference), 303)


@bp.post("/noted")
@auth.needs(Permission.CASE_RECORD)
def noted(reference: str) -> ResponseReturnValue:
    """Take what was done by links off Today."""
    with parts.database().transaction() as session:
        case = access.case_for(session, auth.actor(), reference)
        more = link_ends.note(session, auth.actor(), case, at=parts.at(), up_to=EndLinkForm().last_use())
    told = f"{count(more, 'thing')} came in after you opened the page, and can be read here now."
    flash(f"Noted. {told}" if more else "Noted. It is off Today.")
    return redirect(url_for(".show", reference=reference), 303)


def _page(reference: str, form: EndLinkForm, *, status: int = 200) -> ResponseReturnValue:
    with looking() as session:
        case = access.case_for(session, auth.actor(), reference)
        if not allows(auth.actor(), Permission.CASE_RECORD, access.subject_of(session, case)):
            raise NotVisible("There is no such page for you.")
        head = case_page.head_of(session, auth.actor(), case, ())
        found = links_out.links_out(session, case, parts.at())
    if status == 200:
        form.version.data, form.seq.data = str(head.version), str(head.seq)
        form.request_id.data = opening.new_request_id()
    if status == 200:
        opening.note_view(case)
    return render_template(
        "updates/links_out.html",
        head=head,
        home=opening.home_of(case),
        found=found,
        form=form,
        failed=form.number() if status != 200 else 0,
        errors=web.problems(form) if status != 200 else (),
        notice=opening.notice() if status == 200 else "",
        shell=opening.marked(case_page.mark_of(head)),
    ), status
