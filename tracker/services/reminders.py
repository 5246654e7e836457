"""Deciding which reminders are owed: the tick.

It asks what is owed and not yet done, never what fell due since the last time: a crash, a reboot or an outage of a
fortnight loses nothing, and running it twice, late or in several processes at once changes nothing. Each notice has
one key for ever, ``deadline:generation:step:mailbox``, and is written in the transaction that moves its deadline on.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog
from sqlalchemy import literal_column, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker import clock, db
from tracker.db import Database
from tracker.models import Case, Deadline, DeadlineStatus, Outbox, OutboxState
from tracker.services.brought_in import backlog
from tracker.services.calendars import calendar_for, calendars_for
from tracker.services.chasers import COUNTS, lately_by_hand
from tracker.services.claims import OVERTAKEN
from tracker.services.ladders import ladder_from
from tracker.services.mornings import morning_passed, next_morning
from tracker.services.recipients import Directory, Recipient, in_order, parts_of
from tracker.services.reminder_choices import Choices
from tracker.services.returning import RETURNS
from workflows.calendars import Calendar
from workflows.ladder import Note, Plan, Who, plan

log = structlog.get_logger()

BATCH = 200
"""Deadlines decided in one transaction: few enough that nobody who saves a case waits for it."""

WHILE_HELD = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds to wait for cases that somebody is just saving. The day's digests go next, and there is one for each person:
what is left out of it waits for the next working day."""

NOBODY = "Nobody in the partnership can be told."

Done = Collection[tuple[str, Who]]


