"""From the rows of one mail to the mail: which words, which dates, in which order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from email.message import EmailMessage

from tracker.mails import (
    PRODUCT,
    Envelope,
    MailItem,
    MailWords,
    digest_subject,
    draw,
    escalation_subject,
    lead_subject,
    overdue_subject,
    sender_of,
)
from tracker.models import Case, Outbox, User
from tracker.policy import READERS, UNIT, Actor
from tracker.services.asked_together import how_many_in, together
from tracker.services.notices import MOST_LISTED, WEEKS_NOTE, About, Desk
from workflows.ladder import Who


@dataclass(frozen=True, slots=True)
class Brief:
    """What a digest of the business unit says besides its dates; every field is words, empty where there is nothing.

    ``gaps`` name what ``cannot`` counts. ``note`` and ``subject`` are the manager's note of the week.
    """

    came_in: str = ""
    cannot: str = ""
    gaps: tuple[str, ...] = ()
    stood_still: str = ""
    note: tuple[str, ...] = ()
    subject: str = ""


Briefing = Callable[[Desk, Actor, bool], Brief]
"""Looks up what to say to somebody of the unit; with True the note of the week as well."""


def nothing_more(_desk: Desk, _actor: Actor, _week: bool) -> Brief:
    """The briefing of a mail that says nothing besides its dates."""
    return Brief()


@dataclass(frozen=True, slots=True)
class Composed:
    """One mail before it is drawn: which words, in which template, under which subject."""

    template: str
    words: MailWords
    subject: str
    envelope: Envelope

    def drawn(self) -> EmailMessage:
        """The mail.

        Raises:
            CannotBeWritten: the address cannot stand in a mail.
        """
        return draw(self.template, self.words, self.subject, self.envelope)


def write(
    desk: Desk,
    rows: Sequence[Outbox],
    reader: User | None,
    envelope: Envelope,
    briefing: Briefing = nothing_more,
) -> EmailMessage:
    """Write the mail that these rows make.

    Raises:
        CannotBeWritten: the address cannot stand in a mail.
    """
    return compose(desk, rows, reader, envelope, briefing).drawn()


def compose(
    desk: Desk,
    rows: Sequence[Outbox],
    reader: User | None,
    envelope: Envelope,
    briefing: Briefing = nothing_more,
) -> Composed:
    """Put into words what these rows make: one note on its own, or the digest of the day."""
    found = [(row, about) for row in rows if (about := desk.about(row)) is not None]
    signature = desk.signature(about.case for _, about in found)
    partnerships = {about.case.partnership_id for _, about in found}
    sender = sender_of(signature) if len(partnerships) == 1 else PRODUCT.capitalize()
    reply_to = desk.reply_to(next(iter(partnerships))) if len(partnerships) == 1 else ""
    envelope = replace(envelope, sender=sender, reply_to=reply_to)
    actor = desk.directory.actor(reader) if reader is not None else None
    staff = actor is not None and actor.holds(*READERS)
    if found and found[0][0].singly:
        return _single(desk, *found[0], reader, MailWords((), signature=signature, staff=staff), envelope)
    unit = actor is not None and actor.holds(*UNIT)
    brief = Brief()
    if actor is not None and unit:
        brief = briefing(desk, actor, any(row.kind == WEEKS_NOTE for row in rows))
    words = _digest(desk, found, None if brief.note else reader, reader, envelope.to)
    words = replace(words, staff=staff, signature=signature)
    if not staff:
        by = min((_due(about) for _, about in found if desk.today <= _due(about) < date.max), default=None)
        words = replace(words, intro=_intro(desk, [about for _, about in found]))
        return Composed("digest", words, lead_subject(words, by), envelope)
    words = replace(
        words,
        unit=unit,
        home=f"{desk.base_url}/{'today' if unit else ''}",
        came_in=brief.came_in,
        cannot=brief.cannot,
        gaps=brief.gaps,
        stood_still=brief.stood_still,
        note=brief.note,
    )
    return Composed("staff", words, brief.subject or digest_subject(words, desk.today), envelope)


def _single(
    desk: Desk, row: Outbox, about: About, reader: User | None, words: MailWords, envelope: Envelope
) -> Composed:
    """The first note that a date has passed, and those to somebody above."""
    item = desk.item(about, reader, envelope.to, no_lead=bool(row.payload.get("no_lead")))
    words = replace(words, items=(item,))
    if row.template == "escalation":
        words = replace(
            words,
            reminded=desk.reminded(row),
            answered=desk.answered(about, row),
            next_step=desk.next_step(about, Who.CHAIR) if row.who != Who.CHAIR else "",
            phone=desk.phone(about.case),
        )
        theirs = row.who == Who.ESCALATION
        return Composed("escalation", words, escalation_subject(item, theirs=theirs), envelope)
    warned = bool(item.agency) and desk.has_senior(about)
    words = replace(words, next_step=desk.next_step(about, Who.ESCALATION) if warned else "")
    return Composed("overdue", words, overdue_subject(item), envelope)


def _digest(
    desk: Desk,
    found: Sequence[tuple[Outbox, About]],
    shown_all: User | None,
    reader: User | None,
    address: str,
) -> MailWords:
    """Each date once, the most urgent first; for ``shown_all`` whatever of theirs is overdue or due today as well."""
    notes: dict[int, tuple[About, bool]] = {}
    waiting = []
    for row, about in found:
        no_lead = bool(row.payload.get("no_lead"))
        if about.deadline is None or about.deadline.id is None:
            waiting.append(desk.item(about, reader, address))
        else:
            notes[about.deadline.id] = (about, no_lead or notes.get(about.deadline.id, (about, False))[1])
    left_out: list[About] = []
    if shown_all is not None:
        more = desk.also_open(shown_all, set(notes))
        room = max(0, MOST_LISTED - len(notes))
        left_out = more[room:]
        notes |= {
            about.deadline.id: (about, False) for about in more[:room] if about.deadline and about.deadline.id
        }
    dated = sorted(notes.values(), key=lambda note: (_due(note[0]), desk.reference(note[0].case)))
    items = list(_items(desk, dated, reader, address))
    return MailWords(
        items=tuple(item for _, item in items),
        overdue=_those(items, lambda due: due < desk.today),
        due_today=_those(items, lambda due: due == desk.today),
        coming_up=_those(items, lambda due: due > desk.today),
        waiting=tuple(waiting),
        left_out=len(left_out),
        left_out_late=sum(_due(about) < desk.today for about in left_out),
        no_password=any(desk.links.to(about.case, address, reader).no_password for about, _ in dated),
    )


def _items(
    desk: Desk, dated: Sequence[tuple[About, bool]], reader: User | None, address: str
) -> Iterator[tuple[date, MailItem]]:
    """Each date in words; to the unit, what several agencies were asked for at once is one line."""
    unit = reader is not None and desk.directory.actor(reader).holds(*UNIT)
    lines: dict[object, list[tuple[About, bool]]] = {}
    for n, one in enumerate(dated):
        lines.setdefault((unit and together(one[0].case, one[0].deadline)) or n, []).append(one)
    for those in lines.values():
        about = those[0][0]
        item = desk.item(about, reader, address, no_lead=any(no_lead for _, no_lead in those))
        key = about.deadline.key if about.deadline else ""
        if unit and (what := how_many_in(desk.session, about.case, key)):
            above = desk.session.get_one(Case, about.case.parent_id)
            item = replace(item, what=what, link=desk.links.to(above, address, reader).href)
        yield _due(about), item


def _intro(desk: Desk, abouts: Sequence[About]) -> str:
    """Whose the items are: ``These actions in the 2026 to 2027 plan are with District Licensing.``"""
    bodies = {body.name if (body := desk.agency(about)) else "" for about in abouts}
    plans = {desk.plan_years(about.case) for about in abouts}
    actions = all(about.case.process == "action_item" for about in abouts)
    many = len({about.deadline.id if about.deadline else 0 for about in abouts}) > 1
    what = (" actions" if many else " action") if actions else ""
    plan = f" in the {next(iter(plans))} plan" if actions and len(plans) == 1 and "" not in plans else ""
    whose = next(iter(bodies)) if len(bodies) == 1 and "" not in bodies else "you"
    return f"{'These' if many else 'This'}{what}{plan} {'are' if many else 'is'} with {whose}."


def _those(items: Sequence[tuple[date, MailItem]], when: Callable[[date], bool]) -> tuple[MailItem, ...]:
    return tuple(item for due, item in items if when(due))


def _due(about: About) -> date:
    due = about.deadline.due_on if about.deadline else None
    return due or date.max
