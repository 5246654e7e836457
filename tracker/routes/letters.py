"""The letters of a case: the list, a new one, its text, its check, its sending, its coming back.

What goes out past the tracker, or to somebody not at all, is in :mod:`tracker.routes.letter_outside`.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile, NotPossible, NotVisible
from tracker.forms.late_reasons import SaysLate
from tracker.forms.letters import (
    CheckForm,
    DraftForm,
    LetterForm,
    PlainForm,
    ReturnForm,
    SendForm,
    draft_form,
)
from tracker.models import Case, Letter
from tracker.policy import Permission, may_knock
from tracker.queries import case_page, letters
from tracker.queries.letter_writing import Writing, writing
from tracker.queries.letters import LetterShown
from tracker.queries.looking import looking
from tracker.queries.review_page import Frame
from tracker.routes import opening, reviewing
from tracker.routes.case_navigation import navigation
from tracker.routes.conflict import changed
from tracker.services import letter_sending
from tracker.services import letters as service
from tracker.services.lookups import note_file
from workflows.letters import Channel, LetterState, To

bp = Blueprint("letters", __name__, url_prefix="/cases/<string:reference>/letters")
bp.before_request(opening.canonical)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("")
@auth.needs(Permission.LETTER_READ)
def show(reference: str) -> ResponseReturnValue:
    """Every letter, what the next steps wait for, and the letters that can be written."""
    frame, actor = framed(reference), auth.actor()
    with looking() as session:
        rows = letters.listed(session, frame.case)
        wanted = letters.needed(session, actor, frame.case, parts.today())
    return page(
        "letters/letters.html", frame, rows=rows,
        wanted=[each for each in wanted if each.usual], kinds=letters.kinds_shown(frame.case, wanted),
        templates=may_knock(actor, Permission.LETTER_TEMPLATES),
    )  # fmt: skip


@bp.get("/new/<string:code>/<string:to>")
@auth.needs(Permission.CASE_RECORD)
def ask(reference: str, code: str, to: str) -> ResponseReturnValue:
    """The form of a new letter, with what the tracker knows filled in."""
    frame = framed(reference)
    found = writing_of(frame, code, to, Channel.EMAIL)
    form = draft_form(found.kind)(formdata=None)
    reviewing.fresh(form, frame)
    form.label.data, form.letter_on.data = found.label, box(parts.today())
    for name, words in found.begun.items():
        form[f"prose_{name}"].data = words
    form.instance.data, form.organisation.data = found.instance, found.body
    replaced = request.args.get("instead", "")
    if replaced.isdigit() and len(replaced) < 5:
        form.replaces.data = replaced
        _take_over(frame, f"{code}-{replaced}", form)
    return _draft_page(frame, found, form)


@bp.post("/new/<string:code>/<string:to>")
@auth.needs(Permission.CASE_RECORD)
def draft(reference: str, code: str, to: str) -> ResponseReturnValue:
    """Draft it."""
    frame = framed(reference)
    found = writing_of(frame, code, to, Channel.EMAIL)
    form = draft_form(found.kind)()
    form.fit(found.bodies, found.relatives, found.channels, found.which)
    asked = form.asked(found.kind, found.to)
    if asked is None:
        return _draft_page(frame, found, form, status=422)

    def act(session: Any, case: Case) -> Letter:
        return service.draft(session, auth.actor(), case, asked, at=parts.at())

    return done(frame, form, act, "The letter is drafted. Read it, then check it.") or _draft_page(
        frame, found, form, status=422
    )


@bp.get("/<string:name>")
@auth.needs(Permission.LETTER_READ)
def letter(reference: str, name: str) -> ResponseReturnValue:
    """What the letter says, and what can be done with it."""
    frame = framed(reference)
    form = PlainForm(formdata=None)
    reviewing.fresh(form, frame)
    return _letter_page(frame, _shown(frame, name), form)


@bp.get("/<string:name>/file")
@auth.needs(Permission.LETTER_READ)
def file(reference: str, name: str) -> ResponseReturnValue:
    """The letter as a Word file. That it was taken is recorded."""
    frame = framed(reference)
    found = _shown(frame, name)
    if found.letter.document is None:
        raise NotVisible("This letter was written outside the tracker: there is no file here.")
    with parts.database().transaction() as session:
        note_file(session, auth.actor(), f"letter-{found.row.name}", (frame.case.reference,), at=parts.at())
    opening.note_view(frame.case)
    return as_file(found.letter.document, f"{frame.case.reference}-{found.row.name}.docx")


@bp.get("/<string:name>/check")
@auth.needs(Permission.CASE_RECORD)
def ask_check(reference: str, name: str) -> ResponseReturnValue:
    """The letter to read, with every passage that somebody wrote and whose data it may repeat."""
    frame = framed(reference)
    form = CheckForm(formdata=None)
    reviewing.fresh(form, frame)
    return _check_page(frame, _shown(frame, name, LetterState.DRAFTED), form)


@bp.post("/<string:name>/check")
@auth.needs(Permission.CASE_RECORD)
def check(reference: str, name: str) -> ResponseReturnValue:
    """Somebody read it, for other people's data too, and it may go out."""
    frame, form = framed(reference), CheckForm()
    found = _shown(frame, name)

    def act(session: Any, case: Case) -> Letter:
        row = letters.letter_named(session, case, name)
        return service.check(
            session, auth.actor(), case, row, form.seen(), at=parts.at(), read_for_others=form.read()
        )

    words = "The letter is checked. Send it yourself, then record it here."
    return done(frame, form, act, words) or _check_page(frame, found, form, status=422)


