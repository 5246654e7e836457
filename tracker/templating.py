"""How pages are drawn: the loaders, the words for dates and counts, and the values the layout is given.

The templates hold no logic beyond ``if`` and ``for``; whatever is cleverer is a function here, with a test.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

from flask import Flask, url_for
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader, Undefined
from jinja2.exceptions import UndefinedError
from jinja2.utils import missing
from wtforms import fields as wtf
from wtforms.form import BaseForm

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
LONDON = ZoneInfo("Europe/London")
_OURS = ("tracker", "workflows")


@dataclass(frozen=True, slots=True)
class Link:
    """A link: ``hidden`` is read out after ``text`` where many links on a page say the same."""

    text: str
    href: str
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the top or sub navigation; ``count`` things stand behind it, ``None`` shows no number.

    ``counted`` is read out after the number where the navigation's own word (open) would not be true.

    ``within`` are the pages of an entry that has several: they are shown while one of them is.
    """

    text: str
    href: str
    current: bool = False
    count: int | None = None
    within: "tuple[NavItem, ...]" = ()
    counted: str | None = None


class NoticeKind(StrEnum):
    """What an alert tells: the word is read out before its text."""

    SUCCESS = "success"
    INFORMATION = "information"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """What the page says once at its top, read out on arrival: ``text``, then ``links``."""

    text: str
    kind: NoticeKind = NoticeKind.SUCCESS
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of a check-answers card; without ``href`` it cannot be changed."""

    key: str
    value: str
    href: str = ""
    change: str = "Change"


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything the layout needs around a page; the same for every page of one request.

    ``who`` is the reader's role or name, ``None`` when nobody is signed in. ``mark`` is the protective marking
    with the reference, printed once at the end. ``printed_at`` is the instant of the request, aware. ``idle_minutes``
    is how long the session stays open without a request; 0 where nobody is signed in.
    """

    product: str = "Case tracker"
    partnership: str = ""
    who: str | None = None
    nav: tuple[NavItem, ...] = ()
    mark: str = ""
    printed_at: datetime | None = None
    demonstration: bool = False
    csrf_token: str = ""
    search: bool = False
    home_href: str = "/"
    account_href: str = ""
    sign_out_href: str = "/sign-out"
    idle_minutes: int = 0


class StrictForOurs(Undefined):
    """Lenient for the component packages, strict for us.

    A misspelt attribute of one of our own objects is an error at once. A name that the page was not given may be
    asked about (``if``, ``default``), but not printed, joined or looped over.
    """

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: object = missing,
        name: str | None = None,
        exc: type[Exception] = UndefinedError,
    ) -> None:
        super().__init__(hint, obj, name, exc)  # type: ignore[arg-type]
        made_of = obj if isinstance(obj, type) else type(obj)
        if obj is not missing and made_of.__module__.partition(".")[0] in _OURS:
            raise UndefinedError(f"{made_of.__name__} has no {name!r}")

    def _refuse_if_not_given(self) -> None:
        # The packages write a bare `undefined` where JavaScript would; it is a name like any other to Jinja.
        if self._undefined_obj is missing and self._undefined_name not in {None, "undefined", "null"}:
            raise UndefinedError(f"{self._undefined_name!r} was not given to the page")

    def __str__(self) -> str:
        self._refuse_if_not_given()
        return super().__str__()

    def __iter__(self) -> Iterator[NoReturn]:
        self._refuse_if_not_given()
        return super().__iter__()

    def __len__(self) -> int:
        self._refuse_if_not_given()
        return super().__len__()


def _plain_date(value: date) -> date:
    """Refuse an instant where a day is meant: its London date is a decision that belongs to the caller."""
    if isinstance(value, datetime):
        raise TypeError("a day is wanted here, not an instant")
    return value


def day(value: date) -> str:
    """``Monday 23 November 2026``: in sentences."""
    return f"{_plain_date(value):%A} {value.day} {value:%B %Y}"


def day_short(value: date) -> str:
    """``Mon 23 Nov 2026``: in tables."""
    return f"{_plain_date(value):%a} {value.day} {value:%b %Y}"


def day_month(value: date) -> str:
    """``23 November 2026``: where the day of the week does not matter."""
    return f"{_plain_date(value).day} {value:%B %Y}"


def day_brief(value: date) -> str:
    """``23 Nov 2026``: beside another date, as in ``First due 23 Nov 2026``."""
    return f"{_plain_date(value).day} {value:%b %Y}"


def day_near(value: date) -> str:
    """``Mon 23 Nov``: in lists of the next few weeks, where the year is plain."""
    return f"{_plain_date(value):%a} {value.day} {value:%b}"


