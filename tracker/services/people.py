"""People who sign in: adding, disabling, passwords, on the command line. Administrators: ``person_changes``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker import db, passwords
from tracker.errors import BadInput, NotPermitted
from tracker.models import Membership, Organisation, Partnership, Role, SignIn, User
from tracker.policy import Actor
from tracker.services import sign_in
from tracker.services.sign_in import Knock

FOR_AN_ORGANISATION = frozenset({Role.LEAD})
"""Roles that are held for an agency; the others are held in a partnership."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is known of a new person. ``partnership`` and ``organisation`` are keys, "" for none."""

    email: str
    name: str
    role: Role
    partnership: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """One person as lists show them; ``roles`` are pairs of a role and where it is held."""

    email: str
    name: str
    active: bool
    roles: tuple[tuple[Role, str], ...]


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One running session as its owner sees it."""

    started_at: datetime
    last_seen_at: datetime
    this_one: bool


def add(session: Session, actor: Actor, asked: NewPerson, *, password: str, at: datetime) -> User:
    """Add a person with one role, or one more role to a person who is there; their password is set only if new.

    Raises:
        BadInput: the address, the name, the place or the password cannot be used.
        NotPermitted: not the command line.

    """
    _only_system(actor)
    email = address_of(asked.email)
    membership = membership_of(session, asked)
    user = session.exec(db.for_update(session, select(User).where(User.email == email))).first()
    if user is None:
        if not asked.name.strip():
            raise BadInput("Give the name by which the person is called on pages: a role title will do.")
        user = User(
            email=email, name=asked.name.strip(), password_hash=accepted(password, email), created_at=at
        )
        user.organisation_id = membership.organisation_id
        session.add(user)
        session.flush()
    membership.user_id = user.id or 0
    same = select(Membership).where(
        Membership.user_id == membership.user_id,
        Membership.role == membership.role,
        Membership.partnership_id == membership.partnership_id,
        Membership.organisation_id == membership.organisation_id,
    )
    if session.exec(same).first() is not None:
        raise BadInput(f"{email} already has that role there.")
    session.add(membership)
    session.flush()
    return user


def disable(session: Session, actor: Actor, email: str, *, at: datetime) -> None:
    """Keep somebody out from their very next request on. What they did stays theirs.

    Raises:
        BadInput: there is nobody of that address, or they are disabled already.
        NotPermitted: not the command line.

    """
    _only_system(actor)
    user = _user(session, email)
    if not user.active:
        raise BadInput(f"{user.email} is disabled already.")
    user.active = False
    session.add(user)
    sign_in.end_all(session, user.id or 0, at=at)


def set_password(session: Session, actor: Actor, email: str, password: str, *, at: datetime) -> None:
    """Give somebody a new password; all their sessions end.

    Raises:
        BadInput: there is nobody of that address, or the password cannot be taken.
        NotPermitted: not the command line.

    """
    _only_system(actor)
    user = _user(session, email)
    user.password_hash = accepted(password, user.email)
    session.add(user)
    sign_in.end_all(session, user.id or 0, at=at)


def change_own_password(
    session: Session, actor: Actor, knocked: Knock, new_password: str, *, at: datetime
) -> str | None:
    """Replace one's own password and end all one's sessions; the token of a new one.

    ``knocked`` is the try with which the present password was compared and found right, outside the transaction.
    None: the password was changed meanwhile.

    Raises:
        BadInput: the new password cannot be taken.
    """
    stored = accepted(new_password, actor.email)
    user = session.exec(db.for_update(session, select(User).where(User.id == actor.user_id))).one()
    if user.id != knocked.user_id or user.password_hash != knocked.stored:
        return None
    sign_in.succeeded(session, knocked)
    user.password_hash = stored
    session.add(user)
    sign_in.end_all(session, user.id or 0, at=at)
    return sign_in.begin(session, user, at=at)


def choose_first_page(session: Session, actor: Actor, address: str) -> None:
    """Keep one's own choice of a first page; the address is one of those that the pages offer, or empty for none."""
    user = session.exec(db.for_update(session, select(User).where(User.id == actor.user_id))).one()
    user.first_page = address
    session.add(user)
    session.flush()


def first_page_of(session: Session, actor: Actor) -> str:
    """The address of the first page that somebody chose; empty where they chose none."""
    return session.exec(select(User.first_page).where(User.id == actor.user_id)).first() or ""


