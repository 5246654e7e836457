"""People and access: the list, one person, and every change with a look at what it does and a reason."""

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotVisible
from tracker.forms.facts import complain
from tracker.forms.people import PersonReasonForm, RoleForm
from tracker.policy import Permission
from tracker.queries import people as query
from tracker.queries.looking import looking
from tracker.queries.people import PersonPage, RoleHeld
from tracker.routes import opening
from tracker.routes.set_up_conflict import anew
from tracker.services import person_changes as service
from tracker.services.people import NewPerson
from tracker.services.person_changes import Why

bp = Blueprint("people", __name__, url_prefix="/admin/people")
_ACT = "/<int:number>/<any('disable', 'enable', 'end-role', 'send-link', 'sign-out', 'end-links'):act>"

TITLES = {
    "end-role": "End this role",
    "disable": "Disable this person",
    "enable": "Enable this person",
    "send-link": "Send a link to set a new password",
    "sign-out": "Sign out everywhere",
    "end-links": "End their links",
}
DOES = {
    "disable": "They are signed out everywhere and cannot sign in. Their roles and all that they did stay on record.",
    "enable": "They can sign in again, with the password and the roles that they had.",
    "send-link": "They get an e-mail with a link that works once, for 72 hours. "
    "Nobody else sees the password that they choose. The password that they have works until then.",
    "sign-out": "Every browser in which they are signed in is signed out. They can sign in again.",
    "end-links": "The links in e-mails to them, and the address of their calendar, open nothing any more. The next e-mail "
    "carries another link: to stop that, end their role or disable them.",
}
VERBS = {
    "send-link": service.send_link,
    "sign-out": service.sign_out,
    "end-links": service.end_links,
}


@bp.get("")
@auth.needs(Permission.PEOPLE_MANAGE)
def show() -> ResponseReturnValue:
    """Everybody who holds a role here."""
    with looking() as session:
        page = query.people_page(session, auth.actor(), parts.at())
    return render_template("admin/people.html", page=page, notice=next(iter(get_flashed_messages()), ""))


@bp.get("/<int:number>")
@auth.needs(Permission.PEOPLE_MANAGE)
def one(number: int) -> ResponseReturnValue:
    """One person."""
    return render_template(
        "admin/person.html", page=_page(number), notice=next(iter(get_flashed_messages()), "")
    )


@bp.get("/add")
@auth.needs(Permission.PEOPLE_MANAGE)
def ask() -> ResponseReturnValue:
    """The form of a role; ``to`` is the number of somebody who gets one more."""
    to = request.args.get("to", "")
    row = _page(int(to)).row if to.isdecimal() and len(to) < 10 else None
    form = RoleForm(formdata=None, data={"email": row.email, "name": row.name} if row else {})
    form.request_id.data = opening.new_request_id()
    return _form(form)


@bp.get("/add/check")
@auth.needs(Permission.PEOPLE_MANAGE)
def back() -> ResponseReturnValue:
    """Somebody opened the address of check answers: there are none yet, so to the form."""
    return redirect(url_for(".ask"))


@bp.post("/add/check")
@auth.needs(Permission.PEOPLE_MANAGE)
def check() -> ResponseReturnValue:
    """What the role does. Nothing is saved."""
    form = RoleForm()
    asked = _read(form)
    if asked is None or "change" in request.form:
        return _form(form, status=200 if "change" in request.form else 422)
    return _check(form, asked)


@bp.post("/add")
@auth.needs(Permission.PEOPLE_MANAGE)
def save() -> ResponseReturnValue:
    """Give the role."""
    form = RoleForm()
    asked = _read(form)
    if asked is None:
        return _form(form, status=422)
    reason = form.why()
    if not reason:
        return _check(form, asked, status=422)
    try:
        with parts.database().transaction() as session:
            said = service.add(session, auth.actor(), asked, _why(form, reason)).said
    except ChangedMeanwhile as changed:
        return _check(form, asked, changed=str(changed), status=409)
    except (BadInput, NotPermitted) as refused:
        complain(form.reason, str(refused).rstrip("."))
        return _check(form, asked, status=422)
    flash(said)
    return redirect(url_for(".show"), 303)


