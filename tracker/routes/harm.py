"""The harm assessment of an ASB application."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.forms.asb import HarmForm, harm_form
from tracker.policy import Permission
from tracker.queries import threshold_page
from tracker.queries.looking import looking
from tracker.queries.review_page import Frame
from tracker.routes import opening, reviewing
from tracker.routes.incidents import box, framed
from tracker.services import harm
from workflows.harm import questionnaire

bp = Blueprint("harm", __name__, url_prefix="/cases/<string:reference>/harm")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """The assessments so far, and the questions with the latest answers."""
    frame = framed(reference)
    form = _opened(frame)
    reviewing.fresh(form, frame)
    return _page(frame, form)


def _opened(frame: Frame) -> HarmForm:
    """The form with the latest answers."""
    with looking() as session:
        rows = threshold_page.harm(session, frame.case)
    known = {key: str(points) for key, points in rows[0].answers.items()} if rows else {}
    return harm_form(questionnaire())(formdata=None, data={**known, "assessed_on": box(parts.today())})


@bp.post("")
@auth.needs(Permission.CASE_RECORD)
def record(reference: str) -> ResponseReturnValue:
    """Record an assessment."""
    frame, form = framed(reference), harm_form(questionnaire())()
    said = form.said(parts.today(), questionnaire())
    if said is not None:
        answer = reviewing.saved(
            frame, form,
            lambda session, case: harm.assess(session, auth.actor(), case, said, at=parts.at()),
            "The harm assessment is recorded.", url_for(".show", reference=reference),
            now=lambda: _opened(frame),
        )  # fmt: skip
        if answer is not None:
            return answer
    return _page(frame, form, status=422)


def _page(frame: Frame, form: HarmForm, *, status: int = 200) -> ResponseReturnValue:
    with looking() as session:
        rows = threshold_page.harm(session, frame.case)
        highest = {row.number: threshold_page.highest(row) for row in rows}
    return reviewing.page(
        "asb/harm.html", frame, "harm", form, status=status, rows=rows, highest=highest,
        questions=[form[question.key] for question in questionnaire().questions],
    )  # fmt: skip
