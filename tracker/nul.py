"""The one letter that no text holds: NUL. PostgreSQL cannot keep it, and nobody types it."""

from collections.abc import Iterator

from flask import Flask, request

from tracker.errors import TrackerError

NUL = "\0"


class NotText(TrackerError):
    """What was sent holds a letter that is not part of any text."""


def install(app: Flask) -> None:
    """Refuse a NUL before any view runs. Goes after the door: nobody's form is read who may not send it."""
    app.before_request(_refuse)


def _refuse() -> None:
    """Look through the address and the fields.

    Raises:
        NotText: one of them holds a NUL.
    """
    if any(NUL in text for text in _sent()):
        raise NotText(
            "What was sent holds a letter that cannot be shown or kept, a “null” letter. Nothing has been changed."
        )


def _sent() -> Iterator[str]:
    """Everything that was sent as text: the path, and the names and values of the query, the fields and the files."""
    yield request.path
    for name, values in request.args.lists():
        yield from (name, *values)
    if request.routing_exception is not None:
        return  # no view would read the form
    for name, values in request.form.lists():
        yield from (name, *values)
    for name, file in request.files.items(multi=True):
        yield from (name, file.filename or "")
