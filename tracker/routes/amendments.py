"""What went to the Home Office, what its letters answered, and the amendments that they ask for."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.forms.facts import complain
from tracker.forms.reviews import AmendmentForm, plain
from tracker.models import Amendment
from tracker.policy import Permission
from tracker.queries import review_page
from tracker.queries.looking import looking
from tracker.queries.review_page import Frame
from tracker.routes import opening, reviewing
from tracker.services import amendments
from tracker.services.amendments import Point
from workflows.traces import in_words

bp = Blueprint("amendments", __name__, url_prefix="/cases/<string:reference>/amendments")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """Every submission with its letter, and every amendment."""
    frame = reviewing.framed(reference, of_a_death=True)
    with looking() as session:
        submissions = review_page.submissions(session, frame.case)
        points = review_page.points(session, frame.case)
    return reviewing.page(
        "reviews/amendments.html", frame, "amendments", submissions=submissions, points=points,
        latest=len(submissions), answered=bool(submissions and submissions[0].letter_on),
    )  # fmt: skip


@bp.get("/add")
@auth.needs(Permission.CASE_RECORD)
def new(reference: str) -> ResponseReturnValue:
    """The form for one more point of the latest letter."""
    return _show(reference, None)


@bp.post("/add")
@auth.needs(Permission.CASE_RECORD)
def add(reference: str) -> ResponseReturnValue:
    """Add a point of the latest letter."""
    return _save(reference, None)


@bp.get("/<string:number>")
@auth.needs(Permission.CASE_RECORD)
def one(reference: str, number: str) -> ResponseReturnValue:
    """What became of a point of the latest letter?"""
    return _show(reference, reviewing.counted(number))


@bp.post("/<string:number>")
@auth.needs(Permission.CASE_RECORD)
def change(reference: str, number: str) -> ResponseReturnValue:
    """Say what became of a point of the latest letter."""
    return _save(reference, reviewing.counted(number))


def _show(reference: str, number: int | None) -> ResponseReturnValue:
    frame = reviewing.framed(reference, of_a_death=True)
    form = _opened(frame, number)
    reviewing.fresh(form, frame)
    return reviewing.page("reviews/amendment.html", frame, "amendments", form, number=number)


def _opened(frame: Frame, number: int | None) -> AmendmentForm:
    """The form with what is recorded of a point now."""
    known = _known(frame, number) if number else None
    data = {
        "text": known.text if known else "",
        "assigned": known.assigned if known else "",
        "response": known.response if known else "",
        "resolved_on": in_words(known.resolved_on) if known and known.resolved_on else "",
    }
    return AmendmentForm(formdata=None, data=data)


def _save(reference: str, number: int | None) -> ResponseReturnValue:
    frame, form = reviewing.framed(reference, of_a_death=True), AmendmentForm()
    if number:
        _known(frame, number)
    on = form.day_in("resolved_on", parts.today(), needed=False)
    if not plain(form.text.data):
        complain(form.text, "Enter what the letter asks for")
    if on and not plain(form.response.data):
        complain(form.response, "Say what was changed, or why not")
    if not any(field.errors for field in form):
        point = Point(plain(form.text.data), plain(form.assigned.data), plain(form.response.data), on)
        answer = reviewing.saved(
            frame, form,
            lambda session, case: amendments.save(
                session, auth.actor(), case, number, point,
                seen_version=form.seen(), request_id=form.number_of_form(), at=parts.at(),
            ),
            "The amendment is recorded.", url_for(".show", reference=reference),
            now=(lambda: _opened(frame, number)) if number else None,
        )  # fmt: skip
        if answer is not None:
            return answer
    return reviewing.page("reviews/amendment.html", frame, "amendments", form, status=422, number=number)


def _known(frame: Frame, number: int) -> Amendment:
    with looking() as session:
        points = review_page.points(session, frame.case)
    latest = frame.case.facts.get("submission_no")
    found = next((row for row in points if row.number == number and row.submission_no == latest), None)
    return found or abort(404)
