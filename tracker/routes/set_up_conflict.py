"""The page of two people changing one thing of the set-up: as it was, as it is, as this person wants it."""

from dataclasses import dataclass

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from tracker.errors import ChangedMeanwhile
from tracker.forms.opened import carried, questions, said
from tracker.forms.own_names import ReasonForm
from tracker.models import SetupKind
from tracker.queries import conflicts, set_up
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.services import set_up as service


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a form corrects: the form as it would be opened now, and where the history has its changes."""

    now: ReasonForm
    place_id: int
    kind: SetupKind
    about: str = ""


def met(
    form: ReasonForm, of: Corrected | None = None, *, caption: str, action: str, home: str
) -> ResponseReturnValue | None:
    """The answer to a form that was sent before, or that somebody else's change went past; None if it can go on.

    Sent twice with the same answers it is done once, and leads ``home``.
    """
    told = ""
    with looking() as session:
        try:
            before = service.done_before(session, form.number_of_form())
        except ChangedMeanwhile as refused:
            before, told = None, str(refused)
        if before is not None:
            flash(before.said)
            return redirect(home, 303)
        changes = set_up.entries(session, {of.place_id}, of.kind, about=of.about) if of else ()
    was = form.said_then()
    there = None if of is None else {field.name: said(field) for field in questions(of.now)}
    moved = [name for name, words in (there or {}).items() if name in was and was[name] != words]
    if not told and not moved:
        return None
    yours = [(field.name, field.label.text, said(field)) for field in questions(form)]
    fresh = {"request_id": opening.new_request_id(), "was": of.now.as_opened() if of else ""}
    by, at = (changes[0].by, changes[0].at) if changes and moved else ("", None)
    return render_template(
        "set_up/conflict.html",
        rows=tuple(conflicts.answers(was, there, yours, by=by, at=at)),
        told=told,
        by=by,
        at=at,
        caption=caption,
        action=action,
        home=home,
        carried=[*(pair for pair in carried() if pair[0] != "seen"), *fresh.items()],
    ), 409


def anew(form: ReasonForm, status: int) -> None:
    """Give a form that is drawn again after a conflict another number, so that it can be sent."""
    if status == 409:
        form.request_id.data = opening.new_request_id()
