"""The forms of letters: what a draft needs, how one was sent, why one came back, a template of the partnership's own."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField

from tracker.forms.facts import Choices, DayField, complain, offered
from tracker.forms.late_reasons import ONLY_IF, SaysLate, own_words, usual_reason
from tracker.forms.reviews import ReviewForm, plain
from tracker.services.letter_asked import Draft, Sending, SentOutside, Waiver
from workflows.facts import FactRefused, read_day
from workflows.letters import Channel, Form, LetterKind, Prose, To

E = TypeVar("E", Channel, Form)
PROSE = "prose_"
_FORMS: Choices = tuple((form.value, form.label) for form in Form)
_ABOUT = (
    ("day", ("letter_on", "sent_on", "returned_on")),
    ("Say why the letter", ("why",)),
    ("Say why", ("late_reason",)),
    ("reach this person", ("channel",)),
    ("goes through", ("channel",)),
    ("This way", ("channel",)),
    ("Say in a note", ("note",)),
    ("where the letter is kept", ("kept_at",)),
    ("Choose the body", ("organisation",)),
    ("one of the bodies", ("organisation",)),
    ("This relative", ("instance",)),
    ("family contacts", ("instance",)),
    ("co-applicants", ("instance",)),
    ("other people's data", ("read_for_others",)),
    ("Say why they", ("why",)),
    ("Nobody would get", ("why",)),
    ("recipient's name", ("label",)),
)
"""At which field a refusal is said, by words in it; the first that the form has."""


class LetterForm(ReviewForm):
    """What the forms about one letter share. ``refusal`` is what a service said that is about no field."""

    refusal = ""

    def say(self, words: str) -> bool:
        """Say a refusal at the field that it is about. False if it is about none."""
        fields = [field for field in self if field.name.startswith(PROSE)]
        about = next((field for field in fields if words.startswith(field.label.text)), None)
        for part, names in _ABOUT:
            if about is None and part in words:
                about = next((self[name] for name in names if name in self), None)
        if about is None:
            return False
        complain(about, words.rstrip("."))
        return True

    def channel_chosen(self) -> Channel | None:
        """The way; without one, that is said at the field."""
        return _one_of(self["channel"], Channel, "Choose how it goes")

    def day_of(self, name: str) -> date | None:
        """The day in a field, which may lie ahead. What cannot be read is said at the field."""
        field = self[name]
        if not (field.data or "").strip():
            complain(field, f"Enter the {field.label.text[0].lower()}{field.label.text[1:]}")
            return None
        try:
            return read_day(field.data)
        except FactRefused as refusal:
            complain(field, f"{field.label.text} {refusal}")
            return None


class AddressedForm(LetterForm):
    """Whose letter it is. Fields that a recipient does not need are taken out by :meth:`fit`."""

    organisation = SelectField("Which body?", validate_choice=False)
    instance = SelectField("Which relative?", validate_choice=False)
    label = StringField(
        "Recipient's name as the letter has it", description="Leave it as it is if it is right"
    )
    channel = RadioField("How does it go?", validate_choice=False)
    form = SelectField("Format", choices=offered(_FORMS), default=Form.STANDARD.value, validate_choice=False)
    language = StringField("Language", default="English")

    def fit(
        self, bodies: Choices, relatives: Choices, channels: Iterable[Channel], which: tuple[str, str]
    ) -> None:
        """Offer what there is to choose from. ``which``: the question about one of several, and its first answer."""
        self.channel.choices = offered(tuple((way.value, way.label) for way in channels))
        if bodies:
            self.organisation.choices = offered((("", "Choose one"), *bodies))
        else:
            del self.organisation
        if relatives:
            self.instance.label.text = which[0]
            self.instance.choices = offered((("", which[1]), *relatives))
        else:
            del self.instance

    def chosen(self, name: str) -> str:
        """The answer of a list that this form may not have."""
        return (self[name].data or "") if name in self else ""


class DraftForm(AddressedForm):
    """A letter to draft; :func:`draft_form` adds the words that its kind asks for."""

    replaces = HiddenField()
    address = TextAreaField("Address lines (optional)", description="Only if they stand on the letter")
    letter_on = DayField(
        "Day it goes out", description="The letter is dated with it, and its dates count from it"
    )

    def asked(self, kind: LetterKind, to: To) -> Draft | None:
        """The answers as plain values; None if something is to put right, which is then said at its field."""
        on, channel = self.day_of("letter_on"), self.channel_chosen()
        form = _one_of(self.form, Form, "Choose the format")
        for prose in kind.prose:
            if not prose.optional and not plain(self[PROSE + prose.name].data):
                complain(self[PROSE + prose.name], f"{prose.label}: write what the letter says")
        if on is None or channel is None or form is None or any(field.errors for field in self):
            return None
        return Draft(
            seen_version=self.seen(), kind=kind.code, to=to, channel=channel, letter_on=on,
            label=plain(self.label.data), address=plain(self.address.data),
            organisation=self.chosen("organisation"), instance=self.chosen("instance"), form=form,
            language=plain(self.language.data),
            prose={prose.name: self[PROSE + prose.name].data or "" for prose in kind.prose},
            replaces=_number(self.replaces.data), request_id=self.number_of_form(),
        )  # fmt: skip

    def prose_fields(self) -> tuple[Field, ...]:
        """The words that the kind asks for, in order."""
        return tuple(field for field in self if field.name.startswith(PROSE))


def draft_form(kind: LetterKind) -> type[DraftForm]:
    """The form with one box for each of the words that the kind asks for."""
    return type("DraftForm", (DraftForm,), {PROSE + prose.name: _box(prose) for prose in kind.prose})


class SendForm(SaysLate, LetterForm):
    """How a checked letter went."""

    sent_on = DayField("Day it was sent")
    channel = RadioField("How did it go?", validate_choice=False)
    form = SelectField("Format", choices=offered(_FORMS), validate_choice=False)
    note = TextAreaField("Note, needed only if it was read out by phone")
    late_why = usual_reason(ONLY_IF)
    late_reason = own_words(ONLY_IF)

    def offer(self, to: To) -> "SendForm":
        """The ways that a recipient may be reached by."""
        ways = [each for each in Channel if (each is Channel.THROUGH) <= (to is To.FAMILY)]
        self.channel.choices = offered(tuple((way.value, way.label) for way in ways))
        return self

    def asked(self, today: date) -> Sending | None:
        """The answers as plain values; None if something is to put right, which is then said at its field."""
        on, channel = self.day_in("sent_on", today), self.channel_chosen()
        form = _one_of(self.form, Form, "Choose the format")
        if on is None or channel is None or form is None:
            return None
        return Sending(
            self.seen(), on, channel, form, plain(self.note.data), self.said_late(),
            self.number_of_form(),
        )  # fmt: skip


class OutsideForm(SaysLate, AddressedForm):
    """A letter that was written and sent outside the tracker."""

    sent_on = DayField("Day it was sent")
    kept_at = StringField("Where the letter is kept", description="A link or a file reference")
    note = TextAreaField("Note, needed only if it was read out by phone")
    late_why = usual_reason(ONLY_IF)
    late_reason = own_words(ONLY_IF)

    def asked(self, kind: LetterKind, to: To, today: date) -> SentOutside | None:
        """The answers as plain values; None if something is to put right, which is then said at its field."""
        on, channel = self.day_in("sent_on", today), self.channel_chosen()
        form = _one_of(self.form, Form, "Choose the format")
        if not plain(self.kept_at.data):
            complain(self.kept_at, "Say where the letter is kept")
        if on is None or channel is None or form is None or any(field.errors for field in self):
            return None
        sending = Sending(
            self.seen(), on, channel, form, plain(self.note.data), self.said_late(),
            self.number_of_form(),
        )  # fmt: skip
        return SentOutside(
            kind.code, to, plain(self.kept_at.data), sending, label=plain(self.label.data),
            organisation=self.chosen("organisation"), instance=self.chosen("instance"),
            language=plain(self.language.data),
        )  # fmt: skip


class ReturnForm(LetterForm):
    """A letter that came back."""

    returned_on = DayField("Day it came back")
    why = TextAreaField("Why it came back")


class PlainForm(LetterForm):
    """A button: give up."""


class CheckForm(LetterForm):
    """What whoever checks a letter says."""

    read_for_others = BooleanField("I have read it for other people’s data")

    def read(self) -> bool:
        """Whether they said that they have."""
        return bool(self.read_for_others.data)


class WaiverForm(SaysLate, LetterForm):
    """Why one of those whom a letter must reach does not get it."""

    why = TextAreaField(
        "Why they do not get this letter, and how they know instead",
        description="For example, no way of sending is safe, and they were told in person",
    )
    late_why = usual_reason(ONLY_IF)
    late_reason = own_words(ONLY_IF)

    def asked(self, kind: LetterKind, to: To, whom: str) -> Waiver:
        """The answers as plain values."""
        return Waiver(
            self.seen(), kind.code, to, whom, plain(self.why.data), self.said_late(),
            self.number_of_form(),
        )  # fmt: skip


class TemplateForm(FlaskForm):  # type: ignore[misc]
    """A template of the partnership's own."""

    file = FileField("Word file (.docx)", description="At most 1 megabyte")
    name = StringField("What you call it (optional)")

    def document(self, most: int) -> bytes | None:
        """What the file holds, at most one byte more than ``most``; None without a file, which is then said."""
        if not self.file.data:
            complain(self.file, "Choose a Word file")
            return None
        with self.file.data.stream as stream:
            content: bytes = stream.read(most + 1)
        return content


def _box(prose: Prose) -> TextAreaField:
    label = f"{prose.label}{' (optional)' if prose.optional else ''}"
    return TextAreaField(label, description=prose.hint)


def _one_of(field: Field, known: type[E], words: str) -> E | None:
    if field.data not in {each.value for each in known}:
        complain(field, words)
        return None
    return known(field.data)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else None
