"""Admin: what an administrator looks after. They set the service up and see no content of any case."""

from collections.abc import Iterable
from typing import NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker import auth
from tracker.models import Role
from tracker.policy import Permission, may_knock
from tracker.templating import NavItem

bp = Blueprint("admin", __name__, url_prefix="/admin")


class Page(NamedTuple):
    """One page of Admin: its name, address and use, what it takes to open it, and what else belongs to it."""

    text: str
    href: str
    words: str
    permission: Permission
    also: tuple[str, ...] = ()


PAGES: tuple[Page, ...] = (
    Page(
        "People and access", "/admin/people",
        "Who holds which role where, since when, and who was last here.", Permission.PEOPLE_MANAGE,
    ),
    Page(
        "Partnerships and areas", "/partnerships",
        "Mailbox and telephone of each business unit; areas and their relevant bodies, by date.",
        Permission.SETUP_READ, also=("/areas",),
    ),
    Page(
        "Agencies", "/admin/agencies",
        "Bodies that lead actions or send information in, by date, and who succeeds them.", Permission.PEOPLE_MANAGE,
    ),
    Page(
        "Closed days", "/closed-days",
        "Days that do not count as working days, and what a new one would move.", Permission.CLOSED_DAYS_READ,
    ),
    Page("Local timings", "/policies", "Rules and lengths by partnership, area and date.", Permission.POLICY_READ),
    Page(
        "Letters and e-mails", "/letters-and-emails",
        "Every letter and every e-mail, with what must and what may be in it, and a preview.",
        Permission.SETUP_READ, also=("/letter-templates",),
    ),
    Page(
        "Runs and outbox", "/admin/runs",
        "When reminders last ran, what waits, and what did not arrive.", Permission.RUNS, also=("/returning-mail",),
    ),
    Page(
        "Audit", "/admin/audit",
        "Whether the history of every case still holds together.", Permission.AUDIT_READ,
    ),
    Page(
        "Retention", "/retention",
        "How long closed records are kept, what is due, and legal holds.", Permission.RETENTION_READ,
    ),
    Page("Names of things", "/names", "What each partnership calls its reviews.", Permission.SETUP_READ),
)  # fmt: skip
"""Every page of Admin, in order. A new one is put here."""

_OWN = ("/admin",)
"""Beginnings of addresses that are an administrator's, or have a place of their own in the navigation."""


@bp.app_template_global()
def admin_pages() -> tuple[NavItem, ...]:
    """The sub navigation of Admin: the pages open to the reader, if they are an administrator."""
    return _items(PAGES) if auth.actor().holds(Role.ADMINISTRATOR) else ()


@bp.app_template_global()
def setup_pages() -> tuple[NavItem, ...]:
    """The same for everybody else: what is set up, as far as it is theirs to see or to change."""
    return _items(setup_of())


def setup_of() -> tuple[Page, ...]:
    """The pages of the set-up that somebody who is no administrator may open."""
    return tuple(page for page in PAGES if not page.href.startswith(_OWN) and _is_open(page))


@bp.get("")
@auth.needs(Permission.PEOPLE_MANAGE)
def show() -> ResponseReturnValue:
    """What there is."""
    pages = [(page.text, page.href, page.words) for page in PAGES if _is_open(page)]
    return render_template("admin/admin.html", pages=pages)


def _items(pages: Iterable[Page]) -> tuple[NavItem, ...]:
    return tuple(
        NavItem(page.text, page.href, current=any(_is_here(href) for href in (page.href, *page.also)))
        for page in pages
        if _is_open(page)
    )


def _is_open(page: Page) -> bool:
    return may_knock(auth.actor(), page.permission)


def _is_here(href: str) -> bool:
    return request.path == href or request.path.startswith(f"{href}/")
