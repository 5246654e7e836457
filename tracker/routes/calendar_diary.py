"""The statutory diary: what each partnership itself owes, and the record of what it did."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, NotVisible
from tracker.forms.calendar_duties import DutyForm
from tracker.forms.calendar_filters import asked_day
from tracker.forms.facts import complain
from tracker.policy import Permission
from tracker.queries import calendar_diary
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.routes.calendar_pages import places
from tracker.services import duties

bp = Blueprint("calendar_diary", __name__, url_prefix="/calendar/diary")


@bp.get("")
@auth.needs(Permission.WORK_READ)
def show() -> ResponseReturnValue:
    """Every duty with its date; gaps first."""
    with looking() as session:
        found = calendar_diary.diaries(session, auth.actor(), parts.today())
    return render_template(
        "calendar/diary.html", subnav=places("diary"), diaries=found, notice=opening.notice()
    )


@bp.get("/<string:place>/done")
@auth.needs(Permission.CASE_LOG)
def ask(place: str) -> ResponseReturnValue:
    """What was done, and when?"""
    return _page(place, DutyForm(formdata=None))


@bp.post("/<string:place>/done")
@auth.needs(Permission.CASE_LOG)
def record(place: str) -> ResponseReturnValue:
    """Record it."""
    form = DutyForm()
    on = form.day(parts.today())
    if on is None:
        return _page(place, form, status=422)
    try:
        with parts.database().transaction() as session:
            partnership = access.partnership_for(session, auth.actor(), place, Permission.CASE_LOG)
            duties.record(
                session,
                auth.actor(),
                partnership,
                form.duty.data,
                on,
                form.location.data or "",
                at=parts.at(),
            )
    except BadInput as refused:
        about = form.location if str(refused).startswith("Where") else form.done_on
        complain(about, str(refused).rstrip("."))
        return _page(place, form, status=422)
    flash("It is recorded.")
    return redirect(url_for(".show"), 303)


@bp.post("/<string:place>/<string:duty>/<string:on>/mistake")
@auth.needs(Permission.CASE_LOG)
def remove(place: str, duty: str, on: str) -> ResponseReturnValue:
    """It was recorded by mistake."""
    day = asked_day({"on": on}, "on")
    if day is None:
        raise NotVisible("There is no such record.")
    with parts.database().transaction() as session:
        partnership = access.partnership_for(session, auth.actor(), place, Permission.CASE_LOG)
        duties.remove(session, auth.actor(), partnership, duty, day, at=parts.at())
    flash("It is taken out.")
    return redirect(url_for(".show"), 303)


def _page(place: str, form: DutyForm, *, status: int = 200) -> ResponseReturnValue:
    with looking() as session:
        name = access.partnership_for(session, auth.actor(), place, Permission.CASE_LOG).name
    return render_template(
        "calendar/duty_done.html",
        subnav=places("diary"),
        place=place,
        name=name,
        form=form,
        errors=web.problems(form) if status != 200 else (),
    ), status