@bp.post("/<string:name>/given-up")
@auth.needs(Permission.CASE_RECORD)
def cancel(reference: str, name: str) -> ResponseReturnValue:
    """It is not sent after all."""
    return _plain(reference, name, service.cancel, "The letter is given up.")


@bp.get("/<string:name>/sent")
@auth.needs(Permission.CASE_RECORD)
def ask_sent(reference: str, name: str) -> ResponseReturnValue:
    """How did it go?"""
    frame = framed(reference)
    found = _shown(frame, name, LetterState.CHECKED)
    form = SendForm(formdata=None).offer(To(found.letter.recipient))
    reviewing.fresh(form, frame)
    form.sent_on.data = box(parts.today())
    form.channel.data, form.form.data = found.letter.channel, found.letter.accessible_format
    return page("letters/sent.html", frame, form, shown=found)


@bp.post("/<string:name>/sent")
@auth.needs(Permission.CASE_RECORD)
def sent(reference: str, name: str) -> ResponseReturnValue:
    """Record that it went out, with what that means for the case."""
    frame = framed(reference)
    found = _shown(frame, name)
    form = SendForm().offer(To(found.letter.recipient))
    asked = form.asked(parts.today())
    if asked is None:
        return page("letters/sent.html", frame, form, shown=found, status=422)

    def act(session: Any, case: Case) -> Letter:
        row = letters.letter_named(session, case, name)
        return letter_sending.send(session, auth.actor(), case, row, asked, at=parts.at())

    return done(frame, form, act, "The letter is recorded as sent.") or page(
        "letters/sent.html", frame, form, shown=found, status=422
    )


@bp.get("/<string:name>/returned")
@auth.needs(Permission.CASE_RECORD)
def ask_returned(reference: str, name: str) -> ResponseReturnValue:
    """When and why did it come back?"""
    frame = framed(reference)
    found = _shown(frame, name, LetterState.SENT)
    form = ReturnForm(formdata=None)
    reviewing.fresh(form, frame)
    form.returned_on.data = box(parts.today())
    return page("letters/returned.html", frame, form, shown=found)


@bp.post("/<string:name>/returned")
@auth.needs(Permission.CASE_RECORD)
def returned(reference: str, name: str) -> ResponseReturnValue:
    """Record that it came back."""
    frame = framed(reference)
    found = _shown(frame, name)
    form = ReturnForm()
    on = form.day_in("returned_on", parts.today())

    def act(session: Any, case: Case) -> Letter:
        row = letters.letter_named(session, case, name)
        why, day = form.why.data or "", on or parts.today()
        return letter_sending.come_back(
            session, auth.actor(), case, row, form.seen(), day, why, at=parts.at()
        )

    said = (
        "It is recorded that the letter came back. Write it again, to an address or in a way that is right."
    )
    went = done(frame, form, act, said) if on else None
    return went or page("letters/returned.html", frame, form, shown=found, status=422)


def as_file(content: bytes, name: str) -> Response:
    """A Word file to keep."""
    response = Response(content, mimetype=WORD)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def framed(reference: str) -> Frame:
    """The frame, for those whom the letters of the case are for."""
    frame = reviewing.framed(reference)
    with looking() as session:
        letters.require_readable(session, auth.actor(), frame.case)
    return frame


