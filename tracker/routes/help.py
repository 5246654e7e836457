"""Help, how dates are worked out, the accessibility statement and privacy: open to everybody."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.forms.date_calculator import DateCalculatorForm
from tracker.forms.facts import complain
from tracker.known_issues import KNOWN_ISSUES
from tracker.policy import Permission
from tracker.terms import TERMS
from workflows import dates
from workflows.calendars import england_and_wales
from workflows.dates import DateRefused, Period, Suspension, Unit

bp = Blueprint("help", __name__)

PREPARED_ON = date(2026, 11, 22)
REVIEWED_ON = date(2026, 11, 22)
TESTED_ON = date(2026, 11, 22)


@bp.get("/help")
@auth.needs(Permission.PUBLIC)
def show() -> ResponseReturnValue:
    """Whom to ask, the questions asked most, and what the words on the pages mean."""
    return render_template("help/help.html", contact=parts.settings().mail_from, terms=TERMS)


@bp.get("/help/dates")
@auth.needs(Permission.PUBLIC)
def how_dates_are_worked_out() -> ResponseReturnValue:
    """The conventions, an example worked out by the code of every date, and for who is signed in a calculator."""
    calendar = england_and_wales()
    example = dates.compute(
        date(2026, 4, 1),
        Period(20, Unit.WORKING_DAYS),
        calendar,
        suspensions=[Suspension(date(2026, 4, 8), date(2026, 4, 13))],
    )
    form, errors = DateCalculatorForm(request.args or None), []
    lines: tuple[dates.Line, ...] = ()
    if auth.visit() is not None and "n" in request.args:
        asked = form.read()
        try:
            lines = dates.compute(asked[0], asked[1], calendar).trace if asked else ()
        except DateRefused as refused:
            complain(form.n, str(refused))
        errors = web.problems(form)
    page = render_template(
        "help/dates.html",
        lines=example.trace,
        known_to=calendar.known_to,
        form=form if auth.visit() else None,
        worked=lines,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.get("/accessibility")
@auth.needs(Permission.PUBLIC)
def accessibility() -> ResponseReturnValue:
    """The statement of regulation 8, SI 2018/952, in the words of the government's model."""
    settings = parts.settings()
    return render_template(
        "help/accessibility.html",
        issues=KNOWN_ISSUES,
        address=settings.base_url,
        contact=settings.mail_from,
        prepared_on=PREPARED_ON,
        reviewed_on=REVIEWED_ON,
        tested_on=TESTED_ON,
    )


@bp.get("/privacy")
@auth.needs(Permission.PUBLIC)
def privacy() -> ResponseReturnValue:
    """What is kept about the people who use the service."""
    settings = parts.settings()
    return render_template(
        "help/privacy.html", contact=settings.mail_from, idle_minutes=settings.idle_minutes
    )
