"""A new agency, and the end of one."""

from datetime import date

from wtforms import SelectField, StringField

from tracker.errors import BadInput
from tracker.forms.facts import Choices, DayField, complain, offered
from tracker.forms.own_names import ReasonForm
from tracker.services.agencies import KINDS, LONGEST, NewAgency, key_of
from tracker.services.people import address_of
from workflows.facts import FactRefused, read_day, tidy


def mailbox_in(field: StringField) -> str:
    """The address typed in a field, lower case; empty if there is none, or none that can be one, said at the field."""
    if not (field.data or "").strip():
        return ""
    try:
        return address_of(field.data or "")
    except BadInput:
        complain(field, "Enter an e-mail address, or leave it empty")
        return ""


class NewAgencyForm(ReasonForm):
    """A new agency of a partnership."""

    name = StringField("Name", description="As it is printed, such as West Mercia Police")
    kind = SelectField("What sort of agency is it?", validate_choice=False)
    place = SelectField("In which partnership does it work?", validate_choice=False)
    contact_email = StringField("Mailbox for reminders (optional)", description="A desk, not a person")
    escalation_email = StringField("Mailbox of its named senior (optional)")
    asks = ("name", "kind", "place", "contact_email", "escalation_email")

    def offer(self, places: Choices) -> "NewAgencyForm":
        """The places and sorts to choose from."""
        self.kind.choices = offered((("", "Choose one"), *((one, one.capitalize()) for one in KINDS)))
        self.place.choices = offered((("", "Choose one"), *places))
        return self

    def read(self, places: Choices) -> NewAgency | None:
        """The agency; what is to put right is said at its field."""
        name = tidy(self.name.data or "")
        if not key_of(name):
            complain(self.name, "Enter the name")
        elif len(name) > LONGEST:
            complain(self.name, f"The name must be {LONGEST} characters or fewer")
        if self.kind.data not in KINDS:
            complain(self.kind, "Choose what sort of agency it is")
        if self.place.data not in dict(places):
            complain(self.place, "Choose the partnership")
        mailboxes = [mailbox_in(self.contact_email), mailbox_in(self.escalation_email)]
        if any(self[each].errors for each in self.asks):
            return None
        return NewAgency(name, str(self.kind.data), *mailboxes)

    def carried(self) -> tuple[tuple[str, str], ...]:
        """Every answer as it was typed, to travel in hidden fields."""
        return tuple((each, str(self[each].data or "")) for each in self.asks)


class MailboxesForm(ReasonForm):
    """Where reminders to an agency go."""

    contact_email = StringField("Mailbox for reminders (optional)")
    escalation_email = StringField("Mailbox of the named senior (optional)")
    asks = ("contact_email", "escalation_email")

    def read(self) -> tuple[str, str] | None:
        """Both mailboxes, lower case, "" for none; what is to put right is said at its field."""
        contact, escalation = mailbox_in(self.contact_email), mailbox_in(self.escalation_email)
        return None if self.contact_email.errors or self.escalation_email.errors else (contact, escalation)

    def carried(self) -> tuple[tuple[str, str], ...]:
        """Every answer as it was typed, to travel in hidden fields."""
        return tuple((each, str(self[each].data or "")) for each in self.asks)


class EndAgencyForm(ReasonForm):
    """An agency that ends, and which one succeeds it."""

    on = DayField("Last day")
    successor = SelectField("Which agency succeeds it? (optional)", validate_choice=False)
    asks = ("on", "successor")

    def offer(self, agencies: Choices) -> "EndAgencyForm":
        """The agencies that could succeed it."""
        self.successor.choices = offered((("", "None"), *agencies))
        return self

    def read(self, agencies: Choices) -> date | None:
        """The last day; what is to put right is said at its field."""
        typed, day = (self.on.data or "").strip(), None
        try:
            if typed:
                day = read_day(typed)
            else:
                complain(self.on, "Enter the last day")
        except FactRefused as refused:
            complain(self.on, f"The last day {refused}")
        if self.successor.data and self.successor.data not in dict(agencies):
            complain(self.successor, "Choose an agency from the list")
            return None
        return day

    def carried(self) -> tuple[tuple[str, str], ...]:
        """Every answer as it was typed, to travel in hidden fields."""
        return tuple((each, str(self[each].data or "")) for each in self.asks)
