"""Our own words for a date in a mail: what it is called, where the duty comes from, how late it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.models import Case, Deadline
from tracker.templating import count
from workflows.calendars import Calendar
from workflows.dates import Unit, days_late
from workflows.definition import Force

NEAR_WORKING_DAYS = 10
"""A date further off than this is said without how far off it is (docs/ux.md (i) 1)."""
PLAN_DATE = "ACTION_TARGET"


@dataclass(frozen=True, slots=True)
class Noun:
    """What is owed: in full, as one of several, and as what is asked for. Only of what an agency owes."""

    full: str
    brief: str
    wanted: str


NOUNS: Mapping[str, Noun] = {
    "ACTION_TARGET": Noun("action", "action", "an update"),
    "ACTION_UPDATE": Noun("progress update", "progress update", "an update"),
    "IMR": Noun("agency report (IMR)", "agency report", "the report"),
    "CHRONOLOGY": Noun("agency chronology", "agency chronology", "the chronology"),
    "SUMMARY": Noun("agency summary", "agency summary", "the summary"),
    "SUMMARY_RETURNS": Noun("agency summary", "agency summary", "the summary"),
    "C4": Noun("agency return", "agency return", "the return"),
    "C11": Noun("response to the recommendation", "response", "the response"),
    "FACT_CHECK": Noun("check of the facts", "check of the facts", "the check"),
}

_SET_IN: Mapping[str, str] = {"IMR": " set in the terms of reference"}
_IT_IS: Mapping[str, str] = {
    "Statutory duty": "It is a statutory duty.",
    "Statutory duty, length set locally": "It is a statutory duty, length set locally.",
    "Guidance limit": "It is a guidance limit.",
    "Guidance, length set locally": "Guidance asks for it, length set locally.",
    "Plan date": "It is a plan date.",
}


def kind_of(deadline: Deadline, case: Case) -> str:
    """Where the duty comes from. A local target is never called statutory, a length of ours never theirs."""
    if case.process == "action_item" and not deadline.rule:
        return "Plan date"
    if deadline.force == Force.STATUTE:
        return "Statutory duty, length set locally" if deadline.length_local else "Statutory duty"
    if deadline.force == Force.GUIDANCE:
        return "Guidance, length set locally" if deadline.length_local else "Guidance limit"
    return "Local target"


def kind_said(deadline: Deadline, case: Case) -> str:
    """The kind as a sentence: ``It is a local target set in the terms of reference.``"""
    kind = kind_of(deadline, case)
    return _IT_IS.get(kind) or f"It is a local target{_SET_IN.get(deadline.key, '')}."


def named(deadline: Deadline, case: Case, reference: str, title: str) -> str:
    """The subject of a sentence about it: ``The agency report (IMR) for HCSP-DHR-2026-001``."""
    noun = NOUNS.get(deadline.key)
    if noun is None:
        return f"“{deadline.label}” for {reference}"
    if case.process == "action_item":
        of = "" if deadline.key == PLAN_DATE else f"{noun.full} on the "
        return f"The {of}action {reference}{f', “{title}”,' if title else ''}"
    return f"The {noun.full} for {reference}"


def how_late(deadline: Deadline, today: date, calendar: Calendar) -> str:
    """``3 working days overdue``, ``due today``, ``in 5 days``; nothing of a date that is far off.

    In the clock's own unit, working days or days; a plan's date is counted as its reminders are.
    """
    if deadline.due_on is None:
        return ""
    working = _in_working_days(deadline)
    unit = Unit.WORKING_DAYS if working else Unit.DAYS
    one = "working day" if working else "day"
    if deadline.due_on == today:
        return "due today"
    if deadline.due_on < today:
        days = days_late(deadline.due_on, today, unit, calendar)
        # Due on a Friday and asked on a Saturday: overdue, though no working day has passed.
        return f"{count(days, one)} overdue" if days else "overdue"
    near = calendar.working_days(today, deadline.due_on)
    if near > NEAR_WORKING_DAYS:
        return ""
    return f"in {count(near if working else (deadline.due_on - today).days, one)}"


def _in_working_days(deadline: Deadline) -> bool:
    if deadline.rule:
        return str(deadline.rule.get("unit")) == Unit.WORKING_DAYS
    rungs = deadline.ladder.get("rungs") or [{}]
    return str(rungs[0].get("unit")) == Unit.WORKING_DAYS
