"""One act on many actions: reminding their leads, and giving all of them another lead."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker import access
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotPossible, NotVisible
from tracker.models import Case, Event, Organisation
from tracker.policy import ACTIONS, Actor
from tracker.services import handovers
from tracker.services.chasing import Chase, chase_now
from tracker.services.handovers import Handover

TARGET = "ACTION_TARGET"
"""The clock of an action's target date."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """What became of it. ``done`` are references; ``left`` says of each other why its lead was not reminded."""

    done: tuple[str, ...]
    leads: int
    left: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ManyHandovers:
    """``seen`` is the version of each action by its reference; ``to`` the key of the body that leads from now on."""

    seen: Mapping[str, int]
    to: str
    reason: str
    lead_role: str = ""
    request_id: str | None = None


def remind(
    session: Session, actor: Actor, references: Collection[str], request_id: str, *, at: datetime
) -> Reminded:
    """Ask the leads of these actions for an update: one mail for each lead, whatever the number of their actions.

    What cannot be asked for now (no lead, no date, reminded today already) is left and said; the rest is asked for.
    Sent twice with the same ``request_id``, it counts once.

    Raises:
        NotVisible: one of them is not there, or not theirs to see.
        NotPermitted: the actor does not record things on one of them.
    """
    found = _locked(session, actor, references)
    before = _with(session, found, request_id, Happened.CHASED)
    done, left, bodies = [], [], set()
    for action in found:
        if action.id not in before:
            try:
                chase_now(session, actor, action, Chase(TARGET, request_id=request_id, together=True), at=at)
            except (NotPossible, NotVisible) as refused:
                words = "It has no date." if isinstance(refused, NotVisible) else str(refused)
                left.append((action.reference, words))
                continue
        done.append(action.reference)
        bodies.add(action.owner_organisation_id)
    return Reminded(tuple(done), len(bodies), tuple(left))


def change_leads(session: Session, actor: Actor, asked: ManyHandovers, *, at: datetime) -> tuple[str, ...]:
    """Give every one of these actions the same lead, or none of them: each has its own event, and the same reason.

    What that body leads already stays as it is. Sent twice with the same ``request_id``, it counts once.

    Raises:
        NotVisible: one of them is not there, or not theirs to see.
        NotPermitted: the actor does not record things on one of them.
        ChangedMeanwhile: somebody changed some of them after the actor looked: their references.
        BadInput: one of them has ended, the body is not there, or no reason was given.
    """
    found = _locked(session, actor, asked.seen)
    before = _with(session, found, asked.request_id, Happened.OWNER_CHANGED)
    changed = [
        one.reference for one in found if one.id not in before and one.version != asked.seen[one.reference]
    ]
    if changed:
        raise ChangedMeanwhile(", ".join(changed))
    to = session.exec(select(Organisation.id).where(Organisation.key == asked.to)).first()
    done = []
    for action in found:
        if action.id in before:
            done.append(action.reference)
        elif to is None or action.owner_organisation_id != to:
            wanted = Handover(asked.to, asked.reason, action.version, asked.lead_role, asked.request_id)
            try:
                handovers.hand_over(session, actor, action, wanted, at=at)
            except BadInput as refused:
                raise BadInput(f"{action.reference}: {refused}") from refused
            done.append(action.reference)
    return tuple(done)


def _locked(session: Session, actor: Actor, references: Collection[str]) -> Sequence[Case]:
    """The actions, held in one order, so that two such acts wait for each other and never block."""
    wanted = sorted({one.strip().upper() for one in references})
    found = [access.case_for(session, actor, one, lock=True, together=wanted) for one in wanted]
    if any(one.process not in ACTIONS for one in found):
        raise NotVisible("There is no such action, or it is not yours to see.")
    return found


def _with(
    session: Session, actions: Sequence[Case], request_id: str | None, kind: Happened
) -> frozenset[int | None]:
    """Those of the actions for which this very request was done before."""
    if not request_id:
        return frozenset()
    rows = session.exec(
        select(Event.case_id).where(
            Event.request_id == request_id,
            Event.kind == kind,
            col(Event.case_id).in_([one.id for one in actions]),
        )
    ).all()
    return frozenset(rows)
