"""A procedure version as plain values, to and from the JSON that ``docs/policies.md`` describes. Reads no database."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date

from tracker.errors import BadInput
from tracker.models import Independence
from tracker.models.columns import JsonObject

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_FILE = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What one partnership (or one area of it, by key) has published for one process, from a date."""

    partnership: str
    area: str = ""
    process: str = "asb_case_review"
    name: str
    effective_from: date
    effective_to: date | None = None
    name_shown: str = ""
    rules: JsonObject = field(default_factory=dict)
    clocks: JsonObject = field(default_factory=dict)
    ladders: JsonObject = field(default_factory=dict)
    closed_days: JsonObject = field(default_factory=dict)
    chair_independence: str = str(Independence.NOT_SAME_TEAM)
    dissatisfaction: JsonObject = field(default_factory=dict)
    letters_checked_by_another: bool = False
    guidance_version: str = ""
    published_url: str = ""
    published_on: date | None = None
    policing_body_consulted_on: date | None = None
    landlords_consulted_on: date | None = None
    notes: str = ""


_NAMES = tuple(one.name for one in fields(Version))
_DAYS = {
    "effective_from", "effective_to", "published_on", "policing_body_consulted_on", "landlords_consulted_on",
}  # fmt: skip
_YES_NO = {"letters_checked_by_another"}
_OBJECTS = {"rules", "clocks", "ladders", "closed_days", "dissatisfaction"}


def written(version: Version) -> JsonObject:
    """One version as JSON values, every field, in a fixed order."""
    values = asdict(version)
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in ((name, values[name]) for name in _NAMES)
    }


def file_of(versions: Iterable[Version]) -> str:
    """The file of several versions: a JSON list, one field a line."""
    return json.dumps([written(version) for version in versions], indent=2, ensure_ascii=False) + "\n"


def read_file(text: str) -> tuple[Version, ...]:
    """The versions of a file: one JSON object, or a list of them.

    Raises:
        BadInput: it is not JSON, or a field is unknown, missing or of the wrong sort.
    """
    if len(text) > LONGEST_FILE:
        raise BadInput("The file is too long for a list of policies.")
    try:
        given = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_once, parse_constant=_not_a_number)
    except json.JSONDecodeError as error:
        raise BadInput(f"The file is not JSON: {error.msg} in line {error.lineno}.") from None
    except (RecursionError, ValueError):
        raise BadInput("The file is not JSON that can be read.") from None
    listed = given if isinstance(given, list) else [given]
    if not listed:
        raise BadInput("The file holds no policy.")
    return tuple(read(one) for one in listed)


def read(given: object) -> Version:
    """One version from JSON values.

    Raises:
        BadInput: a field is unknown, missing or of the wrong sort.
    """
    if not isinstance(given, Mapping):
        raise BadInput("A policy is a JSON object with named values.")
    for name in given:
        if name not in _NAMES:
            raise BadInput(f"{str(name)[:60]!r} is not known in a policy. Known: {', '.join(_NAMES)}.")
    for name in ("partnership", "name", "effective_from"):
        if not given.get(name):
            raise BadInput(f"A policy needs {name}.")
    values = {name: _value(name, value) for name, value in given.items()}
    return Version(**{name: value for name, value in values.items() if value is not None})  # type: ignore[arg-type]


def _value(name: str, value: object) -> object:
    if name in _DAYS:
        return _day(name, value)
    if name in _OBJECTS:
        if isinstance(value, Mapping):
            return dict(value)
        raise BadInput(f"{name} must be an object with named values.")
    if name in _YES_NO:
        if isinstance(value, bool):
            return value
        raise BadInput(f"{name} must be true or false.")
    if isinstance(value, str):
        return value
    raise BadInput(f"{name} must be text.")


def _day(name: str, value: object) -> date | None:
    if value is None:
        return None
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # such as 2026-02-30: refused like every other shape
    raise BadInput(f"{name} must be a date written like 2026-11-22.")


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise BadInput(f"{key[:60]!r} is given twice.")
        found[key] = value
    return found


def _not_a_number(word: str) -> None:
    raise BadInput(f"{word} is not a number.")
