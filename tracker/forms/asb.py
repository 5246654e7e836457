"""The forms of an ASB case review beside its steps: incidents, reports, passing on, harm."""

from collections.abc import Mapping
from datetime import date

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from tracker.forms.facts import Choices, DayField, complain, offered
from tracker.forms.late_reasons import ONLY_IF, SaysLate, own_words, usual_reason
from tracker.forms.reviews import ReviewForm, plain
from tracker.models import Dated, Method, RecordStatus
from tracker.services.harm import HarmSaid
from tracker.services.incidents import HOUSEHOLDS, IncidentSaid, ReportSaid
from tracker.services.pass_ons import PassedOn
from workflows.harm import Questionnaire

OTHER = "other"
DATED = (
    (Dated.ON, "The day is known"),
    (Dated.BETWEEN, "The day is not known, but the earliest and the latest it can have been"),
    (Dated.UNKNOWN, "Nothing is known yet"),
)
METHODS = (
    (Method.PHONE, "Phone"),
    (Method.ONLINE, "Online"),
    (Method.EMAIL, "E-mail"),
    (Method.LETTER, "Letter"),
    (Method.IN_PERSON, "In person"),
    (Method.SYSTEM, "Shared system"),
    (Method.OTHER, "Another way, or not known"),
)
RECORDS = (
    (RecordStatus.UNVERIFIED, "Nobody has looked yet"),
    (RecordStatus.CONFIRMED, "The body confirms it"),
    (RecordStatus.EVIDENCED, "No record, but the applicant can show it was made"),
    (RecordStatus.NOT_FOUND, "No record, and nothing else shows it"),
)
_MOST_PEOPLE = 12
PEOPLE: Choices = (
    ("applicant", "The applicant"),
    ("victim", "The victim"),
    *((f"other-{n}", f"Another person ({n})") for n in range(1, _MOST_PEOPLE + 1)),
)
IN_HOUSEHOLDS: Choices = (("", "Not said"), *((letter, f"Household {letter}") for letter in HOUSEHOLDS))
BANDS: Choices = (
    ("", "As the score gives"),
    ("standard", "Standard"),
    ("medium", "Medium"),
    ("high", "High"),
)


def _said(pairs: tuple[tuple[object, str], ...]) -> Choices:
    return tuple((str(value), words) for value, words in pairs)


class IncidentForm(ReviewForm):
    """One incident. Nothing but the ticks is compulsory: what is not known is asked for later."""

    dated = RadioField(
        "Is its day known?", choices=offered(_said(DATED)), default="on", validate_choice=False
    )
    first_on = DayField("First or earliest day")
    last_on = DayField(
        "Last or latest day",
        description="Leave it empty if it was one day. Of one that goes on, the last day counts",
    )
    what = TextAreaField("What happened (optional)", description="Shown on this case alone")
    place = StringField("Where (optional)")
    linked = BooleanField("It is part of the problem that the application is about", default=True)
    alarm = BooleanField(
        "Taken together with the others, it could cause harassment, alarm or distress", default=True
    )
    hate = BooleanField("Somebody sees it as motivated by hate", description="Once said, this stays")
    note = TextAreaField("Officer's note, or why this is corrected (optional)")

    def said(self, today: date, number: int | None) -> IncidentSaid | None:
        """The answers as plain values; None if something is to put right, which is then said at its field."""
        if self.dated.data not in {str(each) for each in Dated}:
            complain(self.dated, "Choose an answer: Is its day known?")
            return None
        dated = Dated(self.dated.data)
        first = last = None
        if dated is not Dated.UNKNOWN:
            first = self.day_in("first_on", today)
            last = self.day_in("last_on", today, needed=dated is Dated.BETWEEN)
        if any(field.errors for field in self):
            return None
        return IncidentSaid(
            seen_version=self.seen(), dated=dated, first_on=first, last_on=last, what=plain(self.what.data),
            place=plain(self.place.data), linked=bool(self.linked.data), hate=bool(self.hate.data),
            alarm=bool(self.alarm.data), note=plain(self.note.data), number=number,
            request_id=self.number_of_form(),
        )  # fmt: skip


