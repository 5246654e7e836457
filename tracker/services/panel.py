"""The panel of a review: places by agency and role, with first and last day (2016 guidance section 4).

Each change also records the fact ``panel_members`` in words, which the step that convenes the panel asks for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import audit
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput
from tracker.models import Case, Event, Organisation, PanelMember, PanelPart
from tracker.policy import Actor
from tracker.services.guarded import done_before, require_recorder, require_review_pages

PARTS: Mapping[PanelPart, str] = {
    PanelPart.CHAIR: "Independent chair",
    PanelPart.AUTHOR: "Author of the report",
    PanelPart.MEMBER: "Member",
    PanelPart.SPECIALIST_DA: "Specialist domestic abuse member",
    PanelPart.ADVISER: "Adviser",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A place to fill. ``organisation`` is the key of a listed body, or nothing."""

    role_title: str
    part: str
    from_on: date
    organisation: str = ""
    independent: bool = True
    managed_the_case: bool = False


def members_of(session: Session, case: Case) -> list[tuple[PanelMember, Organisation | None]]:
    """Everybody who sits or sat on the panel, with whom they come from, in order."""
    rows = session.exec(
        select(PanelMember, Organisation)
        .outerjoin(Organisation, col(PanelMember.organisation_id) == col(Organisation.id))
        .where(PanelMember.case_id == case.id)
        .order_by(col(PanelMember.id))
    ).all()
    return [(member, body) for member, body in rows]


def seat(
    session: Session,
    actor: Actor,
    case: Case,
    asked: Seat,
    *,
    seen_version: int,
    request_id: str | None = None,
    at: datetime,
) -> Event:
    """Give somebody a place on the panel.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: the process of the case has no such pages.
        BadInput: the role is missing, the day lies ahead, or the body is not known.
    """
    if before := done_before(session, case, request_id):
        return before
    require_recorder(session, actor, case, seen_version)
    require_review_pages(case)
    if not asked.role_title.strip():
        raise BadInput("Enter the role of the panel member, not the name.")
    if asked.part not in set(PanelPart):
        raise BadInput("The part on the panel must be among the answers shown.")
    if asked.from_on > time.london(at):
        raise BadInput("The first day on the panel must be today or in the past.")
    body = _body(session, asked.organisation)
    session.add(
        PanelMember(
            case_id=case.id or 0,
            organisation_id=body.id if body else None,
            role_title=asked.role_title.strip(),
            part=asked.part,
            independent=asked.independent,
            managed_the_case=asked.managed_the_case,
            from_on=asked.from_on,
        )
    )
    session.flush()
    words = _words(asked.role_title, body, asked.part)
    return _recorded(session, actor, case, "seated", words, asked.from_on, "", request_id, at)


def leave(
    session: Session,
    actor: Actor,
    case: Case,
    line: int,
    on: date,
    *,
    why: str = "",
    seen_version: int,
    request_id: str | None = None,
    at: datetime,
) -> Event:
    """End somebody's place. ``line`` counts the members as :func:`members_of` gives them, from 1.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: the process of the case has no such pages.
        BadInput: there is no such member, or the last day lies ahead or before the first.
    """
    if before := done_before(session, case, request_id):
        return before
    require_recorder(session, actor, case, seen_version)
    require_review_pages(case)
    found = members_of(session, case)
    if not 0 < line <= len(found) or found[line - 1][0].to_on is not None:
        raise BadInput("There is no such member on the panel.")
    member, body = found[line - 1]
    if on > time.london(at) or on < member.from_on:
        raise BadInput("The last day on the panel must be after the first, and today or in the past.")
    member.to_on = on
    session.add(member)
    session.flush()
    words = _words(member.role_title, body, member.part)
    return _recorded(session, actor, case, "left", words, on, why, request_id, at)


def succeed(
    session: Session, actor: Actor, case: Case, body: Organisation, successor: Organisation, *, why: str, at: datetime
) -> Event:  # fmt: skip
    """The places of an agency that has ended are its successor's from today. Whoever calls has asked whether they may."""
    today = time.london(at)
    for member, found in members_of(session, case):
        if found is None or found.id != body.id or member.to_on is not None:
            continue
        member.to_on = today
        session.add(member)
        session.add(
            PanelMember(
                case_id=member.case_id,
                organisation_id=successor.id,
                role_title=member.role_title,
                part=member.part,
                independent=member.independent,
                managed_the_case=member.managed_the_case,
                from_on=today,
            )
        )
    session.flush()
    words = f"The place of {body.name} is {successor.name}'s"
    return _recorded(session, actor, case, "rehomed", words, today, why, None, at)


def _recorded(
    session: Session,
    actor: Actor,
    case: Case,
    what: str,
    words: str,
    on: date,
    why: str,
    request_id: str | None,
    at: datetime,
) -> Event:
    sitting = [
        _words(member.role_title, body, member.part)
        for member, body in members_of(session, case)
        if member.to_on is None
    ]
    event = audit.record(
        session, case, actor, Happened.PANEL_CHANGED,
        name=what, occurred_on=on, at=at, reason=why.strip(), facts={"panel_members": "\n".join(sitting)},
        detail={"said": words if what == "rehomed" else f"{words}: {what}"}, request_id=request_id,
    )  # fmt: skip
    session.flush()
    return event


def _words(role_title: str, body: Organisation | None, part: str) -> str:
    whose = f"{body.name}, " if body else ""
    return f"{whose}{role_title.strip()} ({PARTS[PanelPart(part)].lower()})"


def _body(session: Session, key: str) -> Organisation | None:
    if not key:
        return None
    found = session.exec(select(Organisation).where(Organisation.key == key)).first()
    if found is None:
        raise BadInput("The agency must be among those shown.")
    return found