@bp.get(_ACT)
@auth.needs(Permission.PEOPLE_MANAGE)
def look(number: int, act: str) -> ResponseReturnValue:
    """What the change does, before it is made; ``role`` is the number of the role to end."""
    form = PersonReasonForm(formdata=None, data={"role": request.args.get("role", "")})
    form.request_id.data = opening.new_request_id()
    return _act(number, act, form)


@bp.post(_ACT)
@auth.needs(Permission.PEOPLE_MANAGE)
def change(number: int, act: str) -> ResponseReturnValue:
    """Make the change."""
    form = PersonReasonForm()
    reason = form.why()
    if not reason:
        return _act(number, act, form, status=422)
    actor, why = auth.actor(), _why(form, reason)
    try:
        with parts.database().transaction() as session:
            if act == "end-role":
                done = service.end_role(session, actor, number, _number(form), why)
            elif act in VERBS:
                done = VERBS[act](session, actor, number, why)
            else:
                done = service.set_active(session, actor, number, why, active=act == "enable")
            said = done.said
    except ChangedMeanwhile as changed:
        return _act(number, act, form, changed=str(changed), status=409)
    except (BadInput, NotPermitted) as refused:
        complain(form.reason, str(refused).rstrip("."))
        return _act(number, act, form, status=422)
    flash(said)
    return redirect(url_for(".one", number=number), 303)


def _page(number: int) -> PersonPage:
    with looking() as session:
        return query.person_page(session, auth.actor(), number, parts.at())


def _read(form: RoleForm) -> NewPerson | None:
    with looking() as session:
        places, agencies = query.partnerships(session, auth.actor()), query.agencies(session, auth.actor())
    return form.offer(places, agencies).read(places, agencies)


def _why(form: RoleForm | PersonReasonForm, reason: str) -> Why:
    return Why(reason, parts.at(), form.seen.data or "", form.number_of_form())


def _number(form: PersonReasonForm) -> int:
    typed = form.role.data or ""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def _form(form: RoleForm, *, status: int = 200) -> ResponseReturnValue:
    with looking() as session:
        form.offer(query.partnerships(session, auth.actor()), query.agencies(session, auth.actor()))
    return render_template(
        "admin/person_form.html", form=form, errors=web.problems(form) if status != 200 else ()
    ), status


def _check(form: RoleForm, asked: NewPerson, *, changed: str = "", status: int = 200) -> ResponseReturnValue:
    with looking() as session:
        known = query.known(session, auth.actor(), asked.email, parts.at())
        form.seen.data = query.mark_for(session, auth.actor(), asked)
        places = dict((*query.partnerships(session, auth.actor()), *query.agencies(session, auth.actor())))
    anew(form, status)
    where = places[asked.organisation or asked.partnership]
    said = [f"{known.name if known else asked.name} is {service.words_of(asked.role)}, {where}, from today."]
    said.append(
        "They are signed out everywhere, so that it holds at once."
        if known
        else "Somebody new gets an e-mail with a link to set a password. It works once, for 72 hours."
    )
    return render_template(
        "admin/person_check.html",
        title="Give this role",
        caption=asked.email,
        said=said,
        form=form,
        carried=form.carried(),
        again=url_for(".check"),
        action=url_for(".save"),
        home=url_for(".show"),
        changed=changed,
        danger=False,
        errors=web.problems(form) if status == 422 else (),
    ), status


def _act(
    number: int, act: str, form: PersonReasonForm, *, changed: str = "", status: int = 200
) -> ResponseReturnValue:
    page = _page(number)
    if act == "end-role":
        role = _role(page, form)
        said = f"{page.row.name} is no longer {role.title.lower()}, {role.where}. They are signed out everywhere."
    else:
        said = DOES[act]
    with looking() as session:
        form.seen.data = query.mark_of(session, auth.actor(), number, _number(form))
    anew(form, status)
    return render_template(
        "admin/person_check.html",
        title=TITLES[act],
        caption=page.row.name,
        said=[said],
        form=form,
        carried=[("role", form.role.data or "")],
        again="",
        action=url_for(".change", number=number, act=act),
        home=url_for(".one", number=number),
        changed=changed,
        danger=act in {"end-role", "disable"},
        errors=web.problems(form) if status == 422 else (),
    ), status


def _role(page: PersonPage, form: PersonReasonForm) -> RoleHeld:
    for role in page.row.roles:
        if role.number == _number(form):
            return role
    raise NotVisible("There is no such role, or it has ended.")
