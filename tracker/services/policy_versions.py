"""Procedure versions as records: read, add, end. A version that a case has taken is never changed: a change is a new one.

Nothing here moves a date that runs or a snapshot: a version takes effect for cases whose legally relevant date lies
in it, from their first act on.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from tracker import policy
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible, NotVisible
from tracker.models import Area, Case, LocalPolicy, Partnership
from tracker.models.columns import JsonObject
from tracker.policy import Actor, Permission, Subject
from tracker.services.policy_checks import Fault, faults
from tracker.services.policy_files import Version
from tracker.services.references import hold
from workflows.traces import short

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What adding a version would do: ``faults`` to put right, the open version that it ends, or the one it replaces."""

    faults: tuple[Fault, ...]
    ends: LocalPolicy | None = None
    replaces: LocalPolicy | None = None

    @property
    def mark(self) -> str:
        """What would be ended or put right, in short: another mark later means that it is no longer what was seen."""
        put_right = self.replaces
        entered = put_right.created_at.isoformat() if put_right and put_right.created_at else ""
        return (
            f"ends {self.ends.effective_from.isoformat() if self.ends else 'none'}, "
            f"puts right {f'{put_right.effective_from.isoformat()} {entered}'.strip() if put_right else 'none'}"
        )


def columns_of(version: Version) -> JsonObject:
    """The values of a version as the columns of its row."""
    return {name: value for name, value in asdict(version).items() if name != "partnership"}


def version_of(row: LocalPolicy, partnership: str) -> Version:
    """A row as plain values; ``partnership`` is the key of its partnership."""
    names = set(Version.__dataclass_fields__) - {"partnership"}
    return Version(partnership=partnership, **{name: getattr(row, name) for name in names})


def versions(
    session: Session, actor: Actor, *, partnership: str = "", area: str | None = None
) -> Sequence[tuple[LocalPolicy, Partnership]]:
    """The versions that the actor may read, by partnership, process, area and first day."""
    rows = session.exec(
        select(LocalPolicy, Partnership)
        .join(Partnership, col(LocalPolicy.partnership_id) == col(Partnership.id))
        .order_by(
            col(Partnership.name),
            col(LocalPolicy.process),
            col(LocalPolicy.area),
            col(LocalPolicy.effective_from),
        )
    ).all()
    return [
        (row, owner)
        for row, owner in rows
        if partnership in ("", owner.key)
        and area in (None, row.area)
        and policy.allows(actor, Permission.POLICY_READ, Subject(partnership_id=owner.id))
    ]


def one(
    session: Session, actor: Actor, partnership: str, process: str, area: str, effective_from: date
) -> tuple[LocalPolicy, Partnership]:
    """The version that begins on that day.

    Raises:
        NotVisible: there is none, or it is not theirs to see.
    """
    for row, owner in versions(session, actor, partnership=partnership, area=area):
        if partnership and row.process == process and row.effective_from == effective_from:
            return row, owner
    raise NotVisible("There is no such policy, or it is not one of yours.")


def mark_of(row: LocalPolicy | None) -> str:
    """What stands in a version, in short: another mark later means that somebody entered it anew."""
    if row is None:
        return ""
    return f"{row.effective_from.isoformat()} {row.created_at.isoformat() if row.created_at else ''}".strip()


def taken_by(session: Session, row: LocalPolicy) -> int:
    """How many cases have taken a version."""
    return session.exec(select(func.count(col(Case.id))).where(Case.policy_id == row.id)).one()


def outlook(session: Session, version: Version) -> Outlook:
    """What adding a version would do, without doing it."""
    found = list(faults(version))
    owner = _owner(session, version.partnership)
    if owner is None:
        return Outlook((Fault("partnership", f"There is no partnership {version.partnership!r}."), *found))
    if version.area and (fault := _area_fault(session, owner, version.area)):
        found.append(fault)
    rows = session.exec(
        select(LocalPolicy)
        .where(
            LocalPolicy.partnership_id == owner.id,
            LocalPolicy.area == version.area,
            LocalPolicy.process == version.process,
        )
        .order_by(col(LocalPolicy.effective_from))
    ).all()
    ends: LocalPolicy | None = None
    replaces: LocalPolicy | None = None
    for row in rows:
        if not _overlap(row, version):
            continue
        if row.effective_from == version.effective_from and taken_by(session, row) == 0:
            replaces = row
        elif (
            row.effective_to is None
            and version.effective_to is None
            and row.effective_from < version.effective_from
        ):
            ends = row
        else:
            until = f"to {short(row.effective_to)}" if row.effective_to else "on"
            words = (
                f"The dates overlap with “{row.name}”, which holds from {short(row.effective_from)} {until}."
            )
            found.append(Fault("effective_from", words))
    return Outlook(tuple(found), ends, replaces)


