"""How long a clock runs in one case: the usual length, what somebody asked for or was promised, or half where harm is high.

docs/domestic-homicide-review.md section 3 (``FAMILY_CONTACT``), docs/asb-case-review.md 4.3 (``C13``) and 6.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from workflows.definition import Clock, Halving
from workflows.facts import FactValue
from workflows.periods import Period
from workflows.traces import amount


@dataclass(frozen=True, slots=True)
class Length:
    """``period`` is None where there is none. ``off``: nobody wants such a date now. ``why`` says where an unusual
    length comes from, in words for its trace.
    """

    period: Period | None
    why: str = ""
    off: bool = False


def length_in_case(
    clock: Clock,
    usual: Period | None,
    facts: Mapping[str, FactValue],
    *,
    halves: bool = False,
    in_hand: bool = False,
) -> Length:
    """The length of a clock that begins now.

    ``usual`` is that of the area's procedure, or else the definition's; ``halves``: the procedure halves it where harm
    is high; ``in_hand``: the case above is in the partnership's hands, and the procedure has no length of its own.
    """
    said = facts.get(clock.length_fact)
    wanted = dict(clock.lengths)
    if usual is None:
        return Length(None)
    if said in wanted:
        own = wanted[str(said)]
        return Length(own, "As they asked", off=own is None)
    if isinstance(said, int) and not isinstance(said, bool) and said > 0:
        return Length(replace(usual, n=said), "As promised")
    if in_hand and clock.in_hand is not None:
        return Length(clock.in_hand, "While the review is in hand")
    if halves and clock.halved is not None and applies(clock.halved, facts):
        return half_of(usual)
    return Length(usual)


def applies(halving: Halving, facts: Mapping[str, FactValue]) -> bool:
    """Whether the facts call for half the length."""
    return facts.get(halving.fact) == halving.equals


def half_of(usual: Period) -> Length:
    """Half of a length. An odd one is rounded up: 8 of 15 working days."""
    return Length(replace(usual, n=(usual.n + 1) // 2), f"High harm: half of {amount(usual.n, usual.unit)}")
