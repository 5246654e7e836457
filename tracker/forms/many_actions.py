"""Who leads several actions from now on. Which actions, and as what they were seen, travels beside the questions."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from tracker.forms.facts import Choices, complain, offered
from tracker.forms.opened import numbered
from tracker.services.many_actions import ManyHandovers
from workflows.facts import tidy

MOST = 200
"""Actions that one act may be about: more than a page of the list shows."""


def references_in(given: Iterable[str]) -> tuple[str, ...]:
    """What was ticked, each once, in the order of the list."""
    return tuple(dict.fromkeys(one for each in given if (one := each.strip().upper())))[:MOST]


class NewLeadForm(FlaskForm):  # type: ignore[misc]
    """One lead and one reason for all of them. ``seen`` are references with their versions."""

    to = SelectField("Who leads them from now on", validate_choice=False, default="")
    lead_role = StringField(
        "Role of the person there (optional)",
        description="The role, not the name: this goes into published plans",
    )
    reason = TextAreaField("Why the lead changes")
    seen = HiddenField()
    request_id = HiddenField()

    def offer(self, bodies: Choices) -> None:
        """Fill in the bodies to choose from."""
        self.to.choices = offered((("", "Choose one"), *bodies))

    def complete(self) -> bool:
        """Whether a body and a reason are there; what is not is said at its field."""
        if self.to.data not in {str(choice[0]) for choice in self.to.iter_choices() if choice[0]}:
            complain(self.to, "Choose who leads them from now on")
        if not self.words():
            complain(self.reason, "Say why the lead changes")
        return not any(field.errors for field in self)

    def words(self) -> str:
        """The reason that was written."""
        return tidy(self.reason.data or "", lines=True)

    def versions(self) -> dict[str, int]:
        """As what each action was seen: ``HCSP-ACT-2026-001:4 HCSP-ACT-2026-002:1``."""
        pairs = (one.partition(":") for one in (self.seen.data or "").split()[:MOST])
        return {
            name.upper(): int(number) for name, _, number in pairs if number.isdecimal() and len(number) < 10
        }

    def asked(self) -> ManyHandovers:
        """What is asked, as plain values."""
        return ManyHandovers(
            seen=self.versions(),
            to=self.to.data or "",
            reason=self.words(),
            lead_role=tidy(self.lead_role.data or ""),
            request_id=numbered(self.request_id.data),
        )
