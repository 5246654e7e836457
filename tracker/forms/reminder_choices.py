"""When somebody wants to be reminded."""

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired

from tracker.forms.facts import TickField, complain
from tracker.forms.filters import offered
from tracker.models import Early
from tracker.services.reminder_choices import FIRST_HOUR, LAST_HOUR, Chosen

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def _hour(hour: int) -> str:
    return "midday" if hour == 12 else f"{hour % 12 or 12}:00{'am' if hour < 12 else 'pm'}"


class ReminderChoicesForm(FlaskForm):  # type: ignore[misc]
    """The hour, and what to do with what is not urgent."""

    hour = SelectField(
        "From what time of the day",
        choices=offered((str(hour), _hour(hour)) for hour in range(FIRST_HOUR, LAST_HOUR + 1)),
        description="On working days. One e-mail holds everything of the day.",
    )
    early = RadioField(
        "Reminders before a date",
        [InputRequired("Choose how often to hear of dates that are still to come")],
        choices=offered(
            (
                (Early.DAILY.value, "On the working day on which they fall"),
                (Early.WEEKLY.value, "Together, once a week"),
                (Early.NEVER.value, "Not at all"),
            )
        ),
    )
    digest_day = SelectField(
        "Day for what is not urgent",
        choices=offered((str(number), day) for number, day in enumerate(DAYS, start=1)),
        description="Only if once a week.",
    )

    teams_url = StringField(
        "Address of your Teams workflow (optional)",
        description="Make a workflow from “When a Teams webhook request is received”, and paste its address. It is not "
        "shown again",
    )
    teams_off = TickField("Send no more cards to Teams")

    def show(self, chosen: Chosen) -> None:
        """Fill in what stands."""
        self.hour.data, self.early.data = str(chosen.hour), str(chosen.early)
        self.digest_day.data = str(chosen.digest_day)

    def chosen(self) -> Chosen:
        """What was chosen, once the form is valid."""
        return Chosen(int(self.hour.data), Early(self.early.data), int(self.digest_day.data))

    def teams(self) -> str | None:
        """Where cards are to go, "" for nowhere any more; None leaves it as it is."""
        if self.teams_off.data:
            return ""
        return (self.teams_url.data or "").strip() or None

    def refuse_teams(self, words: str) -> None:
        """Say at the field why cards cannot go there."""
        complain(self.teams_url, words)
