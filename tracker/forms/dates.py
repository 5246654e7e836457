"""The forms of what is done to a running date: more time, a pause, its end, a correction, why it is late."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from wtforms import HiddenField, RadioField, StringField, TextAreaField

from tracker.forms.facts import DayField, complain, offered
from tracker.forms.late_reasons import own_words, usual_reason
from tracker.forms.moves import OTHER, TODAY, YESTERDAY, HappenedForm
from tracker.services.date_requests import (
    Act,
    Asked,
    Correction,
    Extension,
    LateReason,
    Pause,
    PauseReason,
    Resume,
)
from workflows.dates import Unit
from workflows.facts import FactRefused, read_day, tidy
from workflows.traces import amount, in_words, short

DATE, START = "date", "start"
_MOST = 3  # digits of an extension: more than 999 units is a slip of the finger
_DAYS = offered(((TODAY, "Today"), (YESTERDAY, "Yesterday"), (OTHER, "On another day")))
_ONLY_OTHER = ", only if it was another day"

_UNITS: Mapping[Unit, str] = {
    Unit.WORKING_DAYS: "working days",
    Unit.DAYS: "days",
    Unit.WEEKS: "weeks",
    Unit.MONTHS: "months",
    Unit.YEARS: "years",
}


def _when(question: str) -> RadioField:
    return RadioField(question, choices=_DAYS, default=TODAY, validate_choice=False)


class DateForm(HappenedForm):
    """What every act carries: the version that was seen, the number of the form, and mostly a day."""

    day_words: ClassVar[str] = "day it happened"
    shows: ClassVar[tuple[str, ...]] = ()
    late_why = None  # type: ignore[assignment]  # these acts meet no date
    late_reason = None  # type: ignore[assignment]

    def day(self, today: date) -> date | None:
        """The day that is asked for; None if it cannot be read, which is then said at the field in its own words."""
        on = super().day(today)
        for field in (self.happened, self.happened_on):
            field.errors = [
                words.replace("day it happened", self.day_words).replace(
                    "when it happened", f"the {self.day_words}"
                )
                for words in field.errors
            ]
        return on

    @abstractmethod
    def asked(self, today: date) -> Asked | None:
        """The answers as plain values; None if something is to put right, which is then said at its field."""

    def complete(self, *, own: bool) -> bool:
        """Whether nothing is to put right. ``own``: the decision is the person's own, so no evidence is needed."""
        del own
        return not any(field.errors for field in self)

    def kept(self, today: date) -> tuple[tuple[str, str], ...]:
        """Every answer to travel in hidden fields; "today" becomes the day that it was."""
        return self.carried(self.day(today) if "happened" in self.shows else None)

    def refuse(self, about: str, words: str) -> None:
        """Say a service's refusal at the field that it is about."""
        field = self._fields.get(about) or self._fields["reason"]
        complain(field, words.rstrip("."))

    def text(self, name: str) -> str:
        """What was written in a box, tidied."""
        field = self._fields.get(name)
        return tidy(field.data or "", lines=True) if field is not None else ""

    def _needs(self, name: str, words: str) -> None:
        if not self.text(name):
            complain(self._fields[name], words)


class ExtendForm(DateForm):
    """More time, agreed by whoever decides it for this clock."""

    day_words = "day it was agreed"
    shows = ("n", "happened", "happened_on", "reason", "evidence", "told")
    n = StringField("How much more time")
    happened = _when("When was it agreed?")
    happened_on = DayField(f"The day it was agreed{_ONLY_OTHER}")
    reason = TextAreaField("Why more time is needed")
    evidence = StringField(
        "Minute or e-mail that shows the decision",
        description="Who decided, when, and where it is written down",
    )
    told = StringField("Who has been told of the new date, and when (optional)")

    def suited(self, unit: Unit, *, own: bool) -> "ExtendForm":
        """Say which unit is counted in, and that a decision of one's ``own`` needs no other evidence."""
        self.n.description = f"A number of {_UNITS[unit]}"
        if own:
            self.evidence.label.text += " (optional)"
        return self

    def complete(self, *, own: bool) -> bool:
        """Whether nothing is to put right; without evidence only a decision of one's own."""
        if not own:
            self._needs("evidence", "Enter the minute or e-mail that shows the decision")
        return super().complete(own=own)

    def asked(self, today: date) -> Asked | None:
        """More time as plain values."""
        typed = tidy(self.n.data or "")
        n = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= _MOST else 0
        if not n:
            wanted = "a whole number from 1 to 999" if typed else "how much more time was agreed"
            complain(self.n, f"How much more time must be {wanted}" if typed else f"Enter {wanted}")
        agreed_on = self.day(today)
        self._needs("reason", "Say why more time is needed")
        if agreed_on is None or not n or not self.text("reason"):
            return None
        return Extension(n, agreed_on, self.text("reason"), self.text("evidence"), self.text("told"))


class PauseForm(DateForm):
    """Stop the clock for one of four reasons."""

    day_words = "day the clock stops"
    shows = ("code", "reason", "happened", "happened_on", "told")
    code = RadioField(
        "Why does the clock stop?",
        choices=offered(tuple((str(reason), reason.label) for reason in PauseReason)),
        validate_choice=False,
    )
    reason = TextAreaField("What has happened")
    happened = _when("From which day does it stop?")
    happened_on = DayField(
        f"The day it stops{_ONLY_OTHER}",
        description="The first day that does not count. For example, 23 11 2026",
    )
    told = StringField("Who has been told, and when (optional)")

    def asked(self, today: date) -> Asked | None:
        """The pause as plain values."""
        code = next((reason for reason in PauseReason if reason == self.code.data), None)
        if code is None:
            complain(self.code, "Choose why the clock stops")
        self._needs("reason", "Say what has happened")
        from_on = self.day(today)
        if code is None or from_on is None or not self.text("reason"):
            return None
        return Pause(code, from_on, self.text("reason"), self.text("told"))


