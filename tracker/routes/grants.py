"""Who can open a restricted case."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput
from tracker.forms.cases import EndGrantForm, GrantForm
from tracker.forms.facts import offered
from tracker.policy import Permission, allows
from tracker.queries import case_page, choices, standing
from tracker.queries import grants as named
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.routes.case_navigation import navigation
from tracker.services import grants

bp = Blueprint("grants", __name__, url_prefix="/cases/<string:reference>/access")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """Who can open the case, who could, and why."""
    return _page(reference, GrantForm(formdata=None), EndGrantForm(formdata=None), looked=True)


@bp.post("")
@auth.needs(Permission.CASE_GRANT)
def give(reference: str) -> ResponseReturnValue:
    """Let somebody open the case."""
    form = GrantForm()
    if form.validate():
        try:
            with parts.database().transaction() as session:
                case = access.case_for(session, auth.actor(), reference, lock=True)
                person = named.user_named(session, form.person.data or "")
                grants.grant(session, auth.actor(), case, person, form.why.data or "", at=parts.at())
        except BadInput as refused:
            form.person.errors = [str(refused)]
        else:
            flash(f"{person.name} can now open this case.")
            return redirect(url_for(".show", reference=reference), 303)
    return _page(reference, form, EndGrantForm(formdata=None), status=422)


@bp.post("/end")
@auth.needs(Permission.CASE_GRANT)
def end(reference: str) -> ResponseReturnValue:
    """End somebody's leave to open the case."""
    form = EndGrantForm()
    if form.validate():
        try:
            with parts.database().transaction() as session:
                case = access.case_for(session, auth.actor(), reference, lock=True)
                person = named.user_named(session, form.person.data or "")
                grants.end(session, auth.actor(), case, person, form.why.data or "", at=parts.at())
        except BadInput as refused:
            form.why.errors = [str(refused)]
        else:
            flash(f"{person.name} can no longer open this case.")
            mine = person.id == auth.actor().user_id
            return redirect("/cases" if mine else url_for(".show", reference=reference), 303)
    return _page(reference, GrantForm(formdata=None), form, status=422)


def _page(
    reference: str, form: GrantForm, ending: EndGrantForm, *, status: int = 200, looked: bool = False
) -> ResponseReturnValue:
    actor = auth.actor()
    with looking() as session:
        case = access.case_for(session, actor, reference)
        dates = standing.dates_of(session, case, parts.today())
        head = case_page.head_of(session, actor, case, dates)
        found = named.grants_of(session, case)
        may = allows(actor, Permission.CASE_GRANT, access.subject_of(session, case))
        holding = [grant for grant in found if grant.ended_at is None]
        inside = {grant.email for grant in holding}
        people = [person for person in choices.everybody(session) if person[0] not in inside] if may else []
    if looked:
        opening.note_view(case)
    # The address says which line, not whose: no name or mailbox stands in an address.
    line = request.args.get("end", 0, type=int)
    asked = holding[line - 1].email if 0 < line <= len(holding) else ""
    ending_for = request.form.get("person", "") if ending.errors else asked
    form.person.choices = offered((("", "Choose one"), *people))
    return render_template(
        "cases/access.html",
        head=head,
        subnav=navigation(case, head, dates, "access"),
        holding=holding,
        ended=[grant for grant in found if grant.ended_at is not None],
        may=may,
        form=form,
        ending=ending,
        ending_for=ending_for,
        errors=[*web.problems(form), *web.problems(ending)] if status != 200 else (),
        notice=opening.notice() if status == 200 else "",
        shell=opening.marked(case_page.mark_of(head)),
    ), status
