"""Who has the work of agencies that have ended, at the end of each line of successors."""

from collections.abc import Collection, Mapping

import sqlalchemy
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from tracker.models import Organisation


def successor_of(session: Session, body: Organisation) -> Organisation | None:
    """Who has the work of an ended body by now: its successor, or the successor of that, to the last."""
    return successors_of(session, [body]).get(body.id)


def successors_of(session: Session, bodies: Collection[Organisation]) -> Mapping[int | None, Organisation]:
    """The same for many bodies, in one query; those that nobody succeeds are left out."""
    first = {body.successor_id for body in bodies} - {None}
    if not first:
        return {}
    of = aliased(Organisation)
    # Columns that may be empty: SQLModel's own `select` has no types for them.
    begun = sqlalchemy.select(col(of.id), col(of.successor_id), col(of.to_on)).where(col(of.id).in_(first))
    chain = begun.cte("chain", recursive=True)
    after = aliased(Organisation)
    chain = chain.union(
        sqlalchemy.select(col(after.id), col(after.successor_id), col(after.to_on))
        .join(chain, chain.c.successor_id == after.id)
        .where(chain.c.to_on.is_not(None))
    )
    rows = session.exec(
        select(Organisation).where(col(Organisation.id).in_(sqlalchemy.select(chain.c.id)))
    ).all()
    by_id = {row.id: row for row in rows}
    return {body.id: _last(body, by_id) for body in bodies if body.successor_id is not None}


def _last(body: Organisation, by_id: Mapping[int | None, Organisation]) -> Organisation:
    """The end of the line of successors. A line that comes back to where it was ends before it does."""
    found, seen = by_id[body.successor_id], {body.id}
    while found.to_on is not None and found.successor_id is not None and found.successor_id not in seen:
        seen.add(found.id)
        found = by_id[found.successor_id]
    return found
