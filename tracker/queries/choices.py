"""Who and what a form can name: people who sign in, organisations, and the names behind recorded keys."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, or_, select

from tracker import clock
from tracker.models import Area, Membership, Organisation, Partnership, Role, User
from tracker.models.columns import JsonObject
from tracker.policy import Actor
from tracker.services.successors import successors_of
from workflows.definition import Workflow
from workflows.facts import FactKind, FactValue

Choices = tuple[tuple[str, str], ...]

AREAS = frozenset({"area", "receiving_area"})
"""Facts that say an area: by its key where it was chosen in a command or a file, or else as it was typed."""

_UNIT = (Role.OFFICER, Role.MANAGER)


def partnerships(session: Session, actor: Actor, *roles: Role) -> tuple[Partnership, ...]:
    """The partnerships that the actor logs cases in, by name; in which they hold one of the ``roles``, if given."""
    ids = actor.partnerships(*roles or _UNIT)
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
    return tuple((user.email, words) for user, words in told_apart(session, session.exec(statement).all()))


def told_apart(session: Session, users: Sequence[User]) -> Iterable[tuple[User, str]]:
    """Each person with the shown name; where several have one name, with where they work, or else the sign-in name."""
    names = {user.id or 0: user.name for user in users}
    several = _shared(names)
    words = apart(names, places_of(session, several) if several else {}, {u.id or 0: u.email for u in users})
    return ((user, words[user.id or 0]) for user in users)


def apart(names: Mapping[int, str], where: Mapping[int, str], sign_in: Mapping[int, str]) -> dict[int, str]:
    """Names by the number of the person, each longer than it was only where it is not that person's alone."""
    longer = {number: f"{names[number]}, {where[number]}" for number in _shared(names) if number in where}
    words = dict(names) | longer
    return words | {number: f"{names[number]}, {sign_in[number]}" for number in _shared(words)}


def _shared(words: Mapping[int, str]) -> set[int]:
    times = Counter(words.values())
    return {number for number, said in words.items() if times[said] > 1}


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
    """The names behind the people, bodies and areas that recorded facts point at."""
    emails: set[str] = set()
    keys: set[str] = set()
    areas: set[str] = set()
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
            elif plain in AREAS:
                areas |= set(given)
    found = area_names(session, areas)
    if emails:
        users = session.exec(select(User).where(col(User.email).in_([e.lower() for e in emails]))).all()
        found |= {user.email: user.name for user in users}
    return found | bodies(session, keys)


def area_names(session: Session, keys: Collection[str]) -> dict[str, str]:
    """The names of areas by their keys. What is no key was typed as a name, and stays as it is."""
    wanted = {key for key in keys if key}
    if not wanted:
        return {}
    return {area.key: area.name for area in session.exec(select(Area).where(col(Area.key).in_(wanted))).all()}


def as_read(session: Session, known: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """What is recorded as a person reads it in a box: an area by its name."""
    names = area_names(session, {str(known[name]) for name in AREAS & set(known)})
    return {name: names.get(str(value), value) if name in AREAS else value for name, value in known.items()}


def bodies(session: Session, keys: Collection[str]) -> dict[str, str]:
    """The names of organisations by their keys; an ended one keeps its name, with "now ..." where it was succeeded."""
    wanted = {key for key in keys if key}
    if not wanted:
        return {}
    found = session.exec(select(Organisation).where(col(Organisation.key).in_(wanted))).all()
    now = now_called(session, found)
    return {body.key: f"{body.name} ({now[body.id]})" if body.id in now else body.name for body in found}


def now_called(session: Session, found: Iterable[Organisation | None]) -> dict[int | None, str]:
    """``now ...`` for those of the bodies that have ended and have a successor, by row number."""
    today = clock.today()
    over = [one for one in found if one is not None and one.successor_id and one.to_on and one.to_on < today]
    return {number: f"now {body.name}" for number, body in successors_of(session, over).items()}
