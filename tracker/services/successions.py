"""Open work of an agency that has ended goes to its successor, all of it in one act. What was done keeps the old name.

An administrator does it and sees numbers only: no reference and no word of any record. Each record has one line of
history; the new lead is told once of each date it takes on; links of the old mailbox end.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from tracker import audit, clock, db, policy
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotVisible
from tracker.models import (
    AreaBody,
    Case,
    CaseParty,
    Membership,
    Organisation,
    PanelMember,
    Partnership,
    Role,
    SetupChange,
    SetupKind,
    UpdateLink,
    User,
)
from tracker.models.columns import JsonObject
from tracker.policy import LED, Actor, Permission, Subject
from tracker.services import new_leads, panel, set_up, update_links
from tracker.services.person_changes import Why
from tracker.services.successors import successor_of

LEADS = ("lead", "joint_lead")
ENDED = "The agency has ended, and its work is with {successor}."


@dataclass(frozen=True, slots=True)
class OpenWork:
    """How much is open with an agency, by kind. ``areas`` and ``people`` are not moved: somebody decides on each."""

    actions: int = 0
    requests: int = 0
    recommendations: int = 0
    shared: int = 0
    seats: int = 0
    areas: int = 0
    people: int = 0

    @property
    def moves(self) -> int:
        """How much goes to the successor."""
        return self.actions + self.requests + self.recommendations + self.shared + self.seats

    def named(self) -> Mapping[str, int]:
        """The numbers by their names."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Succession:
    """An agency, who has its work now, and for which partnerships the actor decides."""

    body: Organisation
    successor: Organisation | None
    places: tuple[Partnership, ...]

    def ids(self) -> list[int]:
        """The partnerships that both work for, in order."""
        only = self.successor.partnership_id if self.successor else None
        return [place.id or 0 for place in self.places if only in {None, place.id}]


def find(session: Session, actor: Actor, key: str) -> Succession:
    """The agency of that key, if the actor administers a partnership that it works for.

    Raises:
        NotVisible: there is none, or it is not theirs.
    """
    body = session.exec(select(Organisation).where(Organisation.key == key)).first()
    places = tuple(
        place
        for place in session.exec(select(Partnership).order_by(col(Partnership.id))).all()
        if body is not None
        and body.partnership_id in {None, place.id}
        and policy.allows(actor, Permission.PEOPLE_MANAGE, Subject(partnership_id=place.id))
    )
    if body is None or not places:
        raise NotVisible("There is no such agency, or it is not one of yours.")
    return Succession(body, successor_of(session, body), places)


def fault_of(found: Succession, today: date) -> str:
    """Why its work cannot go to a successor now, in a sentence; empty if it can."""
    body, successor = found.body, found.successor
    if body.to_on is None:
        return f"{body.name} has not ended."
    if successor is None:
        return f"No agency succeeds {body.name}. The business unit hands its work over, one by one."
    if successor.from_on is not None and successor.from_on > today:
        return f"{successor.name} has not begun yet."
    if successor.to_on is not None and successor.to_on < today:
        return f"{successor.name} has ended too, and no agency succeeds it."
    return "" if found.ids() else f"{successor.name} works in another partnership."


def mark(session: Session, found: Succession) -> str:
    """What stands in the set-up of all the partnerships, in short."""
    return ".".join(set_up.mark(session, number) for number in found.ids())


def open_work(session: Session, body: Organisation, places: Collection[int]) -> OpenWork:
    """Count what is open with an agency in these partnerships. No record is read."""
    led = dict(
        session.exec(
            select(Case.process, func.count()).where(_led_by(body), _open(places)).group_by(col(Case.process))
        ).all()
    )
    return OpenWork(
        actions=led.get("action_item", 0),
        requests=led.get("information_request", 0),
        recommendations=led.get("recommendation", 0),
        shared=session.exec(
            select(func.count(func.distinct(Case.id))).where(
                _shared_by(body), ~_led_by(body), _open(places), col(Case.process).in_(LED)
            )
        ).one(),
        seats=session.exec(
            select(func.count())
            .select_from(PanelMember)
            .join(Case, col(Case.id) == col(PanelMember.case_id))
            .where(PanelMember.organisation_id == body.id, col(PanelMember.to_on).is_(None), _open(places))
        ).one(),
        areas=session.exec(
            select(func.count()).where(AreaBody.organisation_id == body.id, col(AreaBody.to_on).is_(None))
        ).one(),
        people=session.exec(
            select(func.count(func.distinct(Membership.user_id)))
            .join(User, col(User.id) == col(Membership.user_id))
            .where(
                Membership.organisation_id == body.id,
                Membership.role == Role.LEAD,
                col(Membership.to_on).is_(None),
                col(User.active),
            )
        ).one(),
    )


