"""What a move or a recorded fact does to the clocks of a case: start, meet, stop, cancel. Also worked out beforehand.

:func:`foresee` answers the check page with the very code that then acts: the dates shown are the dates that start.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, select

from tracker.models import Case, Deadline, DeadlineStatus, Event, LocalPolicy
from tracker.models.columns import JsonObject
from tracker.services import deadlines, local_starts, policies, starts
from tracker.services.calendars import calendar_for
from tracker.services.recording import facts_of
from workflows.calendars import Calendar
from workflows.dates import Period, compute
from workflows.definition import Clock, Workflow
from workflows.effects import Cancel, Effect, Start, Stop
from workflows.facts import FactValue
from workflows.ledger import Change, ChangeKind
from workflows.released import workflow_of
from workflows.traces import amount


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
    policy: LocalPolicy | None = None

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
    around, labels = _around(session, case, workflow, facts)
    effects = tuple(effect for effect in effects if not isinstance(effect, Start) or effect.applies(facts))
    endings = list(
        _endings(workflow, running, effects, facts, new_facts, occurred_on, words, instance, final=final)
    )
    said = {name: value for name, value in facts.items() if name in {*asked, *new_facts}}
    begun = list(starts.by_effect(workflow, effects, facts, said, occurred_on, words))
    since: list[starts.Begun] = []
    if not final:
        settled = {e.clock for e in effects if isinstance(e, Start | Stop | Cancel)}
        over = {id(ending.deadline) for ending in endings if ending.kind is not ChangeKind.SET}
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
                        _asked(session, case, workflow, new_facts),
                    )
                ),
                *starts.again(workflow, met),
                *starts.corrected(workflow, new_facts, live),
            )
            if one.clock.key not in settled
        ]
        entered = case.state != workflow.initial
        if not ended:
            since += local_starts.known_since(
                workflow, policy, new_facts, around, known, live, labels, entered=entered
            )
    begun = [*local_starts.published(policy, begun, around, labels), *since]
    begun = list({(one.clock.key, one.instance): one for one in reversed(begun)}.values())[::-1]
    taken = {(one.clock.key, one.instance) for one in begun}
    spoken_for = {id(ending.deadline) for ending in endings if ending.kind is not ChangeKind.SET}
    endings += [
        Ending(deadline, ChangeKind.CANCEL, occurred_on, "The clock was started again")
        for deadline in running
        if (deadline.key, deadline.instance) in taken and id(deadline) not in spoken_for
    ]
    calendar = calendar_for(session, case.partnership_id)
    counted = policies.counted_by(calendar, policies.closed_by(policy))
    worked = tuple(worked_out(one, policies.length_of(policy, one.clock), facts, counted) for one in begun)
    worked = tuple(replace(one, clock=policies.warned(policy, one.clock)) for one in worked)
    return Foreseen(tuple(endings), worked, calendar, policy)


def _asked(
    session: Session, case: Case, workflow: Workflow, new: Mapping[str, FactValue]
) -> list[tuple[str, str]]:
    """The clocks that children carry, each with its agency, where a list of agencies is recorded anew."""
    carried = {(c.child, c.child_kind): c.key for c in workflow.clocks if c.child and c.each_of in new}
    if not carried or case.id is None:
        return []
    rows = session.exec(select(Case.process, Case.facts).where(Case.parent_id == case.id)).all()
    return [
        (carried[process, str(facts.get("kind", ""))], str(facts.get("agency", "")))
        for process, facts in rows
        if (process, str(facts.get("kind", ""))) in carried
    ]


def _around(
    session: Session, case: Case, workflow: Workflow, facts: Mapping[str, FactValue]
) -> tuple[Mapping[str, FactValue], Mapping[str, str]]:
    """The facts of the case over those of the one that it belongs to, and what they are called."""
    labels = {fact.name: fact.label for fact in workflow.facts}
    if case.parent_id is None:
        return facts, labels
    parent = session.get_one(Case, case.parent_id)
    above = workflow_of(parent.process, parent.workflow_version)
    called = {fact.name: fact.label for fact in above.facts} | labels
    return {**facts_of(above, parent), **facts}, called


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
    begun: starts.Begun, period: Period | None, facts: Mapping[str, FactValue], calendar: Calendar
) -> Starting:
    """What begins, with its length and its date."""
    clock, starts_on, words = begun.clock, begun.starts_on, begun.words
    if clock.later_by is not None and facts.get(clock.later_if) is True:
        starts_on = compute(starts_on, clock.later_by, calendar).due_on
        words = f"{words}, and {amount(clock.later_by.n, clock.later_by.unit)} for the post"
    promised = facts.get(clock.length_fact)
    if period is not None and isinstance(promised, int) and promised > 0:
        period = replace(period, n=promised)
    entered = starts.entered(clock, facts) if period is None else None
    due_on = entered if period is None else compute(starts_on, period, calendar).due_on
    return Starting(clock, begun.instance, period, starts_on, words, entered, due_on)


def carry_out(
    session: Session, case: Case, foreseen: Foreseen, *, event: Event, at: datetime, late_reason: str = ""
) -> list[JsonObject]:
    """Do what was foreseen; return what was done, for the history."""
    if foreseen.policy is not None:
        case.policy_id = foreseen.policy.id  # taken with the first act that finds it, and kept
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