def _shown(frame: Frame, name: str, *states: LetterState) -> LetterShown:
    """The letter; NotPossible where it is in none of the ``states``, if any are given."""
    with looking() as session:
        found = letters.shown(session, frame.case, name)
    if states:
        service.require_state(found.letter, *states)
    return found


def writing_of(frame: Frame, code: str, to: str, channel: Channel) -> Writing:
    """What the form of a new letter shows."""
    with looking() as session:
        return writing(
            session, auth.actor(), frame.case, code, to,
            whom=request.args.get("whom", ""), on=parts.today(), channel=channel,
        )  # fmt: skip


def _take_over(frame: Frame, name: str, form: DraftForm) -> None:
    """Begin with the words of the letter that this one takes the place of."""
    old = _shown(frame, name).letter
    form.label.data, form.channel.data = old.recipient_label, old.channel
    form.instance.data, form.address.data = old.instance, str(old.values.get("address", ""))
    form.form.data, form.language.data = old.accessible_format, old.language
    for field in form.prose_fields():
        words = old.values.get(field.name.removeprefix("prose_"), "")
        field.data = "\n".join(str(line) for line in words) if isinstance(words, list) else str(words)


def _plain(reference: str, name: str, verb: Callable[..., Letter], words: str) -> ResponseReturnValue:
    """Do what needs nothing but a button."""
    frame, form = framed(reference), PlainForm()
    found = _shown(frame, name)

    def act(session: Any, case: Case) -> Letter:
        row = letters.letter_named(session, case, name)
        return verb(session, auth.actor(), case, row, form.seen(), at=parts.at())

    return done(frame, form, act, words) or _letter_page(frame, found, form, status=409)


def done(
    frame: Frame, form: LetterForm, act: Callable[[Any, Case], Letter], words: str
) -> ResponseReturnValue | None:
    """Do it, say so and go to the letter; None where it was refused, which is then said in the form."""
    reference = frame.case.reference
    try:
        with parts.database().transaction() as session:
            name = service.name_of(act(session, access.case_for(session, auth.actor(), reference, lock=True)))
    except ChangedMeanwhile:
        return changed(reference, form)
    except NotPossible as refused:
        return changed(reference, form, cannot=str(refused))
    except BadInput as refused:
        if not form.say(str(refused)):
            form.refusal = str(refused)
        return None
    flash(words)
    return redirect(url_for("letters.letter", reference=reference, name=name), 303)


def _draft_page(frame: Frame, found: Writing, form: DraftForm, *, status: int = 200) -> ResponseReturnValue:
    if status == 200:
        form.fit(found.bodies, found.relatives, found.channels, found.which)
    return page("letters/write.html", frame, form, status=status, writing=found)


def _check_page(
    frame: Frame, found: LetterShown, form: CheckForm, *, status: int = 200
) -> ResponseReturnValue:
    with looking() as session:
        written = letters.passages(session, frame.case, found)
    return page("letters/check.html", frame, form, status=status, shown=found, passages=written)


def _letter_page(
    frame: Frame, found: LetterShown, form: PlainForm, *, status: int = 200
) -> ResponseReturnValue:
    return page("letters/letter.html", frame, form, status=status, shown=found, states=LetterState)


def page(
    template: str, frame: Frame, form: LetterForm | None = None, *, status: int = 200, **more: object
) -> ResponseReturnValue:
    """Draw a page of letters; opening one of a restricted case is recorded."""
    if status == 200:
        opening.note_view(frame.case)
    if isinstance(form, SaysLate):
        form.offer_late(frame.case.process)
    refusal = form.refusal if form is not None else ""
    extra = ({"text": refusal.rstrip("."), "href": "#main"},) if refusal else ()
    return render_template(
        template,
        head=frame.head,
        subnav=navigation(frame.case, frame.head, frame.dates, "letters"),
        records=frame.records,
        form=form,
        errors=web.problems(form, extra=extra) if form is not None and status != 200 else (),
        notice=opening.notice() if status == 200 else "",
        shell=opening.marked(case_page.mark_of(frame.head)),
        **more,
    ), status


def box(on: date) -> str:
    """A day as it stands in a box."""
    return f"{on.day} {on.month} {on.year}"
