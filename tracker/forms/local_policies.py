"""Entering a version of the local procedures: every field, the lengths by clock; and giving a version its last day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField

from tracker.forms.facts import Choices, DayField, complain, offered
from tracker.forms.policy_lengths import Length, length_fields, lengths_filled, read_lengths
from tracker.forms.policy_rules import AsbFields, read_route, read_rules, route_filled, rules_filled
from tracker.services.policy_checks import Fault, Known
from tracker.services.policy_files import Version
from tracker.services.policy_words import INDEPENDENCE, LETTERS
from workflows.facts import FactRefused, read_day, tidy

_ASB = "asb_case_review"
MOST_OPEN = 4
"""Clocks with something wrong that are drawn with all their fields: each is 10 kB of days to count from."""


class VersionForm(FlaskForm):  # type: ignore[misc]
    """What a version says of any process; :func:`version_form` adds what its own process asks."""

    name = StringField("What is this version called?", description="For example, Procedures 2027")
    effective_from = DayField(
        "First day",
        description="Cases whose date lies on or after it take this version. For example, 1 1 2027",
    )
    effective_to = DayField("Last day (optional)", description="Leave it open while the version is to hold")
    name_shown = StringField(
        "Name of the process on pages (optional)",
        description="Only if it is not the partnership's own name. For example, Community Trigger",
    )
    chair_independence = RadioField(
        "What does an independent chair mean here?",
        choices=offered(tuple((str(key), words) for key, words in INDEPENDENCE.items())),
        validate_choice=False,
    )
    letters_checked = RadioField(
        "Who checks a letter before it goes out?",
        choices=offered((("no", LETTERS[False]), ("yes", LETTERS[True]))),
        default="no",
        validate_choice=False,
    )
    closed_days = TextAreaField(
        "Closed days that its dates leave out (optional)",
        description="One a line: 29 12 2026 Christmas closure",
    )
    guidance_version = StringField("Guidance that it was written to (optional)")
    published_url = StringField("Where it is published (optional)", description="https://")
    published_on = DayField("Day on which it was published (optional)")
    notes = TextAreaField(
        "Notes (optional)", description="What was unclear in the published text, and who answered"
    )
    seen = HiddenField()
    begun = HiddenField()

    def begin(self, mark: str) -> None:
        """Note the version that the answers began with, or that the person has been shown since."""
        self.begun.data, self.begun.raw_data = mark, [mark]

    def __iter__(self) -> Iterator[Field]:
        """The fields as the page shows them, so that the error summary follows it."""
        top = [name for name in _FIRST if name in self._fields]
        ends = [name for name in _LAST if name in self._fields]
        clocks = [name for name in self._fields if name.startswith("clock_")]
        rest = [name for name in self._fields if name not in {*top, *clocks, *ends}]
        yield from (self._fields[name] for name in (*top, *rest, *clocks, *ends))

    @property
    def asks_rules(self) -> bool:
        """Whether this process has threshold rules."""
        return "number" in self._fields

    of_the_case: ClassVar[frozenset[str]] = frozenset()

    @property
    def own_lengths(self) -> tuple[Length, ...]:
        """The clocks of the case itself."""
        return tuple(one for one in self.lengths if one.head.name in self.of_the_case)

    @property
    def other_lengths(self) -> tuple[Length, ...]:
        """The clocks of what belongs to a case: requests, actions, second looks."""
        return tuple(one for one in self.lengths if one.head.name not in self.of_the_case)

    @property
    def lengths(self) -> tuple[Length, ...]:
        """The fields of each clock, those of the case itself first."""
        heads = [
            name
            for of_the_case in (True, False)
            for name in self._fields
            if name.startswith("clock_") and "__" not in name and (name in self.of_the_case) is of_the_case
        ]
        return tuple(
            Length(
                self[head],
                tuple(field for name, field in self._fields.items() if name.startswith(f"{head}__")),
            )
            for head in heads
        )

    def open_lengths(self, asked: str = "") -> frozenset[str]:
        """The clocks that are drawn with all their fields: the one asked for, and the first with something wrong.

        The others are told in one line, and what is wrong with them is said there.
        """
        wrong = [one.head.name for one in self.lengths if one.errors]
        opened = frozenset([asked, *wrong[:MOST_OPEN]])
        for one in self.lengths:
            if one.head.name not in opened:
                one.close()
        return opened

    def read(self, known: Known, partnership: str, area: str) -> Version | None:
        """The version; what cannot be read is said at its field."""
        first, last = self._day("effective_from"), self._day("effective_to")
        if first is None:
            complain(self.effective_from, "Enter the first day")
        clocks, ladders = read_lengths(self, known)
        values: dict[str, Any] = {
            "clocks": clocks,
            "ladders": ladders,
            "closed_days": self._closed(),
            "published_on": self._day("published_on"),
            "chair_independence": self.chair_independence.data or "",
            "letters_checked_by_another": self.letters_checked.data == "yes",
            **{name: self._words(name) for name in _WORDS},
            "notes": tidy(self.notes.data or "", lines=True),
        }
        if self.asks_rules:
            values |= {
                "rules": read_rules(self),
                "dissatisfaction": read_route(self),
                "policing_body_consulted_on": self._day("policing_body_consulted_on"),
                "landlords_consulted_on": self._day("landlords_consulted_on"),
            }
        if first is None or any(field.errors for field in self):
            return None
        return Version(
            partnership=partnership,
            area=area,
            process=known.workflow.key,
            effective_from=first,
            effective_to=last,
            **values,
        )

    def tell(self, faults: Iterable[Fault]) -> Iterator[Mapping[str, str]]:
        """Say each fault at its field; those that belong to no field are handed back."""
        for fault in faults:
            name = _field_name(fault.field)
            words = fault.words.rstrip(".")
            while name and name not in self._fields:
                name = name.rpartition("__")[0]
            if name:
                complain(self[name], words)
            else:
                yield {"text": words, "href": "#main"}

    def carried(self) -> tuple[tuple[str, str], ...]:
        """Every answer as it was typed, to travel in hidden fields."""
        return tuple(
            (field.name, str(raw))
            for field in self
            if field.name not in {"csrf_token", "seen"}
            for raw in field.raw_data or ()
            if isinstance(raw, str) and (raw or isinstance(field, RadioField))
        )

    def _words(self, name: str) -> str:
        return tidy(self[name].data or "")

    def _day(self, name: str) -> date | None:
        field = self[name]
        typed = (field.data or "").strip()
        try:
            return read_day(typed) if typed else None
        except FactRefused as refused:
            complain(field, f"{field.label.text.removesuffix(' (optional)')} {refused}")
            return None

    def _closed(self) -> dict[str, str]:
        """One day a line, with its name."""
        days: dict[str, str] = {}
        for line in (self.closed_days.data or "").splitlines():
            parts = line.split()
            for cut in range(min(4, len(parts)), 0, -1):
                try:
                    on = read_day(" ".join(parts[:cut]))
                except FactRefused:
                    continue
                days[on.isoformat()] = " ".join(parts[cut:])
                break
            else:
                if parts:
                    complain(
                        self.closed_days, f"“{line.strip()[:60]}” must begin with a day, such as 29 12 2026"
                    )
        return days


_FIRST = ("name", "effective_from", "effective_to", "name_shown")
_LAST = (
    "closed_days", "chair_independence", "letters_checked", "heard_by", "live_plan_bar", "grounds", "policing_body_review",
    "published_url", "published_on", "guidance_version", "policing_body_consulted_on", "landlords_consulted_on", "notes",
)  # fmt: skip
_WORDS = ("name", "name_shown", "guidance_version", "published_url")


class EndForm(FlaskForm):  # type: ignore[misc]
    """The last day of a version."""

    seen = HiddenField()
    last_on = DayField("Last day", description="Cases whose date lies after it do not take this version")

    def day(self) -> date | None:
        """The day; if there is none, that is said at the field."""
        typed = (self.last_on.data or "").strip()
        try:
            if typed:
                return read_day(typed)
            complain(self.last_on, "Enter the last day")
        except FactRefused as refused:
            complain(self.last_on, f"The last day {refused}")
        return None


class WhereForm(FlaskForm):  # type: ignore[misc]
    """For what a new version is."""

    place = SelectField("For whom and for what?", validate_choice=False)

    def offer(self, places: Choices) -> "WhereForm":
        """The places to choose from."""
        self.place.choices = offered((("", "Choose one"), *places))
        return self


def version_form(known: Known) -> type[VersionForm]:
    """A form class for one process: its rules and a group of fields for each clock."""
    bases = (AsbFields, VersionForm) if known.workflow.key == _ASB else (VersionForm,)
    of_the_case = frozenset(f"clock_{clock.key}" for clock in known.workflow.clocks)
    return type("VersionForm", bases, {**length_fields(known), "of_the_case": of_the_case})


def filled(version: Version, known: Known) -> dict[str, str]:
    """A version as the data of the form."""
    days = (
        "effective_from",
        "effective_to",
        "published_on",
        "policing_body_consulted_on",
        "landlords_consulted_on",
    )
    data = {name: _typed(getattr(version, name)) for name in days}
    data |= {name: str(getattr(version, name)) for name in (*_WORDS, "notes", "chair_independence")}
    data["letters_checked"] = "yes" if version.letters_checked_by_another else "no"
    data["closed_days"] = "\n".join(
        f"{_typed(date.fromisoformat(on))} {name}" for on, name in version.closed_days.items()
    )
    data |= lengths_filled(version, known)
    if known.workflow.key == _ASB:
        data |= rules_filled(version) | route_filled(version)
    return data


def _typed(on: date | None) -> str:
    return f"{on.day} {on.month} {on.year}" if on else ""


def _field_name(field: str) -> str:
    """The name of the form's field for a field of the file."""
    head, _, rest = field.partition(".")
    if head == "clocks":
        return f"clock_{rest.replace('.', '__')}"
    if head == "ladders":
        return f"clock_{rest}__before"
    if head == "rules":
        return rest.removesuffix("_months").removesuffix("_days") if rest[-5:] in {"onths", "_days"} else rest
    return rest or head
