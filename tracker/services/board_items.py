"""A date is taken to the board: it stands in the packs until what the board decided is recorded."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import access, audit, clock, policy
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible
from tracker.models import BoardItem, Case, Deadline, DeadlineStatus, Event
from tracker.policy import Actor, Permission
from tracker.services.guarded import done_before

LONGEST = 500
"""Letters of a sentence for the board."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the board is to be asked, in a sentence."""

    why: str
    seen_version: int
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the board decided, and on which London day."""

    decided: str
    decided_on: date
    seen_version: int
    request_id: str | None = None


def on_the_pack(session: Session, case: Case, key: str, instance: str) -> BoardItem | None:
    """The item of that date which the board has not decided yet."""
    return session.exec(
        select(BoardItem).where(
            BoardItem.case_id == case.id,
            BoardItem.deadline_key == key,
            BoardItem.instance == instance,
            col(BoardItem.taken_off_at).is_(None),
        )
    ).first()


def put(
    session: Session, actor: Actor, case: Case, deadline: Deadline, asked: Question, *, at: datetime
) -> Event:
    """Put a running date on the next pack.

    Raises:
        NotPermitted: the actor does not put together what the board sees.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: the date does not run any more, or is on the pack.
        BadInput: there is no sentence, or more than one has room for.
    """
    if before := done_before(session, case, asked.request_id):
        return before
    _require(session, actor, case, asked.seen_version)
    if deadline.status != DeadlineStatus.RUNNING:
        raise NotPossible("This date does not run any more, so there is nothing to ask the board.")
    if on_the_pack(session, case, deadline.key, deadline.instance):
        raise NotPossible("This is on the next pack already.")
    why = _sentence(asked.why, "Say what the board is to decide or to know.")
    session.add(
        BoardItem(
            case_id=case.id or 0, deadline_key=deadline.key, instance=deadline.instance, why=why,
            put_by_id=actor.user_id or 0, put_at=at,
        )
    )  # fmt: skip
    event = audit.record(
        session, case, actor, Happened.TAKEN_TO_BOARD,
        name=deadline.key, occurred_on=clock.london(at), at=at, reason=why, request_id=asked.request_id,
        detail={"deadline": deadline.key, "instance": deadline.instance, "said": deadline.label},
    )  # fmt: skip
    session.flush()
    return event


def take_off(
    session: Session, actor: Actor, case: Case, deadline: Deadline, asked: Decision, *, at: datetime
) -> Event:
    """Record what the board decided. The item leaves the packs; the decision stays in the history.

    Raises:
        NotPermitted: the actor does not put together what the board sees.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: the date is not on the pack.
        BadInput: there is no decision, or its day lies in the future or before the day of asking.
    """
    if before := done_before(session, case, asked.request_id):
        return before
    _require(session, actor, case, asked.seen_version)
    item = on_the_pack(session, case, deadline.key, deadline.instance)
    if item is None:
        raise NotPossible("This is not on the pack any more.")
    decided = _sentence(asked.decided, "Say what the board decided.")
    if not clock.london(item.put_at) <= asked.decided_on <= clock.london(at):
        raise BadInput("The day must be today or in the past, and not before it was taken to the board.")
    item.decided, item.decided_on = decided, asked.decided_on
    item.taken_off_by_id, item.taken_off_at = actor.user_id, at
    session.add(item)
    event = audit.record(
        session, case, actor, Happened.BOARD_DECIDED,
        name=deadline.key, occurred_on=asked.decided_on, at=at, reason=decided, request_id=asked.request_id,
        detail={"deadline": deadline.key, "instance": deadline.instance, "said": deadline.label},
    )  # fmt: skip
    session.flush()
    return event


def _require(session: Session, actor: Actor, case: Case, seen_version: int) -> None:
    if not policy.allows(actor, Permission.BOARD_PACK, access.subject_of(session, case)):
        raise NotPermitted(
            "Only the business unit and the chair of the partnership take something to the board."
        )
    if case.version != seen_version:
        raise ChangedMeanwhile(case.reference)


def _sentence(text: str, missing: str) -> str:
    said = text.strip()
    if not said:
        raise BadInput(missing)
    if len(said) > LONGEST:
        raise BadInput(f"Say it in at most {LONGEST} letters.")
    return said
