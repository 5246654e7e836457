"""From the rows of one mail to the mail: which words, which dates, in which order."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from email.message import EmailMessage

from tracker.mails import (
    Envelope,
    MailItem,
    MailWords,
    digest_subject,
    draw,
    escalation_subject,
    overdue_subject,
    today_in_words,
)
from tracker.models import Outbox, User
from tracker.policy import READERS
from tracker.services.notices import MOST_LISTED, About, Desk
from workflows.ladder import Who

PRODUCT = "case tracker"


def write(
    desk: Desk, rows: Sequence[Outbox], reader: User | None, envelope: Envelope, base_url: str
) -> EmailMessage:
    """Write the mail that these rows make: one note on its own, or the digest of the day.

    Raises:
        CannotBeWritten: the address cannot stand in a mail.
    """
    found = [(row, about) for row in rows if (about := desk.about(row)) is not None]
    signature = desk.signature(about.case for _, about in found)
    partnerships = {about.case.partnership_id for _, about in found}
    sender = f"{signature} {PRODUCT}" if len(partnerships) == 1 else PRODUCT.capitalize()
    envelope = replace(envelope, sender=sender)
    staff = reader is not None and desk.directory.actor(reader).holds(*READERS)
    row, about = found[0]
    if row.singly:
        item = desk.item(about, reader, no_lead=bool(row.payload.get("no_lead")))
        words = MailWords((item,), signature=signature, staff=staff)
        if row.template == "escalation":
            words = replace(words, reminded=desk.reminded(row))
            theirs = row.who == Who.ESCALATION
            return draw("escalation", words, escalation_subject(item, theirs=theirs), envelope)
        return draw("overdue", words, overdue_subject(item), envelope)
    words = _digest(desk, found, reader)
    words = replace(
        words,
        staff=staff,
        today=today_in_words(envelope.at),
        signature=signature,
        home=f"{base_url.rstrip('/')}/",
    )
    return draw(
        "staff" if staff else "digest", words, digest_subject(words, desk.today, staff=staff), envelope
    )


def _digest(desk: Desk, found: Sequence[tuple[Outbox, About]], reader: User | None) -> MailWords:
    """Each date once, the most urgent first; for staff, everything of theirs that is overdue or due today as well."""
    notes: dict[int, tuple[About, bool]] = {}
    waiting = []
    for row, about in found:
        no_lead = bool(row.payload.get("no_lead"))
        if about.deadline is None or about.deadline.id is None:
            waiting.append(desk.item(about, reader))
        else:
            notes[about.deadline.id] = (about, no_lead or notes.get(about.deadline.id, (about, False))[1])
    left_out = 0
    if reader is not None:
        more = desk.also_open(reader, set(notes))
        room = max(0, MOST_LISTED - len(notes))
        left_out = max(0, len(more) - room)
        notes |= {
            about.deadline.id: (about, False) for about in more[:room] if about.deadline and about.deadline.id
        }
    dated = sorted(notes.values(), key=lambda note: (_due(note[0]), note[0].case.reference))
    items = [(_due(about), desk.item(about, reader, no_lead=no_lead)) for about, no_lead in dated]
    return MailWords(
        items=tuple(item for _, item in items),
        overdue=_those(items, lambda due: due < desk.today),
        due_today=_those(items, lambda due: due == desk.today),
        coming_up=_those(items, lambda due: due > desk.today),
        waiting=tuple(waiting),
        left_out=left_out,
    )


def _those(items: Sequence[tuple[date, MailItem]], when: Callable[[date], bool]) -> tuple[MailItem, ...]:
    return tuple(item for due, item in items if when(due))


def _due(about: About) -> date:
    due = about.deadline.due_on if about.deadline else None
    return due or date.max
