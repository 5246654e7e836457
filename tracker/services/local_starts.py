"""Clocks that a policy lets run from another day than the definition does: from receipt, acknowledgement or decision.

Such a clock begins once both days are known, the definition's and the policy's, and counts from the policy's. So a
review meeting that is due so long after receipt is still owed only when the threshold is met.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from tracker.models import Deadline, LocalPolicy
from tracker.services.policies import start_of
from tracker.services.starts import Begun
from workflows.definition import ENTERED, Clock, Workflow
from workflows.facts import FactValue


def published(
    policy: LocalPolicy | None,
    begun: Iterable[Begun],
    facts: Mapping[str, FactValue],
    labels: Mapping[str, str],
) -> Iterator[Begun]:
    """What begins, counted from the day that the policy names; what must wait for that day is left out.

    ``facts`` and ``labels`` are those of the case and of the one that it belongs to.
    """
    for one in begun:
        name = start_of(policy, one.clock)
        if not name or one.clock.child:
            yield one
        elif isinstance(on := facts.get(name), date):
            yield replace(one, starts_on=on, words=labels.get(name, one.words))


def known_since(
    workflow: Workflow,
    policy: LocalPolicy | None,
    new: Mapping[str, FactValue],
    facts: Mapping[str, FactValue],
    known: Iterable[Deadline],
    live: Iterable[Deadline],
    labels: Mapping[str, str],
    *,
    entered: bool,
) -> Iterator[Begun]:
    """What begins because the day that the policy names is known now, or runs anew because it was corrected.

    ``entered`` says whether the case has left its first state.
    """
    ever = {deadline.key for deadline in known}
    running = {deadline.key: deadline for deadline in live}
    for clock in workflow.clocks:
        name = start_of(policy, clock)
        on = new.get(name)
        if not name or clock.child or clock.per or not isinstance(on, date):
            continue
        words = labels.get(name, "")
        if clock.key in running:
            deadline = running[clock.key]
            if deadline.start_words == words and deadline.starts_on != on:
                yield Begun(clock, deadline.instance, on, words)
        elif clock.key not in ever and _owed(clock, facts, entered=entered):
            yield Begun(clock, "", on, words)


def _owed(clock: Clock, facts: Mapping[str, FactValue], *, entered: bool) -> bool:
    """Whether the definition's own day is known, and nothing yet that meets the clock."""
    begun = entered if clock.starts_on.startswith(ENTERED) else isinstance(facts.get(clock.starts_on), date)
    return begun and not any(facts.get(name) not in (None, "", (), False) for name in clock.met_by)
