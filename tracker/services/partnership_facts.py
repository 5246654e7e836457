"""A partnership's own facts: name, its business unit's mailbox and telephone, where answers go, its days, its board.

Key and prefix never change: references are made of them. Another board reaches the records of the partnership, so
only an administrator says which one it is.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import policy
from tracker.errors import BadInput
from tracker.models import Partnership, PartnershipKind, SetupChange, SetupKind
from tracker.policy import Actor, Permission, Subject
from tracker.services import set_up
from tracker.services.person_changes import Why
from tracker.templating import day

LONGEST = 120
LABELS = {
    "name": "Name",
    "unit_mailbox": "Mailbox of the business unit",
    "unit_phone": "Telephone of the business unit",
    "reply_to": "Where answers to mails go",
    "from_on": "First day",
    "to_on": "Last day",
    "board": "Co-ordinating board",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a partnership says of itself. ``board`` is a key; "" and None say that there is none."""

    name: str
    unit_mailbox: str = ""
    unit_phone: str = ""
    reply_to: str = ""
    from_on: date | None = None
    to_on: date | None = None
    board: str = ""


def facts_of(session: Session, place: Partnership) -> Facts:
    """What it says now."""
    board = session.get(Partnership, place.coordinator_id) if place.coordinator_id else None
    return Facts(
        place.name, place.unit_mailbox, place.unit_phone, place.reply_to, place.from_on, place.to_on,
        board.key if board else "",
    )  # fmt: skip


def boards(session: Session, place: Partnership) -> tuple[Partnership, ...]:
    """The boards that could co-ordinate for it, by name; a board has none."""
    if place.kind == PartnershipKind.BOARD:
        return ()
    return tuple(
        session.exec(
            select(Partnership)
            .where(Partnership.kind == PartnershipKind.BOARD, Partnership.id != place.id)
            .order_by(col(Partnership.name))
        ).all()
    )


def changes(session: Session, place: Partnership, asked: Facts) -> tuple[str, ...]:
    """What becomes another, in sentences."""
    old, new = asdict(facts_of(session, place)), asdict(asked)
    named = {one.key: one.name for one in boards(session, place)}
    return tuple(
        f"{label}: {_words(new[key], named)}, not {_words(old[key], named)}."
        for key, label in LABELS.items()
        if old[key] != new[key]
    )


def fault_of(session: Session, actor: Actor, place: Partnership, asked: Facts) -> str:
    """Why these facts cannot be, in a sentence; empty if they can."""
    old = facts_of(session, place)
    if not asked.name.strip() or len(asked.name) > LONGEST:
        return f"Enter the name, {LONGEST} characters or fewer."
    if asked.from_on and asked.to_on and asked.to_on < asked.from_on:
        return f"The last day cannot be before the first day, {day(asked.from_on)}."
    if asked.board != old.board:
        subject = Subject(partnership_id=place.id)
        if not policy.allows(actor, Permission.PEOPLE_MANAGE, subject):
            return "Only an administrator says which board co-ordinates: its people reach the records."
        if asked.board and asked.board not in {one.key for one in boards(session, place)}:
            return "Choose a board from the list."
    same = session.exec(select(Partnership.id).where(Partnership.name == asked.name.strip())).first()
    return "Another partnership has that name." if same not in {None, place.id} else ""


def set_facts(session: Session, actor: Actor, place: Partnership, asked: Facts, why: Why) -> SetupChange:
    """Change what a partnership says of itself. Sent twice, it is one change.

    Raises:
        NotPermitted: the actor is neither manager nor administrator of the partnership.
        BadInput: a fact cannot be so, nothing is another than before, or no reason is given.
        ChangedMeanwhile: the set-up was changed after they looked.
    """
    if before := set_up.done_before(session, why.request_id):
        return before
    set_up.require(session, actor, place, why.reason, why.seen)
    session.refresh(place)
    if fault := fault_of(session, actor, place, asked):
        raise BadInput(fault)
    said = changes(session, place, asked)
    if not said:
        raise BadInput("Nothing is another than it was.")
    board = next((one for one in boards(session, place) if one.key == asked.board), None)
    place.name, place.unit_mailbox, place.unit_phone = (
        asked.name.strip(),
        asked.unit_mailbox,
        asked.unit_phone,
    )
    place.reply_to, place.from_on, place.to_on = asked.reply_to, asked.from_on, asked.to_on
    place.coordinator_id = board.id if board else None
    session.add(place)
    session.flush()
    return set_up.record(
        session, actor, place, SetupKind.PARTNERSHIP_CHANGED, " ".join(said),
        detail={"changed": list(said)}, reason=why.reason, at=why.at, request_id=why.request_id,
        about=f"partnership:{place.key}",
    )  # fmt: skip


def _words(value: object, named: dict[str, str]) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return day(value)
    return named.get(str(value), str(value)) if value else "none"
