"""An open case goes over to another version of its process: never by itself, always foreseen, with a line of history.

What happened stays as it was recorded, under the version it happened under. Dates that both versions know stay as they
are: their rule was fixed when they started. A date that the new version does not know ends; one that only it knows
starts, if the history of the case would have started it. A length that is another by default counts only where that is
asked for, and never where the partnership's own procedure fixes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import audit
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, NotPermitted, NotPossible
from tracker.models import Case, Deadline, Event, LocalPolicy
from tracker.models.columns import JsonObject
from tracker.policy import Actor
from tracker.services import clocks, deadlines, lengths, local_starts
from tracker.services.calendars import calendar_for
from tracker.services.clocks import Ending, Starting
from tracker.services.policies import closed_by, counted_by, length_of, policy_for, rule_from, rule_to, warned
from tracker.services.positions import workflow_for
from tracker.services.process_names import name_of
from tracker.services.recording import facts_of
from tracker.services.version_replay import running_by_now
from workflows.calendars import Calendar
from workflows.dates import Period
from workflows.definition import Workflow
from workflows.ledger import Change, ChangeKind, LedgerRefused


@dataclass(frozen=True, slots=True)
class MigrationRequest:
    """To which version. ``states`` says where a case goes whose state is not there: old name to new name.

    ``recalculate``: running dates whose default length is another are worked out by the new length.
    """

    to: Workflow
    states: Mapping[str, str] = field(default_factory=dict)
    recalculate: bool = False


@dataclass(frozen=True, slots=True)
class Recalculated:
    """A running date that the new default length moves. ``due_on`` is None while its clock is paused."""

    deadline: Deadline
    period: Period
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What going over does to one case."""

    to_state: str
    clocks: clocks.Foreseen
    recalculated: tuple[Recalculated, ...]

    @property
    def starting(self) -> tuple[Starting, ...]:
        """Dates that start."""
        return self.clocks.startings

    @property
    def ending(self) -> tuple[Ending, ...]:
        """Dates that end."""
        return self.clocks.endings


def require_states(asked: MigrationRequest) -> None:
    """Hold the states that old ones become against the new version.

    Raises:
        BadInput: one is not there, or is final: no case is closed by a change of version.
    """
    for old, new in asked.states.items():
        state = asked.to.state_by_name.get(new)
        if state is None:
            raise BadInput(f"{asked.to.id} has no state {new[:60]}, so {old[:60]} cannot become it.")
        if state.final:
            raise BadInput(f"{new} is final in {asked.to.id}: a case is not closed by a change of version.")


def foresee(session: Session, case: Case, asked: MigrationRequest, *, today: date) -> Foreseen:
    """Work out what going over does to a case. Changes nothing.

    Raises:
        NotPossible: the case has ended, or its state is not in the new version and nobody said where it goes.
    """
    old, new = workflow_for(case), asked.to
    if old.key != new.key or old.state_by_name[case.state].final:
        raise NotPossible(f"{case.reference} has ended, and stays on the version that it ended under.")
    to_state = asked.states.get(case.state, case.state)
    if to_state not in new.state_by_name or new.state_by_name[to_state].final:
        here = old.state_by_name[case.state].label
        raise NotPossible(
            f"{case.reference} is at “{here}” ({case.state}), where no open case of {new.id} is."
        )
    calendar, policy = calendar_for(session, case.partnership_id), policy_for(session, case)
    running = deadlines.running(session, case)
    endings = tuple(
        Ending(one, ChangeKind.CANCEL, today, f"{new.title}, version {new.version}, has no such date")
        for one in running
        if one.key in old.clock_by_key and one.key not in new.clock_by_key
    )
    recalculated = (
        tuple(
            again
            for one in running
            if (again := _recalculated(session, one, old, new, policy, calendar)) is not None
        )
        if asked.recalculate
        else ()
    )
    startings = _startings(session, case, old, asked, policy, calendar)
    return Foreseen(to_state, clocks.Foreseen(endings, startings, calendar, policy), recalculated)


