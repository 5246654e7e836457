"""Who holds which role, changed by an administrator of the place: with a reason, on record, and never for oneself.

Every change of roles ends the person's sessions, so that it holds from their very next request.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import Session, col, select

from tracker import clock, db, policy
from tracker.errors import BadInput, NotPermitted, NotVisible
from tracker.models import (
    CalendarFeed,
    Membership,
    Organisation,
    Partnership,
    Role,
    SetupChange,
    SetupKind,
    UpdateLink,
    User,
)
from tracker.policy import Actor, Permission, Subject
from tracker.services import password_links, people, set_up, sign_in
from tracker.services.people import NewPerson

ROLE_WORDS = {Role.DECISION_MAKER: "decision-maker", Role.PANEL: "panel member"}
NOT_ONESELF = "Somebody else has to change what you hold here."


@dataclass(frozen=True, slots=True)
class Why:
    """What every change carries: the reason, the moment, the mark that was seen, and the number of the form."""

    reason: str
    at: datetime
    seen: str | None = None
    request_id: str | None = None


def words_of(role: str) -> str:
    """A role as sentences say it."""
    return ROLE_WORDS.get(Role(role), role)


def about(user_id: int | None) -> str:
    """How the history names a person."""
    return f"person:{user_id}"


def looked_after(actor: Actor) -> ColumnElement[bool]:
    """The roles that an administrator looks after: those in their partnerships, and leads of bodies that work there."""
    places = actor.partnerships(Role.ADMINISTRATOR)
    if not places:
        return false()
    bodies = select(Organisation.id).where(
        or_(col(Organisation.partnership_id).is_(None), col(Organisation.partnership_id).in_(places))
    )
    return or_(
        col(Membership.partnership_id).in_(places),
        and_(col(Membership.role) == Role.LEAD, col(Membership.organisation_id).in_(bodies)),
    )


def held(session: Session, actor: Actor, user_id: int) -> list[Membership]:
    """The roles of one person that the actor looks after, ended ones too.

    Raises:
        NotVisible: there are none, or there is no such person.
    """
    rows = session.exec(
        select(Membership)
        .where(Membership.user_id == user_id, looked_after(actor))
        .order_by(col(Membership.id))
    ).all()
    if not rows:
        raise NotVisible("There is no such person, or they hold no role that you look after.")
    return list(rows)


def elsewhere(session: Session, actor: Actor, user_id: int) -> bool:
    """Whether the person holds a role that the actor does not look after."""
    statement = select(Membership.id).where(
        Membership.user_id == user_id, col(Membership.to_on).is_(None), ~looked_after(actor)
    )
    return session.exec(statement).first() is not None


def place_of(session: Session, actor: Actor, membership: Membership) -> Partnership:
    """In whose history a change of this role stands; for a body of several partnerships, the actor's first."""
    own = membership.partnership_id
    if own is None:
        body = session.get_one(Organisation, membership.organisation_id)
        own = body.partnership_id or min(actor.partnerships(Role.ADMINISTRATOR), default=None)
    if own is None or not policy.allows(actor, Permission.PEOPLE_MANAGE, Subject(partnership_id=own)):
        raise NotPermitted("Only an administrator of the partnership changes who holds a role there.")
    return session.get_one(Partnership, own)


def add(session: Session, actor: Actor, asked: NewPerson, why: Why) -> SetupChange:
    """Give a role from today. Somebody new gets a link to set a password; nobody chooses one for them.

    Raises:
        NotPermitted: the actor is no administrator of the place, or asks for themselves.
        BadInput: the address, the name or the place cannot be used, or they hold the role already.
        ChangedMeanwhile: the set-up was changed after they looked.
    """
    if before := set_up.done_before(session, why.request_id):
        return before
    wanted = people.membership_of(session, asked)
    place = place_of(session, actor, wanted)
    places = _concerned(session, place, wanted)
    set_up.require(session, actor, place, why.reason, why.seen)
    email = people.address_of(asked.email)
    user = session.exec(db.for_update(session, select(User).where(User.email == email))).first()
    if user is not None and user.id == actor.user_id:
        raise NotPermitted(NOT_ONESELF)
    if user is not None and not user.active:
        raise BadInput("This person is disabled. Enable them first.")
    new = user is None
    if user is None:
        if not asked.name.strip():
            raise BadInput("Give the name by which the person is called on pages: a role title will do.")
        user = User(email=email, name=asked.name.strip(), password_hash=None, created_at=why.at)
        user.organisation_id = wanted.organisation_id
        session.add(user)
        session.flush()
    _give(session, user, wanted, why.at)
    sign_in.end_all(session, user.id or 0, at=why.at)
    if new:
        password_links.send(session, user, place, at=why.at, request_id=why.request_id or "")
    said = f"{user.name} is {words_of(wanted.role)}, {_where(session, wanted)}."
    return _record(session, actor, places, SetupKind.PERSON_ADDED, user, said, why)


