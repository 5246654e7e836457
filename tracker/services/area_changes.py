"""Areas and their relevant bodies, changed by date: an area begins or ends, a body takes part or no longer does.

Nothing is removed: a case keeps the bodies of the day on which its application was made (s.104(3)(b), s.105).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from tracker import db
from tracker.errors import BadInput
from tracker.models import (
    Area,
    AreaBody,
    AreaKind,
    BodyKind,
    Case,
    Organisation,
    Partnership,
    SetupChange,
    SetupKind,
)
from tracker.policy import Actor
from tracker.services import set_up
from tracker.services.asb_records import applied_on
from tracker.services.policy_checks import Fault
from workflows.facts import tidy
from workflows.traces import short

LONGEST = 100
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChange:
    """One change. Which values it needs depends on ``what``; ``body`` and ``successor`` are keys of organisations.

    ``on`` is the first day of what is added and the last day of what ends.
    """

    what: SetupKind
    on: date
    name: str = ""
    kind: str = ""
    contact: str = ""
    body: str = ""
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Touched:
    """An open case whose application is passed on to other bodies after the change."""

    case_id: int
    reference: str
    gains: tuple[str, ...]
    misses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaOutlook:
    """What a change would do: ``faults`` to put right; the sentence; open cases touched; closed ones read otherwise."""

    faults: tuple[Fault, ...]
    said: str = ""
    touched: tuple[Touched, ...] = ()
    closed: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class _Time:
    """One body's time in an area."""

    organisation_id: int
    from_on: date | None
    to_on: date | None

    def holds(self, on: date) -> bool:
        return (self.from_on is None or self.from_on <= on) and (self.to_on is None or self.to_on >= on)


def key_for(name: str) -> str:
    """The key of an area of that name: Malvern Hills is malvern-hills."""
    return "-".join(re.findall(r"[a-z0-9]+", name.casefold()))


def foresee(session: Session, partnership: Partnership, area: Area | None, asked: AreaChange) -> AreaOutlook:
    """What the change would do, without doing it. ``area`` is empty where one is added."""
    seen = set_up.mark(session, partnership.id or 0)
    found = _faults(session, partnership, area, asked)
    if found:
        return AreaOutlook(tuple(found), mark=seen)
    said = _said(session, partnership, area, asked)
    if area is None:
        return AreaOutlook((), said, mark=seen)
    touched, closed = _touched(session, area, asked)
    return AreaOutlook((), said, touched, closed, seen)


def change(
    session: Session, actor: Actor, partnership: Partnership, area: Area | None, asked: AreaChange, *,
    reason: str, at: datetime, seen: str | None = None, request_id: str | None = None,
) -> SetupChange:  # fmt: skip
    """Make the change. Sent twice, it is one.

    Raises:
        NotPermitted: the actor is neither manager nor administrator of the partnership.
        BadInput: it cannot be made like this, or there is no reason.
        ChangedMeanwhile: the set-up was changed after they looked.
    """
    if before := set_up.done_before(session, request_id):
        return before
    set_up.require(session, actor, partnership, reason, seen)
    outlook = foresee(session, partnership, area, asked)
    if outlook.faults:
        raise BadInput(outlook.faults[0].words)
    about = area or Area(
        partnership_id=partnership.id or 0, key=key_for(asked.name), name=tidy(asked.name),
        kind=asked.kind, contact=tidy(asked.contact), from_on=asked.on,
    )  # fmt: skip
    _carry_out(session, about, asked)
    session.flush()
    detail = {
        "on": asked.on.isoformat(), "body": asked.body, "kind": asked.kind, "successor": asked.successor,
        "touched": [one.reference for one in outlook.touched],
    }  # fmt: skip
    return set_up.record(
        session, actor, partnership, asked.what, outlook.said,
        detail={name: value for name, value in detail.items() if value}, about=about.key,
        reason=reason, at=at, request_id=request_id,
    )  # fmt: skip


