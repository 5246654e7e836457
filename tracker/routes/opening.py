"""What every page of a case does first: the address in capitals, a note of the view, the frame with its mark."""

from dataclasses import replace
from uuid import uuid4

from flask import flash, get_flashed_messages, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.models import Case, Sensitivity
from tracker.templating import Link, Notice, Shell

_LINK = "link"


def canonical() -> ResponseReturnValue | None:
    """Send somebody who typed a reference in small letters to its one address."""
    given = (request.view_args or {}).get("reference", "")
    if request.method != "GET" or given == given.upper() or request.endpoint is None:
        return None
    values = {**(request.view_args or {}), **request.args.to_dict(), "reference": given.upper()}
    return redirect(url_for(request.endpoint, **values), 301)


def note_view(case: Case) -> None:
    """Record that a restricted case was opened: the only thing that a GET writes."""
    if case.sensitivity != Sensitivity.RESTRICTED:
        return
    with parts.database().transaction() as session:
        access.note_view(session, auth.actor(), case, parts.at())


def home_of(case: Case) -> str:
    """The page of a case: an action's own, or the case page."""
    page = "actions.show" if case.process == "action_item" else "cases.show"
    return url_for(page, reference=case.reference)


def marked(mark: str) -> Shell:
    """The frame with the mark that is printed at the end of each page."""
    return replace(web.shell(), mark=mark)


def flash_link(text: str, href: str) -> None:
    """Say a link with what was done, once."""
    flash(f"{href} {text}", _LINK)


def notice() -> str | Notice:
    """What was done by the request before this one, said once, with the links to it."""
    flashed = get_flashed_messages()
    linked = get_flashed_messages(category_filter=[_LINK])
    text = " ".join(str(said) for said in flashed if said not in linked)
    parted = [str(said).partition(" ") for said in linked]
    links = tuple(Link(words, href) for href, _, words in parted)
    return Notice(text, links=links) if links else text


def new_request_id() -> str:
    """The number of a form: sent twice, it counts once."""
    return str(uuid4())
