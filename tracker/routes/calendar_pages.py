"""The calendar: an agenda, a month, one day."""

from datetime import date

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.forms.calendar_filters import CalendarForm, asked_day, day_of
from tracker.forms.filters import page_of
from tracker.policy import Permission, may_knock
from tracker.queries import calendar_agenda
from tracker.queries.due_dates import horizon_for
from tracker.templating import NavItem

bp = Blueprint("calendar", __name__, url_prefix="/calendar")

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show() -> ResponseReturnValue:
    """The agenda, unless the address asks for a month or a day."""
    form = CalendarForm(request.args).fit(agency=auth.actor().organisation_id is not None)
    on = asked_day(request.args, "on")
    if on is not None:
        return _day(form, on)
    if request.args.get("view") == "month":
        return _month(form, day_of(request.args, "from", parts.today()).replace(day=1))
    return _agenda(form)


def places(here: str) -> tuple[NavItem, ...]:
    """The second level of navigation."""
    listed = (
        ("Agenda", url_for("calendar.show"), "agenda"),
        ("Month", url_for("calendar.show", view="month"), "month"),
        ("Statutory diary", url_for("calendar_diary.show"), "diary"),
        ("Subscribe", url_for("feeds.show"), "subscribe"),
    )
    return tuple(
        NavItem(text, href, current=here == name)
        for text, href, name in listed
        if name != "diary" or may_knock(auth.actor(), Permission.WORK_READ)
    )


def _agenda(form: CalendarForm) -> ResponseReturnValue:
    actor, today = auth.actor(), parts.today()
    start = day_of(request.args, "from", today)
    form.view.data = ""
    with parts.database().reading() as session:
        horizon = horizon_for(session, actor, today)
        found = calendar_agenda.agenda(
            session, actor, form.filters(), horizon, start=start, page=page_of(request.args)
        )
    asked = form.asked("/calendar")
    return render_template(
        "calendar/agenda.html",
        subnav=places("agenda"),
        agenda=found,
        filters=form.filters(),
        start=start if start > today else None,
        form=form,
        asked=asked,
        tags=form.tags(asked),
    )


def _month(form: CalendarForm, first: date) -> ResponseReturnValue:
    actor, today = auth.actor(), parts.today()
    form.view.data, form.start.data, form.due.data = "month", first.isoformat(), ""
    with parts.database().reading() as session:
        horizon = horizon_for(session, actor, today)
        found = calendar_agenda.month(session, actor, form.filters(), horizon, first)
    asked = form.asked("/calendar")
    return render_template(
        "calendar/month.html",
        subnav=places("month"),
        month=found,
        today=today,
        weekdays=WEEKDAYS,
        form=form,
        asked=asked,
        tags=form.tags(asked),
    )


def _day(form: CalendarForm, on: date) -> ResponseReturnValue:
    actor = auth.actor()
    form.view.data, form.start.data, form.due.data = "", "", ""
    with parts.database().reading() as session:
        horizon = horizon_for(session, actor, parts.today())
        found, paged = calendar_agenda.one_day(
            session, actor, form.filters(), horizon, on, page=page_of(request.args)
        )
    return render_template(
        "calendar/day.html",
        subnav=places(""),
        found=found,
        paged=paged,
        asked=form.asked("/calendar"),
    )
