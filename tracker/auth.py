"""Who is there, and the closed door: an endpoint without a permission label answers nobody.

``needs`` is only a label. One check before every request reads it; the decision with the record in hand is made in
``access`` and in the services.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import HTTPException
from wtforms import ValidationError

from tracker import nul, parts, passwords
from tracker.errors import NotPermitted, TrackerError
from tracker.models import Role
from tracker.policy import AT_THE_DOOR, Actor, Permission, may_knock
from tracker.services import drafts, sign_in
from tracker.services.sign_in import Knock, Visit
from tracker.throttle import TriedTooOften

View = TypeVar("View", bound=Callable[..., object])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

TITLES: dict[Role, str] = {
    Role.OFFICER: "officer",
    Role.MANAGER: "manager",
    Role.CHAIR: "chair",
    Role.DECISION_MAKER: "decision-maker",
    Role.LEAD: "lead",
    Role.PANEL: "panel member",
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "administrator",
}
"""The roles as pages say them."""


class NobodySignedIn(TrackerError):
    """Something was sent by nobody: the session has ended, or there never was one.

    ``kept`` is the draft that holds what was sent, if it could be kept for whoever was signed in.
    """

    def __init__(self, words: str, kept: int | None = None) -> None:
        super().__init__(words)
        self.kept = kept


class Unlabelled(RuntimeError):
    """A view has no permission label. That is a mistake in the code, and the view stays closed."""


@dataclass(frozen=True, slots=True)
class Label:
    """What an endpoint asks for at the door, and how many bytes may be sent to it (None: the usual limit)."""

    permission: Permission
    upload_bytes: int | None = None


class SignedIn(UserMixin):  # type: ignore[misc]
    """Somebody with a running session. To Flask-Login their id is the random token, which can be revoked."""

    def __init__(self, token: str, visit: Visit) -> None:
        self.token = token
        self.visit = visit

    def get_id(self) -> str:
        """The token of the session."""
        return self.token


_LABELS: dict[object, Label] = {}


def needs(permission: Permission, *, upload_bytes: int | None = None) -> Callable[[View], View]:
    """Label a view with the permission that it is about. Goes directly on the function, below the route."""

    def labelled(view: View) -> View:
        _LABELS[view] = Label(permission, upload_bytes)
        return view

    return labelled


def label_of(endpoint: str) -> Label | None:
    """The label of an endpoint of the application that answers; None if it has none."""
    return _LABELS.get(current_app.view_functions.get(endpoint))


def install(app: Flask) -> None:
    """Close the door: nothing below it runs for somebody who may not knock."""
    # No page asks the library who is there: a page that says that the records are out of reach could not be drawn.
    manager = LoginManager(app, add_context_processor=False)
    # Flask-Login would bind sessions to an X-Forwarded-For that anybody can write.
    manager.session_protection = None
    manager.user_loader(_load)
    needs(Permission.PUBLIC)(app.view_functions["static"])
    app.before_request(_check)


def actor() -> Actor:
    """Who acts in this request.

    Raises:
        NobodySignedIn: nobody is; only on public pages.

    """
    found = visit()
    if found is None:
        raise NobodySignedIn("Nobody is signed in.")
    return found.actor


def visit() -> Visit | None:
    """The session behind this request, if somebody is signed in. Asks the database nothing."""
    found = g.get("visit")
    return found if isinstance(found, Visit) else None


def compare(email: str, password: str) -> tuple[Knock, bool]:
    """Count a try and compare the password, outside any transaction: that takes long on purpose.

    Raises:
        TriedTooOften: it is too soon to try again. The password was not looked at.
    """
    with parts.database().transaction() as records:
        knocked = sign_in.knock(records, email=email, address=request.remote_addr or "", at=parts.at())
    if isinstance(knocked, int):
        raise TriedTooOften(knocked)
    return knocked, passwords.matches(knocked.stored, password)


def sign_in_with(email: str, password: str) -> bool:
    """Try to sign somebody in; False if the address and the password are not those of somebody who may.

    Raises:
        TriedTooOften: it is too soon to try again.
    """
    knocked, right = compare(email, password)
    with parts.database().transaction() as records:
        token = sign_in.enter(records, knocked, password=password, right=right, at=parts.at())
        begun = sign_in.resume(records, token, at=parts.at(), idle=idle()) if token else None
    if token is None or begun is None:
        return False
    renew(token, begun)
    return True


def renew(token: str, begun: Visit) -> None:
    """Put a new token in the browser; nothing of the old cookie stays."""
    session.clear()
    login_user(SignedIn(token, begun))
    session.pop("_id", None)  # a digest of the network address, of no use to us
    g.visit = begun


def forget() -> None:
    """Empty the cookie. The session on the server is ended by whoever calls this."""
    session.clear()
    g.visit = None


def idle() -> timedelta:
    """How long a session stays open without a request."""
    return timedelta(minutes=parts.settings().idle_minutes)


def had_ended() -> bool:
    """Whether the browser still carries the token of a session that has ended."""
    return visit() is None and "_user_id" in session


def safe_next(target: str) -> str:
    """The address to go on to after signing in: one of our own pages, or ``/``."""
    endpoint = _ours(target, "GET")
    return target if endpoint is not None and endpoint not in {"static", "sign_in.show"} else "/"


def takes_forms(target: str) -> bool:
    """Whether that is an address of ours that forms for somebody signed in are sent to."""
    endpoint = _ours(target, "POST")
    label = label_of(endpoint) if endpoint else None
    return label is not None and label.permission not in {Permission.PUBLIC, Permission.SIGNED_IN}


def _ours(target: str, method: str) -> str | None:
    """The endpoint behind an address. Whatever a browser might take for another site has none."""
    plain = unquote(target)
    odd = any(ord(letter) < 33 or ord(letter) == 127 or letter == "\\" for letter in plain)
    if odd or not plain.startswith("/") or plain.startswith("//") or len(target) > 2000:
        return None
    adapter = current_app.url_map.bind("localhost")
    try:
        endpoint, _ = adapter.match(unquote(urlsplit(target).path), method=method)
    except HTTPException:
        return None
    return str(endpoint)


def who_can(permission: Permission) -> str:
    """Say who may do this, for the page that says that you may not."""
    titles = [TITLES[role] for role in AT_THE_DOOR.get(permission, ())]
    if not titles:
        return f"Nobody can {permission} here."
    words = " or ".join((", ".join(titles[:-1]), titles[-1])) if len(titles) > 1 else titles[0]
    article = "an" if words[0] in "aeiou" else "a"
    return f"To {permission} you must be {article} {words}. Nothing has been changed."


def _load(token: str) -> SignedIn | None:
    database, at = parts.database(), parts.at()
    with database.reading() as records:
        found = sign_in.resume(records, token, at=at, idle=idle())
    if found is None:
        return None
    if found.to_note:
        _note_seen(found, at)
    return SignedIn(token, found)


def _note_seen(found: Visit, at: datetime) -> None:
    with parts.database().transaction() as records:
        sign_in.note_seen(records, found.sign_in_id, at=at)


def _check() -> ResponseReturnValue | None:
    if request.endpoint == "static" or (request.routing_exception is not None and request.endpoint is None):
        # No row is read for a stylesheet. An address that is not there says so to everybody alike.
        _see(lookup=request.endpoint != "static" and not _unusable())
        return None
    _see(lookup=True)
    label = label_of(request.endpoint or "")
    if label is None:
        raise Unlabelled(f"{request.endpoint} has no permission label")
    if label.upload_bytes is not None:
        request.max_content_length = label.upload_bytes
    return _answer_at_the_door(label.permission)


def _kept(permission: Permission) -> int | None:
    """Keep what was sent for whoever's session ran out under it. Passwords stand on pages for any signed-in person.

    The form is read only where the cookie names a session that once was, and the form carries its token.
    """
    token = session.get("_user_id")
    if not isinstance(token, str) or permission is Permission.SIGNED_IN or request.method != "POST":
        return None
    with parts.database().reading() as records:
        user_id = sign_in.whose(records, token, at=parts.at())
    sent_files = (
        request.mimetype == "multipart/form-data"
    )  # its size is that of the files, which are not kept
    if user_id is None or (not sent_files and (request.content_length or 0) > drafts.LONGEST):
        return None
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return None
    address = request.full_path if request.query_string else request.path
    fields = {
        name: values for name, values in request.form.lists() if nul.NUL not in "".join([name, *values])
    }
    with parts.database().transaction() as records:
        return drafts.keep(records, user_id, address, fields, at=parts.at())


def _unusable() -> bool:
    # A request for a host that is not ours: nothing about it is believed.
    return request.url_rule is None and getattr(request.routing_exception, "code", None) == 400


def _see(*, lookup: bool) -> None:
    who: Any = current_user if lookup else None
    g.visit = who.visit if who is not None and who.is_authenticated else None


def _answer_at_the_door(permission: Permission) -> ResponseReturnValue | None:
    if permission is Permission.PUBLIC:
        return None
    found = visit()
    if found is None:
        if request.method in SAFE_METHODS:
            wanted = request.full_path if request.query_string else request.path
            return redirect(
                url_for("sign_in.show", next=wanted) if wanted != "/" else url_for("sign_in.show")
            )
        raise NobodySignedIn(
            "You are not signed in, or you have been signed out because nothing happened for a while. "
            "Nothing has been changed.",
            kept=_kept(permission),
        )
    if not may_knock(found.actor, permission):
        raise NotPermitted(who_can(permission))
    return None
