"""The Word templates of a partnership's letters: the list, the default to start from, an own one, back to the default."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.errors import BadInput, NotVisible
from tracker.forms.facts import complain
from tracker.forms.letters import TemplateForm
from tracker.letters import checking, filling
from tracker.policy import Permission
from tracker.queries import letter_templates as query
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.routes.letters import as_file
from tracker.services import letter_templates
from workflows.letter_kinds import KINDS
from workflows.letters import LetterKind

bp = Blueprint("letter_templates", __name__, url_prefix="/letter-templates")


@bp.get("")
@auth.needs(Permission.LETTER_TEMPLATES)
def choose() -> ResponseReturnValue:
    """Whose templates? With one partnership there is nothing to choose."""
    with looking() as session:
        places = query.places(session, auth.actor())
        if len(places) == 1:
            return redirect(url_for(".show", place=places[0].key))
        return render_template("letters/places.html", places=[(each.key, each.name) for each in places])


@bp.get("/<string:place>")
@auth.needs(Permission.LETTER_TEMPLATES)
def show(place: str) -> ResponseReturnValue:
    """Every kind of letter and the template that new ones take."""
    with looking() as session:
        partnership = access.partnership_for(session, auth.actor(), place, Permission.LETTER_TEMPLATES)
        rows, name = query.rows(session, partnership), partnership.name
    return render_template(
        "letters/templates.html", place=place, name=name, rows=rows, notice=opening.notice()
    )


@bp.get("/<string:place>/<string:code>")
@auth.needs(Permission.LETTER_TEMPLATES)
def one(place: str, code: str) -> ResponseReturnValue:
    """One kind: what its letters must say, and the form for a file."""
    return _page(place, _kind(code), TemplateForm(formdata=None))


@bp.get("/<string:place>/<string:code>/<any(default, own):which>")
@auth.needs(Permission.LETTER_TEMPLATES)
def file(place: str, code: str, which: str) -> ResponseReturnValue:
    """The default template, or the partnership's own, as a Word file."""
    kind = _kind(code)
    with looking() as session:
        partnership = access.partnership_for(session, auth.actor(), place, Permission.LETTER_TEMPLATES)
        own = letter_templates.active(session, partnership.id or 0).get(kind.code)
        if which == "default":
            return as_file(filling.default_template(kind.code), f"{kind.code}-default.docx")
        if own is None:
            raise NotVisible("There is no template of your own for this letter.")
        return as_file(own.document, f"{kind.code}-{place}.docx")


@bp.post("/<string:place>/<string:code>")
@auth.needs(Permission.LETTER_TEMPLATES)
def upload(place: str, code: str) -> ResponseReturnValue:
    """Take the file as template, or say everything that is wrong with it."""
    kind, form = _kind(code), TemplateForm()
    document = form.document(checking.MOST_BYTES)
    if document is None:
        return _page(place, kind, form, status=422)
    try:
        with parts.database().transaction() as session:
            actor = auth.actor()
            partnership = access.partnership_for(session, actor, place, Permission.LETTER_TEMPLATES)
            letter_templates.upload(
                session, actor, partnership, kind.code, form.name.data or "", document, at=parts.at()
            )
    except BadInput as refused:
        complain(form.file, str(refused))
        return _page(place, kind, form, status=422)
    flash(
        f"New letters of {kind.code} take your template. Letters that are drafted already stay as they are."
    )
    return redirect(url_for(".show", place=place), 303)


@bp.post("/<string:place>/<string:code>/back")
@auth.needs(Permission.LETTER_TEMPLATES)
def back(place: str, code: str) -> ResponseReturnValue:
    """New letters take the default again."""
    kind, actor = _kind(code), auth.actor()
    with parts.database().transaction() as session:
        partnership = access.partnership_for(session, actor, place, Permission.LETTER_TEMPLATES)
        letter_templates.back_to_default(session, actor, partnership, kind.code)
    flash(f"New letters of {kind.code} take the default template again.")
    return redirect(url_for(".show", place=place), 303)


def _kind(code: str) -> LetterKind:
    kind = KINDS.get(code)
    if kind is None:
        raise NotVisible("There is no such letter.")
    return kind


def _page(place: str, kind: LetterKind, form: TemplateForm, *, status: int = 200) -> ResponseReturnValue:
    with looking() as session:
        partnership = access.partnership_for(session, auth.actor(), place, Permission.LETTER_TEMPLATES)
        row = next(each for each in query.rows(session, partnership) if each.kind.code == kind.code)
    return render_template(
        "letters/template.html",
        place=place,
        row=row,
        tags=query.tags(kind),
        form=form,
        errors=web.problems(form) if status != 200 else (),
    ), status
