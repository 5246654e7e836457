"""What a move or a recorded fact does to the clocks of a case: start, meet, stop, cancel. Also worked out beforehand.

:func:`foresee` answers the check page with the very code that then acts: the dates shown are the dates that start.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from tracker.models import Case, Deadline, Event
from tracker.models.columns import JsonObject
from tracker.services import deadlines
from tracker.services.calendars import calendar_for
from tracker.services.policies import length_of, policy_on
from workflows.calendars import Calendar
from workflows.dates import Period, compute
from workflows.definition import Clock, StartsBy, Workflow
from workflows.effects import Cancel, Effect, Start, Stop
from workflows.facts import FactValue
from workflows.ledger import Change, ChangeKind


@dataclass(frozen=True, slots=True)
class Starting:
    """A clock about to start, with its worked date. ``due_on`` is None where no date can be worked out yet."""

    clock: Clock
    instance: str
    period: Period | None
    starts_on: date
    start_words: str
    entered_on: date | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Ending:
    """A running deadline about to end: ``kind`` is meet, stop or cancel, ``on`` the day.

    Or one without a date that is given one: ``kind`` is set, ``due_on`` the date.
    """

    deadline: Deadline
    kind: ChangeKind
    on: date
    reason: str
    due_on: date | None = None
    minimum: bool = False

    @property
    def late(self) -> bool:
        """Whether it is met after its date. A time that must be given is a minimum: ending it later is not late."""
        due = self.deadline.due_on
        return self.kind is ChangeKind.MEET and not self.minimum and due is not None and self.on > due


@dataclass(frozen=True, slots=True)
class Foreseen:
    """All that will happen to the clocks."""

    endings: tuple[Ending, ...]
    startings: tuple[Starting, ...]
    calendar: Calendar

    @property
    def late(self) -> tuple[Ending, ...]:
        """The dates that are met after they were due."""
        return tuple(ending for ending in self.endings if ending.late)


def foresee(
    session: Session,
    case: Case,
    workflow: Workflow,
    effects: Iterable[Effect],
    facts: Mapping[str, FactValue],
    *,
    new_facts: Mapping[str, FactValue],
    occurred_on: date,
    words: str,
    asked: Collection[str] = (),
    instance: str = "",
    final: bool = False,
) -> Foreseen:
    """Work out what the effects of a move and newly recorded facts do to the clocks. Changes nothing.

    ``facts`` are all facts of the case, the new ones among them; ``asked`` are those that the move asks for: a clock
    that it starts runs from its own fact only if that is one of them, otherwise from the day of the move. Entering a final state cancels every clock that the
    same act does not start: no duty runs on in a closed case.
    """
    running = deadlines.running(session, case) if case.id is not None else []
    policy = policy_on(session, case, str(facts.get("area", "")))
    effects = tuple(effects)
    endings = _endings(
        workflow, running, effects, facts, new_facts, occurred_on, words, instance, final=final
    )
    said = {name: value for name, value in facts.items() if name in {*asked, *new_facts}}
    starts = list(_by_effect(workflow, effects, facts, said, occurred_on, words))
    if not final:
        settled = {e.clock for e in effects if isinstance(e, Start | Stop | Cancel)}
        ended = {ending.deadline.key for ending in endings if ending.kind is not ChangeKind.SET}
        live = {deadline.key for deadline in running} - ended
        by_fact = _by_fact(workflow, new_facts, facts, live, instance)
        for one in (*by_fact, *_again(workflow, endings)):
            if one[0].key not in settled:
                starts.append(one)
                settled |= {one[0].key} if not one[0].per else set()
    calendar = calendar_for(session, case.partnership_id)
    worked = tuple(_worked(one, length_of(policy, one[0]), facts, calendar) for one in starts)
    return Foreseen(endings, worked, calendar)


def _endings(
    workflow: Workflow,
    running: Iterable[Deadline],
    effects: Iterable[Effect],
    facts: Mapping[str, FactValue],
    new_facts: Mapping[str, FactValue],
    occurred_on: date,
    words: str,
    instance: str,
    *,
    final: bool,
) -> tuple[Ending, ...]:
    """Which running deadlines end, and how. The first reason that is found for one stands."""
    found: list[Ending] = []
    for deadline in running:
        clock = workflow.clock_by_key.get(deadline.key)
        if clock and deadline.instance in ("", instance) and _is_met(clock, facts, new_facts):
            met_on = _met_on(clock, new_facts, occurred_on)
            found.append(Ending(deadline, ChangeKind.MEET, met_on, "", minimum=clock.minimum))
        elif clock and deadline.due_on is None and not deadline.paused and _entered(clock, new_facts):
            found.append(Ending(deadline, ChangeKind.SET, occurred_on, words, _entered(clock, new_facts)))
    for effect in effects:
        if isinstance(effect, Stop):
            found += [
                Ending(deadline, ChangeKind.STOP, occurred_on, effect.outcome)
                if effect.outcome
                else Ending(
                    deadline,
                    ChangeKind.MEET,
                    _met_on(workflow.clock_by_key[effect.clock], facts, occurred_on),
                    "",
                    minimum=workflow.clock_by_key[effect.clock].minimum,
                )
                for deadline in _of(running, effect.clock)
            ]
        elif isinstance(effect, Cancel):
            found += [
                Ending(deadline, ChangeKind.CANCEL, occurred_on, words)
                for deadline in _of(running, effect.clock)
            ]
    if final:
        found += [Ending(deadline, ChangeKind.CANCEL, occurred_on, words) for deadline in running]
    first: dict[int, Ending] = {}
    for ending in found:
        first.setdefault(id(ending.deadline), ending)
    return tuple(first.values())


def _worked(
    start: "_Start", period: Period | None, facts: Mapping[str, FactValue], calendar: Calendar
) -> Starting:
    clock, instance, starts_on, start_words = start
    entered = _entered(clock, facts) if period is None else None
    due_on = entered if period is None else compute(starts_on, period, calendar).due_on
    return Starting(clock, instance, period, starts_on, start_words, entered, due_on)


def carry_out(
    session: Session, case: Case, foreseen: Foreseen, *, event: Event, at: datetime, late_reason: str = ""
) -> list[JsonObject]:
    """Do what was foreseen; return what was done, for the history."""
    done: list[JsonObject] = []
    for ending in foreseen.endings:
        reason = late_reason if ending.late else ending.reason
        entry = Change(kind=ending.kind, on=ending.on, due_on=ending.due_on, reason=reason)
        deadlines.change(
            session, case, ending.deadline, entry, event=event, at=at, calendar=foreseen.calendar
        )
        done.append(
            {"did": str(ending.kind), "key": ending.deadline.key, "instance": ending.deadline.instance}
            | ({"late": True} if ending.late else {})
        )
    for starting in foreseen.startings:
        deadline = deadlines.start(
            session,
            case,
            starting.clock,
            period=starting.period,
            calendar=foreseen.calendar,
            starts_on=starting.starts_on,
            start_words=starting.start_words,
            at=at,
            instance=starting.instance,
            entered_on=starting.entered_on,
        )
        done.append(
            {
                "did": "start",
                "key": deadline.key,
                "instance": deadline.instance,
                "due_on": deadline.due_on.isoformat() if deadline.due_on else None,
            }
        )
    return done


def _is_met(clock: Clock, facts: Mapping[str, FactValue], new: Mapping[str, FactValue]) -> bool:
    if not clock.met_by or not any(_said(new, name) for name in clock.met_by):
        return False
    return not clock.met_by_all or all(_said(facts, name) for name in clock.met_by)


def _said(facts: Mapping[str, FactValue], name: str) -> bool:
    return facts.get(name) not in (None, "", (), False)


def _met_on(clock: Clock, facts: Mapping[str, FactValue], occurred_on: date) -> date:
    days = [value for name in clock.met_by if isinstance(value := facts.get(name), date)]
    return max(days) if days else occurred_on


def _of(running: Iterable[Deadline], key: str) -> list[Deadline]:
    every = key in {"all_clocks", "open_clocks"}
    return [deadline for deadline in running if every or deadline.key == key]


_Start = tuple[Clock, str, date, str]


def _by_effect(
    workflow: Workflow,
    effects: Iterable[Effect],
    facts: Mapping[str, FactValue],
    said: Mapping[str, FactValue],
    occurred_on: date,
    words: str,
) -> Iterable[_Start]:
    for effect in effects:
        if not isinstance(effect, Start):
            continue
        clock = workflow.clock_by_key[effect.clock]
        if clock.period is None and _entered(clock, facts) is None:
            continue  # a date that is entered, and has not been
        starts_on, name = _starting(clock, effect.from_fact, facts if effect.from_fact else said)
        start_words = workflow.fact_by_name[name].label if name else words
        for instance in _instances(clock, facts):
            yield clock, instance, starts_on or occurred_on, start_words


def _starting(clock: Clock, from_fact: str, facts: Mapping[str, FactValue]) -> tuple[date | None, str]:
    """The day from which the clock runs, and the fact that gives it; the earlier of two where it has an alternative."""
    names = [from_fact] if from_fact else [clock.starts_on, clock.or_earlier]
    days = [(value, name) for name in names if isinstance(value := facts.get(name), date)]
    return min(days, default=(None, ""), key=lambda day: day[0])


def _again(workflow: Workflow, endings: Iterable[Ending]) -> list[_Start]:
    """Clocks that, once met, begin their next round on that day (review of a hold every three months)."""
    found: list[_Start] = []
    for ending in endings:
        clock = workflow.clock_by_key.get(ending.deadline.key)
        if clock and clock.repeats and ending.kind is ChangeKind.MEET:
            label = workflow.fact_by_name[clock.met_by[0]].label if clock.met_by else ""
            found.append((clock, ending.deadline.instance, ending.on, label))
    return found


def _entered(clock: Clock, facts: Mapping[str, FactValue]) -> date | None:
    value = facts.get(clock.due_fact)
    return value if isinstance(value, date) else None


def _instances(clock: Clock, facts: Mapping[str, FactValue]) -> tuple[str, ...]:
    if not clock.per:
        return ("",)
    listed = facts.get(clock.each_of)
    return listed if isinstance(listed, tuple) else (str(listed),) if listed else ()


def _by_fact(
    workflow: Workflow,
    new: Mapping[str, FactValue],
    facts: Mapping[str, FactValue],
    live: set[str],
    instance: str,
) -> list[_Start]:
    """Clocks that start because their starting fact was recorded, unless they run already."""
    found: list[_Start] = []
    for clock in workflow.clocks:
        if clock.starts_by is not StartsBy.FACT or clock.starts_on not in new or clock.key in live:
            continue
        value = new[clock.starts_on]
        if isinstance(value, date) and (not _is_met(clock, facts, new) or clock.repeats):
            label = workflow.fact_by_name[clock.starts_on].label
            whom = _instances(clock, facts) if clock.per and not instance else (instance,)
            found += [(clock, each, value, label) for each in whom]
    return found