def add(
    session: Session, actor: Actor, version: Version, *, at: datetime, seen: str | None = None
) -> LocalPolicy:
    """Add a version. The open one before it ends the day before; one of the same day that no case has taken gives way.

    ``seen`` is the mark of the outlook that was agreed to. Added twice, it is one version.

    Raises:
        NotPermitted: the actor is not a manager of the partnership.
        ChangedMeanwhile: it would end or put right something else than was seen.
        BadInput: something about it cannot be used.
    """
    owner = _owner(session, version.partnership)
    if owner is None:
        raise BadInput(f"There is no partnership {version.partnership!r}.")
    _may(actor, owner)
    hold(session, owner.id or 0)
    found = outlook(session, version)
    if found.replaces is not None and version_of(found.replaces, owner.key) == version:
        return found.replaces
    if found.faults:
        raise BadInput(found.faults[0].words)
    if seen not in {None, found.mark}:
        raise ChangedMeanwhile("Somebody else changed the procedures after you checked this version.")
    values = columns_of(version) | {"created_by_id": actor.user_id, "created_at": at}
    if found.replaces is not None:
        row = found.replaces
        for name, value in values.items():
            setattr(row, name, value)
    else:
        row = LocalPolicy(partnership_id=owner.id or 0, **values)
    session.add(row)
    session.flush()
    if found.ends is not None:
        _end(found.ends, version.effective_from - _DAY, actor, at)
    before = found.ends or _just_before(session, row)
    if before is not None and before.replaced_by_id is None:
        before.replaced_by_id = row.id
    session.flush()
    return row


def end(
    session: Session, actor: Actor, row: LocalPolicy, last_on: date, *, at: datetime, seen: str | None = None
) -> None:
    """Give a version its last day: cases whose date lies after it no longer take it; those that took it keep it.

    ``seen`` is the mark of the version that was looked at. Ended twice on one day by one person, it is ended once.

    Raises:
        NotPermitted: the actor is not a manager of the partnership.
        ChangedMeanwhile: somebody put the version right after it was looked at.
        NotPossible: it has another last day already, or somebody else gave it one.
        BadInput: the day lies before its first.
    """
    owner = session.get_one(Partnership, row.partnership_id)
    _may(actor, owner)
    hold(session, row.partnership_id)
    session.refresh(row)
    if row.ended_by_id is not None and (row.effective_to, row.ended_by_id) == (last_on, actor.user_id):
        return
    if seen not in {None, mark_of(row)}:
        raise ChangedMeanwhile(
            f"Somebody else put “{row.name}” right after you looked. It says now what stands below."
        )
    if row.effective_to is not None:
        raise NotPossible(f"“{row.name}” ends on {short(row.effective_to)} already.")
    if last_on < row.effective_from:
        raise BadInput(f"The last day cannot be before the first day, {short(row.effective_from)}.")
    _end(row, last_on, actor, at)
    session.flush()


def _end(row: LocalPolicy, last_on: date, actor: Actor, at: datetime) -> None:
    row.effective_to, row.ended_by_id, row.ended_at = last_on, actor.user_id, at


def _may(actor: Actor, owner: Partnership) -> None:
    if not policy.allows(actor, Permission.POLICY_EDIT, Subject(partnership_id=owner.id)):
        raise NotPermitted(f"Only a manager of {owner.name} changes its procedures.")


def _owner(session: Session, key: str) -> Partnership | None:
    return session.exec(select(Partnership).where(Partnership.key == key)).first()


def _area_fault(session: Session, owner: Partnership, key: str) -> Fault | None:
    area = session.exec(select(Area).where(Area.key == key)).first()
    if area is None:
        return Fault("area", f"There is no area {key!r}.")
    place = session.get_one(Partnership, area.partnership_id)
    if owner.id in {place.id, place.coordinator_id}:
        return None
    return Fault("area", f"{area.name} is an area of another partnership: {place.name}.")


def _overlap(row: LocalPolicy, version: Version) -> bool:
    if version.effective_to is not None and version.effective_to < version.effective_from:
        return False  # its dates are at fault already
    begins_before_its_end = row.effective_to is None or version.effective_from <= row.effective_to
    ends_after_its_start = version.effective_to is None or version.effective_to >= row.effective_from
    return begins_before_its_end and ends_after_its_start


def _just_before(session: Session, row: LocalPolicy) -> LocalPolicy | None:
    return session.exec(
        select(LocalPolicy).where(
            LocalPolicy.partnership_id == row.partnership_id,
            LocalPolicy.area == row.area,
            LocalPolicy.process == row.process,
            LocalPolicy.effective_to == row.effective_from - _DAY,
        )
    ).first()
