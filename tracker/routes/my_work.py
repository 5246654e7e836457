"""My work: what do you need from me? One card for each action, with the question on it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.forms.actions import ANSWERS, UpdateForm
from tracker.forms.filters import offered
from tracker.policy import Permission
from tracker.queries.my_work import Card, my_work
from tracker.routes import opening
from tracker.templating import safe_id
from workflows.traces import in_words

bp = Blueprint("my_work", __name__, url_prefix="/my-work")

MOST_ASKED = 20
"""Cards with the question on them; those after it lead to it, so that the page stays below 150 kB."""


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show() -> ResponseReturnValue:
    """The cards in order of their dates, what else is asked of the agency, and what is done."""
    with parts.database().reading() as session:
        work = my_work(session, auth.actor(), parts.today())
    return render_template(
        "lists/my_work.html",
        work=work,
        questions=[
            (card, _question(card) if place < MOST_ASKED else None) for place, card in enumerate(work.cards)
        ],
        year=parts.today().year,
        notice=opening.notice(),
    )


def _question(card: Card) -> UpdateForm | None:
    """The question about one action; its fields have ids of their own, as there are several such forms on the page."""
    if not card.answers:
        return None
    form = UpdateForm(formdata=None)
    for field in form:
        field.id = f"{safe_id(card.reference)}-{safe_id(field.name)}"
    form.version.data, form.seq.data = str(card.version), str(card.seq)
    form.request_id.data = opening.new_request_id()
    if card.said_on is not None:
        since = f"No change since {in_words(card.said_on)}"
        form.answer.choices = offered(((ANSWERS[0][0], since), *ANSWERS[1:]))
    return form
