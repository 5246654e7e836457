"""Plans: the adopted ones, and each as it was printed, on a page and as a file."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.errors import NotVisible
from tracker.policy import Permission
from tracker.queries import due_dates, plans
from tracker.queries.plans import PlanPage
from tracker.reports.action_plan import TYPES, written
from tracker.routes import sub_navigation
from tracker.services.lookups import note_file

bp = Blueprint("plans", __name__, url_prefix="/plans")


@bp.get("")
@auth.needs(Permission.WORK_READ)
def show() -> ResponseReturnValue:
    """Every plan, the newest first."""
    with parts.database().reading() as session:
        found = plans.plans(session, auth.actor(), parts.today())
    return render_template("plans/plans.html", found=found, subnav=sub_navigation.of_actions(here="Plans"))


@bp.get("/<string:key>")
@auth.needs(Permission.WORK_READ)
def plan(key: str) -> ResponseReturnValue:
    """The columns as they were adopted, and ours beside them."""
    return render_template(
        "plans/plan.html",
        plan=_open(key),
        kinds=tuple(TYPES),
        subnav=sub_navigation.of_actions(here="Plans"),
    )


@bp.get("/<string:key>.<string:kind>")
@auth.needs(Permission.WORK_READ)
def file(key: str, kind: str) -> ResponseReturnValue:
    """The columns of the plan as a file, every cell as printed. That it was made is recorded."""
    if kind not in TYPES:
        raise NotVisible("There is no such file.")
    found = _open(key)
    with parts.database().transaction() as session:
        note_file(session, auth.actor(), "plan", [row.reference for row in found.rows], at=parts.at())
    response = Response(written(kind, found.printed, found.headings, found.name), mimetype=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{found.key}.{kind}"'
    return response


def _open(key: str) -> PlanPage:
    actor = auth.actor()
    with parts.database().reading() as session:
        horizon = due_dates.horizon_for(session, actor, parts.today())
        return plans.plan_page(session, actor, key, horizon)
