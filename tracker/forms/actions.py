"""A lead's five answers, the verification by somebody else, and the decision on more time, and another lead."""

from collections.abc import Mapping
from datetime import date

from wtforms import Field, RadioField, SelectField, StringField, TextAreaField

from tracker.forms.facts import Choices, DayField, complain, offered
from tracker.forms.late_reasons import SaysLate, own_words, usual_reason
from tracker.forms.opened import OpenedForm
from tracker.services.actions import NEEDS_NOTE, Answer, Check, Update
from tracker.services.handovers import Handover
from workflows.facts import FactRefused, FactValue, read_day, tidy

ANSWERS: tuple[tuple[Answer, str], ...] = (
    (Answer.NO_CHANGE, "No change since the last update"),
    (Answer.PROGRESS, "There is progress"),
    (Answer.DONE, "It is done"),
    (Answer.MORE_TIME, "We need more time"),
    (Answer.NOT_OURS, "It is not ours"),
)
ACCEPT, SEND_BACK = "accept", "send_back"
AGREE, REFUSE = "agree", "refuse"
_IF_ACCEPTED = ", only if its date has passed and you accept it"
LOOKS: tuple[tuple[str, str], ...] = (
    ("three_months", "After 3 months"),
    ("six_months", "After 6 months"),
    ("twelve_months", "After 12 months"),
    ("none", "No"),
)


def wanted_day(field: Field) -> date | None:
    """The new date that somebody asks for; what cannot be read is said at the field."""
    typed = (field.data or "").strip()
    if not typed:
        complain(field, "Enter the new date you are asking for")
        return None
    try:
        return read_day(typed)
    except FactRefused as refusal:
        complain(field, f"The new date {refusal}")
        return None


class SeenForm(OpenedForm):
    """A form about an action."""

    def seen_version(self) -> int:
        """The version that the person was looking at."""
        return self.seen()

    def carried(self) -> tuple[tuple[str, str], ...]:
        """Every answer as it was typed, to travel in hidden fields."""
        left_out = {"csrf_token", "version", "seq", "was"}
        return tuple((field.name, str(field.data or "")) for field in self if field.name not in left_out)


class UpdateForm(SeenForm):
    """What do you want to tell us? Nothing is preselected."""

    answer = RadioField(
        "What do you want to tell us?",
        choices=offered(tuple((str(a), words) for a, words in ANSWERS)),
        validate_choice=False,
    )
    note = TextAreaField(
        "Tell us more, unless there is no change",
        description="What has moved, what shows that it is done, why more time is needed, or why it is not yours",
    )
    asked_for_on = DayField(
        "New date, only if you need more time",
        description="For example, 23 11 2026. The first date stays on record",
    )
    belongs_to = StringField("Whose it is, only if it is not yours and you know")
    evidence = StringField(
        "Where the evidence is kept (optional)", description="A link or a file reference, not the file itself"
    )
    at_risk = RadioField(
        "Is it at risk of being late? (optional)",
        choices=offered((("yes", "Yes"), ("no", "No"))),
        validate_choice=False,
    )

    def update(self) -> Update | None:
        """The answer as plain values; None if something is to put right, which is then said at its field."""
        if self.answer.data not in {str(answer) for answer, _ in ANSWERS}:
            complain(self.answer, "Choose what you want to tell us")
            return None
        answer, note = Answer(self.answer.data), tidy(self.note.data or "", lines=True)
        if not note and answer in NEEDS_NOTE:
            complain(self.note, NEEDS_NOTE[answer].rstrip("."))
        wanted = wanted_day(self.asked_for_on) if answer is Answer.MORE_TIME else None
        if any(field.errors for field in self):
            return None
        return Update(
            answer=answer,
            seen_version=self.seen_version(),
            note=note,
            asked_for_on=wanted,
            belongs_to=tidy(self.belongs_to.data or "") if answer is Answer.NOT_OURS else "",
            evidence=tidy(self.evidence.data or ""),
            at_risk={"yes": True, "no": False}.get(self.at_risk.data or ""),
            request_id=self.number_of_form(),
        )

    def facts(self) -> Mapping[str, FactValue]:
        """The answer as facts, to lay beside what somebody else recorded."""
        given = {"update_kind": self.answer.data, "update_note": tidy(self.note.data or "", lines=True)}
        return {name: value for name, value in given.items() if value}

    def take(self, words: str) -> bool:
        """Say a service's refusal at the field that it is about; False if it is about none."""
        if "new date" in words.lower():
            complain(self.asked_for_on, words.rstrip("."))
            return True
        if words in NEEDS_NOTE.values():
            complain(self.note, words.rstrip("."))
            return True
        return False