def migrate(
    session: Session, actor: Actor, case: Case, asked: MigrationRequest, *, at: datetime
) -> Event | None:
    """Take one case over, with one line of history that holds both digests. None if it is there already.

    The case must be held. Flushes; the caller owns the transaction, one for each case.

    Raises:
        NotPermitted: a person asks. Going over is for whoever runs the tracker, on the command line.
        NotPossible: see :func:`foresee`.
    """
    if not actor.system:
        raise NotPermitted("Cases go over to another version on the command line only.")
    if case.workflow_version == asked.to.version:
        return None
    require_states(asked)
    today = time.london(at)
    foreseen, old = foresee(session, case, asked, today=today), workflow_for(case)
    from_state, case.state = case.state, foreseen.to_state
    case.workflow_version = asked.to.version
    mapped = from_state != case.state
    event = audit.record(
        session, case, actor, Happened.WORKFLOW_MIGRATED,
        name=asked.to.id, occurred_on=today, at=at,
        from_state=from_state if mapped else "", to_state=case.state if mapped else "",
        detail={
            "from_version": old.version, "to_version": asked.to.version,
            "from_digest": old.digest, "to_digest": asked.to.digest,
            "recalculated": [_moved(one) for one in foreseen.recalculated],
        },
    )  # fmt: skip
    session.flush()
    clocks.carry_out(session, case, foreseen.clocks, event=event, at=at)
    for one in foreseen.recalculated:
        one.deadline.rule = _rule(one.deadline, one.period)
        reason = f"The length is another from version {asked.to.version} on"
        entry = Change(ChangeKind.RECALCULATE, today, due_on=one.due_on, reason=reason)
        deadlines.change(
            session, case, one.deadline, entry, event=event, at=at, calendar=foreseen.clocks.calendar
        )
    session.flush()
    return event


def _moved(one: Recalculated) -> dict[str, str | None]:
    """How one date moved, for the history."""
    was = one.deadline.due_on
    return {
        "deadline": one.deadline.key,
        "instance": one.deadline.instance,
        "from_on": was.isoformat() if was else None,
        "to_on": one.due_on.isoformat() if one.due_on else None,
    }


def _rule(deadline: Deadline, period: Period) -> JsonObject:
    """The rule of a date with another length; what else was fixed when it started stays."""
    return {**deadline.rule, **rule_to(period)}


def _recalculated(
    session: Session,
    deadline: Deadline,
    old: Workflow,
    new: Workflow,
    policy: LocalPolicy | None,
    calendar: Calendar,
) -> Recalculated | None:
    """The date by the new default length; None where that changes nothing, or the procedure has a length of its own."""
    before, after = old.clock_by_key.get(deadline.key), new.clock_by_key.get(deadline.key)
    if before is None or after is None:
        return None
    was, period = length_of(policy, before), length_of(policy, after)
    if was is None or period is None or was == period or rule_from(deadline.rule) != was:
        return None
    again = Deadline(
        **{**deadline.model_dump(), "rule": _rule(deadline, period)}
    )  # never added: only worked out
    try:
        standing = deadlines.standing(again, deadlines.ledger_of(session, deadline), calendar)
    except LedgerRefused as refused:
        raise NotPossible(f"{deadline.label}: {refused}") from None
    if standing.due_on == deadline.due_on and not deadline.paused:
        return None  # a date was agreed, and stands
    return Recalculated(deadline, period, standing.due_on)


def _startings(
    session: Session,
    case: Case,
    old: Workflow,
    asked: MigrationRequest,
    policy: LocalPolicy | None,
    calendar: Calendar,
) -> tuple[Starting, ...]:
    """The clocks that only the new version knows, as far as the history of the case started them."""
    only_new = [clock.key for clock in asked.to.clocks if clock.key not in old.clock_by_key]
    events = session.exec(select(Event).where(Event.case_id == case.id).order_by(col(Event.seq))).all()
    begun = (
        running_by_now(asked.to, only_new, events, asked.states, name_of(session, case)) if only_new else ()
    )
    facts, labels = facts_of(asked.to, case), {fact.name: fact.label for fact in asked.to.facts}
    counted = counted_by(calendar, closed_by(policy))
    worked = (
        clocks.worked_out(one, lengths.length_of(policy, one.clock, facts, None), facts, counted)
        for one in local_starts.published(policy, begun, facts, labels)
    )
    return tuple(replace(one, clock=warned(policy, one.clock)) for one in worked)
