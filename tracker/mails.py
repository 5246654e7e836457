"""The words of a mail, drawn from an allow-list of values: what is not in :class:`MailItem` cannot be in a mail.

A mail holds references, our names for dates, the dates, and links. Never a person, pseudonym, address, cause or
incident; the wording of an action only where its plan is published. Subjects hold no reference at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker import clock
from tracker.templating import TEMPLATES, count, day

FOLDER = TEMPLATES / "emails"


@dataclass(frozen=True, slots=True)
class MailItem:
    """One date in a mail. The fields are all that a template may say of it.

    ``title`` is an action's published wording, empty otherwise. ``due``, ``first_due`` and ``late`` are words;
    ``first_due`` is empty unless the date moved. ``link`` is empty where the reader could not open it. ``note`` is
    one of our own sentences, such as that no lead can be reminded.
    """

    reference: str
    label: str
    title: str
    kind: str
    due: str
    first_due: str
    late: str
    link: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class MailWords:
    """The values around the items: the fields are all the other names that a template may use.

    ``today`` is the London day in words, ``signature`` the partnerships' names, ``home`` a link, ``left_out`` how
    many more there are than are listed. ``reminded`` are days of earlier reminders in words.
    ``staff``: the reader works for the partnership.
    """

    items: tuple[MailItem, ...]
    overdue: tuple[MailItem, ...] = ()
    due_today: tuple[MailItem, ...] = ()
    coming_up: tuple[MailItem, ...] = ()
    waiting: tuple[MailItem, ...] = ()
    today: str = ""
    signature: str = ""
    home: str = ""
    left_out: int = 0
    reminded: str = ""
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom a mail goes, from whom, and by what name it is known. ``at`` becomes its Date."""

    to: str
    mail_from: str
    sender: str
    message_id: str
    at: datetime


class CannotBeWritten(ValueError):
    """An address or a name holds what no header may hold."""


def draw(template: str, words: MailWords, subject: str, envelope: Envelope) -> EmailMessage:
    """Make a mail: plain text first, and its HTML twin with the same words.

    Raises:
        CannotBeWritten: an address is none, or holds a line break.
    """
    values = {field.name: getattr(words, field.name) for field in fields(words)}
    mail = EmailMessage()
    try:
        mail["Subject"] = subject
        mail["From"] = Address(envelope.sender, addr_spec=envelope.mail_from)
        mail["To"] = Address(addr_spec=envelope.to)
        mail["Date"] = format_datetime(envelope.at)
        mail["Message-ID"] = envelope.message_id
    except (ValueError, IndexError, MessageError) as error:  # the header parser gives up in all three ways
        raise CannotBeWritten("The address cannot be written in a mail.") from error
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_environment().get_template(f"{template}.txt").render(values))
    mail.add_alternative(_environment().get_template(f"{template}.html").render(values), subtype="html")
    return mail


def digest_subject(words: MailWords, on: date, *, staff: bool) -> str:
    """Counts and the day: "Monday 23 November: 3 overdue, 1 due today"."""
    weekday = f"{on:%A} {on.day} {on:%B}"
    if not staff and not words.waiting:
        late = len(words.overdue)
        more = f", {late} overdue" if late else ""
        return f"{weekday}: {_things(words.items)} {'needs' if len(words.items) == 1 else 'need'} an update{more}"
    said = [f"{len(words.overdue)} overdue", f"{len(words.due_today)} due today"]
    if not words.overdue and not words.due_today:
        said = [f"{len(words.coming_up)} coming up"] if words.coming_up else []
    if words.waiting:
        said.append(f"{len(words.waiting)} waiting for you")
    return f"{weekday}: {', '.join(said)}"


def overdue_subject(item: MailItem) -> str:
    """Say that one thing was due, and when."""
    return f"{_things((item,))} was due on {item.due}"


def escalation_subject(item: MailItem, *, theirs: bool) -> str:
    """Say how late one thing is; ``theirs`` to the senior of the agency that it is with."""
    return f"An item {'with your service ' if theirs else ''}is {item.late}"


def _things(items: Sequence[MailItem]) -> str:
    return count(len(items), "action" if all(item.title for item in items) else "item")


def link_to(base_url: str, process: str, reference: str) -> str:
    """Where the record is read and answered: actions have addresses of their own."""
    noun = "actions" if process == "action_item" else "cases"
    return f"{base_url.rstrip('/')}/{noun}/{reference}"


def days_in_words(days: Sequence[date]) -> str:
    """``9 and 16 November and 1 December 2026``: each month once."""
    groups: dict[tuple[int, int], list[date]] = {}
    for one in sorted(set(days)):
        groups.setdefault((one.year, one.month), []).append(one)
    said = []
    for group in groups.values():
        numbers = [str(one.day) for one in group]
        together = " and ".join(filter(None, [", ".join(numbers[:-1]), numbers[-1]]))
        said.append(f"{together} {group[0]:%B %Y}")
    return "; ".join(said)


def today_in_words(at: datetime) -> str:
    """The London day of an instant."""
    return day(clock.london(at))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
