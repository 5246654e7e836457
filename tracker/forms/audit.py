"""Whose looks, and between which days."""

from datetime import date
from typing import ClassVar

from flask_wtf import FlaskForm
from wtforms import SelectField

from tracker.forms.facts import Choices, DayField, complain, offered
from workflows.facts import FactRefused, read_day


class LookedForm(FlaskForm):  # type: ignore[misc]
    """It only asks: nothing is changed by it, so it goes with the address."""

    class Meta:
        """No token in an address."""

        csrf: ClassVar[bool] = False

    person = SelectField("Who?", validate_choice=False)
    first = DayField("First day")
    last = DayField("Last day")

    def offer(self, people: Choices) -> "LookedForm":
        """The people to choose from."""
        self.person.choices = offered((("", "Choose one"), *people))
        return self

    def read(self, people: Choices) -> tuple[int, date, date] | None:
        """Who, from when, until when; what is to put right is said at its field."""
        if self.person.data not in dict(people):
            complain(self.person, "Choose who")
        days = [self._day(self.first), self._day(self.last)]
        if days[0] and days[1] and days[1] < days[0]:
            complain(self.last, "The last day cannot be before the first day")
        if self.person.errors or self.first.errors or self.last.errors or not days[0] or not days[1]:
            return None
        return int(self.person.data), days[0], days[1]

    def _day(self, field: DayField) -> date | None:
        words, typed = field.label.text, (field.data or "").strip()
        try:
            if typed:
                return read_day(typed)
            complain(field, f"Enter the {words.lower()}")
        except FactRefused as refused:
            complain(field, f"The {words.lower()} {refused}")
        return None
