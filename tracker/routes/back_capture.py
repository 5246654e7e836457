"""Bringing in a review that is already running."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile
from tracker.forms.back_capture import DATES, BackCaptureForm
from tracker.forms.facts import complain, offered
from tracker.models import Role
from tracker.policy import Permission
from tracker.queries import choices, grants
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.services import back_capture
from tracker.services.back_capture import DAYS, WAYS, Brought
from tracker.services.regimes import regime_for
from workflows.dhr_2016_v1 import DHR_2016

bp = Blueprint("back_capture", __name__, url_prefix="/cases/new/running-review")


@bp.get("")
@auth.needs(Permission.REVIEW_BRING_IN)
def show() -> ResponseReturnValue:
    """The form."""
    form = _offer(BackCaptureForm(formdata=None))
    form.request_id.data = opening.new_request_id()
    return _page(form)


@bp.post("")
@auth.needs(Permission.REVIEW_BRING_IN)
def bring_in() -> ResponseReturnValue:
    """Bring it in. Sent twice, it is one case."""
    form = _offer(BackCaptureForm())
    with looking() as session:
        places = {each.key: each for each in choices.partnerships(session, auth.actor(), Role.MANAGER)}
    only = next(iter(places.values())) if len(places) == 1 else None
    partnership = only or places.get(form.partnership.data or "")
    if partnership is None:
        complain(form.partnership, "Choose the partnership")
    if form.state.data not in WAYS:
        complain(form.state, "Choose where the review is now")
    if (form.lead_officer.data or "") not in {value for value, *_ in form.lead_officer.iter_choices()}:
        complain(form.lead_officer, "Choose a person from the list")
    dates = form.dates(parts.today())
    if partnership is None or any(field.errors for field in form):
        return _page(form, status=422)
    facts: dict[str, object] = {name: day for name, day in dates.items() if name not in DAYS}
    withheld = "withhold_decided_on" in dates and "published_on" not in dates
    facts |= {"publication_status": "withheld"} if withheld else {}
    for name in ("deceased_pseudonym", "qa_outcome"):
        if form[name].data:
            facts[name] = form[name].data
    try:
        with parts.database().transaction() as session:
            email = form.lead_officer.data or ""
            officer = grants.user_named(session, email) if email else None
            asked = Brought(
                partnership_id=partnership.id or 0, state=form.state.data, facts=facts,  # type: ignore[arg-type]
                steps={name: day for name, day in dates.items() if name in DAYS},
                process=regime_for(dates["received_on"], parts.settings().dardr_in_force_from),
                section_8a_from=parts.settings().dardr_in_force_from,
                owner_user_id=officer.id if officer else None, request_id=form.number_of_form(),
            )  # fmt: skip
            case = back_capture.import_case(session, auth.actor(), asked, at=parts.at())
    except ChangedMeanwhile as sent:
        form.request_id.data = opening.new_request_id()
        complain(form.state, f"{sent} Continue only to bring in another")
        return _page(form, status=409)
    except BadInput as refused:
        said = str(refused)
        complain(form.lead_officer if said.startswith("Lead officer") else form.state, said)
        return _page(form, status=422)
    flash(f"{case.reference} is brought in. Nobody was told of its earlier steps.")
    return redirect(url_for("cases.show", reference=case.reference), 303)


def _offer(form: BackCaptureForm) -> BackCaptureForm:
    with looking() as session:
        places = choices.partnerships(session, auth.actor(), Role.MANAGER)
        officers: dict[str, str] = {}
        for each in places:
            officers |= dict(choices.people(session, each.id or 0, Role.OFFICER, Role.MANAGER))
    form.partnership.choices = offered((("", "Choose one"), *((each.key, each.name) for each in places)))
    form.lead_officer.choices = offered((("", "Nobody yet"), *officers.items()))
    states = tuple((state.name, state.label) for state in DHR_2016.states if state.name in WAYS)
    form.state.choices = offered((("", "Choose one"), *states))
    return form


def _page(form: BackCaptureForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "log/running_review.html",
        form=form,
        several=len(form.partnership.choices or ()) > 2,
        days=list(DATES),
        errors=web.problems(form) if status != 200 else (),
    ), status
