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

from tracker.templating import TEMPLATES, count

FOLDER = TEMPLATES / "emails"
PRODUCT = "case tracker"


@dataclass(frozen=True, slots=True)
class MailItem:
    """One date in a mail. The fields are all that a template may say of it; every one is words, or says yes or no.

    ``title`` is an action's published wording, empty otherwise; ``what`` that or our name for the date, cut short;
    ``named`` stands at the start of a sentence. ``noun``, ``brief`` and ``wanted`` say what an agency owes.
    ``due_brief`` is ``Thu 19 Nov``; ``first_due`` is empty unless the date moved, ``since`` unless nothing was said
    for four weeks. ``link`` is empty where the reader could not open it. ``note`` is one of our own sentences.
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
    what: str = ""
    named: str = ""
    noun: str = ""
    brief: str = ""
    wanted: str = ""
    kind_said: str = ""
    due_brief: str = ""
    since: str = ""
    agency: str = ""
    yesterday: bool = False
    coming: bool = False
    ahead: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class MailWords:
    """The values around the items: the fields are all the other names that a template may use.

    ``signature`` are the partnerships' names, ``home`` a link, ``left_out`` how many more there are than are listed,
    ``left_out_late`` how many of those are overdue; the others are due today.
    ``staff``: the reader works for the partnership; ``unit``: in its business unit; ``no_password``:
    the links are answered without signing in. ``intro`` says whose the items
    are. ``came_in``, ``cannot`` and ``stood_still`` are lines of a morning's digest, ``gaps`` those under
    ``cannot``, ``note`` those of a week's note.
    ``reminded`` and ``answered`` are days of earlier reminders and of the last answer, ``next_step`` the day on which
    somebody above is told, ``phone`` the business unit's.
    """

    items: tuple[MailItem, ...]
    overdue: tuple[MailItem, ...] = ()
    due_today: tuple[MailItem, ...] = ()
    coming_up: tuple[MailItem, ...] = ()
    waiting: tuple[MailItem, ...] = ()
    signature: str = ""
    home: str = ""
    left_out: int = 0
    left_out_late: int = 0
    staff: bool = False
    unit: bool = False
    no_password: bool = False
    intro: str = ""
    came_in: str = ""
    cannot: str = ""
    gaps: tuple[str, ...] = ()
    stood_still: str = ""
    note: tuple[str, ...] = ()
    reminded: str = ""
    answered: str = ""
    next_step: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom a mail goes, from whom, and by what name it is known. ``at`` becomes its Date.

    ``reply_to`` is where an answer goes; empty: to ``mail_from``.
    """

    to: str
    mail_from: str
    sender: str
    message_id: str
    at: datetime
    reply_to: str = ""


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
        if envelope.reply_to:
            mail["Reply-To"] = Address(addr_spec=envelope.reply_to)
        mail["Date"] = format_datetime(envelope.at)
        mail["Message-ID"] = envelope.message_id
    except (ValueError, IndexError, MessageError) as error:  # the header parser gives up in all three ways
        raise CannotBeWritten("The address cannot be written in a mail.") from error
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_environment().get_template(f"{template}.txt").render(values))
    mail.add_alternative(_environment().get_template(f"{template}.html").render(values), subtype="html")
    return mail


def sender_of(partnership: str) -> str:
    """From whom a mail of one partnership is: ``Herefordshire Community Safety Partnership case tracker``."""
    return f"{partnership} {PRODUCT}"


def digest_subject(words: MailWords, on: date) -> str:
    """For staff counts, what is not listed among them, and the day: "Monday 23 November: 3 overdue, 1 due today"."""
    weekday = _weekday(on)
    late = len(words.overdue) + words.left_out_late
    today = len(words.due_today) + words.left_out - words.left_out_late
    said = [f"{late} overdue", f"{today} due today"]
    if not late and not today:
        said = [f"{len(words.coming_up)} coming up"] if words.coming_up else []
    if words.waiting:
        said.append(f"{len(words.waiting)} waiting for you")
    return f"{weekday}: {', '.join(said)}" if said else f"{weekday}: for the business unit"


