"""Reports: what there is, whose time reviews took, and how the partnership does with its dates and its actions."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.errors import NotVisible
from tracker.forms.filters import Asked, cell, page_of
from tracker.policy import Permission, may_knock
from tracker.queries import performance, stage_times
from tracker.queries.looking import looking
from tracker.queries.paging import PER_PAGE, Paged, page_within
from tracker.queries.performance import LISTS, quarter_of, quarter_words
from tracker.queries.performance_dates import Outcome, counted, past_dates
from tracker.queries.stage_times import SERIES
from tracker.routes import csv_file
from tracker.templating import NavItem

bp = Blueprint("reports", __name__, url_prefix="/reports")

PAGES: tuple[tuple[str, str, str, Permission], ...] = (
    (
        "Board pack", "/reports/board-pack",
        "What the board is shown before it meets, on a page, in print or as a Word document.",
        Permission.BOARD_PACK,
    ),
    (
        "Performance", "/reports/performance",
        "Who holds things up, whether actions get done, whether dates slip.", Permission.WORK_READ,
    ),
    (
        "Published figures", "/figures/asb",
        "The yearly figures of ASB case reviews, with what is behind each.", Permission.WORK_READ,
    ),
    (
        "Stage times", "/reports/stage-times",
        "Where each review is, and whose time it has been.", Permission.WORK_READ,
    ),
    (
        "Agencies", "/reports/agencies",
        "Who was asked for what, how often they were chased, and what came back.", Permission.WORK_READ,
    ),
    (
        "Reminders sent", "/reports/reminders",
        "What was told to whom, when, and whether it arrived.", Permission.REMINDERS_READ,
    ),
    (
        "Exports", "/reports/exports",
        "Every file that can be taken away, and who may.", Permission.WORK_READ,
    ),
)  # fmt: skip
"""The sub navigation of Reports: name, address, what it answers, and what it takes to open it (docs/ux.md (a))."""

BESIDE = (
    (
        "E-mail that comes back", "/returning-mail",
        "Addresses at which nobody can be reminded, and putting one right.", Permission.MAIL_RESUME,
    ),
)  # fmt: skip
"""What the page of all reports lists besides."""

_SORTS = {"dhr": "Reviews of a death", "asb": "ASB case reviews"}
_OUTCOMES = {outcome.name.lower().replace("_", "-"): outcome for outcome in Outcome}


@bp.app_template_global()
def report_pages() -> tuple[NavItem, ...]:
    """The sub navigation of Reports: the pages open to the reader."""
    return tuple(
        NavItem(text, href, current=request.path == href)
        for text, href, _, permission in PAGES
        if may_knock(auth.actor(), permission)
    )


@bp.get("")
@auth.needs(Permission.WORK_READ)
def show() -> ResponseReturnValue:
    """What there is."""
    open_ = [
        (text, href, words)
        for text, href, words, permission in (*PAGES, *BESIDE)
        if may_knock(auth.actor(), permission)
    ]
    return render_template("reports/reports.html", pages=open_)


@bp.get("/published-figures")
@auth.needs(Permission.WORK_READ)
def published_figures() -> ResponseReturnValue:
    """The figures have their own page."""
    return redirect(url_for("figures.show"), 301)


@bp.get("/stage-times")
@auth.needs(Permission.WORK_READ)
def times() -> ResponseReturnValue:
    """One row for each review: whose days they were."""
    sort, closed = _sort(), request.args.get("show") == "all"
    with looking() as session:
        found = stage_times.stage_times(session, auth.actor(), sort, parts.today(), closed=closed)
    asked = Asked(
        "/reports/stage-times", (("type", sort if sort != "dhr" else ""), ("show", "all" if closed else ""))
    )
    return render_template(
        "reports/stage_times.html",
        found=found,
        asked=asked,
        sorts=[
            NavItem(words, asked.with_(type=key if key != "dhr" else ""), current=key == sort)
            for key, words in _SORTS.items()
        ],
        closed=closed,
    )


@bp.get("/stage-times.csv")
@auth.needs(Permission.WORK_READ)
def times_file() -> ResponseReturnValue:
    """The same reviews as a file."""
    sort, closed = _sort(), request.args.get("show") == "all"
    with looking() as session:
        found = stage_times.stage_times(session, auth.actor(), sort, parts.today(), closed=closed)
    headings = ("Reference", "State", *(f"{words} (days)" for _, words, _ in found.series), "All days")
    rows = [(one.reference, one.state, *map(str, one.days), str(one.total)) for one in found.rows]
    return csv_file.made("stage-times", headings, rows, [one.reference for one in found.rows])


@bp.get("/performance")
@auth.needs(Permission.WORK_READ)
def how_it_goes() -> ResponseReturnValue:
    """Agencies, actions by quarter, dates that moved."""
    with looking() as session:
        found = performance.performance(session, auth.actor(), parts.today(), before_us=bool(_before_us()))
    return render_template("reports/performance.html", found=found, more=_before_us())


@bp.get(f"/performance/<any({', '.join(LISTS)}):table>/<string:key>")
@auth.needs(Permission.WORK_READ)
def dates(table: str, key: str) -> ResponseReturnValue:
    """The dates behind one row."""
    outcome = _OUTCOMES.get(request.args.get("outcome", ""))
    with looking() as session:
        every = counted(past_dates(session, auth.actor(), parts.today()), before_us=bool(_before_us()))
    there = [one for one in every if LISTS[table](one) == key]
    if not there:
        raise NotVisible("There is no such row.")
    kept = [one for one in there if outcome is None or one.outcome is outcome]
    page = page_within(page_of(request.args), len(kept))
    path = f"/reports/performance/{table}/{key}"
    more = _before_us()
    asked = Asked(
        path, (("outcome", outcome.name.lower().replace("_", "-") if outcome else ""), *more.items())
    )
    return render_template(
        "reports/past_dates.html",
        found=Paged(tuple(kept[(page - 1) * PER_PAGE : page * PER_PAGE]), len(kept), page),
        title=there[0].agency if table == "agencies" else there[0].source,
        asked=asked,
        more=more,
        whose=[
            NavItem(
                "All",
                url_for(".dates", table=table, key=key, **more),
                current=outcome is None,
                count=len(there),
            ),
            *(
                NavItem(
                    each,
                    url_for(".dates", table=table, key=key, outcome=name, **more),
                    current=outcome is each,
                    count=sum(one.outcome is each for one in there),
                )
                for name, each in _OUTCOMES.items()
            ),
        ],
    )


@bp.get("/performance/quarters.csv")
@auth.needs(Permission.WORK_READ)
def quarters_file() -> ResponseReturnValue:
    """The numbers of the two lines as a file."""
    with looking() as session:
        found = performance.by_quarter(performance.opened_and_closed(session, auth.actor()), parts.today())
    rows = [(one.name, str(one.opened), str(one.closed)) for one in found]
    return csv_file.made("actions-by-quarter", ("Quarter", "Opened", "Closed"), rows, ())


@bp.get("/performance/quarters/<string:key>")
@auth.needs(Permission.WORK_READ)
def quarter(key: str) -> ResponseReturnValue:
    """The actions opened and closed in one quarter."""
    with looking() as session:
        every = performance.opened_and_closed(session, auth.actor())
        found = performance.by_quarter(every, parts.today())
    if key not in {one.key for one in found}:
        raise NotVisible("There is no such quarter.")
    return render_template(
        "reports/quarter.html",
        title=quarter_words(key),
        opened=[one for one in every if quarter_of(one.opened_on) == key],
        closed=[
            one
            for one in every
            if one.closed_on and one.closed_on <= parts.today() and quarter_of(one.closed_on) == key
        ],
    )


@bp.get("/performance.csv")
@auth.needs(Permission.WORK_READ)
def dates_file() -> ResponseReturnValue:
    """Every date behind the page."""
    with looking() as session:
        found = counted(past_dates(session, auth.actor(), parts.today()), before_us=bool(_before_us()))
    headings = (
        "Reference", "What was due", "Kind", "Held by", "Source", "Due", "Met", "Times moved", "Outcome",
    )  # fmt: skip
    rows = [
        (
            one.reference, one.what, one.kind, one.held_by, one.source, cell(one.due_on), cell(one.met_on),
            str(one.moved), str(one.outcome),
        )
        for one in found
    ]  # fmt: skip
    return csv_file.made("performance", headings, rows, sorted({one.reference for one in found}))


def _before_us() -> dict[str, Any]:
    """The part of the address that asks for dates from before a case was brought in; empty: they are left out."""
    return {"brought-in": "all"} if request.args.get("brought-in") == "all" else {}


def _sort() -> str:
    asked = request.args.get("type", "")
    return asked if asked in SERIES else "dhr"
