"""Take a date to the board, and record what the board decided."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile, NotPossible
from tracker.forms.board_items import BoardDecisionForm, BoardQuestionForm
from tracker.forms.facts import complain
from tracker.policy import Permission
from tracker.queries import board_items as query
from tracker.queries import case_page
from tracker.queries.board_items import BoardPage
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.services import board_items

bp = Blueprint("board_items", __name__, url_prefix="/at-risk/step-in/<string:reference>/<string:key>/board")
bp.before_request(opening.canonical)

_CHANGED = "Somebody changed this case meanwhile. Look at it as it is now, and send your answer again"
Either = BoardQuestionForm | BoardDecisionForm


@bp.get("")
@auth.needs(Permission.BOARD_PACK)
def show(reference: str, key: str) -> ResponseReturnValue:
    """What is the board asked, or: what did it decide?"""
    page = _open(reference, key)
    opening.note_view(page.case)
    form = BoardDecisionForm(formdata=None) if page.now else BoardQuestionForm(formdata=None)
    return _page(page, _seen(form, page))


@bp.post("")
@auth.needs(Permission.BOARD_PACK)
def put(reference: str, key: str) -> ResponseReturnValue:
    """Put it on the next pack."""
    form = BoardQuestionForm()
    asked = form.question()
    if asked is None:
        return _page(_open(reference, key), form, status=422)
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference, lock=True)
            deadline = access.deadline_for(session, case, key.upper(), request.args.get("whose", ""))
            board_items.put(session, auth.actor(), case, deadline, asked, at=parts.at())
    except ChangedMeanwhile:
        return _changed(reference, key, form)
    except NotPossible as refused:
        return _refused(reference, key, form, str(refused))
    flash("It is on the next board pack. Record here what the board decides.")
    return redirect(request.full_path.rstrip("?"), 303)


@bp.post("/decided")
@auth.needs(Permission.BOARD_PACK)
def decided(reference: str, key: str) -> ResponseReturnValue:
    """Take it off the pack."""
    form = BoardDecisionForm()
    asked = form.decision()
    if asked is None:
        return _page(_open(reference, key), form, status=422)
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference, lock=True)
            deadline = access.deadline_for(session, case, key.upper(), request.args.get("whose", ""))
            board_items.take_off(session, auth.actor(), case, deadline, asked, at=parts.at())
    except ChangedMeanwhile:
        return _changed(reference, key, form)
    except NotPossible as refused:
        return _refused(reference, key, form, str(refused))
    except BadInput as refused:
        complain(form.decided_on, str(refused).rstrip("."))
        return _page(_open(reference, key), form, status=422)
    flash(f"What the board decided about {reference.upper()} is recorded. It is off the pack.")
    return redirect(url_for("board_pack.show"), 303)


def _open(reference: str, key: str) -> BoardPage:
    with looking() as session:
        return query.opened(session, auth.actor(), reference, key, request.args.get("whose", ""))


def _seen(form: Either, page: BoardPage) -> Either:
    form.version.data, form.seq.data = str(page.head.version), str(page.head.seq)
    form.request_id.data = opening.new_request_id()
    return form


def _changed(reference: str, key: str, form: Either) -> ResponseReturnValue:
    page = _open(reference, key)
    complain(_first(form), _CHANGED)
    return _page(page, _seen(form, page), status=409)


def _refused(reference: str, key: str, form: Either, why: str) -> ResponseReturnValue:
    complain(_first(form), why.rstrip("."))
    return _page(_open(reference, key), form, status=409)


def _first(form: Either) -> Field:
    return form.decided if isinstance(form, BoardDecisionForm) else form.why


def _page(page: BoardPage, form: Either, *, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "reports/board_item.html",
        shown=page,
        form=form,
        asking=isinstance(form, BoardQuestionForm),
        whose=request.args.get("whose", ""),
        errors=web.problems(form) if status != 200 else (),
        notice=opening.notice() if status == 200 else "",
        shell=opening.marked(case_page.mark_of(page.head)),
    ), status
