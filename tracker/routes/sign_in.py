"""The door: signing in, signing out, and going to one's own first page."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from tracker import auth, errorpages, headers, parts, web
from tracker.forms.sign_in import SignInForm
from tracker.policy import Permission
from tracker.services import people, sign_in
from tracker.throttle import TriedTooOften

bp = Blueprint("sign_in", __name__)
TEMPLATE = "sign_in/sign_in.html"
ENDED = (
    "You were signed out, because nothing happened for a while or because you signed out elsewhere. "
    "Sign in to go on."
)


@bp.get("/")
@auth.needs(Permission.SIGNED_IN)
def first() -> ResponseReturnValue:
    """Go to the first page of whoever asks; of several homes, to the one they chose in Account."""
    actor, chosen = auth.actor(), ""
    if len(web.homes_of(actor)) > 1:
        with parts.database().reading() as session:
            chosen = people.first_page_of(session, actor)
    return redirect(web.home(actor, chosen))


@bp.get("/sign-in")
@auth.needs(Permission.PUBLIC)
def show() -> ResponseReturnValue:
    """The form. Somebody who is signed in already goes on."""
    wanted = auth.safe_next(request.args.get("next", "/"))
    if auth.visit() is not None:
        return redirect(wanted)
    form = SignInForm(formdata=None, data={"next": wanted})
    notice = ENDED if auth.had_ended() else ""
    return render_template(TEMPLATE, form=form, notice=notice, **_demonstration())


@bp.post("/sign-in")
@auth.needs(Permission.PUBLIC)
def enter() -> ResponseReturnValue:
    """Sign in, or say the same about every way in which it did not work."""
    form = SignInForm()
    if not form.validate():
        return web.redrawn(TEMPLATE, form, _demonstration())
    if not auth.sign_in_with(form.email.data or "", form.password.data or ""):
        form.refuse()
        return web.redrawn(TEMPLATE, form, _demonstration())
    return redirect(auth.safe_next(form.next.data or "/"), 303)


@bp.post("/sign-out")
@auth.needs(Permission.PUBLIC)
def leave() -> ResponseReturnValue:
    """Sign out: the session ends on the server, so that a copied cookie opens nothing."""
    visit = auth.visit()
    if visit is not None:
        with parts.database().transaction() as session:
            sign_in.end(session, visit.sign_in_id, at=parts.at())
    auth.forget()
    response = redirect(url_for(".show"), 303)
    response.headers.extend(headers.SIGNED_OUT)
    return response


@bp.errorhandler(CSRFError)
def gone(error: CSRFError) -> ResponseReturnValue:
    """Draw the form again with what was typed, where it had been open for too long. Nobody was signed in."""
    if request.endpoint != "sign_in.enter":
        return errorpages.answer(error)
    form = SignInForm()
    form.email.errors = ["The page had been open for too long. Enter your password and sign in again"]
    return web.redrawn(TEMPLATE, form, _demonstration(), status=400)


@bp.errorhandler(TriedTooOften)
def too_often(error: TriedTooOften) -> ResponseReturnValue:
    """Say how long to wait, with the address that was typed still there."""
    form = SignInForm()
    form.email.errors = [str(error)]
    page, status = web.redrawn(TEMPLATE, form, _demonstration(), status=429)
    return page, status, {"Retry-After": str(error.seconds)}


def _demonstration() -> dict[str, object]:
    """The people of a demonstration and their password, where there is one: never in production."""
    settings = parts.settings()
    if settings.production or settings.demo_password is None:
        return {"people": (), "password": ""}
    with parts.database().reading() as session:
        found = people.demonstration(session)
    g.demonstration = bool(found)  # for the strip that says so
    return {"people": found, "password": settings.demo_password.get_secret_value() if found else ""}