def clock_time(value: datetime | time) -> str:
    """``3:40pm`` by the London clock, ``midday`` and ``midnight`` in words; an instant must be aware."""
    if isinstance(value, datetime):
        value = _in_london(value).time()
    if (value.hour, value.minute) in {(0, 0), (12, 0)}:
        return "midday" if value.hour else "midnight"
    return f"{value.hour % 12 or 12}:{value:%M}{'pm' if value.hour >= 12 else 'am'}"


def instant(value: datetime) -> str:
    """``Friday 20 November 2026 at 8:00am``, in London; ``value`` must be aware."""
    local = _in_london(value)
    return f"{day(local.date())} at {clock_time(local.time())}"


def _in_london(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise TypeError("an instant must say its time zone")
    return value.astimezone(LONDON)


def when(value: date | datetime) -> str:
    """Say a day as a day and an instant as an instant."""
    return instant(value) if isinstance(value, datetime) else day(value)


def machine_date(value: date | datetime) -> str:
    """Write the same day or instant for a ``datetime`` attribute."""
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def count(number: int, one: str, many: str = "") -> str:
    """``1 action``, ``2 actions``; give ``many`` where an "s" will not do."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def safe_id(text: str) -> str:
    """Letters, digits and hyphens of ``text``, to stand in an ``id``; starts with a letter."""
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return slug if slug[:1].isalpha() else f"x-{slug}".rstrip("-")


def page_numbers(page: int, pages: int) -> tuple[int | None, ...]:
    """Which page numbers a list shows: the ends and this page's neighbours; ``None`` stands for a gap."""
    shown = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    numbers: list[int | None] = []
    for number in shown:
        previous = numbers[-1] if numbers else 0
        if previous is not None and number - previous == 2:
            numbers.append(number - 1)  # a gap of one page is shorter said as its number
        elif previous is not None and number - previous > 2:
            numbers.append(None)
        numbers.append(number)
    return tuple(numbers)


class FieldKind(StrEnum):
    """How a form field is drawn."""

    TEXT = "text"
    DAY = "day"
    WORDS = "words"
    ONE_OF = "one_of"
    SOME_OF = "some_of"
    LIST = "list"
    TICK = "tick"
    PASSWORD = "password"  # noqa: S105
    HIDDEN = "hidden"
    FILE = "file"


# First match wins, so a class stands before those it is made from.
_KINDS: tuple[tuple[type[wtf.Field], FieldKind], ...] = (
    (wtf.HiddenField, FieldKind.HIDDEN),
    (wtf.PasswordField, FieldKind.PASSWORD),
    (wtf.FileField, FieldKind.FILE),
    (wtf.TextAreaField, FieldKind.WORDS),
    (wtf.SelectMultipleField, FieldKind.SOME_OF),
    (wtf.RadioField, FieldKind.ONE_OF),
    (wtf.SelectField, FieldKind.LIST),
    (wtf.BooleanField, FieldKind.TICK),
    (wtf.DateTimeField, FieldKind.DAY),  # and so is DateField, which is made from it
)


def field_kind(field: wtf.Field) -> FieldKind:
    """How ``field`` is drawn; a field class may settle it itself with an attribute ``kind``."""
    own = getattr(field, "kind", None)
    if own is not None:
        return FieldKind(own)
    return next((kind for made_of, kind in _KINDS if isinstance(field, made_of)), FieldKind.TEXT)


def form_errors(form: BaseForm) -> list[dict[str, str]]:
    """List what is wrong with ``form`` for the layout's ``errors``: the first message of each field, in form order."""
    found = [{"text": str(field.errors[0]), "href": f"#{field.id}"} for field in form if field.errors]
    return found + [{"text": str(message)} for message in form.form_errors]


def install(app: Flask) -> None:
    """Set up ``app`` to draw our templates; call it before anything is drawn."""
    app.jinja_options = {
        **app.jinja_options,
        "undefined": StrictForOurs,
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    packages = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([FileSystemLoader(TEMPLATES), packages])
    environment = app.jinja_env
    for words in (
        day,
        day_short,
        day_month,
        day_brief,
        day_near,
        clock_time,
        instant,
        when,
        machine_date,
        safe_id,
    ):
        environment.filters[words.__name__] = words
    # A page that nobody gave a shell still draws, without navigation: error pages may come before sign-in does.
    environment.globals |= {
        "count": count,
        "page_numbers": page_numbers,
        "field_kind": field_kind,
        "asset": _asset_addresses(app),
        "shell": Shell(),
    }


def _asset_addresses(app: Flask) -> Callable[[str], str]:
    """Make ``asset(name)``: a static file's address with its content's digest, so that it may be cached for ever."""
    folder = Path(app.static_folder or "")

    @cache
    def digest(name: str) -> str:
        return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=digest(name))

    return asset
