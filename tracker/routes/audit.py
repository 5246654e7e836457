"""Audit: whether every history holds together, and for auditors who looked at what."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.forms.audit import LookedForm
from tracker.policy import Permission, may_knock
from tracker.queries import audit as query
from tracker.queries.audit import Checked, LookedPage
from tracker.queries.looking import looking

bp = Blueprint("audit", __name__, url_prefix="/admin/audit")


@bp.get("")
@auth.needs(Permission.AUDIT_READ)
def show() -> ResponseReturnValue:
    """The button, and for auditors the question."""
    return _page()


@bp.post("")
@auth.needs(Permission.AUDIT_READ)
def check() -> ResponseReturnValue:
    """Check every history. Nothing is changed."""
    with looking() as session:
        found = query.check(session, auth.actor())
    return _page(checked=found)


@bp.get("/access")
@auth.needs(Permission.ACCESS_READ)
def access() -> ResponseReturnValue:
    """What one person looked at between two days."""
    form = LookedForm(formdata=request.args)
    with looking() as session:
        people = query.people(session, auth.actor())
        asked = form.offer(people).read(people)
        found = query.looked(session, auth.actor(), *asked) if asked else None
    return _page(form=form, found=found, status=200 if asked else 422)


def _page(
    *,
    checked: Checked | None = None,
    form: LookedForm | None = None,
    found: LookedPage | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    if may_knock(auth.actor(), Permission.ACCESS_READ) and form is None:
        with looking() as session:
            form = LookedForm(formdata=None).offer(query.people(session, auth.actor()))
    return render_template(
        "admin/audit.html",
        checked=checked,
        form=form,
        found=found,
        most=query.MOST,
        at=parts.at(),
        errors=web.problems(form) if form is not None and status == 422 else (),
    ), status
