"""Every letter and every e-mail as it would look, drawn by what draws the real ones, from values made up for the purpose."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.message import EmailMessage

from tracker.errors import NotVisible
from tracker.letters import filling
from tracker.mails import (
    Envelope,
    MailItem,
    MailWords,
    digest_subject,
    draw,
    escalation_subject,
    lead_subject,
    overdue_subject,
)
from tracker.services import applied_mails, link_mails, password_links
from tracker.services.applied_mails import AppliedWords
from tracker.services.link_mails import LinkWords
from workflows.letter_kinds import KINDS
from workflows.letters import VALUES, LetterKind, Phrase, Prose, Value, samples

_MONDAY = date(2026, 11, 23)
_LINK = "https://tracker.example/u/AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG-HHHH"

ITEM_FIELDS: Mapping[str, str] = {
    "reference": "The reference of the record",
    "label": "Our name for the date",
    "title": "The wording of an action, only where its plan is published",
    "kind": "What kind of date it is",
    "due": "The date, in words",
    "first_due": "The first date, if it moved",
    "late": "How late it is, in words",
    "link": "Where it is answered, if the reader can open it",
    "note": "One of our own sentences",
    "what": "The wording or our name for the date, cut short",
    "named": "The same, at the start of a sentence",
    "noun": "What an agency owes, in a word or two",
    "brief": "The same, for a subject",
    "wanted": "What is asked for",
    "kind_said": "What kind of date it is, as a sentence",
    "due_brief": "The date, short",
    "since": "Since when nothing was said, after four weeks",
    "agency": "The agency that it is with",
    "yesterday": "Whether it was due yesterday",
    "coming": "Whether it is still to come",
    "ahead": "Whether it is due on a day that lies ahead",
    "code": "Whether a six-digit code will be asked for",
}
"""All that an e-mail may say of one date."""

WORD_FIELDS: Mapping[str, str] = {
    "items": "The dates",
    "overdue": "Those that are overdue",
    "due_today": "Those due today",
    "coming_up": "Those to come",
    "waiting": "What waits for a decision",
    "signature": "The names of the partnerships",
    "home": "Where the tracker is opened",
    "left_out": "How many more there are than are listed",
    "left_out_late": "How many of those are overdue",
    "staff": "Whether the reader works for the partnership",
    "unit": "Whether the reader works in its business unit",
    "no_password": "Whether the links need no password",
    "intro": "Whose the items are",
    "came_in": "A count of what came in",
    "cannot": "A count of what nobody can be reminded of",
    "gaps": "Its actions by reference, each with the reason",
    "stood_still": "Since when reminders had stood still",
    "note": "The lines of the week's note",
    "reminded": "The days of earlier reminders",
    "answered": "The day of the last answer",
    "next_step": "The day on which somebody above is told",
    "phone": "The telephone number of the business unit",
    "link": "Where to go",
    "reference": "The reference of the record",
    "code": "The six-digit code",
    "saved": "When an update was saved",
    "said": "Which of the five answers it was",
    "until": "Until when a code or a link works",
    "contact_by": "By when the officer contacts the applicant",
    "decision_by": "By when the applicant is told the decision",
}
"""All the other values that an e-mail may use."""

_ITEM = MailItem(
    reference="XCSP-ACT-2026-001", label="Action target date", title="Extend the scheme to the market towns",
    kind="Plan date", due="Monday 30 November 2026", first_due="", late="in 7 days", link=f"{_LINK}/XCSP-ACT-2026-001",
    what="Extend the scheme to the market towns", named="The action", noun="action", brief="action",
    wanted="an update", kind_said="It is the date in the plan.", due_brief="Mon 30 Nov", agency="Sample Agency",
    coming=True,
)  # fmt: skip
_LATE = replace(
    _ITEM, reference="XCSP-INF-2026-001", label="Agency report", title="", kind="Local target",
    due="Friday 20 November 2026", first_due="6 November 2026", late="1 working day late", what="Agency report",
    named="The agency report", noun="agency report", brief="agency report", wanted="the report",
    kind_said="It is a local target.", due_brief="Fri 20 Nov", coming=False,
    link=f"{_LINK}/XCSP-INF-2026-001", code=True,
)  # fmt: skip
_TODAY = replace(_ITEM, reference="XCSP-ASB-2026-001", title="", label="Acknowledge the application",
                 what="Acknowledge the application", late="due today", due="Monday 23 November 2026",
                 due_brief="Mon 23 Nov", coming=False)  # fmt: skip
_WAITS = replace(
    _TODAY, reference="XCSP-ACT-2026-002", what="More time asked for, action", due="", kind="action"
)
_SIGNED = "Example Community Safety Partnership"
_LEAD = MailWords(
    (_LATE, _ITEM), overdue=(_LATE,), coming_up=(_ITEM,), signature=_SIGNED, no_password=True,
    intro="These are with Sample Agency.",
)  # fmt: skip
_STAFF = MailWords(
    (_LATE, _TODAY, _ITEM), overdue=(_LATE,), due_today=(_TODAY,), coming_up=(_ITEM,), waiting=(_WAITS,),
    signature=_SIGNED, home="https://tracker.example/today", staff=True, unit=True,
    came_in="1 application, 1 done to check", cannot="1 action has no date or no lead",
    gaps=("XCSP-ACT-2026-004  no date",),
)  # fmt: skip
_LINKED = LinkWords(
    (), signature=_SIGNED, link=_LINK, reference="XCSP-ACT-2026-001", code="123456", saved="23 November 2026, 10:14am",
    said="there is progress", until="10:29am",
)  # fmt: skip
_APPLIED = AppliedWords(
    (), phone="01234 567890", reference="XCSP-ASB-2026-001", contact_by="Friday 27 November 2026",
    decision_by="Friday 11 December 2026",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail: its template, what it is for, to whom it goes and when, and the made-up values."""

    name: str
    title: str
    to: str
    when: str
    subject: str
    words: MailWords


