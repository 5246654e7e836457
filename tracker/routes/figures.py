"""The annual figures of ASB case reviews on one page, with what is asked about them; approved, published, as files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    get_flashed_messages,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.errors import BadInput
from tracker.forms.facts import complain
from tracker.forms.figures import ApproveForm, PeriodForm, PublishedForm
from tracker.policy import Permission
from tracker.queries import asb_returns, figures_foi
from tracker.queries import figures as query
from tracker.queries.figures import FiguresShown
from tracker.queries.looking import looking
from tracker.reports import asb_figures
from tracker.reports.plan_table import to_csv
from tracker.services import figures
from tracker.services.figures import Reporting
from tracker.services.lookups import note_file

bp = Blueprint("figures", __name__, url_prefix="/figures")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose figures and for which period: what the address says, and the same to put into another."""

    form: PeriodForm
    period: Reporting
    where: Mapping[str, str]

    @property
    def address(self) -> dict[str, str]:
        """The values of an address of the same figures."""
        return {
            "place": self.form.place.data or "",
            "first": self.period.first.isoformat(),
            "last": self.period.last.isoformat(),
        }

    @property
    def page(self) -> str:
        """The address of the page."""
        return f"{url_for('figures.show')}?{urlencode(self.address)}"


@bp.get("/asb")
@auth.needs(Permission.WORK_READ)
def show() -> ResponseReturnValue:
    """The four figures, what is behind them, and the answers to what is asked."""
    return _page(ApproveForm(formdata=None), PublishedForm(formdata=None))


@bp.get("/asb.csv")
@auth.needs(Permission.WORK_READ)
def table() -> ResponseReturnValue:
    """The figures as a table."""
    found, asked = _found()
    return _file(asb_figures.as_csv(found), "text/csv", f"asb-figures-{asked.period.last.year}.csv")


@bp.get("/asb.html")
@auth.needs(Permission.WORK_READ)
def fragment() -> ResponseReturnValue:
    """The figures as a piece to put into a page."""
    found, asked = _found()
    return _file(
        asb_figures.as_fragment(found).encode(), "text/html", f"asb-figures-{asked.period.last.year}.html"
    )


@bp.get("/asb-returns.csv")
@auth.needs(Permission.WORK_READ)
def returns() -> ResponseReturnValue:
    """The return for the local policing body: one row for each application that the reader may open."""
    asked, actor = _asked(), auth.actor()
    if asked is None:
        abort(404)
    with looking() as session:
        place = query.place_of(session, actor, **asked.where)
        rows = asb_returns.returns(session, actor, place, asked.period)
    name = f"asb-returns-{asked.period.last.year}.csv"
    references = [row[asb_returns.HEADINGS[0]] for row in rows]
    return _file(to_csv(rows, asb_returns.HEADINGS), "text/csv", name, "asb-returns", references)


@bp.post("/asb/approve")
@auth.needs(Permission.FIGURES_APPROVE)
def approve() -> ResponseReturnValue:
    """Lock the figures."""
    asked, form, actor = _asked(), ApproveForm(), auth.actor()
    if asked is None:
        abort(404)
    try:
        with parts.database().transaction() as session:
            row = figures.approve(
                session, actor, query.place_of(session, actor, **asked.where), asked.period,
                seen=form.numbers(), footnote=form.words("footnote"), reason=form.words("reason"), at=parts.at(),
            )  # fmt: skip
            version = row.version
    except BadInput as refused:
        complain(form.reason if "why" in str(refused) else form.footnote, str(refused).rstrip("."))
        return _page(form, PublishedForm(formdata=None), status=422)
    flash(f"The figures are approved, version {version}.")
    return redirect(asked.page, 303)


@bp.post("/asb/published")
@auth.needs(Permission.FIGURES_APPROVE)
def published() -> ResponseReturnValue:
    """Record where the figures are published."""
    asked, form, actor = _asked(), PublishedForm(), auth.actor()
    if asked is None:
        abort(404)
    on = form.day()
    if on is not None:
        try:
            with parts.database().transaction() as session:
                figures.record_published(
                    session, actor, query.place_of(session, actor, **asked.where), asked.period,
                    url=form.url.data or "", on=on, at=parts.at(),
                )  # fmt: skip
        except BadInput as refused:
            complain(form.on if "day" in str(refused) else form.url, str(refused).rstrip("."))
    if form.url.errors or form.on.errors:
        return _page(ApproveForm(formdata=None), form, status=422)
    flash("Where the figures are published is recorded.")
    return redirect(asked.page, 303)


def _asked() -> Asked | None:
    """What the address asks for; None where it cannot be read."""
    form = _period_form()
    period = form.period()
    return Asked(form, period, form.place_asked()) if period else None


def _period_form() -> PeriodForm:
    with looking() as session:
        places = query.places(session, auth.actor())
    return PeriodForm(request.args).offer(places, parts.today())


def _found() -> tuple[FiguresShown, Asked]:
    asked, actor = _asked(), auth.actor()
    if asked is None:
        abort(404)
    with looking() as session:
        place = query.place_of(session, actor, **asked.where)
        return query.shown(session, actor, place, asked.period, parts.today()), asked


def _page(approving: ApproveForm, publishing: PublishedForm, *, status: int = 200) -> ResponseReturnValue:
    form, actor = _period_form(), auth.actor()
    period = form.period()
    if period is None:
        return render_template("figures/asb.html", form=form, found=None, errors=web.problems(form)), 422
    asked = Asked(form, period, form.place_asked())
    with looking() as session:
        place = query.place_of(session, actor, **asked.where)
        found = query.shown(session, actor, place, period, parts.today())
        years = figures_foi.years(session, place, period)
        answers = figures_foi.answers(session, place, period)
    return render_template(
        "figures/asb.html",
        form=form,
        found=found,
        years=years,
        answers=answers,
        asked=asked.address,
        approving=approving,
        publishing=publishing,
        errors=[*web.problems(approving), *web.problems(publishing)] if status != 200 else (),
        notice=next(iter(get_flashed_messages()), "") if status == 200 else "",
    ), status


def _file(
    content: bytes, kind: str, name: str, what: str = "asb-figures", references: Sequence[str] = ()
) -> Response:
    """A file to keep. That it was made is recorded, with the cases that it names."""
    with parts.database().transaction() as session:
        note_file(session, auth.actor(), what, references, at=parts.at())
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