class ResumeForm(DateForm):
    """Let a stopped clock run again."""

    day_words = "day the clock runs again"
    shows = ("happened", "happened_on", "reason")
    happened = _when("From which day does it run again?")
    happened_on = DayField(
        f"The day it runs again{_ONLY_OTHER}",
        description="The first day that counts. For example, 23 11 2026",
    )
    reason = TextAreaField("What has changed (optional)")

    def asked(self, today: date) -> Asked | None:
        """The end of the pause as plain values."""
        from_on = self.day(today)
        return Resume(from_on, self.text("reason")) if from_on else None


class CorrectForm(DateForm):
    """Put right what was recorded wrongly."""

    shows = ("wrong", "right_on", "reason", "evidence")
    happened = HiddenField()  # type: ignore[assignment]  # a correction is made on the day it is recorded
    happened_on = HiddenField()  # type: ignore[assignment]
    wrong = RadioField(
        "What was recorded wrongly?",
        choices=offered(((START, "The day the clock started"), (DATE, "The date it is due"))),
        validate_choice=False,
    )
    right_on = DayField(
        "The right day", description="For example, 23 11 2026. A due date is worked out from a start"
    )
    reason = TextAreaField("Why it was wrong, and who says so")
    evidence = StringField("Minute, letter or e-mail that shows it (optional)")

    def asked(self, today: date) -> Asked | None:
        """The correction as plain values."""
        del today
        if self.wrong.data not in {DATE, START}:
            complain(self.wrong, "Choose what was recorded wrongly")
        typed, on = tidy(self.right_on.data or ""), None
        if not typed:
            complain(self.right_on, "Enter the right day")
        else:
            try:
                on = read_day(typed)
            except FactRefused as refusal:
                complain(self.right_on, f"The right day {refusal}")
        self._needs("reason", "Say why it was wrong")
        if on is None or self.wrong.data not in {DATE, START} or not self.text("reason"):
            return None
        start = self.wrong.data == START
        return Correction(
            self.text("reason"),
            due_on=None if start else on,
            started_on=on if start else None,
            evidence=self.text("evidence"),
        )


class LateForm(DateForm):
    """Why a date that cannot be extended is late."""

    shows = ("reason",)
    happened = HiddenField()  # type: ignore[assignment]  # recorded on the day it is said
    happened_on = HiddenField()  # type: ignore[assignment]
    late_why = usual_reason()  # type: ignore[assignment]
    reason = own_words()

    def words_of_late(self) -> TextAreaField:
        """The field with words of one's own: the one that a refusal is said at."""
        return self.reason

    def asked(self, today: date) -> Asked | None:
        """The reason as a plain value."""
        del today
        if not self.said_late():
            complain(self.reason, "Say why it is late")
        return LateReason(self.said_late()) if self.said_late() else None


FORMS: Mapping[Act, type[DateForm]] = {
    Act.EXTEND: ExtendForm,
    Act.PAUSE: PauseForm,
    Act.RESUME: ResumeForm,
    Act.CORRECT: CorrectForm,
}


def answers(asked: Asked, unit: Unit) -> tuple[tuple[str, str, str], ...]:
    """The answers in words: what was asked, what was said, and the field that changes it."""
    said: tuple[tuple[str, str, str], ...]
    match asked:
        case Extension():
            said = (
                ("More time", amount(asked.n, unit), "n"),
                ("Agreed on", in_words(asked.agreed_on), "happened"),
                ("Why", asked.reason, "reason"),
                ("Minute or e-mail", asked.evidence, "evidence"),
                ("Told", asked.told, "told"),
            )
        case Pause():
            said = (
                ("Why", asked.code.label, "code"),
                ("What has happened", asked.reason, "reason"),
                ("Stops from", f"{in_words(asked.from_on)}: the first day that does not count", "happened"),
                ("Told", asked.told, "told"),
            )
        case Resume():
            said = (
                ("Runs again from", f"{in_words(asked.from_on)}: the first day that counts", "happened"),
                ("What has changed", asked.reason, "reason"),
            )
        case Correction():
            right = asked.started_on or asked.due_on
            what = "The day the clock started" if asked.started_on else "The date it is due"
            said = (
                ("Recorded wrongly", what, "wrong"),
                ("The right day", in_words(right) if right else "", "right_on"),
                ("Why", asked.reason, "reason"),
                ("Minute, letter or e-mail", asked.evidence, "evidence"),
            )
        case LateReason():
            said = (("Why it is late", asked.reason, "reason"),)
    return tuple(line for line in said if line[1])


def in_short(asked: Asked, unit: Unit) -> str:
    """What is wanted of the date, in a few words."""
    match asked:
        case Extension():
            return f"{amount(asked.n, unit)} more"
        case Pause():
            return f"Paused from {short(asked.from_on)}"
        case Resume():
            return f"Running again from {short(asked.from_on)}"
        case Correction(started_on=date() as started_on):
            return f"Started on {short(started_on)}"
        case Correction(due_on=date() as due_on):
            return f"Due {short(due_on)}"
        case _:
            return asked.reason
