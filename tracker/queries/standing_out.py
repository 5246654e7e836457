"""What stands out among the next 12 weeks: at most three findings, each by a rule, each with the list behind it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from tracker.queries.risk_items import RiskItem, between
from tracker.templating import Link, count
from workflows.calendars import Calendar
from workflows.likely_late import Sign, monday_of

MOST = 3
SHARE_PERCENT = 30
"""From this share of what is likely late on, one agency stands out."""
FEW = 3
"""Below so many items there is nothing to compare."""
OFTEN = 3
"""Moved so many times, one date stands out."""
LIKELY = "/at-risk/likely-late"
DUE = "/at-risk/due"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: a few words, a sentence, and the list that shows it."""

    title: str
    text: str
    link: Link


def stands_out(found: Sequence[RiskItem], calendar: Calendar, first: date, last: date) -> tuple[Finding, ...]:
    """The findings, the most pressing first."""
    late = [item for item in found if item.late]
    findings = (
        _mailbox(late),
        _one_agency(late),
        _moved_often(found),
        _days_off(found, calendar, first, last),
    )
    return tuple(finding for finding in findings if finding)[:MOST]


def _mailbox(late: Sequence[RiskItem]) -> Finding | None:
    here = [item for item in late if any(reason.sign is Sign.NOT_ARRIVING for reason in item.reasons)]
    if not here:
        return None
    link = Link(
        "See them", f"{LIKELY}?sign={Sign.NOT_ARRIVING.lower()}", "the dates whose reminders do not arrive"
    )
    return Finding(
        "Reminders do not arrive.", f"Nobody has been told about {count(len(here), 'date')}.", link
    )


def _one_agency(late: Sequence[RiskItem]) -> Finding | None:
    held = Counter((item.held_by, item.agency) for item in late if item.agency)
    if len(late) < FEW or not held:
        return None
    (name, key), most = min(held.items(), key=lambda one: (-one[1], one[0]))
    if most * 100 < SHARE_PERCENT * len(late) or most < 2:
        return None
    link = Link("See them", f"{LIKELY}?{urlencode({'agency': key})}", f"what {name} holds")
    return Finding(f"One agency, {count(most, 'item')}.", f"{name} holds {most} of the {len(late)}.", link)


def _moved_often(found: Sequence[RiskItem]) -> Finding | None:
    often = [item for item in found if item.moved_times >= OFTEN]
    if not often:
        return None
    worst = min(often, key=lambda item: (-item.moved_times, item.due_on, item.reference))
    first = f", first due {worst.first:%B %Y}" if worst.first else ""
    return Finding(
        f"One date has moved {worst.moved_times} times.",
        f"{worst.reference}{first}.",
        Link("Look", worst.href, f"at {worst.reference}"),
    )


def _days_off(found: Sequence[RiskItem], calendar: Calendar, first: date, last: date) -> Finding | None:
    """The weeks with bank holidays that follow one another, and what falls into them."""
    weeks = sorted({monday_of(on) for on, _ in calendar.named_days_off(first - timedelta(days=1), last)})
    runs: list[list[date]] = []
    for week in weeks:
        if runs and week - runs[-1][-1] == timedelta(weeks=1):
            runs[-1].append(week)
        else:
            runs.append([week])
    best: tuple[int, date, date] | None = None
    for run in runs:
        start, end = max(run[0], first), run[-1] + timedelta(days=6)
        there = len(between(found, start, end))
        if there and (best is None or there > best[0]):
            best = (there, start, end)
    if best is None:
        return None
    there, start, end = best
    title = "Christmas." if start <= date(end.year, 1, 1) <= end or start.month == 12 else "Bank holidays."
    link = Link(
        "See them",
        f"{DUE}?{urlencode({'from': start.isoformat(), 'to': end.isoformat()})}",
        "what falls then",
    )
    fall = "item falls" if there == 1 else "items fall"
    return Finding(title, f"{there} {fall} between {start.day} {start:%B} and {end.day} {end:%B}.", link)
