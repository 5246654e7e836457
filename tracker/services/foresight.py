"""What a coming round would send, without deciding, sending or writing anything."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from tracker.models import Case, Organisation, Outbox, OutboxState, User
from tracker.services.calendars import calendar_for
from tracker.services.claims import AT_ONCE
from tracker.services.mornings import morning_passed
from tracker.services.notices import Desk
from tracker.services.reminder_choices import Choices
from tracker.services.reminders import decisions, owing


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One mail that would go: to which part, of which agency if one, how many notices, and whether on its own."""

    part: str
    agency: str
    notices: int
    singly: bool


def foresee(
    session: Session,
    at: datetime,
    *,
    visible: Iterable[ColumnElement[bool]] = (),
    extra: Iterable[Outbox] = (),
) -> tuple[Foreseen, ...]:
    """The mails of the round at ``at``, about cases that fit ``visible``; ``extra`` are notices owed besides."""
    conditions = tuple(visible)
    today = morning_passed(at, calendar_for(session, None))
    if today is None:
        return ()
    desk = Desk(session, at, "")
    deadlines = session.exec(owing(at).where(*conditions)).all()
    new = [row for _, notices, _ in decisions(session, deadlines, today, at) for row in notices]
    there = select(Outbox.dedupe_key).where(
        col(Outbox.dedupe_key).in_([row.dedupe_key for row in new]), Outbox.state != OutboxState.CANCELLED
    )
    known = set(session.exec(there).all())
    waiting = session.exec(
        select(Outbox)
        .join(Case, col(Case.id) == col(Outbox.case_id))
        .where(
            col(Outbox.state).in_([OutboxState.QUEUED, OutboxState.SENDING]),
            col(Outbox.not_before) <= at,
            Outbox.kind != AT_ONCE,
            *conditions,
        )
    ).all()
    going = [row for row in new if row.state == OutboxState.QUEUED and row.dedupe_key not in known]
    going = [row for row in going if row.not_before <= at]
    later = {_place(row): row.owed_on for row in sorted(going, key=lambda row: row.owed_on)}
    going += [
        row
        for row in waiting
        if not desk.unwanted(row)
        and not desk.overtaken(row)
        and not (row.deadline_id and row.owed_on < later.get(_place(row), row.owed_on))
    ]
    choices = Choices(session)
    return _mails(session, [row for row in (*going, *extra) if choices.opens(row, at) <= at])


def _place(row: Outbox) -> tuple[int | None, int, str]:
    """The date, as it stands, and the mailbox: of what waits there only the latest step goes."""
    return row.deadline_id, row.generation, row.to_address


def _mails(session: Session, rows: Iterable[Outbox]) -> tuple[Foreseen, ...]:
    """Rows put together as they would go: each single note alone, and one digest for each mailbox."""
    digests: dict[str, list[Outbox]] = defaultdict(list)
    mails: list[list[Outbox]] = []
    for row in rows:
        if row.singly:
            mails.append([row])
        else:
            digests[row.to_address].append(row)
    mails += digests.values()
    desk_of = {row.recipient_id for mail in mails for row in mail if row.recipient_id is not None}
    people = {user.id: user for user in session.exec(select(User).where(col(User.id).in_(desk_of))).all()}
    found = [
        Foreseen(mail[0].who, _agency(session, mail[0], people), len(mail), mail[0].singly) for mail in mails
    ]
    return tuple(sorted(found, key=lambda one: (one.part, one.agency, one.singly, one.notices)))


def _agency(session: Session, row: Outbox, people: dict[int | None, User]) -> str:
    """The body that a lead or named senior belongs to; nothing of the partnership's own people."""
    if row.who not in {"lead", "escalation"}:
        return ""
    user = people.get(row.recipient_id)
    number = user.organisation_id if user is not None else None
    if number is None and row.case_id is not None:
        case = session.get(Case, row.case_id)
        number = case.owner_organisation_id if case else None
    body = session.get(Organisation, number) if number is not None else None
    return body.name if body else ""
