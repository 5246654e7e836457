"""Who really holds a link: I am covering, it went to the wrong person, this was not me. A GET shows, a POST saves."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.errors import NotPermitted
from tracker.forms.updates import MINE, CoveringForm, NotMeForm, WrongPersonForm
from tracker.policy import Permission
from tracker.queries import update_page
from tracker.queries.looking import looking
from tracker.routes import opening, updates
from tracker.services import link_people, link_withdrawals, update_links
from tracker.services.update_links import LinkEnded

bp = Blueprint("update_people", __name__, url_prefix="/u/<string:key>")
bp.after_request(updates.unlisted)
bp.register_error_handler(LinkEnded, updates.ended)


@bp.get("/covering")
@auth.needs(Permission.PUBLIC)
def covering(key: str) -> ResponseReturnValue:
    """Ask who covers."""
    form = CoveringForm(formdata=None)
    form.request_id.data = opening.new_request_id()
    return _page("updates/covering.html", key, form)


@bp.post("/covering")
@auth.needs(Permission.PUBLIC)
def cover(key: str) -> ResponseReturnValue:
    """Send whoever covers a link of their own, and tell the business unit."""
    form = CoveringForm()
    given = form.given()
    if given is None:
        return _page("updates/covering.html", key, form, status=422)
    name, email = given
    try:
        with parts.database().transaction() as records:
            link = update_links.find(records, updates.secret(), key, parts.at())
            link_people.cover(
                records, link, name=name, email=email, about=update_page.records_of(records, link),
                secret=updates.secret(), request_id=form.request_id.data or None, at=parts.at(),
            )  # fmt: skip
    except NotPermitted as refused:
        form.email.errors = [str(refused)]
        return _page("updates/covering.html", key, form, status=422)
    flash("Thank you. We are sending you a link of your own, and have told the business unit.")
    return redirect(url_for("updates.show", key=key), 303)


@bp.get("/wrong-person")
@auth.needs(Permission.PUBLIC)
def wrong(key: str) -> ResponseReturnValue:
    """Ask what is wrong."""
    form = WrongPersonForm(formdata=None)
    form.request_id.data = opening.new_request_id()
    return _page("updates/wrong_person.html", key, form)


@bp.post("/wrong-person")
@auth.needs(Permission.PUBLIC)
def tell(key: str) -> ResponseReturnValue:
    """Tell the business unit."""
    form = WrongPersonForm()
    words = form.words()
    if not words:
        return _page("updates/wrong_person.html", key, form, status=422)
    with parts.database().transaction() as records:
        link = update_links.find(records, updates.secret(), key, parts.at())
        link_people.wrong_person(
            records, link, words, update_page.records_of(records, link),
            request_id=form.request_id.data or None, at=parts.at(),
        )  # fmt: skip
    flash("Thank you. The business unit sees this today and puts it right. Nothing more is needed from you.")
    return redirect(url_for("updates.show", key=key), 303)


@bp.get("/<string:reference>/not-me/<int:seq>")
@auth.needs(Permission.PUBLIC)
def not_me(key: str, reference: str, seq: int) -> ResponseReturnValue:
    """Ask whether an update came from the mailbox."""
    return _not_me_page(key, reference, seq, NotMeForm(formdata=None))


@bp.post("/<string:reference>/not-me/<int:seq>")
@auth.needs(Permission.PUBLIC)
def take_back(key: str, reference: str, seq: int) -> ResponseReturnValue:
    """Take an update back, and tell the business unit."""
    form = NotMeForm()
    answer = form.answer()
    if not answer:
        return _not_me_page(key, reference, seq, form, status=422)
    if answer == MINE:
        flash("Thank you. The update stays as it is.")
        return redirect(url_for("updates.show", key=key), 303)
    with parts.database().transaction() as records:
        link = update_links.find(records, updates.secret(), key, parts.at())
        update_links.hold(records, link)
        case = update_page.case_for(records, link.actor, reference, lock=True)
        link_withdrawals.withdraw(records, link, case, seq, at=parts.at())
    flash("Thank you. The update is taken back, and the business unit has been told.")
    return redirect(url_for("updates.show", key=key), 303)


def _page(
    template: str, key: str, form: CoveringForm | WrongPersonForm, *, status: int = 200
) -> ResponseReturnValue:  # fmt: skip
    seen = updates.look(key)
    return render_template(
        template,
        key=key,
        page=seen.page,
        form=form,
        errors=web.problems(form) if status != 200 else (),
        shell=seen.shell,
    ), status


def _not_me_page(
    key: str, reference: str, seq: int, form: NotMeForm, *, status: int = 200
) -> ResponseReturnValue:
    seen = updates.look(key)
    with looking() as records:
        case = update_page.case_for(records, seen.link.actor, reference)
        event = link_withdrawals.update_of(records, seen.link, case, seq)
        gone = link_withdrawals.withdrawn(records, case, event)
    return render_template(
        "updates/not_me.html",
        key=key,
        page=seen.page,
        reference=case.reference,
        seq=seq,
        saved_at=event.recorded_at,
        gone=gone,
        form=form,
        errors=web.problems(form) if status != 200 else (),
        shell=seen.shell,
    ), status
