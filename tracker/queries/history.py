"""The history of a case in words, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from tracker import access, clock
from tracker.audit import LINK, Happened
from tracker.models import Case, DeadlineChange, Event, UpdateLink, User
from tracker.models.deadlines import Deadline
from tracker.policy import Actor, Permission, allows
from tracker.queries.choices import names_in
from tracker.queries.history_kinds import KINDS, UNITS_OWN, Shown
from tracker.queries.history_words import ANSWERS, TITLES, TOLD
from tracker.services.positions import workflow_for
from tracker.services.recording import values_of
from tracker.services.task_words import plain
from workflows.deciders import Decider
from workflows.definition import Workflow
from workflows.facts import words as fact_words
from workflows.released import RELEASED
from workflows.traces import in_words

PER_PAGE = 50
_BRIEF = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a history. ``at`` is the instant of recording, or the day it happened if that was another; ``on``
    the London day of recording, by which a history is grouped. ``corrects`` is the entry that this one puts right.
    """

    seq: int
    title: str
    at: date | datetime
    on: date
    recorded_at: datetime
    by: str
    recorded: str
    text: str
    reason: str
    corrects: int = 0
    corrects_on: date | None = None

    @property
    def brief(self) -> str:
        """The first lines of the text, where there is little room."""
        lines = self.text.split("\n")
        rest = len(lines) - _BRIEF
        return "\n".join([*lines[:_BRIEF], *([f"and {rest} more"] if rest > 0 else [])])


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of a history, by day."""

    days: tuple[tuple[date, tuple[Entry, ...]], ...]
    total: int
    page: int
    pages: int


def whole(session: Session, reader: Actor, case: Case) -> bool:
    """Whether the reader works in the partnership. A lead or a panel member does not read what it says for itself."""
    return allows(reader, Permission.WORK_READ, access.subject_of(session, case))


def latest(session: Session, reader: Actor, case: Case, n: int) -> tuple[Entry, ...]:
    """The last ``n`` things that happened, newest first, as far as they are the reader's to see."""
    return _entries(session, case, events_of(case, Shown.ALL, whole=whole(session, reader, case)), limit=n)


def since(session: Session, reader: Actor, case: Case, seq: int) -> tuple[Entry, ...]:
    """What the reader may see of what happened after event ``seq``, oldest first; at most a page of it."""
    found = latest(session, reader, case, PER_PAGE)
    return tuple(reversed([entry for entry in found if entry.seq > seq]))


