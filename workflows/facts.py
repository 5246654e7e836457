"""Facts: what a case records. Declared once; the form, the check page, the validation and the fold come from here.

A value is text, a number, a truth, a date or a tuple of keys. :func:`read` turns what a person typed into a value or
refuses it in one sentence; :func:`stored` and :func:`loaded` take it to and from JSON; :func:`words` shows it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

FactValue = str | int | bool | date | tuple[str, ...]
JsonValue = str | int | bool | list[str]

TEXT_LIMIT = 500
LONG_TEXT_LIMIT = 20_000


class FactKind(StrEnum):
    """What sort of answer a fact takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    MONTH = "month"  # a month is enough: "2026-02", the way the Home Office library shows it
    NUMBER = "number"
    YES_NO = "yes_no"
    CONFIRM = "confirm"  # a statement that the person confirms
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"  # somebody who can sign in
    ORGANISATION = "organisation"
    ORGANISATIONS = "organisations"
    DOCUMENT = "document"  # where the document is kept: a link or a file reference


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. ``label`` is the question or field name; ``may_be_future`` allows planned dates.

    ``private`` marks what may name or identify a person: it is shown on the case page alone, never in a list, a mail,
    a title, an address or a log. ``through`` names the page whose act records the fact (``letters``: sending the
    letter does); such a fact is never typed.
    """

    name: str
    kind: FactKind
    label: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    may_be_future: bool = False
    private: bool = False
    through: str = ""


class FactRefused(ValueError):
    """What was typed is not such a value. ``str()`` is the sentence for the person who typed it."""


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",),
            ("june", "jun"), ("july", "jul"), ("august", "aug"), ("september", "sept", "sep"),
            ("october", "oct"), ("november", "nov"), ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[ ./-]+(\d{1,2})[ ./-]+(\d{4}|\d{2})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ ./-]+([a-z]{3,9})[,. /-]+(\d{4}|\d{2})")
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes|s)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+")
_MONTH_ONLY = re.compile(r"(?:(\d{4})-(\d{1,2})|(\d{1,2})[ /.-]+(\d{4})|([a-z]{3,9})[ ,./-]+(\d{4}))")


def read_day(text: str) -> date:
    """Read a day that a person typed: ``23 11 2026``, ``23/11/26``, ``23 Nov 2026``, ``2026-11-23``; day first.

    Raises:
        FactRefused: with the words "must be a real date".
    """
    plain = _WEEKDAY.sub("", unicodedata.normalize("NFKC", text).strip().lower())
    if match := _ISO.fullmatch(plain):
        year, month, day = (int(part) for part in match.groups())
    elif match := _NUMBERS.fullmatch(plain):
        day, month, year = int(match[1]), int(match[2]), _year(match[3])
    elif match := _WORDS.fullmatch(plain):
        day, month, year = int(match[1]), _MONTHS.get(match[2], 0), _year(match[3])
    else:
        raise FactRefused("must be a real date, such as 23 11 2026")
    try:
        return date(year, month, day)
    except ValueError:
        raise FactRefused("must be a real date, such as 23 11 2026") from None


def _year(digits: str) -> int:
    """A year of two digits is of this century."""
    return int(digits) + 2000 if len(digits) == 2 else int(digits)


def read_month(text: str) -> str:
    """Read a month that a person typed (``02 2026``, ``Feb 2026``, ``2026-02``) as ``2026-02``."""
    match = _MONTH_ONLY.fullmatch(unicodedata.normalize("NFKC", text).strip().lower())
    if match:
        year = int(match[1] or match[4] or match[6])
        month = int(match[2] or match[3] or 0) or _MONTHS.get(match[5] or "", 0)
        if 1 <= month <= 12 and year >= 1:
            return f"{year:04d}-{month:02d}"
    raise FactRefused("must be a month and a year, such as February 2026")


def tidy(text: str, *, lines: bool = False) -> str:
    """Normalise text: no control characters, Unix line ends, outer space removed. What was typed stays otherwise."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    allowed = {"\n", "\t"} if lines else set()
    kept = "".join(c if c in allowed or unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in kept)
    return kept.strip()


