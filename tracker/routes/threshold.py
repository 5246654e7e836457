"""The threshold of an ASB application, incident by incident."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker import auth
from tracker.policy import Permission
from tracker.queries import threshold_page
from tracker.queries.looking import looking
from tracker.routes import opening, reviewing
from tracker.routes.incidents import framed

bp = Blueprint("threshold", __name__, url_prefix="/cases/<string:reference>/threshold")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """Is it met, and why?"""
    frame = framed(reference)
    with looking() as session:
        shown = threshold_page.shown(session, frame.case)
        highest = threshold_page.highest(shown.harm) if shown.harm else 0
    return reviewing.page(
        "asb/threshold.html", frame, "threshold", shown=shown, highest=highest,
        deciding=frame.case.state == "threshold_check",
    )  # fmt: skip
