"""Forms from declared facts: the questions, the reading of the answers and the words of each error."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import ClassVar, TypeVar

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from workflows.facts import Fact, FactKind, FactRefused, FactValue, read

F = TypeVar("F", bound="FactForm")
PREFIX = "fact_"
Choices = tuple[tuple[str, str], ...]
_MOST_RADIOS = 9
_CHOSEN = {FactKind.CHOICE, FactKind.CHOICES, FactKind.YES_NO}
_NAMED = {FactKind.PERSON, FactKind.ORGANISATION, FactKind.ORGANISATIONS}
_QUESTIONS = ("what ", "how ", "why ", "who ", "whose ", "which ", "where ", "when ")


class DayField(StringField):
    """One box for a day, the way people write one: 23 11 2026, 23/11/26, 23 Nov 2026."""

    kind = "day"


class TickField(BooleanField):
    """A statement to confirm. Drawn with the value ``y``."""


class FactForm(FlaskForm):  # type: ignore[misc]
    """A form whose questions are declared facts. ``facts`` are those it asks, in order."""

    facts: ClassVar[tuple[Fact, ...]] = ()

    def __iter__(self) -> Iterator[Field]:
        """The fields as the page shows them, so that the error summary follows it: the facts first."""
        asked = {PREFIX + fact.name: self[PREFIX + fact.name] for fact in self.facts}
        yield from asked.values()
        yield from (field for name, field in self._fields.items() if name not in asked)

    def field_of(self, name: str) -> Field | None:
        """The field that asks for a fact, if this form does."""
        found: Field | None = self._fields.get(PREFIX + name)
        return found

    def fact_fields(self) -> tuple[Field, ...]:
        """The fields of the facts, in order."""
        return tuple(self[PREFIX + fact.name] for fact in self.facts)

    def read(self, today: date) -> dict[str, FactValue]:
        """The answers as values; what cannot be read is said at its field."""
        values: dict[str, FactValue] = {}
        for fact in self.facts:
            field = self[PREFIX + fact.name]
            try:
                value = read(fact, _given(field), today=today)
            except FactRefused as refusal:
                complain(field, str(refusal))
                continue
            if isinstance(field, (SelectField, SelectMultipleField)) and not _offered(field, value):
                complain(field, f"{fact.label} must be among the answers shown")
            elif value is not None:
                values[fact.name] = value
        return values

    def ask_for(self, needs: Iterable[tuple[str, ...]], values: Mapping[str, FactValue]) -> None:
        """Say at its field what is needed and was not given. Of alternatives, the first is where it is said."""
        asked = {fact.name: fact for fact in self.facts}
        for need in needs:
            here = [asked[name] for name in need if name in asked]
            if not here or any(name in values for name in need):
                continue
            if any(self[PREFIX + fact.name].errors for fact in here):
                continue
            words = [wanted(fact) for fact in here]
            rest = [f"or {word[0].lower()}{word[1:]}" for word in words[1:]]
            complain(self[PREFIX + here[0].name], ", ".join([words[0], *rest]))


def complain(field: Field, words: str) -> None:
    """Say what is wrong at a field, unless something is said there already."""
    if not field.errors:
        field.errors = [words]


def fact_form(
    base: type[F],
    facts: Iterable[Fact],
    *,
    people: Choices = (),
    organisations: Choices = (),
    optional: Collection[str] = (),
    choices: Mapping[str, Choices] | None = None,
) -> type[F]:
    """A form class that asks for these facts.

    ``people`` and ``organisations`` are the answers that name somebody; ``choices`` replaces those of single facts;
    ``optional`` are the facts whose question says that it may stay open.
    """
    asked = tuple(facts)
    fields: dict[str, object] = {
        PREFIX + fact.name: _field(
            fact, people, organisations, (choices or {}).get(fact.name), optional=fact.name in optional
        )
        for fact in asked
    }
    return type(base.__name__, (base,), {**fields, "facts": asked})


def wanted(fact: Fact) -> str:
    """The sentence that asks for an answer that is missing: "Enter the date the application was made"."""
    label = _lower(fact.label)
    if fact.kind is FactKind.CONFIRM:
        return f"Confirm this: {fact.label}"
    if fact.kind in _CHOSEN:
        return f"Choose an answer: {fact.label}"
    verb = "Choose" if fact.kind in _NAMED else "Enter"
    if label.startswith(_QUESTIONS):
        return f"Say {label}" if verb == "Enter" else f"{verb} {label}"
    return f"{verb} {label}" if label.startswith(("the ", "a ", "your ")) else f"{verb} the {label}"


def typed(fact: Fact, value: FactValue) -> str | list[str] | bool:
    """A recorded value as its field shows it, for a question that is asked again."""
    if fact.kind is FactKind.CONFIRM:
        return value is True
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.day} {value.month} {value.year}"
    if isinstance(value, tuple):
        return list(value)
    return str(value)


def filled(facts: Iterable[Fact], values: Mapping[str, FactValue]) -> dict[str, str | list[str] | bool]:
    """Recorded values as the data of a form."""
    return {PREFIX + fact.name: typed(fact, values[fact.name]) for fact in facts if fact.name in values}


def _lower(label: str) -> str:
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def _given(field: Field) -> list[str]:
    if isinstance(field, TickField):
        return ["yes"] if field.data else []
    return [str(raw) for raw in field.raw_data or () if isinstance(raw, str)]


def _offered(field: SelectField | SelectMultipleField, value: FactValue | None) -> bool:
    answers = {str(choice[0]) for choice in field.iter_choices()}
    if value is None:
        return True
    if isinstance(value, bool):
        return True
    given = value if isinstance(value, tuple) else (str(value),)
    return set(given) <= answers


def offered(answers: Choices) -> list[SelectChoice]:
    """Answers the way the form library wants them."""
    return [SelectChoice(value, label) for value, label in answers]


_YES_NO: Choices = (("yes", "Yes"), ("no", "No"))
_EXAMPLES = {FactKind.DATE: "23 11 2026", FactKind.MONTH: "February 2026"}
_BOXES: Mapping[FactKind, type[Field]] = {
    FactKind.CONFIRM: TickField,
    FactKind.LONG_TEXT: TextAreaField,
    FactKind.DATE: DayField,
}


def _field(
    fact: Fact, people: Choices, organisations: Choices, own: Choices | None, *, optional: bool
) -> object:
    label = f"{fact.label} (optional)" if optional else fact.label
    hint = fact.hint
    if example := _EXAMPLES.get(fact.kind):
        hint = f"{hint}. For example, {example}" if hint else f"For example, {example}"
    answers = own or _answers(fact, people, organisations)
    if answers is None:
        return _BOXES.get(fact.kind, StringField)(label, description=hint)
    if fact.kind in {FactKind.CHOICES, FactKind.ORGANISATIONS}:
        return SelectMultipleField(label, description=hint, choices=offered(answers), validate_choice=False)
    if fact.kind in {FactKind.PERSON, FactKind.ORGANISATION} or len(answers) > _MOST_RADIOS:
        listed = offered((("", "Choose one"), *answers))
        return SelectField(label, description=hint, choices=listed, validate_choice=False, default="")
    return RadioField(label, description=hint, choices=offered(answers), validate_choice=False)


def _answers(fact: Fact, people: Choices, organisations: Choices) -> Choices | None:
    """The answers to choose from; None where the answer is written."""
    match fact.kind:
        case FactKind.PERSON:
            return people
        case FactKind.ORGANISATION | FactKind.ORGANISATIONS:
            return organisations
        case FactKind.YES_NO:
            return _YES_NO
        case FactKind.CHOICE | FactKind.CHOICES:
            return tuple((choice.value, choice.label) for choice in fact.choices)
    return None
