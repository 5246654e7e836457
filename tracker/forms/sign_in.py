"""Signing in."""

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired

NOT_RIGHT = "The e-mail address or the password is not right. Check both and try again"


class SignInForm(FlaskForm):  # type: ignore[misc]
    """An e-mail address and a password."""

    email = EmailField("E-mail address", [InputRequired("Enter your e-mail address")])
    password = PasswordField("Password", [InputRequired("Enter your password")])
    next = HiddenField()

    def refuse(self) -> None:
        """Say that the two do not belong together, and no more: not which of them is wrong."""
        self.email.errors = [NOT_RIGHT]
