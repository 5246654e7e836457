"""Agencies: the list, a new one, and the end of one, each with a look at what it does and a reason."""

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile
from tracker.forms.agencies import EndAgencyForm, MailboxesForm, NewAgencyForm
from tracker.forms.facts import complain
from tracker.forms.own_names import ReasonForm
from tracker.models import Organisation, SetupKind
from tracker.policy import Permission
from tracker.queries import agencies as query
from tracker.queries import people
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.routes.set_up_conflict import Corrected, anew, met
from tracker.services import agencies as service
from tracker.services import set_up, successions
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
    if (answer := _met(form, here, title)) is not None:
        return answer
    with looking() as session:
        places = people.partnerships(session, auth.actor())
        asked = form.offer(places).read(places)
    if asked is None or "change" in request.form:
        return _form(form, title, here, status=422 if asked is None else 200)
    said = [f"{asked.name} is an agency of {dict(places)[form.place.data]} from today."]
    with looking() as session:
        place = access.partnership_for(session, auth.actor(), form.place.data, Permission.PEOPLE_MANAGE)
        mark = set_up.mark(session, place.id or 0)
    reason = form.why() if form.seen.data else ""
    if not reason:
        return _check(form, title, here, said, mark, status=422 if form.seen.data else 200)
    why = Why(reason, parts.at(), form.seen.data, form.number_of_form())
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
    if (answer := _met(form, here, "Agencies")) is not None:
        return answer
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
        f"stay with it until {'you hand all of it to ' + successor.name if successor else 'the business unit hands them over'}. "
        "Records keep its name."
        if work
        else "It leads nothing that is open. Records keep its name.",
    ]
    reason = form.why() if form.seen.data else ""
    if not reason:
        return _check(form, title, here, said, mark, status=422 if form.seen.data else 200)
    why = Why(reason, parts.at(), form.seen.data, form.number_of_form())
    try:
        with parts.database().transaction() as session:
            service.end(session, auth.actor(), key, on, query.by_key(session, form.successor.data or ""), why)
    except ChangedMeanwhile as changed:
        return _check(form, title, here, said, mark, changed=str(changed), status=409)
    except BadInput as refused:
        complain(form.reason, str(refused).rstrip("."))
        return _check(form, title, here, said, mark, status=422)
    flash(said[0])
    return redirect(url_for(".hand_over", key=key) if work and successor else url_for(".show"), 303)


@bp.get("/<string:key>/hand-over")
@auth.needs(Permission.PEOPLE_MANAGE)
def hand_over(key: str) -> ResponseReturnValue:
    """How much is open with an ended agency, by kind, and what handing it over does."""
    form = ReasonForm(formdata=None)
    form.request_id.data = opening.new_request_id()
    return _handing_over(key, form)


@bp.post("/<string:key>/hand-over")
@auth.needs(Permission.PEOPLE_MANAGE)
def handed_over(key: str) -> ResponseReturnValue:
    """Give all of it to the successor."""
    form = ReasonForm()
    reason = form.why()
    if not reason:
        return _handing_over(key, form, status=422)
    why = Why(reason, parts.at(), form.seen.data or "", form.number_of_form())
    try:
        with parts.database().transaction() as session:
            said = successions.rehome(session, auth.actor(), key, why).said
    except ChangedMeanwhile as changed:
        return _handing_over(key, form, changed=str(changed), status=409)
    except BadInput as refused:
        complain(form.reason, str(refused).rstrip("."))
        return _handing_over(key, form, status=422)
    flash(said)
    return redirect(url_for(".show"), 303)


@bp.get("/<string:key>/mailboxes")
@auth.needs(Permission.PEOPLE_MANAGE)
def ask_mailboxes(key: str) -> ResponseReturnValue:
    """The form of an agency's mailboxes, as they are."""
    with looking() as session:
        body, _ = service.of(session, auth.actor(), key)
    form = _mailboxes(body)
    form.request_id.data = opening.new_request_id()
    return _form(form, f"Mailboxes of {body.name}", url_for(".mailboxes", key=key))


@bp.post("/<string:key>/mailboxes")
@auth.needs(Permission.PEOPLE_MANAGE)
def mailboxes(key: str) -> ResponseReturnValue:
    """What the change does; once that was seen and a reason is given, it is done."""
    form, here = MailboxesForm(), url_for(".mailboxes", key=key)
    with looking() as session:
        body, place = service.of(session, auth.actor(), key)
        mark = set_up.mark(session, place.id or 0)
    of = Corrected(_mailboxes(body), place.id or 0, SetupKind.AGENCY_CHANGED, f"agency:{key}")
    if (answer := _met(form, here, body.name, of)) is not None:
        return answer
    title, asked = f"Change the mailboxes of {body.name}", form.read()
    if asked is not None and "change" not in request.form and not service.mailbox_changes(body, *asked):
        complain(form.contact_email, "These are the mailboxes that it has")
        asked = None
    if asked is None or "change" in request.form:
        return _form(form, title, here, status=422 if asked is None else 200)
    said = [*service.mailbox_changes(body, *asked), "Reminders go there from now on."]
    reason = form.why() if form.seen.data else ""
    if not reason:
        return _check(form, title, here, said, mark, status=422 if form.seen.data else 200)
    why = Why(reason, parts.at(), form.seen.data, form.number_of_form())
    try:
        with parts.database().transaction() as session:
            service.set_mailboxes(session, auth.actor(), key, *asked, why)
    except ChangedMeanwhile as changed:
        return _check(form, title, here, said, mark, changed=str(changed), status=409)
    except BadInput as refused:
        complain(form.reason, str(refused).rstrip("."))
        return _check(form, title, here, said, mark, status=422)
    flash(said[0])
    return redirect(url_for(".show"), 303)


def _mailboxes(body: Organisation) -> MailboxesForm:
    data = {"contact_email": body.contact_email, "escalation_email": body.escalation_email}
    return MailboxesForm(formdata=None, data=data)


def _met(
    form: ReasonForm, here: str, caption: str, of: Corrected | None = None
) -> ResponseReturnValue | None:
    return met(form, of, caption=caption, action=here, home=url_for(".show"))


def _handing_over(key: str, form: ReasonForm, *, changed: str = "", status: int = 200) -> ResponseReturnValue:
    with looking() as session:
        found = query.hand_over_page(session, auth.actor(), key, parts.today())
    form.seen.data = found.mark
    anew(form, status)
    form.reason.description = "It stands in the history of this page and of each record. No names"
    return render_template(
        "admin/hand_over.html",
        page=found,
        form=form,
        action=url_for(".handed_over", key=key),
        changed=changed,
        errors=web.problems(form) if status == 422 else (),
    ), status


def _form(
    form: NewAgencyForm | EndAgencyForm | MailboxesForm, title: str, action: str, *, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "admin/agency_form.html",
        form=form,
        title=title,
        action=action,
        errors=web.problems(form) if status != 200 else (),
    ), status


def _check(
    form: NewAgencyForm | EndAgencyForm | MailboxesForm, title: str, here: str, said: list[str], mark: str, *,
    changed: str = "", status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    form.seen.data = mark
    anew(form, status)
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
