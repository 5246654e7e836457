"""What goes wrong, and the page that says so: one table. Log lines carry codes and names of endpoints, nothing typed."""

import secrets
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog
from flask import Flask, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    RequestEntityTooLarge,
    SecurityError,
)

from tracker.auth import NobodySignedIn
from tracker.db import UNREACHABLE
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible, NotVisible
from tracker.nul import NotText
from tracker.throttle import TriedTooOften

log = structlog.get_logger("tracker")
HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Answer:
    """The status and the template of one kind of error. ``words`` replace the error's own."""

    status: int
    template: str
    words: str = ""


ANSWERS: Mapping[type[Exception], Answer] = {
    BadInput: Answer(422, "errors/422.html"),
    CSRFError: Answer(
        400,
        "errors/400.html",
        "The page had been open for too long, or was opened before you signed in. Nothing has been changed.",
    ),
    NotText: Answer(400, "errors/400.html"),
    NobodySignedIn: Answer(401, "errors/401.html"),
    NotPermitted: Answer(403, "errors/403.html"),
    NotVisible: Answer(404, "errors/404.html"),
    MethodNotAllowed: Answer(
        405, "errors/400.html", "This address does not take what was sent to it. Nothing has been changed."
    ),
    ChangedMeanwhile: Answer(409, "errors/409.html"),
    StaleDataError: Answer(
        409,
        "errors/409.html",
        "Someone else saved a change after you opened the page. Nothing of yours has been saved over theirs.",
    ),
    NotPossible: Answer(409, "errors/409.html"),
    RequestEntityTooLarge: Answer(
        413,
        "errors/413.html",
        "The file or the text is larger than we can take in one go. Nothing has been saved.",
    ),
    TriedTooOften: Answer(429, "errors/429.html"),
    HTTPException: Answer(400, "errors/400.html", "The page was sent in a way that we cannot read."),
}

_TEMPLATES = {404: "errors/404.html", 410: "errors/410.html", 503: "errors/503.html"}


def install(app: Flask) -> None:
    """Answer every error with its page."""
    # Flask would write down the whole exception, with whatever values its text quotes; `_log` says where it was.
    app.logger.disabled = True
    for error in ANSWERS:
        app.register_error_handler(error, answer)
    for lost in UNREACHABLE:
        app.register_error_handler(lost, _unreachable)
    app.register_error_handler(DataError, _not_kept)
    app.register_error_handler(SecurityError, _not_our_host)
    app.register_error_handler(InternalServerError, _unexpected)


def answer(error: Exception) -> ResponseReturnValue:
    """Answer an error of the table with its page."""
    kind = next(kind for kind in type(error).__mro__ if kind in ANSWERS)
    shown = ANSWERS[kind]
    if kind is HTTPException and isinstance(error, HTTPException):
        if error.response is not None or error.code is None or error.code < 400:
            return error.get_response()
        template = _TEMPLATES.get(error.code, shown.template)
        return make_response(render_template(template), error.code)
    if isinstance(error, NobodySignedIn) and error.kept:
        onward = url_for("sign_in.show", next=url_for("drafts.show", number=error.kept))
        return make_response(render_template("errors/401.html", sign_in_href=onward), 401)
    response = make_response(render_template(shown.template, message=shown.words or str(error)), shown.status)
    _explain(response, error)
    return response


def _explain(response: Response, error: Exception) -> None:
    if isinstance(error, TriedTooOften):
        response.headers["Retry-After"] = str(error.seconds)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))


def _unreachable(error: Exception) -> ResponseReturnValue:
    """Say that the records cannot be reached. The error's own text may hold what somebody typed."""
    _log("database_unreachable", error)
    response = make_response(render_template("errors/503.html"), 503)
    response.headers["Retry-After"] = "10"
    return response


def _not_kept(error: Exception) -> ResponseReturnValue:
    """Say that the database does not take a value: a number too large, a letter it has not got."""
    _log("value_refused", error)
    words = "Something in what was sent cannot be kept: a number is too large, or a letter is not one we can read. Nothing has been changed."
    return make_response(render_template("errors/400.html", message=words), 400)


def _not_our_host(_error: Exception) -> ResponseReturnValue:
    """Answer a request for another host without a page: every address on a page would be that host's."""
    return Response("This address is not served here.\n", status=400, mimetype="text/plain")


def _unexpected(error: Exception) -> ResponseReturnValue:
    cause = getattr(error, "original_exception", None) or error
    if isinstance(cause, UNREACHABLE):  # lost while the page of another error was written
        return _unreachable(cause)
    reference = _log("unexpected_error", cause)
    return make_response(render_template("errors/500.html", reference=reference), 500)


def _log(event: str, error: BaseException) -> str:
    """Log where it happened under a random code, and return the code."""
    reference = "-".join(secrets.token_hex(2).upper() for _ in range(2))
    frames = [
        f"{Path(frame.filename).resolve().relative_to(HERE)}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).resolve().is_relative_to(HERE) and ".venv" not in frame.filename
    ]
    log.error(
        event, reference=reference, endpoint=request.endpoint, error=type(error).__name__, frames=frames[-6:]
    )
    return reference
