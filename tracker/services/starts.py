"""Which clocks begin, and from which day: because a move says so, because a fact was recorded, or once more."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.models import Deadline
from workflows.definition import Clock, StartsBy, Workflow
from workflows.effects import Cancel, Effect, Start
from workflows.facts import FactValue


@dataclass(frozen=True, slots=True)
class Begun:
    """One clock about to begin, for one agency or for the case (""). ``again``: its next round, once it was met."""

    clock: Clock
    instance: str
    starts_on: date
    words: str
    again: bool = False


def by_effect(
    workflow: Workflow,
    effects: Iterable[Effect],
    facts: Mapping[str, FactValue],
    said: Mapping[str, FactValue],
    occurred_on: date,
    words: str,
) -> Iterator[Begun]:
    """What the effects of a move start. ``said`` are the facts that the move asks for or was given."""
    for effect in effects:
        if not isinstance(effect, Start):
            continue
        clock = workflow.clock_by_key[effect.clock]
        if clock.period is None and entered(clock, said) is None:
            continue  # a date that is entered, and has not been with this step
        starts_on, name = _starting(clock, effect.from_fact, facts if effect.from_fact else said)
        start_words = workflow.fact_by_name[name].label if name else words
        for instance in _instances(clock, facts):
            yield Begun(clock, instance, starts_on or occurred_on, start_words)


def by_fact(
    workflow: Workflow,
    new: Mapping[str, FactValue],
    facts: Mapping[str, FactValue],
    known: Iterable[Deadline],
    live: Iterable[Deadline],
    instance: str,
    occurred_on: date,
    asked: Iterable[tuple[str, str]] = (),
) -> Iterator[Begun]:
    """What begins because its starting fact was recorded, unless it runs already; and for agencies named later.

    ``known`` are all deadlines of the case, ended ones too; ``live`` those that run on after this act; ``asked`` the
    clocks that children of the case carry or have carried, each with its agency.
    """
    ever = {(deadline.key, deadline.instance) for deadline in known} | set(asked)
    running = {(deadline.key, deadline.instance) for deadline in live}
    for clock in workflow.clocks:
        if clock.only_kinds and facts.get("kind") not in clock.only_kinds:
            continue
        value = new.get(clock.starts_on)
        label = (
            workflow.fact_by_name[clock.starts_on].label if clock.starts_on in workflow.fact_by_name else ""
        )
        if clock.starts_by is StartsBy.FACT and isinstance(value, date):
            if any(name in new and name != clock.starts_on for name in clock.met_by):
                continue  # begun and done in one act
            whom = _instances(clock, facts) if clock.per and not instance else (instance,)
            for each in whom:
                if (clock.key, each) not in running:
                    yield Begun(clock, each, value, label)
        elif clock.per and clock.each_of in new:
            yield from _named_later(clock, label, facts, ever, occurred_on)


def _named_later(
    clock: Clock, label: str, facts: Mapping[str, FactValue], ever: set[tuple[str, str]], occurred_on: date
) -> Iterator[Begun]:
    """Agencies added to the list after the others were asked are asked from that day."""
    begun = any(key == clock.key for key, _ in ever)
    start = facts.get(clock.starts_on)
    if not begun and not (clock.starts_by is StartsBy.FACT and isinstance(start, date)):
        return
    for each in _instances(clock, facts):
        if (clock.key, each) not in ever:
            first = start if isinstance(start, date) and not begun else occurred_on
            yield Begun(clock, each, first, label)


def again(workflow: Workflow, met: Iterable[tuple[Deadline, date]]) -> Iterator[Begun]:
    """Clocks that, once met, begin their next round on that day (review of a hold every three months)."""
    for deadline, on in met:
        clock = workflow.clock_by_key.get(deadline.key)
        if clock and clock.repeats:
            label = workflow.fact_by_name[clock.met_by[0]].label if clock.met_by else ""
            yield Begun(clock, deadline.instance, on, label, again=True)


def as_asked(
    workflow: Workflow,
    new: Mapping[str, FactValue],
    facts: Mapping[str, FactValue],
    state: str,
    known: Iterable[Deadline],
    live: Iterable[Deadline],
) -> Iterator[Begun]:
    """Clocks of which somebody has now said how often: one that runs, runs anew from its day; one that nobody wanted
    begins again, unless the case is where it is off.
    """
    for clock in workflow.clocks:
        if not clock.lengths or clock.length_fact not in new:
            continue
        running = next((deadline for deadline in live if deadline.key == clock.key), None)
        earlier = [deadline for deadline in known if deadline.key == clock.key]
        off = {
            m.to for m in workflow.moves for e in m.effects if isinstance(e, Cancel) and e.clock == clock.key
        }
        if running is not None:
            yield Begun(clock, running.instance, running.starts_on, running.start_words)
        elif earlier and state not in off:
            latest = max(earlier, key=lambda deadline: deadline.starts_on)
            last = facts.get(clock.starts_on)
            on = max(last, latest.starts_on) if isinstance(last, date) else latest.starts_on
            yield Begun(clock, latest.instance, on, latest.start_words)


def corrected(workflow: Workflow, new: Mapping[str, FactValue], live: Iterable[Deadline]) -> Iterator[Begun]:
    """Clocks whose starting day turns out to be another: they run anew from the right day.

    One that a step started on its own day, because its starting fact was not recorded yet, runs from that fact as soon
    as it is: the Home Office's reply counts from the day on which it was told, not from the decision.
    """
    labels = {fact.label for fact in workflow.facts}
    for deadline in live:
        clock = workflow.clock_by_key.get(deadline.key)
        if clock is None or clock.starts_on in clock.met_by:
            continue
        for name in (clock.starts_on, clock.or_earlier):
            value = new.get(name)
            if not isinstance(value, date) or value == deadline.starts_on:
                continue
            label = workflow.fact_by_name[name].label
            provisional = deadline.start_words not in labels
            right = deadline.start_words == label or (provisional and name == clock.starts_on)
            if value < deadline.starts_on if name == clock.or_earlier else right:
                yield Begun(clock, deadline.instance, value, label)


def entered(clock: Clock, facts: Mapping[str, FactValue]) -> date | None:
    """The date of a clock whose date is entered, if it has been."""
    value = facts.get(clock.due_fact)
    return value if isinstance(value, date) else None


def _starting(clock: Clock, from_fact: str, facts: Mapping[str, FactValue]) -> tuple[date | None, str]:
    """The day from which the clock runs, and the fact that gives it; the earlier of two where it has an alternative."""
    names = [from_fact] if from_fact else [clock.starts_on, clock.or_earlier]
    days = [(value, name) for name in names if isinstance(value := facts.get(name), date)]
    return min(days, default=(None, ""), key=lambda day: day[0])


def _instances(clock: Clock, facts: Mapping[str, FactValue]) -> tuple[str, ...]:
    if not clock.per:
        return ("",)
    listed = facts.get(clock.each_of)
    return listed if isinstance(listed, tuple) else (str(listed),) if listed else ()
