"""What the board is asked about a date, and what it decided."""

from datetime import date

from wtforms import TextAreaField

from tracker.forms.facts import DayField, complain
from tracker.forms.opened import OpenedForm
from tracker.services.board_items import LONGEST, Decision, Question
from workflows.facts import FactRefused, read_day, tidy


class BoardQuestionForm(OpenedForm):
    """Put a date on the next pack."""

    why = TextAreaField(
        "What is the board to decide or to know?",
        description="One sentence. Name no person",
    )

    def question(self) -> Question | None:
        """The answer as plain values; None if something is to put right, which is then said at its field."""
        why = tidy(self.why.data or "")
        if not why:
            complain(self.why, "Say what the board is to decide or to know")
        elif len(why) > LONGEST:
            complain(self.why, f"Say it in at most {LONGEST} letters")
        return None if self.why.errors else Question(why, self.seen(), self.number_of_form())


class BoardDecisionForm(OpenedForm):
    """Take a date off the pack with what the board decided."""

    decided = TextAreaField(
        "What did the board decide?", description="The history keeps this. Name no person"
    )
    decided_on = DayField("When did the board decide?")

    def decision(self) -> Decision | None:
        """The answer as plain values; None if something is to put right, which is then said at its field."""
        decided, on = tidy(self.decided.data or "", lines=True), self._day()
        if not decided:
            complain(self.decided, "Say what the board decided")
        elif len(decided) > LONGEST:
            complain(self.decided, f"Say it in at most {LONGEST} letters")
        if on is None or self.decided.errors:
            return None
        return Decision(decided, on, self.seen(), self.number_of_form())

    def _day(self) -> date | None:
        typed = (self.decided_on.data or "").strip()
        if not typed:
            complain(self.decided_on, "Enter the day on which the board decided")
            return None
        try:
            return read_day(typed)
        except FactRefused as refusal:
            complain(self.decided_on, f"The day {refusal}")
            return None
