"""What a list is narrowed to, read from the address. What is not known there narrows nothing and shows no tag."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from tracker.queries import action_list, case_list
from tracker.queries.action_choices import ActionChoices
from tracker.queries.action_list import ActionFilters, Gap, Status
from tracker.queries.case_list import (
    NOBODY,
    CaseChoices,
    CaseFilters,
    Ended,
    Holding,
    stages_called,
    types_called,
)
from tracker.queries.case_rows import HELD_BY
from tracker.queries.due_dates import Scope, Window
from tracker.queries.reminders import ReminderFilters, Result
from tracker.templating import Link
from workflows.definition import HeldBy
from workflows.rag import Colour

Choices = tuple[tuple[str, str], ...]
One = TypeVar("One", bound=StrEnum)

WINDOWS: Choices = (
    ("", "Any date"),
    (Window.OVERDUE, "Overdue"),
    (Window.TODAY, "Due today"),
    (Window.SOON, "In the next 10 working days"),
)
WHOSE: Choices = (("", "The whole unit's"), (Scope.MINE, "Mine"))


def offered(choices: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Values with their words, as a field offers them."""
    return [SelectChoice(str(value), label) for value, label in choices]


@dataclass(frozen=True, slots=True)
class Asked:
    """The address of a list with what was asked of it, for making the addresses beside it."""

    path: str
    given: tuple[tuple[str, str], ...]

    def with_(self, **changes: str) -> str:
        """The same address with some of it changed; what is empty is left out. Any change but of page goes to page 1."""
        kept = {name: value for name, value in self.given if name != "page"} | changes
        return self._address(self.path, kept)

    def page(self, number: int) -> str:
        """Another page of the same list."""
        return self.with_(page=str(number) if number > 1 else "")

    def file(self) -> str:
        """The same list as a CSV file."""
        kept = {name: value for name, value in self.given if name != "page"}
        return self._address(f"{self.path}.csv", kept)

    def column(self, text: str, sort: str, now: str, *, num: bool = False) -> dict[str, str | bool]:
        """A heading that sorts: by ``sort``, or the other way round where the list is sorted so already."""
        falling = now == f"-{sort}"
        order = "descending" if falling else "ascending" if now == sort else "none"
        turned = f"-{sort}" if now == sort else sort
        return {"text": text, "href": f"{self.with_(sort=turned)}#results", "sort": order, "num": num}

    @staticmethod
    def _address(path: str, given: Mapping[str, str]) -> str:
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{path}?{query}" if query else path


class ListForm(Form):
    """A form of choices whose empty value narrows nothing."""

    sort = HiddenField()

    def asked(self, path: str) -> Asked:
        """What is asked for, without what is not known."""
        return Asked(path, tuple((field.name, chosen) for field in self if (chosen := self.chosen(field))))

    def chosen(self, field: Field) -> str:
        """The value of a field; empty where it is the default or none that is offered."""
        value = str(field.data or "").strip()
        if isinstance(field, SelectField) and value not in {choice.value for choice in _choices(field)}:
            return ""
        return "" if value == (field.default or "") else value

    def tags(self, asked: Asked) -> tuple[Link, ...]:
        """The filters in use, each a link to the list without it."""
        return tuple(
            Link(f"{field.label.text}: {_words(field, chosen)}", f"{asked.with_(**{field.name: ''})}#results")
            for field in self
            if not isinstance(field, HiddenField) and (chosen := self.chosen(field))
        )

    def sorted_by(self, known: type[One], default: One) -> tuple[One, bool, str]:
        """The column to sort by, whether the other way round, and both as the address says it."""
        value = str(self.sort.data or "")
        column = _one_of(known, value.removeprefix("-"))
        if column is None:
            return default, False, default
        return column, value.startswith("-"), value


class CaseFilterForm(ListForm):
    """The filters of Cases."""

    q = StringField("Reference or kind of review")
    type = SelectField("Type", validate_choice=False)
    stage = SelectField("Stage", validate_choice=False)
    held_by = SelectField("Held by", validate_choice=False)
    due = SelectField("Next date", choices=offered(WINDOWS), validate_choice=False)
    officer = SelectField("Lead officer", validate_choice=False)
    hold = SelectField(
        "Hold",
        choices=offered((("", "On hold or not"), (Holding.HELD, "On hold"), (Holding.FREE, "Not on hold"))),
        validate_choice=False,
    )
    area = SelectField("Area", validate_choice=False)
    show = SelectField(
        "Open or closed",
        choices=offered((("", "Open"), (Ended.CLOSED, "Closed"), (Ended.ALL, "Open and closed"))),
        validate_choice=False,
    )

    def offer(self, given: CaseChoices) -> None:
        """Fill in the choices."""
        self.area.choices = offered((("", "Any area"), *given.areas))
        self.type.choices = offered((("", "Any type"), *types_called(given.names)))
        self.stage.choices = offered((("", "Any stage"), *stages_called(given.names)))
        self.held_by.choices = offered(
            (("", "Anybody"), *((str(who), words) for who, words in HELD_BY.items()))
        )
        self.officer.choices = offered((("", "Anybody"), (NOBODY, "Nobody yet"), *given.officers))

    def filters(self) -> CaseFilters:
        """What the list is narrowed to."""
        sort, descending, _ = self.sorted_by(case_list.Sort, case_list.Sort.DUE)
        return CaseFilters(
            type=self.chosen(self.type),
            stage=self.chosen(self.stage),
            held_by=_one_of(HeldBy, self.chosen(self.held_by)),
            due=_one_of(Window, self.chosen(self.due)),
            officer=self.chosen(self.officer),
            hold=_one_of(Holding, self.chosen(self.hold)),
            area=self.chosen(self.area),
            reports=self.chosen(self.type) == "dhr",
            ended=_one_of(Ended, self.chosen(self.show)) or Ended.OPEN,
            q=self.chosen(self.q)[:50],
            sort=sort,
            descending=descending,
        )


