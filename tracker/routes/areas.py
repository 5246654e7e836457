"""Areas and their relevant bodies: the list, one area, and every change with what it would do."""

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile
from tracker.forms.areas import FORMS, AreaForm, NewAreaForm, offer
from tracker.forms.facts import complain
from tracker.models import Area
from tracker.policy import Permission
from tracker.queries import areas as query
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.routes.set_up_conflict import anew
from tracker.services import area_changes as service
from tracker.services.area_changes import AreaChange, AreaOutlook

bp = Blueprint("areas", __name__, url_prefix="/areas")
_ONE = "/<string:area>"
_CHANGE = "/<string:area>/<any('end', 'add-body', 'end-body'):act>"

TITLES = {
    "add": "Add an area",
    "end": "End an area",
    "add-body": "Add a body",
    "end-body": "End a body's time",
}


@bp.get("")
@auth.needs(Permission.SETUP_READ)
def show() -> ResponseReturnValue:
    """Every area."""
    with looking() as session:
        page = query.areas_page(session, auth.actor(), parts.today())
    return render_template("areas/areas.html", page=page, notice=next(iter(get_flashed_messages()), ""))


@bp.get(_ONE)
@auth.needs(Permission.SETUP_READ)
def one(area: str) -> ResponseReturnValue:
    """One area with its bodies."""
    with looking() as session:
        page = query.area_page(session, auth.actor(), area, parts.today())
    return render_template("areas/area.html", page=page, notice=next(iter(get_flashed_messages()), ""))


@bp.get("/add")
@auth.needs(Permission.SETUP_CHANGE)
def ask_new() -> ResponseReturnValue:
    """The form of a new area."""
    form = _offered("", "add", NewAreaForm(formdata=None))
    form.request_id.data = opening.new_request_id()
    return _form("", "add", form)


@bp.get("/add/check")
@auth.needs(Permission.SETUP_CHANGE)
def back_new() -> ResponseReturnValue:
    """Somebody opened the address of check answers: there are none yet, so to the form."""
    return redirect(url_for(".ask_new"))


@bp.post("/add/check")
@auth.needs(Permission.SETUP_CHANGE)
def check_new() -> ResponseReturnValue:
    """What a new area does. Nothing is saved."""
    return _checked("", "add")


@bp.post("/add")
@auth.needs(Permission.SETUP_CHANGE)
def save_new() -> ResponseReturnValue:
    """Add the area."""
    return _saved("", "add")


@bp.get(_CHANGE)
@auth.needs(Permission.SETUP_CHANGE)
def ask(area: str, act: str) -> ResponseReturnValue:
    """The form of a change; ``body`` names the body that a link spoke of."""
    form = _offered(area, act, FORMS[act](formdata=None, data={"body": request.args.get("body", "")}))
    form.request_id.data = opening.new_request_id()
    return _form(area, act, form)


@bp.get(f"{_CHANGE}/check")
@auth.needs(Permission.SETUP_CHANGE)
def back(area: str, act: str) -> ResponseReturnValue:
    """Somebody opened the address of check answers: there are none yet, so to the form."""
    return redirect(url_for(".ask", area=area, act=act))


@bp.post(f"{_CHANGE}/check")
@auth.needs(Permission.SETUP_CHANGE)
def check(area: str, act: str) -> ResponseReturnValue:
    """What the change does, with every open case that it touches. Nothing is saved."""
    return _checked(area, act)


@bp.post(_CHANGE)
@auth.needs(Permission.SETUP_CHANGE)
def save(area: str, act: str) -> ResponseReturnValue:
    """Make the change."""
    return _saved(area, act)


def _checked(area: str, act: str) -> ResponseReturnValue:
    form = _offered(area, act, (FORMS.get(act) or NewAreaForm)())
    if "change" in request.form:
        return _form(area, act, form)
    asked = form.read()
    if asked is None or not _placed(form):
        return _form(area, act, form, status=422)
    return _check(area, act, form, asked)


