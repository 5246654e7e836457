"""The private feed of a person's dates, and the page on which its address is made."""

from flask import Blueprint, Response, flash, get_flashed_messages, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.errors import BadInput, NotPossible, NotVisible
from tracker.forms.calendar_filters import FeedForm
from tracker.forms.facts import complain
from tracker.policy import Permission
from tracker.queries import feed_entries
from tracker.reports.calendar_file import calendar_file
from tracker.routes.calendar_pages import places
from tracker.services import feeds

bp = Blueprint("feeds", __name__, url_prefix="/calendar")

TEMPLATE = "calendar/subscribe.html"
_ADDRESS, _SAID = "feed address", "message"


@bp.get("/subscribe")
@auth.needs(Permission.CASE_READ)
def show() -> ResponseReturnValue:
    """The address, shown once when it is new, and what it shows."""
    with parts.database().reading() as session:
        form = FeedForm(formdata=None).show(feeds.feed_of(session, auth.actor()))
    key = next(iter(get_flashed_messages(category_filter=[_ADDRESS])), "")
    said = next(iter(get_flashed_messages(category_filter=[_SAID])), "")
    return _page(form, key=str(key), notice=str(said))


@bp.post("/subscribe")
@auth.needs(Permission.CASE_READ)
def make() -> ResponseReturnValue:
    """Make the address, or a new one in its place."""
    form = FeedForm()
    chosen = form.chosen()
    if chosen is None:
        return _page(form, status=422)
    try:
        with parts.database().transaction() as session:
            key = feeds.make(session, auth.actor(), chosen, at=parts.at())
    except BadInput as refused:
        complain(form.scope, str(refused).rstrip("."))
        return _page(form, status=422)
    flash(key, _ADDRESS)
    return redirect(url_for(".show"), 303)


@bp.post("/subscribe/choices")
@auth.needs(Permission.CASE_READ)
def choose() -> ResponseReturnValue:
    """Let the address show something else."""
    form = FeedForm()
    chosen = form.chosen()
    if chosen is None:
        return _page(form, status=422)
    try:
        with parts.database().transaction() as session:
            feeds.choose(session, auth.actor(), chosen, at=parts.at())
    except (BadInput, NotPossible) as refused:
        complain(form.scope, str(refused).rstrip("."))
        return _page(form, status=422)
    flash("Your calendar shows this from its next refresh on.", _SAID)
    return redirect(url_for(".show"), 303)


@bp.post("/subscribe/end")
@auth.needs(Permission.CASE_READ)
def end() -> ResponseReturnValue:
    """End the address."""
    with parts.database().transaction() as session:
        feeds.end(session, auth.actor(), at=parts.at())
    flash("The address has ended. It opens nothing any more.", _SAID)
    return redirect(url_for(".show"), 303)


@bp.get("/feed/<string:key>.ics")
@auth.needs(Permission.PUBLIC)
def file(key: str) -> ResponseReturnValue:
    """The calendar file. The key is the only sign of who asks; it opens what that person may see now."""
    at = parts.at()
    with parts.database().reading() as session:
        found = feeds.opened(session, key, at=at)
        if found is None:
            raise NotVisible("There is no such calendar.")
        entries = feed_entries.entries(session, found.actor, found.chosen, parts.settings().base_url, at=at)
    if found.to_note:
        with parts.database().transaction() as session:
            feeds.note_fetched(session, found, [entry.reference for entry in entries], at=at)
    response = Response(calendar_file(entries), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="case-tracker-dates.ics"'
    return response


def _page(form: FeedForm, *, key: str = "", notice: str = "", status: int = 200) -> ResponseReturnValue:
    form.fit(agency=auth.actor().organisation_id is not None)
    with parts.database().reading() as session:
        feed = feeds.feed_of(session, auth.actor())
        fetched_at = feed.fetched_at if feed else None
        made_at = feed.made_at if feed else None
    base = parts.settings().base_url.rstrip("/")
    return render_template(
        TEMPLATE,
        subnav=places("subscribe"),
        address=f"{base}{url_for('.file', key=key)}" if key else "",
        made_at=made_at,
        fetched_at=fetched_at,
        form=form,
        errors=web.problems(form) if status != 200 else (),
        notice=notice,
    ), status
