"""One's own account: roles, sessions, password."""

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, headers, parts, passwords, web
from tracker.forms.account import FirstPageForm, PasswordForm
from tracker.policy import Permission, may_knock
from tracker.routes import admin
from tracker.services import people, sign_in

bp = Blueprint("account", __name__, url_prefix="/account")
TEMPLATE = "account/account.html"
LOOKED_AFTER = (
    (
        Permission.WORK_READ,
        "Figures",
        "Annual figures of ASB case reviews, to approve and publish",
        "/figures/asb",
    ),
)
"""What somebody looks after besides the set-up, whose pages tracker.routes.admin lists."""
"""Pages that are not in the navigation: what they are, and who may open them."""


@bp.get("")
@auth.needs(Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    """Who I am here, where I am signed in, and a new password."""
    notice = next(iter(get_flashed_messages()), "")
    return render_template(TEMPLATE, form=PasswordForm(formdata=None), notice=notice, **_mine())


@bp.post("/stay")
@auth.needs(Permission.SIGNED_IN)
def stay() -> ResponseReturnValue:
    """Keep the session open: being asked is enough, as with every other request."""
    return "", 204


@bp.post("/password")
@auth.needs(Permission.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """Replace the password. Every other session ends; this one goes on under a new token."""
    form = PasswordForm()
    if not form.validate() or not _fits(form):
        return web.redrawn(TEMPLATE, form, _mine())
    knocked, right = auth.compare(auth.actor().email, form.present.data or "")
    if not right:
        form.present.errors = ["That is not the password that you have now"]
        return web.redrawn(TEMPLATE, form, _mine())
    with parts.database().transaction() as session:
        token = people.change_own_password(session, auth.actor(), knocked, form.new.data or "", at=parts.at())
        begun = sign_in.resume(session, token, at=parts.at(), idle=auth.idle()) if token else None
    if token is None or begun is None:
        form.present.errors = ["Your password was changed elsewhere a moment ago"]
        return web.redrawn(TEMPLATE, form, _mine())
    auth.renew(token, begun)
    flash("Your password is changed. You are signed out everywhere else.")
    return redirect(url_for(".show"), 303)


@bp.post("/first-page")
@auth.needs(Permission.SIGNED_IN)
def choose_first_page() -> ResponseReturnValue:
    """Which of several homes comes first."""
    homes = _homes()
    form = FirstPageForm().offer(homes)
    chosen = form.chosen(homes)
    if chosen is None:
        mine = {**_mine(), "first_page": form}
        return render_template(
            TEMPLATE, form=PasswordForm(formdata=None), errors=web.problems(form), **mine
        ), 422
    with parts.database().transaction() as session:
        people.choose_first_page(session, auth.actor(), chosen)
    flash("Your first page is changed.")
    return redirect(url_for(".show"), 303)


@bp.post("/sign-out-everywhere")
@auth.needs(Permission.SIGNED_IN)
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session, this one too."""
    with parts.database().transaction() as session:
        sign_in.end_all(session, auth.actor().user_id or 0, at=parts.at())
    auth.forget()
    response = redirect(url_for("sign_in.show"), 303)
    response.headers.extend(headers.SIGNED_OUT)
    return response


def _fits(form: PasswordForm) -> bool:
    wrong = passwords.complaint(form.new.data or "", auth.actor().email)
    if wrong:
        form.new.errors = [wrong]
    return wrong is None


def _homes() -> tuple[tuple[str, str], ...]:
    return tuple((place.href, place.text) for place in web.homes_of(auth.actor()))


def _mine() -> dict[str, object]:
    visit, actor = auth.visit(), auth.actor()
    with parts.database().reading() as session:
        roles = people.own_roles(session, actor)
        sessions = people.own_sessions(session, actor, this_one=visit.sign_in_id if visit else 0)
        chosen = people.first_page_of(session, actor)
    homes = _homes()
    first = FirstPageForm(formdata=None).offer(homes, web.home(actor, chosen)) if len(homes) > 1 else None
    named = [(auth.TITLES[role].capitalize(), where) for role, where in roles]
    places = [(page.text, page.words, page.href) for page in admin.setup_of()]
    places += [
        (text, sub, href) for permission, text, sub, href in LOOKED_AFTER if may_knock(actor, permission)
    ]
    return {"person": actor, "roles": named, "sessions": sessions, "places": places, "first_page": first}
