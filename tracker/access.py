"""The only way to a record. What is absent and what is not yours give the same answer: :class:`NotVisible`."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import Session, col, select

from tracker import clock, db
from tracker.errors import NotVisible
from tracker.models import (
    AccessLog,
    Case,
    CaseGrant,
    CaseParty,
    Deadline,
    Document,
    Letter,
    Looked,
    Membership,
    Partnership,
    Plan,
    Role,
    Sensitivity,
    User,
)
from tracker.policy import LED, READERS, UNTIL_RELEASED, Actor, Holding, Permission, Subject, allows


def actor_for(session: Session, user: User, at: datetime) -> Actor:
    """Everything that decides what a person may do. A board's roles reach the CSPs it co-ordinates for."""
    today = clock.london(at)
    rows = session.exec(select(Membership).where(Membership.user_id == user.id)).all()
    held = {
        Holding(Role(row.role), row.partnership_id, row.organisation_id)
        for row in rows
        if (row.from_on is None or row.from_on <= today) and (row.to_on is None or row.to_on >= today)
    }
    boards = {h.partnership_id for h in held if h.partnership_id is not None}
    for csp in session.exec(select(Partnership).where(col(Partnership.coordinator_id).in_(boards))).all():
        held |= {Holding(h.role, csp.id) for h in held if h.partnership_id == csp.coordinator_id}
    granted = session.exec(
        select(CaseGrant.case_id).where(CaseGrant.user_id == user.id, col(CaseGrant.ended_at).is_(None))
    ).all()
    return Actor(user.id, user.name, user.email, user.organisation_id, frozenset(held), frozenset(granted))


def subject_of(session: Session, case: Case) -> Subject:
    """What the policy looks at."""
    now = select(CaseParty.organisation_id).where(
        CaseParty.case_id == case.id, col(CaseParty.to_on).is_(None)
    )
    return subject_with(case, db.once(session, (subject_of, case.id), lambda: session.exec(now).all()))


def subject_with(case: Case, parties: Iterable[int | None]) -> Subject:
    """The same, for a list whose parties were read together."""
    organisations = {case.owner_organisation_id, *parties} - {None}
    return Subject(
        partnership_id=case.partnership_id,
        case_id=case.id,
        process=case.process,
        parent_id=case.parent_id,
        restricted=case.sensitivity == Sensitivity.RESTRICTED,
        organisation_ids=frozenset(o for o in organisations if o is not None),
        state=case.state,
    )


def case_for(
    session: Session, actor: Actor, reference: str, *, lock: bool = False, together: Collection[str] = ()
) -> Case:
    """The case of that reference, if the actor may read it. ``lock`` holds it until the end of the transaction.

    ``together`` are references of other cases that the same act will hold: all are held in one order, so that two
    acts that name each other's case wait and never block each other.

    Raises:
        NotVisible: there is none, or it is not theirs to see.
    """
    statement = select(Case).where(Case.reference == reference.upper())
    if lock:  # the case above first, always: what a child's step does to it never crosses what its step does to a child
        above = select(Case.parent_id).where(Case.reference == reference.upper()).scalar_subquery()
        session.exec(db.for_update(session, select(Case).where(Case.id == above))).all()
        if together:
            named = {reference.upper(), *(each.strip().upper() for each in together)}
            both = select(Case).where(col(Case.reference).in_(named)).order_by(col(Case.id))
            session.exec(db.for_update(session, both)).all()
        statement = db.for_update(session, statement)
    case = session.exec(statement).first()
    if case is None or not allows(actor, Permission.CASE_READ, subject_of(session, case)):
        raise NotVisible("There is no such case, or it is not yours to see.")
    return case


def deadline_for(session: Session, case: Case, key: str, instance: str = "") -> Deadline:
    """The latest deadline of that clock on a case that was already fetched through here.

    Raises:
        NotVisible: the case has none.
    """
    deadline = session.exec(
        select(Deadline)
        .where(Deadline.case_id == case.id, Deadline.key == key, Deadline.instance == instance)
        .order_by(col(Deadline.cycle).desc())
    ).first()
    if deadline is None:
        raise NotVisible("There is no such date on this case.")
    return deadline


def letter_for(session: Session, case: Case, code: str, number: int) -> Letter:
    """One letter of a case that was already fetched through here.

    Raises:
        NotVisible: the case has none of that kind and number.
    """
    letter = session.exec(
        select(Letter).where(Letter.case_id == case.id, Letter.kind == code, Letter.number == number)
    ).first()
    if letter is None:
        raise NotVisible("There is no such letter on this case.")
    return letter


