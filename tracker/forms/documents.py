"""The forms of the register of documents."""

from datetime import date

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField

from tracker.forms.facts import DayField, complain, offered
from tracker.forms.opened import numbered
from tracker.forms.reviews import ReviewForm, plain
from tracker.models import DocumentKind, Marking
from tracker.queries.documents import KINDS, MARKINGS, VersionShown
from tracker.services.documents import DocumentSaid, StoredFile


class DocumentForm(ReviewForm):
    """A document, or its next version."""

    kind = SelectField(
        "What it is", choices=offered((("", "Choose one"), *KINDS.items())), validate_choice=False
    )
    title = StringField("Title", description="Without anybody's name")
    dated_on = DayField("Date on it")
    marking = RadioField(
        "Marking",
        choices=offered(tuple((str(key), words) for key, words in MARKINGS.items())),
        validate_choice=False,
    )
    publishable = BooleanField("It is meant to be published")
    location = StringField("Where it is kept", description="The link to it in your own document store")
    file = FileField("Or the file itself")

    def fit(self, *, stored: bool, most: int) -> "DocumentForm":
        """Ask for a file only where files are stored."""
        if stored:
            self.file.description = f"PDF, Word, Excel, PNG, JPEG or plain text, at most {most} megabytes. Leave the link empty then"
        else:
            del self.file
        return self

    def begin_with(self, old: VersionShown) -> None:
        """Fill in what the version before says."""
        self.kind.data, self.title.data = old.kind, old.title
        self.marking.data = next(str(key) for key, words in MARKINGS.items() if words == old.marking)
        self.publishable.data = old.publishable

    def upload(self, most: int) -> tuple[str, bytes] | None:
        """Name and bytes of the file, one byte more than ``most`` at the most; None without one."""
        if "file" not in self or not self.file.data:
            return None
        with self.file.data.stream as stream:
            return self.file.data.filename or "", stream.read(most + 1)

    def answers(self, today: date, *, chosen: bool) -> date | None:
        """The date on it, if every answer is there; otherwise each is asked for at its field."""
        if self.kind.data not in set(DocumentKind):
            complain(self.kind, "Choose what it is")
        if not plain(self.title.data):
            complain(self.title, "Title: enter what the document is called")
        if self.marking.data not in set(Marking):
            complain(self.marking, "Choose the marking")
        link = bool((self.location.data or "").strip())
        if link and chosen:
            complain(self.location, "Where it is kept: give the link or the file, not both")
        if not link and not chosen:
            complain(self.location, "Where it is kept: enter the link")
        on = self.day_in("dated_on", today)
        return None if any(field.errors for field in self) else on

    def said(self, on: date, file: StoredFile | None, number: int | None, *, quota: int = 0) -> DocumentSaid:
        """The answers as plain values."""
        return DocumentSaid(
            seen_version=self.seen(), kind=self.kind.data, title=plain(self.title.data), dated_on=on,
            marking=self.marking.data, publishable=bool(self.publishable.data),
            location="" if file else self.location.data or "", file=file, number=number, quota=quota,
            request_id=numbered(self.request_id.data, file=file.digest if file else ""),
        )  # fmt: skip


class AnonymisedForm(ReviewForm):
    """The check for names."""

    anonymised_by = StringField("Who checked it", description="A role, such as: Reviewing officer")
    anonymised_on = DayField("Day of the check")


class WithdrawForm(ReviewForm):
    """A document that was entered in error."""

    why = TextAreaField("Why it is taken out")


class ActForm(ReviewForm):
    """A button: release, scan again."""
