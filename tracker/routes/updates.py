"""Update without an account: what the holder of a link in a mail sees and says. A GET shows, a POST saves.

Whoever holds the key is let in, and nobody is signed in by it. See docs/ux.md (e) and docs/security.md, threat 15.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, templating, web
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible, NotVisible
from tracker.forms.actions import ANSWERS, UpdateForm
from tracker.forms.facts import offered
from tracker.forms.updates import CodeForm, ReplyForm
from tracker.policy import Permission
from tracker.queries import update_page
from tracker.queries.looking import looking
from tracker.queries.update_page import ItemShown, LinkShown
from tracker.routes import opening
from tracker.services import link_answers, link_codes, link_limits, link_people, update_links
from tracker.services.update_links import LinkEnded, OpenLink
from tracker.templating import Notice, Shell
from workflows.engine import MoveRefused
from workflows.traces import in_words

bp = Blueprint("updates", __name__, url_prefix="/u/<string:key>")
TOKEN = "update_code"  # noqa: S105 - where the cookie keeps what a code has opened
FRESH = "fresh"
CHANGED = "This changed after you opened the page. Look at it again, then send your update. Nothing you wrote is lost."


@dataclass(frozen=True, slots=True)
class Seen:
    """The link of a request and all that it opens. ``opened``: a code was entered in this browser."""

    link: OpenLink
    page: LinkShown
    opened: bool
    shell: Shell


@bp.after_request
def unlisted(response: Response) -> Response:
    """Keep every page about a link out of search engines."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.get("")
@auth.needs(Permission.PUBLIC)
def show(key: str) -> ResponseReturnValue:
    """Everything that the link opens."""
    seen = look(key)
    return render_template(
        "updates/theirs.html", key=key, page=seen.page, notice=opening.notice(), shell=seen.shell
    )


@bp.post("/fresh")
@auth.needs(Permission.PUBLIC)
def fresh(key: str) -> ResponseReturnValue:
    """Send the mailbox of an ended link a fresh one."""
    if request.form.get("send") != FRESH:  # the button says so; a form that is sent empty does not
        return ended(LinkEnded(fresh=True))
    try:
        with parts.database().transaction() as records:
            link_people.send_fresh(records, key, secret=secret(), at=parts.at())
    except NotPermitted as refused:
        return render_template("updates/ended.html", key=key, refused=str(refused), shell=frame()), 422
    return render_template("updates/fresh_sent.html", shell=frame())


@bp.get("/<string:reference>")
@auth.needs(Permission.PUBLIC)
def item(key: str, reference: str) -> ResponseReturnValue:
    """One record, and the question."""
    seen = look(key)
    with looking() as records:
        found = update_page.item(records, seen.link, reference, parts.today(), opened=seen.opened)
    if found.locked:
        return _locked_page(key, seen, found, CodeForm(formdata=None), notice=opening.notice())
    form = UpdateForm(formdata=None) if found.action else ReplyForm(formdata=None)
    form.request_id.data = opening.new_request_id()
    return _item_page(key, seen, found, form, notice=opening.notice())


@bp.post("/<string:reference>")
@auth.needs(Permission.PUBLIC)
def save(key: str, reference: str) -> ResponseReturnValue:
    """Save an answer. Nothing is verified by it."""
    seen = look(key)
    with looking() as records:
        found = update_page.item(records, seen.link, reference, parts.today(), opened=seen.opened)
    if found.locked:
        form = CodeForm(formdata=None)
        form.code.errors = ["Enter the code first. What you wrote was not sent"]
        return _locked_page(key, seen, found, form, status=422)
    form = UpdateForm() if found.action else ReplyForm()
    if isinstance(form, ReplyForm):
        form.offer(found.offered)
    told = form.reply() if isinstance(form, ReplyForm) else form.update()
    if told is None:
        return _item_page(key, seen, found, form, status=422)
    try:
        with parts.database().transaction() as records:
            link = update_links.find(records, secret(), key, parts.at())
            update_links.hold(records, link)
            case = update_page.case_for(records, link.actor, reference, lock=True)
            if isinstance(told, link_answers.Reply):
                link_answers.reply(records, link, case, told, at=parts.at())
            else:
                link_answers.report(records, link, case, told, at=parts.at())
    except (ChangedMeanwhile, NotPossible):
        with looking() as records:
            found = update_page.item(records, seen.link, reference, parts.today(), opened=seen.opened)
        extra = [{"text": CHANGED, "href": "#main"}]
        return _item_page(key, seen, found, form, extra=extra, status=409)
    except MoveRefused as refused:
        extra = [{"text": unmet.words, "href": "#main"} for unmet in refused.unmet]
        return _item_page(
            key, seen, found, form, extra=extra or [{"text": str(refused), "href": "#main"}], status=422
        )
    except BadInput as refused:
        extra = [] if form.take(str(refused)) else [{"text": str(refused), "href": "#main"}]
        return _item_page(key, seen, found, form, extra=extra, status=422)
    return _thanks(key, found.reference)


