"""Whose figures and for which period; approving them; where they are published."""

from collections.abc import Mapping
from datetime import date

from flask_wtf import FlaskForm
from wtforms import Form, HiddenField, SelectField, StringField, TextAreaField

from tracker.errors import BadInput
from tracker.forms.facts import Choices, DayField, complain, offered
from tracker.services.figures import Reporting
from workflows.facts import FactRefused, read_day, tidy

AREA, PARTNERSHIP = "area", "partnership"


class PeriodForm(Form):
    """The place and the two days of a period, read from the address."""

    place = SelectField("Area", validate_choice=False)
    first = DayField("First day of the period")
    last = DayField("Last day of the period", description="At most 12 months in all")

    def offer(self, places: Choices, today: date) -> "PeriodForm":
        """The places to choose from; without an answer, the first and the last full year from 1 April."""
        self.place.choices = offered(places)
        if self.place.data not in dict(places):
            self.place.data = places[0][0] if places else ""
        if not self.first.data and not self.last.data:
            year = today.year if today >= date(today.year, 4, 1) else today.year - 1
            self.first.data, self.last.data = f"1 4 {year - 1}", f"31 3 {year}"
        return self

    def period(self) -> Reporting | None:
        """The period; what is to put right is said at its field."""
        first, last = _day(self.first), _day(self.last)
        if first is None or last is None:
            return None
        for field, day in ((self.first, first), (self.last, last)):
            field.data = f"{day.day} {day.month} {day.year}"
        try:
            return Reporting(first, last)
        except BadInput as refused:
            complain(self.last, str(refused))
            return None

    def place_asked(self) -> Mapping[str, str]:
        """The key of the area or of the partnership, under its name."""
        kind, _, key = (self.place.data or "").partition(":")
        return {kind: key} if kind in {AREA, PARTNERSHIP} else {PARTNERSHIP: ""}


class ApproveForm(FlaskForm):  # type: ignore[misc]
    """Lock the figures that were looked at."""

    seen = HiddenField()
    footnote = TextAreaField(
        "Footnote to print below the figures (optional)", description="Nobody may be recognised by it"
    )
    reason = TextAreaField("Why are the approved figures corrected?")

    def numbers(self) -> tuple[int, ...]:
        """The four numbers that were on the page."""
        return tuple(int(n) for n in (self.seen.data or "").split(",") if n.isdecimal() and len(n) < 10)

    def words(self, name: str) -> str:
        """What was written in a box, tidied."""
        return tidy(self._fields[name].data or "", lines=True)


class PublishedForm(FlaskForm):  # type: ignore[misc]
    """Where the figures are published."""

    url = StringField("Address of the page", description="It begins with https://")
    on = DayField("Day on which they were published")

    def day(self) -> date | None:
        """The day; what is to put right is said at the field."""
        return _day(self.on)


def _day(field: DayField) -> date | None:
    if not (field.data or "").strip():
        complain(field, f"{field.label.text} is missing")
        return None
    try:
        return read_day(field.data or "")
    except FactRefused as refused:
        complain(field, f"{field.label.text} {refused}")
        return None
