"""A duty of the partnership that was done."""

from datetime import date

from wtforms import RadioField, StringField

from tracker.forms.facts import DayField, complain, offered
from tracker.forms.reviews import ReviewForm
from workflows.duties import WORDS, Duty


class DutyForm(ReviewForm):
    """What was done, when, and where the paper is."""

    duty = RadioField(
        "What was done",
        choices=offered(tuple((str(duty), words.label) for duty, words in WORDS.items())),
        validate_choice=False,
    )
    done_on = DayField("Day on which it was done")
    location = StringField("Where the paper is (optional)", description="A link to it")

    def day(self, today: date) -> date | None:
        """The day, if every answer is there; otherwise each is asked for at its field."""
        if self.duty.data not in set(Duty):
            complain(self.duty, "Choose what was done")
        on = self.day_in("done_on", today)
        return None if self.duty.errors else on