def read(fact: Fact, raw: str | Sequence[str], *, today: date) -> FactValue | None:
    """Turn what was typed or chosen into a value; None where nothing was given.

    Raises:
        FactRefused: one sentence that starts with the fact's label.
    """
    given = [raw] if isinstance(raw, str) else list(raw)
    given = [tidy(item, lines=fact.kind is FactKind.LONG_TEXT) for item in given]
    given = [item for item in given if item]
    if not given:
        return None
    try:
        return _read_one(fact, given, today)
    except FactRefused as refusal:
        raise FactRefused(f"{fact.label} {refusal}") from None


def _read_one(fact: Fact, given: list[str], today: date) -> FactValue:
    text = given[0]
    match fact.kind:
        case FactKind.DATE:
            return _read_date(fact, text, today)
        case FactKind.MONTH:
            return _read_past_month(text, today)
        case FactKind.NUMBER | FactKind.YES_NO | FactKind.CONFIRM:
            return _read_plain(fact.kind, text)
        case FactKind.CHOICE | FactKind.CHOICES | FactKind.ORGANISATIONS:
            return _read_chosen(fact, given)
        case FactKind.LONG_TEXT:
            return _within(text, LONG_TEXT_LIMIT)
        case _:  # a short text, a person, an organisation, a document
            return _within(text, TEXT_LIMIT)


def _read_date(fact: Fact, text: str, today: date) -> date:
    on = read_day(text)
    if on.year < 1990 or on.year > 2100:
        raise FactRefused("must be between 1990 and 2100")
    if on > today and not fact.may_be_future:
        raise FactRefused("must be today or in the past")
    return on


def _read_past_month(text: str, today: date) -> str:
    month = read_month(text)
    if month > today.strftime("%Y-%m"):
        raise FactRefused("must be this month or in the past")
    return month


def _read_plain(kind: FactKind, text: str) -> int | bool:
    if kind is FactKind.NUMBER:
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise FactRefused("must be a whole number, such as 3")
        return int(text)
    if kind is FactKind.CONFIRM and text != "yes":
        raise FactRefused("must be confirmed")
    if text not in {"yes", "no"}:
        raise FactRefused("must be yes or no")
    return text == "yes"


def _read_chosen(fact: Fact, given: list[str]) -> str | tuple[str, ...]:
    offered = {choice.value for choice in fact.choices}
    if fact.kind is FactKind.CHOICE:
        if given[0] not in offered:
            raise FactRefused("must be one of the answers shown")
        return given[0]
    if fact.kind is FactKind.CHOICES and set(given) - offered:
        raise FactRefused("must be among the answers shown")
    return tuple(dict.fromkeys(given))


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise FactRefused(f"must be {limit:,} characters or fewer; it has {len(text):,}")
    return text


def stored(value: FactValue) -> JsonValue:
    """The value as JSON."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value


def loaded(fact: Fact | None, value: JsonValue) -> FactValue:
    """The value back from JSON. An undeclared fact (from an older version) comes back as it was stored."""
    if isinstance(value, list):
        return tuple(value)
    if fact is not None and fact.kind is FactKind.DATE and isinstance(value, str) and value:  # "": taken back
        return date.fromisoformat(value)
    return value


def words(fact: Fact, value: FactValue, names: Mapping[str, str] | None = None) -> str:
    """The value as a page shows it. ``names`` resolves keys of people and organisations."""
    known = names or {}
    labels = {choice.value: choice.label for choice in fact.choices} | dict(known)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value:%A} {value.day} {value:%B %Y}"
    if isinstance(value, tuple):
        return ", ".join(labels.get(item, item) for item in value)
    if fact.kind is FactKind.MONTH and isinstance(value, str):
        month = datetime.strptime(value, "%Y-%m")  # noqa: DTZ007 - a month has no zone
        return f"{month:%B %Y}"
    return labels.get(str(value), str(value))
