"""What is asked before mails go again to an address that returned them."""

from flask_wtf import FlaskForm
from wtforms import EmailField, TextAreaField

from tracker.forms.facts import complain
from workflows.facts import tidy


class WorksAgainForm(FlaskForm):  # type: ignore[misc]
    """How they know, and the address to use instead."""

    corrected = EmailField(
        "Corrected address, if it was wrong", description="Leave it empty if the same address works again"
    )
    why = TextAreaField(
        "How do you know?", description="For example, that the agency rang. No names of people"
    )

    def given(self) -> tuple[str, str] | None:
        """The reason and the address, "" for the same one; None if the reason is missing, which is then said."""
        why = tidy(self.why.data or "", lines=True)
        if not why:
            complain(self.why, "Say how you know")
            return None
        return why, tidy(self.corrected.data or "")

    def take(self, words: str) -> None:
        """Say a service's refusal at the field that it is about."""
        about = self.why if "characters" in words or "how you know" in words else self.corrected
        complain(about, words.rstrip("."))
