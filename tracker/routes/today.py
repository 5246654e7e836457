"""Today: what must I do now? And the lists behind its numbers."""

from flask import Blueprint, Response, after_this_request, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.errors import NotVisible
from tracker.forms.filters import Asked, page_of, scope_of
from tracker.policy import Permission, may_knock
from tracker.queries import due_dates, today, waiting
from tracker.queries.due_dates import Scope, Window
from tracker.routes import opening
from tracker.routes.health import STARTED_AT
from tracker.templating import NavItem

bp = Blueprint("today", __name__, url_prefix="/today")

KEPT = {True: "__Host-whose", False: "tracker_whose"}
"""The cookie that keeps the choice between mine and the whole unit's, one of two words: where it is secure, and not."""
KEPT_SECONDS = 365 * 24 * 3600

LISTS = {
    "overdue": (Window.OVERDUE, "Overdue", "Nothing is overdue."),
    "due-today": (Window.TODAY, "Due today", "Nothing is due today."),
    "coming-up": (
        Window.SOON,
        "Due in the next 10 working days",
        "Nothing is due in the next 10 working days.",
    ),
}
"""The last part of the address, the dates it lists, its title, and what it says when there are none."""


@bp.get("")
@auth.needs(Permission.WORK_READ)
def show() -> ResponseReturnValue:
    """The page: mine, or the whole unit's."""
    actor, scope = auth.actor(), _kept_scope()
    with parts.database().reading() as session:
        shown = today.today(session, actor, scope, parts.today(), at=parts.at(), started_at=STARTED_AT)
    return render_template(
        "lists/today.html",
        today=shown,
        counts=today.title_counts(shown.numbers),
        whose=_whose(scope, "/today"),
        lists=_lists(scope),
        may_log=may_knock(actor, Permission.CASE_LOG),
        may_see_reminders=may_knock(actor, Permission.REMINDERS_READ),
        notice=opening.notice(),
    )


@bp.get("/waiting")
@auth.needs(Permission.WORK_READ)
def waiting_on_others() -> ResponseReturnValue:
    """Everything that others owe."""
    actor, scope = auth.actor(), scope_of(request.args)
    with parts.database().reading() as session:
        horizon = due_dates.horizon_for(session, actor, parts.today())
        found = waiting.page_of_waiting(
            session, actor, scope, horizon, parts.at(), page=page_of(request.args)
        )
    return render_template(
        "lists/waiting.html",
        found=found,
        may_chase=may_knock(actor, Permission.CASE_RECORD),
        notice=opening.notice(),
        whose=_whose(scope, "/today/waiting"),
        asked=_asked("/today/waiting", scope),
        back=_asked("/today", scope).with_(),
    )


@bp.get("/<string:which>")
@auth.needs(Permission.WORK_READ)
def dates(which: str) -> ResponseReturnValue:
    """Every date behind one of the numbers."""
    if which not in LISTS:
        raise NotVisible("There is no such list.")
    window, title, nothing = LISTS[which]
    actor, scope, path = auth.actor(), scope_of(request.args), f"/today/{which}"
    with parts.database().reading() as session:
        horizon = due_dates.horizon_for(session, actor, parts.today())
        found = due_dates.page_of_dates(session, actor, window, scope, horizon, page=page_of(request.args))
    return render_template(
        "lists/dates.html",
        found=found,
        title=title,
        nothing=nothing,
        whose=_whose(scope, path),
        asked=_asked(path, scope),
        back=_asked("/today", scope).with_(),
    )


def _kept_scope() -> Scope:
    """Whose work was chosen, now or the last time in this browser."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    name = KEPT[secure]
    if "whose" not in request.args:
        return Scope.MINE if request.cookies.get(name) == Scope.MINE else Scope.UNIT
    scope = scope_of(request.args)

    def keep(response: Response) -> Response:
        response.set_cookie(name, scope, max_age=KEPT_SECONDS, httponly=True, samesite="Lax", secure=secure)
        return response

    after_this_request(keep)
    return scope


def _asked(path: str, scope: Scope) -> Asked:
    return Asked(path, (("whose", scope if scope is Scope.MINE else ""),))


def _whose(scope: Scope, path: str) -> tuple[NavItem, NavItem]:
    return (
        NavItem("Whole unit", f"{path}?whose={Scope.UNIT}", current=scope is Scope.UNIT),
        NavItem("Mine", f"{path}?whose={Scope.MINE}", current=scope is Scope.MINE),
    )


def _lists(scope: Scope) -> dict[str, str]:
    """The address of the list behind each number."""
    found = {which.replace("-", "_"): _asked(f"/today/{which}", scope).with_() for which in LISTS}
    return {
        **found,
        "waiting": _asked("/today/waiting", scope).with_(),
        "gaps": _asked("/actions", scope).with_(gap="any"),
    }
