"""Saying "this was not me": an update that came by a link is taken back. The record of it stays; taking it back is another.

What the update had recorded is put back to what was there before, unless somebody has gone on from it since: then
only the unit is told. A return is kept and asked about, as its process has it. A date that began with the update runs on until the unit has looked.
"""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from tracker import audit
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import NotVisible
from tracker.models import Case, Event, LinkUse, UpdateLinkUse
from tracker.models.columns import JsonObject
from tracker.policy import SYSTEM
from tracker.services import cases, link_limits
from tracker.services.asked import MoveRequest
from tracker.services.update_links import OpenLink

BY_LINK = frozenset({Happened.ACTION_REPORTED, Happened.CASE_MOVED, Happened.REQUEST_ANSWERED})
SENT_BACK = "The mailbox says that the report was not from it."
RETURNS = frozenset({"submit_return", "agency_sign_off", "respond"})
"""Steps by which an agency sends something in that is then read."""
IN_QUESTION = "The mailbox says that what came by its link was not from it. Is it yours, and does it stand?"


def update_of(session: Session, link: OpenLink, case: Case, seq: int) -> Event:
    """The update of that number, if it came by this link.

    Raises:
        NotVisible: there is none.
    """
    event = session.exec(select(Event).where(Event.case_id == case.id, Event.seq == seq)).first()
    if event is None or event.detail.get(audit.LINK) != link.link_id or event.kind not in BY_LINK:
        raise NotVisible("There is no such page.")
    return event


def withdrawn(session: Session, case: Case, event: Event) -> bool:
    """Whether the update was taken back before."""
    return any(row.detail.get("withdraws") == event.seq for row in _later(session, case, event))


def withdraw(session: Session, link: OpenLink, case: Case, seq: int, *, at: datetime) -> None:
    """Take an update back, once, and tell the unit. The case must be held.

    Raises:
        NotVisible: no update of that number came by this link.
        AskedTooOften: the link was used very often within the hour.
    """
    event = update_of(session, link, case, seq)
    later = _later(session, case, event)
    if any(row.detail.get("withdraws") == seq for row in later):
        return
    link_limits.saving(session, link.link_id, at)
    today = time.london(at)
    still_stands = case.state == "completed_unverified" and not any(row.to_state for row in later)
    if event.name == "report_complete" and still_stands:
        # Not the lead's step: the machine's, on the word of the mailbox. Nobody has verified anything.
        by = replace(SYSTEM, link_id=link.link_id)
        asked = MoveRequest(
            case.version,
            today,
            facts={"send_back_reason": SENT_BACK},
            late_reason=SENT_BACK,
            reason=SENT_BACK,
        )
        cases.move(session, by, case, "send_back", asked, at=at)
    in_question = (
        event.name in RETURNS and case.state == "submitted" and not any(row.to_state for row in later)
    )
    if in_question:
        # A return that came in cannot be unsent: the process asks the agency about it instead, and keeps it till then.
        by = replace(SYSTEM, link_id=link.link_id)
        asked = MoveRequest(
            case.version, today, facts={"queried_on": today, "queries": IN_QUESTION}, reason=SENT_BACK
        )
        cases.move(session, by, case, "raise_queries", asked, at=at)
    goes_on = in_question or any(set(row.facts) & set(event.facts) or row.to_state for row in later)
    taken = audit.record(
        session, case, link.actor, Happened.UPDATE_WITHDRAWN,
        occurred_on=today, at=at,
        facts={} if goes_on else _before(session, case, event), detail={"withdraws": seq},
    )  # fmt: skip
    session.add(
        UpdateLinkUse(
            link_id=link.link_id, at=at, what=LinkUse.NOT_ME, case_id=case.id, seq=taken.seq, to_note=True
        )
    )
    session.flush()


def _before(session: Session, case: Case, event: Event) -> JsonObject:
    """What the facts of an event were before it; empty where there was nothing."""
    rows = session.exec(
        select(Event).where(Event.case_id == case.id, Event.seq < event.seq).order_by(col(Event.seq))
    ).all()
    known: JsonObject = {}
    for row in rows:
        known = audit.fold(known, row.facts)
    return {name: known.get(name, "") for name in event.facts}


def _later(session: Session, case: Case, event: Event) -> list[Event]:
    return list(
        session.exec(
            select(Event).where(Event.case_id == case.id, Event.seq > event.seq).order_by(col(Event.seq))
        ).all()
    )
