"""The lists behind the numbers of At risk: the same rows that the page counts, one page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session

from tracker.policy import Actor
from tracker.queries import risk_items
from tracker.queries.due_dates import Horizon
from tracker.queries.paging import PER_PAGE, Paged, page_within
from tracker.queries.risk_items import WEEKS, RiskItem, between
from workflows.likely_late import Sign, last_day_of


class Which(StrEnum):
    """Which list; the last part of its address."""

    OVERDUE = "overdue"
    LATE = "likely-late"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class RiskFilters:
    """What a list is narrowed to; empty fields narrow nothing. ``agency`` is a key; the days are of what is due."""

    first: date | None = None
    last: date | None = None
    agency: str = ""
    sign: Sign | None = None


@dataclass(frozen=True, slots=True)
class RiskList:
    """One page, and on the list of what is likely late, what a manager expects in time though the rules would not."""

    found: Paged[RiskItem]
    others: tuple[RiskItem, ...]
    agency: str


def page_of(
    session: Session, actor: Actor, horizon: Horizon, which: Which, filters: RiskFilters, *, page: int
) -> RiskList:
    """One page of a list, soonest first."""
    every, _ = risk_items.items(session, actor, horizon)
    kept = _kept(every, which, filters, horizon.today)
    page = page_within(page, len(kept))
    others: tuple[RiskItem, ...] = ()
    if which is Which.LATE and filters == RiskFilters():
        others = tuple(item for item in every if item.reasons and not item.late)
    agency = next((item.held_by for item in every if item.agency == filters.agency), "")
    return RiskList(
        Paged(tuple(kept[(page - 1) * PER_PAGE : page * PER_PAGE]), len(kept), page), others, agency
    )


def every_row(
    session: Session, actor: Actor, horizon: Horizon, which: Which, filters: RiskFilters
) -> tuple[RiskItem, ...]:
    """All rows of a list, for a file."""
    every, _ = risk_items.items(session, actor, horizon)
    return tuple(_kept(every, which, filters, horizon.today))


def _kept(every: Sequence[RiskItem], which: Which, filters: RiskFilters, today: date) -> Sequence[RiskItem]:
    if which is Which.OVERDUE:
        kept = [item for item in every if item.overdue]
    elif which is Which.LATE:
        kept = [item for item in every if item.late]
    else:
        kept = list(between(every, filters.first or today, filters.last or last_day_of(WEEKS, today)))
    return [
        item
        for item in kept
        if filters.agency in ("", item.agency)
        and (filters.sign is None or any(reason.sign is filters.sign for reason in item.reasons))
    ]
