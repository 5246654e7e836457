"""Retention: the schedules, what is due, and what is decided of one closed record."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible, NotVisible
from tracker.forms.facts import complain
from tracker.forms.retention import FindForm, RecordForm, ScheduleForm
from tracker.models import SetupKind
from tracker.policy import Permission
from tracker.queries import retention as query
from tracker.queries.looking import looking
from tracker.queries.retention import ACTS
from tracker.routes import opening
from tracker.routes.set_up_conflict import Corrected, anew, met
from tracker.services import disposals
from tracker.services import retention as service
from tracker.services.disposals import Asked
from tracker.services.person_changes import Why

bp = Blueprint("retention", __name__, url_prefix="/retention")
bp.before_request(opening.canonical)
_ACT = "/<string:reference>/<any('hold', 'end-hold', 'keep', 'propose', 'approve', 'refuse'):act>"
_SCHEDULE = "/schedule/<string:place>/<string:record>"

DOES = {
    "hold": "Nobody can dispose of the record while the hold stands, whatever its schedule says.",
    "end-hold": "The schedule counts again from now on. Nothing is disposed of by this.",
    "keep": "The record is kept until the day that you give. It is listed here again after that day.",
    "propose": "Nothing is disposed of by this. Somebody else, a manager or the chair, approves or refuses it.",
    "approve": "It is recorded that two people agreed, with the schedule and the hash of the history. Nothing is erased "
    "by this: the tracker cannot erase records yet.",
    "refuse": "The record stays as it is, and its disposal can be proposed again.",
}


@bp.get("")
@auth.needs(Permission.RETENTION_READ)
def show() -> ResponseReturnValue:
    """The schedules, and what is due; with ``reference``, that record if there is such a closed one."""
    form = FindForm(request.args)
    wanted = (form.reference.data or "").strip()
    with looking() as session:
        if wanted and query.is_closed(session, auth.actor(), wanted):
            return redirect(url_for(".one", reference=wanted.upper()))
        page = query.retention_page(session, auth.actor(), parts.today())
    if wanted:
        complain(form.reference, "There is no closed record of that reference that you may open")
    return render_template(
        "retention/retention.html",
        page=page,
        form=form,
        errors=web.problems(form),
        notice=opening.notice(),
    ), 422 if wanted else 200


@bp.get(_SCHEDULE)
@auth.needs(Permission.SETUP_CHANGE)
def ask(place: str, record: str) -> ResponseReturnValue:
    """The form of one schedule, as it is."""
    with looking() as session:
        _, row, _ = query.schedule_of(session, auth.actor(), place, record)
        form = _opened(*((row.months, row.authority) if row else (service.USUAL, "")))
    form.request_id.data = opening.new_request_id()
    return _form(place, record, form)


@bp.post(_SCHEDULE)
@auth.needs(Permission.SETUP_CHANGE)
def change(place: str, record: str) -> ResponseReturnValue:
    """What it does; once that was seen and a reason is given, it is done."""
    form = ScheduleForm()
    asked = form.read()
    with looking() as session:
        found, row, mark = query.schedule_of(session, auth.actor(), place, record)
        old = (row.months, row.authority) if row else (service.USUAL, "")
        name = found.name
    here = url_for(".change", place=place, record=record)
    of = Corrected(_opened(*old), found.id or 0, SetupKind.RETENTION_SET, f"retention:{record}")
    if (answer := met(form, of, caption=name, action=here, home=url_for(".show"))) is not None:
        return answer
    if asked == old and "change" not in request.form:
        complain(form.years, "That is how it is. Change something, or cancel")
        asked = None
    if asked is None or "change" in request.form:
        return _form(place, record, form, status=422 if asked is None else 200)
    said = [
        f"{service.RECORDS[record]} of {name}: kept {service.in_years(asked[0])}, not {service.in_years(old[0])}.",
        "It counts for every closed record at once. Decisions to keep one longer, and legal holds, stand.",
    ]
    reason = form.why() if form.seen.data else ""
    if not reason:
        return _check(form, said, here, mark, status=422 if form.seen.data else 200)
    why = Why(reason, parts.at(), form.seen.data, form.number_of_form())
    try:
        with parts.database().transaction() as session:
            own = access.partnership_for(session, auth.actor(), place, Permission.SETUP_CHANGE)
            service.set_schedule(session, auth.actor(), own, record, *asked, why)
    except ChangedMeanwhile as changed:
        return _check(form, said, here, mark, changed=str(changed), status=409)
    except BadInput as refused:
        complain(form.reason, str(refused).rstrip("."))
        return _check(form, said, here, mark, status=422)
    flash(said[0])
    return redirect(url_for(".show"), 303)


def _opened(months: int, authority: str) -> ScheduleForm:
    data = {"years": str(-(-months // 12)), "authority": authority}
    return ScheduleForm(formdata=None, data=data)


@bp.get("/<string:reference>")
@auth.needs(Permission.RETENTION_READ)
def one(reference: str) -> ResponseReturnValue:
    """One closed record."""
    with looking() as session:
        page = query.record_page(session, auth.actor(), reference, parts.today())
    opening.note_view(page.case)
    return render_template("retention/record.html", page=page, notice=opening.notice())


@bp.get(_ACT)
@auth.needs(Permission.DISPOSAL_DECIDE)
def look(reference: str, act: str) -> ResponseReturnValue:
    """What the decision does, before it is made."""
    form = RecordForm(formdata=None).for_act(act)
    form.request_id.data = opening.new_request_id()
    return _act(reference, act, form)


@bp.post(_ACT)
@auth.needs(Permission.DISPOSAL_DECIDE)
def decide(reference: str, act: str) -> ResponseReturnValue:
    """Make the decision."""
    form = RecordForm().for_act(act)
    told = form.read(act)
    if told is None:
        return _act(reference, act, form, status=422)
    reason, on, authority = told
    typed = form.version.data or ""
    version = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    asked = Asked(reason, version, parts.at(), form.number_of_form(), on, authority)
    try:
        with parts.database().transaction() as session:
            actor = auth.actor()
            case = access.case_for(session, actor, reference, lock=True)
            if act in {"approve", "refuse"}:
                disposals.decide(session, actor, case, asked, approved=act == "approve")
            else:
                verbs = {
                    "hold": disposals.place_hold, "end-hold": disposals.end_hold,
                    "keep": disposals.keep_longer, "propose": disposals.propose,
                }  # fmt: skip
                verbs[act](session, actor, case, asked)
    except ChangedMeanwhile:
        said = "Somebody else changed this record after you looked. What you typed is kept."
        return _act(reference, act, form, changed=said, status=409)
    except (BadInput, NotPermitted, NotPossible) as refused:
        complain(form.on if act == "keep" else form.reason, str(refused).rstrip("."))
        return _act(reference, act, form, status=422)
    flash(f"Recorded: {ACTS[act][:1].lower()}{ACTS[act][1:]}.")
    return redirect(url_for(".one", reference=reference), 303)


def _form(place: str, record: str, form: ScheduleForm, *, status: int = 200) -> ResponseReturnValue:
    with looking() as session:
        found, _, _ = query.schedule_of(session, auth.actor(), place, record)
        name = found.name
    return render_template(
        "retention/schedule.html",
        form=form,
        caption=name,
        record=service.RECORDS[record],
        action=url_for(".change", place=place, record=record),
        errors=web.problems(form) if status != 200 else (),
    ), status


def _check(
    form: ScheduleForm, said: list[str], here: str, mark: str, *, changed: str = "", status: int = 200
) -> ResponseReturnValue:
    form.seen.data = mark
    anew(form, status)
    return render_template(
        "admin/person_check.html",
        title="Change how long it is kept",
        caption="Retention",
        back_text="Retention",
        back_to=url_for(".show"),
        said=said,
        form=form,
        carried=form.carried(),
        again=here,
        action=here,
        home=url_for(".show"),
        changed=changed,
        danger=False,
        errors=web.problems(form) if status == 422 else (),
    ), status


def _act(
    reference: str, act: str, form: RecordForm, *, changed: str = "", status: int = 200
) -> ResponseReturnValue:
    with looking() as session:
        page = query.record_page(session, auth.actor(), reference, parts.today())
    if act not in dict(page.acts) and status == 200:
        raise NotVisible("This cannot be decided of the record now.")
    if status != 422:
        form.version.data = str(page.case.version)
    anew(form, status)
    opening.note_view(page.case)
    return render_template(
        "retention/act.html",
        page=page,
        form=form,
        title=ACTS[act],
        does=DOES[act],
        action=url_for(".decide", reference=page.case.reference, act=act),
        danger=act in {"approve", "propose"},
        changed=changed,
        errors=web.problems(form) if status == 422 else (),
    ), status
