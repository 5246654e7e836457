"""Exports: every file that can be taken away, on one page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker import auth, web
from tracker.policy import Permission
from tracker.queries import exports
from tracker.queries.looking import looking

bp = Blueprint("exports", __name__, url_prefix="/reports")


@bp.get("/exports")
@auth.needs(Permission.WORK_READ)
def show() -> ResponseReturnValue:
    """What there is for this person, and what they took away last."""
    with looking() as session:
        taken = exports.taken_away(session, auth.actor())
    there = [one for one in exports.exports(auth.actor()) if web.is_there(one.page.href.partition("?")[0])]
    return render_template("reports/exports.html", exports=there, taken=taken)
