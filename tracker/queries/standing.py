"""How the dates of a case stand on a day: in words, in the clock's own unit, with the lines that explain each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from tracker import access
from tracker.models import Case, Deadline, DeadlineChange, DeadlineStatus, Organisation
from tracker.policy import ACTIONS, Actor
from tracker.queries.choices import bodies
from tracker.queries.date_words import counted, due_words, kind_words
from tracker.queries.next_act import NextAct, next_act
from tracker.services.calendars import calendar_for
from tracker.services.deadlines import change_from, standing
from tracker.services.families import can_chase
from tracker.services.policies import rule_from
from workflows.calendars import Calendar
from workflows.dates import Unit
from workflows.ledger import Change
from workflows.traces import Line

_SOON_KEPT = 5
PRESSING = ("overdue", "today")


@dataclass(frozen=True, slots=True)
class DateShown:
    """One date as a page shows it. ``state`` is overdue, today, paused or nothing; ``first`` is set once it moved.

    ``below`` is the reference of the case that it belongs to, where that is one that belongs to the case shown;
    ``chase``: an agency has it and has not answered; ``act``: what the reader would do next about such a date.
    """

    key: str
    instance: str
    label: str
    for_whom: str
    kind: str
    basis: str
    due_on: date | None
    words: str
    state: str
    first: date | None
    lines: tuple[Line, ...]
    status: str
    met_on: date | None
    paused: bool
    below: str = ""
    chase: bool = False
    act: NextAct | None = None

    @property
    def running(self) -> bool:
        """Whether the duty is still owed."""
        return self.status == DeadlineStatus.RUNNING

    @property
    def what(self) -> str:
        """What is due, and from whom where there is one for each agency."""
        return f"{self.label}: {self.for_whom}" if self.for_whom else self.label

    @property
    def sub(self) -> str:
        """The kind of date, and what became of it."""
        return f"{self.kind}. {self.words}" if not self.running else self.kind


def dates_of(session: Session, case: Case, today: date) -> tuple[DateShown, ...]:
    """Every date of a case: running ones first, in order of due date; then what has ended, latest first."""
    deadlines = session.exec(
        select(Deadline)
        .where(Deadline.case_id == case.id)
        .order_by(col(Deadline.due_on), col(Deadline.key), col(Deadline.instance), col(Deadline.cycle))
    ).all()
    ledgers = _ledgers(session, deadlines)
    names = bodies(session, {deadline.instance for deadline in deadlines})
    calendar = calendar_for(session, case.partnership_id)
    shown = [
        _shown(deadline, tuple(ledgers[deadline.id or 0]), calendar, names, today) for deadline in deadlines
    ]
    live = sorted((d for d in shown if d.running), key=lambda d: d.due_on or date.max)
    ended = sorted((d for d in shown if not d.running), key=lambda d: d.met_on or date.min, reverse=True)
    return (*live, *ended)


def dates_below(session: Session, actor: Actor, case: Case, today: date) -> tuple[DateShown, ...]:
    """The running dates of what belongs to a case, its actions apart, soonest first; each named by its agency."""
    rows = session.exec(
        select(Deadline, Case, Organisation.name)
        .join(Case, col(Deadline.case_id) == col(Case.id))
        .outerjoin(Organisation, col(Organisation.id) == col(Case.owner_organisation_id))
        .where(
            Case.parent_id == case.id,
            Deadline.status == DeadlineStatus.RUNNING,
            col(Case.process).not_in(ACTIONS),
            access.visible(actor),
        )
        .order_by(col(Deadline.due_on).is_(None), col(Deadline.due_on), col(Case.reference))
    ).all()
    ledgers = _ledgers(session, [deadline for deadline, _, _ in rows])
    calendar = calendar_for(session, case.partnership_id)
    return tuple(
        replace(
            _shown(deadline, tuple(ledgers[deadline.id or 0]), calendar, {}, today),
            for_whom=agency or "",
            below=child.reference,
            chase=can_chase(child),
            act=_act(deadline, child, actor),
        )
        for deadline, child, agency in rows
    )


def _act(deadline: Deadline, child: Case, actor: Actor) -> NextAct:
    found = next_act(deadline, child, actor)
    return found if found.href != f"/cases/{child.reference}" else NextAct("Open it", found.href)


def soonest(dates: Iterable[DateShown]) -> tuple[DateShown, ...]:
    """What the case page shows: all that is overdue or due today, then the next dates, the case's own before others.

    At most five, unless more are pressing; in order of due date.
    """
    live = sorted(
        (one for one in dates if one.running),
        key=lambda one: (one.state not in PRESSING, bool(one.below), one.due_on or date.max),
    )
    pressing = sum(one.state in PRESSING for one in live)
    return tuple(sorted(live[: max(_SOON_KEPT, pressing)], key=lambda one: one.due_on or date.max))


def _ledgers(session: Session, deadlines: Sequence[Deadline]) -> Mapping[int, list[Change]]:
    found: dict[int, list[Change]] = defaultdict(list)
    rows = session.exec(
        select(DeadlineChange)
        .where(col(DeadlineChange.deadline_id).in_([deadline.id for deadline in deadlines]))
        .order_by(col(DeadlineChange.deadline_id), col(DeadlineChange.seq))
    ).all()
    for row in rows:
        found[row.deadline_id].append(change_from(row))
    return found


def _shown(
    deadline: Deadline, ledger: tuple[Change, ...], calendar: Calendar, names: dict[str, str], today: date
) -> DateShown:
    stands = standing(deadline, ledger, calendar)
    period = rule_from(deadline.rule)
    unit = period.unit if period else Unit.DAYS
    words, state = due_words(deadline.due_on, unit, calendar, today)
    if deadline.status == DeadlineStatus.MET:
        late = stands.late_by_days or 0
        words, state = (f"Met, {counted(late, unit)} late" if late else "Met in time"), ""
        if not late and deadline.met_on and deadline.due_on and deadline.met_on > deadline.due_on:
            words = "Met late"
    elif deadline.status != DeadlineStatus.RUNNING:
        words, state = ("Stopped" if deadline.status == DeadlineStatus.STOPPED else "Cancelled"), ""
    elif deadline.paused:
        words, state = "Paused", "paused"
    elif deadline.minimum and state == "overdue":
        words, state = "The time is over", ""
    return DateShown(
        key=deadline.key,
        instance=deadline.instance,
        label=deadline.label,
        for_whom=names.get(deadline.instance, deadline.instance),
        kind=kind_words(deadline.key, deadline.force, length_local=deadline.length_local, period=period),
        basis=deadline.basis,
        due_on=deadline.due_on,
        words=words,
        state=state,
        first=deadline.first_due_on if deadline.first_due_on != deadline.due_on else None,
        lines=stands.trace,
        status=deadline.status,
        met_on=deadline.met_on,
        paused=deadline.paused,
    )
