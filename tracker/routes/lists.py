"""Cases and Reminders sent: lists that are narrowed and sorted in the address, and the same as a file."""

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.briefs import week_ahead
from tracker.forms.filters import (
    CaseFilterForm,
    ReminderFilterForm,
    cell,
    page_of,
)
from tracker.policy import READERS, Permission, may_knock
from tracker.queries import case_list, due_dates, foresight, reminders
from tracker.queries.case_rows import ReportDates
from tracker.routes import csv_file, sub_navigation
from tracker.services.process_names import kind_meant

bp = Blueprint("lists", __name__)

CASE_HEADINGS = (
    "Reference", "Type", "State", "Days in state", "Held by", "Next date", "What is due", "How it stands",
    "Lead officer", "Flags",
)  # fmt: skip
REPORT_HEADINGS = ("Report first due", "Report due now")
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
        choices = case_list.choices(session, actor, parts.today())
        form.offer(choices)
        horizon = due_dates.horizon_for(session, actor, parts.today())
        found = case_list.cases(session, actor, form.filters(), horizon, page=page_of(request.args))
    asked = form.asked("/cases")
    by, falling, now = form.sorted_by(case_list.Sort, case_list.Sort.DUE)
    return render_template(
        "lists/cases.html",
        found=found,
        form=form,
        asked=asked,
        subnav=sub_navigation.of_cases(asked, choices.names["asb_case_review"]),
        order=case_list.ORDERS[by][falling],
        reports=form.filters().reports,
        tags=form.tags(asked),
        may_log=may_knock(actor, Permission.CASE_LOG),
        columns=[
            asked.column("Case", "reference", now),
            asked.column("State", "stage", now),
            {"text": "Held by"},
            asked.column("Next date", "due", now),
            asked.column("Lead officer", "officer", now),
            *({"text": text} for text in (REPORT_HEADINGS if form.filters().reports else ())),
            {"text": "Flags"},
        ],
    )


@bp.get("/cases.csv")
@auth.needs(Permission.CASE_READ)
def cases_file() -> ResponseReturnValue:
    """The same cases as a file, all pages of them."""
    actor, form = auth.actor(), CaseFilterForm(request.args)
    with parts.database().reading() as session:
        form.offer(case_list.choices(session, actor, parts.today()))
        horizon = due_dates.horizon_for(session, actor, parts.today())
        found = case_list.every_case(session, actor, form.filters(), horizon).rows
    reports = form.filters().reports
    rows = [
        (
            one.reference, one.type, one.state, str(one.days), one.held_by, cell(one.due_on), one.next_what,
            one.words, one.officer, ", ".join(one.flags), *(_report_cells(one.report) if reports else ()),
        )
        for one in found
    ]  # fmt: skip
    headings = (*CASE_HEADINGS, *(REPORT_HEADINGS if reports else ()))
    return csv_file.made("cases", headings, rows, [one.reference for one in found])


def _report_cells(report: ReportDates | None) -> tuple[str, str]:
    return (cell(report.first), cell(report.due_on)) if report else ("", "")


@bp.get("/reports/reminders")
@auth.needs(Permission.REMINDERS_READ)
def reminders_sent() -> ResponseReturnValue:
    """What was told to whom, and when."""
    actor, form = auth.actor(), ReminderFilterForm(request.args)
    with parts.database().reading() as session:
        form.offer(reminders.recipients(session, actor))
        found = reminders.reminders_sent(session, actor, form.filters(), page_of(request.args))
        last = reminders.last_round(session)
    asked = form.asked("/reports/reminders")
    first = (found.page - 1) * found.per_page
    return render_template(
        "lists/reminders.html",
        found=found,
        showing=f"{first + 1} to {first + len(found.rows)} of {found.total}" if found.rows else "",
        line=reminders.last_round_words(last, parts.at()),
        checked=reminders.checked_words(last),
        untold=last.untold if last else 0,
        may_chase=may_knock(actor, Permission.CASE_RECORD),
        form=form,
        asked=asked,
        tags=form.tags(asked),
    )


@bp.get("/reports/reminders/next-morning")
@auth.needs(Permission.REMINDERS_READ)
def next_morning() -> ResponseReturnValue:
    """What the next morning would send, decided as the morning itself will; a dry run that writes nothing."""
    with parts.database().reading() as session:
        actor, at = auth.actor(), parts.at()
        notes = week_ahead(session, foresight.morning_ahead(session, at), actor.partnerships(*READERS))
        ahead = foresight.next_morning_words(session, actor, at, notes)
    return render_template("lists/next_morning.html", ahead=ahead)


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
    return csv_file.made("reminders", REMINDER_HEADINGS, rows, sorted({one.reference for one in found}))
