"""More time, a pause, its end and a correction of one running date: the form, the new working, and saving it."""

from collections.abc import Iterable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import ChangedMeanwhile
from tracker.forms.dates import FORMS, DateForm, ExtendForm, LateForm, answers, in_short
from tracker.forms.opened import numbered
from tracker.policy import Permission
from tracker.queries import case_page, date_page
from tracker.queries.date_page import LINK_WORDS, DatePage
from tracker.queries.looking import looking
from tracker.queries.standing import DateShown
from tracker.routes import opening
from tracker.routes.conflict import drawn
from tracker.services import dates
from tracker.services.date_foresight import NOT_RUNNING
from tracker.services.date_requests import Act, DoesNotFit, LateReason
from tracker.templating import Link

bp = Blueprint("dates", __name__, url_prefix="/cases/<string:reference>/deadlines/<string:key>")
bp.before_request(opening.canonical)

_ACT = f"<any({', '.join(Act)}):act>"


@bp.get(f"/{_ACT}", defaults={"instance": ""})
@bp.get(f"/<string:instance>/{_ACT}")
@auth.needs(Permission.CASE_READ)
def show(reference: str, key: str, instance: str, act: str) -> ResponseReturnValue:
    """The form: how the date stands now, and what is asked."""
    page = _open(reference, key, instance, act)
    opening.note_view(page.case)
    form = _form(page, blank=True)
    form.version.data, form.seq.data = str(page.head.version), str(page.head.seq)
    form.request_id.data = opening.new_request_id()
    return _page(page, form)


@bp.get(f"/{_ACT}/check", defaults={"instance": ""})
@bp.get(f"/<string:instance>/{_ACT}/check")
@auth.needs(Permission.CASE_READ)
def back(reference: str, key: str, instance: str, act: str) -> ResponseReturnValue:
    """Somebody opened the address of the new working: there is none yet, so to the form."""
    return redirect(url_for(".show", reference=reference, key=key, instance=instance, act=act))


@bp.post(f"/{_ACT}/check", defaults={"instance": ""})
@bp.post(f"/<string:instance>/{_ACT}/check")
@auth.needs(Permission.CASE_READ)
def check(reference: str, key: str, instance: str, act: str) -> ResponseReturnValue:
    """The new working before anything is saved, or the form again with what is to put right."""
    page, today = _open(reference, key, instance, act), parts.today()
    form = _form(page)
    if "change" in request.form:
        return _page(page, form)
    asked = form.asked(today)
    if not form.complete(own=_own(page)) or asked is None:
        return _page(page, form, status=422)
    if form.seen()[0] != page.head.version:
        return _conflict(page, form)
    try:
        with looking() as session:
            foreseen = date_page.foretold(session, page, asked, today)
    except DoesNotFit as refused:
        form.refuse(refused.about, str(refused))
        return _page(page, form, status=422)
    return render_template(
        "dates/check.html",
        page_of=page,
        head=page.head,
        foreseen=foreseen,
        answers=answers(asked, page.unit),
        carried=form.kept(today),
        again=_address(page, "check"),
        save=_address(page, "save"),
        back=opening.home_of(page.case),
        passed=foreseen.after.is_overdue(today),
        shell=opening.marked(case_page.mark_of(page.head)),
    )


@bp.post(f"/{_ACT}", defaults={"instance": ""})
@bp.post(f"/<string:instance>/{_ACT}")
@auth.needs(Permission.CASE_READ)
def save(reference: str, key: str, instance: str, act: str) -> ResponseReturnValue:
    """Do it. Sent twice, it is done once."""
    page = _open(reference, key, instance, act)
    form = _form(page)
    asked = form.asked(parts.today())
    if not form.complete(own=_own(page)) or asked is None:
        return _page(page, form, status=422)
    try:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference, lock=True)
            deadline = access.deadline_for(session, case, key.upper(), instance)
            event = dates.change_date(
                session, auth.actor(), case, deadline, asked,
                seen_version=form.seen()[0], at=parts.at(), request_id=numbered(form.request_id.data),
            )  # fmt: skip
            words = date_page.done_words(event)
    except ChangedMeanwhile:
        return _conflict(page, form)
    except DoesNotFit as refused:
        form.refuse(refused.about, str(refused))
        return _page(page, form, status=422)
    flash(words)
    return redirect(opening.home_of(page.case), 303)


@bp.app_template_global()
def date_links(reference: str, shown: Iterable[DateShown]) -> Mapping[str, tuple[Link, ...]]:
    """The links under each running date of a case, by ``KEY/instance``: what the reader may do to it."""
    with looking() as session:
        ways = date_page.ways_to_change(session, auth.actor(), reference)
    return {
        place: tuple(_link(reference, one, act) for act in ways.get(place, ()))
        for one in shown
        if one.running
        for place in (f"{one.key}/{one.instance}",)
    }


def _link(reference: str, shown: DateShown, act: Act) -> Link:
    href = url_for(
        "dates.show", reference=reference, key=shown.key.lower(), instance=shown.instance, act=str(act)
    )
    return Link(LINK_WORDS[act], href, f"for: {shown.what}")


def _open(reference: str, key: str, instance: str, act: str) -> DatePage:
    with looking() as session:
        return date_page.opened(session, auth.actor(), reference, key, instance, Act(act), parts.today())


def _own(page: DatePage) -> bool:
    return page.authority is None or page.authority.own


def _form(page: DatePage, *, blank: bool = False) -> DateForm:
    made = LateForm if page.act is Act.EXTEND and not page.extendable else FORMS[page.act]
    form = made(formdata=None) if blank else made()
    return form.suited(page.unit, own=_own(page)) if isinstance(form, ExtendForm) else form


def _address(page: DatePage, endpoint: str) -> str:
    shown = page.shown
    return url_for(
        f".{endpoint}",
        reference=page.head.reference,
        key=shown.key.lower(),
        instance=shown.instance,
        act=str(page.act),
    )


def _page(page: DatePage, form: DateForm, *, status: int = 200) -> ResponseReturnValue:
    late, in_the_way = isinstance(form, LateForm), date_page.in_the_way(page)
    if late:
        form.offer_late(page.case.process)
    status = 409 if in_the_way else status
    return render_template(
        "dates/late.html" if late else "dates/form.html",
        page_of=page,
        head=page.head,
        form=form,
        action=_address(page, "save" if late else "check"),
        back=opening.home_of(page.case),
        in_the_way=in_the_way,
        errors=web.problems(form) if status == 422 else (),
        shell=opening.marked(case_page.mark_of(page.head)),
    ), status


def _conflict(page: DatePage, form: DateForm) -> ResponseReturnValue:
    """Somebody else saved first; nothing typed is lost."""
    asked = form.asked(parts.today())
    late = asked is None or isinstance(asked, LateReason)
    page = _open(page.head.reference, page.shown.key, page.shown.instance, str(page.act))
    with looking() as session:
        yours = in_short(asked, page.unit) if asked else ""
        found = date_page.conflict(session, auth.actor(), page, form.seen()[1], yours)
    return drawn(
        page.head,
        page.case,
        found,
        action=_address(page, "save" if late else "check"),
        pairs=form.kept(parts.today()),
        typed="\n".join(f"{key}: {value}" for key, value, _ in answers(asked, page.unit)) if asked else "",
        cannot="" if page.deadline.status == "running" else NOT_RUNNING,
    )
