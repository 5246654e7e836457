"""At risk: what will be late, and why. Every number is counted from the rows of the list that it opens."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from tracker.policy import Actor
from tracker.queries import action_list, performance, review_lines, risk_items
from tracker.queries.bar_lengths import length_of
from tracker.queries.date_words import PLAN_DATE
from tracker.queries.decisions import Decisions, waiting_for
from tracker.queries.due_dates import Horizon, Scope, horizon_for
from tracker.queries.met_dates import Met
from tracker.queries.performance import AgencyRow
from tracker.queries.quiet_leads import quiet_leads
from tracker.queries.reminders import last_round, last_round_words
from tracker.queries.review_lines import ReviewLine
from tracker.queries.risk_items import WEEKS, RiskItem, between
from tracker.queries.standing_out import Finding, stands_out
from tracker.queries.today import stopped
from tracker.templating import count
from workflows.calendars import Calendar
from workflows.definition import Force
from workflows.likely_late import last_day_of, monday_of

ON_PAGE = 10
"""Likely late rows on the page itself; the list behind the number has them all."""
PATTERN = 2
"""From so many in one week on, the sentence names the week."""


@dataclass(frozen=True, slots=True)
class Week:
    """One row of the chart, from its Monday, or from the day itself in the first week. Lengths are of 100."""

    monday: date
    first: date
    last: date
    on_time: int
    late: int
    note: str
    on_time_length: int = 0
    late_length: int = 0


@dataclass(frozen=True, slots=True)
class AtRiskShown:
    """Everything that the page shows."""

    at: datetime
    lead: str
    more: str
    met: Met
    overdue: int
    overdue_kinds: str
    late: int
    quiet: int
    gaps: int
    weeks: tuple[Week, ...]
    agencies: tuple[AgencyRow, ...]
    agencies_said: str
    first: date
    last: date
    total: int
    findings: tuple[Finding, ...]
    decisions: tuple[Decisions, ...]
    likely: tuple[RiskItem, ...]
    reviews: tuple[ReviewLine, ...]
    reminders: str
    stopped: str


def at_risk(session: Session, actor: Actor, on: date, *, at: datetime, started_at: datetime) -> AtRiskShown:
    """The page as at an instant; ``on`` is its London day, ``started_at`` when the process that answers began."""
    horizon = horizon_for(session, actor, on)
    reviews = review_lines.open_reviews(session, actor)
    found, signs = risk_items.items(session, actor, horizon, reviews=reviews)
    calendar, last = calendar_of(horizon), last_day_of(WEEKS, on)
    late = [item for item in found if item.late]
    overdue = [item for item in found if item.overdue]
    weeks = by_week(found, calendar, on)
    agencies, met = performance.agencies_and_met(session, actor, on)
    before = last_round(session)
    return AtRiskShown(
        at=at,
        lead=headline(len(overdue), len(late), last),
        more=busiest(weeks),
        met=met,
        overdue=len(overdue),
        overdue_kinds=kinds_of(overdue),
        late=len(late),
        quiet=len(quiet_leads(session, actor, on, marks=False)),
        gaps=action_list.gaps(session, actor, Scope.UNIT, on).total,
        weeks=weeks,
        agencies=agencies,
        agencies_said=performance.agencies_said(agencies),
        first=on,
        last=last,
        total=sum(week.on_time + week.late for week in weeks),
        findings=stands_out(found, calendar, on, last),
        decisions=waiting_for(session, actor),
        likely=tuple(late[:ON_PAGE]),
        reviews=review_lines.lines(session, reviews, signs, horizon),
        reminders=last_round_words(before, at),
        stopped=stopped(before, at, started_at),
    )


def title_counts(overdue: int, late: int) -> str:
    """What stands before the title in the browser's tab: ``(9 overdue, 14 likely late)``; nothing when both are 0."""
    said = [f"{number} {words}" for number, words in ((overdue, "overdue"), (late, "likely late")) if number]
    return f"({', '.join(said)})" if said else ""


def headline(overdue: int, late: int, last: date) -> str:
    """The one sentence, by rule."""
    by = f"by {last.day} {last:%B}"
    if not overdue and not late:
        return f"Nothing is overdue or likely to be late in the next {WEEKS} weeks."
    if not late:
        return f"{_are(overdue)} overdue, and nothing more is likely to be late {by}."
    if not overdue:
        return f"Nothing is overdue, and {_are(late)} likely to be late {by}."
    return f"{_are(overdue)} overdue and {late} more {'is' if late == 1 else 'are'} likely to be late {by}."


def busiest(weeks: Sequence[Week]) -> str:
    """``4 of those fall in the week of 14 December.``: the week in which most is likely late, if it is one alone."""
    worst = sorted(weeks, key=lambda week: (-week.late, week.monday))
    if not worst or worst[0].late < PATTERN or (len(worst) > 1 and worst[1].late == worst[0].late):
        return ""
    week = worst[0]
    return f"{week.late} of those fall in the week of {week.monday.day} {week.monday:%B}."


def by_week(found: Sequence[RiskItem], calendar: Calendar, today: date) -> tuple[Week, ...]:
    """The 12 weeks with their numbers and the lengths of their bars, which are in proportion to the numbers."""
    weeks = [_week(found, calendar, today, monday_of(today) + timedelta(weeks=n)) for n in range(WEEKS)]
    longest = max((week.on_time + week.late for week in weeks), default=0)
    return tuple(
        Week(
            week.monday, week.first, week.last, week.on_time, week.late, week.note,
            length_of(week.on_time, longest), length_of(week.late, longest),
        )
        for week in weeks
    )  # fmt: skip


def kinds_of(found: Sequence[RiskItem]) -> str:
    """``0 statutory duties, 2 guidance limits, 5 local targets, 2 plan dates``: never one called another."""
    by = Counter(item.force for item in found)
    kinds = {
        Force.STATUTE: ("statutory duty", "statutory duties"),
        Force.GUIDANCE: ("guidance limit", "guidance limits"),
        Force.LOCAL: ("local target", "local targets"),
        PLAN_DATE: ("plan date", "plan dates"),
    }
    return ", ".join(count(by[kind], *words) for kind, words in kinds.items()) if found else ""


def calendar_of(horizon: Horizon) -> Calendar:
    """The calendar of the reader's one partnership; bank holidays alone where there are several."""
    own = [calendar for number, calendar in horizon.calendars.items() if number is not None]
    return own[0] if len(own) == 1 else horizon.calendars[None]


def _week(found: Sequence[RiskItem], calendar: Calendar, today: date, monday: date) -> Week:
    first, last = max(monday, today), monday + timedelta(days=6)
    there = between(found, first, last)
    late = sum(item.late for item in there)
    off = calendar.days_off(monday - timedelta(days=1), last)
    shut = [name for _, name in calendar.named_days_off(monday - timedelta(days=1), last)] if off else []
    closed = sum(name in calendar.closed.values() for name in shut)
    said = [count(off - closed, "bank holiday")] if off - closed else []
    said += [count(closed, "closed day")] if closed else []
    return Week(monday, first, last, len(there) - late, late, ", ".join(said))


def _are(number: int) -> str:
    return f"{number} item{' is' if number == 1 else 's are'}"
