"""The form of a note."""

from wtforms import TextAreaField

from tracker.forms.reviews import ReviewForm


class NoteForm(ReviewForm):
    """Words for the history."""

    words = TextAreaField(
        "Note",
        description="It stays in the history and cannot be changed. Leads and panel members do not see it. Use pseudonyms",
    )