def lead_subject(words: MailWords, by: date | None) -> str:
    """Count, act and date: "2 actions need an update by Monday 30 November"; ``by`` is the next date there is."""
    things = f"{_things(words.items)} {'needs' if len(words.items) == 1 else 'need'} an update"
    late = len(words.overdue)
    if late:
        return f"{things}, {late} {'is' if late == 1 else 'are'} overdue"
    return f"{things} by {_weekday(by)}" if by else things


def overdue_subject(item: MailItem) -> str:
    """Say that one thing was due, and when: "1 agency report was due yesterday"."""
    when = "yesterday" if item.yesterday else f"on {item.due}"
    return f"1 {item.brief or 'item'} {'is' if item.ahead else 'was'} due {when}"


def escalation_subject(item: MailItem, *, theirs: bool) -> str:
    """Say how late one thing is; ``theirs`` to the senior of the agency that it is with."""
    return f"An item {'with your service ' if theirs else ''}is {item.late}"


def columns(items: Sequence[MailItem]) -> str:
    """The lines of a plain list: reference, what, and, but for what is due today, the date and its kind."""
    rows = [
        (item, (item.reference, item.what, *_when(item), item.first_due and f"first due {item.first_due}"))
        for item in items
    ]
    widths = [max(len(cells[n]) for _, cells in rows) for n in range(4)] if rows else []
    lines = []
    for item, cells in rows:
        padded = [f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=False)]
        lines.append(
            f"  {padded[0]}  {padded[1]}   {padded[2]}  {'  '.join(filter(None, cells[3:]))}".rstrip()
        )
        lines += [f"      {item.note}"] if item.note else []
    return "\n".join(lines)


def headed(item: MailItem) -> str:
    """The title and, on the same line where there is room, the reference."""
    title = item.title or item.label
    return f"{title:<{_TITLE}}{item.reference}" if len(title) < _TITLE else f"{title}\n   {item.reference}"


def shortened(text: str) -> str:
    """A text cut at a word, to stand on one line of a list."""
    if len(text) <= _LINE:
        return text
    return f"{text[:_LINE].rsplit(' ', 1)[0]} ..."


_TITLE = 56
_LINE = 60


def _when(item: MailItem) -> tuple[str, str]:
    if item.late == "due today" or not item.due:
        return "", ""
    kind = item.kind[:1].lower() + item.kind[1:]
    return f"due {item.due_brief}", f"{item.late}  {kind}" if item.coming else kind


def _weekday(on: date) -> str:
    return f"{on:%A} {on.day} {on:%B}"


def _things(items: Sequence[MailItem]) -> str:
    return count(len(items), "action" if all(item.title for item in items) else "item")


def link_to(base_url: str, process: str, reference: str) -> str:
    """Where the record is read and answered: actions have addresses of their own."""
    noun = "actions" if process == "action_item" else "cases"
    return f"{base_url.rstrip('/')}/{noun}/{reference}"


def days_in_words(days: Sequence[date], year: int | None = None) -> str:
    """``9 and 16 November and 1 December 2026``: each month once, without the year if it is ``year``."""
    groups: dict[tuple[int, int], list[date]] = {}
    for one in sorted(set(days)):
        groups.setdefault((one.year, one.month), []).append(one)
    said = []
    for group in groups.values():
        numbers = [str(one.day) for one in group]
        together = " and ".join(filter(None, [", ".join(numbers[:-1]), numbers[-1]]))
        said.append(f"{together} {group[0]:%B}" if group[0].year == year else f"{together} {group[0]:%B %Y}")
    return "; ".join(said)


FILTERS = {"columns": columns, "headed": headed}
"""What a template may do to its values besides printing them."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= FILTERS
    return environment
