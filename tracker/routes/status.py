"""Service status, for people."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.policy import Permission
from tracker.queries import service_state

bp = Blueprint("status", __name__)


@bp.get("/status")
@auth.needs(Permission.PUBLIC)
def show() -> ResponseReturnValue:
    """Whether pages and reminders work. Says nothing of what is in the records."""
    at = parts.at()
    with parts.database().reading() as session:
        ran_at = service_state.reminders_ran_at(session)
    late = service_state.reminders_late(ran_at, at)
    return render_template("help/status.html", ran_at=ran_at, late=late, at=at)
