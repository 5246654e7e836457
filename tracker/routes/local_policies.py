"""Local procedures: every version with its dates, one in words, a new one with what it does, a last day."""

from datetime import date

from flask import Blueprint, abort, flash, get_flashed_messages, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile, NotPossible
from tracker.forms.facts import complain
from tracker.forms.local_policies import EndForm, VersionForm, WhereForm, filled, version_form
from tracker.models import LocalPolicy
from tracker.policy import Permission
from tracker.queries import local_policies as query
from tracker.queries import policy_conflicts
from tracker.queries.local_policies import Place
from tracker.queries.looking import looking
from tracker.services import policy_versions as service
from tracker.services import policy_words as words
from tracker.services.policy_checks import Fault, Known, known_to
from tracker.services.policy_files import Version
from workflows.traces import in_words

bp = Blueprint("local_policies", __name__, url_prefix="/policies")
_ONE = "/<string:partnership>/<string:process>/<string:area>/<string:first>"
_NEW = "/new/<string:partnership>/<string:process>/<string:area>"


@bp.get("")
@auth.needs(Permission.POLICY_READ)
def show() -> ResponseReturnValue:
    """Every version."""
    with looking() as session:
        page = query.policies_page(session, auth.actor(), parts.today())
    return render_template("policies/policies.html", page=page, notice=next(iter(get_flashed_messages()), ""))


@bp.get(_ONE)
@auth.needs(Permission.POLICY_READ)
def one(partnership: str, process: str, area: str, first: str) -> ResponseReturnValue:
    """One version in words."""
    with looking() as session:
        page = query.policy_page(
            session, auth.actor(), partnership, process, area, _day(first), parts.today()
        )
    return render_template("policies/policy.html", page=page, notice=next(iter(get_flashed_messages()), ""))


@bp.get("/new")
@auth.needs(Permission.POLICY_EDIT)
def where() -> ResponseReturnValue:
    """For whom and for what?"""
    with looking() as session:
        places = query.places(session, auth.actor(), parts.today())
    offers = {"/".join(one.address.values()): one for one in places}
    form = WhereForm(request.args).offer(
        tuple((key, f"{one.title}: {one.where}") for key, one in offers.items())
    )
    if "place" not in request.args:
        return render_template("policies/where.html", form=form)
    chosen = offers.get(form.place.data or "")
    if chosen is None:
        complain(form.place, "Choose for whom and for what")
        return web.redrawn("policies/where.html", form)
    return redirect(url_for(".ask", partnership=chosen.partnership, process=chosen.process, area=chosen.area))


@bp.get(_NEW)
@auth.needs(Permission.POLICY_EDIT)
def ask(partnership: str, process: str, area: str) -> ResponseReturnValue:
    """The form, filled in with the last version of the same place; ``from`` names the one that is to be put right."""
    place, known = _place(partnership, process, area)
    actor = auth.actor()
    with looking() as session:
        if "from" in request.args:
            first = _day(request.args["from"])
            row: LocalPolicy | None = query.found(session, actor, partnership, process, area, first)[0]
        else:
            row = query.latest(session, actor, place)
        empty = Version(partnership=partnership, name="", effective_from=parts.today())
        begin, mark = service.version_of(row, partnership) if row else empty, service.mark_of(row)
    data = filled(begin, known)
    if "from" not in request.args:
        data |= dict.fromkeys(
            ("name", "effective_from", "effective_to", "published_on", "notes",
             "policing_body_consulted_on", "landlords_consulted_on"), "",
        )  # fmt: skip
    form = version_form(known)(formdata=None, data=data)
    form.begin(mark)
    return _form(place, form)


@bp.get(f"{_NEW}/check")
@auth.needs(Permission.POLICY_EDIT)
def back(partnership: str, process: str, area: str) -> ResponseReturnValue:
    """Somebody opened the address of check answers: there are none yet, so to the form."""
    return redirect(url_for(".ask", partnership=partnership, process=process, area=area))


@bp.post(f"{_NEW}/check")
@auth.needs(Permission.POLICY_EDIT)
def check(partnership: str, process: str, area: str) -> ResponseReturnValue:
    """The version in words, and what it does; or the form again with one more date open. Nothing is saved."""
    place, known = _place(partnership, process, area)
    form = version_form(known)()
    if "change" in request.form or "open" in request.form:
        return _form(place, form)
    version = form.read(known, partnership, query.area_key(area))
    if version is None:
        return _form(place, form, status=422)
    return _check(place, form, version)


