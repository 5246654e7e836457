"""What is asked of the holder of an update link. Nothing is preselected, so a form sent empty says nothing."""

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, RadioField, StringField, TextAreaField

from tracker.forms.actions import UpdateForm, wanted_day
from tracker.forms.facts import Choices, DayField, complain, offered
from tracker.forms.opened import OpenedForm, whole
from tracker.services.link_answers import MORE_TIME, NOT_OURS, NOTE_FOR, Reply
from workflows.facts import tidy

MINE, NOT_MINE = "mine", "not_mine"
_LONGEST_ADDRESS = 254


class ReplyForm(UpdateForm):
    """What do you want to tell us? About what an agency is asked for."""

    note = TextAreaField(
        "Tell us more",
        description="What you send, what you searched, why more time is needed, or why it is not yours. No names of people",
    )
    evidence = StringField(
        "Where it is kept, if you send it in", description="A link or a file reference, not the file itself"
    )
    asked_for_on = DayField("New date, only if you need more time", description="For example, 23 11 2026")
    belongs_to = StringField("Whose it is, only if it is not yours and you know")
    signed_by = StringField(
        "Senior officer who signed it off, only if it is ready", description="The role, not the name"
    )

    def offer(self, answers: Choices) -> None:
        """The answers that can be given now."""
        self.answer.choices = offered(answers)

    def reply(self) -> Reply | None:
        """The answer as plain values; None if something is to put right, which is then said at its field."""
        answers = {str(choice[0]) for choice in self.answer.iter_choices()}
        if self.answer.data not in answers:
            complain(self.answer, "Choose what you want to tell us")
            return None
        answer, note = str(self.answer.data), tidy(self.note.data or "", lines=True)
        kept_at = tidy(self.evidence.data or "")
        if not note and answer in NOTE_FOR and not (answer == "ready" and kept_at):
            complain(self.note, NOTE_FOR[answer].rstrip("."))
        wanted = wanted_day(self.asked_for_on) if answer == MORE_TIME else None
        if any(field.errors for field in self):
            return None
        return Reply(
            answer=answer,
            seen_version=self.seen_version(),
            note=note,
            kept_at=kept_at,
            signed_by=tidy(self.signed_by.data or ""),
            asked_for_on=wanted,
            belongs_to=tidy(self.belongs_to.data or "") if answer == NOT_OURS else "",
            request_id=self.request_id.data or None,
        )

    def take(self, words: str) -> bool:
        """Say a service's refusal at the field that it is about; False if it is about none."""
        about = {"signed": self.signed_by, "new date": self.asked_for_on, "draft is kept": self.evidence}
        for part, field in about.items():
            if part in words:
                complain(field, words.rstrip("."))
                return True
        if words in NOTE_FOR.values():
            complain(self.note, words.rstrip("."))
            return True
        return False


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The six digits."""

    code = StringField("Six-digit code", description="You can paste it")


class NotMeForm(FlaskForm):  # type: ignore[misc]
    """Whether an update was theirs."""

    whose = RadioField(
        "Did this update come from you, or from somebody who may answer for you?",
        choices=offered(((MINE, "Yes"), (NOT_MINE, "No, take it back"))),
        validate_choice=False,
    )

    def answer(self) -> str:
        """What was chosen; empty if nothing, which is then said at the field."""
        if self.whose.data not in {MINE, NOT_MINE}:
            complain(self.whose, "Choose whether the update came from you")
            return ""
        return str(self.whose.data)


class CoveringForm(FlaskForm):  # type: ignore[misc]
    """Who covers for the holder of the link."""

    request_id = HiddenField()
    name = StringField("Your name")
    email = EmailField("Your work e-mail address", description="We send a link of your own to it")

    def given(self) -> tuple[str, str] | None:
        """Name and address; None if something is to put right."""
        name, email = tidy(self.name.data or ""), tidy(self.email.data or "").lower()
        if not name:
            complain(self.name, "Enter your name")
        if not is_address(email):
            complain(self.email, "Enter your work e-mail address, like name@council.gov.uk")
        return None if any(field.errors for field in self) else (name, email)


class WrongPersonForm(FlaskForm):  # type: ignore[misc]
    """Why the link is with the wrong person."""

    request_id = HiddenField()
    why = TextAreaField(
        "What should we know?",
        description="For example, that you have changed jobs, or which service it is for. No names of people in a case",
    )

    def words(self) -> str:
        """What was written; empty if nothing, which is then said at the field."""
        words = tidy(self.why.data or "", lines=True)
        if not words:
            complain(self.why, "Say why the link is with the wrong person")
        return words


class EndLinkForm(OpenedForm):
    """Why the business unit ends a link; or, up to which use it has seen what was done by links."""

    link = HiddenField()
    up_to = HiddenField()
    why = StringField("Why the link ends")

    def number(self) -> int:
        """Which link; 0 if that cannot be read."""
        return whole(str(self.link.data or ""))

    def last_use(self) -> int:
        """The number of the last use that was shown; 0 if that cannot be read."""
        return whole(str(self.up_to.data or ""))


def is_address(text: str) -> bool:
    """Whether it looks like one mail address: what cannot be one is not written to."""
    local, at, domain = text.partition("@")
    plain = text.isascii() and text.isprintable() and not set(text) & set(' ,;:<>()[]"\\')
    return (
        bool(local and at and "." in domain.strip(".") and "@" not in domain and plain)
        and len(text) <= _LONGEST_ADDRESS
    )
