"""Today: five numbers, each counted by the conditions of the list behind it, and the first rows of those lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

import sqlalchemy
from sqlalchemy import ColumnElement, case
from sqlmodel import Session, col, func

from tracker.models import Case, Deadline
from tracker.policy import Actor
from tracker.queries import action_list
from tracker.queries.action_list import Gaps
from tracker.queries.came_in import CameIn, came_in, last_look
from tracker.queries.date_words import PLAN_DATE
from tracker.queries.due_dates import (
    DueShown,
    Horizon,
    Scope,
    Window,
    horizon_for,
    in_scope,
    needing_and_coming,
    next_date,
    running,
    waited_for,
    within,
)
from tracker.queries.health import LATE_AFTER
from tracker.queries.reminders import last_round, last_round_words
from tracker.queries.waiting import Waited, held_cases, waiting
from tracker.services.leases import LastRound
from tracker.templating import instant
from workflows.definition import Force


@dataclass(frozen=True, slots=True)
class Numbers:
    """The five numbers. ``overdue_kinds`` and ``today_kinds`` say of what kind, in words."""

    overdue: int
    today: int
    soon: int
    waiting: int
    gaps: int
    overdue_kinds: str
    today_kinds: str
    soon_to: date


@dataclass(frozen=True, slots=True)
class TodayShown:
    """Everything that the page shows.

    ``coming`` is by day; ``since`` says from when on something counts as having come in. ``returning`` addresses cannot be written to. ``next_on`` is the first date after the day, where nothing is due. ``stopped`` is said aloud
    when reminders have not run for a quarter of an hour.
    """

    on: date
    numbers: Numbers
    needs: tuple[DueShown, ...]
    since: str
    came_in: tuple[CameIn, ...]
    coming: tuple[tuple[date, tuple[DueShown, ...]], ...]
    gaps: Gaps
    waiting: tuple[Waited, ...]
    not_arrived: int
    returning: int
    next_on: date | None
    reminders: str
    stopped: str


@dataclass(frozen=True, slots=True)
class _Counts:
    overdue: int
    today: int
    soon: int
    waited_for: int


def today(
    session: Session, actor: Actor, scope: Scope, on: date, *, at: datetime, started_at: datetime
) -> TodayShown:
    """The page as at an instant; ``on`` is its London day, ``started_at`` when the process that answers began."""
    horizon = horizon_for(session, actor, on)
    counts = _counts(session, actor, scope, horizon)
    held = held_cases(session, actor, scope)
    gaps = action_list.gaps(session, actor, scope, on)
    owed = sum(each.waited_for for each in counts.values())
    numbers = Numbers(
        overdue=sum(each.overdue for each in counts.values()),
        today=sum(each.today for each in counts.values()),
        soon=sum(each.soon for each in counts.values()),
        waiting=owed + len(held),
        gaps=gaps.total,
        overdue_kinds=_kinds({kind: each.overdue for kind, each in counts.items()}),
        today_kinds=_kinds({kind: each.today for kind, each in counts.items()}),
        soon_to=max(horizon.soon_to(partnership) for partnership in horizon.calendars),
    )
    dated = numbers.overdue or numbers.today or numbers.soon
    needs, coming = needing_and_coming(session, actor, scope, horizon) if dated else ((), ())
    round_before, look = last_round(session), last_look(session, actor, at)
    return TodayShown(
        on=on,
        numbers=numbers,
        needs=needs,
        since=look.words(at),
        came_in=came_in(session, actor, scope, look.since(at)),
        coming=tuple((day, tuple(rows)) for day, rows in groupby(coming, key=lambda row: row.due_on or on)),
        gaps=gaps,
        waiting=waiting(session, actor, scope, horizon, at, owed=owed, held=held),
        not_arrived=look.not_arrived,
        returning=look.returning,
        next_on=None if needs else _next(session, actor, scope, horizon, coming),
        reminders=last_round_words(round_before, at),
        stopped=stopped(round_before, at, started_at),
    )


def title_counts(numbers: Numbers) -> str:
    """What stands before the title in the browser's tab: ``(3 overdue, 3 due today)``; nothing when both are 0."""
    said = [
        f"{number} {words}"
        for number, words in ((numbers.overdue, "overdue"), (numbers.today, "due today"))
        if number
    ]
    return f"({', '.join(said)})" if said else ""


def _counts(session: Session, actor: Actor, scope: Scope, horizon: Horizon) -> Mapping[str, _Counts]:
    """Overdue, due today, due soon and waited for, for each kind of date, in one query."""
    kind = case((col(Deadline.key) == PLAN_DATE, PLAN_DATE), else_=col(Deadline.force))
    # More columns than SQLModel's own `select` has types for.
    rows = session.connection().execute(
        sqlalchemy.select(
            kind,
            *(_count_if(within(window, horizon)) for window in (Window.OVERDUE, Window.TODAY, Window.SOON)),
            _count_if(waited_for(horizon)),
        )
        .join_from(Deadline, Case, col(Deadline.case_id) == col(Case.id))
        .where(running(), in_scope(actor, scope))
        .group_by(kind)
    )
    return {str(name): _Counts(*(int(number or 0) for number in numbers)) for name, *numbers in rows}


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


_KINDS: Mapping[str, tuple[str, str]] = {
    Force.STATUTE: ("statutory duty", "statutory duties"),
    Force.GUIDANCE: ("guidance", "guidance"),
    Force.LOCAL: ("local", "local"),
    PLAN_DATE: ("plan date", "plan dates"),
}


def _kinds(numbers: Mapping[str, int]) -> str:
    """``1 guidance, 2 local``."""
    said = []
    for kind, (one, many) in _KINDS.items():
        if number := numbers.get(kind, 0):
            said.append(f"{number} {one if number == 1 else many}")
    return ", ".join(said)


def stopped(last: LastRound | None, at: datetime, started_at: datetime) -> str:
    """What is said aloud when reminders have not run for a quarter of an hour; nothing while they do."""
    if last is None:
        return "Reminders have not run yet." if at - started_at > LATE_AFTER else ""
    if abs(at - last.at) > LATE_AFTER:
        return f"Reminders have not run since {instant(last.at)}."
    if last.down_since is not None and at - last.down_since > LATE_AFTER:
        return f"No e-mail has left since {instant(last.down_since)}."
    return ""


def _next(
    session: Session, actor: Actor, scope: Scope, horizon: Horizon, coming: tuple[DueShown, ...]
) -> date | None:
    return coming[0].due_on if coming else next_date(session, actor, scope, horizon)
