"""The reminder ladders that the domain documents lay down for their clocks, made from the columns of their tables."""

from collections.abc import Iterable, Mapping

from workflows.ladder import Rung, Who, rungs_from
from workflows.periods import Unit

_AGAIN = 14  # docs/domestic-homicide-review.md section 3: "overdue repeats at +1, +7, then every 14 days"


def review_ladder(
    before: Iterable[int], unit: Unit, also: Mapping[Who, Iterable[int]] | None = None
) -> tuple[Rung, ...]:
    """The ladder of a row of docs/domestic-homicide-review.md section 3: its "warn" and "escalate" columns.

    Whoever owns the clock is told again 1 and 7 units after the date, then every 14 for as long as it runs.
    """
    escalated = {who: tuple(offsets) for who, offsets in (also or {}).items()}
    furthest = max((offset for offsets in escalated.values() for offset in offsets), default=0)
    again = [1, 7, 7 + _AGAIN]
    while again[-1] <= furthest:
        again.append(again[-1] + _AGAIN)
    owner = (*escalated.pop(Who.LEAD, ()), *again)
    return rungs_from(before, also={Who.LEAD: owner, **escalated}, unit=unit, repeat_every=_AGAIN)


def chaser_ladder(
    every: int, unit: Unit, also: Mapping[Who, Iterable[int]] | None = None
) -> tuple[Rung, ...]:
    """A ladder for an answer that nobody is bound to give by a date: on the day, then every so many units."""
    escalated = {who: tuple(offsets) for who, offsets in (also or {}).items()}
    furthest = max((offset for offsets in escalated.values() for offset in offsets), default=0)
    owner = tuple(range(every, furthest + every + 1, every))
    return rungs_from((0,), also={Who.LEAD: owner, **escalated}, unit=unit, repeat_every=every)


def case_review_ladder(
    before: Iterable[int], unit: Unit = Unit.WORKING_DAYS, *, leads_manager: Who = Who.MANAGER
) -> tuple[Rung, ...]:
    """The ladder of a row of docs/asb-case-review.md 4.3: its "Warn" column, and what it says of all rows after due.

    The lead is told on the day and when it is overdue (messages S2 and S3 of 5.5); the lead's manager 1 working day
    after it, the manager of the partnership's unit 5 after it and then weekly.
    """
    week = 5 if unit is Unit.WORKING_DAYS else 7
    late = {Who.LEAD: (1,), leads_manager: (1,)}
    late[Who.MANAGER] = (*late.get(Who.MANAGER, ()), 5, 5 + week)
    return rungs_from((*before, 0), also=late, unit=unit, repeat_every=week)
