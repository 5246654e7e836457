"""Runs and outbox as a page shows them: counts by kind of mail, never an address, a person or a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from tracker.models import Outbox, OutboxState, SetupKind
from tracker.policy import Actor, Permission
from tracker.queries import set_up as setups
from tracker.queries.reminders import checked_words, last_round_words
from tracker.queries.set_up import SetupEntry
from tracker.services import leases, link_mails, password_links

MAILS: Mapping[str, str] = {
    "digest": "Reminders to agencies",
    "staff": "The day's digest of staff",
    "overdue": "What was due the day before",
    "escalation": "To somebody above",
    **{template: f"“{subject}”" for template, subject in link_mails.SUBJECTS.items()},
    password_links.TEMPLATE: f"“{password_links.SUBJECT}”",
}
"""What each template of a mail is called on the page."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """How many notices of one kind of mail wait, failed, and came back."""

    kind: str
    waiting: int
    failed: int
    returned: int


@dataclass(frozen=True, slots=True)
class RunsPage:
    """``said`` and ``checked`` are sentences; ``gaps`` the times in which nothing went well; ``down``: why no mail leaves.

    ``unread``: why mail that came back cannot be read.
    """

    said: str
    checked: str
    down: str
    unread: str
    gaps: tuple[tuple[datetime, datetime], ...]
    rows: tuple[OutboxRow, ...]
    history: tuple[SetupEntry, ...]


def runs_page(session: Session, actor: Actor, at: datetime) -> RunsPage:
    """When the last round was, and what is in the outbox that has not gone."""
    last = leases.last_round(session)
    places = {one.id or 0 for one in setups.partnerships(session, actor, Permission.RUNS)}
    return RunsPage(
        last_round_words(last, at),
        checked_words(last),
        last.down if last else "",
        leases.returns_problem(session),
        leases.gaps(session)[::-1],
        _rows(session),
        setups.entries(session, places, SetupKind.ROUND_RUN),
    )


def _rows(session: Session) -> tuple[OutboxRow, ...]:
    went = col(Outbox.sent_at).is_not(None)
    open_ = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.FAILED)
    counted: dict[str, list[int]] = {}
    for template, state, gone, number in session.exec(
        select(Outbox.template, Outbox.state, went, func.count())
        .where(col(Outbox.state).in_(open_))
        .group_by(col(Outbox.template), col(Outbox.state), went)
    ).all():
        row = counted.setdefault(template, [0, 0, 0])
        row[0 if state != OutboxState.FAILED else 2 if gone else 1] += number
    return tuple(OutboxRow(MAILS.get(each, each), *counted[each]) for each in sorted(counted))