class VerifyForm(SaysLate, SeenForm):
    """Somebody other than the lead looks at what shows that it is done."""

    outcome = RadioField(
        "Is it done?",
        choices=offered(
            ((ACCEPT, "Yes, I have seen what shows it"), (SEND_BACK, "No, something is still missing"))
        ),
        validate_choice=False,
    )
    note = TextAreaField(
        "What you saw, or what is still missing", description="The lead reads this if you send it back"
    )
    late_why = usual_reason(_IF_ACCEPTED)
    late_reason = own_words(_IF_ACCEPTED)
    look_again = RadioField(
        "Look again whether it made a difference? (optional)",
        choices=offered(LOOKS),
        validate_choice=False,
        description="If you accept it. The business unit is reminded on the day",
    )

    def complete(self, *, late: bool) -> bool:
        """Whether all that the answer needs is there; what is not is said at its field."""
        if self.outcome.data not in {ACCEPT, SEND_BACK}:
            complain(self.outcome, "Choose whether it is done")
        elif not self.words():
            accept = "Say what you saw that shows it is done"
            complain(self.note, accept if self.outcome.data == ACCEPT else "Say what is still missing")
        if late and self.outcome.data == ACCEPT and not self.said_late():
            complain(self.late_reason, "Say why it is late")
        return not any(field.errors for field in self)

    def check(self) -> Check:
        """What was found, as plain values."""
        known = {value for value, _ in LOOKS}
        return Check(
            accepted=self.outcome.data == ACCEPT,
            note=self.words(),
            seen_version=self.seen_version(),
            look_again=self.look_again.data if self.look_again.data in known else "",
            late_reason=self.said_late(),
            request_id=self.number_of_form(),
        )

    def words(self) -> str:
        """What was written."""
        return tidy(self.note.data or "", lines=True)


class MoreTimeForm(SeenForm):
    """Agree or refuse the date that the lead asks for."""

    decision = RadioField(
        "Do you agree to the new date?",
        choices=offered(((AGREE, "Yes"), (REFUSE, "No, the date stays"))),
        validate_choice=False,
    )
    reason = TextAreaField("Reason for the decision")

    def complete(self) -> bool:
        """Whether both are there; what is not is said at its field."""
        if self.decision.data not in {AGREE, REFUSE}:
            complain(self.decision, "Choose whether you agree to the new date")
        if not self.why():
            complain(self.reason, "Give the reason for the decision")
        return not any(field.errors for field in self)

    def why(self) -> str:
        """The reason that was written."""
        return tidy(self.reason.data or "", lines=True)


class HandoverForm(SeenForm):
    """Who leads the action from now on."""

    to = SelectField("Who leads it from now on", validate_choice=False, default="")
    lead_role = StringField(
        "Role of the person there (optional)",
        description="The role, not the name: this goes into published plans",
    )
    reason = TextAreaField("Why the lead changes")

    def offer(self, bodies: Choices) -> None:
        """Fill in the bodies to choose from."""
        self.to.choices = offered((("", "Choose one"), *bodies))

    def complete(self) -> bool:
        """Whether a body and a reason are there; what is not is said at its field."""
        if self.to.data not in {str(choice[0]) for choice in self.to.iter_choices() if choice[0]}:
            complain(self.to, "Choose who leads it from now on")
        if not tidy(self.reason.data or "", lines=True):
            complain(self.reason, "Say why the lead changes")
        return not any(field.errors for field in self)

    def handover(self) -> Handover:
        """What is asked, as plain values."""
        return Handover(
            to=self.to.data,
            reason=tidy(self.reason.data or "", lines=True),
            seen_version=self.seen_version(),
            lead_role=tidy(self.lead_role.data or ""),
            request_id=self.number_of_form(),
        )
