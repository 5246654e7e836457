"""The lengths of a version as fields: for each clock the usual length, or its own with unit, start and reminders.

Few of them are drawn at once: the others travel as they were typed, and are told in words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import Field, Form, RadioField, SelectField, StringField

from tracker.forms.facts import Choices, complain, offered
from tracker.services.ladders import steps_from, steps_in_words
from tracker.services.policies import HIGH_HARM_HALVES, start_name
from tracker.services.policy_checks import Known
from tracker.services.policy_files import Version
from tracker.services.policy_words import usual
from workflows.dates import DayZero, Mode, Roll, Unit
from workflows.definition import Clock, Force

USUAL, OWN = "usual", "own"
_UNITS: Choices = (
    (str(Unit.WORKING_DAYS), "Working days"),
    (str(Unit.DAYS), "Days, weekends included"),
    (str(Unit.WEEKS), "Weeks"),
    (str(Unit.MONTHS), "Months"),
)
_MODES: Choices = (
    ("", "As usual"),
    (str(Mode.AFTER), "The first day does not count"),
    (str(Mode.BEGINNING_WITH), "The first day counts"),
)
_ZEROS: Choices = (
    ("", "As usual"),
    (str(DayZero.EVENT), "From the day itself"),
    (str(DayZero.FIRST_WORKING), "From the next working day"),
)
_ROLLS: Choices = (
    ("", "As usual"),
    (str(Roll.NONE), "It stays there"),
    (str(Roll.NEXT_WORKING), "It moves to the next working day"),
    (str(Roll.PREVIOUS_WORKING), "It moves to the working day before"),
)
_HALVES: Choices = (("", "No"), ("yes", "Yes, half of it"))
COUNTED_FROM = (
    "Published as “of receipt”, “of acknowledgement” or “of the decision”: choose that day or letter"
)
AFTER_HINT = (
    "Such as 1 lead officer; 5 manager; 10 escalation every 10. The parts: lead, officer, manager, chair, and "
    "escalation for the lead's own manager"
)
FIRST_PARTS = ("n", "unit", "start")
"""What most procedures print of a length; the other parts are rarely needed."""
_PARTS = ("n", "unit", "then", "start", "mode", "day_zero", "roll", HIGH_HARM_HALVES, "before", "after")


@dataclass(frozen=True, slots=True)
class Length:
    """The fields of one clock: the choice first, then what its own length is made of."""

    head: Field
    rest: tuple[Field, ...]

    @property
    def words(self) -> str:
        """What is given: "Usual: within 15 working days of ...", or "Its own: 10 working days; counted from: ..."."""
        if self.head.data != OWN:
            return _chosen(self.head)
        return f"Its own: {'; '.join(self._given())}".rstrip(": ")

    @property
    def carried(self) -> tuple[tuple[str, str], ...]:
        """What was typed, to travel in hidden fields."""
        return tuple((one.name, one.data) for one in (self.head, *self.rest) if one.data)

    @property
    def errors(self) -> tuple[str, ...]:
        """What is wrong with it."""
        return tuple(one.errors[0] for one in (self.head, *self.rest) if one.errors)

    def close(self) -> None:
        """It is drawn as one line: what is wrong with any of its fields is said there."""
        for one in self.rest:
            one.id = self.head.id

    def _given(self) -> Iterator[str]:
        for one in self.rest:
            part = one.name.partition("__")[2]
            said = _chosen(one)
            if not said or part == "unit":
                continue
            if part == "n":
                unit = next(
                    (_chosen(other) for other in self.rest if other.name == f"{self.head.name}__unit"), ""
                )
                yield f"{said} {unit[:1].lower()}{unit[1:]}".strip()
            else:
                yield f"{one.label.text.removeprefix(f'{self.head.label.text}: ').removesuffix(' (optional)')}: {said}"


def _chosen(field: Field) -> str:
    """The words of what is chosen, or what was typed; empty if nothing is."""
    if isinstance(field, RadioField | SelectField):
        return next((label for key, label, chosen, *_ in field.iter_choices() if key and chosen), "")
    return str(field.data or "").strip()


def length_fields(known: Known) -> dict[str, Field]:
    """The fields of every clock whose length is local, named ``clock_C5``, ``clock_C5__n`` and so on."""
    fields: dict[str, Field] = {}
    for key in _local(known):
        fields |= _fields(known, known.clocks[key])
    return fields


def _local(known: Known) -> tuple[str, ...]:
    """The clocks whose length a partnership may set: no Act gives it."""
    return tuple(
        key for key, clock in known.clocks.items() if clock.force is not Force.STATUTE or clock.length_local
    )


def _fields(known: Known, clock: Clock) -> dict[str, Field]:
    head, label = f"clock_{clock.key}", clock.label
    fields: dict[str, Field] = {
        head: RadioField(
            label,
            choices=offered(((USUAL, f"Usual: {usual(known, clock)}"), (OWN, "Its own"))),
            validate_choice=False,
        )
    }
    if clock.period is not None:
        fields |= {
            f"{head}__n": StringField(f"{label}: how many"),
            f"{head}__unit": RadioField(f"{label}: of what", choices=offered(_UNITS), validate_choice=False),
        }
    counts_on = clock.period is None or clock.period.mode is not Mode.BEFORE
    if counts_on and not clock.repeats:
        listed = offered((("", "As usual"), *(day for day in _days(known) if day[0] not in clock.met_by)))
        fields[f"{head}__start"] = SelectField(
            f"{label}: counted from", description=COUNTED_FROM, choices=listed, validate_choice=False
        )
    if clock.period is not None:
        fields[f"{head}__then"] = StringField(
            f"{label}: then a further (optional)", description="A chain: for “3, then a further 7”, write 7"
        )
    if clock.period is not None and counts_on:
        fields[f"{head}__mode"] = _list(f"{label}: how it is counted", _MODES)
        fields[f"{head}__day_zero"] = _list(f"{label}: if it starts on a day off", _ZEROS)
    if clock.period is not None:
        fields[f"{head}__roll"] = _list(f"{label}: if it ends on a day off", _ROLLS)
    if clock.halved is not None:
        fields[f"{head}__{HIGH_HARM_HALVES}"] = _list(f"{label}: shorter where harm is high", _HALVES)
    fields[f"{head}__before"] = StringField(
        f"{label}: reminders before, in days (optional)",
        description="Such as 5, 2. Write none for no reminder before; leave it open for the usual ones",
    )
    fields[f"{head}__after"] = StringField(
        f"{label}: reminders after, and to whom (optional)", description=AFTER_HINT
    )
    return fields


def _days(known: Known) -> tuple[tuple[str, str], ...]:
    """The days to count from: first those from which the process counts anyway and its letters, then all others."""
    begun = {clock.starts_on for clock in known.workflow.clocks}
    return tuple(
        (name, fact.label)
        for name, fact in sorted(
            known.days.items(),
            key=lambda one: (one[0] not in begun and not one[0].startswith("letter_sent_"), one[1].label),
        )
    )


def _list(label: str, choices: Choices) -> Field:
    return SelectField(label, choices=offered(choices), validate_choice=False)


def read_lengths(form: Form, known: Known) -> tuple[dict[str, Any], dict[str, Any]]:
    """The clocks and ladders of the version; what cannot be read is said at its field."""
    clocks: dict[str, Any] = {}
    ladders: dict[str, Any] = {}
    for key in _local(known):
        head = f"clock_{key}"
        given = {
            part: (form[f"{head}__{part}"].data or "").strip() for part in _PARTS if f"{head}__{part}" in form
        }
        if form[head].data != OWN:
            if any(given.get(part) for part in ("n", "then", "start", HIGH_HARM_HALVES, "before", "after")):
                complain(form[head], f"Choose “Its own” for what is given here: {known.clocks[key].label}")
            continue
        own = _own(form, head, given)
        before = _ladder(form, head, given)
        if own:
            clocks[key] = own
        if before is not None:
            ladders[key] = before
        if not own and before is None and not _failed(form, head):
            complain(form[f"{head}__n" if f"{head}__n" in form else f"{head}__before"], "Say what is its own")
    return clocks, ladders


def _own(form: Form, head: str, given: Mapping[str, str]) -> dict[str, Any]:
    own: dict[str, Any] = {}
    if given.get("n"):
        own["n"] = _number(form[f"{head}__n"], given["n"])
        if not given["unit"]:
            complain(form[f"{head}__unit"], "Choose the unit")
        own["unit"] = given["unit"]
    elif any(given.get(part) for part in ("then", "mode", "day_zero", "roll")):
        complain(form[f"{head}__n"], "Enter how many")
    if given.get("then"):
        own["then"] = [
            _number(form[f"{head}__then"], word) for word in given["then"].replace(",", " ").split()
        ]
    own |= {HIGH_HARM_HALVES: True} if given.get(HIGH_HARM_HALVES) == "yes" else {}
    return own | {part: given[part] for part in ("start", "mode", "day_zero", "roll") if given.get(part)}


def _ladder(form: Form, head: str, given: Mapping[str, str]) -> list[int] | dict[str, Any] | None:
    """The reminders before the date alone, or with those after it."""
    before = _before(form, head, given.get("before", ""))
    if not given.get("after"):
        return before
    try:
        after = steps_from(given["after"])
    except ValueError as error:
        complain(form[f"{head}__after"], str(error))
        after = []
    return {"after": after} | ({"before": before} if before is not None else {})


def _before(form: Form, head: str, typed: str) -> list[int] | None:
    if not typed:
        return None
    if typed.casefold() == "none":
        return []
    field = form[f"{head}__before"]
    return [_number(field, word) for word in typed.replace(",", " ").split()]


def _number(field: Field, typed: str) -> int:
    """A whole number; if it is none, that is said at the field."""
    if typed.isascii() and typed.isdigit() and len(typed) <= 9:
        return int(typed)
    complain(field, f"{field.label.text.removesuffix(' (optional)')}: enter whole numbers, such as 10")
    return 0


def _failed(form: Form, head: str) -> bool:
    return any(field.errors for field in form if field.name.startswith(head))


def lengths_filled(version: Version, known: Known) -> dict[str, str]:
    """The lengths of a version as the data of the form."""
    data: dict[str, str] = {}
    for key in _local(known):
        own, before = version.clocks.get(key), version.ladders.get(key)
        head = f"clock_{key}"
        data[head] = USUAL if own is None and before is None else OWN
        for part, value in (own or {}).items():
            words = ", ".join(str(n) for n in value) if isinstance(value, list | tuple) else str(value)
            words = "yes" if value is True else words
            data[f"{head}__{part}"] = start_name(words) if part == "start" else words
        parts: Mapping[str, Any] = before if isinstance(before, Mapping) else {"before": before}
        if (days := parts.get("before")) is not None:
            data[f"{head}__before"] = ", ".join(str(n) for n in days) or "none"
        if after := parts.get("after"):
            data[f"{head}__after"] = steps_in_words(after)
    return data
