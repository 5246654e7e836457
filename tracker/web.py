"""What every page needs around it: the navigation of each role, the shell, and the list of a form's errors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import current_app, g, render_template, request
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import HTTPException
from wtforms import Form

from tracker import auth, parts
from tracker.models import Role
from tracker.policy import Actor, Permission, may_knock
from tracker.templating import NavItem, Shell


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation; ``also`` are the beginnings of further addresses that belong to it."""

    text: str
    href: str
    also: tuple[str, ...] = ()


TODAY = Place("Today", "/today")
AT_RISK = Place("At risk", "/at-risk")
MY_WORK = Place("My work", "/my-work")
CASES = Place("Cases", "/cases")
ACTIONS = Place("Actions", "/actions")
CALENDAR = Place("Calendar", "/calendar")
REPORTS = Place("Reports", "/reports", also=("/figures",))
ADMIN = Place(
    "Admin",
    "/admin",
    also=(
        "/names", "/areas", "/partnerships", "/closed-days", "/policies", "/letters-and-emails",
        "/letter-templates", "/retention", "/returning-mail",
    ),
)  # fmt: skip
AUDIT = Place("Audit", "/admin/audit")

ORDER = (TODAY, AT_RISK, MY_WORK, CASES, ACTIONS, CALENDAR, REPORTS, AUDIT, ADMIN)
"""Every place, in the order in which they stand. A new one is put here and given to its roles below."""

_ALL_DAY = (TODAY, CASES, ACTIONS, CALENDAR, REPORTS)
_LOOKING_AHEAD = (AT_RISK, CASES, ACTIONS, CALENDAR, REPORTS)
NAVIGATION: Mapping[Role, tuple[Place, ...]] = {
    Role.OFFICER: _ALL_DAY,
    Role.DECISION_MAKER: _ALL_DAY,
    Role.MANAGER: _LOOKING_AHEAD,
    Role.CHAIR: _LOOKING_AHEAD,
    Role.LEAD: (MY_WORK, CALENDAR),
    Role.PANEL: (MY_WORK, CALENDAR),
    Role.AUDITOR: (REPORTS, CASES, AUDIT),
    Role.ADMINISTRATOR: (ADMIN,),
}
"""What each role works with, its home first (docs/ux.md (a)). A place whose page is not there is not shown."""

_NO_HOME = (Role.ADMINISTRATOR,)


def homes_of(actor: Actor) -> tuple[Place, ...]:
    """The homes of all that the actor is, in order."""
    held = [role for role in NAVIGATION if actor.holds(role) and role not in _NO_HOME]
    return tuple(sorted({NAVIGATION[role][0] for role in held}, key=ORDER.index))


def places_of(actor: Actor) -> tuple[Place, ...]:
    """The places of all that the actor is: the homes first, then the rest, each once and in order."""
    held, homes = [role for role in NAVIGATION if actor.holds(role)], homes_of(actor)
    theirs = {place for role in held for place in NAVIGATION[role]}
    return tuple(sorted(theirs, key=lambda place: (place not in homes, ORDER.index(place))))


def navigation(actor: Actor) -> tuple[NavItem, ...]:
    """The pages that are there and open to the actor, in order."""
    return tuple(
        NavItem(place.text, place.href, current=_is_here(place))
        for place in places_of(actor)
        if _open_to(actor, place.href)
    )


def with_cases(actor: Actor) -> Place:
    """Where the actor finds a case again: the list, or the first page of those who work with no list."""
    places = places_of(actor)
    return CASES if CASES in places or not places else places[0]


def home(actor: Actor, chosen: str = "") -> str:
    """The address of the actor's first page: of several homes the one they chose, or else the first."""
    if chosen in {place.href for place in homes_of(actor)}:
        return chosen
    return next((place.href for place in navigation(actor)), "/account")


def shell() -> Shell:
    """The frame around every page of this request. Asks the database nothing, so that error pages can have it."""
    visit = auth.visit()
    if visit is None:
        return Shell(printed_at=parts.at(), demonstration=bool(g.get("demonstration", False)))
    return Shell(
        partnership=visit.places[0] if len(visit.places) == 1 else "",
        who=visit.actor.name,
        nav=navigation(visit.actor),
        printed_at=parts.at(),
        demonstration=visit.demonstration,
        csrf_token=generate_csrf(),
        account_href="/account",
        search=may_knock(visit.actor, Permission.CASE_READ),
        idle_minutes=parts.settings().idle_minutes,
    )


def page_values() -> dict[str, object]:
    """What the templates are given besides what a view gives them."""
    return {"shell": shell()}


def redrawn(
    template: str, form: Form, values: Mapping[str, object] | None = None, *, status: int = 422
) -> tuple[str, int]:
    """Show a form again with what was typed and what to put right."""
    return render_template(template, form=form, errors=problems(form), **(values or {})), status


def problems(form: Form, *, extra: Iterable[Mapping[str, str]] = ()) -> list[Mapping[str, str]]:
    """The error summary of a form: the same words as at the fields, each a link to its field."""
    listed: list[Mapping[str, str]] = list(extra)
    listed += [{"text": field.errors[0], "href": f"#{field.id}"} for field in form if field.errors]
    return listed


def _is_here(place: Place) -> bool:
    return any(
        request.path == href or request.path.startswith(f"{href}/") for href in (place.href, *place.also)
    )


def is_there(href: str) -> bool:
    """Whether there is such a page, and it is open to the reader."""
    return _open_to(auth.actor(), href)


def _open_to(actor: Actor, href: str) -> bool:
    adapter = current_app.url_map.bind("localhost")
    try:
        endpoint, _ = adapter.match(href, method="GET")
    except HTTPException:
        return False
    label = auth.label_of(endpoint)
    return label is not None and may_knock(actor, label.permission)