def _saved(area: str, act: str) -> ResponseReturnValue:
    form = _offered(area, act, (FORMS.get(act) or NewAreaForm)())
    asked = form.read()
    if asked is None or not _placed(form):
        return _form(area, act, form, status=422)
    reason = form.why()
    if not reason:
        return _check(area, act, form, asked, status=422)
    try:
        with parts.database().transaction() as session:
            found = None if not area else query.area_of(session, auth.actor(), area, Permission.SETUP_CHANGE)
            place = found[1] if found else query.partnership_of(session, auth.actor(), form["place"].data)
            done = service.change(
                session, auth.actor(), place, found[0] if found else None, asked,
                reason=reason, at=parts.at(), seen=form.seen.data or "", request_id=form.number_of_form(),
            )  # fmt: skip
            said, about = done.said, done.about
    except ChangedMeanwhile as changed:
        return _check(area, act, form, asked, changed=str(changed), status=409)
    except BadInput as refused:
        complain(form.reason, str(refused).rstrip("."))
        return _check(area, act, form, asked, status=422)
    flash(said)
    return redirect(url_for(".one", area=about), 303)


def _placed(form: AreaForm) -> bool:
    """Whether a new area says where it lies."""
    if "place" in form and form["place"].data not in {
        value for value, *_ in form["place"].iter_choices() if value
    }:
        complain(form["place"], "Choose the partnership")
        return False
    return True


def _offered(area: str, act: str, form: AreaForm) -> AreaForm:
    """The form with its choices."""
    with looking() as session:
        actor = auth.actor()
        kinds = query.BODY_KINDS if act == "add-body" else query.AREA_KINDS
        offer(form, "kind", tuple((str(kind), words) for kind, words in kinds.items()), "")
        if not area:
            offer(form, "place", query.places(session, actor), "Choose one")
            return form
        found, _ = query.area_of(session, actor, area, Permission.SETUP_CHANGE)
        bodies = query.could_take_part(session, found, parts.today())
        offer(form, "successor", bodies, "None")
        offer(form, "body", bodies if act == "add-body" else query.taking_part(session, found), "Choose one")
    return form


def _named(area: str) -> Area | None:
    if not area:
        return None
    with looking() as session:
        return query.area_of(session, auth.actor(), area, Permission.SETUP_CHANGE)[0]


def _form(
    area: str, act: str, form: AreaForm, extra: tuple[dict[str, str], ...] = (), *, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "areas/form.html",
        area=_named(area),
        title=TITLES[act],
        form=form,
        action=_to("check", area, act),
        errors=web.problems(form, extra=extra) if status != 200 else (),
    ), status


def _check(
    area: str, act: str, form: AreaForm, asked: AreaChange, *, changed: str = "", status: int = 200
) -> ResponseReturnValue:
    with looking() as session:
        actor = auth.actor()
        found = query.area_of(session, actor, area, Permission.SETUP_CHANGE) if area else None
        place = found[1] if found else query.partnership_of(session, actor, form["place"].data)
        outlook: AreaOutlook = service.foresee(session, place, found[0] if found else None, asked)
        touched = query.touched(session, actor, outlook)
    if outlook.faults:
        return _form(area, act, form, tuple(dict(each) for each in form.tell(outlook.faults)), status=422)
    form.seen.data = outlook.mark
    anew(form, status)
    return render_template(
        "areas/check.html",
        area=found[0] if found else None,
        act=act,
        title=TITLES[act],
        form=form,
        said=outlook.said,
        touched=touched,
        back_to=_to("ask", area, act),
        again=_to("check", area, act),
        action=_to("save", area, act),
        changed=changed,
        errors=web.problems(form) if status == 422 else (),
    ), status


def _to(step: str, area: str, act: str) -> str:
    return url_for(f".{step}", area=area, act=act) if area else url_for(f".{step}_new")
