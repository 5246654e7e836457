"""What the pages of a review beside its steps share: the frame, the number of the form, saving with its refusals."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile, NotPossible
from tracker.forms.facts import complain
from tracker.forms.late_reasons import SaysLate
from tracker.forms.opened import OWN, questions
from tracker.forms.reviews import ReviewForm
from tracker.models import Case
from tracker.queries import case_page, review_page
from tracker.queries.looking import looking
from tracker.queries.review_page import Frame
from tracker.routes import opening
from tracker.routes.case_navigation import navigation
from tracker.routes.conflict import changed


def framed(reference: str, *, of_a_death: bool = False) -> Frame:
    """The frame of a page of this case; of a page that only the review of a death has."""
    with looking() as session:
        return review_page.frame(session, auth.actor(), reference, parts.today(), of_a_death=of_a_death)


def counted(text: str) -> int:
    """The number in an address; what is none is not found."""
    return int(text) if text.isdecimal() and len(text) < 7 else abort(404)


def fresh(form: ReviewForm, frame: Frame) -> None:
    """Give a form that is shown for the first time its number and the version that is looked at."""
    form.version.data, form.seq.data = str(frame.head.version), str(frame.head.seq)
    form.request_id.data = opening.new_request_id()


def saved(
    frame: Frame,
    form: ReviewForm,
    act: Callable[[Any, Case], object],
    words: str,
    to: str,
    *,
    now: Callable[[], ReviewForm] | None = None,
) -> ResponseReturnValue | None:
    """Do it, say so and go on; None where it was refused, which is then said in the form.

    ``now`` makes the form as it would be opened now, where it corrects something: for the page of a conflict.
    """
    try:
        with parts.database().transaction() as session:
            act(session, access.case_for(session, auth.actor(), frame.case.reference, lock=True))
    except ChangedMeanwhile:
        return changed(frame.case.reference, form, now=now() if now else None)
    except NotPossible as refused:
        return changed(frame.case.reference, form, cannot=str(refused))
    except BadInput as refused:
        _say(form, str(refused))
        return None
    flash(words)
    return redirect(to, 303)


def page(
    template: str,
    frame: Frame,
    here: str,
    form: ReviewForm | None = None,
    *,
    status: int = 200,
    **more: object,
) -> ResponseReturnValue:
    """Draw a page of a review; opening one of a restricted case is recorded."""
    if isinstance(form, SaysLate):
        form.offer_late(frame.case.process)
    if status == 200:
        opening.note_view(frame.case)
    return render_template(
        template,
        head=frame.head,
        subnav=navigation(frame.case, frame.head, frame.dates, here),
        records=frame.records,
        form=form,
        errors=web.problems(form) if form is not None and status != 200 else (),
        notice=opening.notice() if status == 200 else "",
        shell=opening.marked(case_page.mark_of(frame.head)),
        **more,
    ), status


def _say(form: ReviewForm, words: str) -> None:
    """Say a refusal at the field that it begins with, or else at the first."""
    shown = list(questions(form)) or [field for field in form if field.name not in OWN]
    about = next((field for field in shown if words.startswith(field.label.text)), shown[0])
    complain(about, words)