@bp.post(_NEW)
@auth.needs(Permission.POLICY_EDIT)
def add(partnership: str, process: str, area: str) -> ResponseReturnValue:
    """Enter the version. What it ends or puts right must still be what was shown."""
    place, known = _place(partnership, process, area)
    form = version_form(known)()
    version = form.read(known, partnership, query.area_key(area))
    if version is None:
        return _form(place, form, status=422)
    try:
        with parts.database().transaction() as session:
            service.add(session, auth.actor(), version, at=parts.at(), seen=form.seen.data or "")
    except BadInput:
        return _check(place, form, version)  # says it at its field
    except ChangedMeanwhile as changed:
        return _check(place, form, version, changed=str(changed), status=409)
    flash(f"“{version.name}” is entered. It moves no date that is already running.")
    return redirect(_of(place, version.effective_from), 303)


@bp.get(f"{_ONE}/end")
@auth.needs(Permission.POLICY_EDIT)
def ask_end(partnership: str, process: str, area: str, first: str) -> ResponseReturnValue:
    """On which day does it end?"""
    return _ending(_place(partnership, process, area)[0], _day(first), EndForm(formdata=None))


@bp.post(f"{_ONE}/end")
@auth.needs(Permission.POLICY_EDIT)
def end(partnership: str, process: str, area: str, first: str) -> ResponseReturnValue:
    """Give the version its last day."""
    place, form, actor, began = _place(partnership, process, area)[0], EndForm(), auth.actor(), _day(first)
    last = form.day()
    if last is None:
        return _ending(place, began, form, status=422)
    try:
        with parts.database().transaction() as session:
            row, _ = query.found(session, actor, partnership, process, area, began)
            service.end(session, actor, row, last, at=parts.at(), seen=form.seen.data or "")
            name = row.name
    except ChangedMeanwhile as changed:
        return _ending(place, began, form, changed=str(changed), status=409)
    except (BadInput, NotPossible) as refused:
        complain(form.last_on, str(refused).rstrip("."))
        return _ending(place, began, form, status=422)
    flash(f"“{name}” ends on {in_words(last)}. Cases that took it keep it.")
    return redirect(_of(place, began), 303)


def _of(place: Place, first: date) -> str:
    """The address of a version."""
    return url_for(
        ".one", partnership=place.partnership, process=place.process, area=place.area, first=first.isoformat()
    )


def _place(partnership: str, process: str, area: str) -> tuple[Place, Known]:
    with looking() as session:
        place = query.place_of(session, auth.actor(), partnership, process, area, parts.today())
    known = known_to(process, parts.today())
    if known is None:
        abort(404)
    return place, known


def _form(
    place: Place, form: VersionForm, extra: tuple[dict[str, str], ...] = (), *, status: int = 200
) -> ResponseReturnValue:
    opened = form.open_lengths(request.form.get("open", ""))
    return render_template(
        "policies/form.html",
        place=place,
        form=form,
        opened=opened,
        errors=web.problems(form, extra=extra) if status != 200 else (),
    ), status


def _check(
    place: Place, form: VersionForm, version: Version, *, changed: str = "", status: int = 200
) -> ResponseReturnValue:
    with looking() as session:
        seen = service.outlook(session, version)
        since = policy_conflicts.meanwhile(session, auth.actor(), place, form.begun.data or "", version)
    if seen.faults:
        return _faults(place, form, seen.faults)
    form.seen.data = seen.mark
    if since is not None:
        form.begin(since.mark)
        status = 409
    return render_template(
        "policies/check.html",
        place=place,
        version=version,
        form=form,
        in_force=words.in_force(version),
        effect=words.takes_effect(version),
        threshold=words.threshold(version),
        lengths=[said for said in words.lengths(version) if said.own],
        papers=words.papers(version),
        ends=seen.ends.name if seen.ends else "",
        replaces=seen.replaces.name if seen.replaces else "",
        changed=changed,
        since=since,
    ), status


def _faults(place: Place, form: VersionForm, found: tuple[Fault, ...]) -> ResponseReturnValue:
    return _form(place, form, tuple(dict(each) for each in form.tell(found)), status=422)


def _ending(
    place: Place, first: date, form: EndForm, *, changed: str = "", status: int = 200
) -> ResponseReturnValue:
    with looking() as session:
        page = query.policy_page(
            session, auth.actor(), place.partnership, place.process, place.area, first, parts.today()
        )
    if status != 422:
        form.seen.data = page.mark
    errors = web.problems(form) if status == 422 else ()
    return render_template("policies/end.html", page=page, form=form, changed=changed, errors=errors), status


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)
