"""Passing an application on to every relevant body."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.forms.asb import PassOnForm
from tracker.forms.facts import offered
from tracker.policy import Permission
from tracker.queries import threshold_page
from tracker.queries.looking import looking
from tracker.queries.review_page import Frame
from tracker.routes import opening, reviewing
from tracker.routes.incidents import box, framed
from tracker.services import pass_ons

bp = Blueprint("pass_ons", __name__, url_prefix="/cases/<string:reference>/pass-ons")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """Every relevant body, and how it got the application."""
    frame, today = framed(reference), parts.today()
    form = PassOnForm(formdata=None, data={"on": box(today)})
    reviewing.fresh(form, frame)
    return _page(frame, form)


@bp.post("")
@auth.needs(Permission.CASE_RECORD)
def record(reference: str) -> ResponseReturnValue:
    """It went to some of them."""
    frame = framed(reference)
    form = _offered(frame, PassOnForm())
    said = form.said(parts.today())
    if said is not None:
        answer = reviewing.saved(
            frame, form,
            lambda session, case: pass_ons.pass_on(session, auth.actor(), case, said, at=parts.at()),
            "It is recorded that the application went on.", url_for(".show", reference=reference),
        )  # fmt: skip
        if answer is not None:
            return answer
    return _page(frame, form, status=422)


def _offered(frame: Frame, form: PassOnForm) -> PassOnForm:
    """The form with the bodies to choose from."""
    with looking() as session:
        bodies = threshold_page.bodies(session, frame.case)
    form.bodies.choices = offered(tuple((body.key, body.name) for body in bodies))
    return form


def _page(frame: Frame, form: PassOnForm, *, status: int = 200) -> ResponseReturnValue:
    with looking() as session:
        bodies = threshold_page.bodies(session, frame.case)
    _offered(frame, form)
    if status == 200:
        form.bodies.data = [body.key for body in bodies if not body.went]
    return reviewing.page(
        "asb/pass_ons.html", frame, "pass-ons", form, status=status, bodies=bodies,
        missing=[body for body in bodies if not body.went],
    )  # fmt: skip
