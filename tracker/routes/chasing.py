"""Chase now: a reminder by hand to an agency, from the lists of what others owe and from the case."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts
from tracker.errors import NotPossible
from tracker.forms.chasing import ChaseNowForm
from tracker.policy import Permission
from tracker.routes import opening
from tracker.services.chasing import chase_now

bp = Blueprint("chasing", __name__, url_prefix="/cases/<string:reference>/chase")
BACK = {"today": "/today", "waiting": "/today/waiting"}
"""Where a list sends its reader again after the click."""


@bp.post("")
@auth.needs(Permission.CASE_RECORD)
def chase(reference: str) -> ResponseReturnValue:
    """Queue the reminder, and go back to where it was asked for."""
    form = ChaseNowForm()
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference, lock=True)
            home = opening.home_of(case)
            done = chase_now(session, auth.actor(), case, form.asked(), at=parts.at())
        flash(f"{case.reference}: {done.words(parts.at())}")
    except NotPossible as refused:
        flash(f"{reference.upper()}: {refused}")
    if form.back.data == "deadlines":
        home = url_for("cases.deadlines", reference=reference.upper())
    return redirect(BACK.get(form.back.data or "", home), 303)
