"""Which colleague answers in a lead's stead."""

from collections.abc import Iterable

from wtforms import EmailField, SelectField, StringField

from tracker.forms.actions import SeenForm
from tracker.forms.facts import complain, offered
from tracker.forms.updates import is_address
from tracker.services.colleagues import ToColleague
from workflows.facts import tidy


class ColleagueForm(SeenForm):
    """Who answers in the lead's stead: somebody with an account, or a name and a work address."""

    person = SelectField("Colleague with an account", validate_choice=False, default="")
    name = StringField("Name of your colleague")
    email = EmailField("Their work e-mail address", description="We send a link of their own to it")

    def offer(self, people: Iterable[tuple[str, str]]) -> None:
        """Fill in those who have an account. With some to choose from, the rest is only for somebody else."""
        self.person.choices = offered((("", "Somebody else"), *people))
        if len(self.person.choices) > 1:
            self.name.label.text += ", only if it is somebody else"
            self.email.label.text += ", only if it is somebody else"

    def asked(self) -> ToColleague | None:
        """The colleague; None if something is to put right, which is then said at its field."""
        known = {str(choice[0]): str(choice[1]) for choice in self.person.iter_choices()}
        name, email = tidy(self.name.data or ""), tidy(self.email.data or "").lower()
        if self.person.data:
            if self.person.data not in known:
                complain(self.person, "Choose a colleague from the list")
            elif name or email:
                complain(self.person, "Choose a colleague or enter somebody else, not both")
            name, email = known.get(self.person.data, ""), self.person.data
        elif not name:
            complain(self.name, "Enter the name of your colleague")
        if not self.person.data and not is_address(email):
            complain(self.email, "Enter their work e-mail address, like name@council.gov.uk")
        if any(field.errors for field in self):
            return None
        return ToColleague(name, email, self.seen_version(), self.number_of_form())
