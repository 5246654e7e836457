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

_UNIT = (Role.OFFICER, Role.MANAGER)
_DECIDING = (*_UNIT, Role.CHAIR, Role.DECISION_MAKER)


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation, and the roles whose work it is."""

    text: str
    href: str
    roles: tuple[Role, ...]


PLACES = (
    Place("Today", "/today", _DECIDING),
    Place("My work", "/my-work", (Role.LEAD, Role.PANEL)),
    Place("Cases", "/cases", (*_DECIDING, Role.AUDITOR)),
    Place("Actions", "/actions", (*_DECIDING, Role.AUDITOR)),
    Place("Reminders sent", "/reports/reminders", (*_UNIT, Role.CHAIR)),
)
"""In the order of the navigation. Somebody with two roles sees the union; their first place is their home."""


def navigation(actor: Actor) -> tuple[NavItem, ...]:
    """The pages that are there and open to the actor, in order."""
    return tuple(
        NavItem(place.text, place.href, current=_is_here(place.href))
        for place in PLACES
        if actor.holds(*place.roles) and _open_to(actor, place.href)
    )


def home(actor: Actor) -> str:
    """The address of the actor's first page."""
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


def _is_here(href: str) -> bool:
    return request.path == href or request.path.startswith(f"{href}/")


def _open_to(actor: Actor, href: str) -> bool:
    adapter = current_app.url_map.bind("localhost")
    try:
        endpoint, _ = adapter.match(href, method="GET")
    except HTTPException:
        return False
    label = auth.label_of(endpoint)
    return label is not None and may_knock(actor, label.permission)
