"""Addresses from which mail comes back: nobody is reminded there until somebody says that they work again.

Whatever would go there goes to whoever stands in: another lead, the agency's mailbox, the officer. Nobody is forgotten.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker import db
from tracker.errors import BadInput, NotVisible
from tracker.models import (
    Case,
    Membership,
    Organisation,
    Outbox,
    ReturningMail,
    Role,
    SetupKind,
    User,
)
from tracker.policy import UNIT, Actor
from tracker.services import people, set_up
from tracker.services.agencies import mailbox_changes

RETURNS = "Mail to this address comes back: it goes to somebody else."
LONGEST = 500


def addresses(session: Session) -> frozenset[str]:
    """Every address from which mail comes back just now, lower case."""
    return frozenset(
        session.exec(select(ReturningMail.address).where(col(ReturningMail.ended_at).is_(None))).all()
    )


def mark(session: Session, address: str, message_id: str, code: str, at: datetime) -> None:
    """Mark an address. What waits for it is asked about again before it goes, and then goes to somebody else.

    An applicant is no address here, as nobody stands in for them: Today says that their mail did not arrive.
    """
    if "@" not in address:
        return
    row = _open(session, address)
    if row is None:
        row = ReturningMail(address=address, since_at=at, message_id=message_id, why=code)
    row.message_id, row.why = message_id, code
    session.add(row)
    session.flush()


def theirs(session: Session, actor: Actor) -> Sequence[ReturningMail]:
    """The addresses that somebody can put right: those where reminders of their partnerships went. Longest first."""
    return session.exec(
        select(ReturningMail).where(_for(actor)).order_by(col(ReturningMail.since_at), col(ReturningMail.id))
    ).all()


def how_many(actor: Actor) -> SelectOfScalar[int]:
    """The question how many those are, to be asked together with others."""
    return select(func.count()).select_from(ReturningMail).where(_for(actor))


def _for(actor: Actor) -> ColumnElement[bool]:
    here = actor.partnerships(*UNIT, Role.ADMINISTRATOR)
    told = (
        select(Outbox.to_address)
        .join(Case, col(Case.id) == col(Outbox.case_id))
        .where(col(Case.partnership_id).in_(here))
    )
    return and_(col(ReturningMail.ended_at).is_(None), col(ReturningMail.address).in_(told))


def agencies_of(session: Session, address: str) -> list[Organisation]:
    """Agencies whose mailbox or named senior has that address."""
    found = session.exec(
        select(Organisation)
        .where(
            (func.lower(Organisation.contact_email) == address)
            | (func.lower(Organisation.escalation_email) == address)
        )
        .order_by(Organisation.name)
    ).all()
    return list(found)


def person_of(session: Session, address: str) -> User | None:
    """Whoever signs in with that address."""
    return session.exec(select(User).where(User.email == address)).first()


def agencies(session: Session) -> frozenset[int]:
    """Agencies with a lead or a mailbox from which mail comes back."""
    marked = addresses(session)
    if not marked:
        return frozenset()
    boxes = session.exec(
        select(Organisation.id).where(func.lower(Organisation.contact_email).in_(marked))
    ).all()
    led = session.exec(
        select(Membership.organisation_id)
        .join(User, col(User.id) == col(Membership.user_id))
        .where(Membership.role == Role.LEAD, col(User.email).in_(marked))
    ).all()
    return frozenset(number for number in (*boxes, *led) if number is not None)


def works_again(
    session: Session, actor: Actor, number: int, *, why: str, corrected: str = "", at: datetime
) -> ReturningMail:
    """End the mark: mails go there again, or to the corrected address of its agencies. Twice is once.

    Raises:
        NotVisible: there is no such address among those that the actor can put right.
        BadInput: nothing is said about it, or the corrected address is none or is nobody's to correct here.
    """
    row = session.exec(
        db.for_update(session, select(ReturningMail).where(ReturningMail.id == number))
    ).first()
    if row is None or (row.ended_at is None and row not in theirs(session, actor)):
        raise NotVisible("There is no such address.")
    if row.ended_at is not None:
        if row.ended_by_id != actor.user_id:
            raise NotVisible("There is no such address.")
        return row
    if not why.strip():
        raise BadInput("Say how you know.")
    if len(why) > LONGEST:
        raise BadInput(f"Use {LONGEST} characters or fewer.")
    row.corrected_to = (
        _correct(session, actor, row.address, corrected, why=why, at=at) if corrected.strip() else ""
    )
    row.ended_at, row.ended_by_id, row.ended_why = at, actor.user_id, why.strip()
    session.add(row)
    session.flush()
    return row


def _correct(session: Session, actor: Actor, old: str, typed: str, *, why: str, at: datetime) -> str:
    """Give the agencies of an address another; that address. Every partnership that they work for has it in its history."""
    new = people.address_of(typed)
    bodies = agencies_of(session, old)
    here = actor.partnerships(*UNIT, Role.ADMINISTRATOR)
    if not bodies or any(body.partnership_id not in {None, *here} for body in bodies):
        raise BadInput("Only the mailbox of an agency of your own partnership can be corrected here.")
    if new == old or new in addresses(session):
        raise BadInput("Enter another address, from which no mail comes back.")
    places = set_up.everywhere(session)
    for body in bodies:
        session.refresh(body)
        boxes = [new if (box or "").lower() == old else box or "" for box in _boxes(body)]
        said = mailbox_changes(body, *boxes)
        body.contact_email, body.escalation_email = (box or None for box in boxes)
        session.add(body)
        for place in places:
            if said and body.partnership_id in {None, place.id}:
                set_up.record(
                    session, actor, place, SetupKind.AGENCY_CHANGED, f"{body.name}: {' '.join(said)}",
                    detail={"agency": body.key}, reason=why, at=at, request_id=None, about=f"agency:{body.key}",
                )  # fmt: skip
    return new


def _boxes(body: Organisation) -> tuple[str | None, str | None]:
    return body.contact_email, body.escalation_email


def _open(session: Session, address: str) -> ReturningMail | None:
    statement = select(ReturningMail).where(
        ReturningMail.address == address, col(ReturningMail.ended_at).is_(None)
    )
    return session.exec(db.for_update(session, statement)).first()
