"""Search by reference, agency or words in an action."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.policy import Permission
from tracker.queries.search import Hits, search
from tracker.services.lookups import note_search

bp = Blueprint("search", __name__, url_prefix="/search")

LONGEST = 200


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show() -> ResponseReturnValue:
    """What was found. That somebody searched is recorded, with what they were shown; nothing else is written."""
    words = request.args.get("q", "").strip()[:LONGEST]
    found = Hits((), more=False)
    if words:
        with parts.database().reading() as session:
            found = search(session, auth.actor(), words)
        with parts.database().transaction() as session:
            note_search(session, auth.actor(), [hit.reference for hit in found.rows], at=parts.at())
    return render_template("lists/search.html", words=words, found=found)
