"""Actions: the list that is narrowed and sorted in the address, the same as a file, and one act on many of them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile
from tracker.forms.facts import complain
from tracker.forms.filters import ActionFilterForm, cell, page_of
from tracker.forms.many_actions import NewLeadForm, references_in
from tracker.policy import Permission, may_knock
from tracker.queries import action_choices, action_list, due_dates
from tracker.queries.action_list import ActionFilters, Status
from tracker.queries.action_rows import ActionShown
from tracker.queries.many_actions import LedActions, led_actions
from tracker.routes import csv_file, opening, sub_navigation
from tracker.services import many_actions
from tracker.services.many_actions import Reminded
from tracker.templating import count

bp = Blueprint("action_lists", __name__)

HEADINGS = (
    "Reference", "Action", "Source", "Lead agency", "Note on the lead", "Lead", "Due now", "How it stands",
    "First due", "Status", "Last update", "Last update on", "Moved", "Colour", "Why this colour",
)  # fmt: skip


@bp.get("/actions")
@auth.needs(Permission.CASE_READ)
def show() -> ResponseReturnValue:
    """Find an action."""
    actor, form = auth.actor(), ActionFilterForm(request.args)
    with parts.database().reading() as session:
        form.offer(action_choices.choices(session, actor, parts.today()))
        horizon = due_dates.horizon_for(session, actor, parts.today())
        found = action_list.actions(session, actor, form.filters(), horizon, page=page_of(request.args))
    asked = form.asked("/actions")
    by, falling, now = form.sorted_by(action_list.Sort, action_list.Sort.DUE)
    ticks = may_knock(actor, Permission.CASE_RECORD)
    return render_template(
        "lists/actions.html",
        found=found,
        form=form,
        asked=asked,
        tags=form.tags(asked),
        subnav=sub_navigation.of_actions(asked),
        order=action_list.ORDERS[by][falling],
        ticks=ticks,
        request_id=opening.new_request_id(),
        notice=opening.notice(),
        columns=[
            *([{"text": "Choose", "hidden": True}] if ticks else []),
            asked.column("Action", "reference", now),
            asked.column("Lead agency and person", "agency", now),
            asked.column("Due now", "due", now),
            {"text": "Status"},
            asked.column("Last update", "updated", now),
            {"text": "Moved"},
        ],
    )


@bp.get("/actions.csv")
@auth.needs(Permission.CASE_READ)
def file() -> ResponseReturnValue:
    """The same actions as a file, all pages of them."""
    actor, form = auth.actor(), ActionFilterForm(request.args)
    with parts.database().reading() as session:
        form.offer(action_choices.choices(session, actor, parts.today()))
        horizon = due_dates.horizon_for(session, actor, parts.today())
        found = action_list.every_action(session, actor, form.filters(), horizon).rows
    return csv_file.made(
        "actions", HEADINGS, [_cells(one) for one in found], [one.reference for one in found]
    )


@bp.get("/actions/ticked")
@auth.needs(Permission.CASE_RECORD)
def to_list() -> ResponseReturnValue:
    """Back to the list: what was ticked was sent with a form."""
    return redirect("/actions")


@bp.post("/actions/ticked")
@auth.needs(Permission.CASE_RECORD)
def ticked() -> ResponseReturnValue:
    """Do with the ticked actions what the button says: remind their leads, change their lead, take them away."""
    references = references_in(request.form.getlist("ref"))
    what, back = request.form.get("what", ""), _back()
    if not references:
        return render_template("actions/none_ticked.html", back=back), 422
    if what == "lead":
        return redirect(url_for(".lead", ref=list(references)), 303)
    if what == "file":
        return _chosen_file(references)
    with parts.database().transaction() as session:
        done = many_actions.remind(
            session, auth.actor(), references, request.form.get("request_id", ""), at=parts.at()
        )
    flash(_reminded_words(done))
    return redirect(back, 303)


@bp.get("/actions/change-lead")
@auth.needs(Permission.CASE_RECORD)
def lead() -> ResponseReturnValue:
    """Who leads each of them now, and who could lead all of them."""
    references = references_in(request.args.getlist("ref"))
    if not references:
        return redirect("/actions")
    led = _led(references)
    form = NewLeadForm(formdata=None)
    form.offer(led.bodies)
    form.seen.data, form.request_id.data = led.seen, opening.new_request_id()
    return _lead_page(led, form)


@bp.post("/actions/change-lead")
@auth.needs(Permission.CASE_RECORD)
def change_lead() -> ResponseReturnValue:
    """Check first, each action with its old and its new lead; then change all of them or none."""
    form = NewLeadForm()
    asked = form.asked()
    led = _led(tuple(asked.seen))
    form.offer(led.bodies)
    if not form.complete():
        return _lead_page(led, form, status=422)
    if request.form.get("checked") != "yes":
        return render_template(
            "actions/new_lead_check.html", led=led, form=form, to=dict(led.bodies)[asked.to]
        )
    try:
        with parts.database().transaction() as session:
            done = many_actions.change_leads(session, auth.actor(), asked, at=parts.at())
    except ChangedMeanwhile as changed:
        form.seen.data, form.request_id.data = led.seen, opening.new_request_id()
        complain(form.to, f"Nothing is changed yet: somebody changed {changed} meanwhile. Look again first")
        return _lead_page(led, form, status=409)
    except BadInput as refused:
        form.request_id.data = opening.new_request_id()
        complain(form.to, str(refused).rstrip("."))
        return _lead_page(led, form, status=422)
    flash(f"The lead of {count(len(done), 'action')} is changed. The new lead is told in the next digest.")
    return redirect(url_for(".show"), 303)


def _led(references: tuple[str, ...]) -> LedActions:
    with parts.database().reading() as session:
        return led_actions(session, auth.actor(), references, parts.today())


def _lead_page(led: LedActions, form: NewLeadForm, *, status: int = 200) -> ResponseReturnValue:
    errors = web.problems(form) if status != 200 else ()
    return render_template("actions/new_lead.html", led=led, form=form, errors=errors), status


def _chosen_file(references: tuple[str, ...]) -> ResponseReturnValue:
    actor = auth.actor()
    with parts.database().reading() as session:
        horizon = due_dates.horizon_for(session, actor, parts.today())
        filters = ActionFilters(status=Status.ALL, chosen=references)
        found = action_list.every_action(session, actor, filters, horizon).rows
    return csv_file.made(
        "actions", HEADINGS, [_cells(one) for one in found], [one.reference for one in found]
    )


def _cells(one: ActionShown) -> tuple[str, ...]:
    return (
        one.reference, one.text, one.source, one.agency, one.agency_note, one.person, cell(one.due_on), one.due_words,
        cell(one.first or one.due_on), one.status, one.last_update, cell(one.last_update_on), one.moved,
        str(one.rag.colour), one.rag.why,
    )  # fmt: skip


def _reminded_words(done: Reminded) -> str:
    """``2 leads are reminded of 5 actions. Not reminded: HCSP-ACT-2026-003 (It has no date.)``"""
    said = []
    if done.done:
        leads = count(done.leads, "lead is", "leads are")
        said.append(f"{leads} reminded of {count(len(done.done), 'action')}, in one mail each.")
    if done.left:
        said.append(f"Not reminded: {'; '.join(f'{ref} ({why.rstrip(chr(46))})' for ref, why in done.left)}.")
    return " ".join(said)


def _back() -> str:
    """The list as it was narrowed; only ever a page of it."""
    query = request.form.get("back", "").partition("#")[0].partition("?")[2]
    return f"/actions?{query}" if query else "/actions"