def rehome(session: Session, actor: Actor, key: str, why: Why) -> SetupChange:
    """Give everything that is open with an ended agency to its successor. Sent twice, it is one change.

    Raises:
        NotVisible: the agency is none that the actor administers.
        BadInput: it has not ended, nobody can take over, nothing is open, or no reason is given.
        ChangedMeanwhile: the set-up was changed after they looked.
    """
    if before := set_up.done_before(session, why.request_id):
        return before
    found = find(session, actor, key)
    if fault := fault_of(found, clock.london(why.at)):
        raise BadInput(fault)
    places = [place for place in found.places if place.id in found.ids()]
    for place in places:  # in one order, so that two of them never wait for each other
        set_up.require(session, actor, place, why.reason, None)
    if why.seen not in {None, mark(session, found)}:
        raise ChangedMeanwhile("Somebody else changed the set-up after you looked.")
    work = open_work(session, found.body, found.ids())
    if not work.moves:
        raise BadInput("Nothing is open with it that could be handed over.")
    for case in _held(session, found):
        _move(session, actor, found, case, why)
    _end_links(session, actor, found, why.at)
    successor = _taking_over(found)
    said = f"{words_of(work)} went from {found.body.name} to {successor.name}."
    return set_up.record(
        session, actor, places[0], SetupKind.AGENCY_REHOMED, said[:1].upper() + said[1:],
        detail={"agency": found.body.key, "successor": successor.key, **work.named()},
        reason=why.reason, at=why.at, request_id=why.request_id, about=f"agency:{found.body.key}",
    )  # fmt: skip


def words_of(work: OpenWork) -> str:
    """The numbers in a sentence: ``3 actions, 1 request``."""
    named = (
        (work.actions, "action", "actions"),
        (work.requests, "request for information", "requests for information"),
        (work.recommendations, "recommendation", "recommendations"),
        (work.shared, "shared lead", "shared leads"),
        (work.seats, "place on a panel", "places on panels"),
    )
    return ", ".join(f"{number} {one if number == 1 else many}" for number, one, many in named if number)


def _taking_over(found: Succession) -> Organisation:
    if found.successor is None:
        raise BadInput("No agency succeeds it.")
    return found.successor


def _open(places: Collection[int]) -> ColumnElement[bool]:
    return and_(col(Case.closed_on).is_(None), col(Case.partnership_id).in_(list(places)))


def _led_by(body: Organisation) -> ColumnElement[bool]:
    """Records that it leads, and recommendations that are drafted for it."""
    drafted = and_(
        col(Case.process) == "recommendation",
        col(Case.owner_organisation_id).is_(None),
        col(Case.facts)["recipient"].as_string() == body.key,
    )
    return or_(and_(col(Case.owner_organisation_id) == body.id, col(Case.process).in_(LED)), drafted)


def _shared_by(body: Organisation) -> ColumnElement[bool]:
    parties = select(CaseParty.case_id).where(
        CaseParty.organisation_id == body.id,
        col(CaseParty.part).in_(LEADS),
        col(CaseParty.to_on).is_(None),
    )
    return col(Case.id).in_(parties)