def _carry_out(session: Session, area: Area, asked: AreaChange) -> None:
    if area.id is None:
        # Two partnerships may add one name at once: the second is told what it would be told a moment later.
        if not db.insert_new(session, Area, [area.model_dump(exclude={"id"})]):
            raise BadInput(f"There is an area called {area.name} already.")
        return
    if asked.what is SetupKind.AREA_ENDED:
        area.to_on = asked.on
    session.add(area)
    session.flush()
    if asked.what is SetupKind.BODY_ADDED:
        session.add(_body(session, area, asked.body, asked.kind, asked.on, tidy(asked.contact)))
    if asked.what is SetupKind.BODY_ENDED:
        ending = _ending(session, area, asked)
        if ending is None:
            raise BadInput("Choose a body that takes part.")
        ending.to_on = asked.on
        session.add(ending)
        if asked.successor:
            session.add(_body(session, area, asked.successor, ending.kind, asked.on + _DAY, ""))


def _body(session: Session, area: Area, key: str, kind: str, first: date, contact: str) -> AreaBody:
    organisation = _organisation(session, key)
    if organisation is None:
        raise BadInput("Choose an organisation from the list.")
    return AreaBody(
        area_id=area.id or 0, organisation_id=organisation.id or 0, kind=kind, from_on=first, contact=contact
    )


def _faults(
    session: Session, partnership: Partnership, area: Area | None, asked: AreaChange
) -> Sequence[Fault]:
    if asked.what is SetupKind.AREA_ADDED:
        return _area_faults(session, partnership, asked)
    if area is None:
        return [Fault("name", "Choose an area.")]
    if asked.what is SetupKind.AREA_ENDED:
        if area.to_on is not None:
            return [Fault("on", f"{area.name} ends on {short(area.to_on)} already.")]
        return _not_before(area.from_on, asked.on)
    if asked.what is SetupKind.BODY_ADDED:
        return _body_faults(session, area, asked.body, asked.on, asked.kind)
    return _end_faults(session, area, asked)


def _end_faults(session: Session, area: Area, asked: AreaChange) -> Sequence[Fault]:
    ending = _ending(session, area, asked)
    if ending is None:
        return [Fault("body", "Choose a body that takes part and has no last day yet.")]
    found = list(_not_before(ending.from_on, asked.on))
    if asked.successor == asked.body and asked.successor:
        found.append(Fault("successor", "The body that takes over must be another one."))
    elif asked.successor:
        taking = _body_faults(session, area, asked.successor, asked.on + _DAY, ending.kind)
        found += [replace(fault, field="successor") for fault in taking]
    return found


def _area_faults(session: Session, partnership: Partnership, asked: AreaChange) -> Sequence[Fault]:
    found = []
    name = tidy(asked.name)
    if not key_for(name):
        found.append(Fault("name", "Enter the name of the area."))
    elif len(name) > LONGEST:
        found.append(Fault("name", f"The name must be {LONGEST} characters or fewer."))
    elif session.exec(select(Area.id).where(Area.key == key_for(name))).first() is not None:
        found.append(Fault("name", f"There is an area called {name} already."))
    if asked.kind not in set(AreaKind):
        found.append(Fault("kind", "Choose what sort of area it is."))
    if partnership.from_on is not None and asked.on < partnership.from_on:
        found.append(Fault("on", f"{partnership.name} began on {short(partnership.from_on)}."))
    return found


def _body_faults(session: Session, area: Area, key: str, first: date, kind: str) -> Sequence[Fault]:
    organisation = _organisation(session, key)
    if organisation is None:
        return [Fault("body", "Choose an organisation from the list.")]
    found = []
    if kind not in set(BodyKind):
        found.append(Fault("kind", "Choose as what it takes part."))
    if organisation.to_on is not None and organisation.to_on < first:
        found.append(Fault("body", f"{organisation.name} ended on {short(organisation.to_on)}."))
    if area.to_on is not None and area.to_on < first:
        found.append(Fault("on", f"{area.name} ends on {short(area.to_on)}."))
    if area.from_on is not None and first < area.from_on:
        found.append(Fault("on", f"{area.name} began on {short(area.from_on)}."))
    times = [row for row in _rows(session, area) if row.organisation_id == organisation.id]
    if any(row.to_on is None or row.to_on >= first for row in times):
        found.append(
            Fault("body", f"{organisation.name} takes part in {area.name} on that day or after it already.")
        )
    return found


