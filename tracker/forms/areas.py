"""Changing areas and their bodies: a form for each change; all read to one :class:`AreaChange`."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from wtforms import Field, RadioField, SelectField, StringField

from tracker.forms.facts import Choices, DayField, complain, offered
from tracker.forms.own_names import ReasonForm
from tracker.models import SetupKind
from tracker.services.area_changes import AreaChange
from tracker.services.policy_checks import Fault
from workflows.facts import FactRefused, read_day, tidy


class AreaForm(ReasonForm):
    """What every change asks: a day, and on check answers the reason. ``what`` is set by each kind of change."""

    what = SetupKind.AREA_ADDED
    asks: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Field]:
        """The fields as the page shows them, so that the error summary follows it."""
        last = [name for name in self._fields if name not in self.asks]
        yield from (self._fields[name] for name in (*self.asks, *last))

    @property
    def fields(self) -> tuple[Field, ...]:
        """The questions, in order."""
        return tuple(self[name] for name in self.asks)

    def read(self) -> AreaChange | None:
        """The change; what cannot be read is said at its field."""
        day = self._day()
        if day is None:
            return None
        given = {
            name: tidy(self[name].data or "")
            for name in ("name", "kind", "contact", "body", "successor")
            if name in self._fields
        }
        return AreaChange(what=self.what, on=day, **given)

    def tell(self, faults: Iterable[Fault]) -> Iterator[Mapping[str, str]]:
        """Say each fault at its field; those that belong to no field are handed back."""
        for fault in faults:
            words = fault.words.rstrip(".")
            if fault.field in self._fields:
                complain(self[fault.field], words)
            else:
                yield {"text": words, "href": "#main"}

    def carried(self) -> tuple[tuple[str, str], ...]:
        """Every answer as it was typed, to travel in hidden fields."""
        return tuple((field.name, str(field.data or "")) for field in self.fields)

    def _day(self) -> date | None:
        field = self["on"]
        typed = (field.data or "").strip()
        try:
            if typed:
                return read_day(typed)
            complain(field, f"Enter the {field.label.text[:1].lower()}{field.label.text[1:]}")
        except FactRefused as refused:
            complain(field, f"The {field.label.text[:1].lower()}{field.label.text[1:]} {refused}")
        return None


class NewAreaForm(AreaForm):
    """A new area."""

    what = SetupKind.AREA_ADDED
    asks = ("place", "name", "kind", "contact", "on")

    place = SelectField("Which partnership does it lie in?", validate_choice=False)
    name = StringField("Name of the area", description="As it is printed, such as Malvern Hills")
    kind = RadioField("What sort of area is it?", validate_choice=False)
    contact = StringField(
        "Point of contact (optional)", description="The desk that the procedures name, not a person"
    )
    on = DayField("First day", description="Applications made on or after it can name the area")


class EndAreaForm(AreaForm):
    """An area that ends, as in a reorganisation."""

    what = SetupKind.AREA_ENDED
    asks = ("on",)

    on = DayField("Last day", description="Applications made after it cannot name the area")


class NewBodyForm(AreaForm):
    """A body that takes part from a day."""

    what = SetupKind.BODY_ADDED
    asks = ("body", "kind", "contact", "on")

    body = SelectField("Which body?", validate_choice=False)
    kind = RadioField("As what does it take part?", validate_choice=False)
    contact = StringField(
        "Where are applications passed on to? (optional)", description="A mailbox or desk, not a person"
    )
    on = DayField("First day", description="Applications made on or after it are passed on to the body")


class EndBodyForm(AreaForm):
    """A body that takes part until a day, and which one takes over."""

    what = SetupKind.BODY_ENDED
    asks = ("body", "on", "successor")

    body = SelectField("Which body?", validate_choice=False)
    on = DayField("Last day", description="Applications made after it are not passed on to the body")
    successor = SelectField(
        "Which body takes over the day after? (optional)",
        description="Choose one where the work goes on under another body",
        validate_choice=False,
    )


def offer(form: AreaForm, name: str, choices: Choices, empty: str) -> None:
    """Fill in the choices of a field, if the form has it."""
    if name not in form:
        return
    field = form[name]
    if isinstance(field, SelectField) and not isinstance(field, RadioField):
        field.choices = offered((("", empty), *choices))
    else:
        field.choices = offered(choices)


FORMS: Mapping[str, type[AreaForm]] = {
    "end": EndAreaForm,
    "add-body": NewBodyForm,
    "end-body": EndBodyForm,
}
"""The form of each change of one area, by its word in the address."""