def documents_of(session: Session, actor: Actor, case: Case) -> list[Document]:
    """Every version of every document of a case that was already fetched through here, as far as the actor may read it.

    Whoever reads the case only as a panel member reads what was released; and nothing that was taken out.
    """
    rows = select(Document).where(Document.case_id == case.id)
    if not allows(actor, Permission.DOCUMENT_UNRELEASED, subject_of(session, case)):
        rows = rows.where(col(Document.released_on).is_not(None), col(Document.withdrawn_on).is_(None))
    return list(session.exec(rows.order_by(col(Document.number), col(Document.version))).all())


def document_for(
    session: Session, actor: Actor, case: Case, number: int, version: int | None = None
) -> Document:
    """One document of such a case: that version of it, or the latest that the actor may read.

    Raises:
        NotVisible: there is none, or it was not released to them.
    """
    found = [
        row
        for row in documents_of(session, actor, case)
        if row.number == number and version in {None, row.version}
    ]
    if not found:
        raise NotVisible("There is no such document on this case.")
    return found[-1]


def plan_for(session: Session, actor: Actor, key: str) -> Plan:
    """The plan of that key, if the actor works in its partnership; the newest where several partnerships have one.

    Raises:
        NotVisible: there is none, or it is not theirs to see.
    """
    for plan in session.exec(
        select(Plan)
        .where(or_(col(Plan.key) == key.lower(), col(Plan.name) == key))
        .order_by(col(Plan.id).desc())
    ).all():
        if allows(actor, Permission.WORK_READ, Subject(partnership_id=plan.partnership_id)):
            return plan
    raise NotVisible("There is no such plan, or it is not yours to see.")


def partnership_for(session: Session, actor: Actor, key: str, permission: Permission) -> Partnership:
    """The partnership of that key, if the actor holds the permission there.

    Raises:
        NotVisible: there is none, or nothing of the kind is theirs there.
    """
    found = session.exec(select(Partnership).where(Partnership.key == key)).first()
    if found is None or not allows(actor, permission, Subject(partnership_id=found.id)):
        raise NotVisible("There is no such partnership, or it is not one of yours.")
    return found


def visible(actor: Actor) -> ColumnElement[bool]:
    """The same policy as :func:`case_for`, as a condition on ``cases`` for lists, searches and counts."""
    if actor.system:
        return col(Case.id).is_not(None)
    clauses: list[ColumnElement[bool]] = []
    partnerships = actor.partnerships(*READERS)
    if partnerships:
        clauses.append(
            and_(col(Case.partnership_id).in_(partnerships), col(Case.sensitivity) == Sensitivity.OPEN)
        )
        if actor.granted:
            clauses.append(and_(col(Case.partnership_id).in_(partnerships), _named(actor)))
    if actor.granted and actor.holds(Role.PANEL, *READERS):
        below = and_(col(Case.parent_id).in_(actor.granted), _open_to_panels())
        clauses.append(or_(col(Case.id).in_(actor.granted), below))
    organisations = actor.organisations(Role.LEAD)
    if organisations:
        theirs = select(CaseParty.case_id).where(
            col(CaseParty.organisation_id).in_(organisations), col(CaseParty.to_on).is_(None)
        )
        clauses.append(
            and_(
                col(Case.process).in_(LED),
                or_(col(Case.owner_organisation_id).in_(organisations), col(Case.id).in_(theirs)),
            )
        )
    return or_(*clauses) if clauses else false()


def _named(actor: Actor) -> ColumnElement[bool]:
    """Named for the case, or for the case above it."""
    return or_(col(Case.id).in_(actor.granted), col(Case.parent_id).in_(actor.granted))


def _open_to_panels() -> ColumnElement[bool]:
    """Of a kind that a panel reads, or at a state at which it does."""
    at_last = (
        and_(col(Case.process) == process, col(Case.state).in_(states))
        for process, states in UNTIL_RELEASED.items()
        if states
    )
    return or_(col(Case.process).not_in(UNTIL_RELEASED), *at_last)


def note_view(session: Session, actor: Actor, case: Case, at: datetime) -> None:
    """Record that a restricted case was opened (s.62 Data Protection Act 2018: consultation)."""
    session.add(
        AccessLog(
            at=at, user_id=actor.user_id, what=Looked.CONSULTED, case_id=case.id, detail={"page": "case"}
        )
    )
