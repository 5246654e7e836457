"""Admin: what an administrator looks after. They set the service up and see no content of any case."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker import auth
from tracker.models import Role
from tracker.policy import Permission, may_knock
from tracker.templating import NavItem

bp = Blueprint("admin", __name__, url_prefix="/admin")

PAGES: tuple[tuple[str, str, str, Permission], ...] = (
    (
        "People and access", "/admin/people",
        "Who holds which role where, since when, and who was last here.", Permission.PEOPLE_MANAGE,
    ),
    ("Names of things", "/names", "What each partnership calls its reviews.", Permission.SETUP_READ),
    ("Areas", "/areas", "Areas and their relevant bodies, by date.", Permission.SETUP_READ),
    (
        "Closed days", "/closed-days",
        "Days that do not count as working days, and what a new one would move.", Permission.CLOSED_DAYS_READ,
    ),
    ("Local timings", "/policies", "Rules and lengths by partnership, area and date.", Permission.POLICY_READ),
    (
        "Agencies", "/admin/agencies",
        "Bodies that lead actions or send information in, by date.", Permission.PEOPLE_MANAGE,
    ),
    (
        "Runs and outbox", "/admin/runs",
        "When reminders last ran, what waits, and what did not arrive.", Permission.RUNS,
    ),
    (
        "Audit", "/admin/audit",
        "Whether the history of every case still holds together.", Permission.AUDIT_READ,
    ),
)  # fmt: skip
"""Every page of Admin: its name, its address, what it is for, and what it takes to open it. A new one is put here."""


@bp.app_template_global()
def admin_pages() -> tuple[NavItem, ...]:
    """The sub navigation of Admin: the pages open to the reader, if they are an administrator."""
    actor = auth.actor()
    if not actor.holds(Role.ADMINISTRATOR):
        return ()
    return tuple(
        NavItem(text, href, current=request.path == href or request.path.startswith(f"{href}/"))
        for text, href, _, permission in PAGES
        if may_knock(actor, permission)
    )


@bp.get("")
@auth.needs(Permission.PEOPLE_MANAGE)
def show() -> ResponseReturnValue:
    """What there is."""
    open_ = [
        (text, href, words) for text, href, words, permission in PAGES if may_knock(auth.actor(), permission)
    ]
    return render_template("admin/admin.html", pages=open_)
