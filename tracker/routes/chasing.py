"""Chase now: a reminder by hand to an agency, from the lists of what others owe and from the case."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts
from tracker.errors import NotPossible
from tracker.forms.chasing import ChaseNowForm
from tracker.policy import Permission
from tracker.routes import opening
from tracker.routes.letters import as_file
from tracker.services.chaser_letters import word_file
from tracker.services.chasing import chase_now
from tracker.services.lookups import note_file

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
        letter = url_for("chasing.letter", reference=case.reference, number=done.letter)
        opening.flash_link("Download the letter of this chaser (Word)", letter)
    except NotPossible as refused:
        flash(f"{reference.upper()}: {refused}")
    if form.back.data == "deadlines":
        home = url_for("cases.deadlines", reference=reference.upper())
    return redirect(BACK.get(form.back.data or "", home), 303)


@bp.get("/<int:number>/letter")
@auth.needs(Permission.CASE_RECORD)
def letter(reference: str, number: int) -> ResponseReturnValue:
    """The letter that was made with one chaser, as a Word file. That it was taken is recorded."""
    with parts.database().transaction() as session:
        case = access.case_for(session, auth.actor(), reference)
        file = word_file(session, auth.actor(), case, number)
        note_file(session, auth.actor(), f"chaser-letter-{number}", (case.reference,), at=parts.at())
        name = f"{case.reference}-chaser-{number}.docx"
    opening.note_view(case)
    return as_file(file, name)