def _held(session: Session, found: Succession) -> list[Case]:
    """Every record that changes, held to the end: those above first, as everybody holds them, each in order."""
    seats = select(PanelMember.case_id).where(
        PanelMember.organisation_id == found.body.id, col(PanelMember.to_on).is_(None)
    )
    led = and_(col(Case.process).in_(LED), or_(_led_by(found.body), _shared_by(found.body)))
    wanted = and_(_open(found.ids()), or_(led, col(Case.id).in_(seats)))
    above = select(Case.parent_id).where(wanted)
    session.exec(
        db.for_update(session, select(Case).where(col(Case.id).in_(above)).order_by(col(Case.id)))
    ).all()
    return list(session.exec(db.for_update(session, select(Case).where(wanted).order_by(col(Case.id)))).all())


def _move(session: Session, actor: Actor, found: Succession, case: Case, why: Why) -> None:
    body, successor = found.body, _taking_over(found)
    if case.process not in LED:
        panel.succeed(session, actor, case, body, successor, why=why.reason, at=why.at)
        return
    facts = _facts_with(case, body, successor)
    today = clock.london(why.at)
    event = audit.record(
        session, case, actor, Happened.OWNER_CHANGED,
        name="rehomed", occurred_on=today, at=why.at, reason=why.reason.strip(), facts=facts,
        detail={"from_organisation": body.name, "to_organisation": successor.name},
    )  # fmt: skip
    if case.owner_organisation_id == body.id:
        case.owner_organisation_id = successor.id
    _change_parties(session, case, body, successor, today)
    session.add(case)
    session.flush()
    new_leads.tell(session, case, event, at=why.at)


def _facts_with(case: Case, body: Organisation, successor: Organisation) -> JsonObject:
    """What the record says of its lead from now on. Of whom a request was asked, it goes on saying."""
    facts: JsonObject = {}
    if case.facts.get("lead_agency") == body.key:
        facts["lead_agency"] = successor.key
    if case.process == "recommendation" and case.owner_organisation_id is None:
        facts["recipient"] = successor.key
    joint = case.facts.get("joint_agencies")
    if isinstance(joint, list) and body.key in joint:
        facts["joint_agencies"] = list(
            dict.fromkeys(successor.key if one == body.key else str(one) for one in joint)
        )
    return facts


def _change_parties(
    session: Session, case: Case, body: Organisation, successor: Organisation, today: date
) -> None:
    """Its part ends, and its successor has it from today. What the plan printed stays with the old line."""
    rows = session.exec(
        select(CaseParty)
        .where(
            CaseParty.case_id == case.id,
            col(CaseParty.organisation_id).in_([body.id, successor.id]),
            col(CaseParty.part).in_(LEADS),
            col(CaseParty.to_on).is_(None),
        )
        .order_by(col(CaseParty.id))
    ).all()
    has = any(row.organisation_id == successor.id for row in rows)
    for row in rows:
        if row.organisation_id != body.id:
            continue
        row.to_on = today
        session.add(row)
        if not has:
            session.add(
                CaseParty(case_id=row.case_id, part=row.part, organisation_id=successor.id, from_on=today)
            )
            has = True


def _end_links(session: Session, actor: Actor, found: Succession, at: datetime) -> None:
    """End the links of mailboxes that answered for the old agency and for no other, and of whoever covers there."""
    body, today = found.body, clock.london(at)
    leads = session.exec(
        select(User.email)
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(Membership.organisation_id == body.id, Membership.role == Role.LEAD)
    ).all()
    boxes = {one.lower() for one in (body.contact_email, *leads) if one}
    over = [one for one in sorted(boxes) if not update_links.bodies_of(session, one, today) - {body.id}]
    own = select(UpdateLink.id).where(col(UpdateLink.address).in_(over), col(UpdateLink.covers_id).is_(None))
    links = session.exec(
        db.for_update(
            session,
            select(UpdateLink)
            .where(
                or_(col(UpdateLink.id).in_(own), col(UpdateLink.covers_id).in_(own)),
                col(UpdateLink.ended_at).is_(None),
            )
            .order_by(col(UpdateLink.id)),
        )
    ).all()
    for link in links:
        link.ended_at, link.ended_by_id = at, actor.user_id
        link.ended_why = ENDED.format(successor=_taking_over(found).name)
        session.add(link)
    session.flush()
