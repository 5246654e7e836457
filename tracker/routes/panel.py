"""The panel of a review: by agency and role."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.forms.facts import complain, offered
from tracker.forms.reviews import LeaveForm, SeatForm, plain
from tracker.policy import Permission
from tracker.queries import review_page
from tracker.queries.looking import looking
from tracker.queries.review_page import Frame, SeatShown
from tracker.routes import opening, reviewing
from tracker.services import panel
from tracker.services.panel import PARTS, Seat

bp = Blueprint("panel", __name__, url_prefix="/cases/<string:reference>/panel")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """Who sits on the panel, who sat on it, and which listed body has nobody."""
    frame = reviewing.framed(reference, of_a_death=True)
    form = _offered(frame, SeatForm(formdata=None))
    reviewing.fresh(form, frame)
    return _page(frame, form)


@bp.post("")
@auth.needs(Permission.CASE_RECORD)
def seat(reference: str) -> ResponseReturnValue:
    """Give somebody a place."""
    frame = reviewing.framed(reference, of_a_death=True)
    form = _offered(frame, SeatForm())
    on = form.day_in("from_on", parts.today())
    if not plain(form.role_title.data):
        complain(form.role_title, "Enter the role, not the name")
    if form.part.data not in set(PARTS):
        complain(form.part, "Choose the part on the panel")
    if on is not None and not any(field.errors for field in form):
        asked = Seat(
            role_title=plain(form.role_title.data), part=form.part.data, from_on=on,
            organisation=form.organisation.data or "", independent=not form.not_independent.data,
            managed_the_case=bool(form.managed_the_case.data),
        )  # fmt: skip
        answer = reviewing.saved(
            frame, form,
            lambda session, case: panel.seat(
                session, auth.actor(), case, asked,
                seen_version=form.seen(), request_id=form.number_of_form(), at=parts.at(),
            ),
            "The panel member is recorded.", url_for(".show", reference=reference),
        )  # fmt: skip
        if answer is not None:
            return answer
    return _page(frame, form, status=422)


@bp.get("/<string:line>/leave")
@auth.needs(Permission.CASE_RECORD)
def ask(reference: str, line: str) -> ResponseReturnValue:
    """When did they leave?"""
    frame, form = reviewing.framed(reference, of_a_death=True), LeaveForm(formdata=None)
    reviewing.fresh(form, frame)
    return reviewing.page(
        "reviews/leave.html", frame, "panel", form, seat=_seat(frame, reviewing.counted(line))
    )


@bp.post("/<string:line>/leave")
@auth.needs(Permission.CASE_RECORD)
def leave(reference: str, line: str) -> ResponseReturnValue:
    """End somebody's place."""
    frame, form = reviewing.framed(reference, of_a_death=True), LeaveForm()
    found = _seat(frame, reviewing.counted(line))
    on = form.day_in("to_on", parts.today())
    if on is not None:
        answer = reviewing.saved(
            frame, form,
            lambda session, case: panel.leave(
                session, auth.actor(), case, found.line, on, why=plain(form.why.data),
                seen_version=form.seen(), request_id=form.number_of_form(), at=parts.at(),
            ),
            "The place on the panel has ended.", url_for(".show", reference=reference),
        )  # fmt: skip
        if answer is not None:
            return answer
    return reviewing.page("reviews/leave.html", frame, "panel", form, status=422, seat=found)


def _seat(frame: Frame, line: int) -> SeatShown:
    with looking() as session:
        found = review_page.seats(session, frame.case, parts.today())
    return next((seat for seat in found if seat.line == line and seat.to_on is None), None) or abort(404)


def _offered(frame: Frame, form: SeatForm) -> SeatForm:
    """The form with the bodies and the parts to choose from."""
    with looking() as session:
        bodies = review_page.bodies(session, frame.case, parts.today())
    form.organisation.choices = offered((("", "None of these"), *bodies))
    form.part.choices = offered(tuple((str(part), words) for part, words in PARTS.items()))
    return form


def _page(frame: Frame, form: SeatForm, *, status: int = 200) -> ResponseReturnValue:
    today = parts.today()
    with looking() as session:
        seats = review_page.seats(session, frame.case, today)
        missing = review_page.unseated(session, frame.case, today)
    return reviewing.page(
        "reviews/panel.html", frame, "panel", form, status=status, missing=missing,
        sitting=[seat for seat in seats if seat.to_on is None], left=[seat for seat in seats if seat.to_on],
    )  # fmt: skip