MAILS: tuple[Mail, ...] = (
    Mail("digest", "What a lead is asked about", "The agency's lead, or its mailbox",
         "On a working day from 8:00am, once a day, if something is owed", lead_subject(_LEAD, None), _LEAD),
    Mail("staff", "The morning digest", "The business unit, and whoever decides",
         "On a working day from 8:00am, once a day, if something is owed", digest_subject(_STAFF, _MONDAY), _STAFF),
    Mail("overdue", "A date has passed", "Whoever has it, and the officer",
         "On the first working day after the date, by itself", overdue_subject(_LATE),
         MailWords((_LATE,), signature=_SIGNED, next_step="Friday 27 November 2026")),
    Mail("escalation", "A date passed long ago", "Somebody above whoever has it",
         "As the ladder of the date says, by itself", escalation_subject(_LATE, theirs=True),
         MailWords((_LATE,), signature=_SIGNED, reminded="6, 13 and 20 November", phone="01234 567890",
                   next_step="Friday 4 December 2026")),
    Mail("link_thanks", "Thanks for an update", "The mailbox whose link was used", "At once, after an update by a link",
         link_mails.SUBJECTS["link_thanks"], _LINKED),
    Mail("link_code", "A six-digit code", "The mailbox whose link was used", "At once, when a code is asked for",
         link_mails.SUBJECTS["link_code"], _LINKED),
    Mail("link_fresh", "A fresh link", "The mailbox whose link had ended", "At once, when one is asked for",
         link_mails.SUBJECTS["link_fresh"], _LINKED),
    Mail("link_covering", "A link for whoever covers", "The address that was given",
         "At once, when somebody says that they cover", link_mails.SUBJECTS["link_covering"], _LINKED),
    Mail("set_password", "A link to set a password", "The person whose account it is",
         "At once, when an administrator sends it", password_links.SUBJECT, _LINKED),
    Mail("applied", "Thanks for an application", "The applicant, at the address by which they are reached",
         "At once, when an application is logged with nothing but an e-mail address to reach them by",
         applied_mails.SUBJECT, _APPLIED),
)  # fmt: skip
"""Every e-mail that there is."""


@dataclass(frozen=True, slots=True)
class MailShown:
    """One e-mail as it would look: its subject, the plain text and the HTML of the same words, and the whole file."""

    mail: Mail
    text: str
    html: str
    file: bytes


@dataclass(frozen=True, slots=True)
class LetterShown:
    """One letter filled with made-up values. ``version`` is the beginning of the hash of the default template."""

    kind: LetterKind
    version: str
    paragraphs: tuple[filling.Paragraph, ...]
    says: tuple[Phrase, ...]
    values: tuple[Value, ...]
    prose: tuple[Prose, ...]


def versions() -> dict[str, str]:
    """The version of each default letter template, by code: the beginning of its hash."""
    return {code: _version(filling.default_template(code)) for code in KINDS}


def mail_shown(name: str) -> MailShown:
    """One e-mail, drawn.

    Raises:
        NotVisible: there is none of that name.
    """
    mail = next((one for one in MAILS if one.name == name), None)
    if mail is None:
        raise NotVisible("There is no such e-mail.")
    envelope = Envelope(
        "reader@example.test", "tracker@example.test", f"{_SIGNED} case tracker", "<preview@example.test>",
        datetime(2026, 11, 23, 8, tzinfo=UTC),
    )  # fmt: skip
    drawn = draw(mail.name, mail.words, mail.subject, envelope)
    return MailShown(mail, _part(drawn, "plain"), _part(drawn, "html"), drawn.as_bytes())


def letter_shown(code: str) -> LetterShown:
    """One letter, filled.

    Raises:
        NotVisible: there is none of that code.
    """
    kind = KINDS.get(code)
    if kind is None:
        raise NotVisible("There is no such letter.")
    template = filling.default_template(code)
    filled = filling.fill(template, samples(kind))
    return LetterShown(
        kind, _version(template), filling.paragraphs(filled), kind.says,
        tuple(VALUES[name] for name in kind.values), kind.prose,
    )  # fmt: skip


def _version(template: bytes) -> str:
    return filling.digest(template)[:8]


def _part(drawn: EmailMessage, subtype: str) -> str:
    body = drawn.get_body((subtype,))
    return str(body.get_content()) if body else ""
