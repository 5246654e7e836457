"""Letters that did not go through the tracker: written and sent outside it, or not sent to one of several."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.errors import NotVisible
from tracker.forms.letters import OutsideForm, WaiverForm
from tracker.models import Case, Letter
from tracker.policy import Permission
from tracker.queries import letters
from tracker.queries.letter_writing import Writing
from tracker.queries.looking import looking
from tracker.queries.review_page import Frame
from tracker.routes import opening, reviewing
from tracker.routes.letters import box, done, framed, page, writing_of
from tracker.services import letter_sending
from tracker.services.letter_parties import Party
from tracker.services.letter_waivers import waive
from workflows.letters import Channel

bp = Blueprint("letters_outside", __name__, url_prefix="/cases/<string:reference>/letters")
bp.before_request(opening.canonical)


@bp.get("/outside/<string:code>/<string:to>")
@auth.needs(Permission.CASE_RECORD)
def ask(reference: str, code: str, to: str) -> ResponseReturnValue:
    """The form of a letter that was written and sent outside the tracker."""
    frame = framed(reference)
    found = writing_of(frame, code, to, Channel.EMAIL)
    form = OutsideForm(formdata=None)
    reviewing.fresh(form, frame)
    form.label.data, form.sent_on.data = found.label, box(parts.today())
    form.instance.data, form.organisation.data = found.instance, found.body
    return _page(frame, found, form)


@bp.post("/outside/<string:code>/<string:to>")
@auth.needs(Permission.CASE_RECORD)
def record(reference: str, code: str, to: str) -> ResponseReturnValue:
    """Record it: it counts as sent."""
    frame = framed(reference)
    found = writing_of(frame, code, to, Channel.EMAIL)
    form = OutsideForm()
    form.fit(found.bodies, found.relatives, found.channels, found.which)
    asked = form.asked(found.kind, found.to, parts.today())
    if asked is None:
        return _page(frame, found, form, status=422)

    def act(session: Any, case: Case) -> Letter:
        return letter_sending.send_outside(session, auth.actor(), case, asked, at=parts.at())

    said = "The letter is recorded as sent."
    return done(frame, form, act, said) or _page(frame, found, form, status=422)


@bp.get("/not-sent/<string:code>/<string:to>")
@auth.needs(Permission.CASE_RECORD)
def ask_waiver(reference: str, code: str, to: str) -> ResponseReturnValue:
    """Why does one of those whom it must reach not get it?"""
    frame = framed(reference)
    found = writing_of(frame, code, to, Channel.EMAIL)
    form = WaiverForm(formdata=None)
    reviewing.fresh(form, frame)
    return _waiver_page(frame, found, _party(frame, found), form)


@bp.post("/not-sent/<string:code>/<string:to>")
@auth.needs(Permission.CASE_RECORD)
def waiver(reference: str, code: str, to: str) -> ResponseReturnValue:
    """Record the reason: nobody waits for that letter any more."""
    frame = framed(reference)
    found = writing_of(frame, code, to, Channel.EMAIL)
    party, form = _party(frame, found), WaiverForm()

    def act(session: Any, case: Case) -> Letter:
        asked = form.asked(found.kind, found.to, party.whom)
        return waive(session, auth.actor(), case, asked, at=parts.at())

    said = "It is recorded why they do not get this letter."
    return done(frame, form, act, said) or _waiver_page(frame, found, party, form, status=422)


def _party(frame: Frame, found: Writing) -> Party:
    """The one whom the address means, as long as they wait for it.

    Raises:
        NotVisible: nobody waits for it there.
    """
    with looking() as session:
        missing = letters.missing(session, frame.case, found.kind)
    whom = found.instance or found.body
    party = next((each for each in missing if (each.to, each.whom) == (found.to, whom)), None)
    if party is None:
        raise NotVisible("Nobody waits for such a letter on this case.")
    return party


def _page(frame: Frame, found: Writing, form: OutsideForm, *, status: int = 200) -> ResponseReturnValue:
    if status == 200:
        form.fit(found.bodies, found.relatives, found.channels, found.which)
    return page("letters/outside.html", frame, form, status=status, writing=found)


def _waiver_page(
    frame: Frame, found: Writing, party: Party, form: WaiverForm, *, status: int = 200
) -> ResponseReturnValue:
    return page("letters/waiver.html", frame, form, status=status, writing=found, party=party)
