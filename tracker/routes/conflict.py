"""The page of two people saving one thing: as it was, as it is, as this person wants it. Nothing typed is lost."""

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.forms.facts import fact_form
from tracker.forms.moves import HappenedForm
from tracker.queries import case_page, conflicts
from tracker.queries.looking import looking
from tracker.routes import opening


def conflict_page(
    reference: str, base: type[HappenedForm], posted: list[str], *, action: str, step: str = ""
) -> ResponseReturnValue:
    """Answer 409 with what differs. ``action`` takes the answers up again; ``step`` must still be possible for that."""
    with looking() as session:
        ground = conflicts.ground(session, auth.actor(), reference, posted, parts.today(), step=step)
        form = fact_form(base, ground.facts, people=ground.people, organisations=ground.organisations)()
        facts, on = form.read(parts.today()), form.day(parts.today())
        found = conflicts.conflict(session, ground.case, form.seen()[1], facts, to_state=ground.to_state)
        head = case_page.head_of(session, auth.actor(), ground.case, ())
    fresh = {"version": str(head.version), "seq": str(head.seq), "request_id": opening.new_request_id()}
    carried = [pair for pair in form.carried(on) if pair[0] not in fresh]
    return render_template(
        "steps/conflict.html",
        head=head,
        conflict=found,
        possible=ground.possible,
        action=action,
        carried=[*carried, *fresh.items()],
        typed=conflicts.typed(ground, facts, form.words()),
        home=opening.home_of(ground.case),
        shell=opening.marked(case_page.mark_of(head)),
    ), 409