def end_role(session: Session, actor: Actor, user_id: int, membership_id: int, why: Why) -> SetupChange:
    """End a role: it holds no more from now on.

    Raises:
        NotVisible: the role is none that the actor looks after.
        NotPermitted: it is the actor's own.
        BadInput: it has ended, or no reason is given.
        ChangedMeanwhile: the set-up was changed after they looked.
    """
    if before := set_up.done_before(session, why.request_id):
        return before
    role = next((row for row in held(session, actor, user_id) if row.id == membership_id), None)
    if role is None:
        raise NotVisible("There is no such role, or you do not look after it.")
    places = _concerned(session, place_of(session, actor, role), role)
    _begin(session, actor, user_id, role, why)
    session.refresh(role)
    if role.to_on is not None:
        raise BadInput("That role has ended already.")
    user = session.get_one(User, user_id)
    role.to_on = clock.london(why.at) - timedelta(days=1)
    session.add(role)
    sign_in.end_all(session, user_id, at=why.at)
    said = f"{user.name} is no longer {words_of(role.role)}, {_where(session, role)}."
    return _record(session, actor, places, SetupKind.ROLE_ENDED, user, said, why)


def set_active(session: Session, actor: Actor, user_id: int, why: Why, *, active: bool) -> SetupChange:
    """Let somebody sign in, or keep them out. What they did stays theirs.

    Raises:
        NotVisible: the actor does not look after the person.
        NotPermitted: it is the actor, or somebody who works for others too.
        BadInput: it is so already, or no reason is given.
        ChangedMeanwhile: the set-up was changed after they looked.
    """
    if before := set_up.done_before(session, why.request_id):
        return before
    place, user = _whole(session, actor, user_id, why)
    if user.active is active:
        raise BadInput("They can sign in already." if active else "They are disabled already.")
    user.active = active
    session.add(user)
    sign_in.end_all(session, user_id, at=why.at)
    kind = SetupKind.PERSON_ENABLED if active else SetupKind.PERSON_DISABLED
    said = f"{user.name} can sign in again." if active else f"{user.name} can no longer sign in."
    return _record(session, actor, [place], kind, user, said, why)


def send_link(session: Session, actor: Actor, user_id: int, why: Why) -> SetupChange:
    """Send the person a link to set a new password. The one they have works until they do.

    Raises:
        NotVisible: the actor does not look after the person.
        NotPermitted: it is the actor, or somebody who works for others too.
        BadInput: they are disabled, or no reason is given.
        ChangedMeanwhile: the set-up was changed after they looked.
    """
    if before := set_up.done_before(session, why.request_id):
        return before
    place, user = _whole(session, actor, user_id, why)
    if not user.active:
        raise BadInput("This person is disabled. Enable them first.")
    password_links.send(session, user, place, at=why.at, request_id=why.request_id or "")
    said = f"{user.name} was sent a link to set a password."
    return _record(session, actor, [place], SetupKind.PASSWORD_LINK_SENT, user, said, why)


def sign_out(session: Session, actor: Actor, user_id: int, why: Why) -> SetupChange:
    """End all sessions of a person. They can sign in again.

    Raises:
        NotVisible: the actor does not look after the person.
        NotPermitted: it is the actor.
        BadInput: no reason is given.
        ChangedMeanwhile: the set-up was changed after they looked.
    """
    if before := set_up.done_before(session, why.request_id):
        return before
    place = _begin(session, actor, user_id, held(session, actor, user_id)[0], why)
    user = session.get_one(User, user_id)
    ended = sign_in.end_all(session, user_id, at=why.at)
    said = f"{user.name} was signed out everywhere ({ended} {'session' if ended == 1 else 'sessions'})."
    return _record(session, actor, [place], SetupKind.SIGNED_OUT, user, said, why)


