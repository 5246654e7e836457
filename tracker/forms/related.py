"""Adding a case to a case, and chasing what an agency was asked for."""

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import HiddenField

from tracker.forms.facts import FactForm
from tracker.services.families import ChaseRequest, NewChild
from workflows.facts import FactValue


def _number(raw: str | None) -> int:
    return int(raw) if raw and raw.isascii() and raw.isdigit() else 0


class AddForm(FactForm):
    """A case under another: the facts that its definition asks for first."""

    version = HiddenField()
    request_id = HiddenField()

    def asked(self, process: str, facts: Mapping[str, FactValue]) -> NewChild:
        """What to open as plain values."""
        return NewChild(process, _number(self.version.data), facts, self.request_id.data or None)


class ChaseForm(FlaskForm):  # type: ignore[misc]
    """One chaser."""

    version = HiddenField()
    request_id = HiddenField()

    def asked(self) -> ChaseRequest:
        """What to record as plain values."""
        return ChaseRequest(_number(self.version.data), self.request_id.data or None)
