"""Cases, Actions and Reminders sent: lists that are narrowed and sorted in the address, and the same as a file."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.forms.filters import (
    ActionFilterForm,
    CaseFilterForm,
    ReminderFilterForm,
    cell,
    page_of,
)
from tracker.policy import Permission, may_knock
from tracker.queries import action_list, case_list, due_dates, foresight, reminders
from tracker.reports.plan_table import to_csv
from tracker.services.lookups import note_file
from tracker.services.process_names import kind_meant

bp = Blueprint("lists", __name__)

CASE_HEADINGS = (
    "Reference", "Type", "State", "Days in state", "Held by", "Next date", "What is due", "How it stands",
    "Lead officer",
)  # fmt: skip
ACTION_HEADINGS = (
    "Reference", "Action", "Source", "Lead agency", "Note on the lead", "Due now", "How it stands", "First due",
    "Status", "Last update", "Last update on", "Moved", "Colour", "Why this colour",
)  # fmt: skip
REMINDER_HEADINGS = (
    "Due to send", "Sent", "To", "Reference", "About", "Result", "Why", "Answered",
)  # fmt: skip


@bp.get("/cases")
@auth.needs(Permission.CASE_READ)
def cases() -> ResponseReturnValue:
    """Find a case. An old name of a type, in an address that somebody kept, leads to the list by its name of today."""
    given = request.args.get("type", "")
    meant = kind_meant(given)
    if meant not in {"", given}:
        return redirect(f"/cases?{urlencode(request.args.to_dict() | {'type': meant})}")
    actor, form = auth.actor(), CaseFilterForm(request.args)
    with parts.database().reading() as session:
        form.offer(case_list.officers(session, actor), case_list.names_here(session, actor, parts.today()))
        horizon = due_dates.horizon_for(session, actor, parts.today())
        found = case_list.cases(session, actor, form.filters(), horizon, page=page_of(request.args))
    asked = form.asked("/cases")
    now = form.sorted_by(case_list.Sort, case_list.Sort.DUE)[2]
    return render_template(
        "lists/cases.html",
        found=found,
        form=form,
        asked=asked,
        tags=form.tags(asked),
        may_log=may_knock(actor, Permission.CASE_LOG),
        columns=[
            asked.column("Case", "reference", now),
            asked.column("State", "stage", now),
            {"text": "Held by"},
            asked.column("Next date", "due", now),
            asked.column("Lead officer", "officer", now),
        ],
    )


@bp.get("/cases.csv")
@auth.needs(Permission.CASE_READ)
def cases_file() -> ResponseReturnValue:
    """The same cases as a file, all pages of them."""
    actor, form = auth.actor(), CaseFilterForm(request.args)
    with parts.database().reading() as session:
        form.offer(case_list.officers(session, actor), case_list.names_here(session, actor, parts.today()))
        horizon = due_dates.horizon_for(session, actor, parts.today())
        found = case_list.every_case(session, actor, form.filters(), horizon).rows
    rows = [
        (
            one.reference, one.type, one.state, str(one.days), one.held_by, cell(one.due_on), one.next_what,
            one.words, one.officer,
        )
        for one in found
    ]  # fmt: skip
    return _file("cases", CASE_HEADINGS, rows, [one.reference for one in found])


@bp.get("/actions")
@auth.needs(Permission.CASE_READ)
def actions() -> ResponseReturnValue:
    """Find an action."""
    actor, form = auth.actor(), ActionFilterForm(request.args)
    with parts.database().reading() as session:
        form.offer(action_list.plans(session, actor), action_list.agencies(session, actor))
        horizon = due_dates.horizon_for(session, actor, parts.today())
        found = action_list.actions(session, actor, form.filters(), horizon, page=page_of(request.args))
    asked = form.asked("/actions")
    now = form.sorted_by(action_list.Sort, action_list.Sort.DUE)[2]
    return render_template(
        "lists/actions.html",
        found=found,
        form=form,
        asked=asked,
        tags=form.tags(asked),
        columns=[
            asked.column("Action", "reference", now),
            asked.column("Lead agency", "agency", now),
            asked.column("Due now", "due", now),
            {"text": "Status"},
            asked.column("Last update", "updated", now),
        ],
    )


@bp.get("/actions.csv")
@auth.needs(Permission.CASE_READ)
def actions_file() -> ResponseReturnValue:
    """The same actions as a file, all pages of them."""
    actor, form = auth.actor(), ActionFilterForm(request.args)
    with parts.database().reading() as session:
        form.offer(action_list.plans(session, actor), action_list.agencies(session, actor))
        horizon = due_dates.horizon_for(session, actor, parts.today())
        found = action_list.every_action(session, actor, form.filters(), horizon).rows
    rows = [
        (
            one.reference, one.text, one.source, one.agency, one.agency_note, cell(one.due_on), one.due_words,
            cell(one.first or one.due_on), one.status, one.last_update, cell(one.last_update_on), one.moved,
            str(one.rag.colour), one.rag.why,
        )
        for one in found
    ]  # fmt: skip
    return _file("actions", ACTION_HEADINGS, rows, [one.reference for one in found])


@bp.get("/reports/reminders")
@auth.needs(Permission.REMINDERS_READ)
def reminders_sent() -> ResponseReturnValue:
    """What was told to whom, and when."""
    actor, form = auth.actor(), ReminderFilterForm(request.args)
    with parts.database().reading() as session:
        form.offer(reminders.recipients(session, actor))
        found = reminders.reminders_sent(session, actor, form.filters(), page_of(request.args))
        last = reminders.last_round(session)
        ahead = foresight.next_morning_words(session, actor, parts.at())
    asked = form.asked("/reports/reminders")
    first = (found.page - 1) * found.per_page
    return render_template(
        "lists/reminders.html",
        found=found,
        showing=f"{first + 1} to {first + len(found.rows)} of {found.total}" if found.rows else "",
        line=reminders.last_round_words(last, parts.at()),
        checked=reminders.checked_words(last),
        untold=last.untold if last else 0,
        ahead=ahead,
        form=form,
        asked=asked,
        tags=form.tags(asked),
    )


@bp.get("/reports/reminders.csv")
@auth.needs(Permission.REMINDERS_READ)
def reminders_file() -> ResponseReturnValue:
    """The same reminders as a file, all pages of them."""
    actor, form = auth.actor(), ReminderFilterForm(request.args)
    with parts.database().reading() as session:
        form.offer(reminders.recipients(session, actor))
        filters = form.filters()
        page = reminders.reminders_sent(session, actor, filters)
        found = list(page.rows)
        for number in range(2, page.pages + 1):
            found += reminders.reminders_sent(session, actor, filters, number).rows
    rows = [
        (
            cell(one.due_to_send_on), one.sent_at.isoformat(timespec="seconds") if one.sent_at else "", one.to,
            one.reference, one.about, one.result, one.why, cell(one.answered_on),
        )
        for one in found
    ]  # fmt: skip
    return _file("reminders", REMINDER_HEADINGS, rows, sorted({one.reference for one in found}))


def _file(
    name: str, headings: Sequence[str], rows: Sequence[Sequence[str]], references: Sequence[str]
) -> Response:
    """The rows as a CSV file to keep. That it was made, and of what, is recorded."""
    with parts.database().transaction() as session:
        note_file(session, auth.actor(), name, references, at=parts.at())
    table = to_csv([dict(zip(headings, row, strict=True)) for row in rows], headings)
    response = Response(table, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{parts.today().isoformat()}.csv"'
    return response