def history_page(
    session: Session, reader: Actor, case: Case, page: int, shown: Shown = Shown.ALL
) -> HistoryPage:
    """One page of what the reader may see of the history, newest first, grouped by the day of recording."""
    conditions = events_of(case, shown, whole=whole(session, reader, case))
    total = session.exec(select(func.count()).select_from(Event).where(*conditions)).one()
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, page), pages)
    found = _entries(session, case, conditions, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    days = tuple((day, tuple(group)) for day, group in groupby(found, key=lambda entry: entry.on))
    return HistoryPage(days, total, page, pages)


def page_with(session: Session, reader: Actor, case: Case, seq: int) -> int:
    """The page of the whole history on which the reader finds an entry; 1 for one that is not there."""
    conditions = events_of(case, Shown.ALL, whole=whole(session, reader, case))
    later = select(func.count()).select_from(Event).where(*conditions, col(Event.seq) > seq)
    return session.exec(later).one() // PER_PAGE + 1


def events_of(case: Case, shown: Shown, *, whole: bool = True) -> list[ColumnElement[bool]]:
    """The events of a case, or of a part of its history. What moved a date belongs to the dates, step or not."""
    theirs = [col(Event.case_id) == case.id]
    if not whole:
        theirs.append(col(Event.kind).not_in(UNITS_OWN))
    if shown is Shown.ALL:
        return theirs
    kinds = col(Event.kind).in_(KINDS[shown])
    moved = select(DeadlineChange.event_id).where(col(DeadlineChange.event_id) == col(Event.id)).exists()
    return [*theirs, or_(kinds, moved) if shown is Shown.DATES else kinds]


def _entries(
    session: Session, case: Case, conditions: Sequence[ColumnElement[bool]], *, limit: int, offset: int = 0
) -> tuple[Entry, ...]:
    rows = session.exec(
        select(Event, User)
        .outerjoin(User, col(Event.actor_id) == col(User.id))
        .where(*conditions)
        .order_by(col(Event.seq).desc())
        .offset(offset)
        .limit(limit)
    ).all()
    workflow = workflow_for(case)
    names = names_in(session, workflow, *(event.facts for event, _ in rows))
    changes = _changes(session, [event.id or 0 for event, _ in rows])
    people = _people(session, [event for event, _ in rows])
    links = _links(session, [event for event, _ in rows])
    earlier = _corrected(session, case, [event for event, _ in rows])
    return tuple(
        _entry(
            event,
            user.name if user else links.get(event.detail.get(LINK), "the system"),
            _told_by(event, workflow),
            names,
            changes.get(event.id or 0, []),
            people,
            earlier.get(event.seq),
        )
        for event, user in rows
    )


def acted(session: Session, event: Event, user: User | None) -> str:
    """Who did one thing: a person, the mailbox of a link, or the system."""
    return user.name if user else _links(session, [event]).get(event.detail.get(LINK), "the system")


def _links(session: Session, events: list[Event]) -> Mapping[object, str]:
    """Who acted where nobody was signed in: the mailbox that the link was sent to, never a name nobody checked."""
    ids = {event.detail[LINK] for event in events if LINK in event.detail}
    if not ids:
        return {}
    rows = session.exec(select(UpdateLink).where(col(UpdateLink.id).in_(ids))).all()
    return {link.id: f"e-mail link sent to {link.address}" for link in rows}


def _told_by(event: Event, now: Workflow) -> Workflow:
    """The definition that the event happened under: a case that went over keeps the words of its past."""
    return RELEASED.get(event.workflow, now)


def _entry(
    event: Event,
    by: str,
    workflow: Workflow,
    names: Mapping[str, str],
    changes: list[str],
    people: Mapping[int, str],
    corrects: Event | None,
) -> Entry:
    recorded_on = clock.london(event.recorded_at)
    later = (recorded_on - event.occurred_on).days
    return Entry(
        seq=event.seq,
        title=_title(event, workflow),
        at=event.recorded_at if not later else event.occurred_on,
        on=recorded_on,
        recorded_at=event.recorded_at,
        by=by,
        recorded=_recorded(event, recorded_on, later),
        text="\n".join([*_said(event, workflow, names), *changes, *_details(event, people)]),
        reason=event.reason,
        corrects=corrects.seq if corrects else 0,
        corrects_on=clock.london(corrects.recorded_at) if corrects else None,
    )


def _recorded(event: Event, on: date, later: int) -> str:
    if event.detail.get("imported"):
        return f"brought in on {in_words(on)}"
    return f"recorded {later} {'day' if later == 1 else 'days'} later" if later > 0 else ""


def _corrected(session: Session, case: Case, events: list[Event]) -> Mapping[int, Event]:
    """The entry that each of these puts right: it said the same fact otherwise, or it was taken back."""
    said = [e for e in events if e.kind == Happened.FACTS_RECORDED or "withdraws" in e.detail]
    if not said:
        return {}
    last = max(event.seq for event in said)
    rows = session.exec(
        select(Event).where(Event.case_id == case.id, Event.seq < last).order_by(col(Event.seq))
    ).all()
    found: dict[int, Event] = {}
    for event in said:
        before = [row for row in rows if row.seq < event.seq]
        taken_back = event.detail.get("withdraws")
        same = [
            row
            for row in before
            if row.seq == taken_back
            or any(row.facts.get(name) not in (None, "", value) for name, value in event.facts.items())
        ]
        if same:
            found[event.seq] = same[-1]
    return found


def _title(event: Event, workflow: Workflow) -> str:
    if event.kind == Happened.CASE_MOVED:
        move = workflow.move(event.name, event.from_state)
        return move.past if move else event.name
    if event.kind == Happened.TASKS_SETTLED and event.name == "done":
        return "Done on the checklist"
    return ANSWERS.get(event.name) or TITLES.get(event.kind, "Changed")


def _said(event: Event, workflow: Workflow, names: Mapping[str, str]) -> list[str]:
    lines = []
    for name, value in values_of(workflow, event.facts).items():
        plain, _, instance = name.partition("@")
        fact = workflow.fact_by_name.get(plain)
        if fact is None or value in (event.reason, ""):
            continue
        whose = f" ({names.get(instance, instance)})" if instance else ""
        asked = f"{fact.label}{whose}"
        lines.append(f"{asked}{'' if asked.endswith('?') else ':'} {fact_words(fact, value, names)}")
    return lines


def _details(event: Event, people: Mapping[int, str]) -> list[str]:
    detail = event.detail
    lines = []
    if detail.get("imported"):
        lines.append("Brought in from earlier records")
    if on_behalf := detail.get("on_behalf_of"):
        lines.append(f"Decided by {Decider(on_behalf).label}: {detail.get('evidence', '')}")
    if overridden := detail.get("overridden"):
        lines.append(f"Went ahead although something was missing: {overridden.get('reason', '')}")
    lines += [plain(str(task)) for task in detail.get("tasks", ())]
    lines += [words.format(**detail) for name, words in TOLD.items() if detail.get(name)]
    if name := people.get(int(detail.get("user_id") or 0)):
        lines.append(name)
    return [*lines, *_asked_for(event)]


def _asked_for(event: Event) -> list[str]:
    """Both dates of a request for more time and of its answer; who led an action before it was handed over."""
    detail, lines = event.detail, []
    if "from_organisation" in detail:
        lines.append(f"Before: {detail['from_organisation'] or 'nobody'}")
    if event.name.startswith("more_time"):
        both = (
            ("Due before", detail.get("from_on")),
            ("New date asked for", detail.get("to_on")),
        )
        lines += [f"{words}: {in_words(date.fromisoformat(on))}" for words, on in both if on]
    return lines


def _changes(session: Session, event_ids: list[int]) -> dict[int, list[str]]:
    """What the events did to running dates, from the ledger."""
    rows = session.exec(
        select(DeadlineChange, Deadline)
        .join(Deadline, col(DeadlineChange.deadline_id) == col(Deadline.id))
        .where(col(DeadlineChange.event_id).in_(event_ids))
        .order_by(col(DeadlineChange.id))
    ).all()
    words = {
        "meet": "Met",
        "stop": "Stopped",
        "cancel": "Cancelled",
        "pause": "Paused",
        "resume": "Running again",
    }
    found: dict[int, list[str]] = {}
    for change, deadline in rows:
        said = words.get(change.kind, "Moved")
        to = f" to {in_words(change.due_on)}" if change.due_on and change.kind != "pause" else ""
        found.setdefault(change.event_id or 0, []).append(f"{said}{to}: {deadline.label}")
    return found


def _people(session: Session, events: list[Event]) -> Mapping[int, str]:
    ids = {event.detail["user_id"] for event in events if "user_id" in event.detail}
    if not ids:
        return {}
    return {user.id or 0: user.name for user in session.exec(select(User).where(col(User.id).in_(ids))).all()}
