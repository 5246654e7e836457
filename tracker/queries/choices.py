"""Who and what a form can name: people who sign in, organisations, and the names behind recorded keys."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlmodel import Session, col, or_, select

from tracker.models import Membership, Organisation, Partnership, Role, User
from tracker.models.columns import JsonObject
from tracker.policy import Actor
from workflows.definition import Workflow
from workflows.facts import FactKind

Choices = tuple[tuple[str, str], ...]

_UNIT = (Role.OFFICER, Role.MANAGER)


def partnerships(session: Session, actor: Actor) -> tuple[Partnership, ...]:
    """The partnerships that the actor logs cases in, by name."""
    ids = actor.partnerships(*_UNIT)
    return tuple(
        session.exec(
            select(Partnership).where(col(Partnership.id).in_(ids)).order_by(col(Partnership.name))
        ).all()
    )


def people(session: Session, partnership_id: int, *roles: Role) -> Choices:
    """Who works for a partnership or for the board that co-ordinates it, as sign-in name and shown name."""
    partnership = session.get_one(Partnership, partnership_id)
    places = {partnership.id, partnership.coordinator_id} - {None}
    statement = (
        select(User)
        .join(Membership)
        .where(
            col(Membership.partnership_id).in_(places),
            col(Membership.to_on).is_(None),
            col(User.active).is_(True),
        )
        .order_by(col(User.name), col(User.email))
        .distinct()
    )
    if roles:
        statement = statement.where(col(Membership.role).in_(roles))
    return tuple((user.email, user.name) for user in session.exec(statement).all())


def everybody(session: Session) -> Choices:
    """Everybody who may sign in, for naming who may open a restricted case: panels draw on every agency."""
    rows = session.exec(
        select(User, Organisation)
        .outerjoin(Organisation, col(User.organisation_id) == col(Organisation.id))
        .where(col(User.active).is_(True))
        .order_by(col(User.name), col(User.email))
    ).all()
    where = places_of(session, (user.id for user, body in rows if body is None))
    named = ((user, body.name if body else where.get(user.id or 0, "")) for user, body in rows)
    return tuple((user.email, f"{user.name}, {place}" if place else user.name) for user, place in named)


def places_of(session: Session, people: Iterable[int | None]) -> dict[int, str]:
    """The partnerships that people work for, by the number of the person: several have the same title."""
    rows = session.exec(
        select(Membership.user_id, Partnership.name)
        .join(Partnership, col(Partnership.id) == col(Membership.partnership_id))
        .where(col(Membership.user_id).in_([number for number in people if number is not None]))
        .order_by(col(Membership.user_id), col(Partnership.name))
        .distinct()
    ).all()
    found: dict[int, list[str]] = {}
    for number, name in rows:
        found.setdefault(number, []).append(name)
    return {number: " and ".join(names) for number, names in found.items()}


def organisations(session: Session, partnership_id: int | None, on: date) -> Choices:
    """The bodies that exist on a day and belong to the partnership or to several."""
    statement = (
        select(Organisation)
        .where(
            or_(
                col(Organisation.partnership_id).is_(None),
                Organisation.partnership_id == partnership_id,
            ),
            or_(col(Organisation.to_on).is_(None), col(Organisation.to_on) >= on),
            or_(col(Organisation.from_on).is_(None), col(Organisation.from_on) <= on),
        )
        .order_by(col(Organisation.name), col(Organisation.key))
    )
    return tuple((body.key, body.name) for body in session.exec(statement).all())


def names_in(session: Session, workflow: Workflow, *recorded: JsonObject) -> Mapping[str, str]:
    """The names behind the people and bodies that recorded facts point at."""
    emails: set[str] = set()
    keys: set[str] = set()
    for facts in recorded:
        for name, value in facts.items():
            plain, _, instance = name.partition("@")
            keys |= {instance} - {""}
            fact = workflow.fact_by_name.get(plain)
            given: Iterable[str] = value if isinstance(value, (list, tuple)) else [str(value)]
            if fact and fact.kind is FactKind.PERSON:
                emails |= set(given)
            elif fact and fact.kind in {FactKind.ORGANISATION, FactKind.ORGANISATIONS}:
                keys |= set(given)
    found: dict[str, str] = {}
    if emails:
        users = session.exec(select(User).where(col(User.email).in_([e.lower() for e in emails]))).all()
        found |= {user.email: user.name for user in users}
    return found | bodies(session, keys)


def bodies(session: Session, keys: Collection[str]) -> dict[str, str]:
    """The names of organisations by their keys."""
    wanted = {key for key in keys if key}
    if not wanted:
        return {}
    found = session.exec(select(Organisation).where(col(Organisation.key).in_(wanted))).all()
    return {body.key: body.name for body in found}
