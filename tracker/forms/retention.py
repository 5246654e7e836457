"""How long records are kept: a schedule, and what is decided of one record."""

from collections.abc import Iterator
from datetime import date

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField

from tracker.forms.facts import DayField, complain
from tracker.forms.own_names import ReasonForm
from workflows.facts import FactRefused, read_day, tidy

_MOST_YEARS = 100


class ScheduleForm(ReasonForm):
    """How long one type of record is kept after it was closed, and where that is written."""

    years = StringField(
        "How many years is it kept after it was closed?", description="A whole number, 1 to 100"
    )
    authority = StringField(
        "Which schedule says so?", description="Such as the council's retention schedule and its line"
    )
    asks = ("years", "authority")

    def read(self) -> tuple[int, str] | None:
        """Months and authority; what is to put right is said at its field."""
        typed, authority = (self.years.data or "").strip(), tidy(self.authority.data or "")
        if not typed.isdecimal() or len(typed) > 6 or not 1 <= int(typed) <= _MOST_YEARS:
            complain(self.years, "Enter a whole number of years, 1 to 100")
        if not authority:
            complain(self.authority, "Say which schedule it comes from")
        if self.years.errors or self.authority.errors:
            return None
        return int(typed) * 12, authority

    def carried(self) -> tuple[tuple[str, str], ...]:
        """Every answer as it was typed, to travel in hidden fields."""
        return tuple((each, str(self[each].data or "")) for each in self.asks)


class FindForm(FlaskForm):  # type: ignore[misc]
    """A closed record, by its reference."""

    class Meta:
        """It asks with GET and changes nothing."""

        csrf = False

    reference = StringField("Reference of a closed record", description="Such as HCSP-ASB-2026-014")


class RecordForm(ReasonForm):
    """One decision about one record. Which boxes it shows, ``asks`` says."""

    on = DayField("Until which day?")
    authority = StringField(
        "Under which schedule may it be disposed of?",
        description="Such as the council's retention schedule and its line",
    )
    version = HiddenField()
    asks: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Field]:
        """The fields as the page shows them, so that the error summary follows it."""
        yield from (self[name] for name in self.asks)
        yield from (field for name, field in self._fields.items() if name not in self.asks)

    def for_act(self, act: str) -> "RecordForm":
        """The boxes of that act."""
        self.asks = {"hold": ("on",), "keep": ("on",), "propose": ("authority",)}.get(act, ())
        self.reason.label.text = "Why?"
        self.reason.description = "It stands in the history of the case. No names"
        if act == "hold":
            self.on.label.text = "Until which day? (optional)"
            self.on.description = "Leave it empty to hold it until somebody ends the hold"
        return self

    def read(self, act: str) -> tuple[str, date | None, str] | None:
        """Reason, day and authority; what is to put right is said at its field."""
        reason = tidy(self.reason.data or "", lines=True)
        typed, day = (self.on.data or "").strip(), None
        if not reason:
            complain(self.reason, "Say why")
        if "on" in self.asks and (typed or act == "keep"):
            try:
                day = read_day(typed) if typed else None
                if day is None:
                    complain(self.on, "Enter the day until which it is kept")
            except FactRefused as refused:
                complain(self.on, f"The day {refused}")
        authority = tidy(self.authority.data or "")
        if "authority" in self.asks and not authority:
            complain(self.authority, "Say under which schedule it may be disposed of")
        failed = self.reason.errors or self.on.errors or self.authority.errors
        return None if failed else (reason, day, authority)