def _not_before(first: date | None, last: date) -> Sequence[Fault]:
    if first is not None and last < first:
        return [Fault("on", f"The last day cannot be before the first day, {short(first)}.")]
    return []


def _said(session: Session, partnership: Partnership, area: Area | None, asked: AreaChange) -> str:
    if area is None:
        return f"{tidy(asked.name)} is an area of {partnership.name} from {short(asked.on)}."
    if asked.what is SetupKind.AREA_ENDED:
        return f"{area.name} is an area until {short(asked.on)}."
    body = _organisation(session, asked.body)
    name = body.name if body else asked.body
    if asked.what is SetupKind.BODY_ADDED:
        return f"{name} takes part in {area.name} from {short(asked.on)}."
    after = _organisation(session, asked.successor)
    taken = f" {after.name} takes over the day after." if after else ""
    return f"{name} takes part in {area.name} until {short(asked.on)}.{taken}"


def _touched(session: Session, area: Area, asked: AreaChange) -> tuple[tuple[Touched, ...], int]:
    """The open cases of the area that are passed on to other bodies, and how many closed ones would be read so."""
    before = [_Time(row.organisation_id, row.from_on, row.to_on) for row in _rows(session, area)]
    after = list(_after(session, area, asked, before))
    names = dict(session.exec(select(Organisation.id, Organisation.name)).all())
    touched: list[Touched] = []
    closed = 0
    for case in _cases(session, area):
        on = applied_on(case)
        if not _exists(area, on):
            continue
        had = {one.organisation_id for one in before if one.holds(on)}
        ended = asked.what is SetupKind.AREA_ENDED and on > asked.on
        has = set() if ended else {one.organisation_id for one in after if one.holds(on)}
        if had == has:
            continue
        if case.closed_on is not None:
            closed += 1
            continue
        gains, misses = (tuple(sorted(str(names.get(n)) for n in ids)) for ids in (has - had, had - has))
        touched.append(Touched(case.id or 0, case.reference, gains, misses))
    return tuple(touched), closed


def _after(session: Session, area: Area, asked: AreaChange, before: Sequence[_Time]) -> Iterable[_Time]:
    """The times of the bodies once the change is made."""
    if asked.what is SetupKind.BODY_ADDED:
        body = _organisation(session, asked.body)
        return [*before, _Time(body.id or 0 if body else 0, asked.on, None)]
    if asked.what is not SetupKind.BODY_ENDED:
        return before
    ending, successor = _ending(session, area, asked), _organisation(session, asked.successor)
    times = [
        replace(one, to_on=asked.on)
        if ending
        and (one.organisation_id, one.from_on, one.to_on) == (ending.organisation_id, ending.from_on, None)
        else one
        for one in before
    ]
    return [*times, *([_Time(successor.id or 0, asked.on + _DAY, None)] if successor else [])]


def _cases(session: Session, area: Area) -> Sequence[Case]:
    """The applications that name the area, of its partnership and of the board that co-ordinates for it."""
    place = session.get_one(Partnership, area.partnership_id)
    rows = session.exec(
        select(Case)
        .where(
            Case.process == "asb_case_review",
            col(Case.partnership_id).in_({place.id, place.coordinator_id} - {None}),
        )
        .order_by(col(Case.reference))
    ).all()
    return [
        row for row in rows if str(row.facts.get("area") or "").casefold() in {area.key, area.name.casefold()}
    ]


def _exists(area: Area, on: date) -> bool:
    return (area.from_on is None or area.from_on <= on) and (area.to_on is None or area.to_on >= on)


def _rows(session: Session, area: Area) -> Sequence[AreaBody]:
    return session.exec(select(AreaBody).where(AreaBody.area_id == area.id).order_by(col(AreaBody.id))).all()


def _ending(session: Session, area: Area, asked: AreaChange) -> AreaBody | None:
    """The time that is to end: the body's that has no last day yet."""
    organisation = _organisation(session, asked.body)
    return next(
        (
            row
            for row in _rows(session, area)
            if organisation is not None and row.organisation_id == organisation.id and row.to_on is None
        ),
        None,
    )


def _organisation(session: Session, key: str) -> Organisation | None:
    return session.exec(select(Organisation).where(Organisation.key == key)).first() if key else None
