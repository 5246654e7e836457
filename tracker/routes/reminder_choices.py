"""My reminders: when somebody wants to be told."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.forms.reminder_choices import ReminderChoicesForm
from tracker.policy import Permission
from tracker.routes import opening
from tracker.services.reminder_choices import Choices, choose

bp = Blueprint("reminder_choices", __name__, url_prefix="/account/reminders")
TEMPLATE = "account/reminders.html"


@bp.get("")
@auth.needs(Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    """What I chose."""
    form = ReminderChoicesForm(formdata=None)
    with parts.database().reading() as session:
        form.show(Choices(session).of(auth.actor().user_id))
    return render_template(TEMPLATE, form=form, notice=opening.notice())


@bp.post("")
@auth.needs(Permission.SIGNED_IN)
def save() -> ResponseReturnValue:
    """Keep it."""
    form = ReminderChoicesForm()
    if not form.validate():
        return web.redrawn(TEMPLATE, form)
    with parts.database().transaction() as session:
        choose(session, auth.actor(), form.chosen(), at=parts.at())
    flash("Saved.")
    return redirect(url_for(".show"), 303)
