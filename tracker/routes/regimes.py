"""Taking a review over to another kind, where the law of the day says so."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.errors import NotPossible
from tracker.forms.facts import complain
from tracker.forms.reviews import RegimeForm, plain
from tracker.policy import Permission
from tracker.queries.review_page import Frame
from tracker.routes import opening, reviewing
from tracker.services import regimes

bp = Blueprint("regimes", __name__, url_prefix="/cases/<string:reference>/regime")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.REVIEW_KIND)
def show(reference: str) -> ResponseReturnValue:
    """Which kind of review is it, and why would it be another?"""
    frame, form = reviewing.framed(reference), RegimeForm(formdata=None)
    to = _other(frame)
    reviewing.fresh(form, frame)
    return reviewing.page("reviews/regime.html", frame, "regime", form, to=regimes.REGIMES[to])


@bp.post("")
@auth.needs(Permission.REVIEW_KIND)
def change(reference: str) -> ResponseReturnValue:
    """Take it over."""
    frame, form = reviewing.framed(reference), RegimeForm()
    to, on = _other(frame), form.day_in("on", parts.today())
    if not plain(form.reason.data):
        complain(form.reason, "Say why the kind of review changes")
    if on is not None and not any(field.errors for field in form):
        answer = reviewing.saved(
            frame, form,
            lambda session, case: regimes.change_regime(
                session, auth.actor(), case, to, plain(form.reason.data), on=on,
                in_force_from=parts.settings().dardr_in_force_from, seen_version=form.seen(),
                request_id=form.number_of_form(), at=parts.at(),
            ),
            f"This is now a review of another kind: {regimes.REGIMES[to]}.",
            url_for("cases.show", reference=reference),
        )  # fmt: skip
        if answer is not None:
            return answer
    return reviewing.page("reviews/regime.html", frame, "regime", form, status=422, to=regimes.REGIMES[to])


def _other(frame: Frame) -> str:
    """The kind that it can become.

    Raises:
        NotPossible: it cannot become another.
    """
    if frame.case.process not in regimes.REGIMES or frame.case.state not in regimes.CHANGEABLE:
        raise NotPossible("The kind of this case cannot change any more.")
    to = next(kind for kind in regimes.REGIMES if kind != frame.case.process)
    if to == "dardr" and parts.settings().dardr_in_force_from is None:
        raise NotPossible("Section 8A is not in force: every death is reviewed under section 9.")
    return to