class ActionFilterForm(ListForm):
    """The filters of Actions."""

    plan = SelectField("Plan or case", validate_choice=False)
    agency = SelectField("Lead agency", validate_choice=False)
    lead = SelectField("Lead", validate_choice=False)
    status = SelectField("Status", validate_choice=False)
    due = SelectField("Due", choices=offered(WINDOWS), validate_choice=False)
    risk = SelectField(
        "At risk",
        choices=offered((("", "At risk or not"), ("yes", "Likely to be late"))),
        validate_choice=False,
    )
    moved = SelectField(
        "Moved", choices=offered((("", "Moved or not"), ("often", "Twice or more"))), validate_choice=False
    )
    quiet = SelectField(
        "Last update",
        choices=offered((("", "Any time"), ("28", "None for 28 days"))),
        validate_choice=False,
    )
    theme = SelectField("Theme", validate_choice=False)
    gap = SelectField(
        "Missing",
        choices=offered(
            (
                ("", "Show all"),
                (Gap.ANY, "No date or no lead"),
                (Gap.LEAD, "No lead"),
                (Gap.DATE, "No date"),
            )
        ),
        validate_choice=False,
    )
    colour = SelectField(
        "Colour",
        choices=offered((("", "Any colour"), *((one.name.lower(), one.value) for one in Colour))),
        validate_choice=False,
    )
    whose = SelectField("Whose", choices=offered(WHOSE), validate_choice=False)

    def offer(self, given: ActionChoices) -> None:
        """Fill in the choices."""
        self.plan.choices = offered((("", "Any plan or case"), *given.plans, *given.cases))
        self.agency.choices = offered((("", "Any agency"), *given.agencies))
        self.lead.choices = offered((("", "Anybody"), *given.leads))
        self.theme.choices = offered((("", "Any theme"), *given.themes))
        self.status.choices = offered(
            (
                ("", "Open"),
                *((state, label) for state, label in action_list.STATES.items()),
                (Status.ENDED, "Ended"),
                (Status.ALL, "Open and ended"),
            )
        )

    def filters(self) -> ActionFilters:
        """What the list is narrowed to."""
        sort, descending, _ = self.sorted_by(action_list.Sort, action_list.Sort.DUE)
        return ActionFilters(
            plan=self.chosen(self.plan),
            agency=self.chosen(self.agency),
            status=self.chosen(self.status) or Status.OPEN,
            due=_one_of(Window, self.chosen(self.due)),
            gap=_one_of(Gap, self.chosen(self.gap)),
            colour=_one_of(Colour, self.chosen(self.colour).capitalize()),
            scope=_one_of(Scope, self.chosen(self.whose)) or Scope.UNIT,
            lead=self.chosen(self.lead),
            theme=self.chosen(self.theme),
            at_risk=bool(self.chosen(self.risk)),
            moved=bool(self.chosen(self.moved)),
            quiet=bool(self.chosen(self.quiet)),
            sort=sort,
            descending=descending,
        )


class ReminderFilterForm(ListForm):
    """The filters of Reminders sent."""

    result = SelectField(
        "Result",
        choices=offered((("", "Any result"), *((each.name.lower(), each.capitalize()) for each in Result))),
        validate_choice=False,
    )
    reference = StringField("Reference")
    person = SelectField("To", validate_choice=False)
    answered = SelectField(
        "Answered",
        choices=offered((("", "Answered or not"), ("yes", "Answered"), ("no", "Not answered"))),
        validate_choice=False,
    )
    untold = SelectField(
        "Told",
        choices=offered((("", "Told or not"), ("yes", "Nobody is told, and the date still runs"))),
        validate_choice=False,
    )

    def offer(self, people: Choices) -> None:
        """Fill in to whom reminders went."""
        self.person.choices = offered((("", "Anybody"), *people))

    def filters(self) -> ReminderFilters:
        """What the list is narrowed to."""
        chosen, answered = self.chosen(self.result), self.chosen(self.answered)
        return ReminderFilters(
            result=Result[chosen.upper()] if chosen else None,
            reference=self.chosen(self.reference)[:50],
            person=self.chosen(self.person),
            answered=answered == "yes" if answered else None,
            untold=bool(self.chosen(self.untold)),
        )


def page_of(given: MultiDict[str, str]) -> int:
    """The page that the address asks for; the first where it asks for none."""
    value = given.get("page", "")
    return int(value) if value.isdecimal() and len(value) < 7 else 1


def scope_of(given: MultiDict[str, str]) -> Scope:
    """Whose work the address asks for; everybody's where it says nothing."""
    return _one_of(Scope, given.get("whose", "")) or Scope.UNIT


def cell(value: date | str | None) -> str:
    """A value as a cell of a file: days as ``2026-11-23``."""
    return value.isoformat() if isinstance(value, date) else value or ""


def _one_of(known: type[One], value: str) -> One | None:
    return known(value) if value in set(known) else None


def _words(field: Field, chosen: str) -> str:
    return next((str(choice.label) for choice in _choices(field) if choice.value == chosen), chosen)


def _choices(field: Field) -> Iterable[SelectChoice]:
    return getattr(field, "choices", None) or ()
