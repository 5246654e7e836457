"""One action: its page with the lead's five answers, the verification by somebody else, more time."""

from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible
from tracker.forms.actions import AGREE, ANSWERS, MoreTimeForm, SeenForm, UpdateForm, VerifyForm
from tracker.forms.facts import complain, offered
from tracker.policy import Permission
from tracker.queries import case_page
from tracker.queries.action_page import ActionPage, action_page
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.routes.case_navigation import navigation
from tracker.routes.conflict import changed
from tracker.services import actions
from tracker.services.actions import Answer
from workflows.engine import MoveRefused
from workflows.traces import in_words

bp = Blueprint("actions", __name__, url_prefix="/actions/<string:reference>")
bp.before_request(opening.canonical)

Form = TypeVar("Form", bound=SeenForm)

OWN_REPORT = "You reported this yourself, so someone else must verify it."
_SAVED = {
    Answer.NO_CHANGE: "Thank you. We have noted that nothing has changed.",
    Answer.PROGRESS: "Thank you. Your update is saved.",
    Answer.DONE: "Thank you. Somebody else will now look at what shows that it is done.",
    Answer.MORE_TIME: "Thank you. A manager decides on the new date; the present date stays until then.",
    Answer.NOT_OURS: "Thank you. The business unit will find out whose it is.",
}


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """The action, and the question."""
    page = _open(reference)
    opening.note_view(page.case)
    return _page(page, _seen(UpdateForm(formdata=None), page))


@bp.get("/update")
@auth.needs(Permission.ACTION_UPDATE)
def question(reference: str) -> ResponseReturnValue:
    """The question has its place on the action's page."""
    return redirect(url_for(".show", reference=reference, _anchor="update"))


@bp.post("/update")
@auth.needs(Permission.ACTION_UPDATE)
def update(reference: str) -> ResponseReturnValue:
    """Record the lead's answer."""
    form = UpdateForm()
    told = form.update()
    if told is None:
        return _page(_open(reference), form, status=422)
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference, lock=True)
            actions.report(session, auth.actor(), case, told, at=parts.at())
    except ChangedMeanwhile:
        return changed(reference, form)
    except BadInput as refused:
        extra = [] if form.take(str(refused)) else [{"text": str(refused), "href": "#update"}]
        return _page(_open(reference), form, extra=extra, status=422)
    flash(f"{_SAVED[told.answer]} {reference.upper()}")
    # Sent from the list of what is theirs: the next one is there.
    back = "/my-work" if request.form.get("from") == "my-work" else url_for(".show", reference=reference)
    return redirect(back, 303)


@bp.get("/verify")
@auth.needs(Permission.ACTION_VERIFY)
def check(reference: str) -> ResponseReturnValue:
    """Look at what shows that it is done."""
    page = _open(reference)
    opening.note_view(page.case)
    return _verify_page(page, _seen(VerifyForm(formdata=None), page))


@bp.post("/verify")
@auth.needs(Permission.ACTION_VERIFY)
def verify(reference: str) -> ResponseReturnValue:
    """Accept it, or send it back with a reason."""
    page, form = _open(reference), VerifyForm()
    if not form.complete(late=page.late):
        return _verify_page(page, form, status=422)
    asked = form.check()
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference, lock=True)
            actions.check(session, auth.actor(), case, asked, at=parts.at())
    except ChangedMeanwhile:
        return changed(reference, form)
    except NotPossible as refused:
        return changed(reference, form, cannot=str(refused))
    except NotPermitted as refused:
        return _verify_page(_open(reference), form, refused=str(refused), status=403)
    except (BadInput, MoveRefused) as refused:
        complain(form.note, str(refused))
        return _verify_page(_open(reference), form, status=422)
    flash("Verified: the action is done." if asked.accepted else "Sent back to the lead.")
    return redirect(url_for(".show", reference=reference), 303)


@bp.get("/more-time")
@auth.needs(Permission.CASE_READ)
def more_time(reference: str) -> ResponseReturnValue:
    """The date that the lead asks for, beside the first one."""
    page = _open(reference)
    opening.note_view(page.case)
    return _time_page(page, _seen(MoreTimeForm(formdata=None), page))


@bp.post("/more-time")
@auth.needs(Permission.CASE_READ)
def decide(reference: str) -> ResponseReturnValue:
    """Agree or refuse. The first due date stays on record."""
    form = MoreTimeForm()
    if not form.complete():
        return _time_page(_open(reference), form, status=422)
    agreed = form.decision.data == AGREE
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference, lock=True)
            actions.decide_more_time(
                session, auth.actor(), case, agreed=agreed, reason=form.why(),
                seen_version=form.seen_version(), at=parts.at(), request_id=form.number_of_form(),
            )  # fmt: skip
    except ChangedMeanwhile:
        return changed(reference, form)
    except BadInput as refused:
        complain(form.reason, str(refused))
        return _time_page(_open(reference), form, status=422)
    flash(
        "The new date is agreed. The first due date stays on record."
        if agreed
        else "The date stays as it is."
    )
    return redirect(url_for(".show", reference=reference), 303)


def _open(reference: str) -> ActionPage:
    with looking() as session:
        return action_page(session, auth.actor(), reference, parts.today())


def _seen(form: Form, page: ActionPage) -> Form:
    form.version.data, form.seq.data = str(page.head.version), str(page.head.seq)
    form.request_id.data = opening.new_request_id()
    return form


def _page(
    page: ActionPage, form: UpdateForm, *, extra: list[dict[str, str]] | None = None, status: int = 200
) -> ResponseReturnValue:
    since = f"No change since {in_words(page.last_update_on)}" if page.last_update_on else ANSWERS[0][1]
    form.answer.choices = offered(
        ((str(ANSWERS[0][0]), since), *((str(a), words) for a, words in ANSWERS[1:]))
    )
    return render_template(
        "actions/action.html",
        page_of=page,
        head=page.head,
        subnav=navigation(page.case, page.head, page.dates, "overview"),
        form=form,
        own_report=OWN_REPORT,
        errors=web.problems(form, extra=extra or ()) if status != 200 else (),
        notice=opening.notice() if status == 200 else "",
        shell=opening.marked(case_page.mark_of(page.head)),
    ), status


def _verify_page(
    page: ActionPage, form: VerifyForm, *, refused: str = "", status: int = 200
) -> ResponseReturnValue:
    extra = [{"text": refused, "href": "#main"}] if refused else []
    form.offer_late(page.case.process)
    return render_template(
        "actions/verify.html",
        page_of=page,
        head=page.head,
        form=form,
        own_report=OWN_REPORT,
        errors=web.problems(form, extra=extra) if status != 200 else (),
        shell=opening.marked(case_page.mark_of(page.head)),
    ), status


def _time_page(page: ActionPage, form: MoreTimeForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "actions/more_time.html",
        page_of=page,
        head=page.head,
        form=form,
        errors=web.problems(form) if status != 200 else (),
        shell=opening.marked(case_page.mark_of(page.head)),
    ), status
