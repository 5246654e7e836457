"""A partnership's own duties: which there are, and when each falls due, counted back from the end of its strategy.

The lengths are ours where the law gives none; each duty says what it rests on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from workflows.periods import corresponding
from workflows.traces import in_words

FORMULATION = "Crime and Disorder (Formulation and Implementation of Strategy) Regulations 2007"


class Duty(StrEnum):
    """A duty of the partnership itself."""

    ASSESSMENT = "assessment"
    STRATEGY = "strategy"
    COPY = "copy"
    SCRUTINY = "scrutiny"


@dataclass(frozen=True, slots=True)
class DutyWords:
    """How a duty is called, what it rests on, and how its date is found."""

    label: str
    basis: str
    rule: str


WORDS: Mapping[Duty, DutyWords] = {
    Duty.ASSESSMENT: DutyWords(
        "Strategic assessment", f"{FORMULATION}, regulations 5 to 7",
        "Each year, a month before the strategy's year ends (length set locally)",
    ),
    Duty.STRATEGY: DutyWords(
        "New strategy adopted", f"Crime and Disorder Act 1998, section 6; {FORMULATION}, regulations 9 to 11",
        "By the last day of the one before",
    ),
    Duty.COPY: DutyWords(
        "Copy to the policing body", f"{FORMULATION}, regulations 9A and 13A",
        "Within a month of the strategy's first day (length set locally)",
    ),
    Duty.SCRUTINY: DutyWords(
        "Report to the scrutiny committee",
        "Police and Justice Act 2006, section 19; Crime and Disorder (Overview and Scrutiny) Regulations 2009, regulation 4",
        "At least once in every 12 months",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """First and last day of a strategy."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class DutyDue:
    """One duty: the day it is due, the last day it was done, and whether this round is done."""

    duty: Duty
    due_on: date
    last_on: date | None
    done: bool


def diary(terms: Sequence[Term], done: Mapping[Duty, Sequence[date]], today: date) -> tuple[DutyDue, ...]:
    """When each duty is due next, soonest first. Nothing without a strategy: there is no end to count back from.

    ``terms`` are the strategies with both days, in any order; ``done`` the days on which each duty was done.
    """
    if not terms:
        return ()
    now = standing(terms, today)
    year_first, year_last = year_of(now, today)
    told = max(done.get(Duty.SCRUTINY, ()), default=corresponding(year_last, -12))
    due_on = {
        Duty.ASSESSMENT: corresponding(year_last, -1),
        Duty.STRATEGY: now.last,
        Duty.COPY: corresponding(now.first, 1),
        Duty.SCRUTINY: corresponding(told, 12),
    }
    counts_from = {
        Duty.ASSESSMENT: year_first,
        Duty.STRATEGY: now.first + timedelta(days=1),
        Duty.COPY: corresponding(now.first, -3),
    }
    found = []
    for duty in Duty:
        last_on = max((on for on in done.get(duty, ()) if on <= today), default=None)
        met = duty in counts_from and last_on is not None and last_on >= counts_from[duty]
        if duty is Duty.STRATEGY and any(term.first > now.last for term in terms):
            met = True
        found.append(DutyDue(duty, due_on[duty], last_on, met))
    return tuple(sorted(found, key=lambda each: (each.done, each.due_on)))


def gaps(terms: Sequence[Term], today: date) -> tuple[str, ...]:
    """What is missing between the strategies, and after the last, in words."""
    if not terms:
        return ("No strategy with a first and a last day is recorded.",)
    ordered = sorted(terms, key=lambda term: term.first)
    found = []
    reached = ordered[0].last
    for term in ordered[1:]:
        if term.first > reached + timedelta(days=1):
            found.append(
                f"No strategy from {in_words(reached + timedelta(days=1))} to {in_words(term.first - timedelta(days=1))}."
            )
        reached = max(reached, term.last)
    if reached < today:
        found.append(f"The strategy expired on {in_words(reached)}, and no later one is recorded.")
    return tuple(found)


def standing(terms: Sequence[Term], today: date) -> Term:
    """The strategy that holds on a day; after the end of all, the last one; before them, the first."""
    begun = [term for term in terms if term.first <= today]
    return (
        max(begun, key=lambda term: (term.last, term.first))
        if begun
        else min(terms, key=lambda term: term.first)
    )


def year_of(term: Term, today: date) -> tuple[date, date]:
    """First and last day of the strategy's year that a day lies in, counted back from the strategy's end."""
    years = 0
    while corresponding(term.last, -12 * (years + 1)) >= max(today, term.first):
        years += 1
    last = corresponding(term.last, -12 * years)
    return max(term.first, corresponding(last, -12) + timedelta(days=1)), last
