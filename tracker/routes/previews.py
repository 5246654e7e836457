"""Letters and e-mails: every one of them, with what must and what may be in it, and how it would look. No case is read."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from tracker import auth
from tracker.policy import Permission, may_knock
from tracker.queries import previews
from workflows.letter_kinds import KINDS

bp = Blueprint("previews", __name__, url_prefix="/letters-and-emails")


@bp.get("")
@auth.needs(Permission.SETUP_READ)
def show() -> ResponseReturnValue:
    """The list."""
    return render_template(
        "previews/previews.html",
        kinds=KINDS.values(),
        versions=previews.versions(),
        mails=previews.MAILS,
        changes=may_knock(auth.actor(), Permission.LETTER_TEMPLATES),
    )


@bp.get("/letters/<string:code>")
@auth.needs(Permission.SETUP_READ)
def letter(code: str) -> ResponseReturnValue:
    """One letter, filled with made-up values."""
    return render_template("previews/letter.html", page=previews.letter_shown(code.upper()))


@bp.get("/e-mails/<string:name>")
@auth.needs(Permission.SETUP_READ)
def mail(name: str) -> ResponseReturnValue:
    """One e-mail, from made-up values, in plain text and as HTML."""
    return render_template(
        "previews/mail.html",
        page=previews.mail_shown(name),
        items=previews.ITEM_FIELDS,
        words=previews.WORD_FIELDS,
    )


@bp.get("/e-mails/<string:name>/file")
@auth.needs(Permission.SETUP_READ)
def file(name: str) -> ResponseReturnValue:
    """The same as a file that a mail program opens."""
    found = previews.mail_shown(name)
    return Response(
        found.file,
        mimetype="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{found.mail.name}.eml"'},
    )
