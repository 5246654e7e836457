"""Who does the rounds just now, and when one last went well: a one-row lease that is also the heartbeat.

Nothing rests on it: two rounds at once decide and send everything once. It only saves the second one's work.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col

from tracker import db
from tracker.models import Lease
from tracker.models.columns import JsonObject

NAME, RETURNS = "reminders", "returns"
LATE_AFTER = timedelta(minutes=15)
"""How long reminders may stand still before it is said aloud (docs/architecture.md section 6)."""
GAPS_KEPT = 10
_KEPT = ("gaps", "checked")
ROUND_SECONDS = 120
"""How long a hold lasts: how soon others take over from a process that died. A round that lasts longer gets company,
and they share the work."""


@dataclass(frozen=True, slots=True)
class LastRound:
    """The last round that went well. The counts are those of its whole London day; ``down``: why no mail can leave.

    ``checked_at`` is when it was last asked whether anything was due but not told, of ``checked`` dates, and
    ``untold`` how much was.
    """

    at: datetime
    decided: int
    mails: int
    failed: int
    down: str
    down_since: datetime | None
    checked_at: datetime | None = None
    checked: int = 0
    untold: int = 0


def hold(session: Session, holder: str, at: datetime, seconds: int = ROUND_SECONDS) -> bool:
    """Take or keep the lease; False while somebody else holds it. Exactly one of many callers wins.

    A hold that lasts longer than any can was written by a clock that has been put back since: it counts for nothing.
    """
    until = at + timedelta(seconds=seconds)
    first = {"name": NAME, "holder": holder, "expires_at": until, "last_ok_at": None, "detail": {}}
    if db.insert_new(session, Lease, [first]):
        return True
    result = session.connection().execute(
        update(Lease)
        .where(
            col(Lease.name) == NAME,
            or_(
                col(Lease.holder) == holder,
                col(Lease.expires_at) <= at,
                col(Lease.expires_at) > until + timedelta(seconds=seconds),
            ),
        )
        .values(holder=holder, expires_at=until)
    )
    return result.rowcount == 1


def release(session: Session, holder: str, at: datetime) -> None:
    """Let the lease go, if it is still this holder's."""
    session.connection().execute(
        update(Lease).where(col(Lease.name) == NAME, col(Lease.holder) == holder).values(expires_at=at)
    )


def round_went_well(session: Session, at: datetime, detail: JsonObject) -> None:
    """Write the heartbeat: a round has ended well at ``at``. An older round never overwrites a newer one.

    One that lies ahead by more than reminders may stand still was written by a clock that has been put back since.
    What an earlier round put on record besides its counts stays.
    """
    before = session.get(Lease, NAME, populate_existing=True)
    kept = {name: before.detail[name] for name in _KEPT if name in before.detail} if before else {}
    detail = {**kept, **detail}
    session.connection().execute(
        update(Lease)
        .where(
            col(Lease.name) == NAME,
            or_(
                col(Lease.last_ok_at).is_(None),
                col(Lease.last_ok_at) <= at,
                col(Lease.last_ok_at) > at + LATE_AFTER,
            ),
        )
        .values(last_ok_at=at, detail=detail)
    )


def note_gap(session: Session, at: datetime) -> None:
    """Put on record, as a round begins at ``at``, that none had gone well for a quarter of an hour and more."""
    lease = session.get(Lease, NAME, populate_existing=True)
    if lease is None or lease.last_ok_at is None or at - lease.last_ok_at <= LATE_AFTER:
        return
    kept = [entry for entry in lease.detail.get("gaps", []) if entry[0] != lease.last_ok_at.isoformat()]
    new = [lease.last_ok_at.isoformat(), at.isoformat()]
    lease.detail = {**lease.detail, "gaps": [*kept, new][-GAPS_KEPT:]}
    session.flush()


def gaps(session: Session) -> tuple[tuple[datetime, datetime], ...]:
    """The last times between which no round went well, each more than a quarter of an hour."""
    lease = session.get(Lease, NAME)
    kept = lease.detail.get("gaps", []) if lease else []
    return tuple((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in kept)


def returns_problem(session: Session) -> str:
    """Why mail that came back could not be read the last time; empty if it could."""
    lease = session.get(Lease, RETURNS)
    return str(lease.detail.get("problem", "")) if lease else ""


def last_round(session: Session) -> LastRound | None:
    """The last round that went well; None if there has never been one."""
    lease = session.get(Lease, NAME)
    if lease is None or lease.last_ok_at is None:
        return None
    since, checked = lease.detail.get("down_since"), lease.detail.get("checked") or {}
    return LastRound(
        at=lease.last_ok_at,
        decided=int(lease.detail.get("decided", 0)),
        mails=int(lease.detail.get("mails", 0)),
        failed=int(lease.detail.get("failed", 0)),
        down=str(lease.detail.get("down", "")),
        down_since=datetime.fromisoformat(str(since)) if since else None,
        checked_at=datetime.fromisoformat(str(checked["at"])) if checked else None,
        checked=int(checked.get("dates", 0)),
        untold=int(checked.get("untold", 0)),
    )