def end_links(session: Session, actor: Actor, user_id: int, why: Why) -> SetupChange:
    """End the links that open something without a password: those in e-mails to the person, and their calendar's.

    The next e-mail carries another link: to stop that, end their role or disable them.

    Raises:
        NotVisible: the actor does not look after the person.
        NotPermitted: it is the actor, or somebody who works for others too.
        BadInput: there is none, or no reason is given.
        ChangedMeanwhile: the set-up was changed after they looked.
    """
    if before := set_up.done_before(session, why.request_id):
        return before
    place, user = _whole(session, actor, user_id, why)
    links = session.exec(
        db.for_update(session, select(UpdateLink).where(running_link(user)).order_by(col(UpdateLink.id)))
    ).all()
    own = [link.id for link in links if link.covers_id is None]
    below = session.exec(
        select(UpdateLink).where(col(UpdateLink.covers_id).in_(own), col(UpdateLink.ended_at).is_(None))
    ).all()
    feeds = session.exec(
        select(CalendarFeed).where(CalendarFeed.user_id == user_id, col(CalendarFeed.ended_at).is_(None))
    ).all()
    if not links and not feeds:
        raise BadInput("No link of theirs works now.")
    for link in {one.id: one for one in (*links, *below)}.values():
        link.ended_at, link.ended_by_id, link.ended_why = why.at, actor.user_id, why.reason.strip()
        session.add(link)
    for feed in feeds:
        feed.ended_at = why.at
        session.add(feed)
    number = len(links) + len(feeds)
    said = f"{number} {'link' if number == 1 else 'links'} of {user.name} {'has' if number == 1 else 'have'} ended."
    return _record(session, actor, [place], SetupKind.LINKS_ENDED, user, said, why)


def running_link(user: User) -> ColumnElement[bool]:
    """The update links in e-mails to a person that were not ended."""
    return and_(col(UpdateLink.address) == user.email.lower(), col(UpdateLink.ended_at).is_(None))


def _begin(session: Session, actor: Actor, user_id: int, role: Membership, why: Why) -> Partnership:
    if user_id == actor.user_id:
        raise NotPermitted(NOT_ONESELF)
    place = place_of(session, actor, role)
    set_up.require(session, actor, place, why.reason, why.seen)
    return place


def _whole(session: Session, actor: Actor, user_id: int, why: Why) -> tuple[Partnership, User]:
    """What concerns the person as a whole is for who looks after all that they hold."""
    place = _begin(session, actor, user_id, held(session, actor, user_id)[0], why)
    if elsewhere(session, actor, user_id):
        raise NotPermitted("They work for another partnership too. End their role here instead.")
    user = session.exec(db.for_update(session, select(User).where(User.id == user_id))).one()
    session.refresh(user)
    return place, user


def _give(session: Session, user: User, wanted: Membership, at: datetime) -> None:
    same = session.exec(
        select(Membership).where(
            Membership.user_id == user.id,
            Membership.role == wanted.role,
            Membership.partnership_id == wanted.partnership_id,
            Membership.organisation_id == wanted.organisation_id,
        )
    ).first()
    if same is not None and same.to_on is None:
        raise BadInput("They hold that role there already.")
    role = same or wanted
    role.user_id, role.from_on, role.to_on = user.id or 0, clock.london(at), None
    session.add(role)
    session.flush()


def _where(session: Session, role: Membership) -> str:
    if role.partnership_id is not None:
        return session.get_one(Partnership, role.partnership_id).name
    return session.get_one(Organisation, role.organisation_id).name


def _concerned(session: Session, place: Partnership, role: Membership) -> list[Partnership]:
    """Whose history tells of a role: for a lead of a body that several share, every partnership, the actor's first."""
    if role.organisation_id is None or session.get_one(Organisation, role.organisation_id).partnership_id:
        return [place]
    return sorted(set_up.everywhere(session), key=lambda other: other.id != place.id)


def _record(
    session: Session,
    actor: Actor,
    places: list[Partnership],
    what: SetupKind,
    user: User,
    said: str,
    why: Why,
) -> SetupChange:
    lines = [
        set_up.record(
            session, actor, place, what, said, detail={"person": user.id}, reason=why.reason, at=why.at,
            request_id=None if number else why.request_id, about=about(user.id),
        )
        for number, place in enumerate(places)
    ]  # fmt: skip
    return lines[0]
