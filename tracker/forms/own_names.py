"""Names of things: one box for each process, and the reason on check answers."""

from collections.abc import Mapping

from wtforms import HiddenField, StringField, TextAreaField

from tracker.forms.facts import complain
from tracker.forms.opened import NumberedForm
from tracker.services.own_names import fault_of
from workflows.facts import tidy


class ReasonForm(NumberedForm):
    """Why, and what was seen when it was checked."""

    reason = TextAreaField("Why is this changed?", description="It stands in the history of this page")
    seen = HiddenField()

    def why(self) -> str:
        """The reason; if there is none, that is said at the field."""
        words = tidy(self.reason.data or "", lines=True)
        if not words:
            complain(self.reason, "Say why this is changed")
        return words


class NamesForm(ReasonForm):
    """What each process is called, by process key."""

    asb_case_review = StringField(
        "Review of anti-social behaviour", description="Such as ASB case review, or Community Trigger"
    )
    dhr_2016 = StringField(
        "Review of a death under section 9", description="Such as Domestic homicide review, or DHR"
    )
    dardr = StringField(
        "Review of a death under section 8A, once it is in force",
        description="Such as Domestic abuse related death review, or DARDR",
    )

    def names(self) -> dict[str, str] | None:
        """The names by process key; what is to put right is said at its field."""
        found = {name: tidy(self[name].data or "") for name in NAMED}
        for name in NAMED:
            if fault := fault_of(self[name].data or ""):
                complain(self[name], fault)
        return None if any(self[name].errors for name in NAMED) else found

    def unchanged(self, names: Mapping[str, str]) -> bool:
        """Whether every name is as it was; if so, that is said."""
        same = all(tidy(self[name].data or "") == own for name, own in names.items())
        if same:
            complain(self[NAMED[0]], "Change at least one name, or cancel")
        return same


NAMED = ("asb_case_review", "dhr_2016", "dardr")
