"""Adding a case to a case, and chasing what an agency was asked for."""

from collections.abc import Iterable, Mapping

from wtforms import HiddenField

from tracker.forms.facts import FactForm
from tracker.forms.opened import OpenedForm
from tracker.services.families import ChaseRequest, NewChild
from workflows.facts import FactValue


class AddForm(FactForm, OpenedForm):
    """A case under another: the facts that its definition asks for first.

    ``alike_seen`` are the references of those like it that the page has shown.
    """

    alike_seen = HiddenField()

    def shows(self, references: Iterable[str]) -> bool:
        """Note that the page shows these as alike; whether one of them is new to the reader."""
        now = list(references)
        before = (self.alike_seen.data or "").split(",")
        self.alike_seen.data = ",".join(now)
        return not set(now) <= set(before)

    def asked(self, process: str, facts: Mapping[str, FactValue]) -> NewChild:
        """What to open as plain values."""
        return NewChild(process, self.seen(), facts, self.number_of_form())


class ChaseForm(OpenedForm):
    """One chaser."""

    def asked(self) -> ChaseRequest:
        """What to record as plain values."""
        return ChaseRequest(self.seen(), self.number_of_form())