@dataclass(frozen=True, slots=True)
class TickResult:
    """What one tick decided, in deadlines looked at and notices written."""

    looked_at: int = 0
    queued: int = 0
    skipped: int = 0
    for_nobody: int = 0

    def __add__(self, other: "TickResult") -> "TickResult":
        return TickResult(
            self.looked_at + other.looked_at,
            self.queued + other.queued,
            self.skipped + other.skipped,
            self.for_nobody + other.for_nobody,
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """One step told to one mailbox, and for which parts; ``recipient`` is None where nobody can be."""

    note: Note
    recipient: Recipient | None
    wanted: frozenset[Who]

    def with_(self, note: Note, recipient: Recipient) -> "_Told":
        """The same step to the same mailbox in another part as well."""
        both = self.recipient.with_parts_of(recipient) if self.recipient else recipient
        return _Told(self.note, both, self.wanted | {note.to})


def tick(database: Database, at: datetime, *, batch: int = BATCH) -> TickResult:
    """Decide everything that is owed at ``at`` and not decided yet. Sends nothing.

    Between midnight and 08:00 in London and on days off nothing is decided.
    """
    with database.reading() as session:
        if session.exec(owing(at).limit(1)).first() is None:
            return TickResult()
        today = morning_passed(at, calendar_for(session, None))
    total, waits = TickResult(), iter(WHILE_HELD)
    while today is not None:
        with database.transaction() as session:
            decided = _decide_some(session, at, today, batch)
        total += decided
        if not decided.looked_at and not _wait_for_the_held(database, at, waits):
            break
    return total


def _wait_for_the_held(database: Database, at: datetime, waits: Iterator[float]) -> bool:
    """Whether to try again, after a while: on PostgreSQL a case that somebody is saving was passed over.

    Waiting for the lock itself would make them wait for us in turn, or end their work where each waits for the other.
    """
    with database.reading() as session:
        if session.exec(owing(at).limit(1)).first() is None:
            return False
    pause = next(waits, None)
    if pause is None:
        log.warning("cases_held")  # decided in the next round
        return False
    time.sleep(pause)
    return True


def owing(at: datetime) -> SelectOfScalar[Deadline]:
    """Select the deadlines that may owe a notice at ``at``, the longest waiting first."""
    return (
        select(Deadline)
        .join(Case, col(Case.id) == col(Deadline.case_id))
        .where(
            # A literal, not a parameter: only so can both databases tell that the partial index will do.
            col(Deadline.status) == literal_column(f"'{DeadlineStatus.RUNNING}'"),
            col(Deadline.next_notice_at) <= at,
            col(Deadline.next_notice_at).is_not(None),
            col(Deadline.paused).is_(False),
        )
        .order_by(col(Deadline.next_notice_at), col(Deadline.id))
    )


def _decide_some(session: Session, at: datetime, today: date, batch: int) -> TickResult:
    # The join locks the case with its deadline. Whoever changes a case locks it first, so neither waits for the other
    # while holding what the other needs.
    deadlines = session.exec(db.for_update(session, owing(at).limit(batch), skip_locked=True)).all()
    if not deadlines:
        return TickResult()
    decided: list[Outbox] = []
    for deadline, notices, next_at in decisions(session, deadlines, today, at):
        decided += notices
        deadline.next_notice_at = next_at
    session.flush()
    return replace(_write(session, decided), looked_at=len(deadlines))


def decisions(
    session: Session, deadlines: Sequence[Deadline], today: date, at: datetime
) -> Iterator[tuple[Deadline, list[Outbox], datetime | None]]:
    """For each of these dates its notices, and when to look again. Writes nothing and changes nothing."""
    wanted = {deadline.case_id for deadline in deadlines}
    cases = {case.id: case for case in session.exec(select(Case).where(col(Case.id).in_(wanted))).all()}
    calendars = calendars_for(session, {case.partnership_id for case in cases.values()})
    done = told(session, [deadline.id for deadline in deadlines])
    directory = Directory(session, at)
    directory.know(cases.values())
    choices, quietly = Choices(session), backlog(session, deadlines)
    by_hand = lately_by_hand(session, deadlines, today, calendar_for(session, None))
    for deadline in deadlines:
        case = cases[deadline.case_id]
        calendar = calendars[case.partnership_id]
        try:
            planned = owed(deadline, today, done, calendar)
        except ValueError as error:
            # One ladder that cannot be read must not keep the others waiting; it is looked at again tomorrow.
            log.error("ladder_unreadable", deadline=deadline.id, error=type(error).__name__)  # noqa: TRY400
            yield deadline, [], next_morning(today, calendar)
            continue
        notices = _notices(directory, deadline, case, planned, at, quietly=deadline.id in quietly)
        for notice in notices:
            choices.settle(notice, deadline, calendar)
            if (deadline.id, notice.to_address) in by_hand:
                _leave_to_the_chaser(notice)
        yield deadline, notices, clock.morning_of(planned.next_on) if planned.next_on else None


def owed(deadline: Deadline, today: date, done: Mapping[tuple[int, int], Done], calendar: Calendar) -> Plan:
    """What is owed today: nothing for a date that is not set, nothing yet on a closed day.

    Entering a final state has ended every clock but those of a closed case itself (its retention): these do remind.
    """
    if deadline.due_on is None:
        return Plan((), (), None)
    if not calendar.is_working(today):
        return Plan((), (), calendar.next_working(today))
    had = done[_row(deadline.id), deadline.generation]
    rungs = ladder_from(deadline.ladder)
    if deadline.minimum:  # nobody is late with a time that must be given
        rungs = tuple(rung for rung in rungs if rung.offset <= 0)
    return plan(rungs, deadline.due_on, today, had, calendar)


def told(session: Session, deadlines: Sequence[int | None]) -> Mapping[tuple[int, int], set[tuple[str, Who]]]:
    """Steps and parts of these dates, given by number, that need no deciding again: whatever was written and not cancelled."""
    rows = session.exec(
        select(Outbox.deadline_id, Outbox.generation, Outbox.rung, Outbox.payload)
        .where(
            col(Outbox.deadline_id).in_(deadlines),
            Outbox.state != OutboxState.CANCELLED,
        )
        .order_by(col(Outbox.id))
    ).all()
    done: dict[tuple[int, int], set[tuple[str, Who]]] = defaultdict(set)
    for deadline_id, generation, rung, payload in rows:
        if deadline_id is not None:
            done[deadline_id, generation].update((rung, part) for part in parts_of(payload))
    return done


def _notices(
    directory: Directory, deadline: Deadline, case: Case, planned: Plan, at: datetime, *, quietly: bool
) -> list[Outbox]:
    """The notices of one deadline: one for each step and mailbox, and of several steps only the latest goes.

    ``quietly``: none of them as a mail of its own.
    """
    if quietly:
        planned = replace(
            planned,
            send=tuple(replace(note, singly=False) for note in planned.send),
            skip=tuple(replace(note, singly=False) for note in planned.skip),
        )
    told: dict[tuple[str, str], _Told] = {}
    left_out: dict[tuple[str, str], Note] = {}
    latest: dict[str, Note] = {}
    notices = []
    for note in (*planned.send, *planned.skip):
        audience = directory.audience(case, deadline, [note.to])
        left_out |= {(note.rung, one): note for one in directory.left_out(case, deadline, note.to)}
        if not audience and note in planned.send:
            row = _notice(deadline, case, _Told(note, None, frozenset({note.to})), at)
            row.state, row.last_error = OutboxState.FAILED, NOBODY
            notices.append(row)
        for recipient in audience:
            key, earlier = (note.rung, recipient.address), told.get((note.rung, recipient.address))
            told[key] = (
                earlier.with_(note, recipient) if earlier else _Told(note, recipient, frozenset({note.to}))
            )
            if note in planned.send:
                chosen = latest.get(recipient.address)
                latest[recipient.address] = max(chosen, note, key=lambda n: n.on) if chosen else note
    for (rung, address), one in told.items():
        row = _notice(deadline, case, one, at)
        chosen = latest.get(address)
        if chosen is None or chosen.rung != rung:
            row.state, row.last_error = OutboxState.SKIPPED, OVERTAKEN
        notices.append(row)
    return [*notices, *_returning(deadline, case, left_out, at)]


def _returning(
    deadline: Deadline, case: Case, left_out: Mapping[tuple[str, str], Note], at: datetime
) -> Iterator[Outbox]:
    """What would have gone where mail comes back from, on record as skipped. It counts as told to nobody."""
    for (_, address), note in left_out.items():
        stand_in = Recipient(address, None, note.to, frozenset({note.to}))
        row = _notice(deadline, case, _Told(note, stand_in, frozenset({note.to})), at)
        row.state, row.last_error, row.payload = OutboxState.SKIPPED, RETURNS, {"parts": []}
        yield row


def _write(session: Session, notices: Sequence[Outbox]) -> TickResult:
    """Write the notices that are not there yet; those there but cancelled, and never sent, go after all."""
    key = col(Outbox.dedupe_key)
    rows = [notice.model_dump(exclude={"id"}) for notice in notices]
    new = set(db.insert_new_keys(session, Outbox, rows, key))
    known = [n.dedupe_key for n in notices if n.state == OutboxState.QUEUED and n.dedupe_key not in new]
    again = 0
    if known:
        result = session.connection().execute(
            update(Outbox)
            .where(key.in_(known), col(Outbox.state) == OutboxState.CANCELLED)
            .values(state=OutboxState.QUEUED, last_error="", attempts=0, message_id=None)
        )
        again = result.rowcount
    counts = Counter(notice.state for notice in notices if notice.dedupe_key in new)
    return TickResult(
        queued=counts[OutboxState.QUEUED] + again,
        skipped=counts[OutboxState.SKIPPED],
        for_nobody=counts[OutboxState.FAILED],
    )


def _notice(deadline: Deadline, case: Case, told: _Told, at: datetime) -> Outbox:
    note, recipient = told.note, told.recipient
    # A step that was past when the tracker came to know of the date goes in the digest.
    singly = note.singly and note.on >= clock.london(deadline.recorded_at)
    part = recipient.part if recipient else note.to
    mailbox = recipient.address if recipient else f"nobody-{note.to}"
    payload: dict[str, object] = {"parts": in_order(recipient.parts if recipient else told.wanted)}
    if recipient and recipient.no_lead:
        payload["no_lead"] = True
    return Outbox(
        dedupe_key=f"{deadline.id}:{deadline.generation}:{note.rung}:{mailbox}",
        kind="reminder",
        recipient_id=recipient.user_id if recipient else None,
        to_address=recipient.address if recipient else "",
        who=str(part),
        case_id=case.id,
        deadline_id=deadline.id,
        generation=deadline.generation,
        rung=note.rung,
        singly=singly,
        template=template_for(told.wanted, singly=singly),
        payload=payload,
        owed_on=note.on,
        not_before=clock.morning_of(note.on),
        created_at=at,
    )


def _leave_to_the_chaser(notice: Outbox) -> None:
    """Put on record that whoever was chased by hand is not asked the same again; what they hear in other parts goes."""
    late = notice.rung.startswith("after-") and parts_of(notice.payload) <= {Who.LEAD, Who.ESCALATION}
    if late and notice.state == OutboxState.QUEUED:
        notice.state, notice.last_error = OutboxState.SKIPPED, COUNTS


def template_for(wanted: Collection[Who], *, singly: bool) -> str:
    """Which words a notice is sent in: those for whoever has the item, or those for somebody above them."""
    if not singly:
        return "digest"
    return "overdue" if Who.LEAD in wanted or Who.OFFICER in wanted else "escalation"


def _row(number: int | None) -> int:
    if number is None:
        raise ValueError("the row has no number yet: flush first")
    return number
