"""Addresses that return mail: the list, and saying that one works again, as it is or corrected."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.errors import BadInput
from tracker.forms.returning import WorksAgainForm
from tracker.policy import Permission
from tracker.queries import returning as query
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.services import returning as service

bp = Blueprint("returning", __name__, url_prefix="/returning-mail")


@bp.get("")
@auth.needs(Permission.MAIL_RESUME)
def show() -> ResponseReturnValue:
    """Every address that returns mail, longest first."""
    with looking() as session:
        found = query.returning(session, auth.actor())
    return render_template("lists/returning.html", found=found, notice=opening.notice())


@bp.get("/<int:number>")
@auth.needs(Permission.MAIL_RESUME)
def ask(number: int) -> ResponseReturnValue:
    """The form for one of them."""
    return _form(number, WorksAgainForm(formdata=None))


@bp.post("/<int:number>")
@auth.needs(Permission.MAIL_RESUME)
def end(number: int) -> ResponseReturnValue:
    """Let mails go there again."""
    form = WorksAgainForm()
    given = form.given()
    if given is None:
        return _form(number, form, status=422)
    why, corrected = given
    try:
        with parts.database().transaction() as session:
            row = service.works_again(
                session, auth.actor(), number, why=why, corrected=corrected, at=parts.at()
            )
    except BadInput as refused:
        form.take(str(refused))
        return _form(number, form, status=422)
    flash(f"Reminders go to {row.corrected_to or row.address} again, from the next one that is due.")
    return redirect(url_for(".show"), 303)


def _form(number: int, form: WorksAgainForm, *, status: int = 200) -> ResponseReturnValue:
    with looking() as session:
        one = query.one_of(session, auth.actor(), number)
    return render_template(
        "lists/works_again.html", one=one, form=form, errors=web.problems(form) if status != 200 else ()
    ), status
