"""Which pack: whose, for which day and meeting, with what in it. Everything stands in the address."""

from collections.abc import Sequence
from datetime import date

from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, SelectMultipleField

from tracker.forms.facts import Choices, DayField, complain, offered
from tracker.queries.board_pack import MEETINGS, SECTIONS, Asked
from workflows.facts import FactRefused, read_day

YEARS = (1992, 2100)
"""Years of a day of meeting: numbers are compared with those of the year before, and none is known before 1990."""


class BoardPackForm(Form):
    """The questions, read from the address; without an answer, today and everything."""

    place = SelectField("Partnership", validate_choice=False)
    as_at = DayField(
        "Day of the meeting", description="Dates are counted as on this day, for example 10 12 2026"
    )
    meeting = SelectField("Meeting", validate_choice=False)
    section = SelectMultipleField("What is in the pack", validate_choice=False)

    def offer(self, places: Choices, today: date) -> "BoardPackForm":
        """What there is to choose from, and what stands where nothing was chosen."""
        self.place.choices = offered(places)
        self.meeting.choices = offered(tuple(MEETINGS.items()))
        self.section.choices = offered(tuple(SECTIONS.items()))
        if self.place.data not in dict(places):
            self.place.data = places[0][0] if places else ""
        if self.meeting.data not in MEETINGS:
            self.meeting.data = next(iter(MEETINGS))
        if not self.as_at.data:
            self.as_at.data = f"{today.day} {today.month} {today.year}"
        return self

    def asked(self, given: MultiDict[str, str]) -> Asked | None:
        """The pack that is asked for; None if something is to put right, which is then said at its field."""
        kept = tuple(key for key in SECTIONS if key in (self.section.data or []))
        if not kept and "chosen" not in given:
            kept = tuple(SECTIONS)
        if not kept:
            complain(self.section, "Tick at least one part")
        self.section.data = list(kept)
        as_at = self._day()
        if as_at is None or not kept:
            return None
        return Asked(self.place.data or "", as_at, self.meeting.data or "", kept)

    def _day(self) -> date | None:
        try:
            on = read_day(str(self.as_at.data))
        except FactRefused as refused:
            complain(self.as_at, f"The day of the meeting {refused}")
            return None
        if not YEARS[0] <= on.year <= YEARS[1]:
            complain(self.as_at, f"The day must lie between {YEARS[0]} and {YEARS[1]}")
            return None
        self.as_at.data = f"{on.day} {on.month} {on.year}"
        return on


def address_of(asked: Asked) -> Sequence[tuple[str, str]]:
    """The same pack as the values of an address."""
    every = asked.sections == tuple(SECTIONS)
    parts = () if every else (("chosen", "yes"), *(("section", key) for key in asked.sections))
    return (
        ("place", asked.partnership),
        ("as_at", asked.as_at.isoformat()),
        ("meeting", asked.meeting),
        *parts,
    )
