"""The history of a case in words, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlmodel import Session, col, func, select

from tracker import clock
from tracker.audit import LINK, Happened
from tracker.models import Case, DeadlineChange, Event, UpdateLink, User
from tracker.models.deadlines import Deadline
from tracker.queries.choices import names_in
from tracker.services.positions import workflow_for
from tracker.services.recording import values_of
from workflows.deciders import Decider
from workflows.definition import Workflow
from workflows.facts import words as fact_words
from workflows.released import RELEASED
from workflows.traces import in_words

PER_PAGE = 50
_BRIEF = 2

_TITLES: Mapping[str, str] = {
    Happened.CASE_OPENED: "Logged",
    Happened.FACTS_RECORDED: "Recorded",
    Happened.DEADLINE_CHANGED: "Date changed",
    Happened.ACCESS_GRANTED: "Named as somebody who can open the case",
    Happened.ACCESS_ENDED: "No longer able to open the case",
    Happened.OWNER_CHANGED: "Changed hands",
    Happened.REQUEST_ANSWERED: "Answered",
    Happened.UPDATE_WITHDRAWN: "Update taken back: it was not from the mailbox",
    Happened.TASKS_SETTLED: "Checklist changed",
    Happened.SUBJECT_RECORDED: "People in the review changed",
    Happened.PANEL_CHANGED: "Panel changed",
    Happened.AMENDMENT_RECORDED: "Amendment recorded",
    Happened.INCIDENT_RECORDED: "Incident recorded",
    Happened.REPORT_RECORDED: "Report recorded",
    Happened.PASSED_ON: "Passed on to relevant bodies",
    Happened.HARM_ASSESSED: "Harm assessed",
    Happened.DOCUMENT_ADDED: "Document added",
    Happened.DOCUMENT_CHECKED: "Document checked for names",
    Happened.DOCUMENT_RELEASED: "Document released to the panel",
    Happened.DOCUMENT_SCANNED: "Document passed by the virus scanner",
    Happened.DOCUMENT_WITHDRAWN: "Document taken out",
    Happened.CHASED: "Agency chased",
    Happened.LETTER_DRAFTED: "Letter drafted",
    Happened.LETTER_CHECKED: "Letter checked",
    Happened.LETTER_SENT: "Letter sent",
    Happened.LETTER_RETURNED: "Letter came back",
    Happened.LETTER_WAIVED: "Letter not sent to one of them",
    Happened.LETTER_CANCELLED: "Letter given up",
    Happened.RISK_JUDGED: "Said what is expected of a date",
    Happened.REGIME_CHANGED: "Went over to another kind of review",
    Happened.WORKFLOW_MIGRATED: "Went over to another version of the process",
}
_ANSWERS: Mapping[str, str] = {
    "no_change": "No change reported",
    "progress": "Progress reported",
    "done": "Reported as done",
    "more_time": "More time asked for",
    "not_ours": "Reported as not theirs",
    "in_hand": "Reported as in hand",
    "more_time_agreed": "More time agreed",
    "more_time_refused": "More time refused",
    "handed_over": "Handed to another lead",
    "not_needed": "Not needed",
    "open_again": "Open again on the checklist",
}

_TOLD: Mapping[str, str] = {
    "late_reasons": "Why it was late: {late_reasons}",
    "to_version": "From version {from_version} to version {to_version}",
    "said": "{said}",
    "suggested": "Suggested: {suggested}",
}
"""Details that are told as they are."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a history. ``at`` is the instant of recording, or the day it happened if that was another; ``on``
    the London day of recording, by which a history is grouped.
    """

    seq: int
    title: str
    at: date | datetime
    on: date
    by: str
    recorded: str
    text: str
    reason: str

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


def latest(session: Session, case: Case, n: int) -> tuple[Entry, ...]:
    """The last ``n`` things that happened, newest first."""
    return _entries(session, case, limit=n)


def history_page(session: Session, case: Case, page: int) -> HistoryPage:
    """One page of the history, newest first, grouped by the day on which things happened or were recorded."""
    total = session.exec(select(func.count()).where(Event.case_id == case.id)).one()
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, page), pages)
    found = _entries(session, case, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    days = tuple((day, tuple(group)) for day, group in groupby(found, key=lambda entry: entry.on))
    return HistoryPage(days, total, page, pages)


def _entries(session: Session, case: Case, *, limit: int, offset: int = 0) -> tuple[Entry, ...]:
    rows = session.exec(
        select(Event, User)
        .outerjoin(User, col(Event.actor_id) == col(User.id))
        .where(Event.case_id == case.id)
        .order_by(col(Event.seq).desc())
        .offset(offset)
        .limit(limit)
    ).all()
    workflow = workflow_for(case)
    names = names_in(session, workflow, *(event.facts for event, _ in rows))
    changes = _changes(session, [event.id or 0 for event, _ in rows])
    people = _people(session, [event for event, _ in rows])
    links = _links(session, [event for event, _ in rows])
    return tuple(
        _entry(
            event,
            user.name if user else links.get(event.detail.get(LINK), "the system"),
            _told_by(event, workflow),
            names,
            changes.get(event.id or 0, []),
            people,
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
) -> Entry:
    recorded_on = clock.london(event.recorded_at)
    later = (recorded_on - event.occurred_on).days
    return Entry(
        seq=event.seq,
        title=_title(event, workflow),
        at=event.recorded_at if not later else event.occurred_on,
        on=recorded_on,
        by=by,
        recorded=f"recorded {later} {'day' if later == 1 else 'days'} later" if later > 0 else "",
        text="\n".join([*_said(event, workflow, names), *changes, *_details(event, people)]),
        reason=event.reason,
    )


def _title(event: Event, workflow: Workflow) -> str:
    if event.kind == Happened.CASE_MOVED:
        move = workflow.move(event.name, event.from_state)
        return move.past if move else event.name
    if event.kind == Happened.TASKS_SETTLED and event.name == "done":
        return "Done on the checklist"
    return _ANSWERS.get(event.name) or _TITLES.get(event.kind, "Changed")


def _said(event: Event, workflow: Workflow, names: Mapping[str, str]) -> list[str]:
    lines = []
    for name, value in values_of(workflow, event.facts).items():
        plain, _, instance = name.partition("@")
        fact = workflow.fact_by_name.get(plain)
        if fact is None or value in (event.reason, ""):
            continue
        whose = f" ({names.get(instance, instance)})" if instance else ""
        lines.append(f"{fact.label}{whose}: {fact_words(fact, value, names)}")
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
    lines += [str(task) for task in detail.get("tasks", ())]
    lines += [words.format(**detail) for name, words in _TOLD.items() if detail.get(name)]
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
        to = f" to {in_words(change.due_on)}" if change.due_on else ""
        found.setdefault(change.event_id or 0, []).append(f"{said}{to}: {deadline.label}")
    return found


def _people(session: Session, events: list[Event]) -> Mapping[int, str]:
    ids = {event.detail["user_id"] for event in events if "user_id" in event.detail}
    if not ids:
        return {}
    return {user.id or 0: user.name for user in session.exec(select(User).where(col(User.id).in_(ids))).all()}
