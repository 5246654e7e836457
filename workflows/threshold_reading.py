"""Reads an application and an area's rules from the plain mappings that JSON gives (``docs/interfaces.md``, section 4).

Strict on purpose: a misspelt key or a number in quotation marks would otherwise change who gets a review. What is
left out of the rules takes the Act's own value; what is left out of an incident or a report takes the value that
leaves the applicant no worse off.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

from workflows.threshold_facts import (
    Application,
    ApplyFrom,
    CountUnit,
    GroupKind,
    Incident,
    Record,
    Report,
    Rules,
    ThresholdRefused,
)

Choice = TypeVar("Choice", bound=StrEnum)

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def application_from(given: Mapping[str, object]) -> Application:
    """Read a whole application.

    Raises:
        ThresholdRefused: something is missing, unknown, of the wrong type, or contradicts something else.
    """
    fields = _Fields(
        given, "the application", {"applied", "rules", "relevant", "incidents", "reports", "applicant"}
    )
    rules = fields.required("rules")
    if rules is None:
        raise ThresholdRefused(
            "The area's rules are not set: the threshold cannot be worked out without them."
        )
    return Application(
        applied=fields.day("applied"),
        rules=rules_from(_mapping(rules, "the rules")),
        relevant=frozenset(fields.texts("relevant")),
        incidents=tuple(
            _incident(_mapping(one, "each incident"))
            for one in _sequence(fields.required("incidents"), "incidents")
        ),
        reports=tuple(
            _report(_mapping(one, "each report")) for one in _sequence(fields.required("reports"), "reports")
        ),
        applicant=fields.text("applicant") if fields.given("applicant") else None,
    )


def rules_from(given: Mapping[str, object]) -> Rules:
    """Read an area's rules; what is left out takes the Act's own value.

    Raises:
        ThresholdRefused: a key is unknown or a value cannot be right.
    """
    fields = _Fields(given, "the rules", set(Rules.__dataclass_fields__))
    standard = Rules()
    return Rules(
        number=fields.whole("number", standard.number),
        report_within_months=fields.whole("report_within_months", standard.report_within_months),
        apply_within_months=fields.whole("apply_within_months", standard.apply_within_months),
        count_unit=fields.choice("count_unit", CountUnit, standard.count_unit),
        group_people=fields.whole_or_none("group_people"),
        hate_number=fields.whole_or_none("hate_number"),
        hate_months=fields.whole_or_none("hate_months"),
        hate_needs_report_window=fields.yes_no("hate_needs_report_window", standard.hate_needs_report_window),
        report_within_days=fields.whole_or_none("report_within_days"),
        apply_within_days=fields.whole_or_none("apply_within_days"),
        hate_days=fields.whole_or_none("hate_days"),
        apply_from=fields.choice("apply_from", ApplyFrom, standard.apply_from),
        group_kind=fields.choice("group_kind", GroupKind, standard.group_kind),
    )


def _incident(given: Mapping[str, object]) -> Incident:
    """Read one incident: ``on``, or ``earliest`` and ``latest`` where its day is not known."""
    fields = _Fields(given, "an incident", {"id", "on", "earliest", "latest", "linked", "hate", "alarm"})
    known_day = fields.given("on")
    if known_day and (fields.given("earliest") or fields.given("latest")):
        raise ThresholdRefused('An incident has either "on", or "earliest" and "latest", not both.')
    return Incident(
        id=fields.text("id"),
        on=fields.day("on" if known_day or not fields.given("latest") else "latest"),
        earliest=None if known_day else fields.day("earliest"),
        linked=fields.yes_no("linked", True),
        hate=fields.yes_no("hate", False),
        alarm=fields.yes_no("alarm", True),
    )


def _report(given: Mapping[str, object]) -> Report:
    """Read one report."""
    fields = _Fields(
        given, "a report", {"id", "on", "person", "body", "incidents", "record", "household", "earliest"}
    )
    return Report(
        id=fields.text("id"),
        on=fields.day("on"),
        person=fields.text("person") if fields.given("person") else None,
        body=fields.text("body"),
        incidents=fields.texts("incidents"),
        record=fields.choice("record", Record, Record.UNVERIFIED),
        household=fields.text("household") if fields.given("household") else None,
        earliest=fields.day("earliest") if fields.given("earliest") else None,
    )


class _Fields:
    """The values of one mapping, each asked for by name and by the type it must have."""

    def __init__(self, given: Mapping[str, object], owner: str, known: set[str]) -> None:
        for name in given:
            if name not in known:
                raise ThresholdRefused(
                    f'"{name}" is not known in {owner}. Known: {", ".join(sorted(known))}.'
                )
        self._given = given
        self._owner = owner

    def given(self, name: str) -> bool:
        """Say whether there is a value at all; null is none."""
        return self._given.get(name) is not None

    def required(self, name: str) -> object:
        if name not in self._given:
            raise ThresholdRefused(f'"{name}" is missing in {self._owner}.')
        return self._given[name]

    def text(self, name: str) -> str:
        return _text(self.required(name), f'"{name}" in {self._owner}')

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(_text(one, f'each of "{name}"') for one in _sequence(self.required(name), name))

    def day(self, name: str) -> date:
        value = self.required(name)
        if isinstance(value, str) and _ISO_DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                raise ThresholdRefused(
                    f'"{name}" in {self._owner} is {value}, a day that does not exist.'
                ) from None
        raise ThresholdRefused(f'"{name}" in {self._owner} must be a date written like 2026-11-22.')

    def whole(self, name: str, standard: int) -> int:
        if name not in self._given:
            return standard
        value = self._given[name]
        if isinstance(value, bool) or not isinstance(value, int):
            raise ThresholdRefused(f'"{name}" in {self._owner} must be a whole number.')
        return value

    def whole_or_none(self, name: str) -> int | None:
        return self.whole(name, 0) if self.given(name) else None

    def yes_no(self, name: str, standard: bool) -> bool:
        value = self._given.get(name, standard)
        if not isinstance(value, bool):
            raise ThresholdRefused(f'"{name}" in {self._owner} must be true or false.')
        return value

    def choice(self, name: str, choices: type[Choice], standard: Choice) -> Choice:
        value = self._given.get(name, standard)
        if isinstance(value, str) and value in set(choices):
            return choices(value)
        raise ThresholdRefused(f'"{name}" in {self._owner} must be one of: {", ".join(choices)}.')


def _text(value: object, what: str) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise ThresholdRefused(f"{what} must be text.")


def _sequence(value: object, what: str) -> Sequence[object]:
    if isinstance(value, list | tuple):
        return value
    raise ThresholdRefused(f'"{what}" must be a list.')


def _mapping(value: object, what: str) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    raise ThresholdRefused(f"{what[0].upper()}{what[1:]} must be an object with named values.")
