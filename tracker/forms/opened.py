"""What a form brings back of the moment it was opened: what was seen then, its number, and the answers as they were."""

import json
from collections.abc import Iterator
from hashlib import sha256

from flask import request
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, FileField, Form, HiddenField, SelectField, SelectMultipleField

OWN = frozenset(
    {"csrf_token", "version", "seq", "request_id", "was", "kept_draft", "draft_address", "change"}
)
"""What travels with every form and is nobody's answer."""

_MARK = 16  # letters of the mark: 64 bits


class NumberedForm(FlaskForm):  # type: ignore[misc]
    """A form about something that others change as well: its number, and what it showed when it was opened."""

    request_id = HiddenField()
    was = HiddenField()

    def number_of_form(self) -> str | None:
        """The number of the form with the mark of its answers: sent twice, it counts once."""
        return numbered(self.request_id.data)

    def as_opened(self) -> str:
        """Every answer as the form showed it when it was opened, to travel in a hidden field."""
        return self.was.data or json.dumps({field.name: said(field) for field in questions(self)})

    def said_then(self) -> dict[str, str]:
        """What the form showed when it was opened. It is only ever shown again, to the same person."""
        try:
            found = json.loads(self.was.data or "{}")
        except ValueError:
            return {}
        return {str(name): str(words) for name, words in found.items()} if isinstance(found, dict) else {}


class OpenedForm(NumberedForm):
    """A form about a case, with the version that was seen."""

    version = HiddenField()
    seq = HiddenField()

    def seen(self) -> int:
        """The version that the person was looking at; 0 if none was sent."""
        return whole(self.version.data)

    def seen_seq(self) -> int:
        """The number of the last event then; 0 if none was sent."""
        return whole(self.seq.data)


def whole(text: str | None) -> int:
    """A number from a hidden field; 0 for what is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def numbered(number: str | None, *, file: str = "") -> str | None:
    """The number of a form and a mark of everything that was answered in it: ``number.mark``.

    The same form sent twice has the same mark; sent again with other answers it has another, and is another act
    (``tracker.services.guarded.done_before``). ``file`` is the digest of a file that was sent with it.
    """
    if not number:
        return None
    marked = sha256(file.encode())
    for name, value in sorted(request.form.items(multi=True)):
        if name not in OWN:
            marked.update(json.dumps([name, value]).encode())
    return f"{number.partition('.')[0]}.{marked.hexdigest()[:_MARK]}"


def questions(form: Form) -> Iterator[Field]:
    """The fields that a person answers in writing or by choosing."""
    return (f for f in form if f.name not in OWN and not isinstance(f, (HiddenField, FileField)))


def said(field: Field) -> str:
    """The answer in a field as the person would read it."""
    if isinstance(field, BooleanField):
        return "Yes" if field.data else ""
    if isinstance(field, (SelectField, SelectMultipleField)):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        words = {str(choice[0]): str(choice[1]) for choice in field.iter_choices()} if field.choices else {}
        return ", ".join(words.get(str(each), str(each)) for each in chosen if each not in (None, ""))
    return str(field.data or "").strip()


def carried() -> tuple[tuple[str, str], ...]:
    """Every answer as it was sent, to travel in hidden fields."""
    return tuple((name, value) for name, value in request.form.items(multi=True) if name not in OWN)
