"""Local procedures as pages show them: every version with its dates, one of them in words, areas without any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import access, policy
from tracker.errors import NotVisible
from tracker.models import Area, LocalPolicy, Partnership, User
from tracker.policy import Actor, Permission, Subject
from tracker.services import areas, policies, policy_versions, policy_words
from tracker.services.policy_checks import known_to
from tracker.services.policy_words import Said
from tracker.services.process_names import called_in
from workflows.released import UnknownWorkflow, current

ALL_AREAS = "all"
"""What an address and a form call a version for every area of a partnership."""

_ASB = "asb_case_review"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a version holds and for what, as an address says it and as a page does."""

    partnership: str
    process: str
    area: str
    where: str
    title: str

    @property
    def address(self) -> dict[str, str]:
        """The values of an address."""
        return {"partnership": self.partnership, "process": self.process, "area": self.area}


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in the list. ``standing`` is in force, to come or ended, seen from today."""

    place: Place
    name: str
    first_on: date
    last_on: date | None
    standing: str

    @property
    def address(self) -> dict[str, str]:
        """The values of the address of its page."""
        return self.place.address | {"first": self.first_on.isoformat()}


@dataclass(frozen=True, slots=True)
class PoliciesPage:
    """Every version that the actor may read, and the areas whose applications can be received and go no further."""

    rows: tuple[VersionRow, ...]
    without: tuple[str, ...]
    may_add: bool


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """One version in words. ``taken`` cases go by it; none: it can still be put right."""

    row: VersionRow
    threshold: tuple[str, ...]
    lengths: tuple[Said, ...]
    papers: tuple[Said, ...]
    taken: int
    mark: str
    effect: str
    entered: str
    entered_at: datetime | None
    ended: str
    ended_at: datetime | None
    follows: VersionRow | None
    may_edit: bool

    @property
    def open_ended(self) -> bool:
        """Whether it has no last day yet."""
        return self.row.last_on is None


def policies_page(session: Session, actor: Actor, today: date) -> PoliciesPage:
    """The list: partnerships by name, then process, area and first day."""
    found = policy_versions.versions(session, actor)
    names = _areas(session)
    rows = tuple(_row(row, owner, names, today) for row, owner in found)
    readable = session.exec(
        select(Area, Partnership)
        .join(Partnership, col(Area.partnership_id) == col(Partnership.id))
        .order_by(col(Partnership.name), col(Area.name))
    ).all()
    without = tuple(
        f"{area.name} ({place.name})"
        for area, place in readable
        if policy.allows(actor, Permission.POLICY_READ, Subject(partnership_id=place.id))
        and area in areas.areas_of(session, area.partnership_id, today)
        and policies.in_area(session, _ASB, area, today) is None
    )
    return PoliciesPage(rows, without, bool(partnerships(session, actor)))


def policy_page(
    session: Session, actor: Actor, partnership: str, process: str, area: str, first: date, today: date
) -> PolicyPage:
    """One version.

    Raises:
        NotVisible: there is none, or it is not theirs to see.
    """
    row, owner = found(session, actor, partnership, process, area, first)
    names = _areas(session)
    version = policy_versions.version_of(row, owner.key)
    follows = session.get(LocalPolicy, row.replaced_by_id) if row.replaced_by_id else None
    return PolicyPage(
        row=_row(row, owner, names, today),
        threshold=policy_words.threshold(version),
        lengths=policy_words.lengths(version),
        papers=policy_words.papers(version),
        taken=policy_versions.taken_by(session, row),
        mark=policy_versions.mark_of(row),
        effect=policy_words.takes_effect(version),
        entered=_who(session, row.created_by_id),
        entered_at=row.created_at,
        ended=_who(session, row.ended_by_id),
        ended_at=row.ended_at,
        follows=_row(follows, owner, names, today) if follows else None,
        may_edit=policy.allows(actor, Permission.POLICY_EDIT, Subject(partnership_id=owner.id)),
    )


def found(
    session: Session, actor: Actor, partnership: str, process: str, area: str, first: date
) -> tuple[LocalPolicy, Partnership]:
    """The version behind an address.

    Raises:
        NotVisible: there is none, or it is not theirs to see.
    """
    return policy_versions.one(session, actor, partnership, process, area_key(area), first)


def area_key(area: str) -> str:
    """The area of an address as a version holds it."""
    return "" if area == ALL_AREAS else area


def partnerships(session: Session, actor: Actor) -> Sequence[Partnership]:
    """Whose procedures the actor changes, by name."""
    return [
        place
        for place in session.exec(select(Partnership).order_by(col(Partnership.name))).all()
        if policy.allows(actor, Permission.POLICY_EDIT, Subject(partnership_id=place.id))
    ]


def places(session: Session, actor: Actor, today: date) -> tuple[Place, ...]:
    """For what the actor enters versions: each partnership, each of its areas, each process in effect."""
    made = []
    for partnership in partnerships(session, actor):
        own = areas.areas_of(session, partnership.id or 0, today)
        everywhere = (("", "all areas"), *((area.key, area.name) for area in own if len(own) > 1))
        for process, title in _processes(today):
            made += [
                Place(
                    partnership.key,
                    process,
                    key or ALL_AREAS,
                    f"{partnership.name}, {name}",
                    called_in(partnership, process, title),
                )
                for key, name in everywhere
            ]
    return tuple(made)


def place_of(session: Session, actor: Actor, partnership: str, process: str, area: str, today: date) -> Place:
    """The place of an address, if the actor changes procedures there.

    Raises:
        NotVisible: there is none, or it is not theirs.
    """
    owner = access.partnership_for(session, actor, partnership, Permission.POLICY_EDIT)
    known = known_to(process, today)
    own = {one.key: one.name for one in areas.areas_of(session, owner.id or 0, today)}
    if known is None or process not in dict(_processes(today)) or area not in {ALL_AREAS, *own}:
        raise NotVisible("There is no such area or process, or it is not one of yours.")
    where = f"{owner.name}, {own.get(area, 'all areas')}"
    return Place(owner.key, process, area, where, called_in(owner, process, known.workflow.title))


def latest(session: Session, actor: Actor, place: Place) -> LocalPolicy | None:
    """The version to begin the next one from: the last of the same place, if there is one."""
    rows = policy_versions.versions(session, actor, partnership=place.partnership, area=area_key(place.area))
    own = [row for row, _ in rows if row.process == place.process]
    return own[-1] if own else None


def _processes(today: date) -> tuple[tuple[str, str], ...]:
    titles = []
    for process in (*policy.REVIEWS, *policy.ACTIONS):
        try:
            titles.append((process, current(process, today).title))
        except UnknownWorkflow:
            continue  # not in effect yet
    return tuple(sorted(titles, key=lambda one: one[1]))


def _areas(session: Session) -> dict[str, str]:
    return {area.key: area.name for area in session.exec(select(Area)).all()}


def _row(row: LocalPolicy, owner: Partnership, names: dict[str, str], today: date) -> VersionRow:
    title = dict(_processes(row.effective_from)).get(row.process, row.process)
    title = row.name_shown or called_in(owner, row.process, title)
    where = names.get(row.area, row.area) if row.area else "all areas"
    place = Place(owner.key, row.process, row.area or ALL_AREAS, f"{owner.name}, {where}", title)
    if row.effective_from > today:
        standing = "To come"
    else:
        standing = "In force" if row.effective_to is None or row.effective_to >= today else "Ended"
    return VersionRow(place, row.name, row.effective_from, row.effective_to, standing)


def _who(session: Session, user_id: int | None) -> str:
    if user_id is None:
        return ""
    return session.exec(select(User.name).where(User.id == user_id)).one()
