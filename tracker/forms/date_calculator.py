"""Working out a date without a case: the day, the length and how it is counted."""

from datetime import date
from typing import ClassVar

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField

from tracker.forms.facts import DayField, complain, offered
from workflows.dates import Mode, Period, Unit
from workflows.facts import FactRefused, read_day

_UNITS = (
    (str(Unit.WORKING_DAYS), "Working days"),
    (str(Unit.DAYS), "Days, weekends included"),
    (str(Unit.WEEKS), "Weeks"),
    (str(Unit.MONTHS), "Months"),
)
_MODES = (
    (str(Mode.AFTER), "The first day does not count"),
    (str(Mode.BEGINNING_WITH), "The first day counts (“beginning with”)"),
    (str(Mode.BEFORE), "Back from the day (“at least so long before”)"),
)
LONGEST = 3650


class DateCalculatorForm(FlaskForm):  # type: ignore[misc]
    """It only asks: nothing is changed by it, so it goes with the address."""

    class Meta:
        """No token in an address."""

        csrf: ClassVar[bool] = False

    start = DayField("Day of the event")
    n = StringField("How many")
    unit = RadioField("Of what", choices=offered(_UNITS), default=_UNITS[0][0], validate_choice=False)
    mode = RadioField(
        "How it is counted", choices=offered(_MODES), default=_MODES[0][0], validate_choice=False
    )

    def read(self) -> tuple[date, Period] | None:
        """The day and the length; what is to put right is said at its field."""
        start, plain = None, (self.n.data or "").strip()
        try:
            start = read_day(self.start.data or "")
        except FactRefused as refused:
            complain(self.start, f"The day {refused}")
        if not (plain.isascii() and plain.isdigit() and len(plain) < 10 and 1 <= int(plain) <= LONGEST):
            complain(self.n, f"Give a whole number from 1 to {LONGEST:,}")
        for field, choices in ((self.unit, _UNITS), (self.mode, _MODES)):
            if field.data not in dict(choices):
                complain(field, "Choose one of the answers")
        if start is None or self.n.errors or self.unit.errors or self.mode.errors:
            return None
        return start, Period(int(plain), Unit(self.unit.data), Mode(self.mode.data))
