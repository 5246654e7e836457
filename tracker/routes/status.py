"""Service status, for people. ``/health`` says the same to monitors."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.policy import Permission
from tracker.queries.health import OK, checks
from tracker.routes.health import STARTED_AT

bp = Blueprint("status", __name__)

WORDS = {"database": "Pages and records", "reminders": "Reminders", "mail": "E-mail"}


@bp.get("/status")
@auth.needs(Permission.PUBLIC)
def show() -> ResponseReturnValue:
    """Whether pages, reminders and e-mail work. Says nothing of what is in the records."""
    at = parts.at()
    found = checks(parts.database(), at, started_at=STARTED_AT)
    states = [
        (WORDS.get(part, part.capitalize()), "Working" if said == OK else said.capitalize())
        for part, said in found.items()
    ]
    page = render_template(
        "help/status.html", states=states, well=all(said == OK for said in found.values()), at=at
    )
    return page, 200 if found["database"] == OK else 503
