"""Changing one's own password, and choosing one's first page."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField
from wtforms.validators import EqualTo, InputRequired

from tracker import passwords
from tracker.forms.facts import Choices, complain, offered


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The password as it is, and the new one twice."""

    present = PasswordField("Your password now", [InputRequired("Enter the password that you have now")])
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


class FirstPageForm(FlaskForm):  # type: ignore[misc]
    """Which of several homes comes first."""

    first_page = RadioField("Which page comes first when you sign in?", validate_choice=False)

    def offer(self, homes: Choices, chosen: str = "") -> "FirstPageForm":
        """The homes to choose from; ``chosen`` is marked unless something was sent."""
        self.first_page.choices = offered(homes)
        if not self.first_page.raw_data:
            self.first_page.data = chosen
        return self

    def chosen(self, homes: Choices) -> str | None:
        """The address that was chosen; None if it is none of them, which is then said at the field."""
        if self.first_page.data not in dict(homes):
            complain(self.first_page, "Choose a page")
            return None
        return str(self.first_page.data)
