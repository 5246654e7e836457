"""The board of agencies: who was asked for what, how often, and what came back; the same as a file."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.forms.agency_board import BoardForm
from tracker.forms.filters import cell, page_of
from tracker.policy import Permission, may_knock
from tracker.queries import agency_board
from tracker.queries.agency_board import ORDERS, Sort
from tracker.queries.due_dates import horizon_for
from tracker.queries.looking import looking
from tracker.routes import csv_file

bp = Blueprint("agency_board", __name__, url_prefix="/reports")

ADDRESS = "/reports/agencies"
HEADINGS = (
    "Agency", "Asked for", "Reference", "Case", "Asked on", "Due", "How it stands", "Chased", "Last answer", "What came",
    "Next reminder", "To whom",
)  # fmt: skip


@bp.get("/agencies")
@auth.needs(Permission.WORK_READ)
def show() -> ResponseReturnValue:
    """Find who holds things up, agency by agency and case by case."""
    actor, form = auth.actor(), BoardForm(request.args)
    with looking() as session:
        form.offer(agency_board.agencies(session, actor))
        horizon = horizon_for(session, actor, parts.today())
        found = agency_board.board(
            session, actor, form.filters(), horizon, parts.at(), page=page_of(request.args)
        )
    asked = form.asked(ADDRESS)
    by, falling, now = form.sorted_by(Sort, Sort.AGENCY)
    return render_template(
        "reports/agency_board.html",
        found=found,
        form=form,
        asked=asked,
        tags=form.tags(asked),
        order=ORDERS[by][falling],
        may_chase=may_knock(actor, Permission.CASE_RECORD),
        columns=[
            asked.column("Agency", "agency", now),
            asked.column("Asked for", "case", now),
            asked.column("Asked on", "asked", now),
            asked.column("Due", "due", now),
            {"text": "Chased"},
            {"text": "Last answer"},
            {"text": "Next reminder"},
        ],
    )


@bp.get("/agencies.csv")
@auth.needs(Permission.WORK_READ)
def file() -> ResponseReturnValue:
    """The same as a file, all pages of it."""
    actor, form = auth.actor(), BoardForm(request.args)
    with looking() as session:
        form.offer(agency_board.agencies(session, actor))
        horizon = horizon_for(session, actor, parts.today())
        found = agency_board.every_row(session, actor, form.filters(), horizon, parts.at())
    rows = [
        (
            one.agency, one.asked_for, one.reference, one.above, cell(one.asked_on), cell(one.due_on), one.words,
            one.chased, cell(one.answered_on), one.answer, cell(one.next_on), one.next_to,
        )
        for one in found
    ]  # fmt: skip
    return csv_file.made("agencies", HEADINGS, rows, sorted({one.reference for one in found}))
