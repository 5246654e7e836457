"""The form of a step: its facts, the day it happened, and what is asked only sometimes."""

from collections.abc import Mapping
from datetime import date, timedelta

from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField

from tracker.forms.facts import PREFIX, DayField, FactForm, complain, offered
from tracker.forms.late_reasons import SaysLate, own_words, usual_reason
from tracker.forms.opened import numbered, whole
from tracker.services.asked import MoveRequest
from workflows.facts import Fact, FactKind, FactRefused, FactValue, read_day, tidy

TODAY, YESTERDAY, OTHER, GIVEN = "today", "yesterday", "other", "given"
DAYS = ((TODAY, "Today"), (YESTERDAY, "Yesterday"), (OTHER, "On another day"))


class HappenedForm(SaysLate, FactForm):
    """Facts with the day on which it happened, the version of the case that was seen, and the number of the form."""

    happened = RadioField(
        "When did this happen?",
        choices=offered(DAYS),
        default=TODAY,
        validate_choice=False,
    )
    happened_on = DayField("The day it happened, only if it was another day")
    late_why = usual_reason()
    late_reason = own_words(told="A date that this meets has passed. The reason is kept with it")
    version = HiddenField()
    seq = HiddenField()
    request_id = HiddenField()

    def day(self, today: date) -> date | None:
        """The day on which it happened; None if it cannot be read, which is then said at the field."""
        if self.happened.data in {TODAY, YESTERDAY}:
            return today - timedelta(days=self.happened.data == YESTERDAY)
        given = self.only_day() if self.happened.data == GIVEN else None
        if given is None and self.happened.data != OTHER:
            complain(self.happened, "Choose when it happened")
            return None
        box, what = (
            (self[PREFIX + given.name], given.label) if given else (self.happened_on, "The day it happened")
        )
        typed = (box.data or "").strip()
        if not typed:
            complain(box, "Enter the day it happened")
            return None
        try:
            on = read_day(typed)
        except FactRefused as refusal:
            complain(box, f"{what} {refusal}")
            return None
        if on > today:
            complain(box, f"{what} must be today or in the past")
            return None
        return on

    def only_day(self) -> Fact | None:
        """The one date of the past that the form asks for: mostly the day on which it happened; none of several."""
        days = [f for f in self.facts if f.kind is FactKind.DATE]
        return days[0] if len(days) == 1 and not days[0].may_be_future else None

    def offer_given(self) -> None:
        """Let the day be the one that is given above, so that nobody types it twice."""
        if (only := self.only_day()) is not None:
            words = f"On the date above: {only.label[0].lower()}{only.label[1:]}"
            self.happened.choices = [*offered((*DAYS[:-1], (GIVEN, words), DAYS[-1]))]

    def seen(self) -> tuple[int, int]:
        """The version of the case that the person was looking at, and the number of its last event then."""
        return whole(self.version.data), whole(self.seq.data)

    def carried(self, happened_on: date | None) -> tuple[tuple[str, str], ...]:
        """Every answer as it was typed, to travel in hidden fields. "Today" becomes the day that it was."""
        pairs: list[tuple[str, str]] = []
        for field in self:
            if field.name == "csrf_token" or field.raw_data is None:
                continue
            pairs += [(field.name, str(raw)) for raw in field.raw_data if isinstance(raw, str)]
        if happened_on is None:
            return tuple(pairs)
        kept = [(name, value) for name, value in pairs if name not in {"happened", "happened_on"}]
        return (*kept, ("happened", OTHER), ("happened_on", happened_on.isoformat()))

    def words(self) -> tuple[tuple[str, str], ...]:
        """What was written besides the facts, with its label."""
        wanted = ("evidence", "override_reason", "late_reason", "note")
        return tuple(
            (field.label.text, self.said_late() if field.name == "late_reason" else field.data or "")
            for field in self
            if field.name in wanted
        )

    def take(self, words: str) -> bool:
        """Say a service's refusal at the field that it is about; False if it is about none."""
        field = next((self[PREFIX + fact.name] for fact in self.facts if words.startswith(fact.label)), None)
        if field is None and words.startswith("The day it happened"):
            field = self.happened_on
        if field is None and words.startswith("Say why this is late"):
            field = self.late_reason
        if field is not None:
            complain(field, words)
        return field is not None


class StepForm(HappenedForm):
    """One step: besides its facts, the evidence for a decision made elsewhere and the reason for going ahead."""

    evidence = StringField(
        "Minute or e-mail that shows the decision",
        description="Who decided, when, and where it is written down",
    )
    override = SelectMultipleField(
        "Go ahead without", description="Tick only what you go ahead without", validate_choice=False
    )
    override_reason = TextAreaField(
        "Reason for going ahead", description="Only if you go ahead without something"
    )
    note = TextAreaField("Anything to add to the history (optional)")

    def asked(self, facts: Mapping[str, FactValue], on: date) -> MoveRequest:
        """The step as plain values."""
        return MoveRequest(
            seen_version=self.seen()[0],
            occurred_on=on,
            facts=facts,
            reason=_plain(self.note.data),
            overridden=frozenset(self.override.data or ()),
            override_reason=_plain(self.override_reason.data),
            evidence=_plain(self.evidence.data),
            late_reason=self.said_late(),
            request_id=numbered(self.request_id.data),
        )


def _plain(text: str | None) -> str:
    return tidy(text or "", lines=True)
