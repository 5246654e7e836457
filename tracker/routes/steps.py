"""The steps of a case: the form, check answers, and the step itself."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible
from tracker.forms.facts import PREFIX, complain, fact_form, filled, offered
from tracker.forms.moves import StepForm
from tracker.models import Case
from tracker.policy import Permission
from tracker.queries import case_page, conflicts, step_page, steps
from tracker.queries.looking import looking
from tracker.queries.step_page import Judged, Opened, Sheet
from tracker.routes import opening
from tracker.routes.conflict import conflict_page
from tracker.services import cases, merging
from workflows.engine import MoveRefused
from workflows.facts import FactValue

bp = Blueprint("steps", __name__, url_prefix="/cases/<string:reference>/steps/<string:step>")
bp.before_request(opening.canonical)

Problem = Mapping[str, str]
REFUSED = (BadInput, ChangedMeanwhile, MoveRefused, NotPossible)


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show(reference: str, step: str) -> ResponseReturnValue:
    """The form: what is recorded already, what is still needed."""
    opened = _open(reference, step, request.args.getlist("change"))
    opening.note_view(opened.case)
    if opened.sheet is None:
        raise NotPossible(f"This step cannot be taken while the case is at “{opened.head.state}”.")
    _require_taker(opened.sheet)
    form = _form(opened.sheet, blank=True)
    form.version.data, form.seq.data = str(opened.head.version), str(opened.head.seq)
    form.request_id.data = opening.new_request_id()
    return _page(opened.head, opened.sheet, form)


@bp.get("/check")
@auth.needs(Permission.CASE_READ)
def back(reference: str, step: str) -> ResponseReturnValue:
    """Somebody opened the address of check answers: there are none yet, so to the form."""
    return redirect(url_for(".show", reference=reference, step=step))


@bp.post("/check")
@auth.needs(Permission.CASE_READ)
def check(reference: str, step: str) -> ResponseReturnValue:
    """Check answers, or the form again with what is to put right. The step is tried and taken back: nothing is saved."""
    opened, today = _open(reference, step, _posted()), parts.today()
    if opened.sheet is None:
        return _conflict(opened.case, step)
    head, sheet = opened.head, opened.sheet
    _require_taker(sheet)
    form = _form(sheet)
    if "change" in request.form:
        return _page(head, sheet, form)
    facts, on = form.read(today), form.day(today)
    with looking() as session:
        judged = step_page.judge(
            session, opened.case, sheet, facts, occurred_on=on or today, overridden=form.override.data or ()
        )
    problems = _problems(sheet, form, facts, judged)
    if problems or on is None:
        return _page(head, sheet, form, problems=problems, status=422)
    try:
        _act(parts.database().rehearsal(), opened, step, form, facts, on)
    except REFUSED as refused:
        return _refusal(opened, step, form, refused)
    return render_template(
        "steps/check.html",
        head=head,
        sheet=sheet,
        judged=judged,
        form=form,
        on=on,
        answers=step_page.answers(sheet, facts),
        carried=form.carried(on),
        shell=opening.marked(case_page.mark_of(head)),
    )


@bp.post("")
@auth.needs(Permission.CASE_READ)
def take(reference: str, step: str) -> ResponseReturnValue:
    """Take the step. Sent twice, it is taken once."""
    opened, today = _open(reference, step, _posted()), parts.today()
    sheet = opened.sheet
    form = _form(sheet) if sheet else _again(opened.case, step)
    facts, on = form.read(today), form.day(today)
    if sheet and (on is None or any(field.errors for field in form)):
        return _page(opened.head, sheet, form, status=422)
    try:
        words = _act(parts.database().transaction(), opened, step, form, facts, on or today)
    except REFUSED as refused:
        return _refusal(opened, step, form, refused)
    flash(words)
    return redirect(opening.home_of(opened.case), 303)


def _act(
    unit: AbstractContextManager[Any],
    opened: Opened,
    step: str,
    form: StepForm,
    facts: Mapping[str, FactValue],
    on: date,
) -> str:
    """Take the step in a write unit, or in one that is rolled back; in words what was done."""
    with unit as session:
        held = merging.held_with(steps.named(step), facts)
        case = access.case_for(session, auth.actor(), opened.case.reference, lock=True, together=held)
        before = step_page.last_date(session, case)
        event = cases.move(
            session, auth.actor(), case, steps.named(step), form.asked(facts, on), at=parts.at()
        )
        return step_page.done_words(session, case, event, before)


def _refusal(opened: Opened, step: str, form: StepForm, refused: Exception) -> ResponseReturnValue:
    """Say at its place why the step is not taken; the page of two people where the case is not as it was."""
    problems: tuple[Problem, ...] = ()
    sheet = opened.sheet
    if sheet is None or isinstance(refused, ChangedMeanwhile) or form.seen()[0] != opened.head.version:
        return _conflict(opened.case, step)
    if isinstance(refused, MoveRefused):
        problems = _explain(form, steps.missing_from(refused.unmet))
    elif not form.take(str(refused)):
        problems = ({"text": str(refused), "href": "#main"},)
    return _page(opened.head, sheet, form, problems=(*problems, *web.problems(form)), status=422)


def _open(reference: str, step: str, change: list[str]) -> Opened:
    with looking() as session:
        return step_page.opened(session, auth.actor(), reference, step, parts.today(), change=change)


def _again(case: Case, step: str) -> StepForm:
    """The form as it was sent, of a step that cannot be taken any more: perhaps it was taken by the same form."""
    with looking() as session:
        ground = conflicts.ground(
            session, auth.actor(), case.reference, _posted(), parts.today(), step=steps.named(step)
        )
    made = fact_form(StepForm, ground.facts, people=ground.people, organisations=ground.organisations)
    form: StepForm = made()
    return form


def _posted() -> list[str]:
    return [name.removeprefix(PREFIX) for name in request.form if name.startswith(PREFIX)]


def _require_taker(sheet: Sheet) -> None:
    if not sheet.step.may_take:
        raise NotPermitted(f"This is for {sheet.step.decided_by} to decide.")


def _form(sheet: Sheet, *, blank: bool = False) -> StepForm:
    made = fact_form(
        StepForm,
        sheet.asked,
        people=sheet.people,
        organisations=sheet.organisations,
        optional=sheet.optional,
    )
    form = made(formdata=None, data=filled(sheet.kept, sheet.known)) if blank else made()
    form.override.choices = offered(
        tuple((point.name, point.words) for point in (*sheet.skippable, *sheet.for_others))
    )
    form.offer_given()
    form.offer_late(sheet.workflow.key)
    return form


def _problems(
    sheet: Sheet, form: StepForm, facts: Mapping[str, FactValue], judged: Judged
) -> tuple[Problem, ...]:
    """Say at the fields what is to put right; return everything that is wrong, for the summary."""
    form.ask_for((need for need in sheet.move.needs if not _skipped(need, judged)), facts)
    extra = _explain(form, judged.refused)
    if not sheet.step.mine and not (form.evidence.data or "").strip():
        complain(form.evidence, "Enter the minute or e-mail that shows the decision")
    if judged.skipped and not (form.override_reason.data or "").strip():
        complain(form.override_reason, "Give the reason for going ahead")
    if {point.name for point in judged.skipped} - {point.name for point in sheet.skippable}:
        who = next(point.override_by for point in judged.skipped)
        extra = (*extra, {"text": f"Only {who} can go ahead without this", "href": "#main"})
    if judged.late and not form.said_late():
        complain(form.late_reason, f"Say why this is late: {judged.late[0]}")
    return (*extra, *web.problems(form))


def _skipped(need: tuple[str, ...], judged: Judged) -> bool:
    """A need that a person goes ahead without is not asked for."""
    return any(set(need) <= set(point.facts) for point in judged.skipped)


def _explain(form: StepForm, refused: tuple[steps.Missing, ...]) -> tuple[Problem, ...]:
    """Say each missing point at the field that puts it right; return those that no field does."""
    extra: list[Problem] = []
    for point in refused:
        fields = [field for name in point.facts if (field := form.field_of(name)) is not None]
        if not fields:
            extra.append({"text": point.words, "href": "#missing"})
        elif not any(field.errors for field in fields):
            complain(next((field for field in fields if not field.data), fields[0]), point.words)
    return tuple(extra)


def _page(
    head: case_page.CaseHead,
    sheet: Sheet,
    form: StepForm,
    *,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> ResponseReturnValue:
    listed = problems or tuple(web.problems(form))
    return render_template(
        "steps/form.html",
        head=head,
        sheet=sheet,
        form=form,
        errors=listed if status != 200 else (),
        ask_late=bool(sheet.late or form.late_reason.errors or form.said_late()),
        shell=opening.marked(case_page.mark_of(head)),
    ), status


def _conflict(case: Case, step: str) -> ResponseReturnValue:
    return conflict_page(
        case.reference,
        StepForm,
        _posted(),
        action=url_for(".check", reference=case.reference, step=step),
        step=steps.named(step),
    )
