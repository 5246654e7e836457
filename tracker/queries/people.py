"""People and access as pages show them: who holds which role where, and when they were last here. No case is read."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, or_, select

from tracker.models import (
    CalendarFeed,
    Membership,
    Organisation,
    Partnership,
    Role,
    SetupKind,
    SignIn,
    UpdateLink,
    User,
)
from tracker.policy import Actor, Permission
from tracker.queries import set_up as setups
from tracker.queries.choices import Choices
from tracker.queries.set_up import SetupEntry
from tracker.services import people, person_changes, set_up, update_links
from tracker.services.people import NewPerson
from tracker.services.person_changes import words_of

KINDS = (
    SetupKind.PERSON_ADDED, SetupKind.ROLE_ENDED, SetupKind.PERSON_DISABLED, SetupKind.PERSON_ENABLED,
    SetupKind.PASSWORD_LINK_SENT, SetupKind.SIGNED_OUT, SetupKind.LINKS_ENDED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """One role that somebody holds today; ``number`` is that of the role."""

    number: int
    title: str
    where: str
    from_on: date | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person, with the roles that the administrator looks after. ``links_out`` open something without a password."""

    number: int
    name: str
    email: str
    agency: str
    roles: tuple[RoleHeld, ...]
    last_signed_in: datetime | None
    links_out: int
    active: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Everybody with a role that the administrator looks after."""

    rows: tuple[PersonRow, ...]
    history: tuple[SetupEntry, ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One of them. ``oneself``: nothing can be changed; ``elsewhere``: they work for others too; ``mark``: what is seen."""

    row: PersonRow
    history: tuple[SetupEntry, ...]
    oneself: bool
    elsewhere: bool
    mark: str
    place: str


def people_page(session: Session, actor: Actor, at: datetime) -> PeoplePage:
    """The list, by name."""
    numbers = set(session.exec(select(Membership.user_id).where(person_changes.looked_after(actor))).all())
    return PeoplePage(
        _rows(session, actor, numbers, at), setups.entries(session, _places(session, actor), *KINDS)
    )


def person_page(session: Session, actor: Actor, number: int, at: datetime) -> PersonPage:
    """One person.

    Raises:
        NotVisible: the actor does not look after them.
    """
    first = person_changes.held(session, actor, number)[0]
    place = person_changes.place_of(session, actor, first)
    (row,) = _rows(session, actor, {number}, at)
    return PersonPage(
        row,
        setups.entries(session, _places(session, actor), *KINDS, about=person_changes.about(number)),
        number == actor.user_id,
        person_changes.elsewhere(session, actor, number),
        set_up.mark(session, place.id or 0),
        place.name,
    )


def mark_of(session: Session, actor: Actor, number: int, role: int) -> str:
    """What stands in the set-up of the place that this role belongs to."""
    rows = person_changes.held(session, actor, number)
    chosen = next((row for row in rows if row.id == role), rows[0])
    return set_up.mark(session, person_changes.place_of(session, actor, chosen).id or 0)


def mark_for(session: Session, actor: Actor, asked: NewPerson) -> str:
    """The same for a role that is still to be given."""
    wanted = people.membership_of(session, asked)
    return set_up.mark(session, person_changes.place_of(session, actor, wanted).id or 0)


def partnerships(session: Session, actor: Actor) -> Choices:
    """Where the actor gives roles, by key and name."""
    return tuple((one.key, one.name) for one in setups.partnerships(session, actor, Permission.PEOPLE_MANAGE))


def agencies(session: Session, actor: Actor) -> Choices:
    """The bodies that work there and have not ended, by key and name."""
    rows = session.exec(
        select(Organisation)
        .where(
            or_(
                col(Organisation.partnership_id).is_(None),
                col(Organisation.partnership_id).in_(_places(session, actor)),
            ),
            col(Organisation.to_on).is_(None),
        )
        .order_by(col(Organisation.name))
    ).all()
    return tuple((one.key, one.name) for one in rows)


def known(session: Session, actor: Actor, email: str, at: datetime) -> PersonRow | None:
    """The person of that address, if the actor looks after them already."""
    user = session.exec(select(User).where(User.email == email.strip().lower())).first()
    mine = select(Membership.id).where(
        Membership.user_id == (user.id if user else None), person_changes.looked_after(actor)
    )
    if user is None or session.exec(mine).first() is None:
        return None
    return _rows(session, actor, {user.id or 0}, at)[0]


def _places(session: Session, actor: Actor) -> set[int]:
    return {one.id or 0 for one in setups.partnerships(session, actor, Permission.PEOPLE_MANAGE)}


def _rows(session: Session, actor: Actor, numbers: set[int], at: datetime) -> tuple[PersonRow, ...]:
    roles: dict[int, list[RoleHeld]] = defaultdict(list)
    for role, place, body in session.exec(
        select(Membership, Partnership, Organisation)
        .outerjoin(Partnership, col(Partnership.id) == col(Membership.partnership_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(
            col(Membership.user_id).in_(numbers),
            col(Membership.to_on).is_(None),
            person_changes.looked_after(actor),
        )
        .order_by(col(Membership.id))
    ).all():
        where = place.name if place is not None else body.name if body is not None else ""
        title = words_of(Role(role.role)).capitalize()
        roles[role.user_id].append(RoleHeld(role.id or 0, title, where, role.from_on))
    last = dict(
        session.exec(
            select(SignIn.user_id, func.max(SignIn.started_at))
            .where(col(SignIn.user_id).in_(numbers))
            .group_by(col(SignIn.user_id))
        ).all()
    )
    found = session.exec(
        select(User, Organisation)
        .outerjoin(Organisation, col(Organisation.id) == col(User.organisation_id))
        .where(col(User.id).in_(numbers))
        .order_by(col(User.name), col(User.id))
    ).all()
    links = _links_out(session, [user for user, _ in found], at)
    return tuple(
        PersonRow(
            user.id or 0, user.name, user.email, body.name if body else "", tuple(roles[user.id or 0]),
            last.get(user.id or 0), links[user.id or 0], user.active,
        )
        for user, body in found
    )  # fmt: skip


def _links_out(session: Session, users: list[User], at: datetime) -> Counter[int]:
    """How many links of each person work now: those in e-mails to them, and their calendar's."""
    by_address = {user.email.lower(): user.id or 0 for user in users}
    since = at - timedelta(days=update_links.DAYS)
    addresses = session.exec(
        select(UpdateLink.address).where(
            col(UpdateLink.address).in_(by_address),
            col(UpdateLink.ended_at).is_(None),
            col(UpdateLink.carried_at) >= since,
        )
    ).all()
    feeds = session.exec(
        select(CalendarFeed.user_id).where(
            col(CalendarFeed.user_id).in_(by_address.values()), col(CalendarFeed.ended_at).is_(None)
        )
    ).all()
    return Counter([*(by_address[one] for one in addresses), *feeds])
