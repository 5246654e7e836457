"""My reminders: when somebody wants to be told."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.errors import BadInput
from tracker.forms.reminder_choices import ReminderChoicesForm
from tracker.policy import Permission
from tracker.routes import opening
from tracker.services import teams
from tracker.services.reminder_choices import Choices, choose
from tracker.transports.teams import TeamsPost

bp = Blueprint("reminder_choices", __name__, url_prefix="/account/reminders")
TEMPLATE = "account/reminders.html"


@bp.get("")
@auth.needs(Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    """What I chose."""
    form = ReminderChoicesForm(formdata=None)
    with parts.database().reading() as session:
        form.show(Choices(session).of(auth.actor().user_id))
    return render_template(TEMPLATE, form=form, notice=opening.notice(), **_teams())


@bp.post("")
@auth.needs(Permission.SIGNED_IN)
def save() -> ResponseReturnValue:
    """Keep it."""
    form, actor, way = ReminderChoicesForm(), auth.actor(), TeamsPost(parts.settings().teams_ends)
    if not form.validate():
        return web.redrawn(TEMPLATE, form, _teams())
    url = form.teams() if way.hosts else None
    try:
        with parts.database().transaction() as session:
            choose(session, actor, form.chosen(), at=parts.at())
            if url is not None:
                teams.choose(session, actor, url, way, at=parts.at())
    except BadInput as refused:
        form.refuse_teams(str(refused))
        return web.redrawn(TEMPLATE, form, _teams())
    flash("Saved.")
    return redirect(url_for(".show"), 303)


def _teams() -> dict[str, object]:
    """Whether Teams can be chosen here, whether it is, why the last card was not posted; whether there is a calendar."""
    number = auth.actor().user_id
    with parts.database().reading() as session:
        return {
            "calendar": web.is_there("/calendar/subscribe"),
            "teams_offered": bool(parts.settings().teams_ends),
            "teams_chosen": bool(teams.url_of(session, number)),
            "teams_problem": teams.last_problem(session, number),
        }
