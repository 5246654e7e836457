"""The indicators that a partnership watches, read in as a table. Reading one in again adds and corrects, and loses nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from tracker import policy
from tracker.errors import BadInput, NotPermitted
from tracker.imports.indicators import IndicatorRow
from tracker.models import Indicator, IndicatorValue
from tracker.models.board import DIRECTIONS
from tracker.policy import Actor, Permission, Subject


@dataclass(frozen=True, slots=True)
class ReadIn:
    """How many indicators there were in the table, and how many values were new or corrected."""

    indicators: int
    added: int
    corrected: int


def read_in(session: Session, actor: Actor, partnership_id: int, rows: Sequence[IndicatorRow]) -> ReadIn:
    """Keep a table of indicators with their values. An indicator is known by its ref, a value by its period.

    Raises:
        NotPermitted: the actor does not import for this partnership.
        BadInput: a direction is neither ``bigger`` nor ``smaller`` nor empty.
    """
    if not policy.allows(actor, Permission.PLAN_IMPORT, Subject(partnership_id=partnership_id)):
        raise NotPermitted("Only the partnership's business unit enters its indicators.")
    known = {
        one.key: one
        for one in session.exec(select(Indicator).where(Indicator.partnership_id == partnership_id)).all()
    }
    before = session.exec(
        select(func.max(Indicator.position)).where(Indicator.partnership_id == partnership_id)
    ).one()
    added, corrected = 0, 0
    seen: set[str] = set()
    for row in rows:
        if row.direction not in DIRECTIONS:
            raise BadInput(f"{row.ref}: the direction is bigger, smaller or empty, not {row.direction[:40]}.")
        one = known.setdefault(
            row.ref,
            Indicator(
                partnership_id=partnership_id, key=row.ref, name="", position=(before or 0) + len(seen) + 1
            ),
        )
        seen.add(row.ref)
        one.name, one.priority, one.source = row.name, row.priority, row.source
        one.unit, one.direction, one.target = row.unit, row.direction, row.target
        session.add(one)
        session.flush()
        new, other = _keep(session, one, row)
        added, corrected = added + new, corrected + other
    session.flush()
    return ReadIn(len(seen), added, corrected)


def _keep(session: Session, one: Indicator, row: IndicatorRow) -> tuple[int, int]:
    """Whether its value was new, and whether it was another than before."""
    if row.value is None or row.from_on is None or row.to_on is None:
        return 0, 0
    value = session.exec(
        select(IndicatorValue).where(
            IndicatorValue.indicator_id == one.id,
            col(IndicatorValue.from_on) == row.from_on,
            col(IndicatorValue.to_on) == row.to_on,
        )
    ).first()
    if value is None:
        session.add(
            IndicatorValue(
                indicator_id=one.id or 0,
                label=row.period,
                from_on=row.from_on,
                to_on=row.to_on,
                value=row.value,
            )
        )
        return 1, 0
    other = int(value.value != row.value)
    value.label, value.value = row.period, row.value
    session.add(value)
    return 0, other
