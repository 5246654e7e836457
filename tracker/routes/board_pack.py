"""The board pack: chosen in the address, looked through on the page, printed there, or taken away as a Word document."""

from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.forms.board_pack import BoardPackForm, address_of
from tracker.policy import Permission
from tracker.queries import board_gaps, board_pack
from tracker.queries.board_pack import Asked
from tracker.queries.looking import looking
from tracker.reports.board_pack import TYPE, to_docx
from tracker.routes import opening
from tracker.services.lookups import note_file

bp = Blueprint("board_pack", __name__, url_prefix="/reports")

ROWS_ON_PAGE = 60
"""Rows of one table on the page; the Word document has them all."""


@bp.get("/board-pack")
@auth.needs(Permission.BOARD_PACK)
def show() -> ResponseReturnValue:
    """The pack with its contents to tick, and what to put right first. ``view=print`` shows the pack alone."""
    form, asked = _asked()
    if asked is None:
        return render_template(
            "reports/board_pack.html", form=form, pack=None, gaps=(), errors=web.problems(form), alone=False
        ), 422
    alone = request.args.get("view") == "print"
    with looking() as session:
        pack = board_pack.pack(session, auth.actor(), asked, parts.today())
        gaps = () if alone else board_gaps.gaps(session, auth.actor(), parts.today())
    same = urlencode(address_of(asked))
    return render_template(
        "reports/board_pack.html",
        form=form,
        pack=pack,
        gaps=gaps,
        alone=alone,
        most=ROWS_ON_PAGE,
        page=f"/reports/board-pack?{same}",
        word=f"/reports/board-pack.docx?{same}",
        print_view=f"/reports/board-pack?{same}&view=print",
        notice=opening.notice(),
        shell=opening.marked(f"{pack.mark}. {pack.title}."),
    )


@bp.get("/board-pack.docx")
@auth.needs(Permission.BOARD_PACK)
def word() -> ResponseReturnValue:
    """The same pack as a Word document. That it was made, and of what, is recorded."""
    _, asked = _asked()
    if asked is None:
        abort(404)
    with looking() as session:
        pack = board_pack.pack(session, auth.actor(), asked, parts.today())
    with parts.database().transaction() as session:
        note_file(session, auth.actor(), "board-pack", pack.references, at=parts.at())
    response = Response(to_docx(pack), mimetype=TYPE)
    name = f"board-pack-{asked.as_at.isoformat()}-{pack.mark.lower()}.docx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked() -> tuple[BoardPackForm, Asked | None]:
    with looking() as session:
        places = board_pack.places(session, auth.actor())
    form = BoardPackForm(request.args).offer(places, parts.today())
    return form, form.asked(request.args)
