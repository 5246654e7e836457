"""Answers kept for later: one's own, and nobody else's."""

import structlog
from flask import (
    Blueprint,
    Response,
    flash,
    get_flashed_messages,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.db import UNREACHABLE
from tracker.errors import BadInput
from tracker.policy import Permission
from tracker.routes.reviewing import counted
from tracker.services import drafts

bp = Blueprint("drafts", __name__, url_prefix="/drafts")
GOES_TO = "draft_address"
log = structlog.get_logger("tracker")


@bp.get("")
@auth.needs(Permission.SIGNED_IN)
def show_all() -> ResponseReturnValue:
    """Everything of mine that waits to be sent."""
    with parts.database().reading() as session:
        kept = drafts.of(session, auth.actor().user_id, at=parts.at())
        notice = next(iter(get_flashed_messages()), "")
    return render_template("drafts/drafts.html", drafts=kept, notice=notice)


@bp.get("/<string:number>")
@auth.needs(Permission.SIGNED_IN)
def show(number: str) -> ResponseReturnValue:
    """One form, to go on with."""
    with parts.database().reading() as session:
        kept = drafts.one(session, auth.actor().user_id, counted(number), at=parts.at())
    return render_template("drafts/draft.html", draft=kept)


@bp.post("")
@auth.needs(Permission.SIGNED_IN)
def keep() -> ResponseReturnValue:
    """Put a form aside. It is the form itself that is sent here, with the address where it goes."""
    address = request.form.get(GOES_TO, "")
    if not auth.takes_forms(address):
        raise BadInput("There is no such form to keep.")
    fields = {name: values for name, values in request.form.lists() if name != GOES_TO}
    with parts.database().transaction() as session:
        kept = drafts.keep(session, auth.actor().user_id or 0, address, fields, at=parts.at())
    if kept is None:
        raise BadInput("There is nothing to keep, or it is too long to be kept.")
    flash("Your answers are kept for 28 days. Nothing has been saved to the case.")
    return redirect(url_for(".show_all"), 303)


@bp.post("/<string:number>/drop")
@auth.needs(Permission.SIGNED_IN)
def drop(number: str) -> ResponseReturnValue:
    """Throw one away."""
    with parts.database().transaction() as session:
        drafts.drop(session, auth.actor().user_id, counted(number))
    flash("Thrown away.")
    return redirect(url_for(".show_all"), 303)


@bp.after_app_request
def sent(response: Response) -> Response:
    """A draft that was sent and taken up is kept no longer; one that was only looked at on check answers still is.

    What was sent is saved by now, so a database that is away from here on does not turn the answer into an error:
    the draft stays, and sent again it is done before.
    """
    visit, moved_on = auth.visit(), response.status_code // 100 == 3
    if request.method == "POST" and visit is not None and moved_on:
        try:
            _take_up(visit.actor.user_id)
        except UNREACHABLE as lost:
            log.warning("draft_still_kept", endpoint=request.endpoint, error=type(lost).__name__)
    return response


def _take_up(user_id: int | None) -> None:
    number = request.form.get("kept_draft", "")
    taken = {int(number)} if number.isdecimal() and len(number) < 10 else set()
    if request.endpoint != f"{bp.name}.{keep.__name__}":
        with parts.database().reading() as session:
            form = request.form.get("request_id", "")
            taken |= set(drafts.of_form(session, user_id, form, at=parts.at()))
    if taken:
        with parts.database().transaction() as session:
            for each in taken:
                drafts.drop(session, user_id, each)
