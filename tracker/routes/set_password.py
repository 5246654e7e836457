"""Setting one's own password by a link from a mail. Opening the link changes nothing."""

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.errors import BadInput
from tracker.forms.people import SetPasswordForm
from tracker.policy import Permission
from tracker.services import password_links as service
from tracker.services.password_links import PasswordLinkEnded

bp = Blueprint("set_password", __name__, url_prefix="/set-password")


@bp.after_request
def unlisted(response: Response) -> Response:
    """Keep these addresses out of every search engine."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.errorhandler(PasswordLinkEnded)
def ended(_error: PasswordLinkEnded) -> ResponseReturnValue:
    """Say the same of every link that does not work."""
    return render_template("set_password/ended.html"), 410


@bp.get("/done")
@auth.needs(Permission.PUBLIC)
def done() -> ResponseReturnValue:
    """The password is set."""
    return render_template("set_password/done.html")


@bp.get("/<string:token>")
@auth.needs(Permission.PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """The form."""
    with parts.database().reading() as session:
        service.person_of(session, _secret(), token, parts.at())
    return render_template("set_password/form.html", form=SetPasswordForm(formdata=None), token=token)


@bp.post("/<string:token>")
@auth.needs(Permission.PUBLIC)
def save(token: str) -> ResponseReturnValue:
    """Set the password. Every session of the person ends, and so does the link."""
    with parts.database().reading() as session:
        service.person_of(session, _secret(), token, parts.at())
    form = SetPasswordForm()
    if not form.validate():
        return web.redrawn("set_password/form.html", form, {"token": token})
    try:
        with parts.database().transaction() as session:
            service.set_password(session, _secret(), token, form.new.data or "", at=parts.at())
    except BadInput as refused:
        form.new.errors = [str(refused).rstrip(".")]
        return web.redrawn("set_password/form.html", form, {"token": token})
    return redirect(url_for(".done"), 303)


def _secret() -> str:
    key = parts.settings().secret_key
    return key.get_secret_value() if key else ""
