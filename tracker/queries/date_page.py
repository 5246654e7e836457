"""One running date and what somebody may do to it: the form, the working before and after, and the links to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access, policy
from tracker.errors import NotPermitted
from tracker.models import Case, Deadline, DeadlineChange, DeadlineStatus, Event
from tracker.policy import Actor, Permission
from tracker.queries import case_page, conflicts, standing, steps
from tracker.queries.case_page import CaseHead
from tracker.queries.conflicts import Conflict, Differs
from tracker.queries.standing import DateShown
from tracker.services import dates, deadlines
from tracker.services.calendars import calendar_for
from tracker.services.date_foresight import (
    NOT_PAUSABLE,
    NOT_RUNNING,
    Foreseen,
    counted_back,
    decider_of,
    foresee,
    unit_of,
)
from tracker.services.date_requests import Act, Asked
from tracker.services.dates import Authority
from tracker.services.positions import workflow_for
from workflows.dates import Unit
from workflows.ledger import Change, ChangeKind
from workflows.traces import in_words

LINK_WORDS: Mapping[Act, str] = {
    Act.EXTEND: "Ask for more time",
    Act.PAUSE: "Pause",
    Act.RESUME: "Resume",
    Act.CORRECT: "Correct a date",
}
_TIMES = {1: "once", 2: "twice"}
_MOVED = {ChangeKind.EXTEND: "extended", ChangeKind.PAUSE: "paused", ChangeKind.SET: "set to another date"}


@dataclass(frozen=True, slots=True)
class DatePage:
    """One date for one reader who wants to do one thing to it. ``authority`` is None where only somebody else may.

    ``note`` says why the clock is as it is; ``moves`` what was changed before; ``recordable`` whether the date is
    recorded as done by itself, without a step.
    """

    act: Act
    case: Case
    deadline: Deadline
    head: CaseHead
    shown: DateShown
    note: str
    moves: str
    unit: Unit
    authority: Authority | None
    decided_by: str
    start_known: bool
    recordable: bool
    of_unit: bool

    @property
    def extendable(self) -> bool:
        """Whether more time can be agreed for it at all: not by its clock, nor where it hangs on an event."""
        return self.deadline.extendable and not counted_back(self.deadline)

    @property
    def takes_late_reason(self) -> bool:
        """Whether all that can be recorded is why it is late: the reader is of the unit, and its day has passed."""
        return not self.extendable and self.overdue and self.of_unit

    @property
    def overdue(self) -> bool:
        """Whether its day has passed."""
        return self.shown.state == "overdue"


def opened(
    session: Session, actor: Actor, reference: str, key: str, instance: str, act: Act, today: date
) -> DatePage:
    """A date of a case that the actor may change, or may ask somebody else to.

    Raises:
        NotVisible: there is no such case or date, or it is not theirs to see.
        NotPermitted: it is not theirs to change.
    """
    case = access.case_for(session, actor, reference)
    deadline = access.deadline_for(session, case, key.upper(), instance)
    decider = decider_of(case, deadline, act)
    found = dates.authority(session, actor, case, deadline, act)
    unit = policy.allows(actor, Permission.DEADLINE_CHANGE, access.subject_of(session, case))
    if found is None and not (unit and act is Act.EXTEND):
        raise NotPermitted(f"This is for {decider.label} to decide.")
    every = standing.dates_of(session, case, today)
    shown = next(d for d in every if (d.key, d.instance) == (deadline.key, instance))
    clock = workflow_for(case).clock_by_key.get(deadline.key)
    return DatePage(
        act=act,
        case=case,
        deadline=deadline,
        head=case_page.head_of(session, actor, case, ()),
        shown=shown,
        note=clock.note if clock else "",
        moves=moves_words(deadlines.ledger_of(session, deadline)),
        unit=unit_of(deadline),
        authority=found,
        decided_by=decider.label,
        start_known=bool(deadline.rule),
        recordable=deadline.key in steps.recordable(case),
        of_unit=unit,
    )


def in_the_way(page: DatePage) -> str:
    """Why the date, as it stands, knows no such act; nothing if it does. The form is then not shown."""
    deadline, paused = page.deadline, page.deadline.paused
    if deadline.status != DeadlineStatus.RUNNING:
        return NOT_RUNNING
    if page.act is Act.PAUSE and not deadline.pausable:
        return NOT_PAUSABLE
    if page.act is Act.PAUSE and paused:
        return "The clock is stopped already."
    if page.act is Act.RESUME and not paused:
        return "The clock is not stopped, so it cannot start again."
    if page.act is Act.CORRECT and paused:
        return "The clock is stopped: it must start again before another date is recorded."
    return ""


def foretold(session: Session, page: DatePage, asked: Asked, today: date) -> Foreseen:
    """What the act would do: the very working that saving it leads to.

    Raises:
        NotPossible: the date has ended, or its clock knows no such act.
        DoesNotFit: an answer cannot be used; says which.
    """
    return foresee(session, page.case, page.deadline, asked, today=today)


def moves_words(ledger: Iterable[Change]) -> str:
    """What was changed before: "Extended twice, paused once". Nothing if nothing was."""
    kinds = [change.kind for change in ledger]
    said = [
        f"{words} {_TIMES.get(kinds.count(kind), f'{kinds.count(kind)} times')}"
        for kind, words in _MOVED.items()
        if kind in kinds
    ]
    joined = ", ".join(said)
    return f"{joined[:1].upper()}{joined[1:]}"


def conflict(session: Session, reader: Actor, page: DatePage, seen_seq: int, yours: str) -> Conflict:
    """What changed after event ``seen_seq``: the case, and this date beside what the person wants of it."""
    found = conflicts.conflict(session, reader, page.case, seen_seq, {})
    rows = session.exec(
        select(DeadlineChange)
        .outerjoin(Event, col(DeadlineChange.event_id) == col(Event.id))
        .where(DeadlineChange.deadline_id == page.deadline.id, Event.seq <= seen_seq)
        .order_by(col(DeadlineChange.seq))
    ).all()
    calendar = calendar_for(session, page.case.partnership_id)
    before = deadlines.standing(page.deadline, tuple(deadlines.change_from(row) for row in rows), calendar)
    date_row = Differs(
        page.shown.what,
        _due_words(before.due_on, paused=before.paused),
        _due_words(page.deadline.due_on, paused=page.deadline.paused),
        yours,
        found.by,
        found.at,
    )
    return Conflict((date_row, *found.rows), found.state, found.by, found.at)


def ways_to_change(session: Session, actor: Actor, reference: str) -> Mapping[str, tuple[Act, ...]]:
    """What the actor may do to each running date of a case, by ``KEY/instance``."""
    case = access.case_for(session, actor, reference)
    unit = policy.allows(actor, Permission.DEADLINE_CHANGE, access.subject_of(session, case))
    ways: dict[str, tuple[Act, ...]] = {}
    for deadline in deadlines.running(session, case):
        may = {act for act in Act if dates.authority(session, actor, case, deadline, act)}
        if unit:
            may.add(Act.EXTEND)  # an officer asks where a manager decides
        if deadline.due_on is None and not deadline.paused:
            may -= {Act.EXTEND, Act.PAUSE}
        may -= {Act.PAUSE, Act.CORRECT} if deadline.paused else {Act.RESUME}
        if not deadline.pausable:
            may.discard(Act.PAUSE)
        ways[f"{deadline.key}/{deadline.instance}"] = tuple(act for act in Act if act in may)
    return ways


def done_words(event: Event) -> str:
    """Say what was done, in the words of the event that kept it."""
    detail = event.detail
    new, old = (_read(detail.get(name)) for name in ("to_on", "from_on"))
    ends = f" It is due on {in_words(new)}." if new else " There is no due date until the clock runs again."
    match event.name:
        case "extend":
            return f"More time is agreed.{ends} The first due date stays on record."
        case "pause":
            return f"The clock is paused.{ends}"
        case "resume":
            return f"The clock runs again.{ends}"
        case "set":
            was = f" It was {in_words(old)} before." if old else ""
            return f"The date is corrected.{ends}{was}"
        case _:
            return "The reason is recorded."


def _due_words(due_on: date | None, *, paused: bool) -> str:
    words = f"Due {in_words(due_on)}" if due_on else "No due date"
    return f"{words}, paused" if paused else words


def _read(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None
