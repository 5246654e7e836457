"""Addresses that return mail, as the page shows them: whose they are, and since when."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from tracker import clock
from tracker.errors import NotVisible
from tracker.models import ReturningMail
from tracker.policy import Actor
from tracker.services import returning as service


@dataclass(frozen=True, slots=True)
class Returning:
    """One address. ``whose`` says to which agency or sign-in it belongs; ``may_correct``: it is an agency's mailbox."""

    number: int
    address: str
    whose: str
    since_on: date
    code: str
    may_correct: bool


def returning(session: Session, actor: Actor) -> tuple[Returning, ...]:
    """Those to which reminders of the actor's partnerships went, the longest first."""
    return tuple(_shown(session, row) for row in service.theirs(session, actor))


def one_of(session: Session, actor: Actor, number: int) -> Returning:
    """One of them.

    Raises:
        NotVisible: there is none, it is not theirs, or it works again.
    """
    for one in returning(session, actor):
        if one.number == number:
            return one
    raise NotVisible("There is no such address, or it works again.")


def _shown(session: Session, row: ReturningMail) -> Returning:
    bodies = service.agencies_of(session, row.address)
    person = service.person_of(session, row.address)
    whose = [
        f"{body.name}, {'mailbox for reminders' if (body.contact_email or '').lower() == row.address else 'named senior'}"
        for body in bodies
    ]
    whose += ["Somebody who signs in with it"] if person else []
    return Returning(
        row.id or 0,
        row.address,
        "; ".join(whose) or "Nobody any more",
        clock.london(row.since_at),
        row.why,
        bool(bodies),
    )
