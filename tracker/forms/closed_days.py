"""Entering a day off, and taking one out that was entered by mistake."""

from datetime import date

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField

from tracker.forms.facts import DayField, complain, offered
from workflows.facts import FactRefused, read_day, tidy


class DayOffForm(FlaskForm):  # type: ignore[misc]
    """Which day, what it is called, and whose."""

    on = DayField("Which day?")
    name = StringField("What is the day called?", description="Worked dates show it: Council closed")
    place = SelectField("Who is closed?", validate_choice=False)

    def offer(self, places: tuple[tuple[str, str], ...]) -> "DayOffForm":
        """The partnerships to choose from; where there is one, it is chosen."""
        self.place.choices = offered(places if len(places) == 1 else (("", "Choose one"), *places))
        if len(places) == 1 and not self.place.raw_data:
            self.place.data = places[0][0]
        if [key for key, _ in places] == ["all"]:
            self.place.description = (
                "A day on which one partnership alone is closed is entered by its manager"
            )
        return self

    def read(self, places: tuple[tuple[str, str], ...]) -> date | None:
        """The day; what is to put right is said at its field."""
        day = None
        try:
            day = read_day(self.on.data or "") if (self.on.data or "").strip() else None
            if day is None:
                complain(self.on, "Enter the day")
        except FactRefused as refused:
            complain(self.on, f"The day {refused}")
        if not self.called:
            complain(self.name, "Give the day a name")
        if self.place.data not in dict(places):
            complain(self.place, "Choose who is closed")
        return None if any(field.errors for field in self) else day

    @property
    def called(self) -> str:
        """The name, tidied."""
        return tidy(self.name.data or "")


class TakeOutForm(FlaskForm):  # type: ignore[misc]
    """Why a day counts after all."""

    reason = TextAreaField("Why does the day count after all?")

    def why(self) -> str:
        """The reason; if there is none, that is said at the field."""
        words = tidy(self.reason.data or "", lines=True)
        if not words:
            complain(self.reason, "Say why the day counts after all")
        return words
