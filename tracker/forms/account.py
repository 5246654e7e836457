"""Changing one's own password."""

from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired

from tracker import passwords


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