class ReportForm(ReviewForm):
    """One report. The day may be unknown; a person is called by their part, never by name."""

    incidents = SelectMultipleField("Which incidents is it about?", validate_choice=False)
    body = SelectField("Who was told?", validate_choice=False)
    other_body = StringField(
        "Who was told, if not on the list",
        description="A councillor, a private landlord, 999 without a record",
    )
    person = SelectField("Who reported it?", choices=offered(PEOPLE), validate_choice=False)
    household = SelectField(
        "Of which household? (optional)", choices=offered(IN_HOUSEHOLDS), validate_choice=False,
        description="Only where the area counts households: a letter that you choose for each, never an address",
    )  # fmt: skip
    earliest_on = DayField(
        "Day of the report", description="The day of the call or message, or the earliest it can have been"
    )
    latest_on = DayField("Latest day, only if the day is not known")
    method = SelectField(
        "How was it reported?", choices=offered(_said(METHODS)), default="other", validate_choice=False
    )
    external_reference = StringField("The body's reference (optional)")
    record = RadioField(
        "What is known at the body?",
        choices=offered(_said(RECORDS)),
        default="unverified",
        validate_choice=False,
    )
    agency_on = DayField("Day in the body's record, only if it is another")
    withdrawn = BooleanField("This report was recorded by mistake: take it out")
    note = TextAreaField("Action taken, or why this is corrected (optional)")

    def said(self, today: date, number: int | None) -> ReportSaid | None:
        """The answers as plain values; None if something is to put right, which is then said at its field."""
        earliest = self.day_in("earliest_on", today, needed=False)
        latest = self.day_in("latest_on", today, needed=False)
        agency_on = self.day_in("agency_on", today, needed=False)
        numbers = tuple(
            int(each)
            for each in self.incidents.data or ()
            if each.isascii() and each.isdigit() and len(each) < 10
        )
        if not numbers:
            complain(self.incidents, "Choose the incidents that the report is about")
        if self.body.data == OTHER and not plain(self.other_body.data):
            complain(self.other_body, "Enter who was told")
        if not self.body.data:
            complain(self.body, "Choose who was told")
        for field, known in ((self.method, Method), (self.record, RecordStatus)):
            if field.data not in {str(each) for each in known}:
                complain(field, f"Choose an answer: {field.label.text}")
        if self.person.data not in dict(PEOPLE):
            complain(self.person, "Choose who reported it")
        if (self.household.data or "") not in dict(IN_HOUSEHOLDS):
            complain(self.household, "Choose the household")
        if any(field.errors for field in self):
            return None
        return ReportSaid(
            seen_version=self.seen(), incidents=numbers, earliest_on=earliest, latest_on=latest,
            person=self.person.data, household=self.household.data or "", body="" if self.body.data == OTHER else self.body.data,
            other_body=plain(self.other_body.data), method=Method(self.method.data),
            external_reference=plain(self.external_reference.data), record=RecordStatus(self.record.data),
            agency_on=agency_on, withdrawn=bool(self.withdrawn.data), note=plain(self.note.data), number=number,
            request_id=self.number_of_form(),
        )  # fmt: skip


class PassOnForm(SaysLate, ReviewForm):
    """The application went to some bodies on a day."""

    bodies = SelectMultipleField("To which bodies?", validate_choice=False)
    on = DayField("Day on which it went")
    method = SelectField(
        "How did it go?", choices=offered(_said(METHODS)), default="email", validate_choice=False
    )
    external_reference = StringField("The body's reference (optional)")
    late_why = usual_reason(ONLY_IF)
    late_reason = own_words(ONLY_IF)

    def said(self, today: date) -> PassedOn | None:
        """The answers as plain values; None if something is to put right, which is then said at its field."""
        on = self.day_in("on", today)
        if not self.bodies.data:
            complain(self.bodies, "Choose the bodies that the application went to")
        if self.method.data not in {str(each) for each in Method}:
            complain(self.method, "Choose how it went")
        if on is None or any(field.errors for field in self):
            return None
        return PassedOn(
            seen_version=self.seen(), bodies=tuple(self.bodies.data or ()), on=on, method=Method(self.method.data),
            external_reference=plain(self.external_reference.data), late_reason=self.said_late(),
            request_id=self.number_of_form(),
        )  # fmt: skip


class HarmForm(ReviewForm):
    """The band besides the questions, which :func:`harm_form` adds."""

    assessed_on = DayField("Day of the assessment")
    band = RadioField(
        "Band", choices=offered(BANDS), default="", validate_choice=False,
        description="You can raise it with a note. Only a manager lowers it",
    )  # fmt: skip
    reason = TextAreaField("Why the band is another than the score gives")

    def said(self, today: date, asked: Questionnaire) -> HarmSaid | None:
        """The answers as plain values; None if something is to put right, which is then said at its field."""
        answers: dict[str, int] = {}
        for question in asked.questions:
            field = self[question.key]
            if field.data not in {str(points) for points, _ in question.answers}:
                complain(field, f"Choose an answer: {question.text}")
            else:
                answers[question.key] = int(field.data)
        on = self.day_in("assessed_on", today)
        if (self.band.data or "") not in dict(BANDS):
            complain(self.band, "Choose the band")
        if self.band.data and not plain(self.reason.data):
            complain(self.reason, "Say why the band is another than the score gives")
        if on is None or any(field.errors for field in self):
            return None
        return HarmSaid(
            self.seen(), answers, on, self.band.data or "", plain(self.reason.data), self.number_of_form()
        )


def harm_form(asked: Questionnaire) -> type[HarmForm]:
    """The form with one set of radios for each question."""
    fields: Mapping[str, object] = {
        question.key: RadioField(
            question.text,
            choices=offered(tuple((str(points), words) for points, words in question.answers)),
            validate_choice=False,
        )
        for question in asked.questions
    }
    return type("HarmForm", (HarmForm,), dict(fields))
