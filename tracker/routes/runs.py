"""Runs and outbox: whether reminders run, what waits, what did not arrive, and a round at once."""

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, briefs, parts
from tracker.policy import Permission
from tracker.queries.looking import looking
from tracker.queries.runs import runs_page
from tracker.routes import opening
from tracker.services import reminders, run_now
from tracker.templating import count

bp = Blueprint("runs", __name__, url_prefix="/admin/runs")


@bp.get("")
@auth.needs(Permission.RUNS)
def show() -> ResponseReturnValue:
    """When reminders last ran, and what has not gone."""
    with looking() as session:
        page = runs_page(session, auth.actor(), parts.at())
    return render_template(
        "admin/runs.html",
        page=page,
        request_id=opening.new_request_id(),
        notice=next(iter(get_flashed_messages()), ""),
    )


@bp.post("")
@auth.needs(Permission.RUNS)
def run() -> ResponseReturnValue:
    """Decide what is owed now. Nothing is sent here: the sender takes it from the outbox."""
    database, at = parts.database(), parts.at()
    decided = reminders.tick(database, at).queued + briefs.owe_week(database, at)
    with database.transaction() as session:
        run_now.note(session, auth.actor(), decided, at=at, request_id=request.form.get("request_id"))
    flash(f"A round was done: {count(decided, 'reminder')} decided. The sender takes what may go now.")
    return redirect(url_for(".show"), 303)
