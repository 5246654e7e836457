"""The forms of a review beside its steps: checklist, people, panel, amendments."""

from datetime import date

from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from tracker.forms.facts import DayField, complain, offered
from tracker.forms.opened import OpenedForm
from workflows.facts import FactRefused, read_day, tidy


class ReviewForm(OpenedForm):
    """A form of the records of a case."""

    def day_in(self, name: str, today: date, *, needed: bool = True) -> date | None:
        """The day in a field. What cannot be read is said at the field."""
        field = self[name]
        typed = (field.data or "").strip()
        if not typed:
            if needed:
                complain(field, f"Enter the {field.label.text[0].lower()}{field.label.text[1:]}")
            return None
        try:
            on = read_day(typed)
        except FactRefused as refusal:
            complain(field, f"{field.label.text} {refusal}")
            return None
        if on > today:
            complain(field, f"{field.label.text} must be today or in the past")
            return None
        return on


def plain(text: str | None) -> str:
    """Typed words, tidied."""
    return tidy(text or "", lines=True)


class TasksForm(ReviewForm):
    """Several tasks done on one day."""

    done = SelectMultipleField("Tick what is done", validate_choice=False)
    done_on = DayField("Day on which it was done")


class TaskForm(ReviewForm):
    """One task: done, not needed, or open after all."""

    became = RadioField(
        "What became of it?",
        choices=offered(
            (("done", "It is done"), ("not_needed", "It is not needed here"), ("open", "It is open"))
        ),
        validate_choice=False,
    )
    done_on = DayField("Day on which it was done")
    not_needed_reason = TextAreaField("Why it is not needed")
    note = TextAreaField("Where the paper is, or what was agreed (optional)")


class PersonForm(ReviewForm):
    """A person of a review. No name is asked for anywhere. One line of answers for each protected characteristic."""

    role = SelectField("Part in the review", validate_choice=False)
    pseudonym = StringField("Pseudonym", description="Never the real name. The key is kept elsewhere")
    pseudonym_by = StringField("Who chose the pseudonym, and when")
    age_band = SelectField("Age", validate_choice=False)
    relationship = StringField("Relationship to the person who died")
    is_deceased = BooleanField("This person has died")
    considered = SelectMultipleField("Protected characteristics that were considered", validate_choice=False)
    relevant = SelectMultipleField("Protected characteristics that are relevant", validate_choice=False)
    equality_note = TextAreaField(
        "What the report says of them", description="One line for each, such as: Disability: section 15.2"
    )


class RemoveForm(ReviewForm):
    """A person who was entered in error."""

    why = TextAreaField("Why this was entered in error")


class SeatForm(ReviewForm):
    """A place on the panel."""

    organisation = SelectField("Agency", validate_choice=False)
    role_title = StringField("Role", description="The role, not the name")
    part = RadioField("Part on the panel", validate_choice=False)
    from_on = DayField("First day on the panel")
    not_independent = BooleanField("Not independent of the line management of the case")
    managed_the_case = BooleanField("Managed the case or staff who worked on it")


class LeaveForm(ReviewForm):
    """The end of a place on the panel."""

    to_on = DayField("Last day on the panel")
    why = TextAreaField("Why (optional)")


class AmendmentForm(ReviewForm):
    """One point of a Home Office letter."""

    text = TextAreaField("What the letter asks for")
    assigned = StringField("Who deals with it", description="A role or an agency")
    response = TextAreaField("What was changed, or why not")
    resolved_on = DayField("Day on which it was made or answered")


class RegimeForm(ReviewForm):
    """Another kind of review, under another law."""

    reason = TextAreaField(
        "Why the kind of review changes", description="The order and its transitional rule"
    )
    on = DayField("Day of the change")
