"""Agencies of a partnership: one is added, changes its mailboxes, or ends and is succeeded.

None is renamed: records keep the name of their time.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, select

from tracker import clock, policy
from tracker.errors import BadInput, NotPermitted, NotVisible
from tracker.models import Organisation, Partnership, SetupChange, SetupKind
from tracker.policy import Actor, Permission, Subject
from tracker.services import set_up
from tracker.services.person_changes import Why
from tracker.templating import day

KINDS = ("police", "council", "health", "probation", "fire", "housing", "voluntary", "group", "other")
LONGEST = 100


@dataclass(frozen=True, slots=True)
class NewAgency:
    """What is known of a new agency. The mailboxes are lower case, "" for none."""

    name: str
    kind: str
    contact_email: str = ""
    escalation_email: str = ""


def of(session: Session, actor: Actor, key: str) -> tuple[Organisation, Partnership]:
    """The agency of that key with its partnership, if the actor administers it.

    Raises:
        NotVisible: there is none, it works for several partnerships, or it is not theirs.
    """
    body = session.exec(select(Organisation).where(Organisation.key == key)).first()
    place = session.get(Partnership, body.partnership_id) if body and body.partnership_id else None
    if body is None or place is None or not _may(actor, place):
        raise NotVisible("There is no such agency, or it is not one of yours to change.")
    return body, place


def key_of(name: str) -> str:
    """The key of a name: ``west-mercia-police``."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))


def add(session: Session, actor: Actor, place: Partnership, asked: NewAgency, why: Why) -> SetupChange:
    """Add an agency to a partnership, from today.

    Raises:
        NotPermitted: the actor is no administrator of the partnership.
        BadInput: there is one of that name, or no reason is given.
        ChangedMeanwhile: the set-up was changed after they looked.
    """
    if before := set_up.done_before(session, why.request_id):
        return before
    if not _may(actor, place):
        raise NotPermitted("Only an administrator of the partnership adds an agency.")
    set_up.require(session, actor, place, why.reason, why.seen)
    key = key_of(asked.name)
    if not key or asked.kind not in KINDS:
        raise BadInput("Give the name and the sort of the agency.")
    if session.exec(select(Organisation).where(Organisation.key == key)).first() is not None:
        raise BadInput(f"There is an agency called {asked.name} already.")
    body = Organisation(
        key=key, name=asked.name, kind=asked.kind, partnership_id=place.id, from_on=clock.london(why.at),
        contact_email=asked.contact_email or None, escalation_email=asked.escalation_email or None,
    )  # fmt: skip
    session.add(body)
    return _record(session, actor, place, SetupKind.AGENCY_ADDED, body, f"{body.name} is an agency.", why)


def end(
    session: Session, actor: Actor, key: str, on: date, successor: Organisation | None, why: Why
) -> SetupChange:
    """End an agency with its last day. Its open work stays with it until the business unit hands it over.

    Raises:
        NotVisible: it is none that the actor administers.
        BadInput: it has ended, the day or the successor cannot be, or no reason is given.
        ChangedMeanwhile: the set-up was changed after they looked.
    """
    if before := set_up.done_before(session, why.request_id):
        return before
    body, place = of(session, actor, key)
    set_up.require(session, actor, place, why.reason, why.seen)
    session.refresh(body)
    if fault := fault_of(body, on, successor, why.at):
        raise BadInput(fault)
    body.to_on, body.successor_id = on, successor.id if successor else None
    session.add(body)
    return _record(
        session, actor, place, SetupKind.AGENCY_ENDED, body, words_of_end(body, on, successor), why
    )


def mailbox_changes(body: Organisation, contact_email: str, escalation_email: str) -> tuple[str, ...]:
    """What changing its mailboxes to these does, in sentences; empty if nothing."""
    pairs = (
        ("Reminders go to", body.contact_email or "", contact_email),
        ("Notes to the named senior go to", body.escalation_email or "", escalation_email),
    )
    return tuple(
        f"{what} {new or 'nobody'}, not to {old or 'nobody'}." for what, old, new in pairs if old != new
    )


def set_mailboxes(
    session: Session, actor: Actor, key: str, contact_email: str, escalation_email: str, why: Why
) -> SetupChange:
    """Change where reminders to an agency go. The addresses are lower case, "" for none.

    Raises:
        NotVisible: it is none that the actor administers.
        BadInput: it has ended, nothing is another than before, or no reason is given.
        ChangedMeanwhile: the set-up was changed after they looked.
    """
    if before := set_up.done_before(session, why.request_id):
        return before
    body, place = of(session, actor, key)
    set_up.require(session, actor, place, why.reason, why.seen)
    session.refresh(body)
    said = mailbox_changes(body, contact_email, escalation_email)
    if body.to_on is not None and body.to_on < clock.london(why.at):
        raise BadInput("The agency has ended.")
    if not said:
        raise BadInput("These are the mailboxes that it has.")
    body.contact_email, body.escalation_email = contact_email or None, escalation_email or None
    session.add(body)
    words = f"{body.name}: {' '.join(said)}"
    return _record(session, actor, place, SetupKind.AGENCY_CHANGED, body, words, why)


def fault_of(body: Organisation, on: date, successor: Organisation | None, at: datetime) -> str:
    """Why the agency cannot end so, in a sentence; empty if it can."""
    if body.to_on is not None:
        return "The agency has ended already."
    if body.from_on is not None and on < body.from_on:
        return f"The last day cannot be before the first day, {day(body.from_on)}."
    if successor is None:
        return ""
    if successor.id == body.id:
        return "An agency cannot succeed itself."
    if successor.partnership_id not in {None, body.partnership_id}:
        return "The successor must work in the same partnership."
    ended = successor.to_on is not None and successor.to_on < clock.london(at)
    return "The successor has ended." if ended else ""


def words_of_end(body: Organisation, on: date, successor: Organisation | None) -> str:
    """What ending does, in a sentence."""
    after = f" {successor.name} succeeds it." if successor else ""
    return f"The last day of {body.name} is {day(on)}.{after}"


def _may(actor: Actor, place: Partnership) -> bool:
    return policy.allows(actor, Permission.PEOPLE_MANAGE, Subject(partnership_id=place.id))


def _record(
    session: Session,
    actor: Actor,
    place: Partnership,
    what: SetupKind,
    body: Organisation,
    said: str,
    why: Why,
) -> SetupChange:
    session.flush()
    return set_up.record(
        session, actor, place, what, said,
        detail={"agency": body.key}, reason=why.reason, at=why.at, request_id=why.request_id, about=f"agency:{body.key}",
    )  # fmt: skip
