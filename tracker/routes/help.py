"""Help, how dates are worked out, the accessibility statement and privacy: open to everybody."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.policy import Permission
from workflows import dates
from workflows.calendars import england_and_wales
from workflows.dates import Period, Suspension, Unit

bp = Blueprint("help", __name__)

PREPARED_ON = date(2026, 11, 22)
REVIEWED_ON = date(2026, 11, 22)
TESTED_ON = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """Something that does not meet the standard: which criterion, what to do instead, and what is planned."""

    what: str
    criterion: str
    instead: str
    plan: str


KNOWN_ISSUES = (
    KnownIssue(
        "Nobody who uses a screen reader, speech recognition or a keyboard alone every day has tried this service "
        "yet, so there may be faults that programs do not find.",
        "This could fail WCAG 2.2 success criteria 1.3.1 (info and relationships), 2.1.1 (keyboard) and 4.1.2 (name, "
        "role, value).",
        "If something does not work for you, ask the business unit for it in another form.",
        "People who use them are to try it before the service is used for real cases.",
    ),
    KnownIssue(
        "Text that agencies typed into their own plans is shown as they wrote it, and may be hard to read aloud: "
        "abbreviations, lists run together, words in capitals.",
        "This can fail WCAG 2.2 success criterion 1.3.1 (info and relationships).",
        "The business unit explains any action on request.",
        "New actions are written in sentences.",
    ),
)
"""The list behind the statement: taken off when put right, added to when found."""


@bp.get("/help")
@auth.needs(Permission.PUBLIC)
def show() -> ResponseReturnValue:
    """Whom to ask, and the questions asked most."""
    return render_template("help/help.html", contact=parts.settings().mail_from)


@bp.get("/help/dates")
@auth.needs(Permission.PUBLIC)
def how_dates_are_worked_out() -> ResponseReturnValue:
    """The conventions, and an example that the same code works out as every other date."""
    calendar = england_and_wales()
    example = dates.compute(
        date(2026, 4, 1),
        Period(20, Unit.WORKING_DAYS),
        calendar,
        suspensions=[Suspension(date(2026, 4, 8), date(2026, 4, 13))],
    )
    return render_template("help/dates.html", lines=example.trace, known_to=calendar.known_to)


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
