"""What length a clock has in one case, and which running ones become shorter because harm turns out to be high."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from tracker.models import Case, Deadline, LocalPolicy
from tracker.services import deadlines, policies
from workflows.definition import Clock, HeldBy, Workflow
from workflows.facts import FactValue
from workflows.ledger import ChangeKind
from workflows.lengths import Length, applies, half_of, length_in_case
from workflows.periods import Unit

_ELSEWHERE = frozenset({HeldBy.HOME_OFFICE, HeldBy.NOBODY})


@dataclass(frozen=True, slots=True)
class Shorter:
    """A running deadline whose length becomes ``n``, and why."""

    deadline: Deadline
    n: int
    why: str


def length_of(
    policy: LocalPolicy | None, clock: Clock, facts: Mapping[str, FactValue], above: HeldBy | None
) -> Length:
    """The length of a clock that begins now. ``above``: who must act on the case that this one belongs to."""
    own = "n" in policies.own_of(policy, clock)
    return length_in_case(
        clock,
        policies.length_of(policy, clock),
        facts,
        halves=policies.halves(policy, clock),
        in_hand=above is not None and above not in _ELSEWHERE and not own,
    )


def shorter(
    session: Session,
    policy: LocalPolicy | None,
    workflow: Workflow,
    case: Case,
    new: Mapping[str, FactValue],
    live: Iterable[Deadline],
) -> Iterator[Shorter]:
    """The running clocks that have half their length from now on. What is shorter already stays, and nothing grows."""
    for deadline in live:
        clock = workflow.clock_by_key.get(deadline.key)
        if clock is None or clock.halved is None or case.state not in clock.halved.while_in:
            continue
        usual = policies.length_of(policy, clock)
        if usual is None or not policies.halves(policy, clock) or not applies(clock.halved, new):
            continue
        half, now = half_of(usual), _now(session, deadline, usual.unit)
        if half.period is not None and now is not None and half.period.n < now:
            yield Shorter(deadline, half.period.n, half.why)


def _now(session: Session, deadline: Deadline, unit: Unit) -> int | None:
    """The length that a running deadline has now; None where it is counted otherwise, or its date was agreed."""
    period = policies.rule_from(deadline.rule)
    if period is None or period.unit is not unit:
        return None
    n = period.n
    for entry in deadlines.ledger_of(session, deadline):
        if entry.kind is ChangeKind.SET:
            return None
        if entry.kind is ChangeKind.RECALCULATE and entry.n is not None:
            n = entry.n
    return n
