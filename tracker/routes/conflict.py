"""The page of two people saving one thing: as it was, as it is, as this person wants it. Nothing typed is lost."""

from collections.abc import Iterable

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts
from tracker.forms.facts import fact_form
from tracker.forms.moves import HappenedForm
from tracker.forms.opened import OpenedForm, carried, questions, said
from tracker.models import Case
from tracker.queries import case_page, conflicts
from tracker.queries.conflicts import Conflict
from tracker.queries.looking import looking
from tracker.routes import opening

Pairs = Iterable[tuple[str, str]]
CANNOT = "This step cannot be taken from there."


def conflict_page(
    reference: str, base: type[HappenedForm], posted: list[str], *, action: str, step: str = ""
) -> ResponseReturnValue:
    """Answer 409 with what differs. ``action`` takes the answers up again; ``step`` must still be possible for that."""
    with looking() as session:
        ground = conflicts.ground(session, auth.actor(), reference, posted, parts.today(), step=step)
        form = fact_form(base, ground.facts, people=ground.people, organisations=ground.organisations)()
        facts, on = form.read(parts.today()), form.day(parts.today())
        found = conflicts.conflict(
            session, auth.actor(), ground.case, form.seen()[1], facts, to_state=ground.to_state
        )
        head = case_page.head_of(session, auth.actor(), ground.case, ())
    return drawn(
        head,
        ground.case,
        found,
        action=action,
        pairs=form.carried(on),
        typed=conflicts.typed(ground, facts, form.words()),
        cannot="" if ground.possible else CANNOT,
    )


def changed(
    reference: str, form: OpenedForm, *, now: OpenedForm | None = None, cannot: str = "", action: str = ""
) -> ResponseReturnValue:
    """Answer 409 for a form of any kind: what differs, and its answers to carry on with, to copy or to throw away.

    ``now`` is the form as it would be opened now, where it corrects something that is there; ``cannot`` says why the
    answers cannot be taken up again; ``action`` is where they go, unless it is this very address.
    """
    yours = [(field.name, field.label.text, said(field)) for field in questions(form)]
    there = None if now is None else [(f.name, f.label.text, said(f)) for f in questions(now)]
    with looking() as session:
        case = access.case_for(session, auth.actor(), reference)
        head = case_page.head_of(session, auth.actor(), case, ())
        found = conflicts.of_form(
            session, auth.actor(), case, form.seen_seq(), was=form.said_then(), now=there, yours=yours
        )
    return drawn(
        head,
        case,
        found,
        action=action or request.full_path.rstrip("?"),
        pairs=[*carried(), *([("was", now.as_opened())] if now is not None else [])],
        typed="\n".join(
            f"{label.removesuffix(' (optional)')}: {words}" for _, label, words in yours if words
        ),
        cannot=cannot,
        files=bool(request.files),
    )


def drawn(
    head: case_page.CaseHead,
    case: Case,
    found: Conflict,
    *,
    action: str,
    pairs: Pairs,
    typed: str,
    cannot: str = "",
    files: bool = False,
) -> ResponseReturnValue:
    """The page itself. The answers go on as another form, seen now: nothing is merged by itself."""
    fresh = {"version": str(head.version), "seq": str(head.seq), "request_id": opening.new_request_id()}
    return render_template(
        "steps/conflict.html",
        head=head,
        conflict=found,
        cannot=cannot,
        action=action,
        carried=[*(pair for pair in pairs if pair[0] not in fresh), *fresh.items()],
        typed=typed,
        files=files,
        home=opening.home_of(case),
        shell=opening.marked(case_page.mark_of(head)),
    ), 409
