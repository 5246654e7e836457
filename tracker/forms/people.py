"""A role for somebody, and the reason of every other change of people; and one's own password, set by a link."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired

from tracker import passwords
from tracker.errors import BadInput
from tracker.forms.facts import Choices, complain, offered
from tracker.forms.own_names import ReasonForm
from tracker.models import Role
from tracker.services.people import FOR_AN_ORGANISATION, NewPerson, address_of
from workflows.facts import tidy

LONGEST = 100
ROLES: Choices = (
    (Role.OFFICER, "Officer"),
    (Role.MANAGER, "Manager"),
    (Role.CHAIR, "Chair"),
    (Role.DECISION_MAKER, "Decision-maker"),
    (Role.PANEL, "Panel member"),
    (Role.LEAD, "Lead of an agency"),
    (Role.AUDITOR, "Auditor"),
    (Role.ADMINISTRATOR, "Administrator"),
)


class RoleForm(ReasonForm):
    """One role for somebody new, or one more for somebody who is there."""

    email = StringField("E-mail address", description="They sign in with it, and mails go to it")
    name = StringField(
        "How pages call them",
        description="A role title will do, such as Review officer. Somebody who is there already keeps their name",
    )
    role = RadioField("What are they?", validate_choice=False)
    partnership = SelectField(
        "In which partnership?", description="For every role but lead", validate_choice=False
    )
    organisation = SelectField("Of which agency?", description="For a lead", validate_choice=False)

    asks = ("email", "name", "role", "partnership", "organisation")

    def offer(self, partnerships: Choices, agencies: Choices) -> "RoleForm":
        """The places to choose from."""
        self.role.choices = offered(ROLES)
        self.partnership.choices = offered((("", "Choose one"), *partnerships))
        self.organisation.choices = offered((("", "Choose one"), *agencies))
        return self

    def read(self, partnerships: Choices, agencies: Choices) -> NewPerson | None:
        """Who is to be what; what is to put right is said at its field."""
        name = tidy(self.name.data or "")
        try:
            email = address_of(self.email.data or "")
        except BadInput:
            email = ""
            complain(self.email, "Enter an e-mail address, such as officer@council.example")
        if not name:
            complain(self.name, "Enter how pages call them")
        elif len(name) > LONGEST:
            complain(self.name, f"The name must be {LONGEST} characters or fewer")
        place = organisation = ""
        if self.role.data not in dict(ROLES):
            complain(self.role, "Choose what they are")
        elif Role(self.role.data) in FOR_AN_ORGANISATION:
            organisation = str(self.organisation.data)
            if organisation not in dict(agencies):
                complain(self.organisation, "Choose the agency")
        else:
            place = str(self.partnership.data)
            if place not in dict(partnerships):
                complain(self.partnership, "Choose the partnership")
        if any(self[each].errors for each in self.asks):
            return None
        return NewPerson(email, name, Role(self.role.data), place, organisation)

    def carried(self) -> tuple[tuple[str, str], ...]:
        """Every answer as it was typed, to travel in hidden fields."""
        return tuple((each, str(self[each].data or "")) for each in self.asks)


class PersonReasonForm(ReasonForm):
    """Why something about a person is changed; ``role`` is the number of the role it is about."""

    role = HiddenField()


class SetPasswordForm(FlaskForm):  # type: ignore[misc]
    """The new password, twice."""

    new = PasswordField(
        "New password",
        [InputRequired("Enter a new password")],
        description=f"{passwords.SHORTEST} characters or more. Any characters, spaces too. Three or four words are easy to remember.",
    )
    again = PasswordField(
        "New password again",
        [
            InputRequired("Enter the new password again"),
            EqualTo("new", "The two new passwords are not the same"),
        ],
    )
