"""Partnerships: what each says of itself, changed after a look at what that does, with a reason."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile
from tracker.forms.facts import complain
from tracker.forms.partnerships import FactsForm
from tracker.models import SetupKind
from tracker.policy import Permission
from tracker.queries import partnerships as query
from tracker.queries.looking import looking
from tracker.queries.partnerships import Changing
from tracker.routes import opening
from tracker.routes.set_up_conflict import Corrected, anew, met
from tracker.services import partnership_facts as service
from tracker.services.person_changes import Why

bp = Blueprint("partnerships", __name__, url_prefix="/partnerships")
TITLE = "Change the partnership"


@bp.get("")
@auth.needs(Permission.SETUP_READ)
def show() -> ResponseReturnValue:
    """Every partnership."""
    with looking() as session:
        page = query.places_page(session, auth.actor())
    return render_template("partnerships/partnerships.html", page=page, notice=opening.notice())


@bp.get("/<string:key>")
@auth.needs(Permission.SETUP_CHANGE)
def ask(key: str) -> ResponseReturnValue:
    """The form, with the facts of today."""
    found = _found(key)
    form = _opened(found)
    form.request_id.data = opening.new_request_id()
    return _form(found, form)


def _opened(found: Changing) -> FactsForm:
    facts = found.facts
    data = {
        "name": facts.name, "unit_mailbox": facts.unit_mailbox, "unit_phone": facts.unit_phone,
        "reply_to": facts.reply_to, "board": facts.board,
        "from_on": f"{facts.from_on:%d %m %Y}" if facts.from_on else "",
        "to_on": f"{facts.to_on:%d %m %Y}" if facts.to_on else "",
    }  # fmt: skip
    return FactsForm(formdata=None, data=data).offer(found.boards, facts.board)


@bp.post("/<string:key>")
@auth.needs(Permission.SETUP_CHANGE)
def change(key: str) -> ResponseReturnValue:
    """What it does; once that was seen and a reason is given, it is done."""
    found = _found(key)
    form = FactsForm().offer(found.boards, found.facts.board)
    of = Corrected(_opened(found), found.place.id or 0, SetupKind.PARTNERSHIP_CHANGED, f"partnership:{key}")
    answer = met(
        form, of, caption=found.place.name, action=url_for(".change", key=key), home=url_for(".show")
    )
    if answer is not None:
        return answer
    asked = form.read(found.boards, found.facts.board)
    said: tuple[str, ...] = ()
    if asked is not None:
        with looking() as session:
            fault = service.fault_of(session, auth.actor(), found.place, asked)
            said = service.changes(session, found.place, asked)
        if fault:
            complain(form.to_on if "last day" in fault else form.name, fault.rstrip("."))
        elif not said:
            complain(form.name, "Nothing is another than it was. Change something, or cancel")
        asked = asked if said and not fault else None
    if asked is None or "change" in request.form:
        return _form(found, form, status=422 if asked is None else 200)
    reason = form.why() if form.seen.data else ""
    if not reason:
        return _check(found, form, said, status=422 if form.seen.data else 200)
    why = Why(reason, parts.at(), form.seen.data, form.number_of_form())
    try:
        with parts.database().transaction() as session:
            place = access.partnership_for(session, auth.actor(), key, Permission.SETUP_CHANGE)
            service.set_facts(session, auth.actor(), place, asked, why)
    except ChangedMeanwhile as changed:
        return _check(found, form, said, changed=str(changed), status=409)
    except BadInput as refused:
        complain(form.reason, str(refused).rstrip("."))
        return _check(found, form, said, status=422)
    flash("The partnership is changed.")
    return redirect(url_for(".show"), 303)


def _found(key: str) -> Changing:
    with looking() as session:
        return query.changing(session, auth.actor(), key)


def _form(found: Changing, form: FactsForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "partnerships/form.html",
        form=form,
        caption=found.place.name,
        action=url_for(".change", key=found.place.key),
        errors=web.problems(form) if status != 200 else (),
    ), status


def _check(
    found: Changing, form: FactsForm, said: tuple[str, ...], *, changed: str = "", status: int = 200
) -> ResponseReturnValue:
    form.seen.data = found.mark
    anew(form, status)
    here = url_for(".change", key=found.place.key)
    return render_template(
        "admin/person_check.html",
        title=TITLE,
        caption=found.place.name,
        back_text="Partnerships and areas",
        back_to=url_for(".show"),
        said=(*said, "Mails and pages say it from now on. What was sent or recorded stays as it is."),
        form=form,
        carried=form.carried(),
        again=here,
        action=here,
        home=url_for(".show"),
        changed=changed,
        danger=False,
        errors=web.problems(form) if status == 422 else (),
    ), status
