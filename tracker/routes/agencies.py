"""Agencies: the list, a new one, and the end of one, each with a look at what it does and a reason."""

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile
from tracker.forms.agencies import EndAgencyForm, NewAgencyForm
from tracker.forms.facts import complain
from tracker.policy import Permission
from tracker.queries import agencies as query
from tracker.queries import people
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.services import agencies as service
from tracker.services import set_up
from tracker.services.person_changes import Why
from tracker.templating import count

bp = Blueprint("agencies", __name__, url_prefix="/admin/agencies")


@bp.get("")
@auth.needs(Permission.PEOPLE_MANAGE)
def show() -> ResponseReturnValue:
    """Every agency that works here."""
    with looking() as session:
        page = query.agencies_page(session, auth.actor())
    return render_template("admin/agencies.html", page=page, notice=next(iter(get_flashed_messages()), ""))


@bp.get("/add")
@auth.needs(Permission.PEOPLE_MANAGE)
def ask() -> ResponseReturnValue:
    """The form of a new agency."""
    form = NewAgencyForm(formdata=None)
    form.request_id.data = opening.new_request_id()
    with looking() as session:
        form.offer(people.partnerships(session, auth.actor()))
    return _form(form, "Add an agency", url_for(".add"))


@bp.post("/add")
@auth.needs(Permission.PEOPLE_MANAGE)
def add() -> ResponseReturnValue:
    """What it does; once that was seen and a reason is given, it is done."""
    form, title, here = NewAgencyForm(), "Add an agency", url_for(".add")
    with looking() as session:
        places = people.partnerships(session, auth.actor())
        asked = form.offer(places).read(places)
    if asked is None or "change" in request.form:
        return _form(form, title, here, status=422 if asked is None else 200)
    said = [f"{asked.name} is an agency of {dict(places)[form.place.data]} from today."]
    with looking() as session:
        place = access.partnership_for(session, auth.actor(), form.place.data, Permission.PEOPLE_MANAGE)
        mark = set_up.mark(session, place.id or 0)
    if not form.seen.data:
        return _check(form, title, here, said, mark)
    reason = form.why()
    if not reason:
        return _check(form, title, here, said, mark, status=422)
    why = Why(reason, parts.at(), form.seen.data, form.request_id.data)
    try:
        with parts.database().transaction() as session:
            place = access.partnership_for(session, auth.actor(), form.place.data, Permission.PEOPLE_MANAGE)
            service.add(session, auth.actor(), place, asked, why)
    except ChangedMeanwhile as changed:
        return _check(form, title, here, said, mark, changed=str(changed), status=409)
    except BadInput as refused:
        complain(form.reason, str(refused).rstrip("."))
        return _check(form, title, here, said, mark, status=422)
    flash(said[0])
    return redirect(url_for(".show"), 303)


@bp.get("/<string:key>/end")
@auth.needs(Permission.PEOPLE_MANAGE)
def ask_end(key: str) -> ResponseReturnValue:
    """The form of an end."""
    form = EndAgencyForm(formdata=None)
    form.request_id.data = opening.new_request_id()
    with looking() as session:
        body, _ = service.of(session, auth.actor(), key)
        form.offer(query.could_succeed(session, body))
    return _form(form, f"End {body.name}", url_for(".end", key=key))


@bp.post("/<string:key>/end")
@auth.needs(Permission.PEOPLE_MANAGE)
def end(key: str) -> ResponseReturnValue:
    """What it does; once that was seen and a reason is given, it is done."""
    form, here = EndAgencyForm(), url_for(".end", key=key)
    with looking() as session:
        body, place = service.of(session, auth.actor(), key)
        bodies = query.could_succeed(session, body)
        on = form.offer(bodies).read(bodies)
        successor = query.by_key(session, form.successor.data or "")
        work, mark = query.open_work(session, body), set_up.mark(session, place.id or 0)
        fault = service.fault_of(body, on, successor, parts.at()) if on else ""
    title = f"End {body.name}"
    if fault:
        complain(form.on, fault.rstrip("."))
    if on is None or fault or "change" in request.form:
        return _form(form, title, here, status=200 if on and not fault else 422)
    said = [
        service.words_of_end(body, on, successor),
        f"{count(work, 'open action, request or recommendation', 'open actions, requests and recommendations')} "
        "stay with it until the business unit hands them over. Records keep its name."
        if work
        else "It leads nothing that is open. Records keep its name.",
    ]
    if not form.seen.data:
        return _check(form, title, here, said, mark)
    reason = form.why()
    if not reason:
        return _check(form, title, here, said, mark, status=422)
    why = Why(reason, parts.at(), form.seen.data, form.request_id.data)
    try:
        with parts.database().transaction() as session:
            service.end(session, auth.actor(), key, on, query.by_key(session, form.successor.data or ""), why)
    except ChangedMeanwhile as changed:
        return _check(form, title, here, said, mark, changed=str(changed), status=409)
    except BadInput as refused:
        complain(form.reason, str(refused).rstrip("."))
        return _check(form, title, here, said, mark, status=422)
    flash(said[0])
    return redirect(url_for(".show"), 303)


def _form(
    form: NewAgencyForm | EndAgencyForm, title: str, action: str, *, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "admin/agency_form.html",
        form=form,
        title=title,
        action=action,
        errors=web.problems(form) if status != 200 else (),
    ), status


def _check(
    form: NewAgencyForm | EndAgencyForm, title: str, here: str, said: list[str], mark: str, *,
    changed: str = "", status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    form.seen.data = mark
    return render_template(
        "admin/person_check.html",
        title=title,
        caption="Agencies",
        back_text="Agencies",
        back_to=url_for(".show"),
        said=said,
        form=form,
        carried=form.carried(),
        again=here,
        action=here,
        home=url_for(".show"),
        changed=changed,
        danger=isinstance(form, EndAgencyForm),
        errors=web.problems(form) if status == 422 else (),
    ), status
