"""Closed days: the list, a new one, one that was a mistake. Every date that moves is shown before anyone confirms."""

from datetime import date

from flask import Blueprint, abort, flash, get_flashed_messages, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.errors import BadInput
from tracker.forms.closed_days import DayOffForm, TakeOutForm
from tracker.forms.facts import complain
from tracker.policy import Permission
from tracker.queries import closed_days
from tracker.queries.looking import looking
from tracker.services import holidays
from workflows.traces import in_words

bp = Blueprint("closed_days", __name__, url_prefix="/closed-days")


@bp.get("")
@auth.needs(Permission.CLOSED_DAYS_READ)
def show() -> ResponseReturnValue:
    """Which days do not count."""
    with looking() as session:
        page = closed_days.days_page(session, auth.actor(), parts.today())
    return render_template("closed_days/days.html", days=page, notice=next(iter(get_flashed_messages()), ""))


@bp.get("/add")
@auth.needs(Permission.CLOSED_DAYS_CHANGE)
def ask() -> ResponseReturnValue:
    """The form."""
    return _form(DayOffForm(formdata=None))


@bp.get("/check")
@auth.needs(Permission.CLOSED_DAYS_CHANGE)
def back() -> ResponseReturnValue:
    """Somebody opened the address of the preview: there are no answers yet, so to the form."""
    return redirect(url_for(".ask"))


@bp.post("/check")
@auth.needs(Permission.CLOSED_DAYS_CHANGE)
def check() -> ResponseReturnValue:
    """Every open date that the day would move. Nothing is saved."""
    form, actor = DayOffForm(), auth.actor()
    with looking() as session:
        places = closed_days.places_for(session, actor)
        on = form.offer(places).read(places)
        if on is None:
            return _form(form, status=422)
        place = closed_days.place_of(session, actor, form.place.data or "")
        try:
            moved = holidays.foresee_adding(session, actor, on, form.called, place, at=parts.at())
        except BadInput as refused:
            complain(form.on, str(refused).rstrip("."))
            return _form(form, status=422)
        moves = closed_days.shown(session, actor, moved)
    whose = dict(places)[form.place.data or ""]
    return render_template("closed_days/check.html", on=on, place=whose, moves=moves, form=form)


@bp.post("")
@auth.needs(Permission.CLOSED_DAYS_CHANGE)
def add() -> ResponseReturnValue:
    """Enter the day. What moves is worked out again: a case may have changed since the preview."""
    form, actor = DayOffForm(), auth.actor()
    with looking() as session:
        places = closed_days.places_for(session, actor)
    on = form.offer(places).read(places)
    if on is None:
        return _form(form, status=422)
    try:
        with parts.database().transaction() as session:
            place = closed_days.place_of(session, actor, form.place.data or "")
            moved = holidays.add(session, actor, on, form.called, place, at=parts.at())
    except BadInput as refused:
        complain(form.on, str(refused).rstrip("."))
        return _form(form, status=422)
    flash(f"{in_words(on)} is entered. {_moved(len(moved))}")
    return redirect(url_for(".show"), 303)


@bp.get("/<string:place>/<string:day>")
@auth.needs(Permission.CLOSED_DAYS_CHANGE)
def ask_removing(place: str, day: str) -> ResponseReturnValue:
    """What taking the day out would move."""
    return _removing(place, day, TakeOutForm(formdata=None))


@bp.post("/<string:place>/<string:day>")
@auth.needs(Permission.CLOSED_DAYS_CHANGE)
def remove(place: str, day: str) -> ResponseReturnValue:
    """Take the day out."""
    form, actor, on = TakeOutForm(), auth.actor(), _day(day)
    reason = form.why()
    if not reason:
        return _removing(place, day, form, status=422)
    try:
        with parts.database().transaction() as session:
            whose = closed_days.place_of(session, actor, place)
            moved = holidays.remove(session, actor, on, whose, reason=reason, at=parts.at())
    except BadInput:
        abort(404)  # somebody else took it out meanwhile
    flash(f"{in_words(on)} is taken out. {_moved(len(moved))}")
    return redirect(url_for(".show"), 303)


def _removing(place: str, day: str, form: TakeOutForm, *, status: int = 200) -> ResponseReturnValue:
    actor, on = auth.actor(), _day(day)
    with looking() as session:
        whose = closed_days.place_of(session, actor, place)
        entered = closed_days.entered_day(session, whose, on)
        if entered is None:
            abort(404)
        moves = closed_days.shown(session, actor, holidays.foresee_removing(session, actor, on, whose))
        name = entered.name
    return render_template(
        "closed_days/remove.html",
        on=on,
        name=name,
        place=place,
        moves=moves,
        form=form,
        errors=web.problems(form) if status != 200 else (),
    ), status


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)


def _form(form: DayOffForm, *, status: int = 200) -> ResponseReturnValue:
    with looking() as session:
        form.offer(closed_days.places_for(session, auth.actor()))
    return render_template(
        "closed_days/form.html", form=form, errors=web.problems(form) if status != 200 else ()
    ), status


def _moved(number: int) -> str:
    return "1 date moved." if number == 1 else f"{number or 'No'} dates moved."
