"""What a move or a recorded fact does to the clocks of a case: start, meet, stop, cancel. Also worked out beforehand.

:func:`foresee` answers the check page with the very code that then acts: the dates shown are the dates that start.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from tracker.models import Case, Deadline, DeadlineStatus, Event, LocalPolicy
from tracker.models.columns import JsonObject
from tracker.services import around, deadlines, lengths, local_starts, policies, starts
from tracker.services.calendars import calendar_for
from workflows.calendars import Calendar
from workflows.dates import Period, compute
from workflows.definition import Clock, Workflow
from workflows.effects import Cancel, Effect, Start, Stop
from workflows.facts import FactValue
from workflows.ledger import Change, ChangeKind
from workflows.lengths import Length
from workflows.traces import amount

NOT_WANTED = "Regular contact is not wanted"


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
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """A running deadline about to end: ``kind`` is meet, stop or cancel, ``on`` the day.

    Or one without a date that is given one: ``kind`` is set, ``due_on`` the date. Or one that becomes shorter:
    ``kind`` is recalculate, ``n`` the new length.
    """

    deadline: Deadline
    kind: ChangeKind
    on: date
    reason: str
    due_on: date | None = None
    minimum: bool = False
    n: int | None = None

    @property
    def runs_on(self) -> bool:
        """Whether the deadline runs on after it."""
        return self.kind in {ChangeKind.SET, ChangeKind.RECALCULATE}

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
    policy: LocalPolicy | None = None

    @property
    def late(self) -> tuple[Ending, ...]:
        """The dates that are met after they were due."""
        return tuple(ending for ending in self.endings if ending.late)

    @property
    def late_deadlines(self) -> tuple[Deadline, ...]:
        """Those dates as such."""
        return tuple(ending.deadline for ending in self.late)


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
    ended: bool = False,
) -> Foreseen:
    """Work out what the effects of a move and newly recorded facts do to the clocks. Changes nothing.

    ``facts`` are all facts of the case, the new ones among them; ``asked`` are those that the move asks for: a clock
    that it starts runs from its own fact only if that is one of them, otherwise from the day of the move. Entering a final
    state (``final``) cancels every clock that the same act does not start: no duty runs on in a closed case, and what
    is recorded on one that has ``ended`` starts none. A clock that is started while it runs is cancelled and runs anew: one duty is never counted twice.
    """
    known = deadlines.of_case(session, case) if case.id is not None else []
    running = [deadline for deadline in known if deadline.status == DeadlineStatus.RUNNING]
    policy = policies.policy_for(session, case, facts)
    facts_around, labels = around.around(session, case, workflow, facts)
    effects = tuple(effect for effect in effects if not isinstance(effect, Start) or effect.applies(facts))
    endings = list(
        _endings(workflow, running, effects, facts, new_facts, occurred_on, words, instance, final=final)
    )
    said = {name: value for name, value in facts.items() if name in {*asked, *new_facts}}
    begun = list(starts.by_effect(workflow, effects, facts, said, occurred_on, words))
    since: list[starts.Begun] = []
    if not final:
        settled = {e.clock for e in effects if isinstance(e, Start | Stop | Cancel)}
        over = {id(ending.deadline) for ending in endings if not ending.runs_on}
        live = [deadline for deadline in running if id(deadline) not in over]
        met = [(e.deadline, e.on) for e in endings if e.kind is ChangeKind.MEET]
        begun += [
            one
            for one in (
                *(
                    ()
                    if ended
                    else starts.by_fact(
                        workflow,
                        new_facts,
                        facts,
                        known,
                        live,
                        instance,
                        occurred_on,
                        around.asked(session, case, workflow, new_facts),
                    )
                ),
                *starts.again(workflow, met),
                *starts.corrected(workflow, new_facts, live),
                *starts.as_asked(workflow, new_facts, facts, case.state, known, live),
            )
            if one.clock.key not in settled
        ]
        endings += [
            Ending(one.deadline, ChangeKind.RECALCULATE, occurred_on, one.why, n=one.n)
            for one in lengths.shorter(session, policy, workflow, case, new_facts, live)
        ]
        entered = case.state != workflow.initial
        if not ended:
            since += local_starts.known_since(
                workflow, policy, new_facts, facts_around, known, live, labels, entered=entered
            )
    begun = [*local_starts.published(policy, begun, facts_around, labels), *since]
    begun = list({(one.clock.key, one.instance): one for one in reversed(begun)}.values())[::-1]
    above = around.held_above(session, case)
    long = [lengths.length_of(policy, one.clock, facts, above) for one in begun]
    taken = {(one.clock.key, one.instance): length for one, length in zip(begun, long, strict=True)}
    spoken_for = {id(ending.deadline) for ending in endings if not ending.runs_on}
    endings = [e for e in endings if not e.runs_on or (e.deadline.key, e.deadline.instance) not in taken]
    endings += [
        Ending(
            deadline,
            ChangeKind.CANCEL,
            occurred_on,
            NOT_WANTED if taken[deadline.key, deadline.instance].off else "The clock was started again",
        )
        for deadline in running
        if (deadline.key, deadline.instance) in taken and id(deadline) not in spoken_for
    ]
    calendar = calendar_for(session, case.partnership_id)
    counted = policies.counted_by(calendar, policies.closed_by(policy))
    worked = tuple(
        worked_out(one, length, new_facts if one.again else facts, counted)
        for one, length in zip(begun, long, strict=True)
        if not length.off
    )
    worked = tuple(replace(one, clock=policies.warned(policy, one.clock)) for one in worked)
    return Foreseen(tuple(endings), worked, calendar, policy)


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
        if clock is None:
            continue
        if deadline.instance in ("", instance) and _is_met(clock, deadline, facts, new_facts):
            met_on = _met_on(clock, deadline, new_facts, occurred_on)
            found.append(Ending(deadline, ChangeKind.MEET, met_on, "", minimum=clock.minimum))
        elif deadline.due_on is None and not deadline.paused and starts.entered(clock, new_facts):
            due_on = starts.entered(clock, new_facts)
            found.append(Ending(deadline, ChangeKind.SET, occurred_on, words, due_on))
    for effect in effects:
        if isinstance(effect, Stop):
            clock = workflow.clock_by_key[effect.clock]
            found += [
                Ending(deadline, ChangeKind.STOP, occurred_on, effect.outcome)
                if effect.outcome
                else Ending(
                    deadline,
                    ChangeKind.MEET,
                    _met_on(clock, deadline, {**facts, **new_facts}, occurred_on),
                    "",
                    minimum=clock.minimum,
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


def worked_out(
    begun: starts.Begun, length: Length, facts: Mapping[str, FactValue], calendar: Calendar
) -> Starting:
    """What begins, with its length and its date. A date that was given for it counts before its length."""
    clock, starts_on, words, period = begun.clock, begun.starts_on, begun.words, length.period
    if clock.later_by is not None and facts.get(clock.later_if) is True:
        starts_on = compute(starts_on, clock.later_by, calendar).due_on
        words = f"{words}, and {amount(clock.later_by.n, clock.later_by.unit)} for the post"
    entered = starts.entered(clock, facts)
    if period is None or entered is not None:
        return Starting(clock, begun.instance, None, starts_on, words, entered, entered)
    due_on = compute(starts_on, period, calendar).due_on
    return Starting(clock, begun.instance, period, starts_on, words, None, due_on, length.why)


def carry_out(
    session: Session, case: Case, foreseen: Foreseen, *, event: Event, at: datetime, late_reason: str = ""
) -> list[JsonObject]:
    """Do what was foreseen; return what was done, for the history."""
    if foreseen.policy is not None:
        case.policy_id = foreseen.policy.id  # taken with the first act that finds it, and kept
    done: list[JsonObject] = []
    for ending in foreseen.endings:
        reason = late_reason if ending.late else ending.reason
        entry = Change(kind=ending.kind, on=ending.on, n=ending.n, due_on=ending.due_on, reason=reason)
        deadlines.change(
            session, case, ending.deadline, entry, event=event, at=at, calendar=foreseen.calendar
        )
        done.append(
            {"did": str(ending.kind), "key": ending.deadline.key, "instance": ending.deadline.instance}
            | ({"late": True} if ending.late else {})
        )
    for starting in foreseen.startings:
        if starting.clock.child:
            continue  # it runs on a case of its own, which tracker.services.acts opens
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
            closed=policies.closed_by(foreseen.policy),
            why=starting.why,
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


def _is_met(
    clock: Clock, deadline: Deadline, facts: Mapping[str, FactValue], new: Mapping[str, FactValue]
) -> bool:
    """Whether what is newly recorded meets this round of the clock. What happened before it began does not."""
    if not any(_said(new, name) for name in clock.met_by):
        return False
    if clock.repeats and not _days(clock, deadline, new) and any(_said_day(new, n) for n in clock.met_by):
        return False
    return not clock.met_by_all or all(_said(facts, name) for name in clock.met_by)


def _said(facts: Mapping[str, FactValue], name: str) -> bool:
    return facts.get(name) not in (None, "", (), False)


def _said_day(facts: Mapping[str, FactValue], name: str) -> bool:
    return isinstance(facts.get(name), date)


def _met_on(clock: Clock, deadline: Deadline, facts: Mapping[str, FactValue], occurred_on: date) -> date:
    """The day that the facts give for this round of the clock, else the day of the act."""
    return max(_days(clock, deadline, facts), default=occurred_on)


def _days(clock: Clock, deadline: Deadline, facts: Mapping[str, FactValue]) -> list[date]:
    days = [value for name in clock.met_by if isinstance(value := facts.get(name), date)]
    if deadlines.counts_back(clock):
        return days  # it runs up to an event that lies ahead
    return [day for day in days if day >= deadline.starts_on]


def _of(running: Iterable[Deadline], key: str) -> list[Deadline]:
    every = key in {"all_clocks", "open_clocks"}
    return [deadline for deadline in running if every or deadline.key == key]
