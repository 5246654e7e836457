"""The button "Chase now": which date, and from where it was pressed."""

from flask_wtf import FlaskForm
from wtforms import HiddenField

from tracker.services.chasing import Chase


class ChaseNowForm(FlaskForm):  # type: ignore[misc]
    """Nothing is asked: the row that the button stands in says it all."""

    key = HiddenField()
    instance = HiddenField()
    back = HiddenField()

    def asked(self) -> Chase:
        """The date to chase."""
        return Chase((self.key.data or "").strip(), (self.instance.data or "").strip())