@bp.post("/<string:reference>/code")
@auth.needs(Permission.PUBLIC)
def send_code(key: str, reference: str) -> ResponseReturnValue:
    """Send six digits to the mailbox of the link."""
    seen = look(key)
    where = redirect(url_for(".item", key=key, reference=reference), 303)
    if request.form.get("send") != "code":  # the button says so; a form that is sent empty does not
        return where
    with parts.database().transaction() as records:
        link = update_links.find(records, secret(), key, parts.at())
        case = update_page.case_for(records, link.actor, reference)
        link_codes.send(records, link, case, at=parts.at())
    flash(f"We are sending a code to {seen.page.mailbox}. It can take a minute, and works for 15 minutes.")
    return where


@bp.post("/<string:reference>/open")
@auth.needs(Permission.PUBLIC)
def enter_code(key: str, reference: str) -> ResponseReturnValue:
    """Open what is restricted, in this browser and for two hours."""
    form, seen = CodeForm(), look(key)
    with parts.database().transaction() as records:
        link = update_links.find(records, secret(), key, parts.at())
        update_page.case_for(records, link.actor, reference)
        tried = link_codes.enter(records, secret(), link, form.code.data or "", at=parts.at())
    if tried.refused:
        form.code.errors = [tried.refused]
        with looking() as records:
            found = update_page.item(records, seen.link, reference, parts.today(), opened=seen.opened)
        return _locked_page(key, seen, found, form, status=422)
    session[TOKEN] = tried.token
    return redirect(url_for(".item", key=key, reference=reference), 303)


@bp.errorhandler(LinkEnded)
def ended(error: LinkEnded) -> ResponseReturnValue:
    """Say that the link has ended, and what to do."""
    key = (request.view_args or {}).get("key", "")
    return render_template("updates/ended.html", key=key, fresh=error.fresh, shell=frame()), 410


def look(key: str) -> Seen:
    """The link of that key and what it opens.

    Raises:
        NotVisible: there never was such a key.
        LinkEnded: it has ended.
        AskedTooOften: too many keys that are nobody's were tried from here.
    """
    try:
        with looking() as records:
            link = update_links.find(records, secret(), key, parts.at())
            opened = link_codes.is_open(records, link, str(session.get(TOKEN, "")), parts.at())
            page = update_page.shown(records, link, parts.today(), opened=opened)
            place, demonstration = update_page.around(records, link)
    except NotVisible:
        with parts.database().transaction() as records:
            if link_limits.guessed(records, request.remote_addr or "", parts.at()):
                raise link_limits.AskedTooOften(link_limits.HOUR) from None
        raise
    return Seen(link, page, opened, frame(place, demonstration=demonstration))


def secret() -> str:
    """The secret from which keys and codes are derived."""
    given = parts.settings().secret_key
    return given.get_secret_value() if given else ""


def frame(partnership: str = "", *, demonstration: bool = False) -> Shell:
    """The frame of these pages: the same for everybody, whoever may be signed in besides."""
    return Shell(
        partnership=partnership, printed_at=parts.at(), demonstration=demonstration, home_href="/help"
    )


def _thanks(key: str, reference: str) -> ResponseReturnValue:
    """Thank, and go on to the next one."""
    seen = look(key)
    rest = [one for one in seen.page.others(reference) if one.answered_here and not one.answered]
    more = update_page.how_many(rest, "more ")
    left = (
        f"{more} {'is' if len(rest) == 1 else 'are'} yours." if rest else "Nothing else is waiting for you."
    )
    flash(f"Thank you. Saved at {templating.clock_time(parts.at())}. {left}")
    if rest and not rest[0].locked:
        return redirect(url_for(".item", key=key, reference=rest[0].reference), 303)
    return redirect(url_for(".show", key=key), 303)


def _item_page(
    key: str, seen: Seen, found: ItemShown, form: UpdateForm, *, notice: str | Notice = "",
    extra: list[dict[str, str]] | None = None, status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    form.version.data, form.seq.data = str(found.version), str(found.seq)
    if isinstance(form, ReplyForm):
        form.offer(found.offered)
    else:
        since = f"No change since {in_words(found.said_on)}" if found.said_on else ANSWERS[0][1]
        form.answer.choices = offered(
            ((str(ANSWERS[0][0]), since), *((str(a), words) for a, words in ANSWERS[1:]))
        )
    return render_template(
        "updates/item.html",
        key=key,
        page=seen.page,
        one=found,
        form=form,
        errors=web.problems(form, extra=extra or ()) if status != 200 else (),
        notice=notice,
        shell=seen.shell,
    ), status


def _locked_page(
    key: str, seen: Seen, found: ItemShown, form: CodeForm, *, notice: str | Notice = "", status: int = 200
) -> ResponseReturnValue:
    with looking() as records:
        waiting = link_codes.waiting(records, seen.link, parts.at()) is not None
    return render_template(
        "updates/locked.html",
        key=key,
        page=seen.page,
        one=found,
        form=form,
        waiting=waiting or status != 200,
        agreed=seen.link.reads_restricted,
        errors=web.problems(form) if status != 200 else (),
        notice=notice,
        shell=seen.shell,
    ), status
