"""Names of things: what each partnership calls its reviews, changed after a look at what that does."""

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile
from tracker.forms.facts import complain
from tracker.forms.own_names import NAMED, NamesForm
from tracker.models import Partnership, SetupKind
from tracker.policy import Permission
from tracker.queries import own_names as query
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.routes.set_up_conflict import Corrected, anew, met
from tracker.services import own_names as service

bp = Blueprint("own_names", __name__, url_prefix="/names")


@bp.get("")
@auth.needs(Permission.SETUP_READ)
def show() -> ResponseReturnValue:
    """What things are called where."""
    with looking() as session:
        page = query.names_page(session, auth.actor())
    return render_template("names/names.html", page=page, notice=next(iter(get_flashed_messages()), ""))


@bp.get("/<string:partnership>")
@auth.needs(Permission.SETUP_CHANGE)
def ask(partnership: str) -> ResponseReturnValue:
    """The form, with the names of today."""
    place = _place(partnership)
    form = NamesForm(formdata=None, data=service.own_names(place))
    form.request_id.data = opening.new_request_id()
    return _form(place, form)


@bp.get("/<string:partnership>/check")
@auth.needs(Permission.SETUP_CHANGE)
def back(partnership: str) -> ResponseReturnValue:
    """Somebody opened the address of check answers: there are none yet, so to the form."""
    return redirect(url_for(".ask", partnership=partnership))


@bp.post("/<string:partnership>/check")
@auth.needs(Permission.SETUP_CHANGE)
def check(partnership: str) -> ResponseReturnValue:
    """What the names would change. Nothing is saved."""
    place, form = _place(partnership), NamesForm()
    if (answer := _met(place, form)) is not None:
        return answer
    if "change" in request.form:
        return _form(place, form)
    names = form.names()
    if names is None or form.unchanged(service.own_names(place)):
        return _form(place, form, status=422)
    return _check(place, form, names)


@bp.post("/<string:partnership>")
@auth.needs(Permission.SETUP_CHANGE)
def save(partnership: str) -> ResponseReturnValue:
    """Call them so."""
    place, form = _place(partnership), NamesForm()
    if (answer := _met(place, form)) is not None:
        return answer
    names = form.names()
    if names is None:
        return _form(place, form, status=422)
    reason = form.why()
    if not reason:
        return _check(place, form, names, status=422)
    try:
        with parts.database().transaction() as session:
            found = query.partnership_of(session, auth.actor(), partnership)
            service.set_names(
                session, auth.actor(), found, names,
                reason=reason, at=parts.at(), seen=form.seen.data or "", request_id=form.number_of_form(),
            )  # fmt: skip
    except ChangedMeanwhile as changed:
        return _check(place, form, names, changed=str(changed), status=409)
    except BadInput as refused:
        complain(form.reason, str(refused).rstrip("."))
        return _check(place, form, names, status=422)
    flash("The names are changed.")
    return redirect(url_for(".show"), 303)


def _met(place: Partnership, form: NamesForm) -> ResponseReturnValue | None:
    now = NamesForm(formdata=None, data=service.own_names(place))
    return met(
        form,
        Corrected(now, place.id or 0, SetupKind.NAMES_SET),
        caption=place.name,
        action=url_for(".check", partnership=place.key),
        home=url_for(".show"),
    )


def _place(partnership: str) -> Partnership:
    with looking() as session:
        return query.partnership_of(session, auth.actor(), partnership)


def _form(place: Partnership, form: NamesForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "names/form.html",
        place=place,
        form=form,
        fields=[form[name] for name in NAMED],
        errors=web.problems(form) if status != 200 else (),
    ), status


def _check(
    place: Partnership, form: NamesForm, names: dict[str, str], *, changed: str = "", status: int = 200
) -> ResponseReturnValue:
    with looking() as session:
        found = query.outlook(session, place, names, parts.today())
    form.seen.data = found.mark
    anew(form, status)
    return render_template(
        "names/check.html",
        place=place,
        form=form,
        found=found,
        carried=[(name, form[name].data) for name in NAMED],
        changed=changed,
        errors=web.problems(form) if status == 422 else (),
    ), status
