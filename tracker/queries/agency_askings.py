"""The words of the board of agencies: each asking, the next one, and when something last came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker import clock
from tracker.models import Case, Deadline, DeadlineStatus, Organisation
from tracker.services.chasers import Asking, by_other_means
from tracker.services.families import chasers_of
from tracker.services.ladders import ladder_from
from tracker.templating import day_brief, day_month
from workflows.calendars import Calendar
from workflows.ladder import Who, next_asking

WITH_US = "With us to decide"
BY_ITSELF = "Nothing is sent by itself"
_PLACES = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
_MOST = 6
"""Askings that are listed one by one: of more the first three, how many came between, and the last two."""
_TO: Mapping[Who, str] = {Who.LEAD: "to the lead", Who.ESCALATION: "to the named senior"}
_CAME: Mapping[str, str] = {
    "draft_on": "Draft",
    "returned_on": "Sent in",
    "responded_on": "Questions answered",
    "refused_on": "Refused",
    "last_update_on": "Update",
}
"""Facts that are days on which an agency answered, with what came."""


@dataclass(frozen=True, slots=True)
class Made:
    """One asking in words: ``Second, 16 Nov 2026, by hand``. ``letter`` is the number of its letter, 0 without one."""

    words: str
    letter: int = 0


def made_of(case: Case, askings: Sequence[Asking]) -> tuple[Made, ...]:
    """The askings in order; what went by other means, as it is recorded on a request, after them."""
    made, to_lead = [], 0
    for one in askings:
        to_lead += not one.senior
        place = "Named senior" if one.senior else _place(to_lead)
        made.append(Made(f"{place}, {day_brief(one.on)}{', by hand' if one.by_hand else ''}", one.letter))
    outside = by_other_means(chasers_of(case), askings)
    if outside:
        last = _day(case, "chased_on")
        said = f", last on {day_brief(last)}" if last else ""
        made.append(Made(f"{outside} by other means{said}"))
    raised = _day(case, "escalated_on")
    if raised and not any(one.senior for one in askings):
        made.append(Made(f"Named senior, {day_brief(raised)}, by other means"))
    between = len(made) - _MOST + 1
    if between > 1:
        made[3:-2] = [Made(f"{between} more")]
    return tuple(made)


def how_often(made: Sequence[Asking]) -> str:
    """``Twice, the last on 16 November 2026``: what the tracker sent."""
    if not made:
        return "Not yet"
    times = {1: "Once", 2: "Twice"}.get(len(made), f"{len(made)} times")
    return f"{times}, the last on {day_month(made[-1].on)}"


def counted(case: Case, made: Sequence[Asking]) -> str:
    """``3, the last on 16 November 2026``, by other means too; empty where nobody was asked."""
    sent = len(made) + by_other_means(chasers_of(case), made)
    recorded = _day(case, "chased_on")
    days = [*(one.on for one in made), *([recorded] if recorded else [])]
    return f"{sent}, the last on {day_month(max(days))}" if sent and days else ""


def next_asked(
    deadline: Deadline,
    body: Organisation | None,
    calendar: Calendar,
    today: date,
    at: datetime,
    *,
    with_us: bool,
    still_owed: bool,
) -> tuple[date | None, str]:
    """The day on which the timetable asks the agency next and whom; without a day only words, empty once it ended.

    ``still_owed``: the agency has it, whatever became of the date.
    """
    if deadline.status != DeadlineStatus.RUNNING:
        return None, BY_ITSELF if still_owed else ""
    if with_us:
        return None, WITH_US
    if deadline.paused:
        return None, "Not while it is paused"
    if deadline.due_on is None or body is None or deadline.next_notice_at is None:
        return None, "Nobody is asked"
    parts = {Who.LEAD, *([Who.ESCALATION] if body.escalation_email else [])}
    # What falls on today is still to come until this morning's round has looked at it.
    decided = at >= clock.morning_of(today) and deadline.next_notice_at > at
    found = next_asking(
        ladder_from(deadline.ladder), parts, deadline.due_on, today, calendar, again=not decided
    )
    return (found[0], _TO[found[1]]) if found else (None, "No more reminders")


def when_answered(deadline: Deadline, case: Case) -> tuple[date | None, str]:
    """The last day on which something came back, and what it was."""
    came = {**_CAME, "returned_on": "Nil return"} if case.state == "nil_return" else _CAME
    found = [(on, words) for name, words in came.items() if (on := _day(case, name)) is not None]
    if deadline.met_on is not None and not found:
        found = [(deadline.met_on, "Done")]
    return max(found, key=lambda one: one[0]) if found else (None, "")


def _place(number: int) -> str:
    return _PLACES[number - 1] if number <= len(_PLACES) else f"{number}th"


def _day(case: Case, name: str) -> date | None:
    value = case.facts.get(name)
    return date.fromisoformat(str(value)) if value else None