def own_roles(session: Session, actor: Actor) -> tuple[tuple[Role, str], ...]:
    """One's own roles and where they are held."""
    return _roles(session, actor.user_id or 0)


def own_sessions(session: Session, actor: Actor, *, this_one: int) -> tuple[OpenSession, ...]:
    """One's own sessions that nobody has ended, newest first."""
    rows: Sequence[SignIn] = sign_in.running(session, actor.user_id or 0)
    return tuple(OpenSession(row.started_at, row.last_seen_at, row.id == this_one) for row in rows)


def is_known(session: Session, email: str) -> bool:
    """Whether somebody has that address."""
    return session.exec(select(User.id).where(User.email == email.strip().lower())).first() is not None


def everybody(session: Session) -> tuple[Person, ...]:
    """Everyone who can or could sign in, by address."""
    users = session.exec(select(User).order_by(User.email)).all()
    return tuple(Person(u.email, u.name, u.active, _roles(session, u.id or 0)) for u in users)


def demonstration(session: Session) -> tuple[Person, ...]:
    """The people of the demonstration, by address; empty where there is none."""
    users = session.exec(
        select(User).where(col(User.demonstration).is_(True), col(User.active).is_(True)).order_by(User.email)
    ).all()
    return tuple(Person(u.email, u.name, u.active, _roles(session, u.id or 0)) for u in users)


def set_demonstration_password(session: Session, password: str) -> bool:
    """Give all the people of the demonstration this password, if it is not theirs yet; whether it was changed."""
    users = session.exec(select(User).where(col(User.demonstration).is_(True)).order_by(User.email)).all()
    if not users or passwords.matches(users[0].password_hash, password):
        return False
    stored = passwords.hashed(password)
    for user in users:
        user.password_hash = stored
        session.add(user)
    return True


def _roles(session: Session, user_id: int) -> tuple[tuple[Role, str], ...]:
    rows = session.exec(
        select(Membership.role, Partnership.name, Organisation.name)
        .join(Partnership, col(Membership.partnership_id) == col(Partnership.id), isouter=True)
        .join(Organisation, col(Membership.organisation_id) == col(Organisation.id), isouter=True)
        .where(Membership.user_id == user_id, col(Membership.to_on).is_(None))
        .order_by(col(Membership.id))
    ).all()
    return tuple((Role(role), partnership or organisation or "") for role, partnership, organisation in rows)


def address_of(typed: str) -> str:
    """An e-mail address as it is kept.

    Raises:
        BadInput: it is none.
    """
    email = typed.strip().lower()
    local, at_sign, domain = email.partition("@")
    if (
        not (local and at_sign and "." in domain)
        or not email.isprintable()
        or " " in email
        or len(email) > 254
    ):
        raise BadInput(f"{typed!r} is not an e-mail address.")
    return email


def membership_of(session: Session, asked: NewPerson) -> Membership:
    """The role that is asked for, not yet anybody's.

    Raises:
        BadInput: there is no such partnership or agency.
    """
    if asked.role in FOR_AN_ORGANISATION:
        organisation = session.exec(
            select(Organisation).where(Organisation.key == asked.organisation)
        ).first()
        if organisation is None:
            raise BadInput(
                f"A {asked.role} needs an organisation, and there is none with the key {asked.organisation!r}."
            )
        return Membership(user_id=0, role=asked.role, organisation_id=organisation.id)
    partnership = session.exec(select(Partnership).where(Partnership.key == asked.partnership)).first()
    if partnership is None:
        raise BadInput(
            f"The role {asked.role} needs a partnership, and there is none with the key {asked.partnership!r}."
        )
    return Membership(user_id=0, role=asked.role, partnership_id=partnership.id)


def _user(session: Session, email: str) -> User:
    wanted = email.strip().lower()
    user = session.exec(db.for_update(session, select(User).where(User.email == wanted))).first()
    if user is None:
        raise BadInput(f"There is nobody with the address {email}.")
    return user


def accepted(password: str, email: str) -> str:
    """A new password as it is kept.

    Raises:
        BadInput: it cannot be taken.
    """
    wrong = passwords.complaint(password, email)
    if wrong:
        raise BadInput(wrong)
    return passwords.hashed(password)


def _only_system(actor: Actor) -> None:
    if not actor.system:
        raise NotPermitted("People are added and changed on the command line, with `tracker users`.")
