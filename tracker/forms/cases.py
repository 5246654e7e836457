"""Logging a case, recording a fact of it, and saying who may open it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from tracker.forms.facts import Choices, DayField, FactForm, complain
from tracker.forms.moves import HappenedForm
from tracker.forms.opened import numbered
from tracker.services.asked import FactsRequest
from workflows.facts import FactRefused, FactValue, read_day, tidy

ANOTHER_AREA = "Another area"
"""Recorded where the behaviour happens in none of the partnership's areas: the application is then passed on."""

DHR_ASKS = (
    "received_on",
    "notification_source",
    "aware_on",
    "death_month",
    "death_basis",
    "deceased_pseudonym",
)
ASB_ASKS = (
    "applicant_name",
    "applicant_contact",
    "unsafe_channels",
    "area",
    "description",
    "application_date",
    "channel",
    "applicant_is_victim",
    "hate",
)
ASKS: Mapping[str, tuple[str, ...]] = {"dhr_2016": DHR_ASKS, "asb_case_review": ASB_ASKS}
"""What the log form asks besides what the definition needs: what the officer is likely to know on the first day."""

RECEIVED: Mapping[str, str] = {"dhr_2016": "received_on", "asb_case_review": "application_date"}
"""The fact that is the legally relevant date of a new case."""


def area_choices(names: Iterable[str]) -> Choices:
    """The areas to choose from, and another; none where no area is known here: then it is typed."""
    listed = tuple((area, area) for area in dict.fromkeys(names))
    return (
        (*listed, (ANOTHER_AREA, "Another area: it can be transferred or marked as misdirected"))
        if listed
        else ()
    )


SOMEBODY = "other"


@dataclass(frozen=True, slots=True)
class First:
    """The first incident and its report, as far as they are known when an application is logged."""

    incident_on: date | None
    reported_to: str
    reported_on: date | None

    @property
    def told(self) -> bool:
        """Whether anything is known of it."""
        return bool(self.incident_on or self.reported_to)


class LogForm(FactForm):
    """A new case: its facts, which partnership and who leads it."""

    partnership = SelectField("Partnership", validate_choice=False)
    lead_officer = SelectField("Lead officer", validate_choice=False)
    incident_on = DayField(
        "Day of the first incident (optional)", description="More can be added once it is logged"
    )
    reported_to = SelectField("Who was told of it (optional)", validate_choice=False)
    reported_on = DayField(
        "Day of that report (optional)", description="It may stay open: the date can follow later"
    )
    request_id = HiddenField()

    def first(self, today: date) -> First:
        """The first incident and report of an application, as far as given; what cannot be read is said at its field."""
        incident_on, reported_on = self._day("incident_on", today), self._day("reported_on", today)
        if (self.reported_on.data or "").strip() and not self.reported_to.data:
            complain(self.reported_to, "Choose who was told")
        return First(incident_on, self.reported_to.data or "", reported_on)

    def _day(self, name: str, today: date) -> date | None:
        field, words = self[name], self[name].label.text.removesuffix(" (optional)")
        typed = (field.data or "").strip()
        try:
            on = read_day(typed) if typed else None
        except FactRefused as refusal:
            complain(field, f"{words} {refusal}")
            return None
        if on is not None and on > today:
            complain(field, f"{words} must be today or in the past")
        return on

    def carried(self) -> tuple[tuple[str, str], ...]:
        """Every answer as it was typed, to travel in hidden fields."""
        return tuple(
            (field.name, str(raw))
            for field in self
            if field.name != "csrf_token"
            for raw in field.raw_data or ()
            if isinstance(raw, str)
        )


class RecordForm(HappenedForm):
    """Facts recorded without a step, about the whole case or about one agency."""

    note = TextAreaField("Anything to add to the history (optional)")

    def asked(self, facts: Mapping[str, FactValue], on: date, instance: str) -> FactsRequest:
        """What to record as plain values."""
        return FactsRequest(
            seen_version=self.seen()[0],
            occurred_on=on,
            facts=facts,
            instance=instance,
            reason=tidy(self.note.data or "", lines=True),
            late_reason=self.said_late(),
            request_id=numbered(self.request_id.data),
        )


class GrantForm(FlaskForm):  # type: ignore[misc]
    """Let somebody open a restricted case."""

    person = SelectField(
        "Person", [InputRequired("Choose the person who needs to open the case")], validate_choice=False
    )
    why = TextAreaField("Why they need to open it", [InputRequired("Say why they need to open the case")])


class EndGrantForm(FlaskForm):  # type: ignore[misc]
    """End somebody's leave to open a case."""

    person = HiddenField()
    why = TextAreaField("Why it ends", [InputRequired("Say why they no longer need to open the case")])
