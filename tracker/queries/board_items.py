"""One date that is or was taken to the board, for the page where that is said; and what is on the packs now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, and_, col, select

from tracker import access, clock, policy
from tracker.errors import NotVisible
from tracker.models import BoardItem, Case, Deadline, DeadlineStatus, Sensitivity
from tracker.policy import Actor, Permission
from tracker.queries import case_page
from tracker.queries.case_page import CaseHead
from tracker.queries.due_dates import address_of
from tracker.queries.overdue import what_of
from tracker.queries.risk_items import board_of


@dataclass(frozen=True, slots=True)
class BoardPage:
    """What the page shows. ``now`` is the item on the pack, ``earlier`` what the board decided before."""

    case: Case
    head: CaseHead
    what: str
    running: bool
    now: BoardItem | None
    earlier: tuple[BoardItem, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """One thing that the board is asked. ``href`` is where what it decided is recorded; a restricted one says no more."""

    reference: str
    home: str
    what: str
    why: str
    due_on: date | None
    first: date | None
    put_on: date
    restricted: bool
    href: str


def opened(session: Session, actor: Actor, reference: str, key: str, instance: str) -> BoardPage:
    """The page of one date.

    Raises:
        NotVisible: there is no such case or date, it is not the actor's to take to the board, or it neither runs
            nor is on the pack.
    """
    case = access.case_for(session, actor, reference)
    deadline = access.deadline_for(session, case, key.upper(), instance)
    rows = session.exec(
        select(BoardItem)
        .where(
            BoardItem.case_id == case.id,
            BoardItem.deadline_key == deadline.key,
            BoardItem.instance == instance,
        )
        .order_by(col(BoardItem.id).desc())
    ).all()
    now = next((row for row in rows if row.taken_off_at is None), None)
    running = deadline.status == DeadlineStatus.RUNNING
    theirs = policy.allows(actor, Permission.BOARD_PACK, access.subject_of(session, case))
    if not theirs or (now is None and not running):
        raise NotVisible("This date is not taken to the board.")
    return BoardPage(
        case, case_page.head_of(session, actor, case, ()), what_of(deadline, case), running, now,
        tuple(row for row in rows if row is not now),
    )  # fmt: skip


def taken(session: Session, actor: Actor) -> Sequence[Taken]:
    """What is on the packs now, in the order in which it was put there."""
    rows = session.exec(
        select(BoardItem, Case, Deadline)
        .join(Case, col(Case.id) == col(BoardItem.case_id))
        .join(
            Deadline,
            and_(
                col(Deadline.case_id) == col(BoardItem.case_id),
                col(Deadline.key) == col(BoardItem.deadline_key),
                col(Deadline.instance) == col(BoardItem.instance),
            ),
        )
        .where(col(BoardItem.taken_off_at).is_(None), access.visible(actor))
        .order_by(col(BoardItem.id), col(Deadline.cycle))
    ).all()
    latest = {item.id: (item, case, deadline) for item, case, deadline in rows}
    return [_taken(item, case, deadline) for item, case, deadline in latest.values()]


def _taken(item: BoardItem, case: Case, deadline: Deadline) -> Taken:
    return Taken(
        reference=case.reference,
        home=address_of(case),
        what=what_of(deadline, case),
        why=item.why,
        due_on=deadline.due_on,
        first=deadline.first_due_on,
        put_on=clock.london(item.put_at),
        restricted=case.sensitivity == Sensitivity.RESTRICTED,
        href=board_of(case.reference, deadline),
    )
